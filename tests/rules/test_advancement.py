"""Advancement: by place and quota, ties at the line by the declared policy, refill by the old order."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.advancement import (
    Advancement,
    Line,
    Outcome,
    QuotaRow,
    TiesAtTheLine,
    advance,
    delegations_named_in_vain,
    refill,
)
from competition.rules.sentences import sentence

ALL, NONE, BY_TIE_BREAK = (
    TiesAtTheLine.ALL,
    TiesAtTheLine.NONE,
    TiesAtTheLine.BY_TIE_BREAK,
)


def result(*places: int | None) -> list[Line]:
    """Entrants a, b, c … with these places."""
    return [Line(chr(ord("a") + index), place) for index, place in enumerate(places)]


def reason_of(advancement: Advancement, entrant: str) -> str:
    return next(str(row.sentence) for row in advancement.rows if row.id == entrant)


def test_the_first_places_go_on_and_the_next_are_reserves() -> None:
    decision = advance(result(1, 2, 3, 4, 5), quota=2, reserves=2)
    assert decision.advanced == ("a", "b")
    assert decision.reserves == ("c", "d")
    assert [str(row.sentence) for row in decision.left_out] == ["Place 5 is below the quota of 2."]


def test_a_short_field_leaves_vacancies() -> None:
    decision = advance(result(1, 2), quota=3, reserves=1)
    assert (decision.advanced, decision.vacancies) == (("a", "b"), 1)


@pytest.mark.parametrize(
    ("ties", "advanced", "reserves", "undecided"),
    [
        (ALL, "abc", "d", ""),
        (NONE, "a", "bc", ""),
        (BY_TIE_BREAK, "a", "d", "bc"),
    ],
)
def test_a_tie_at_the_line_follows_the_policy(
    ties: TiesAtTheLine, advanced: str, reserves: str, undecided: str
) -> None:
    decision = advance(result(1, 2, 2, 4, 5), quota=2, reserves=1, ties=ties)
    assert decision.advanced == tuple(advanced)
    assert decision.reserves == tuple(reserves)
    assert decision.undecided == tuple(undecided)
    assert "Shares place 2" in reason_of(decision, "b")


def test_a_tie_above_the_line_needs_no_decision() -> None:
    assert advance(result(1, 1, 3, 4), quota=3).advanced == ("a", "b", "c")


def test_a_recorded_tie_break_settles_the_line() -> None:
    lines = [
        Line("a", 1),
        Line("b", 2, tie_break=2),
        Line("c", 2, tie_break=1),
        Line("d", 4),
    ]
    decision = advance(lines, quota=2, reserves=1, ties=BY_TIE_BREAK)
    assert decision.advanced == ("a", "c")
    assert decision.reserves == ("b",)
    assert "by the tie-break" in reason_of(decision, "c")


def test_an_incomplete_tie_break_settles_nothing() -> None:
    lines = [Line("a", 1, tie_break=1), Line("b", 1)]
    assert advance(lines, quota=1).undecided == ("a", "b")


def test_ineligible_and_unplaced_entrants_are_passed_over_with_the_reason() -> None:
    barred = sentence("Already holds the title.")
    lines = [
        Line("a", 1, eligible=False, reason=barred),
        Line("b", 2),
        Line("c", None),
        Line("d", 3, eligible=False),
    ]
    decision = advance(lines, quota=2)
    assert decision.advanced == ("b",)
    assert reason_of(decision, "a") == "Already holds the title."
    assert reason_of(decision, "c") == "Has no place in the result."
    assert "not eligible" in reason_of(decision, "d")


def test_a_delegation_sends_no_more_than_its_cap() -> None:
    lines = [
        Line("a", 1, delegation="X"),
        Line("b", 2, delegation="X"),
        Line("c", 3, delegation="Y"),
    ]
    decision = advance(lines, quota=2, delegation_cap=1)
    assert decision.advanced == ("a", "c")
    assert "already has its 1 entrants" in reason_of(decision, "b")


@pytest.mark.parametrize(("ties", "advanced"), [(ALL, "abc"), (NONE, "c"), (BY_TIE_BREAK, "c")])
def test_a_tie_at_the_cap_follows_the_policy_too(ties: TiesAtTheLine, advanced: str) -> None:
    lines = [
        Line("a", 1, delegation="X"),
        Line("b", 1, delegation="X"),
        Line("c", 3, delegation="Y"),
    ]
    assert advance(lines, quota=3, ties=ties, delegation_cap=1).advanced == tuple(advanced)


def test_entrants_without_a_delegation_have_no_cap() -> None:
    assert advance(result(1, 2, 3), quota=3, delegation_cap=1).advanced == (
        "a",
        "b",
        "c",
    )


def test_a_withdrawal_calls_the_first_reserve_and_the_next_moves_up() -> None:
    decision = refill(advance(result(1, 2, 3, 4, 5), quota=2, reserves=1), ["a"])
    assert decision.advanced == ("b", "c")
    assert decision.reserves == ("d",)
    assert reason_of(decision, "b") == "Had advanced already."
    assert reason_of(decision, "a") == "Has withdrawn."


def test_a_reserve_who_withdraws_is_passed_over_later() -> None:
    decision = refill(refill(advance(result(1, 2, 3, 4), quota=1, reserves=1), ["b"]), ["a"])
    assert decision.advanced == ("c",)


def test_a_capped_entrant_moves_up_when_their_delegation_withdraws() -> None:
    lines = [
        Line("a", 1, delegation="X"),
        Line("b", 2, delegation="X"),
        Line("c", 3, delegation="Y"),
        Line("d", 4, delegation="Z"),
    ]
    decision = advance(lines, quota=2, delegation_cap=1)
    assert refill(decision, ["a"]).advanced == ("b", "c")
    assert refill(decision, ["c"]).advanced == ("a", "d")


def test_nobody_is_called_while_a_shared_place_exceeds_the_quota() -> None:
    decision = advance(result(1, 2, 2, 4), quota=2, reserves=1, ties=ALL)
    assert refill(decision, ["a"]).advanced == ("b", "c")


def test_who_shared_the_place_at_the_line_goes_on_once_there_is_room_for_all() -> None:
    decision = advance(result(1, 2, 2, 4), quota=2, reserves=2, ties=NONE)
    assert refill(decision, ["a"]).advanced == ("b", "c")


@pytest.mark.parametrize(
    ("lines", "quota", "reserves", "cap"),
    [
        ([Line("a", 1), Line("a", 2)], 1, 0, None),
        (result(1), 0, 0, None),
        (result(1), 1, -1, None),
        (result(1), 1, 0, 0),
    ],
)
def test_impossible_questions_are_refused(
    lines: list[Line], quota: int, reserves: int, cap: int | None
) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        advance(lines, quota, reserves, delegation_cap=cap)


def test_only_entrants_of_the_result_withdraw() -> None:
    with pytest.raises(ValueError, match="not in the result"):
        refill(advance(result(1), quota=1), ["stranger"])


@st.composite
def results(draw: st.DrawFn) -> list[Line]:
    size = draw(st.integers(1, 12))
    marks = sorted((draw(st.integers(0, 6)) for _ in range(size)), reverse=True)
    return [
        Line(
            f"e{index:02d}",
            draw(st.sampled_from([marks.index(mark) + 1] * 9 + [None])),
            eligible=draw(st.sampled_from([True, True, True, False])),
            delegation=draw(st.sampled_from(["X", "Y", "Z", None])),
        )
        for index, mark in enumerate(marks)
    ]


policies = st.sampled_from(TiesAtTheLine)
caps = st.none() | st.integers(1, 3)


def worst_place(advancement: Advancement, outcomes: Iterable[Outcome]) -> int:
    return max(
        (row.place or 0 for row in advancement.rows if row.outcome in outcomes),
        default=0,
    )


@given(results(), st.integers(1, 6), st.integers(0, 3), policies, caps)
def test_everybody_gets_one_outcome_and_a_reason(
    lines: list[Line], quota: int, reserves: int, ties: TiesAtTheLine, cap: int | None
) -> None:
    decision = advance(lines, quota, reserves, ties, delegation_cap=cap)
    assert sorted(row.id for row in decision.rows) == [line.id for line in lines]
    assert all(str(row.sentence) for row in decision.rows)
    assert len(decision.advanced) <= quota or ties is ALL


@given(results(), st.integers(1, 6), st.integers(0, 3), policies)
def test_nobody_is_overtaken_by_a_worse_place(
    lines: list[Line], quota: int, reserves: int, ties: TiesAtTheLine
) -> None:
    decision = advance(lines, quota, reserves, ties)
    waiting = [
        row.place
        for row in decision.rows
        if row.outcome in (Outcome.RESERVE, Outcome.UNDECIDED) and row.place
    ]
    assert all(place >= worst_place(decision, [Outcome.ADVANCED]) for place in waiting)


@given(results(), st.integers(1, 6), policies)
def test_sharers_of_a_place_share_the_outcome_while_no_tie_break_parts_them(
    lines: list[Line], quota: int, ties: TiesAtTheLine
) -> None:
    decision = advance(lines, quota, 2, ties)
    running = [row for row in decision.rows if row.outcome is not Outcome.LEFT_OUT]
    outcomes = {
        place: {row.outcome for row in running if row.place == place} for place in {r.place for r in running}
    }
    assert all(len(found) == 1 for found in outcomes.values())


@given(results(), st.integers(1, 6), policies, caps, st.data())
def test_who_advanced_and_stays_keeps_the_place(
    lines: list[Line],
    quota: int,
    ties: TiesAtTheLine,
    cap: int | None,
    data: st.DataObject,
) -> None:
    before = advance(lines, quota, 2, ties, delegation_cap=cap)
    gone = data.draw(st.sets(st.sampled_from([line.id for line in lines])))
    after = refill(before, gone)
    assert set(before.advanced) - gone <= set(after.advanced)
    assert not set(after.advanced) & gone
    assert refill(before, []).advanced == before.advanced


def test_a_row_for_a_delegation_that_nobody_is_called_is_named_once():
    rows = [
        QuotaRow("甲厂", None, 1),
        QuotaRow("乙", "woman", 1),
        QuotaRow("乙", None, 2),
        QuotaRow(None, "woman", 1),
    ]
    assert delegations_named_in_vain(rows, ["甲厂", "乙厂"]) == ("乙",)
