"""The published formulas of other sports and contests (judging §4), and the worked examples of domain §5.12, as rule sets."""

from decimal import Decimal
from fractions import Fraction

import pytest

from competition.rules.contest import evaluate
from tests.rules.contests import (
    TWO_PLACES,
    aspect,
    attempts,
    by_judges,
    contest,
    group,
    panel,
    ruleset,
    value_aspect,
)

DIVE = {"range": {"low": 0, "high": 10, "step": "0.5"}, "declared": "multiply"}


def outcome_of(rules, marks, *more, entrants=("e",)):
    document = contest(rules, marks, list(entrants), "abcdefghijk")
    document["marks"] += more
    return evaluate(document)


def total_of(rules, marks, *more):
    return outcome_of(rules, marks, *more).line("e").total


def dive(name, difficulty, *marks):
    return [*by_judges("e", name, *marks), ("e", name, None, difficulty, "declared")]


def test_diving_in_2000_is_five_of_seven_marks_times_difficulty_times_three_fifths():
    rules = ruleset(panel("d1", 7, "sum", trim={"low": 1, "high": 1}, factor="0.6", **DIVE))
    marks = dive("d1", "3.2", "8.5", "9.0", "8.5", "9.0", "9.5", "8.0", "9.0")
    assert total_of(rules, marks) == Decimal("84.48")


def test_diving_now_is_three_of_seven_marks_times_difficulty():
    rules = ruleset(panel("d1", 7, "sum", trim={"low": 2, "high": 2}, **DIVE))
    assert total_of(rules, dive("d1", "3.2", "8.5", "9.0", "8.5", "9.0", "9.5", "8.0", "9.0")) == Decimal(
        "84.8"
    )


def test_a_semi_final_adds_the_preliminary_and_a_final_adds_only_the_semi_final():
    stages = [
        group("prelim", value_aspect("p", 600), role="stage"),
        group(
            "semi", value_aspect("s", 600), role="stage", carry_over=True, qualify={"count": 2, "ties": "all"}
        ),
        group("final", value_aspect("f", 600), role="stage", carry_over=False),
    ]
    rules = ruleset(scheme=group("total", *stages, combine="stages"))
    marks = [("x", "p", None, 300), ("y", "p", None, 290), ("z", "p", None, 280)]
    marks += [(who, stage, None, value) for stage in "sf" for who, value in (("x", 200), ("y", 250))]
    lines = outcome_of(rules, marks, entrants="xyz").lines
    assert [(line.entrant, line.place, line.total) for line in lines] == [
        ("y", 1, 250),
        ("x", 2, 200),
        ("z", 3, 280),
    ]


def test_gymnastics_is_difficulty_plus_execution_less_penalties():
    execution = panel(
        "E", 6, "trimmed_mean", trim={"low": 1, "high": 1}, range={"low": 0, "high": 10, "step": "0.1"}
    )
    rules = ruleset(
        value_aspect("D", 10, step="0.1"),
        {**execution, "panel_rounding": {"digits": 3, "mode": "down"}},
        aspect("penalty", "deduction", entry_step="0.1"),
    )
    marks = [("e", "D", None, "6.4"), *by_judges("e", "E", "8.9", "8.8", "9.0", "8.7", "9.1", "8.8")]
    assert total_of(rules, [*marks, ("e", "penalty", None, "0.3", "entry")]) == Decimal("14.975")


def test_halfpipe_is_the_best_of_three_runs_by_four_of_six_judges():
    runs = [
        panel(f"run-{n}", 6, "trimmed_mean", trim={"low": 1, "high": 1}, panel_rounding=TWO_PLACES)
        for n in (1, 2, 3)
    ]
    rules = ruleset(scheme=group("total", *runs, combine="best"))
    marks = [
        *by_judges("e", "run-1", 80, 82, 81, 90, 60, 82),
        *by_judges("e", "run-2", 91, 92, 93, 93, 95, 90),
        *by_judges("e", "run-3", 10, 12, 11, 9, 10, 13),
    ]
    assert total_of(rules, marks) == Decimal("92.25")


def solves(name, count, counts, **rules):
    return attempts(
        name, count, "lower", counts, range={"low": 0, "high": 3600}, rounding=TWO_PLACES, **rules
    )


def tried(name, *results):
    return [
        {"entrant": "e", "aspect": name, "attempt": n, "state" if str(result).isalpha() else "value": result}
        for n, result in enumerate(results, start=1)
    ]


@pytest.mark.parametrize(
    ("results", "average"),
    [
        (("9.50", "10.01", "11.23", "8.77", "10.40"), "9.97"),
        (("9.50", "dnf", "11.23", "8.77", "10.40"), "10.38"),
        (("9.50", "dnf", "dnf", "8.77", "10.40"), None),
    ],
)
def test_an_average_of_five_leaves_out_the_best_and_the_worst_of_which_one_may_have_failed(results, average):
    middle = {"drop": {"low": 1, "high": 1}, "failures_allowed": 1}
    by = {"by": [{"node": "ao5", "direction": "asc"}]}
    rules = ruleset(solves("ao5", 5, "middle_mean", **middle), ranking=by)
    line = outcome_of(rules, [], *tried("ao5", *results)).line("e")
    assert line.value("ao5") == (None if average is None else Decimal(average))
    assert (line.blockers, line.place) == ((), 1)


@pytest.mark.parametrize(("last", "mean"), [("12.01", "11.34"), ("dnf", None)])
def test_a_mean_of_three_has_no_result_when_one_of_them_failed(last, mean):
    rules = ruleset(solves("mo3", 3, "mean"), ranking={"by": [{"node": "mo3", "direction": "asc"}]})
    found = outcome_of(rules, [], *tried("mo3", "10.50", "11.50", last)).line("e").value("mo3")
    assert found == (None if mean is None else Decimal(mean))


def test_a_debate_counts_the_judges_who_voted_with_the_majority():
    speakers = [panel(f"speaker-{n}", 3, "majority_mean", of="vote") for n in (1, 2)]
    rules = ruleset(panel("vote", 3, "majority", range={"low": 0, "high": 1}), group("speakers", *speakers))
    marks = [
        *by_judges("e", "vote", 1, 1, 0),
        *by_judges("e", "speaker-1", 76, 75, 60),
        *by_judges("e", "speaker-2", 74, 77, 90),
    ]
    assert outcome_of(rules, marks).line("e").values["speakers"] == Fraction(151)


def test_an_olympiad_is_the_sum_of_six_problems_of_seven():
    rules = ruleset(*(value_aspect(f"p{n}", 7, step=1) for n in range(6)))
    assert total_of(rules, [("e", f"p{n}", None, mark) for n, mark in enumerate((7, 7, 6, 7, 2, 0))]) == 29


def test_deductions_from_a_hundred_never_go_below_nothing():
    start = aspect("start", "measurement", mode="binary", max=100)
    rules = ruleset(scheme=group("total", start, aspect("faults", "deduction"), floor=0))
    marks = [("e", "start", None, 1), ("e", "faults", None, 70, "entry"), ("e", "faults", None, 40, "entry")]
    assert total_of(rules, marks) == 0


def test_the_same_practice_and_less_time_comes_first():
    rules = ruleset(
        scheme=group(
            "total",
            value_aspect("theory", weight=30),
            value_aspect("practice", weight=70),
            aspect("minutes", "time"),
            combine="weighted",
            rounding=TWO_PLACES,
        ),
        ranking={"by": [{"node": "total"}, {"node": "practice"}, {"node": "minutes", "direction": "asc"}]},
    )
    marks = [(who, "theory", None, 83) for who in "AB"] + [(who, "practice", None, "91.25") for who in "AB"]
    lines = outcome_of(
        rules, [*marks, ("A", "minutes", None, 172), ("B", "minutes", None, 168)], entrants="AB"
    ).lines
    assert [(line.entrant, line.total, line.place) for line in lines] == [
        ("B", Decimal("88.78"), 1),
        ("A", Decimal("88.78"), 2),
    ]
