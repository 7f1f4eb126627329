"""What the measurements of requests share: how long, how many, and the rival asked just before."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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

    def visit(self, server: Server, requests: Sequence[bytes], status: int = 200) -> Crowd:
        """Four visitors for some seconds, each beginning somewhere else in the same list."""
        part = max(1, len(requests) // VISITORS)
        turned = [[*requests[part * n :], *requests[: part * n]] for n in range(VISITORS)]
        return send(server, [Errand(server.port, one, status, self.seconds) for one in turned])


def compared(name: str, unit: str, ours: Crowd, rival: str, theirs: Crowd) -> Measurement:
    """Ours against the rival: by requests per second, and by what the server's processor spent on each."""
    cpu = divided(ours.cpu, theirs.cpu) if ours.cpu and theirs.cpu else None
    return Measurement(
        name, unit, ours.figures, Baseline(rival, theirs.figures), divided(theirs.rate, ours.rate), cpu
    )


GET = "plain Flask GET"
POST = "plain Flask POST, one durable commit"
