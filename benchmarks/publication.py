"""Results from the closed marking to the public, every step timed, the switch by itself.

A mass contest of 100,000, and a smaller field that is harder to compute (`benchmarks.field`). Everything that is timed is what
a page does, in its order: compute and then store, check and then approve. What holds the writer is timed apart: nobody
else can write for that long.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any
from uuid import UUID

from benchmarks.field import Field, actor, hard, mass, scored
from benchmarks.figures import Baseline, Figures, Measurement, Spent, divided, spent
from benchmarks.house import House
from benchmarks.rivals import Bench
from competition.competitions.queries import event_by_id
from competition.database import session
from competition.results import queries, services
from competition.results.models import ResultRevision
from competition.transactions import transaction

PREPARE, APPROVE = "prepare (holds the writer)", "approve (holds the writer)"


def measure(bench: Bench) -> list[Measurement]:
    """Seconds from the closed marking to the public result, and how long the two transactions hold the writer."""
    # the larger one last: the most memory of this process is then its own
    fields = (hard(100), mass(1000)) if bench.quick else (hard(5000), mass(100_000))
    return [found for field in fields for found in _measured(field, bench.folder / field.name)]


def _measured(field: Field, folder: Path) -> list[Measurement]:
    folder.mkdir()
    house = House(folder, 0)
    with house.app.app_context():
        event_id = scored(field)
        beside = _processor_beside()
        steps = _publish(event_id)
        beside = _processor_beside() - beside
        session.remove()
    plain, commit = _plain(folder), _plain_commit(folder)
    size = f"{field.contestants:,} contestants, {len(field.aspects) * len(field.judges)} marks each"
    whole = Spent(
        sum(each.wall for each in steps.values()), sum(each.cpu for each in steps.values()) + beside
    )
    figures = _figures(whole) | {"contestants": field.contestants, "peak_mb": _peak_mb()}
    figures |= {name: round(each.wall, 3) for name, each in steps.items()}
    figures |= {f"{name}, cpu": round(each.cpu, 3) for name, each in steps.items()}
    figures["the verifier's process, cpu"] = round(beside, 3)
    switch = steps[APPROVE]
    return [
        Measurement(
            f"publish end to end: {field.name} ({size})",
            "s",
            figures,
            Baseline(
                "means, sums and a sort of floats, and the lines stored, by sqlite3 alone", _figures(plain)
            ),
            divided(whole.wall, plain.wall),
            divided(whole.cpu, plain.cpu),
        ),
        Measurement(
            f"the switch: {field.name}",
            "s",
            _figures(switch),
            Baseline("four rows in one durable commit by sqlite3 alone", _figures(commit)),
            divided(switch.wall, commit.wall),
            divided(switch.cpu, commit.cpu),
        ),
    ]


def _figures(taken: Spent) -> Figures:
    return {"seconds": round(taken.wall, 4), "cpu_seconds": round(taken.cpu, 4)}


def _processor_beside() -> float:
    """Seconds of the processor in the processes that were waited for: the verifier is one."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak_mb() -> int:
    """The most memory this process ever had, in megabytes (Linux counts in kilobytes)."""
    return getrusage(RUSAGE_SELF).ru_maxrss // 1024


def _publish(event_id: UUID) -> dict[str, Spent]:
    """What the two people's pages do, step by step."""
    found: dict[str, Any] = {}
    steps: dict[str, Spent] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        steps[name] = spent(work)
        session.remove()

    def compute() -> None:
        found["computed"] = services.compute(event_by_id(event_id))

    def store() -> None:
        with transaction():
            by = actor("organiser")
            services.prepare_revision(event_by_id(event_id), computed=found["computed"], by=by, at=_now())

    def check() -> None:
        found["checked"] = services.check_revision(_newest(event_id))

    def switch() -> None:
        with transaction():
            by = actor("chief")
            services.approve_publication(_newest(event_id), checked=found["checked"], by=by, at=_now())

    timed("compute", compute)
    timed(PREPARE, store)
    del found["computed"]
    timed("check", check)
    timed(APPROVE, switch)
    return steps


def _newest(event_id: UUID) -> ResultRevision:
    revision = queries.newest_revision(event_by_id(event_id))
    assert revision is not None
    return revision


def _now() -> datetime:
    return datetime.now(UTC)


# --- without the house ----------------------------------------------------------------------------


def _plain(folder: Path) -> Spent:
    """The same marks as a spreadsheet would take them: mean of the judges, sum of the aspects, order, the lines kept."""
    database = _connected(folder / "competition.sqlite3")
    database.execute("CREATE TABLE plain_line (place, code PRIMARY KEY, total)")

    def publish() -> None:
        totals: dict[str, float] = defaultdict(float)
        means = database.execute(
            "SELECT code, avg(value) FROM mark JOIN sheet ON sheet.event_id = mark.event_id AND sheet.id = sheet_id"
            " GROUP BY code, aspect"
        )
        for code, mean in means:
            totals[code] += mean
        ranked = sorted(totals.items(), key=itemgetter(1), reverse=True)
        database.execute("BEGIN IMMEDIATE")
        lines = ((place, *line) for place, line in enumerate(ranked, 1))
        database.executemany("INSERT INTO plain_line VALUES (?, ?, ?)", lines)
        database.execute("COMMIT")

    taken = spent(publish)
    database.close()
    return taken


def _plain_commit(folder: Path) -> Spent:
    database = _connected(folder / "plain.sqlite3")
    database.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, body)")

    def keep() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO kept (body) VALUES (?)", [("a" * 200,)] * 4)
        database.execute("COMMIT")

    taken = spent(keep, times=5)
    database.close()
    return taken


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection
