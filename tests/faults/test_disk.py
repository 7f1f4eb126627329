"""Faults 6 to 14: power, a disk that fails, fills or flips a bit, a lost log, backups."""

import shutil
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, event
from structlog.testing import capture_logs

from competition.accounts.services import system_actor
from competition.audit.queries import chain_breaks, missing_from
from competition.audit.services import accept_missing
from competition.audit.witness import file_for
from competition.backups import back_up
from competition.database import db
from competition.disk import DatabaseUnsafe, refuse_forgetful, refuse_network_disk
from competition.errors import RuleBroken
from competition.transactions import transaction
from tests.conftest import NOON
from tests.faults import deeds
from tests.faults.house import ASPECTS, House, closed, mark_of
from tests.faults.invariants import assert_computed_again, assert_invariants, problems
from tests.faults.power import cut
from tests.faults.servers import serving
from tests.faults.tablet import Tablet
from tests.faults.wires import Ask, InProcess, Lost, OverHttp


def tablet_at(house: House, app, name: str = "tablet") -> Tablet:
    return Tablet(house, house.judges[0], InProcess(app), name=name).ready()


def mark_many(tablet: Tablet, number: int, *, start: int = 0) -> None:
    papers = tablet.house.papers_of(tablet.judge)
    for index in range(start, start + number):
        tablet.mark(papers[index % len(papers)], ASPECTS[index // len(papers) % 4], str(index % 100))


def test_fault_06_a_power_cut_takes_nothing_that_was_acknowledged(first_house, tmp_path):
    found, broken = cut(first_house, tmp_path, range(1, 5))
    assert not broken and found.acknowledged > 0


def test_fault_06_with_weaker_syncs_the_same_power_cuts_would_lose(first_house, tmp_path):
    lost = [
        cut(first_house, tmp_path / str(seed), range(seed, seed + 1), synchronous="NORMAL")[0].lost
        for seed in range(3, 6)
    ]
    assert any(lost)


def test_fault_07_one_failed_write_refuses_that_request_and_no_other(brittle, brittle_site, bad_disk):
    tablet, paper = tablet_at(brittle, brittle_site), brittle.papers_of(brittle.judges[0])[0]
    tablet.mark(paper, "a1", "57")
    for nth in (1, 4):
        bad_disk.watch(fail=nth)
        assert not tablet.send() and tablet.log.refusals[-1] == 503 and len(tablet.queue) == 1
        bad_disk.mend()
        assert tablet.send() and mark_of(brittle, paper, "a1") is not None
        tablet.mark(paper, "a1", "58")
    assert tablet.send() and mark_of(brittle, paper, "a1") == ("58", 2)
    closed(brittle_site)
    assert_invariants(brittle.database_url, tablet)


def test_fault_08_a_disk_that_goes_on_failing_stops_the_writing_and_not_the_reading(
    brittle, brittle_site, bad_disk
):
    tablet, paper = tablet_at(brittle, brittle_site), brittle.papers_of(brittle.judges[0])[0]
    tablet.mark(paper, "a1", "57")
    bad_disk.watch(fail=1, for_good=True)
    with capture_logs() as logged:
        assert not tablet.send() and not tablet.send()
    bad_disk.mend()
    assert not tablet.send() and tablet.log.refusals == [503, 503, 503] and len(tablet.queue) == 1
    assert [one["event"] for one in logged if one["log_level"] == "critical"][
        -1
    ] == "this process writes no more"
    page = tablet.wire.ask(Ask("GET", "/judging"))
    assert page.status == 200 and b"tone-danger" in page.body
    assert tablet.wire.ask(Ask("GET", "/healthz")).status == 503
    restarted = brittle.app()
    tablet.wire = InProcess(restarted)
    tablet.sign_in()
    assert tablet.send() and mark_of(brittle, paper, "a1") == ("57", 1)
    closed(restarted)
    assert_invariants(brittle.database_url, tablet)


def test_fault_09_a_full_disk_keeps_the_queue_and_recovers_without_a_restart(house, site):
    tablet, papers = tablet_at(house, site), house.papers_of(house.judges[0])
    room = {"pages": 0}
    with site.app_context():
        closed(site)

        @event.listens_for(db.engine, "checkout")
        def _room(connection, _record, _proxy):
            connection.execute(f"PRAGMA max_page_count={room['pages'] or 2**30}")

    mark_many(tablet, 1)
    assert tablet.send()
    room["pages"] = 1  # SQLite takes it as: no more than there are now
    while not tablet.log.refusals:
        mark_many(tablet, 40, start=tablet.sequence)
        tablet.send()
    assert tablet.log.refusals == [507] and tablet.queue
    assert tablet.read(papers[0])
    room["pages"] = 0
    assert tablet.drain(tries=3)
    assert_invariants(house.database_url, tablet)


def test_fault_10_a_full_disk_beside_the_database_truncates_no_file_and_stops_no_mark(house, born_here):
    """While it serves, the house writes one file beside its database, the heads of the record; documents are drawn in memory."""
    assert born_here.perform(house, "device") == 0
    assert born_here.perform(house, "heads_without_room") == 0
    assert born_here.perform(house, "mark") == 0
    assert_invariants(house.database_url)


def test_fault_10_a_backup_that_finds_no_room_leaves_no_file_under_its_name(house, born_here, tmp_path):
    assert born_here.perform(house, "device") == 0
    kept = tmp_path / "kept"
    kept.mkdir()
    for part in (4, 2, 1):
        room = house.file().stat().st_size // part - 4096
        assert (
            born_here.perform(house, "backup_without_room", file=str(kept / "backup.sqlite3"), size=room) == 0
        )
        assert list(kept.iterdir()) == []
    assert born_here.perform(house, "mark") == 0
    assert born_here.perform(house, "backup", file=str(kept / "backup.sqlite3")) == 0
    for address in (house.database_url, f"sqlite:///{kept / 'backup.sqlite3'}"):
        assert_invariants(address)


def test_fault_11_a_damaged_page_is_found_at_the_start_and_nothing_more_is_taken(
    house, site, tablet, tmp_path
):
    tablet.mark(house.papers_of(tablet.judge)[0], "a1", "57")
    assert tablet.send()
    kept = _kept(house, site, tmp_path)
    mark_many(tablet, 12, start=1)
    assert tablet.send()
    closed(site)
    _damage(house.file(), "ix_mark_operation_cell")
    damaged = house.app()
    tablet.wire = InProcess(damaged)
    assert tablet.wire.ask(Ask("GET", "/healthz")).status == 503
    assert b"docs/restoring.md" in tablet.wire.ask(Ask("GET", "/results")).body
    with pytest.raises(Lost, match="503"):
        tablet.sign_in()
    closed(damaged)
    _put_back(house, kept, tablet)


def _kept(house: House, app: Flask, folder: Path) -> Path:
    """A copy of the file at rest."""
    closed(app)
    return Path(shutil.copy(house.file(), folder / "kept"))


def _put_back(house: House, kept: Path, tablet: Tablet) -> None:
    """What docs/restoring.md says: the copy without the log of the damaged file, and the tablets do the rest."""
    for suffix in ("-wal", "-shm"):
        Path(f"{house.file()}{suffix}").unlink(missing_ok=True)
    shutil.copy(kept, house.file())
    app = house.app()
    with app.app_context():
        assert missing_from(UUID(house.event)) is not None
    _given_back(tablet, app)
    closed(app)
    assert_invariants(house.database_url, tablet)


def _damage(file: Path, table: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : (page - 1) * size + 64] = b"\xff" * 64
    file.write_bytes(content)


def test_fault_11_a_flipped_bit_inside_a_fact_is_found_by_the_scan(house, site, tablet, tmp_path):
    mark_many(tablet, 4)
    assert tablet.send()
    kept = _kept(house, site, tmp_path)
    mark_many(tablet, 4, start=4)
    assert tablet.send()
    closed(site)
    _flip(house.file(), house.file().read_bytes().index(b'"label":"tablet"') + 12)
    assert any("I5" in one for one in problems(house.database_url))
    with site.app_context():
        assert [one.chain for one in chain_breaks()] == [house.event]
        closed(site)
    _put_back(house, kept, tablet)


def test_fault_11_a_flipped_bit_in_the_log_is_noticed_at_the_start_and_the_tablets_have_the_rest(
    house, born_here
):
    with serving(born_here, house) as server:
        tablet = Tablet(house, house.judges[0], OverHttp(server.address)).ready()
        for number in range(5):
            mark_many(tablet, 2, start=2 * number)
            assert tablet.send()
        server.kill()
    log = Path(f"{house.file()}-wal")
    _flip(log, log.stat().st_size * 3 // 4)
    app = house.app()
    with app.app_context():
        missing = missing_from(UUID(house.event))
    assert missing is not None and missing.found < missing.seen
    _given_back(tablet, app)
    closed(app)
    assert_invariants(house.database_url, tablet)


def _flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def test_fault_12_a_lost_log_is_noticed_at_the_start_and_publishing_waits(house, born_here):
    assert born_here.perform(house, "device") == 0
    with serving(born_here, house) as server:
        tablet = Tablet(house, house.judges[0], OverHttp(server.address)).ready()
        mark_many(tablet, 4)
        assert tablet.send()
        server.kill()
    for suffix in ("-wal", "-shm"):
        Path(f"{house.file()}{suffix}").unlink()
    app = house.app()
    with app.app_context():
        missing = missing_from(UUID(house.event))
    assert missing is not None and missing.found < missing.seen
    assert len([one for one in problems(house.database_url, tablet) if "I1 lost" in one]) == 4
    _given_back(tablet, app)
    assert_invariants(house.database_url, tablet)
    with app.app_context():
        assert born_here.perform(house, "everything_marked") == 0
        with pytest.raises(RuleBroken, match="marks may be missing"):
            deeds.publish(app, house)
        with transaction():
            accept_missing(UUID(house.event), reason="与纸质表核对", by=system_actor(), at=NOON)
        deeds.publish(app, house)
    assert_computed_again(app, house)
    closed(app)
    assert_invariants(house.database_url, tablet)


def _given_back(tablet: Tablet, app: Flask) -> None:
    """The tablet meets the server that has forgotten something, and a mark later everything is there again."""
    tablet.wire = InProcess(app)
    tablet.sign_in()
    tablet.register_again()
    mark_many(tablet, 1, start=len(tablet.log.acknowledged))
    assert tablet.drain()


def test_fault_13_a_backup_taken_in_the_middle_of_writing_is_whole(house, site, tablet, tmp_path):
    mark_many(tablet, 12)
    assert tablet.send()
    before = len(tablet.log.acknowledged)
    halfway = []

    def meanwhile(left: int, pages: int) -> None:
        halfway.append(0 < left < pages)
        while len(tablet.log.acknowledged) < before + 20:
            mark_many(tablet, 5, start=len(tablet.log.acknowledged))
            assert tablet.send()

    with site.app_context():
        heads = file_for(house.folder, db.engine)
        made = back_up(db.engine, tmp_path / "backup.sqlite3", heads=heads, told=meanwhile)
    assert halfway[0] and len(tablet.log.acknowledged) >= before + 20
    backup = f"sqlite:///{made.file}"
    assert problems(backup) == []
    first = Tablet(house, tablet.judge, tablet.wire)
    first.log.acknowledged = dict(list(tablet.log.acknowledged.items())[:before])
    assert_invariants(backup, first)
    assert len([one for one in problems(backup, tablet) if "I1 lost" in one]) >= 20
    assert_invariants(house.database_url, tablet)


def test_fault_14_tablets_offer_again_what_a_restored_backup_lacks(house, site, tablet, tmp_path):
    mark_many(tablet, 12)
    tablet.send()
    closed(site)
    shutil.copy(house.file(), tmp_path / "yesterday")
    mark_many(tablet, 60, start=12)
    assert tablet.drain()
    closed(site)
    shutil.copy(tmp_path / "yesterday", house.file())
    restored = house.app()
    with restored.app_context():
        assert missing_from(UUID(house.event)) is not None
    tablet.wire = InProcess(restored)
    tablet.sign_in()
    tablet.mark(house.papers_of(tablet.judge)[0], "a1", "99")
    assert tablet.drain()
    assert len(tablet.log.acknowledged) == 73
    closed(restored)
    assert_invariants(house.database_url, tablet)


@pytest.mark.parametrize("kind", ["nfs4", "cifs"])
def test_a_database_on_a_network_disk_is_refused_in_production(site, house, tmp_path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {house.folder} {kind} rw 0 0\n")
    with site.app_context(), pytest.raises(DatabaseUnsafe, match=kind):
        refuse_network_disk(db.engine, mounts)


def test_a_database_that_acknowledges_before_it_has_written_is_refused_in_production(site, own_postgresql):
    with site.app_context():
        refuse_forgetful(db.engine)
    forgetful = create_engine(own_postgresql, connect_args={"options": "-c synchronous_commit=off"})
    with pytest.raises(DatabaseUnsafe, match="synchronous_commit=off"):
        refuse_forgetful(forgetful)
    forgetful.dispose()
