"""Honours with their own conditions, prizes for organisations and coaches, and the running balance of a group."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import contest
from competition.rules.honours import (
    Among,
    BalanceRule,
    Candidate,
    Honour,
    Prize,
    PrizeBy,
    PrizeFor,
    balance,
    honours,
    prizes,
)
from competition.rules.numbers import RoundingMode
from competition.rules.titles import Title
from tests.rules import contests as a

TITLE = Title("技术能手", "Technical expert")
WORKER, STUDENT = frozenset({"worker"}), frozenset({"student"})
NATIONAL_TABLE = {1: 5, 2: 3, 3: 2}


def candidate(name, place, award=None, delegation="", **parts):
    return Candidate(name, place, award, delegation, **parts)


def ranked(size, **parts):
    return [candidate(f"e{place}", place, **parts) for place in range(1, size + 1)]


def honoured(candidates, **conditions):
    return [each.entrant for each in honours(candidates, [Honour("h", TITLE, **conditions)])]


@pytest.mark.parametrize(("members", "number"), [(1, 5), (2, 3), (3, 2), (4, 0)])
def test_the_last_place_follows_the_number_of_members(members, number):
    assert len(honoured(ranked(8, team_size=members), by_team_size=NATIONAL_TABLE)) == number


def test_the_first_five_who_are_workers_and_nobody_moves_up():
    entrants = [candidate(f"e{n}", n, categories=STUDENT if n == 2 else WORKER) for n in range(1, 8)]
    assert honoured(entrants, places=5, categories=("worker",)) == ["e1", "e3", "e4", "e5"]
    assert honoured(entrants, places=5, not_categories=("student",)) == ["e1", "e3", "e4", "e5"]


def test_places_counted_among_the_workers_move_up():
    entrants = [candidate(f"e{n}", n, categories=STUDENT if n < 3 else WORKER) for n in range(1, 8)]
    first = honours(entrants, [Honour("h", TITLE, places=1, categories=("worker",), among=Among.CATEGORY)])
    assert [(each.entrant, each.place) for each in first] == [("e3", 1)]


def test_places_counted_in_a_category_stay_shared():
    entrants = [candidate("a", 2, categories=WORKER), candidate("b", 2, categories=WORKER)]
    entrants += [candidate("c", 4, categories=WORKER), candidate("x", 1)]
    assert honoured(entrants, places=2, categories=("worker",), among=Among.CATEGORY) == ["a", "b"]


def test_an_honour_for_an_award_and_for_the_first_member_of_a_team():
    pair = [
        candidate("second", 1, team="t", order=2, award="gold"),
        candidate("first", 1, team="t", order=1, award="gold"),
    ]
    assert honoured(pair, awards=("gold",), first_member_only=True) == ["first"]
    as_one = honours(
        [candidate("pair", 1, team_size=2)], [Honour("h", TITLE, places=1, first_member_only=True)]
    )
    assert as_one[0].first_member_only


def test_who_shares_the_last_place_is_honoured_too():
    entrants = [
        candidate("a", 1),
        candidate("b", 2),
        candidate("c", 2),
        candidate("d", 4),
        candidate("e", None),
    ]
    assert honoured(entrants, places=2) == ["a", "b", "c"]


def won(rule, candidates, **parts):
    return [(each.winner, each.place) for each in prizes(candidates, [rule], **parts)]


def delegation_prize(by, count=None, fraction=None, rounding="half_up"):
    parts = None if fraction is None else Fraction(fraction)
    return Prize("p", TITLE, PrizeFor.DELEGATION, by, count, parts, RoundingMode(rounding))


def sent(**numbers):
    """So many entrants of each delegation, with places in the order written."""
    names = [(name, index) for name, number in numbers.items() for index in range(number)]
    return [candidate(f"{name}{i}", place, delegation=name) for place, (name, i) in enumerate(names, 1)]


def test_an_organisation_prize_goes_to_those_who_sent_the_most():
    prize = delegation_prize(PrizeBy.ENTRIES, 2)
    assert won(prize, sent(A=2, B=3, C=1)) == [("B", 1), ("A", 2)]


def test_delegations_that_share_the_last_place_all_receive_the_prize():
    assert won(delegation_prize(PrizeBy.ENTRIES, 1), sent(A=2, B=2, C=1)) == [("A", 1), ("B", 1)]


@pytest.mark.parametrize(("rounding", "number"), [("down", 1), ("up", 2)])
def test_a_fraction_of_the_delegations_is_rounded_as_stated(rounding, number):
    prize = delegation_prize(PrizeBy.ENTRIES, fraction="1/2", rounding=rounding)
    assert len(won(prize, sent(A=3, B=2, C=1))) == number


def test_awards_decide_and_the_higher_award_tells_equal_numbers_apart():
    entrants = [
        candidate("a1", 1, "gold", "A"),
        candidate("b1", 2, "silver", "B"),
        candidate("c1", 3, None, "C"),
    ]
    prize = delegation_prize(PrizeBy.AWARDS, 3)
    assert won(prize, entrants, award_order=["gold", "silver"]) == [("A", 1), ("B", 2)]


def test_team_places_decide_a_prize_by_teams():
    prize = delegation_prize(PrizeBy.TEAMS, 1)
    assert won(prize, sent(A=1, B=1), team_places={"B": 1, "A": 2}) == [("B", 1)]


def test_a_coach_is_named_once_with_all_winners():
    entrants = [candidate("a", 1, "gold", coach="王教练"), candidate("b", 2, "gold", coach="王教练")]
    entrants += [candidate("c", 3, "silver", coach="李教练"), candidate("d", 4, "gold")]
    found = prizes(entrants, [Prize("p", TITLE, PrizeFor.COACH, awards=("gold",))])
    assert [(each.winner, each.entrants) for each in found] == [("王教练", ("a", "b"))]


def test_the_best_of_each_delegation_receives_a_prize():
    entrants = [
        candidate("a", 1, delegation="A"),
        candidate("b", 2, delegation="A"),
        candidate("c", 3, delegation="B"),
    ]
    assert won(Prize("p", TITLE, PrizeFor.BEST_OF_DELEGATION), entrants) == [("a", 1), ("c", 3)]


THIRTY_FIVE = BalanceRule("b", TITLE, ("worker",), Fraction(35), ("first", "second"))


def test_the_balance_of_a_group_runs_place_by_place():
    entrants = [
        candidate(f"e{n}", n, "first", categories=WORKER if n in (2, 3) else STUDENT) for n in range(1, 7)
    ]
    rows = balance(entrants, THIRTY_FIVE).rows
    assert [(row.of_group, row.total, row.is_met) for row in rows] == [
        (0, 1, False),
        (1, 2, True),
        (2, 3, True),
        (2, 4, True),
        (2, 5, True),
        (2, 6, False),
    ]
    assert (
        str(balance(entrants, THIRTY_FIVE).sentence) == "2 of 6, 33.333333… %: at least 35 % is not reached."
    )


def test_a_balance_over_honours_counts_each_person_once():
    entrants = [candidate("a", 1, "first", categories=WORKER), candidate("b", 2, None)]
    given_out = honours(entrants, [Honour("h", TITLE, places=2)])
    rule = BalanceRule("b", TITLE, ("worker",), Fraction(50), ("first", "h"))
    assert [row.total for row in balance(entrants, rule, given_out).rows] == [1, 2]
    assert balance(entrants, rule, given_out).is_met


def test_a_balance_of_nothing_is_neither_met_nor_missed():
    assert balance([], THIRTY_FIVE).is_met is None


people = st.lists(
    st.tuples(
        st.integers(1, 6), st.sampled_from(["first", "second", None]), st.sampled_from([WORKER, STUDENT])
    ),
    max_size=15,
)


@given(people, st.randoms())
def test_the_order_in_which_entrants_stand_changes_nothing(drawn, random):
    entrants = [
        candidate(f"e{n}", place, award, categories=group, delegation="AB"[n % 2], coach="XY"[n % 2])
        for n, (place, award, group) in enumerate(drawn)
    ]
    shuffled = list(entrants)
    random.shuffle(shuffled)
    rules = [Honour("h", TITLE, places=3, categories=("worker",)), Honour("g", TITLE, awards=("first",))]
    every = [delegation_prize(PrizeBy.AWARDS, 1), Prize("c", TITLE, PrizeFor.COACH, places=2)]
    assert honours(entrants, rules) == honours(shuffled, rules)
    assert prizes(entrants, every, award_order=["first"]) == prizes(shuffled, every, award_order=["first"])
    assert balance(entrants, THIRTY_FIVE) == balance(shuffled, THIRTY_FIVE)


@given(people)
def test_a_balance_counts_everybody_once_and_changes_no_award(drawn):
    entrants = [
        candidate(f"e{n}", place, award, categories=group) for n, (place, award, group) in enumerate(drawn)
    ]
    rows = balance(entrants, THIRTY_FIVE).rows
    winners = [each for each in entrants if each.award]
    assert (rows[-1].total if rows else 0) == len(winners)
    assert (rows[-1].of_group if rows else 0) == sum(each.categories >= WORKER for each in winners)


def test_a_document_names_honours_prizes_and_balances():
    zh = {"title": {"zh": "奖"}}
    rules = a.ruleset(
        a.value_aspect("mark"),
        awards={"model": "counts", "awards": [{"id": "first", "count": 2, **zh}]},
        honours=[{"id": "expert", "places": 2, "categories": ["worker"], **zh}],
        prizes=[{"id": "coach", "to": "coach", "places": 1, **zh}],
        balances=[{"id": "share", "categories": ["worker"], "at_least": 35, "of": ["first"], **zh}],
    )
    entrants = [
        {"id": "x", "categories": ["student"], "coach": "王教练"},
        {"id": "y", "categories": ["worker"], "coach": "李教练"},
    ]
    outcome = contest.evaluate(a.contest(rules, [("x", "mark", None, 90), ("y", "mark", None, 80)], entrants))
    plain = outcome.as_json(with_working=False)
    assert [(each["honour"], each["entrant"]) for each in plain["honours"]] == [("expert", "y")]
    assert [each["winner"] for each in plain["prizes"]] == ["王教练"]
    assert [row["met"] for row in plain["balances"][0]["rows"]] == [False, True]
