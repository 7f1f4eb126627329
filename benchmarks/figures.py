"""What a measurement is, and how latencies become figures."""

import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

Figures = dict[str, float]


@dataclass(frozen=True)
class Baseline:
    """What the same work costs without the house, measured in the same run."""

    name: str
    figures: Figures


@dataclass(frozen=True)
class Measurement:
    """One thing measured. `ratio` is the cost of ours divided by that of the baseline: 1 is as cheap, 5 five times as dear."""

    name: str
    unit: str
    figures: Figures
    baseline: Baseline
    ratio: float
    cpu_ratio: float | None = None
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 2))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock and seconds of the processor: the second hardly suffers from what else the machine does."""

    wall: float
    cpu: float


def spent(work: Callable[[], object], *, times: int = 1) -> Spent:
    """What some work costs in this process: the median of `times` runs, each with an empty bin."""
    runs = []
    for _ in range(times):
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        runs.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Spent(median(wall for wall, _ in runs), median(cpu for _, cpu in runs))


def latencies(seconds: Sequence[float]) -> Figures:
    """p50, p95 and p99 in milliseconds (nearest rank)."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)

    return {"p50_ms": at(0.50), "p95_ms": at(0.95), "p99_ms": at(0.99)}


def divided(ours: float, baseline: float) -> float:
    return round(ours / baseline, 2) if baseline else 0.0
