"""What the measurements of requests share: how long, how many, and the rival asked just before."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from benchmarks.figures import Baseline, Measurement, divided
from benchmarks.house import House
from benchmarks.servers import Server
from benchmarks.visitors import Crowd, Errand, get, post, send

VISITORS = 4


@dataclass(frozen=True)
class Bench:
    """Everything a measurement may use. Sizes are small with --quick: then the figures only show that it works."""

    folder: Path
    plain: Server
    house: House
    quick: bool

    @property
    def seconds(self) -> float:
        return 1.0 if self.quick else 8.0

    def plain_get(self) -> Crowd:
        return self.visit(self.plain, [get("/")])

    def plain_post(self) -> Crowd:
        """A small page with one durable commit: what a request that keeps something costs at least."""
        return self.visit(self.plain, [post("/", b"a" * 200, "text/plain")])

    def plain_sheets(self, each: int) -> Crowd:
        """The rows of a sheet of ten marks with one durable commit: as much is kept, and nothing is checked."""
        return send(self.plain, [Errand(self.plain.port, list(_sheets(each))) for _ in range(VISITORS)])

    def visit(self, server: Server, requests: Sequence[bytes], status: int = 200) -> Crowd:
        """Four visitors for some seconds, each beginning somewhere else in the same list."""
        part = max(1, len(requests) // VISITORS)
        turned = [[*requests[part * n :], *requests[: part * n]] for n in range(VISITORS)]
        return send(server, [Errand(server.port, one, status, self.seconds) for one in turned])


def _sheets(count: int) -> Iterator[bytes]:
    """Finished requests for so many sheets of ten marks."""
    device = str(uuid4())
    for number in range(count):
        sheet = str(uuid4())
        operations = [
            {
                "op_id": str(uuid4()),
                "seq": number * 10 + place,
                "sheet": sheet,
                "aspect": f"Q{place}",
                "kind": "mark",
                "base_version": 0,
                "value": "8.5",
                "state": "value",
                "round": 1,
                "reason": "",
                "device_time": "2026-06-01T12:00:00+08:00",
            }
            for place in range(1, 11)
        ]
        body = json.dumps({"device": device, "operations": operations}).encode()
        yield post("/sheet", body, "application/json")


def compared(name: str, unit: str, ours: Crowd, rival: str, theirs: Crowd) -> Measurement:
    """Ours against the rival: by requests per second, and by what the server's processor spent on each."""
    cpu = divided(ours.cpu, theirs.cpu) if ours.cpu and theirs.cpu else None
    return Measurement(
        name, unit, ours.figures, Baseline(rival, theirs.figures), divided(theirs.rate, ours.rate), cpu
    )


GET = "plain Flask GET"
POST = "plain Flask POST, one durable commit"
SHEET = "plain Flask POST, the rows of a sheet, one durable commit"
