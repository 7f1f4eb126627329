"""Formulas, converted times, times with penalties and cut-offs, records: what is measured once."""

from decimal import Decimal

import pytest

from competition.rules.contest import evaluate
from tests.rules.contests import aspect, contest, ruleset, value_aspect

BY_TIME = {"by": [{"node": "total"}, {"node": "t", "direction": "asc"}]}


def linear(**rules):
    return aspect("m", "measurement", mode="linear", **{"max": 10, **rules})


def value_of(leaf, recorded):
    return evaluate(contest(ruleset(leaf), [("e", "m", None, recorded)])).line("e").total


@pytest.mark.parametrize(
    ("leaf", "recorded", "expected"),
    [
        (linear(rate=2), 3, "6"),
        (linear(base=10, rate="-0.5"), 3, "8.5"),
        (linear(base=10, rate="-0.5"), 30, "0"),
        (linear(base=10, rate="-0.5", floor=-4), 30, "-4"),
        (linear(base=4, rate=1), 9, "10"),
        (linear(rate=1, factor="0.6"), 9, "5.4"),
        (aspect("m", "measurement", mode="time", max=10, full_within=60, none_after=120), 45, "10"),
        (aspect("m", "measurement", mode="time", max=10, full_within=60, none_after=120), "75", "7.5"),
        (aspect("m", "measurement", mode="time", max=10, full_within=60, none_after=120), 120, "0"),
    ],
)
def test_what_is_measured_becomes_marks_by_a_formula(leaf, recorded, expected):
    assert value_of(leaf, recorded) == Decimal(expected)


def test_how_many_judges_confer_changes_nothing():
    assert value_of(value_aspect("m", judges=3), 70) == value_of(value_aspect("m"), 70) == 70


def time_of(*marks, **rules):
    document = contest(
        ruleset(value_aspect("v"), aspect("t", "time", **rules), ranking=BY_TIME), [("e", "v", None, 5)]
    )
    document["marks"] += [{"entrant": "e", "aspect": "t", **mark} for mark in marks]
    return evaluate(document).line("e")


@pytest.mark.parametrize(
    ("adjustments", "rules", "expected"),
    [
        ([], {}, "100"),
        ([("pause", 15), ("bonus", 5), ("penalty", 30), ("penalty", "0.5")], {}, "110.5"),
        ([("pause", 150)], {}, "0"),
        ([("penalty", 50)], {"cut_off": 120}, "120"),
        ([("penalty", 20)], {"cut_off": 120, "cut_off_effect": "no_value"}, "120"),
        ([("penalty", 21)], {"cut_off": 120, "cut_off_effect": "no_value"}, None),
        ([("penalty", "0.256")], {"rounding": {"digits": 2}}, "100.26"),
    ],
)
def test_a_time_is_what_was_taken_less_pauses_and_bonuses_plus_penalties(adjustments, rules, expected):
    marks = [{"value": 100}, *({"kind": kind, "value": value} for kind, value in adjustments)]
    line = time_of(*marks, **rules)
    assert line.value("t") == (None if expected is None else Decimal(expected))
    assert (line.blockers, line.place) == ((), 1)


@pytest.mark.parametrize("state", ["dnf", "dns", "dsq", "not_attempted"])
def test_who_has_no_time_is_last_and_not_incomplete(state):
    rules = ruleset(value_aspect("v"), aspect("t", "time"), ranking=BY_TIME)
    document = contest(rules, [("a", "v", None, 5), ("b", "v", None, 5), ("b", "t", None, 900)])
    document["marks"].append({"entrant": "a", "aspect": "t", "state": state})
    assert [(line.entrant, line.place) for line in evaluate(document).lines] == [("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ({"kind": "penalty", "value": 0}, "greater than 0"),
        ({"kind": "pause", "value": 5, "aspect": "v"}, "Only a time has pauses"),
        ({"value": -1}, "below 0 seconds"),
        ({"state": "dnf", "aspect": "v"}, "either a value or the state"),
    ],
)
def test_a_mark_that_no_time_can_have_is_refused(mark, says):
    with pytest.raises(ValueError, match=says):
        time_of(mark)


@pytest.mark.parametrize(("value", "says"), [(6, "0 to 5"), ("1.5", "steps of 1"), (-1, "0 to 5")])
def test_a_record_stays_in_its_range(value, says):
    document = contest(
        ruleset(value_aspect("v"), aspect("r", "record", high=5, step=1)), [("e", "r", None, value)]
    )
    with pytest.raises(ValueError, match=says):
        evaluate(document)


def test_a_violation_is_recorded_as_one():
    document = contest(
        ruleset(value_aspect("v"), aspect("d", "deduction", effect="void")), [("e", "d", None, 2, "entry")]
    )
    with pytest.raises(ValueError, match="recorded as 1"):
        evaluate(document)
