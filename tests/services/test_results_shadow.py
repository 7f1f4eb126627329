"""The verifier computes every result a second time before it is published; on both databases."""

import pytest
from flask import Flask
from sqlalchemy import text, update

from competition.accounts.queries import actor_of
from competition.database import db, session
from competition.errors import RuleBroken
from competition.results import queries, services
from competition.results.models import ResultRevision
from competition.transactions import transaction
from tests.builders import results as a
from tests.conftest import NOON


@pytest.fixture
def database_url(database_to_break: str) -> str:
    """These tests take a trigger away."""
    return database_to_break


def test_a_sound_revision_is_confirmed(app: Flask) -> None:
    with transaction():
        revision = a.prepared(a.scored_event(["80", "90"], rules=a.one_mark_rules()))
    assert services.check_revision(revision).reasons == ()


def test_what_only_the_verifier_sees_blocks_the_approval_and_names_check_and_place(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        revision = a.prepared(event)
        by = actor_of(a.supervisor(event))
    on = "" if db.engine.dialect.name == "sqlite" else " ON result_revision"
    with transaction():
        session.execute(text(f"DROP TRIGGER keep_result_revision_update{on}"))
        counted = {"expected": 3, "received": 2, "void": 0, "missing": 0}
        session.execute(update(ResultRevision).values(reconciliation=counted))
    with transaction(), pytest.raises(RuleBroken) as refused:
        services.approve_publication(revision, by=by, at=NOON)
    assert "check 1." in str(refused.value) and "/reconciliation/expected" in str(refused.value)
    assert queries.released_revision(event) is None
