"""The record: what it says, who may read which part, and that every tampering is found."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from competition.accounts.services import system_actor
from competition.audit import queries, reach
from competition.audit.queries import chain_breaks
from competition.database import db, session
from competition.rules.access import Actor, Grant, Role, ScopeKind
from competition.transactions import transaction
from tests.builders import organisations

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def database_url(database_to_break: str) -> str:
    """These tests take tables and triggers apart."""
    return database_to_break


@pytest.fixture
def written():
    """Four entries in the installation's chain."""
    with transaction():
        organisations.chain()
        organisations.enterprise()


def tamper(*statements):
    """What somebody with the database in hand does: take the triggers away, then write."""
    suffix = "" if db.engine.dialect.name == "sqlite" else " ON audit_entry"
    with transaction():
        for moment in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER keep_audit_entry_{moment}{suffix}"))
        for statement in statements:
            session.execute(text(statement))


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE audit_entry SET by_name = '别人' WHERE number = 2"],
        ['UPDATE audit_entry SET payload = \'{"name":"x","parent": 1}\' WHERE number = 2'],
        ["UPDATE audit_entry SET payload = 'not json' WHERE number = 2"],
        ["UPDATE audit_entry SET kind = 'accounts.signed_in' WHERE number = 3"],
        ["DELETE FROM audit_entry WHERE number = 2"],
        ["DELETE FROM audit_entry WHERE number = 1"],
        ["DELETE FROM audit_entry WHERE number = 6"],
        ["DELETE FROM audit_entry"],
        [
            "UPDATE audit_entry SET number = 99 WHERE number = 2",
            "UPDATE audit_entry SET number = 2 WHERE number = 3",
            "UPDATE audit_entry SET number = 3 WHERE number = 99",
        ],
        [
            "DELETE FROM audit_entry WHERE number = 2",
            "UPDATE audit_entry SET number = number - 1 WHERE number = 3",
            "UPDATE audit_entry SET number = number - 1 WHERE number = 4",
            "UPDATE audit_entry SET number = number - 1 WHERE number = 5",
            "UPDATE audit_entry SET number = number - 1 WHERE number = 6",
            "UPDATE audit_chain SET length = 5",
        ],
        ["DELETE FROM audit_entry WHERE number = 6", "UPDATE audit_chain SET length = 5"],
        ["UPDATE audit_chain SET head = 'f'"],
    ],
    ids=[
        "person",
        "payload",
        "unreadable",
        "kind",
        "middle deleted",
        "first deleted",
        "tail cut",
        "emptied",
        "reordered",
        "closed up",
        "tail cut with its length",
        "head",
    ],
)
def test_tampering_is_found(written, statements):
    assert list(chain_breaks()) == []
    tamper(*statements)
    assert list(chain_breaks()) != []


def test_the_finding_names_the_altered_entry(written):
    tamper("UPDATE audit_entry SET by_name = '别人' WHERE number = 2")
    [found] = chain_breaks()
    assert (found.number, str(found.sentence)) == (2, "Entry 2 was altered.")


def test_an_untouched_record_holds_and_says_how_long_it_is(written):
    assert list(chain_breaks()) == []
    assert queries.length_of_record() == (1, 6)


def test_the_newest_entry_comes_first_with_who_and_when(written):
    lines, total = queries.record_page(queries.Wanted(), size=2)
    assert (total, len(lines)) == (6, 2)
    assert lines[0].number > lines[1].number
    assert lines[0].by_name == system_actor().name


def test_the_history_of_a_thing_is_its_own(written):
    thing = queries.entries_for()[0].subject_id
    assert [line.subject_id for line in queries.history_of(thing)] == [thing]


def test_a_room_narrows_the_record(written):
    assert queries.record_page(queries.Wanted(area="organisations"))[1] == 6
    assert queries.record_page(queries.Wanted(area="workers"))[1] == 0
    assert queries.areas() == ["organisations"]


def test_an_auditor_of_an_event_reads_the_chain_of_that_event_only(written):
    event = uuid4()
    auditor = Actor(uuid4(), "审计", (Grant(Role.AUDITOR, ScopeKind.EVENT, event),))
    assert reach.chains_for(auditor) == {str(event)}
    assert queries.record_page(queries.Wanted(chains=reach.chains_for(auditor)))[1] == 0


def test_an_auditor_of_the_installation_reads_every_chain():
    auditor = Actor(uuid4(), "审计", (Grant(Role.AUDITOR, ScopeKind.INSTALLATION),))
    assert reach.chains_for(auditor) is None
