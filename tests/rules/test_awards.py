"""Awards: the models of the rule texts, their denominators and their lines."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.awards import (
    Award,
    AwardLine,
    AwardModel,
    AwardRule,
    AwardTies,
    Denominator,
    awards,
)
from competition.rules.numbers import RoundingMode
from competition.rules.titles import Title
from tests.rules.contests import numbers_of_awards


def award(name, amount=0, first=0, last=0):
    return Award(name, Title(name, name), Fraction(amount), first, last)


def rule(model, *of, denominator="present", rounding="half_up", ties="all", merit=None):
    merit_award = None if merit is None else award("merit", merit)
    kinds = Denominator(denominator), RoundingMode(rounding), AwardTies(ties)
    return AwardRule(AwardModel(model), of, *kinds, merit_award)


def line(entrant, place, eligible=True, present=True, complete=True):
    return AwardLine(entrant, place, eligible, present, complete)


def ranked(*places):
    return [line(f"e{number}", place) for number, place in enumerate(places, 1)]


def given_to(lines, award_rule):
    return {name: awarded.award for name, awarded in awards(lines, award_rule).items() if awarded.award}


TEN_TWENTY_THIRTY = (award("first", 10), award("second", 20), award("third", 30))


@pytest.mark.parametrize(
    ("rounding", "numbers"), [("down", [4, 9, 14]), ("up", [5, 10, 15]), ("half_up", [5, 9, 14])]
)
def test_ten_twenty_thirty_percent_of_47_entrants_depends_on_the_rounding(rounding, numbers):
    percent = rule("percent", *TEN_TWENTY_THIRTY, rounding=rounding)
    assert [number for _, number in numbers_of_awards(percent, 47)] == numbers
    received = list(given_to(ranked(*range(1, 48)), percent).values())
    assert [received.count(name) for name in ("first", "second", "third")] == numbers


@pytest.mark.parametrize(("rounding", "winners"), [("down", 8), ("up", 9), ("half_up", 9)])
def test_the_top_half_of_17_is_8_or_9(rounding, winners):
    half = rule("top_fraction", award("merit", Fraction(1, 2)), rounding=rounding)
    assert len(given_to(ranked(*range(1, 18)), half)) == winners


def test_medals_for_ranks_one_to_three_and_excellence_for_the_rest_of_the_top_half():
    medals = rule(
        "bands",
        award("gold", 0, 1, 1),
        award("silver", 0, 2, 2),
        award("bronze", 0, 3, 3),
        merit=Fraction(1, 2),
    )
    received = given_to(ranked(*range(1, 11)), medals)
    assert list(received.values()) == ["gold", "silver", "bronze", "merit", "merit"]


def test_fixed_numbers_are_given_in_order():
    fixed = rule("counts", award("first", 1), award("second", 2))
    assert given_to(ranked(1, 2, 3, 4), fixed) == {"e1": "first", "e2": "second", "e3": "second"}


@pytest.mark.parametrize(("ties", "expected"), [("all", "first"), ("none", "second")])
def test_a_shared_place_across_the_line_is_on_one_side_of_it_as_a_whole(ties, expected):
    fixed = rule("counts", award("first", 2), award("second", 2), ties=ties)
    received = given_to(ranked(1, 2, 2, 4), fixed)
    assert (received["e2"], received["e3"]) == (expected, expected)


def test_who_may_not_receive_an_award_keeps_the_place_and_the_awards_move_up():
    lines = [line("a", 1), line("guest", 2, eligible=False), line("b", 3), line("c", 4), line("d", 4)]
    awarded = awards(lines, rule("counts", award("first", 1), award("second", 1)))
    assert "guest" not in awarded
    assert {name: each.award_place for name, each in awarded.items()} == {"a": 1, "b": 2, "c": 3, "d": 3}
    assert awarded["b"].award == "second"


@pytest.mark.parametrize(("denominator", "winners"), [("registered", 2), ("present", 2), ("completed", 1)])
def test_the_denominator_is_as_stated(denominator, winners):
    lines = [line("a", 1), line("b", 2), line("c", None, complete=False), line("d", None, present=False)]
    quarter = rule("percent", award("first", 50), denominator=denominator, rounding="down")
    expected = {"registered": 2, "present": 1, "completed": 1}[denominator]
    assert len(given_to(lines, quarter)) == expected <= winners


@given(st.integers(0, 60), st.sampled_from(["down", "up", "half_up", "half_even"]))
def test_no_more_awards_than_stated_are_given_without_ties(entrants, rounding):
    percent = rule("percent", *TEN_TWENTY_THIRTY, rounding=rounding)
    received = list(given_to(ranked(*range(1, entrants + 1)), percent).values())
    for name, number in numbers_of_awards(percent, entrants):
        assert received.count(name) <= number


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_a_better_place_never_gets_a_lesser_award(eligible):
    lines = [line(f"e{number}", number, eligible=flag) for number, flag in enumerate(eligible, 1)]
    awarded = awards(lines, rule("counts", award("first", 2), award("second", 3)))
    order = [awarded[each.entrant].award or "~" for each in lines if each.eligible]
    assert order == sorted(order)
