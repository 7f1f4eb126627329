"""Totals and places of many entrants: exact columns against the exact engine, and against float columns."""

import gc
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import contest
from benchmarks.figures import Baseline, Measurement, Spent, divided, spent
from benchmarks.rivals import Bench
from competition.rules.contest import outcome_of, parse
from competition.rules.ruleset import RuleSet
from competition.rules.ruleset import parse as parse_rules
from competition.standings.marks import Marks, measured, scored
from competition.standings.table import Standings

UPDATES = 20
LEVELS = (("theory", 400), ("practice", 60), ("speed", 30))
"""Three values of few steps each, so that most of a million share the first and very many the first two."""


def measure(bench: Bench) -> list[Measurement]:
    """The sizes of the brief: an event, after one sheet, a nation, a million."""
    quick = bench.quick
    found = [*_event(bench.house.contestants, times=1 if quick else 5)]
    found.append(_columns(2_000 if quick else 100_000))
    found.append(_million(20_000 if quick else 1_000_000))
    return found


def _event(entrants: int, *, times: int) -> list[Measurement]:
    """5,000 × 10 aspects × 3 judges, read before; and the same after one entrant's marks changed."""
    read = parse(contest.document(entrants))
    theirs = spent(lambda: outcome_of(read))
    full = spent(lambda: Standings.of(read), times=times)
    standings = Standings.of(read)
    names = [entrant.id for entrant in read.entrants[:UPDATES]]

    def update() -> None:
        for name in names:
            standings.update(name, read.marks[name])

    after = spent(update, times=times)
    one = Spent(after.wall / UPDATES, after.cpu / UPDATES)
    exact = Baseline("the exact engine on the same contest", _figures(theirs, entrants))
    size = f"{entrants:,} entrants × 10 aspects × 3 judges"
    return [
        _measurement(f"standings, {size}", full, entrants, exact, theirs),
        _measurement(f"standings, {size}, one entrant changed", one, entrants, exact, theirs),
    ]


def _columns(entrants: int) -> Measurement:
    """100,000 × 10 × 3 from arrays of marks, against means and sums of floats in numpy."""
    cube = _Cube.of(entrants)
    ours = spent(lambda: Standings.of_columns(cube.rules, cube.names, cube.marks()), times=3)
    theirs = spent(cube.in_floats, times=3)
    baseline = Baseline("means, sums and lexsort of the same marks as floats", _figures(theirs, entrants))
    name = f"standings, {entrants:,} entrants × 10 aspects × 3 judges, from arrays"
    return _measurement(name, ours, entrants, baseline, theirs)


@dataclass(frozen=True)
class _Cube:
    """Marks of the contest of benchmarks/contest.py as arrays of entrants × judges, by aspect."""

    rules: RuleSet
    names: list[str]
    arrays: dict[str, Any]

    @classmethod
    def of(cls, entrants: int) -> "_Cube":
        chance = np.random.default_rng(5)
        arrays = {
            name: chance.integers(0, 3, (entrants, 1)) + chance.integers(0, 2, (entrants, 3))
            if name in contest.JUDGED
            else chance.integers(50, 101, (entrants, 3))
            for name in contest.ASPECTS
        }
        return cls(parse_rules(contest.rule_set()), [f"{number:07}" for number in range(entrants)], arrays)

    def marks(self) -> dict[str, Marks]:
        return {
            name: scored(array, denominator=1 if name in contest.JUDGED else 10)
            for name, array in self.arrays.items()
        }

    def in_floats(self) -> Any:
        """Without a sheet that is missing, a spread, a rounding or a shared place."""
        values = {
            name: array.sum(axis=1) * (10 / 9) if name in contest.JUDGED else array.mean(axis=1) / 10
            for name, array in self.arrays.items()
        }
        total = sum(values.values())
        return np.lexsort((-values["Q9"], -values["Q10"], -total))


def _million(entrants: int) -> Measurement:
    """A million with ties on three levels, in a process of its own so that its memory can be told."""
    command = [sys.executable, "-m", "benchmarks.standings", str(entrants)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    ours, theirs = Spent(*map(float, said[:2])), Spent(*map(float, said[2:4]))
    baseline = Baseline("sorted() of the same values as tuples", _figures(theirs, entrants))
    name = f"standings, {entrants:,} entrants, ties on three levels"
    found = _measurement(name, ours, entrants, baseline, theirs)
    found.figures["memory_mb"] = float(said[4])
    return found


def _measurement(name: str, ours: Spent, entrants: int, baseline: Baseline, theirs: Spent) -> Measurement:
    return Measurement(
        name,
        "s",
        _figures(ours, entrants),
        baseline,
        divided(ours.wall, theirs.wall),
        divided(ours.cpu, theirs.cpu),
    )


def _figures(taken: Spent, entrants: int) -> dict[str, float]:
    return {"seconds": round(taken.wall, 4), "cpu_seconds": round(taken.cpu, 4), "entrants": entrants}


def _tied_rules() -> RuleSet:
    parts = [
        {
            "kind": "aspect",
            "id": name,
            "title": {"zh": name, "en": name},
            "type": "measurement",
            "mode": "value",
            "max": steps,
        }
        for name, steps in LEVELS
    ]
    total = {"kind": "group", "id": "total", "title": {"zh": "总成绩", "en": "Total"}, "combine": "sum"}
    return parse_rules(
        {
            "format": "skillsladder.ruleset/1",
            "title": {"zh": "三级比较", "en": "Three levels"},
            "scheme": {**total, "children": parts},
            "ranking": {"by": [{"node": "total"}, {"node": "practice"}, {"node": "speed"}]},
        }
    )


def _alone(entrants: int) -> None:
    """In a process of its own: what the million costs, and the most memory it took before the rival began."""
    chance = np.random.default_rng(7)
    columns = {name: chance.integers(0, steps + 1, entrants) for name, steps in LEVELS}
    names, rules = [f"{number:07}" for number in range(entrants)], _tied_rules()

    def rank() -> None:
        marks = {name: measured(values) for name, values in columns.items()}
        Standings.of_columns(rules, names, marks)

    ours = spent(rank, times=3)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    gc.collect()
    theirs = spent(_sorted_tuples(columns))
    print(ours.wall, ours.cpu, theirs.wall, theirs.cpu, round(memory))


def _sorted_tuples(columns: dict[str, Any]) -> Callable[[], object]:
    theory, practice, speed = (columns[name].tolist() for name, _ in LEVELS)
    rows = [(-(a + b + c), -b, -c) for a, b, c in zip(theory, practice, speed, strict=True)]
    return lambda: sorted(rows)


if __name__ == "__main__":
    _alone(int(sys.argv[1]))
