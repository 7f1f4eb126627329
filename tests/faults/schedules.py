"""Seeded schedules: up to six tablets, a network that drops, doubles, delays and reorders, restarts, signatures.

Everything happens in one process and in an order drawn from the seed, so that a schedule that breaks something can be
played again: `python -m competition campaign --only schedules --seed 4711 --schedules 1`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from competition.accounts.queries import account_by_username, actor_of
from competition.database import db, session
from competition.errors import Problem
from competition.scoring.models import Sheet
from competition.scoring.services import reopen_sheet, sign_sheet
from competition.transactions import transaction
from tests.faults.house import ASPECTS, House
from tests.faults.tablet import Tablet
from tests.faults.wires import Ask, InProcess, Lost, Reply

MOST_TABLETS = 6


@dataclass
class Played:
    """What became of a number of schedules."""

    schedules: int = 0
    acknowledged: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    requests: int = 0
    restarts: int = 0
    lost: int = 0
    doubled: int = 0
    broken: int = 0

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))

    def add(self, other: "Played") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class _Flight:
    """A request on its way there, or its answer on its way back."""

    tablet: Tablet
    ask: Ask
    number: int
    reply: Reply | None = None


@dataclass
class Network:
    """Requests and answers under way. A tablet waits for one flight; one it has given up may still arrive."""

    house: House
    tablets: list[Tablet]
    chance: Random
    app: Flask
    flights: list[_Flight] = field(default_factory=list)
    waits_for: dict[str, int] = field(default_factory=dict)
    count: int = 0
    requests: int = 0
    restarts: int = 0

    def mark(self) -> None:
        tablet = self.chance.choice(self.tablets)
        paper = self.chance.choice(self.house.papers_of(tablet.judge))
        tablet.mark(paper, self.chance.choice(ASPECTS), str(self.chance.randint(0, 100)))

    def send(self) -> None:
        idle = [one for one in self.tablets if one.queue and one.name not in self.waits_for]
        if idle:
            tablet = self.chance.choice(idle)
            ask = tablet.next_batch()
            assert ask is not None
            self.count += 1
            self.waits_for[tablet.name] = self.count
            self.flights.append(_Flight(tablet, ask, self.count))

    def arrive(self) -> None:
        """Something that is under way arrives; which, nobody knows."""
        if self.flights:
            flight = self.flights.pop(self.chance.randrange(len(self.flights)))
            if flight.reply is None:
                self.requests += 1
                flight.reply = flight.tablet.wire.ask(flight.ask)
                self.flights.append(flight)
            else:
                self._deliver(flight)

    def _deliver(self, flight: _Flight) -> None:
        """A browser has one answer for one request: what was given up is not heard any more."""
        assert flight.reply is not None
        if self.waits_for.get(flight.tablet.name) == flight.number:
            del self.waits_for[flight.tablet.name]
            flight.tablet.take(flight.reply)

    def drop(self) -> None:
        if self.flights:
            self.flights.pop(self.chance.randrange(len(self.flights)))

    def double(self) -> None:
        coming = [one for one in self.flights if one.reply is None]
        if coming:
            twin = self.chance.choice(coming)
            self.flights.append(_Flight(twin.tablet, twin.ask, twin.number))

    def give_up(self) -> None:
        """A time-out, or a tablet that was restarted: the queue is stored, the flight is not."""
        if self.waits_for:
            del self.waits_for[self.chance.choice(sorted(self.waits_for))]

    def restart_server(self) -> None:
        """Answers that were not out yet are gone, and so is every connection."""
        self.restarts += 1
        self.flights = [one for one in self.flights if one.reply is None]
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def settle(self) -> None:
        self.chance.choice(self.tablets).settle()

    def sign(self) -> None:
        tablet = self.chance.choice(self.tablets)
        self._on_paper(tablet.judge, lambda sheet, by, at: sign_sheet(sheet, by=by, at=at))

    def reopen(self) -> None:
        reason = "再看一次"
        self._on_paper(
            self.house.chief, lambda sheet, by, at: reopen_sheet(sheet, reason=reason, by=by, at=at)
        )

    def _on_paper(self, username: str, act: Callable[..., object]) -> None:
        judges = {one.judge for one in self.tablets}
        papers = [paper for judge in sorted(judges) for paper in self.house.papers_of(judge)]
        own = [paper for paper in papers if paper.judge == username] or papers
        paper = self.chance.choice(own)
        with self.app.app_context():
            try:
                with transaction():
                    account = account_by_username(username)
                    assert account is not None
                    sheet = session.get(Sheet, (UUID(self.house.event), UUID(paper.id)))
                    act(sheet, actor_of(account), datetime.now(UTC))
            except Problem:
                pass  # not signable, not signed: nothing happens
            db.session.remove()

    def heal(self) -> None:
        """The network is back: what is under way arrives in any order, and every queue empties."""
        while self.flights:
            self.arrive()
        self.waits_for.clear()
        for _ in range(4):
            for tablet in self.tablets:
                assert tablet.drain(tries=3), f"{tablet.name} cannot send: {tablet.log.refusals[-3:]}"
            for tablet in self.tablets:
                tablet.settle()
        for tablet in self.tablets:
            tablet.drain(tries=3)


_STEPS: tuple[tuple[str, int], ...] = (
    ("mark", 30),
    ("send", 26),
    ("arrive", 34),
    ("drop", 6),
    ("double", 5),
    ("give_up", 7),
    ("settle", 2),
    ("sign", 1),
    ("reopen", 2),
    ("restart_server", 2),
)


class Table:
    """Where schedules are played: one application, tablets that are signed in once for all, sheets in turn."""

    def __init__(self, house: House, app: Flask) -> None:
        self.house, self.app = house, app
        self.wires: dict[str, tuple[InProcess, str]] = {}
        self.devices: dict[str, tuple[str, int]] = {}
        self.versions: dict[tuple[str, str], int] = {}
        self.turn = 0

    def play(self, seed: int, *, steps: int = 40) -> tuple[Network, list[str]]:
        """One schedule from its seed: the network, and everything that does not hold afterwards."""
        chance = Random(seed)
        house = self._some_sheets()
        tablets = [self._tablet(house, chance, seed, n) for n in range(chance.randint(2, MOST_TABLETS))]
        network = Network(house, tablets, chance, self.app)
        names, weights = zip(*_STEPS, strict=True)
        for name in chance.choices(names, weights, k=steps):
            getattr(network, name)()
        try:
            network.heal()
        except (AssertionError, Lost) as problem:
            return network, [f"stuck: {problem}"]
        self.devices |= {one.name: (one.device, one.sequence) for one in tablets}
        return network, self._checked(network)

    def _some_sheets(self) -> House:
        """Two codes in turn, so that schedules meet sheets with a past."""
        codes = sorted({paper.code for paper in self.house.papers})
        chosen = {codes[(self.turn + step) % len(codes)] for step in range(2)}
        self.turn += 2
        papers = tuple(paper for paper in self.house.papers if paper.code in chosen)
        return House(**{**vars(self.house), "papers": papers})

    def _tablet(self, house: House, chance: Random, seed: int, number: int) -> Tablet:
        judge = chance.choice(house.judges[:2])
        tablet = Tablet(
            house, judge, None, seed=seed, name=f"{judge}-{number}", batch=chance.choice((1, 3, 50))
        )
        if judge not in self.wires:
            wire = InProcess(self.app)
            tablet.wire = wire
            tablet.sign_in()
            self.wires[judge] = wire, tablet.token
        tablet.wire, tablet.token = self.wires[judge]
        if tablet.name not in self.devices:
            tablet.register()
            self.devices[tablet.name] = tablet.device, tablet.sequence
        tablet.device, tablet.sequence = self.devices[tablet.name]
        tablet.versions = dict(self.versions)
        return tablet

    def _checked(self, network: Network) -> list[str]:
        """The invariants of the cells of this schedule, cheaply; the whole database is asked now and then."""
        found: list[str] = []
        rows = self._operations(network)
        for tablet in network.tablets:
            for op_id, (_, answer) in tablet.log.acknowledged.items():
                kept = rows.get(op_id.replace("-", ""))
                if kept is None:
                    found.append(f"I1 lost: {op_id} of {tablet.name}")
                elif kept != (answer["outcome"], answer["version"]):
                    found.append(f"I1 changed: {op_id} was answered {answer}, kept is {kept}")
            if tablet.queue:
                found.append(f"{tablet.name} still holds {len(tablet.queue)} operations")
        return [*found, *self._cells(network)]

    def _operations(self, network: Network) -> dict[str, tuple[str, int]]:
        devices = ", ".join(f"'{self._key(one.device)}'" for one in network.tablets)
        statement = f"SELECT op_id, answer, version FROM mark_operation WHERE device_id IN ({devices})"
        with self.app.app_context(), db.engine.connect() as connection:
            return {
                str(op).replace("-", ""): (answer, version)
                for op, answer, version in connection.execute(text(statement))
            }

    def _key(self, id_: str) -> str:
        return id_.replace("-", "") if self.house.database_url.startswith("sqlite") else id_

    def _cells(self, network: Network) -> list[str]:
        """I2 and I7: the versions of a cell are 1, 2, 3 …, each made once, and the mark is what the last one says."""
        sheets = ", ".join(f"'{self._key(paper.id)}'" for paper in network.house.papers)
        with self.app.app_context(), db.engine.connect() as connection:
            made: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
            for sheet, aspect, version, op in connection.execute(
                text(
                    "SELECT sheet_id, aspect, version, op_id FROM mark_operation WHERE answer = 'applied' "
                    f"AND reason <> 'unchanged' AND sheet_id IN ({sheets})"
                )
            ):
                made[str(sheet), aspect].append((version, str(op)))
            marks = {
                (str(sheet), aspect): (version, str(op))
                for sheet, aspect, version, op in connection.execute(
                    text(f"SELECT sheet_id, aspect, version, op_id FROM mark WHERE sheet_id IN ({sheets})")
                )
            }
        for (sheet, aspect), (version, _) in marks.items():
            self.versions[str(UUID(sheet)), aspect] = version
        return [
            f"I2: cell {cell} stands at {marks.get(cell)}, made were {sorted(made[cell])}"
            for cell in made.keys() | marks.keys()
            if [version for version, _ in sorted(made[cell])] != list(range(1, len(made[cell]) + 1))
            or marks.get(cell) != max(made[cell])
        ]


def played(table: Table, seeds: range) -> tuple[Played, list[str]]:
    """Play a schedule for every seed; the figures, and what was broken, each line with its seed."""
    found, said = Played(), []
    for seed in seeds:
        network, broken = table.play(seed)
        answers = [one for tablet in network.tablets for one in tablet.log.acknowledged.values()]
        found.schedules += 1
        found.requests += network.requests
        found.restarts += network.restarts
        found.acknowledged += len(answers)
        found.duplicates += sum(tablet.log.duplicates for tablet in network.tablets)
        found.conflicts += sum(answer["outcome"] == "conflict" for _, answer in answers)
        found.rejected += sum(answer["outcome"] == "rejected" for _, answer in answers)
        found.lost += sum("I1" in one for one in broken)
        found.doubled += sum("I2" in one for one in broken)
        found.broken += bool(broken)
        said += [f"seed {seed}: {one}" for one in broken]
    return found, said
