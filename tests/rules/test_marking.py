"""Marking: the worked examples of the rule texts, as tables."""

from decimal import Decimal
from fractions import Fraction

import pytest

from competition.rules.contest import evaluate
from tests.rules.contests import (
    TWO_PLACES,
    aspect,
    by_judges,
    contest,
    group,
    judgement,
    panel,
    ruleset,
    value_aspect,
)

BANDS = [{"up_to": "0.02", "award": 2}, {"up_to": "0.05", "award": 1}]
TRIM = {"low": 1, "high": 1}


def line_of(rules, marks, entrant="e"):
    return evaluate(contest(rules, marks, [entrant])).line(entrant)


def value_of(leaf, *marks):
    return line_of(ruleset(leaf), [("e", leaf["id"], *mark) for mark in marks]).value("total")


@pytest.mark.parametrize(
    ("most", "levels", "digits", "expected"),
    [
        ("1.50", (2, 3, 2), 2, "1.17"),
        ("2.00", (3, 2, 2), 2, "1.56"),
        ("2.00", (3, 3, 3), 2, "2.00"),
        ("1.00", (0, 0, 0), 2, "0"),
        ("1.50", (2, 3, 2), 4, "1.1667"),
    ],
)
def test_a_judgement_is_the_maximum_times_the_levels_over_nine(most, levels, digits, expected):
    rules = ruleset(judgement("A1", most, rounding={"digits": digits}))
    assert line_of(rules, by_judges("e", "A1", *levels)).total == Decimal(expected)


@pytest.mark.parametrize("levels", [(1, 3, 2), (3, 1, 2), (0, 2, 1), (0, 3, 3)])
def test_levels_more_than_one_apart_block_the_aspect_until_they_are_judged_again(
    levels,
):
    line = line_of(ruleset(judgement("A1", "1.50")), by_judges("e", "A1", *levels))
    assert (line.complete, line.total, line.place) == (False, None, None)
    assert "lie more than 1 apart" in str(line.blockers[0])
    assert str(line.blockers[0]).startswith("e, A1:")


def test_three_judgements_differ_in_the_last_digit_by_where_they_are_rounded():
    names = ("A1", "A2", "A3")
    marks = [mark for name in names for mark in by_judges("e", name, 2, 2, 3)]
    exact = line_of(ruleset(*(judgement(name, "1.00") for name in names)), marks)
    each = line_of(
        ruleset(*(judgement(name, "1.00", rounding=TWO_PLACES) for name in names)),
        marks,
    )
    assert (exact.values["total"], exact.shown) == (Fraction(7, 3), Decimal("2.33"))
    assert each.total == Decimal("2.34")


def test_an_agreed_level_stands_for_three_equal_ones():
    assert value_of(judgement("A1", "1.50", agreed=True), (None, 2, "agreed")) == 1


def test_of_five_marks_the_highest_and_lowest_are_left_out():
    leaf = panel("p", 5, "trimmed_mean", trim=TRIM, panel_rounding=TWO_PLACES)
    marks = list(zip("abcde", (88, 90, 91, 85, 95), strict=True))
    assert value_of(leaf, *marks) == Decimal("89.67")


@pytest.mark.parametrize(
    ("combine", "rules", "values", "expected"),
    [
        ("mean", {}, (88, 90, 95), "91"),
        ("median", {}, (1, 100, 3), "3"),
        ("median", {}, (1, 100, 3, 4), "3.5"),
        ("sum", {}, (8, 9, 10), "27"),
        ("sum", {"trim": TRIM}, (8, 9, 10), "9"),
        (
            "sum",
            {"trim": {"low": 1, "high": 1}, "factor": "0.6"},
            (8, 8, 9, 9, 9, 9, 10),
            "26.4",
        ),
        ("trimmed_mean", {"trim": {"low": 2, "high": 0}}, (1, 2, 3, 5), "4"),
        ("trimmed_mean", {"trim": TRIM}, (7, 7, 7), "7"),
    ],
)
def test_a_panel_combines_its_marks_as_the_rules_say(combine, rules, values, expected):
    leaf = panel("p", len(values), combine, **rules)
    assert value_of(leaf, *zip("abcdefghi", values, strict=False)) == Decimal(expected)


def test_panel_rounding_then_the_declared_value_then_the_factor_then_the_rounding():
    leaf = panel(
        "p",
        3,
        panel_rounding=TWO_PLACES,
        declared=True,
        factor="1.5",
        rounding={"digits": 1},
    )
    assert value_of(leaf, ("a", 1), ("b", 1), ("c", 2), (None, "2.105", "declared")) == Decimal("5.2")


def test_a_declared_value_that_is_missing_is_not_zero():
    line = line_of(ruleset(panel("p", 1, declared=True)), [("e", "p", "a", 5)])
    assert line.total is None
    assert str(line.blockers[0]) == "e, p: the declared value is missing."


def test_a_judge_who_is_missing_is_not_a_zero_and_the_minimum_decides():
    marks = [("e", "p", "a", 80), ("e", "p", "b", 90)]
    assert line_of(ruleset(panel("p", 3, minimum=2)), marks).total == 85
    strict = line_of(ruleset(panel("p", 3)), marks)
    assert strict.total is None
    assert str(strict.blockers[0]) == "e, p: 2 of at least 3 judges have given a mark."


def test_more_marks_than_seats_block():
    line = line_of(ruleset(panel("p", 2)), by_judges("e", "p", 1, 2, 3))
    assert "3 judges gave a mark, but the panel has 2 seats" in str(line.blockers[0])


def test_judges_who_do_not_agree_that_something_was_attempted_block():
    document = contest(ruleset(panel("p", 2)), [("e", "p", "a", 5)])
    document["marks"].append({"entrant": "e", "aspect": "p", "judge": "b", "state": "not_attempted"})
    assert "must agree" in str(evaluate(document).line("e").blockers[0])


@pytest.mark.parametrize("judge", [None, "a"])
def test_not_attempted_is_recorded_and_gives_nothing(judge):
    document = contest(ruleset(panel("p", 1), value_aspect("v")), [("e", "v", None, 7)])
    state = {"entrant": "e", "aspect": "p", "state": "not_attempted"}
    document["marks"].append(state if judge is None else {**state, "judge": judge})
    assert evaluate(document).line("e").total == 7


@pytest.mark.parametrize(
    ("leaf", "recorded", "expected"),
    [
        (aspect("m", "measurement", mode="binary", max="2.00"), 1, "2"),
        (aspect("m", "measurement", mode="binary", max="2.00"), 0, "0"),
        (value_aspect("m", 10, step="0.5"), "7.5", "7.5"),
        (aspect("m", "measurement", mode="count", max=5, possible=8), 3, "1.875"),
        (
            aspect("m", "measurement", mode="tolerance", target="25.00", bands=BANDS),
            "24.98",
            "2",
        ),
        (
            aspect("m", "measurement", mode="tolerance", target="25.00", bands=BANDS),
            "25.05",
            "1",
        ),
        (
            aspect("m", "measurement", mode="tolerance", target="25.00", bands=BANDS),
            "25.050001",
            "0",
        ),
    ],
)
def test_a_measurement_gives_the_marks_of_its_mode(leaf, recorded, expected):
    assert value_of(leaf, (None, recorded)) == Decimal(expected)


def test_theory_thirty_and_practice_seventy_are_rounded_once_at_the_total():
    theory, practice = (
        value_aspect("theory", weight=30),
        value_aspect("practice", weight=70),
    )
    scheme = group("total", theory, practice, combine="weighted", rounding=TWO_PLACES)
    line = line_of(
        ruleset(scheme=scheme),
        [("e", "theory", None, 83), ("e", "practice", None, "91.25")],
    )
    assert line.total == Decimal("88.78")


def test_half_even_and_half_up_are_told_apart():
    leaf = value_aspect("v", rounding={"digits": 2, "mode": "half_even"})
    assert value_of(leaf, (None, "88.765")) == Decimal("88.76")
    assert value_of({**leaf, "rounding": TWO_PLACES}, (None, "88.765")) == Decimal("88.77")


def test_deductions_are_taken_off_in_full_and_no_entry_takes_nothing_off():
    leaves = (value_aspect("v"), aspect("d", "deduction", cap=5))
    assert line_of(ruleset(*leaves), [("e", "v", None, 50)]).total == 50
    assert line_of(ruleset(*leaves), [("e", "v", None, 50), ("e", "d", "a", 2, "entry")]).total == 48
    many = [
        ("e", "v", None, 50),
        ("e", "d", "a", 4, "entry"),
        ("e", "d", "b", 4, "entry"),
    ]
    assert line_of(ruleset(*leaves), many).total == 45


def test_in_a_weighted_group_a_deduction_has_no_weight():
    leaves = (
        value_aspect("a", weight=40),
        value_aspect("b", weight=60),
        aspect("d", "deduction"),
    )
    rules = ruleset(scheme=group("total", *leaves, combine="weighted"))
    marks = [("e", "a", None, 50), ("e", "b", None, 50), ("e", "d", None, 3, "entry")]
    assert line_of(rules, marks).total == 47


def test_a_group_may_take_the_best_or_the_mean_and_has_a_floor_and_a_cap():
    leaves = (value_aspect("a"), value_aspect("b"))
    marks = [("e", "a", None, 80), ("e", "b", None, 20)]
    totals = [
        line_of(ruleset(scheme=group("total", *leaves, **rules)), marks).total
        for rules in (
            {"combine": "best"},
            {"combine": "mean"},
            {"cap": 60},
            {"combine": "mean", "floor": 70},
        )
    ]
    assert totals == [80, 50, 60, 70]


def test_a_time_is_recorded_and_never_added():
    rules = ruleset(value_aspect("v"), aspect("t", "time"))
    assert line_of(rules, [("e", "v", None, 50)]).complete
    assert line_of(rules, [("e", "v", None, 50), ("e", "t", None, 90)]).total == 50


def test_a_time_that_decides_places_must_be_there():
    by = {"by": [{"node": "total"}, {"node": "t", "direction": "asc"}]}
    line = line_of(
        ruleset(value_aspect("v"), aspect("t", "time"), ranking=by),
        [("e", "v", None, 50)],
    )
    assert str(line.blockers[0]) == "e, t: nothing is recorded yet."
