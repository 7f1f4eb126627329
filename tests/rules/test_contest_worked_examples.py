"""The worked examples of docs/sources.md, domain §5.12, each evaluated as a whole contest document."""

from collections import Counter
from decimal import Decimal

import pytest

from competition.rules.contest import evaluate
from tests.rules.contests import by_judges, contest, group, judgement, panel, ruleset, value_aspect

TWO_PLACES = {"digits": 2}
TITLE = {"zh": "奖"}


def total(rules, marks):
    return evaluate(contest(rules, marks)).lines[0].total


def test_levels_2_3_2_of_an_aspect_worth_one_and_a_half_make_1_17():
    rules = ruleset(judgement("order", "1.50", rounding=TWO_PLACES))
    assert total(rules, by_judges("e", "order", 2, 3, 2)) == Decimal("1.17")


def test_levels_1_3_2_are_blocked_until_they_are_judged_again_and_both_rounds_are_kept():
    rules = ruleset(judgement("order", "1.50", rounding=TWO_PLACES))
    first = by_judges("e", "order", 1, 3, 2)
    blocked = evaluate(contest(rules, first)).line("e")
    assert (blocked.total, len(blocked.blockers)) == (None, 1)
    document = contest(rules, [*first, *by_judges("e", "order", 2, 3, 2)])
    for mark in document["marks"][3:]:
        mark["round"] = 2
    outcome = evaluate(document)
    assert outcome.line("e").total == Decimal("1.17")
    inputs = outcome.working("e").children[0].inputs
    assert Counter((given.round, given.counts) for given in inputs) == {(1, False): 3, (2, True): 3}


def test_five_subjective_marks_without_the_highest_and_the_lowest_make_89_67():
    rules = ruleset(panel("piece", 5, "trimmed_mean", trim={"low": 1, "high": 1}, rounding=TWO_PLACES))
    assert total(rules, by_judges("e", "piece", 88, 90, 91, 85, 95)) == Decimal("89.67")


@pytest.mark.parametrize(
    ("practice", "mode", "expected"),
    [
        ("91.25", "half_up", "88.78"),
        ("91.25", "half_even", "88.78"),
        ("91.23571428", "half_up", "88.76"),
        ("91.23571429", "half_up", "88.77"),
    ],
)
def test_theory_83_and_practice_at_30_to_70(practice, mode, expected):
    children = value_aspect("theory", weight=30), value_aspect("practice", weight=70)
    scheme = group("total", *children, combine="weighted", rounding={"digits": 2, "mode": mode})
    marks = [("e", "theory", None, 83), ("e", "practice", None, practice)]
    assert total(ruleset(scheme=scheme), marks) == Decimal(expected)


@pytest.mark.parametrize(("mode", "expected"), [("half_up", "88.77"), ("half_even", "88.76")])
def test_half_up_and_half_even_differ_at_88_765(mode, expected):
    rules = ruleset(value_aspect("mark", rounding={"digits": 2, "mode": mode}))
    assert total(rules, [("e", "mark", None, "88.765")]) == Decimal(expected)


def numbers_of_awards(awards, entrants):
    marks = [(f"e{number}", "v", None, number) for number in range(entrants)]
    outcome = evaluate(contest(ruleset(value_aspect("v", 1000), awards=awards), marks))
    won = Counter(line.award for line in outcome.lines)
    return [won[award["id"]] for award in awards["awards"]]


@pytest.mark.parametrize(
    ("rounding", "numbers"), [("down", [4, 9, 14]), ("up", [5, 10, 15]), ("half_up", [5, 9, 14])]
)
def test_ten_twenty_and_thirty_percent_of_47_need_a_stated_rounding(rounding, numbers):
    shares = {"first": 10, "second": 20, "third": 30}
    awards = {
        "model": "percent",
        "denominator": "present",
        "rounding": rounding,
        "awards": [{"id": name, "title": TITLE, "percent": share} for name, share in shares.items()],
    }
    assert numbers_of_awards(awards, 47) == numbers


def test_one_to_two_to_three_within_twenty_percent_of_47_are_1_3_5():
    awards = {
        "model": "ratio",
        "share": "20",
        "denominator": "present",
        "rounding": "down",
        "awards": [
            {"id": name, "title": TITLE, "parts": parts}
            for name, parts in {"first": 1, "second": 2, "third": 3}.items()
        ],
    }
    assert numbers_of_awards(awards, 47) == [1, 3, 5]


@pytest.mark.parametrize(("rounding", "number"), [("down", 8), ("up", 9)])
def test_the_top_half_of_17_is_8_or_9(rounding, number):
    awards = {
        "model": "top_fraction",
        "denominator": "present",
        "rounding": rounding,
        "awards": [{"id": "excellent", "title": TITLE, "fraction": "1/2"}],
    }
    assert numbers_of_awards(awards, 17) == [number]
