"""Faults 1 to 5 and 43 to 47: processes that are killed or stopped at the worst moment, for real."""

import os
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from competition.migrations.schema import SchemaBehind, migrate, refuse_old_schema
from tests.faults import apsw_dbapi
from tests.faults.house import ASPECTS, House, mark_of
from tests.faults.invariants import assert_computed_again, assert_invariants
from tests.faults.servers import Server, serving
from tests.faults.stops import KILLED, brought_back, counts, kept_aside, killed_at_statements, rows
from tests.faults.sweeps import SWEPT
from tests.faults.tablet import Tablet
from tests.faults.wires import OverHttp


def at(server: Server, name: str = "tablet", judge: int = 0) -> Tablet:
    house = server.house
    return Tablet(house, house.judges[judge], OverHttp(server.address), name=name).ready()


@pytest.mark.parametrize(
    ("hook", "is_there"), [("die_before_commit", False), ("die_after_commit", True)], ids=["01", "02"]
)
def test_fault_01_02_a_server_killed_around_the_commit_applies_the_mark_once(
    house, born_here, hook, is_there
):
    paper = house.papers_of(house.judges[0])[0]
    with serving(born_here, house, (hook, {})) as server:
        tablet = at(server)
        tablet.mark(paper, "a1", "57")
        assert not tablet.send() and server.ended() == KILLED
        assert (mark_of(house, paper, "a1") is not None) == is_there
        server.start()
        assert tablet.send() and tablet.log.duplicates == is_there
    assert mark_of(house, paper, "a1") == ("57", 1)
    assert_invariants(house.database_url, tablet)


def test_fault_03_killed_at_a_statement_of_any_deed_leaves_the_old_or_the_new(house, born_here):
    """At every statement: the part “writes” of the campaign."""
    found = killed_at_statements(born_here, house, lambda points: (points // 2, points))
    assert not found.broken and found.refused == found.faults == 2 * len(SWEPT)


def test_fault_04_killed_in_the_middle_of_a_checkpoint_loses_nothing(brittle, born_here):
    apsw_dbapi.enrol()
    for name in ("device", "mark"):
        assert born_here.perform(brittle, name) == 0
    kept = {suffix: Path(f"{brittle.file()}{suffix}").read_bytes() for suffix in ("", "-wal")}
    before = counts(brittle)
    for nth in (1, 2, 4):
        for suffix, content in kept.items():
            Path(f"{brittle.file()}{suffix}").write_bytes(content)
        assert born_here.perform(brittle, "checkpoint", (("die_at_write", {"nth": nth}),)) == KILLED
        assert counts(brittle) == before
        assert_invariants(brittle.database_url)


def test_fault_05_killed_in_a_migration_serves_no_half_schema_and_resumes(house, born_here, tmp_path):
    old = House(**{**vars(house), "database_url": f"sqlite:///{tmp_path / 'old.sqlite3'}"})
    _migrated(old.database_url, "0003")
    kept, counter = kept_aside(old), tmp_path / "count"
    assert born_here.perform(old, "move_schema", (("count_statements", {"into": str(counter)}),)) == 0
    whole, number = _schema(old), int(counter.read_text())
    for nth in (number // 2, number - 2):
        brought_back(old, kept)
        assert born_here.perform(old, "move_schema", (("die_at_statement", {"nth": nth}),)) == KILLED
        if _schema(old) != whole:
            _refused(old.database_url)
        assert born_here.perform(old, "move_schema") == 0
        assert _schema(old) == whole
        assert_invariants(old.database_url, about=f"at {nth}")


def _schema(house: House) -> list[tuple[Any, ...]]:
    """What is there, by name. A table that was made anew may have its constraints in another order; that is no other table."""
    found = rows(house, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return sorted(
        (kind, name, sorted(line.rstrip(", ") for line in sql.splitlines())) for kind, name, sql in found
    )


def _migrated(address: str, revision: str) -> None:
    engine = create_engine(address)
    migrate(engine, revision)
    engine.dispose()


def _refused(address: str) -> None:
    engine = create_engine(address)
    with pytest.raises(SchemaBehind):
        refuse_old_schema(engine)
    engine.dispose()


def test_fault_43_workers_killed_and_replaced_under_load_fail_no_judge(house, born_here):
    papers = house.papers_of(house.judges[0])
    with serving(born_here, house) as server:
        tablet = at(server)
        for index, paper in enumerate(papers[:6]):
            tablet.mark(paper, "a1", str(index))
            if index % 2:
                _until(lambda: len(server.workers()) == 1)  # the one before it goes in its own time
                os.kill(server.workers()[0], signal.SIGKILL)
            else:
                os.kill(server.pid, signal.SIGHUP)
            assert tablet.drain(wait=lambda _tried: time.sleep(0.1))
    assert [mark_of(house, paper, "a1")[0] for paper in papers[:6]] == list("012345")
    assert_invariants(house.database_url, tablet)


@pytest.mark.parametrize("seconds", [1, pytest.param(10, marks=pytest.mark.long)])
def test_fault_44_a_database_locked_by_other_work_delays_and_loses_nothing(house, born_here, seconds):
    """That PostgreSQL ends a report after its limit: tests/pages/test_busy_database.py."""
    paper = house.papers_of(house.judges[0])[0]
    with serving(born_here, house) as server:
        tablet = at(server)
        report = born_here.fork(house, "keep_still", seconds=seconds)
        time.sleep(0.3)
        for aspect in ASPECTS:
            tablet.mark(paper, aspect, "57")
        assert tablet.drain(wait=lambda _tried: time.sleep(0.2))
        born_here.end_of(report)
    assert mark_of(house, paper, "a4") == ("57", 1)
    assert_invariants(house.database_url, tablet)


def test_fault_45_a_worker_that_was_stopped_past_its_lease_does_no_work_twice(house, born_here):
    assert born_here.perform(house, "queue_rows") == 0
    stopped = born_here.fork(house, "work", rest=2.0)  # nobody need be quick to stop it in the middle
    _until(lambda: written(house) >= 10)
    _until(lambda: _is_stopped_between_steps(house, stopped))
    _until(lambda: born_here.perform(house, "work") == 0 and written(house) == 40)
    os.kill(stopped, signal.SIGCONT)
    born_here.end_of(stopped)
    assert [number for (number,) in rows(house, "SELECT number FROM written ORDER BY number")] == list(
        range(40)
    )
    assert rows(house, "SELECT state, done, attempts FROM operation WHERE kind = 'test.rows'") == [
        ("done", 40, 2)
    ]
    assert_invariants(house.database_url)


def _is_stopped_between_steps(house: House, worker: int) -> bool:
    """Stop it; where it holds the write lock, let it go on a little."""
    os.kill(worker, signal.SIGSTOP)
    connection = sqlite3.connect(house.file(), timeout=0.1, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        os.kill(worker, signal.SIGCONT)
        return False
    finally:
        connection.close()
    return True


def written(house: House) -> int:
    return rows(house, "SELECT count(*) FROM written")[0][0]


def test_fault_46_a_certificate_batch_killed_halfway_resumes_without_gap_or_double(house, site, born_here):
    for name in ("device", "everything_marked", "publish", "queue_certificates"):
        assert born_here.perform(house, name) == 0
    killed = born_here.perform(house, "work", (("die_at_statement", {"nth": 60}),))
    assert killed == KILLED
    _until(lambda: born_here.perform(house, "work") == 0 and _is_done(house))
    numbers = [number for (number,) in rows(house, "SELECT number FROM certificate")]
    assert len(numbers) == len(set(numbers)) == 3
    assert_computed_again(site, house)
    assert_invariants(house.database_url)


def _is_done(house: House) -> bool:
    return rows(house, "SELECT state FROM operation") == [("done",)]


def test_fault_47_a_list_killed_while_it_is_taken_over_enters_nobody_or_everybody(house, born_here):
    """A list with a bad row is refused with its number: tests/services/test_registration_import.py."""
    assert born_here.perform(house, "listed", number=60) == 0
    before = counts(house)
    for nth in (12, 18):
        assert born_here.perform(house, "take_over", (("die_at_statement", {"nth": nth}),)) == KILLED
        assert counts(house) == before
    assert born_here.perform(house, "take_over") == 0
    assert counts(house)["entrant"] == before["entrant"] + 60
    assert_invariants(house.database_url)


def _until(true) -> None:
    until = time.monotonic() + 180
    while not true():
        assert time.monotonic() < until, "waited three minutes in vain"
        time.sleep(0.05)
