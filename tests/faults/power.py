"""Power cuts: what was written and not synced is gone, wholly or by chance, in any order, torn (reliability §7).

Every seed goes on in the same marking: tablets send, the plug is pulled at a write drawn from the seed, the database is
opened again from what survived, and everything the tablets were told must be there. With synchronous=NORMAL the same
seeds must lose: otherwise the simulation shows nothing.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from competition.database import db
from tests.faults import apsw_dbapi, disk
from tests.faults.house import ASPECTS, House, closed
from tests.faults.invariants import problems
from tests.faults.tablet import Tablet
from tests.faults.wires import InProcess

LIFE = 25
"""Power cuts before the marking begins anew: the chains are read from their start after each."""
BATCHES = 12


@dataclass
class Cuts:
    """What became of a number of power cuts."""

    seeds: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    broken: int = 0

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def cut(house: House, folder: Path, seeds: range, *, synchronous: str = "FULL") -> tuple[Cuts, list[str]]:
    """Cut the power once for every seed; the figures, and what was broken, each line with its seed."""
    apsw_dbapi.enrol()
    found, said = Cuts(), []
    for start in range(seeds.start, seeds.stop, LIFE):
        some = range(start, min(start + LIFE, seeds.stop))
        life = _Life(house, folder / f"{synchronous}-{start}", synchronous)
        for seed, acknowledged, broken in life.cuts(some):
            found.seeds += 1
            found.acknowledged += acknowledged
            found.lost += sum("I1" in one for one in broken)
            found.doubled += sum("I2" in one for one in broken)
            found.broken += bool(broken)
            said += [f"seed {seed}: {one}" for one in broken]
    return found, said


class _Life:
    """One marking that goes on through several power cuts."""

    def __init__(self, house: House, folder: Path, synchronous: str) -> None:
        self.disk = disk.mounted()
        self.disk.mend()
        self.house = house.moved(folder, driver="sqlite+apsw")
        self.app = self.house.app()
        self.synchronous = synchronous
        if synchronous != "FULL":
            self._weaken()

    def _weaken(self) -> None:
        with self.app.app_context():

            @event.listens_for(db.engine, "connect")
            def _connect(connection: Any, _record: object) -> None:
                connection.execute(f"PRAGMA synchronous={self.synchronous}")

    def cuts(self, seeds: range) -> Iterator[tuple[int, int, list[str]]]:
        tablets = [
            Tablet(self.house, judge, InProcess(self.app), seed=seeds.start, name=f"{judge}-{seeds.start}")
            for judge in self.house.judges
        ]
        for tablet in tablets:
            tablet.ready()
        closed(self.app)
        for seed in seeds:
            before = sum(len(tablet.log.acknowledged) for tablet in tablets)
            self._live(tablets, Random(seed))
            acknowledged = sum(len(tablet.log.acknowledged) for tablet in tablets) - before
            broken = problems(self.house.database_url, *tablets)
            yield seed, acknowledged, broken
            if broken:
                return
        for tablet in tablets:
            tablet.drain()
        closed(self.app)

    def _live(self, tablets: list[Tablet], chance: Random) -> None:
        self.disk.remember()
        self.disk.watch(fail=chance.randint(1, BATCHES * 25), for_good=True)
        while self.disk.operations < (self.disk.fails_at or 0):
            tablet = chance.choice(tablets)
            papers = self.house.papers_of(tablet.judge)
            for _ in range(chance.randint(1, 4)):
                tablet.mark(chance.choice(papers), chance.choice(ASPECTS), str(chance.randint(0, 100)))
            tablet.send()
            if chance.random() < 0.05:
                _checkpoint(self.app)
        self.disk.pull_the_plug()
        closed(self.app)
        self.disk.survive(chance if chance.random() < 0.7 else None)
        self.disk.forget()
        self.disk.mend()


def _checkpoint(app: Flask) -> None:
    with app.app_context(), suppress(DBAPIError), db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
