"""Several tries of one task: which count, what a failed one means, and when a missing one blocks."""

from decimal import Decimal

import pytest

from competition.rules.contest import evaluate
from tests.rules.contests import aspect, attempts, contest, ruleset, value_aspect

MIDDLE = {"counts": "middle_mean", "drop": {"low": 1, "high": 1}}


def task(tries=3, counts="best", better="higher", **rules):
    return attempts("a", tries, better, counts, range={"low": 0, "high": 100}, **rules)


def tries_of(entrant, name, *results):
    """The marks of an aspect with tries: numbers, states such as "dnf", None for a try that is not recorded."""
    return [
        {"entrant": entrant, "aspect": name, "attempt": number, _member(result): result}
        for number, result in enumerate(results, start=1)
        if result is not None
    ]


def _member(result):
    return "state" if isinstance(result, str) and result.isalpha() else "value"


def line_of(leaf, *results, **parts):
    document = contest(ruleset(leaf, **parts), [], ["e"])
    document["marks"] = tries_of("e", leaf["id"], *results)
    return evaluate(document).line("e")


@pytest.mark.parametrize(
    ("rules", "results", "expected"),
    [
        ({}, (40, "dnf", 60), "60"),
        ({}, ("dnf", "dsq"), "0"),
        ({"counts": "last"}, (40, 60, 20), "20"),
        ({"counts": "last"}, (40, 60, "dns"), "60"),
        ({"counts": "last"}, (40, 60, "dnf"), "0"),
        ({"counts": "sum"}, (10, 20, 30), "60"),
        ({"counts": "sum"}, (10, 20, "dnf"), "0"),
        ({"counts": "sum", "failures_allowed": 1}, (10, 20, "dnf"), "30"),
        ({"counts": "mean", "failures_allowed": 1}, (10, 20, "dnf"), "10"),
        ({"tries": 5, **MIDDLE}, (10, 90, 20, 30, 40), "30"),
        ({"tries": 5, "failures_allowed": 1, **MIDDLE}, ("dnf", 90, 20, 30, 40), "30"),
        ({"tries": 5, "failures_allowed": 1, **MIDDLE}, ("dnf", 90, "dnf", 30, 40), "0"),
    ],
)
def test_of_tries_where_more_is_better_some_count(rules, results, expected):
    assert line_of(task(**rules), *results).value("a") == Decimal(expected)


def test_where_less_is_better_no_result_is_no_value_and_nothing_is_missing():
    leaf = task(better="lower", counts="best")
    by = {"by": [{"node": "a", "direction": "asc"}]}
    line = line_of(leaf, "dnf", "dnf", "dns", ranking=by)
    assert (line.value("a"), line.blockers, line.place) == (None, (), 1)


def test_the_fastest_try_counts_where_less_is_better():
    by = {"by": [{"node": "a", "direction": "asc"}]}
    assert line_of(task(better="lower"), 12, "dnf", "10.5", ranking=by).value("a") == Decimal("10.5")


def test_a_try_that_is_not_recorded_blocks():
    line = line_of(task(), 40, None, 60)
    assert [str(reason) for reason in line.blockers] == ["e, a: try 2 is not recorded yet."]


@pytest.mark.parametrize("state", ["dns", "dsq", "not_attempted"])
def test_who_does_not_go_on_leaves_the_tries_after_it_unrecorded(state):
    document = contest(ruleset(task(4)), [], ["e"])
    document["marks"] = [
        *tries_of("e", "a", 40),
        {"entrant": "e", "aspect": "a", "attempt": 2, "state": state},
    ]
    assert evaluate(document).line("e").total == 40


def test_a_try_that_was_not_finished_says_nothing_about_the_next():
    assert "try 3, 4 is not" in str(line_of(task(4), 40, "dnf").blockers[0])


def test_the_whole_aspect_can_be_not_started():
    document = contest(ruleset(task(), value_aspect("v")), [("e", "v", None, 7)], ["e"])
    document["marks"].append({"entrant": "e", "aspect": "a", "state": "dns"})
    assert evaluate(document).line("e").total == 7


def test_the_working_marks_which_tries_do_not_count():
    document = contest(ruleset(task(4, **MIDDLE, failures_allowed=1)), [], ["e"])
    document["marks"] = tries_of("e", "a", 10, 30, "dnf", 20)
    (working,) = evaluate(document).working("e").children
    assert [(one.attempt, one.counts) for one in working.inputs] == [
        (1, True),
        (2, False),
        (3, False),
        (4, True),
    ]
    assert working.inputs[2].as_json() == {
        "kind": "mark", "judge": None, "value": None, "counts": False, "state": "dnf", "attempt": 3
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ({"attempt": 4, "value": 1}, "There are 3 tries here"),
        ({"value": 1}, "needs the number of its try"),
        ({"state": "dnf"}, "needs the number of its try"),
        ({"attempt": 1, "value": 101}, "outside the range"),
    ],
)
def test_a_try_that_cannot_be_is_refused(mark, says):
    document = contest(ruleset(task()), [], ["e"])
    document["marks"] = [{"entrant": "e", "aspect": "a", **mark}]
    with pytest.raises(ValueError, match=says):
        evaluate(document)


@pytest.mark.parametrize("leaf", [value_aspect("v"), aspect("v", "judgement", max=3)])
def test_a_try_or_its_failure_is_refused_where_there_are_no_tries(leaf):
    for mark in ({"attempt": 1, "value": 1, "judge": "a"}, {"state": "dnf"}):
        document = contest(ruleset(leaf), [], ["e"])
        document["marks"] = [{"entrant": "e", "aspect": "v", **mark}]
        with pytest.raises(ValueError, match=r"no separate tries|either a value or the state"):
            evaluate(document)
