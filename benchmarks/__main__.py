"""`python -m benchmarks [--quick] [--only NAME …]`: progress for people on stderr, one JSON object on stdout."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    boards,
    certificates,
    imports,
    pages,
    painting,
    publication,
    ranking,
    sheets,
    standings,
    storm,
)
from benchmarks.figures import Measurement
from benchmarks.house import House
from benchmarks.machine import machine
from benchmarks.rivals import GET, POST, VISITORS, Bench
from benchmarks.servers import plain_server

MEASUREMENTS: dict[str, Callable[[Bench], list[Measurement]]] = {
    "ranking": ranking.measure,
    "standings": standings.measure,
    "certificates": certificates.measure,
    "import": imports.measure,
    "sheets": sheets.measure,
    "storm": storm.measure,
    "painting": painting.measure,
    "boards": boards.measure,
    "publication": publication.measure,
    "results": pages.results,
    "verification": pages.verification,
}
"""In the order of the chain: the event of one measurement goes on to the next."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, not how fast")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, default=list(MEASUREMENTS), metavar="NAME")
    wanted = parser.parse_args()
    json.dump(run(quick=wanted.quick, names=set(wanted.only)), sys.stdout, ensure_ascii=False, indent=2)
    print()


def run(*, quick: bool, names: set[str]) -> dict[str, object]:
    """Measure what is named; everything as it will be printed."""
    began, about = time.monotonic(), machine()
    contestants = 400 if quick else 5000
    with tempfile.TemporaryDirectory(prefix="benchmarks-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "instance").mkdir()
        with plain_server(folder) as plain:
            bench = Bench(folder, plain, House(folder / "instance", contestants), quick)
            rivals = {GET: bench.plain_get().figures, POST: bench.plain_post().figures}
            found = [one for name in MEASUREMENTS if name in names for one in _said(name, bench)]
    return {
        "machine": {**about, "load_after": [round(load, 2) for load in os.getloadavg()]},
        "sizes": {"contestants": contestants, "visitors": VISITORS, "quick": quick},
        "baselines": rivals,
        "measurements": [one.as_json() for one in found],
        "preparation": bench.house.preparation,
        "seconds": round(time.monotonic() - began, 1),
    }


def _said(name: str, bench: Bench) -> list[Measurement]:
    print(f"{name} …", file=sys.stderr)
    found = MEASUREMENTS[name](bench)
    for one in found:
        figure = one.figures.get("rate", one.figures.get("seconds", one.figures.get("p95_ms")))
        print(
            f"  {one.name}: {figure} {one.unit}, {one.ratio} × the cost of: {one.baseline.name}",
            file=sys.stderr,
        )
    return found


if __name__ == "__main__":
    main()
