"""One judge with the very same sheet for many: told where the panel's spread does not explain it."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.judge_repetition import Repetition, repetitions
from competition.rules.judge_statistics import Score

ENTRANTS = 20


def _sheets(judge: str, sheets: list[tuple[int, ...]], **more: object) -> list[Score]:
    """The sheets of a judge for E0, E1 …; aspects A, B, C …"""
    return [
        Score(judge, f"E{entrant:02}", "ABCDEF"[nth], Fraction(value), Fraction(10), **more)  # type: ignore[arg-type]
        for entrant, marks in enumerate(sheets)
        for nth, value in enumerate(marks)
    ]


def _varied(shift: int = 0, number: int = ENTRANTS) -> list[tuple[int, ...]]:
    return [((7 * n + shift) % 11, (3 * n + shift) % 10, (n + shift) % 9) for n in range(number)]


def _suspicious(scores: list[Score]) -> list[Repetition]:
    return [each for each in repetitions(scores) if each.is_suspicious]


def test_a_judge_with_one_sheet_for_half_the_entrants_is_named_with_these() -> None:
    same = [(6, 6, 6)] * 10 + _varied()[10:]

    (found,) = _suspicious(_sheets("J1", same) + _sheets("J2", _varied()) + _sheets("J3", _varied(1)))

    assert (found.judge, found.share, found.likely) == ("J1", Fraction(1, 2), 2)
    assert found.entrants == tuple(f"E{n:02}" for n in range(10))


def test_on_a_coarse_scale_the_same_sheet_for_many_is_likely() -> None:
    coarse = [(2, 2, 2 + (n % 4 == 0)) for n in range(ENTRANTS)]
    other = [(2, 2, 2 + (n % 3 == 0)) for n in range(ENTRANTS)]

    found = repetitions(_sheets("J1", coarse) + _sheets("J2", other))

    assert found[0].share == Fraction(3, 4)
    assert not _suspicious(_sheets("J1", coarse) + _sheets("J2", other))


def test_entrants_who_are_alike_to_the_whole_panel_are_nothing_strange() -> None:
    zeros = [(0, 0, 0)] * 8
    scores = _sheets("J1", zeros + _varied()[8:]) + _sheets("J2", zeros + _varied(1)[8:])

    assert not _suspicious(scores)


def test_two_judges_who_repeat_themselves_do_not_excuse_each_other() -> None:
    scores = _sheets("J1", [(6, 6, 6)] * ENTRANTS) + _sheets("J2", [(7, 7, 7)] * ENTRANTS)
    scores += _sheets("J3", _varied()) + _sheets("J4", _varied(1)) + _sheets("J5", _varied(2))

    assert [each.judge for each in _suspicious(scores)] == ["J1", "J2"]


@pytest.mark.parametrize(
    "scores",
    [
        _sheets("J1", [(6, 6, 6)] * 9) + _sheets("J2", _varied(0, 9)),
        _sheets("J1", [(6, 6)] * ENTRANTS) + _sheets("J2", [marks[:2] for marks in _varied()]),
        _sheets("J1", [(6, 6, 6)] * ENTRANTS),
        _sheets("J1", [(6, 6, 6)] * ENTRANTS) + _sheets("S1", _varied(), shadow=True),
    ],
    ids=["nine sheets", "two marks a sheet", "nobody else", "only a shadow beside"],
)
def test_too_little_to_compare_says_nothing_of_the_judge(scores: list[Score]) -> None:
    assert "J1" not in {each.judge for each in repetitions(scores)}


def test_a_sheet_that_is_not_whole_is_equal_to_none() -> None:
    whole = _sheets("J1", [(6, 6, 6)] * 12)
    part = [score for score in whole if (score.entrant, score.aspect) != ("E03", "C")]

    found = repetitions(part + _sheets("J2", _varied()))

    assert (found[0].sheets, "E03" in found[0].entrants) == (11, False)


def test_the_bound_is_the_binomial_tail_times_sheets_and_judges() -> None:
    same = [(6, 6, 6)] * 5 + _varied()[5:]
    (found,) = repetitions(_sheets("J1", same) + _sheets("J2", _varied()))

    p = Fraction(1, 20)
    tail = 1 - sum(comb(19, k) * p**k * (1 - p) ** (19 - k) for k in range(4))
    assert (found.chance, found.probability) == (p, min(Fraction(1), tail * 20 * 2))


@given(
    st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=10, max_size=16), st.randoms(use_true_random=False)
)
def test_the_order_of_the_marks_changes_nothing(sheets, chance) -> None:
    scores = _sheets("J1", sheets) + _sheets("J2", sheets[::-1])
    shuffled = chance.sample(scores, len(scores))

    assert repetitions(shuffled) == repetitions(scores)
