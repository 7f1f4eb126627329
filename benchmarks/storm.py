"""The network is back: 2,000 tablets with 120 marks each reconnect within ten seconds, and every mark is acknowledged.

A tablet keeps a batch until its answer names every operation; whatever else it hears, it waits and sends again, as the
judges' script does. A judge sees an error only where a tablet gives up, which it never does: refused tries are counted.
"""

import asyncio
import json
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

from benchmarks import contest
from benchmarks.figures import Baseline, Figures, Measurement, divided, latencies
from benchmarks.house import TAKERS
from benchmarks.rivals import Bench
from benchmarks.servers import Server, real_server
from benchmarks.sheets import MOST, Taker
from benchmarks.visitors import WARM_UP, post

TABLETS, FEW, OPERATIONS, BATCH = 2_000, 40, 120, 50
WITHIN = 10.0
"""Seconds within which all tablets come back."""
LONGEST = 900.0
RIVAL = (
    "plain Flask POST, the same storm: the rows of the same batches, one durable commit each, nothing checked"
)


@dataclass
class Tablet:
    """Finished requests, and how often each must name an operation in its answer."""

    comes_at: float
    batches: Sequence[tuple[bytes, int]]
    seconds: list[float] = field(default_factory=list)
    refused: int = 0


def measure(bench: Bench) -> list[Measurement]:
    """All tablets at once against the real server, and the same against plain Flask."""
    bench.house.scoring()
    _raise_open_files()
    number, chance = FEW if bench.quick else TABLETS, Random(1)
    theirs = _storm(bench.plain, [_plain_tablet(chance) for _ in range(number)])
    with real_server(bench.house.environment) as server:
        ours = _storm(server, list(_tablets(bench, server.port, number, chance)))
    name = f"resync storm: {number} tablets × {OPERATIONS} marks within {WITHIN:.0f} s"
    ratio = divided(theirs["rate"], ours["rate"])
    cpu = divided(ours["server_cpu_ms"], theirs["server_cpu_ms"])
    return [Measurement(name, "marks/s", ours, Baseline(RIVAL, theirs), ratio, cpu)]


def _tablets(bench: Bench, port: int, number: int, chance: Random) -> Iterator[Tablet]:
    """Tablets of the judges, each with sheets of its own that nobody has marked."""
    sheets = bench.house.sheets_of_takers()
    unmarked = {judge: own[MOST + WARM_UP :] for judge, own in sheets.items()}
    everywhere = sum(map(len, unmarked.values()))
    for judge, own in unmarked.items():
        share = max(1, round(number * len(own) / everywhere)) if own else 0
        taker = Taker(port, judge, bench.house.event_id)
        dealt: dict[int, list[tuple[UUID, str]]] = defaultdict(list)
        for index, sheet in enumerate(own):
            dealt[index % share].append(sheet)
        for some in dealt.values():
            yield Tablet(chance.uniform(0, WITHIN), list(_batches(taker, some, TAKERS[judge])))


def _batches(taker: Taker, sheets: Sequence[tuple[UUID, str]], label: str) -> Iterator[tuple[bytes, int]]:
    """A new device's queue: its sheets, marked once and then changed until there are enough operations."""
    taker.register()
    seat = "J3" if label == "A1" else label
    cells = [(sheet, code, aspect) for sheet, code in sheets for aspect in contest.ASPECTS]
    queue = [taker.operation(*cells[index % len(cells)], seat) for index in range(OPERATIONS)]
    for start in range(0, OPERATIONS, BATCH):
        some = queue[start : start + BATCH]
        yield taker.post("/operations", {"device": taker.device, "operations": some}), len(some)


def _plain_tablet(chance: Random) -> Tablet:
    def operation(number: int) -> dict[str, object]:
        names = {"op_id": str(uuid4()), "sheet": str(uuid4()), "seq": number, "aspect": "Q1", "kind": "mark"}
        more = {"base_version": 0, "state": "value", "round": 1, "reason": ""}
        return {**names, **more, "value": "8.5", "device_time": "2026-06-01T12:00:00+08:00"}

    batches = []
    for start in range(0, OPERATIONS, BATCH):
        some = [operation(start + place + 1) for place in range(min(BATCH, OPERATIONS - start))]
        body = json.dumps({"device": str(uuid4()), "operations": some}).encode()
        batches.append((post("/sheet", body, "application/json"), len(some)))
    return Tablet(chance.uniform(0, WITHIN), batches)


def _storm(server: Server, tablets: Sequence[Tablet]) -> Figures:
    before, began = server.cpu(), time.monotonic()
    asyncio.run(_all(server.port, tablets))
    took, after = time.monotonic() - began, server.cpu()
    seconds = [one for tablet in tablets for one in tablet.seconds]
    marks = sum(count for tablet in tablets for _, count in tablet.batches)
    cpu = (after - before) * 1000 / marks if before is not None and after is not None else 0.0
    return {
        "seconds": round(took, 1),
        "rate": round(marks / took, 1),
        "tablets": len(tablets),
        "acknowledged": marks,
        "refused": sum(tablet.refused for tablet in tablets),
        "server_cpu_ms": round(cpu, 3),
        **latencies(seconds),
    }


async def _all(port: int, tablets: Sequence[Tablet]) -> None:
    async with asyncio.timeout(LONGEST):
        await asyncio.gather(*(_one(port, tablet) for tablet in tablets))


async def _one(port: int, tablet: Tablet) -> None:
    await asyncio.sleep(tablet.comes_at)
    for request, count in tablet.batches:
        wait, began = 1.0, time.monotonic()
        while not await _is_acknowledged(port, request, count):
            tablet.refused += 1
            await asyncio.sleep(wait * Random(id(tablet) + tablet.refused).uniform(0.5, 1.5))
            wait = min(wait * 2, 30.0)
        tablet.seconds.append(time.monotonic() - began)


async def _is_acknowledged(port: int, request: bytes, count: int) -> bool:
    """One flight on a connection of its own; whether every operation was named as taken."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(request.replace(b"\r\n", b"\r\nconnection: close\r\n", 1))
            answer = await reader.read()
        finally:
            writer.close()
    except OSError:
        return False
    taken = answer.count(b'"answer":"applied"') + answer.count(b'"answer":"duplicate"')
    return answer[9:12] == b"200" and taken == count


def _raise_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = TABLETS * 2 + 200
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))
