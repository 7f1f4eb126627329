"""Places: comparators in order, shared places, decided ties."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.ranking import Comparator, Direction, RankRow, TieDecision, places

TOTAL = Comparator("total", Direction.DESC)
PRACTICE = Comparator("practice", Direction.DESC)
TIME = Comparator("time", Direction.ASC)

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12).map(
    lambda pairs: [row(f"e{n}", total, time=time) for n, (total, time) in enumerate(pairs)]
)


def row(entrant, total, **values):
    return RankRow(entrant, {name: Fraction(value) for name, value in {"total": total, **values}.items()})


def placed(given_rows, *comparators, decisions=()):
    return {placing.entrant: placing.place for placing in places(given_rows, comparators, decisions)}


def test_equal_totals_share_a_place_and_the_next_place_is_left_out():
    totals = [row("a", 9), row("b", 8), row("c", 8), row("d", 7)]
    assert placed(totals, TOTAL) == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_practice_and_then_the_shorter_time_break_a_tie():
    tied = [
        row("A", "88.78", practice="91.25", time=172),
        row("B", "88.78", practice="91.25", time=168),
        row("C", "88.78", practice="91.26", time=200),
    ]
    assert placed(tied, TOTAL, PRACTICE, TIME) == {"C": 1, "B": 2, "A": 3}


def test_a_value_that_is_missing_comes_last_in_either_direction():
    values = [row("a", 5, time=60), RankRow("b", {"total": Fraction(5), "time": None})]
    assert placed(values, TOTAL, TIME) == {"a": 1, "b": 2}


def test_a_decision_orders_exactly_those_who_are_tied():
    tied = [row("a", 9), row("b", 8), row("c", 8), row("d", 8)]
    decision = TieDecision(("d", "b", "c"), "Judged again by the panel.")
    assert placed(tied, TOTAL, decisions=[decision]) == {"a": 1, "d": 2, "b": 3, "c": 4}
    other = TieDecision(("c", "b"), "Names not all of them.")
    assert placed(tied, TOTAL, decisions=[other]) == {"a": 1, "b": 2, "c": 2, "d": 2}


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(given_rows, random):
    shuffled = random.sample(given_rows, len(given_rows))
    assert placed(shuffled, TOTAL, TIME) == placed(given_rows, TOTAL, TIME)


@given(rows)
def test_places_are_conserved(given_rows):
    """A place is one more than the number of those above, so n entrants use up n places however they are shared."""
    by_entrant = placed(given_rows, TOTAL, TIME)
    for place in by_entrant.values():
        assert place == 1 + sum(other < place for other in by_entrant.values())


@given(rows)
def test_the_tied_name_each_other(given_rows):
    by_entrant = {placing.entrant: placing for placing in places(given_rows, [TOTAL])}
    for placing in by_entrant.values():
        assert all(placing.entrant in by_entrant[other].others for other in placing.others)
        assert placing.is_shared == bool(placing.others)


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_and_a_single_entrant_are_ranked_too(count):
    assert len(places([row("a", 1)][:count], [TOTAL])) == count
