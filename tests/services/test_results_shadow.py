"""The verifier computes every result a second time before it is published; on both databases."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update

from competition.accounts.queries import actor_of
from competition.database import db, session
from competition.errors import RuleBroken
from competition.results import queries, services
from competition.results.bundles import stored_lines
from competition.results.models import ResultRevision
from competition.results.queries.contests import stored_texts
from competition.results.services import shadow
from competition.rules import contest
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


def test_a_large_event_is_verified_by_a_process_of_its_own(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        revision = a.prepared(a.scored_event(["80", "90"], rules=a.one_mark_rules()))
    monkeypatch.setattr(shadow, "WORTH_A_PROCESS", 0)
    assert services.check_revision(revision).reasons == ()


@pytest.mark.parametrize("from_characters", [0, 1_000_000], ids=["process", "here"])
def test_the_verifier_says_the_same_in_a_process_and_here(
    app: Flask, monkeypatch: pytest.MonkeyPatch, from_characters: int
) -> None:
    monkeypatch.setattr(shadow, "WORTH_A_PROCESS", from_characters)
    with transaction():
        revision = a.prepared(a.scored_event(["80", "90"], rules=a.one_mark_rules()))
    other = contest.evaluate(changed_first_mark(revision.contest))
    with shadow.shadowing(revision, stored_texts(revision), stored_lines(revision)) as verifier:
        verifier.compare(other)
        said = [str(each) for each in verifier.differences()]
    assert any("check 5.2" in each and "81" in each for each in said)


def test_a_verifier_that_cannot_run_keeps_the_result_from_the_public(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "beside.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(shadow, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(shadow, "_PROGRAM", broken)
    with transaction():
        revision = a.prepared(a.scored_event(["80", "90"], rules=a.one_mark_rules()))
    (reason,) = services.check_revision(revision).reasons
    assert "could not finish" in str(reason)


def changed_first_mark(document: dict[str, Any]) -> dict[str, Any]:
    """The same contest with another first mark."""
    first, *others = document["marks"]
    return {**document, "marks": [{**first, "value": "81"}, *others]}
