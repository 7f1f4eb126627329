"""Places: comparators in order, shared places, decided ties."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.comparisons import comparisons
from competition.rules.ranking import By, Comparator, Direction, RankRow, TieDecision, compared, places
from competition.rules.titles import Title

TOTAL = Comparator("total", Direction.DESC)
PRACTICE = Comparator("practice", Direction.DESC)
TIME = Comparator("time", Direction.ASC)
PARTS = ("x", "y", "z")
COUNT_BACK = Comparator("group", by=By.COUNT_BACK, parts=PARTS)
BEST_PARTS = Comparator("group", by=By.BEST_PARTS, parts=PARTS)
DUEL = Comparator("group", by=By.HEAD_TO_HEAD, parts=PARTS)
SECOND_BEST = Comparator("tries", Direction.ASC, By.ATTEMPT, 2)
UNTRIMMED = Comparator("panel", by=By.UNTRIMMED)
STAGE = Comparator("whole", by=By.STAGE, parts=("semi", "final"))
EVERY = [STAGE, TOTAL, COUNT_BACK, BEST_PARTS, DUEL, SECOND_BEST, UNTRIMMED, TIME]
TITLES = {
    name: Title(name, name)
    for name in ("total", "time", "group", "tries", "panel", "whole", "semi", "final", *PARTS)
}

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12).map(
    lambda pairs: [row(f"e{n}", total, time=time) for n, (total, time) in enumerate(pairs)]
)
small = st.integers(0, 2).map(Fraction)
maybe = st.none() | small


def row(entrant, total, **values):
    return RankRow(entrant, {name: Fraction(value) for name, value in {"total": total, **values}.items()})


@st.composite
def rows_of_everything(draw):
    """Rows with values for every comparator, narrow enough that ties go deep."""
    return [
        RankRow(
            f"e{number}",
            {name: draw(maybe if name in PARTS else small) for name in ("total", "time", *PARTS)},
            stage=draw(st.integers(0, 1)),
            beside={SECOND_BEST: draw(maybe), UNTRIMMED: draw(maybe)},
        )
        for number in range(draw(st.integers(1, 9)))
    ]


orders = st.permutations(EVERY).flatmap(lambda order: st.integers(1, len(order)).map(lambda n: order[:n]))


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
    assert placed(values, Comparator("time", Direction.DESC)) == {"a": 1, "b": 2}


def test_values_without_a_common_denominator_are_compared_exactly():
    near = [row(f"e{n}", Fraction(10**12 + n, 10**12 + n + 1)) for n in range(60)]
    assert placed(near, TOTAL) == {f"e{n}": 60 - n for n in range(60)}


def test_the_stage_reached_comes_before_everything_else():
    assert placed(
        [RankRow("a", {"total": Fraction(99)}, stage=0), RankRow("b", {"total": Fraction(1)}, stage=1)],
        STAGE,
        TOTAL,
    ) == {"b": 1, "a": 2}


def test_counting_back_starts_with_the_last_part():
    tied = [row("a", 6, x=3, y=1, z=2), row("b", 6, x=1, y=3, z=2), row("c", 6, x=4, y=1, z=1)]
    assert placed(tied, TOTAL, COUNT_BACK) == {"b": 1, "a": 2, "c": 3}


def test_the_best_two_parts_and_then_the_best_one():
    tied = [row("a", 6, x=3, y=3, z=0), row("b", 6, x=1, y=5, z=0), row("c", 6, x=2, y=3, z=1)]
    assert compared(BEST_PARTS, tied[0]) == (6, 3)
    assert placed(tied, TOTAL, BEST_PARTS) == {"b": 1, "a": 2, "c": 3}


def test_the_best_parts_of_times_are_the_shortest():
    by_time = Comparator("group", Direction.ASC, By.BEST_PARTS, 0, PARTS)
    assert compared(by_time, row("a", 0, x=30, y=10, z=20)) == (30, 10)


def test_a_sum_of_parts_that_are_not_there_has_no_value():
    assert compared(BEST_PARTS, row("a", 0, x=5)) == (None, 5)


def test_head_to_head_decides_between_two_and_nothing_among_three():
    two = [row("a", 6, x=3, y=3, z=0), row("b", 6, x=2, y=2, z=2)]
    assert placed(two, TOTAL, DUEL) == {"a": 1, "b": 2}
    assert placed([*two, row("c", 6, x=0, y=0, z=6)], TOTAL, DUEL) == {"a": 1, "b": 1, "c": 1}


def test_head_to_head_is_asked_of_the_two_whom_an_earlier_comparison_left_tied():
    four = [
        row("a", 6, time=1, x=0, y=0, z=6),
        row("b", 6, time=1, x=3, y=3, z=0),
        row("c", 6, time=2),
        row("d", 6, time=3),
    ]
    assert placed(four, TOTAL, TIME, DUEL) == {"b": 1, "a": 2, "c": 3, "d": 4}
    assert set(placed(four, TOTAL, DUEL).values()) == {1}


def test_a_decision_orders_exactly_those_who_are_tied():
    tied = [row("a", 9), row("b", 8), row("c", 8), row("d", 8)]
    decision = TieDecision(("d", "b", "c"), "Judged again by the panel.")
    assert placed(tied, TOTAL, decisions=[decision]) == {"a": 1, "d": 2, "b": 3, "c": 4}
    other = TieDecision(("c", "b"), "Names not all of them.")
    assert placed(tied, TOTAL, decisions=[other]) == {"a": 1, "b": 2, "c": 2, "d": 2}


# What must hold for every ranking.


@given(rows_of_everything(), orders, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(given_rows, comparators, random):
    shuffled = random.sample(given_rows, len(given_rows))
    assert placed(shuffled, *comparators) == placed(given_rows, *comparators)


@given(rows_of_everything(), orders)
def test_places_are_conserved(given_rows, comparators):
    """A place is one more than the number of those above, so n entrants use up n places however they are shared."""
    by_entrant = placed(given_rows, *comparators)
    assert len(by_entrant) == len(given_rows)
    for place in by_entrant.values():
        assert place == 1 + sum(other < place for other in by_entrant.values())


@given(rows_of_everything(), orders)
def test_what_is_said_of_two_is_what_decided(given_rows, comparators):
    """Of two with different places the last comparison named decides and those before it are equal; of two who share
    a place none decides."""
    placings = {placing.entrant: placing for placing in places(given_rows, comparators)}
    for one in given_rows:
        for other in given_rows:
            said = list(comparisons(one, other, comparators, TITLES, placings[one.entrant]))
            is_shared = placings[one.entrant].place == placings[other.entrant].place
            assert [each.decides for each in said] == [False] * (len(said) - 1) + [not is_shared]
            for each in said[:-1]:
                if each.comparator.by is not By.HEAD_TO_HEAD:
                    assert compared(each.comparator, one) == compared(each.comparator, other)


@given(rows_of_everything(), orders)
def test_the_comparison_that_decided_puts_the_better_one_first(given_rows, comparators):
    placings = {placing.entrant: placing for placing in places(given_rows, comparators)}
    one, other = given_rows[0], given_rows[-1]
    last = list(comparisons(one, other, comparators, TITLES, placings[one.entrant]))[-1]
    if last.decides and last.comparator.by is By.VALUE:
        ours, theirs = (each.values[last.comparator.node] for each in (one, other))
        is_ahead = placings[one.entrant].place < placings[other.entrant].place
        assert is_ahead == (ours > theirs if last.comparator.direction is Direction.DESC else ours < theirs)


@given(rows_of_everything(), orders, st.data())
def test_without_head_to_head_who_leaves_changes_nobody_elses_order(given_rows, comparators, data):
    by = [comparator for comparator in comparators if comparator.by is not By.HEAD_TO_HEAD] or [TOTAL]
    gone = data.draw(st.sampled_from(given_rows))
    before = placed(given_rows, *by)
    after = placed([each for each in given_rows if each is not gone], *by)
    for one in after:
        for other in after:
            assert (before[one] < before[other]) == (after[one] < after[other])


@given(rows_of_everything(), orders, st.data())
def test_a_higher_total_never_lowers_its_entrant(given_rows, comparators, data):
    by = [comparator for comparator in comparators if comparator.by is not By.HEAD_TO_HEAD]
    index = data.draw(st.integers(0, len(given_rows) - 1))
    better = [*given_rows]
    values = given_rows[index].values
    better[index] = replace(given_rows[index], values={**values, "total": values["total"] + 1})
    entrant = given_rows[index].entrant
    assert placed(better, *by)[entrant] <= placed(given_rows, *by)[entrant]


@given(rows)
def test_the_tied_name_each_other(given_rows):
    by_entrant = {placing.entrant: placing for placing in places(given_rows, [TOTAL])}
    for placing in by_entrant.values():
        assert all(placing.entrant in by_entrant[other].others for other in placing.others)
        assert placing.is_shared == bool(placing.others)


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_and_a_single_entrant_are_ranked_too(count):
    assert len(places([row("a", 1)][:count], [TOTAL])) == count
