"""Nothing acknowledged is lost, nothing is kept by accident."""

from threading import Thread

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from competition.audit.models import AuditEntry
from competition.audit.queries import chain_breaks, length_of_record
from competition.database import session
from competition.organisations.models import Organisation
from competition.transactions import WriteOutsideTransaction, after_commit, transaction
from tests.builders import organisations

ROUNDS, HANDS = 20, 3


@pytest.fixture
def plant(app):
    with transaction():
        return organisations.enterprise().id


def in_threads(app, work):
    """Run the work in several threads, each with connections of its own; their errors are ours."""
    errors = []

    def run():
        try:
            with app.app_context():
                work()
        except BaseException as problem:
            errors.append(problem)

    threads = [Thread(target=run) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def fail_after(work):
    """Do something in a transaction that then fails."""

    def fail():
        work()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction():
        fail()


def count_one_up(organisation_id):
    """Read a number, add one, write it; a loser sees the conflict and tries again."""
    while True:
        try:
            with transaction():
                organisation = session.get(Organisation, organisation_id)
                organisation.name_en = str(int(organisation.name_en or 0) + 1)
            return
        except StaleDataError:
            continue


def test_no_update_is_lost_between_two_connections(app, plant):
    in_threads(app, lambda: [count_one_up(plant) for _ in range(ROUNDS)])
    session.expire_all()
    assert session.get(Organisation, plant).name_en == str(ROUNDS * HANDS)


def test_writers_of_one_chain_queue_and_the_chain_holds(app):
    def write():
        for _ in range(ROUNDS // 4):
            with transaction():
                organisations.enterprise()

    in_threads(app, write)
    assert length_of_record() == (1, ROUNDS // 4 * HANDS)
    assert list(chain_breaks()) == []


def test_a_row_changed_outside_a_transaction_is_refused_and_not_kept(plant):
    organisation = session.get(Organisation, plant)
    organisation.name = "别名"
    with pytest.raises(WriteOutsideTransaction):
        session.flush()
    session.rollback()
    assert session.get(Organisation, plant).name != "别名"


@pytest.mark.parametrize("statement", [update(Organisation).values(name="别名"), delete(Organisation)])
def test_a_statement_that_writes_outside_a_transaction_is_refused(plant, statement):
    with pytest.raises(WriteOutsideTransaction):
        session.execute(statement)
    session.rollback()
    assert session.get(Organisation, plant).name != "别名"


def test_rows_changed_before_a_transaction_do_not_slip_into_it(plant):
    session.get(Organisation, plant).name = "别名"
    with pytest.raises(WriteOutsideTransaction), transaction():
        pass
    session.rollback()


def test_a_transaction_that_fails_keeps_nothing(plant):
    fail_after(lambda: setattr(session.get(Organisation, plant), "name", "别名") or session.flush())
    assert session.get(Organisation, plant).name != "别名"


def test_a_transaction_decides_on_what_is_true_when_it_begins(app, plant):
    seen_before = session.get(Organisation, plant)
    assert seen_before.name_en == ""

    def change():
        with transaction():
            session.get(Organisation, plant).name_en = "changed elsewhere"

    in_threads_once(app, change)
    with transaction():
        assert seen_before.name_en == "changed elsewhere"


def test_what_waits_for_the_commit_happens_once_after_it(app):
    happened = []
    with transaction():
        organisations.nation()
        after_commit(lambda: happened.append("sent"))
        assert happened == []
    assert happened == ["sent"]


def test_what_waits_for_the_commit_does_not_happen_without_it(app):
    happened = []
    fail_after(lambda: after_commit(lambda: happened.append("sent")))
    assert happened == []


def test_there_is_no_transaction_inside_a_transaction(app):
    with pytest.raises(RuntimeError, match="inside a transaction"), transaction(), transaction():
        pass


@pytest.mark.parametrize("statement", [update(AuditEntry).values(by_name="某人"), delete(AuditEntry)])
def test_the_database_itself_refuses_to_change_the_record(plant, statement):
    with pytest.raises(DBAPIError, match="kept as it was written"), transaction():
        session.execute(statement)
    assert list(chain_breaks()) == []


def in_threads_once(app, work):
    thread = Thread(
        target=lambda: [context.push() or work() or context.pop() for context in [app.app_context()]]
    )
    thread.start()
    thread.join()
