"""Kills under load: six tablets send without pause while the whole process group of the server is killed again and again.

Finding 1 of reliability.md is what it looks for: marks that were committed although nobody was answered must count once.
"""

import time
from dataclasses import dataclass, field
from random import Random
from threading import Event, Thread
from typing import Any

from competition.gate.postgresql import Cluster
from tests.faults.house import ASPECTS, House
from tests.faults.invariants import problems
from tests.faults.servers import Nursery, Server, free_port
from tests.faults.tablet import Tablet
from tests.faults.wires import OverHttp

CLIENTS = 6


@dataclass
class Killed:
    """What became of a number of kills."""

    kills: int = 0
    acknowledged: int = 0
    duplicates: int = 0
    unanswered: int = 0
    lost: int = 0
    doubled: int = 0
    slowest_restart: float = 0.0
    broken: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "broken": len(self.broken), "slowest_restart": round(self.slowest_restart, 2)}

    def add(self, other: "Killed") -> None:
        for name in ("kills", "acknowledged", "duplicates", "unanswered", "lost", "doubled"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.slowest_restart = max(self.slowest_restart, other.slowest_restart)
        self.broken += other.broken


class _Client(Thread):
    """A judge who never stops."""

    def __init__(self, tablet: Tablet, stop: Event) -> None:
        super().__init__(daemon=True)
        self.tablet, self.stop = tablet, stop
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self._mark()
                if not self.tablet.send():
                    time.sleep(self.tablet.chance.uniform(0.05, 0.15))
        except BaseException as problem:
            self.error = problem

    def _mark(self) -> None:
        chance = self.tablet.chance
        if len(self.tablet.queue) < 10:
            papers = self.tablet.house.papers_of(self.tablet.judge)
            for _ in range(chance.randint(1, 3)):
                self.tablet.mark(chance.choice(papers), chance.choice(ASPECTS), str(chance.randint(0, 100)))


def _wait_for(more: int, tablets: list[Tablet]) -> None:
    """Until so many more operations are acknowledged; a busy machine takes its time."""

    def acknowledged() -> int:
        return sum(len(tablet.log.acknowledged) for tablet in tablets)

    enough, until = acknowledged() + more, time.monotonic() + 60
    while acknowledged() < enough and time.monotonic() < until:
        time.sleep(0.005)


def _kill_and_start(server: Server, cluster: Cluster | None) -> float:
    """kill -9, and a new start; the moment of the kill. The server outlives its database."""
    began = time.monotonic()
    if cluster is None:
        server.kill()
        server.start()
    else:
        cluster.kill()
        cluster.start()
    return began


def killed(
    nursery: Nursery,
    house: House,
    *,
    times: int,
    seed: int,
    between: tuple[int, int] = (0, 12),
    cluster: Cluster | None = None,
) -> Killed:
    """Kill the server so many times while six tablets send, each time after some more acknowledgements.

    Every third time a cluster is killed instead.
    """
    server = Server(nursery, house, free_port()).start()
    stop, chance, found = Event(), Random(seed), Killed()
    tablets = []
    for number in range(CLIENTS):
        judge = house.judges[number % len(house.judges)]
        wire = OverHttp(server.address, seconds=20)
        tablets.append(Tablet(house, judge, wire, seed=seed, name=f"{judge}-{number}").ready())
    clients = [_Client(tablet, stop) for tablet in tablets]
    for client in clients:
        client.start()
    try:
        for _ in range(times):
            _wait_for(chance.randint(*between), tablets)
            time.sleep(chance.uniform(0, 0.05))
            began = _kill_and_start(server, cluster if found.kills % 3 == 2 else None)
            found.slowest_restart = max(found.slowest_restart, time.monotonic() - began)
            found.kills += 1
    finally:
        stop.set()
        for client in clients:
            client.join(120)
    found.broken += [f"{client.tablet.name}: {client.error!r}" for client in clients if client.error]
    for tablet in tablets:
        if not tablet.drain(wait=lambda _tried: time.sleep(0.05)):
            found.broken.append(f"{tablet.name} cannot send: {tablet.log.refusals[-3:]}")
    server.kill()
    broken = problems(house.database_url, *tablets)
    found.broken += broken
    found.acknowledged = sum(len(tablet.log.acknowledged) for tablet in tablets)
    found.duplicates = sum(tablet.log.duplicates for tablet in tablets)
    found.unanswered = sum(len(tablet.log.refusals) for tablet in tablets)
    found.lost = sum("I1" in one for one in broken)
    found.doubled = sum("I2" in one for one in broken)
    return found
