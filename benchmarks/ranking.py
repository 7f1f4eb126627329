"""From marks to places: the rules on a contest document, without a database."""

from collections import defaultdict
from statistics import fmean
from typing import Any

from benchmarks import contest
from benchmarks.figures import Baseline, Measurement, Spent, divided, spent
from benchmarks.rivals import Bench
from competition.rules.contest import Contest, outcome_of, parse

FloatMarks = list[tuple[str, str, float]]


def measure(bench: Bench) -> list[Measurement]:
    """5,000 contestants × 10 aspects × 3 judges: exact numbers with their working, against sums of floats."""
    document = contest.document(bench.house.contestants)
    times = 1 if bench.quick else 3
    read, plain = parse(document), _read(document)
    parts: dict[str, tuple[Spent, Spent]] = {
        "ranking, document read and evaluated": (
            spent(lambda: outcome_of(parse(document)), times=times),
            spent(lambda: _ranked(_read(document)), times=times),
        ),
        "ranking, document read before": (
            _evaluated(read, times),
            spent(lambda: _ranked(plain), times=times),
        ),
    }
    marks = len(document["marks"])
    return [
        Measurement(
            name,
            "s",
            _figures(ours, marks),
            Baseline("float sums and a sort of the same marks", _figures(theirs, marks)),
            divided(ours.wall, theirs.wall),
            divided(ours.cpu, theirs.cpu),
        )
        for name, (ours, theirs) in parts.items()
    ]


def _evaluated(read: Contest, times: int) -> Spent:
    return spent(lambda: outcome_of(read), times=times)


def _figures(taken: Spent, marks: int) -> dict[str, float]:
    return {"seconds": round(taken.wall, 3), "cpu_seconds": round(taken.cpu, 3), "marks": marks}


def _read(document: dict[str, Any]) -> FloatMarks:
    return [(mark["entrant"], mark["aspect"], float(mark["value"])) for mark in document["marks"]]


def _ranked(marks: FloatMarks) -> list[tuple[float, str]]:
    """What a spreadsheet would do: mean of the judges, sum of the aspects, order."""
    given: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for entrant, aspect, value in marks:
        given[entrant][aspect].append(value)
    totals = (
        (sum(fmean(values) for values in aspects.values()), entrant) for entrant, aspects in given.items()
    )
    return sorted(totals, reverse=True)
