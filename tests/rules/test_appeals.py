"""The way of an appeal as a table, and what makes a ruling one."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from competition.rules.appeals import (
    EFFECT_TITLES,
    GROUND_TITLES,
    KIND_TITLES,
    RULING_TITLES,
    STATE_TITLES,
    TRANSITIONS,
    AppealKind,
    AppealMove,
    AppealState,
    Effect,
    Ground,
    Ruling,
    Window,
    moves_from,
    refusal,
    ruling_problems,
)


def test_every_state_and_move_is_either_allowed_or_refused_with_a_sentence():
    for state, move in product(AppealState, AppealMove):
        assert (refusal(state, move) is None) == (move in moves_from(state))


def test_what_is_withdrawn_forfeited_or_carried_out_is_over():
    over = (AppealState.WITHDRAWN, AppealState.FORFEITED, AppealState.CARRIED_OUT)
    assert [moves_from(state) for state in over] == [(), (), ()]


def test_every_state_is_reached_from_filed():
    reached = {AppealState.FILED}
    for _ in AppealState:
        reached |= {TRANSITIONS[move].after for state in reached for move in moves_from(state)}
    assert reached == set(AppealState)


@pytest.mark.parametrize(
    ("members", "titles"),
    [
        (AppealKind, KIND_TITLES),
        (AppealState, STATE_TITLES),
        (Effect, EFFECT_TITLES),
        (Ground, GROUND_TITLES),
        (Ruling, RULING_TITLES),
    ],
)
def test_everything_has_a_name(members, titles):
    assert set(titles) == set(members)


def test_both_ends_of_a_window_belong_to_it():
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    window, moment = Window(noon, noon + timedelta(hours=2)), timedelta(microseconds=1)
    asked = (noon - moment, noon, noon + timedelta(hours=2), noon + timedelta(hours=2) + moment)
    assert [window.is_open(at) for at in asked] == [False, True, True, False]


def test_a_sound_ruling_has_no_problem():
    assert ruling_problems(Ruling.UPHELD, Effect.NEW_MARKS, "理由", 1) == ()
    assert ruling_problems(Ruling.DISMISSED, Effect.NONE, "理由", 0) == ()


def test_a_ruling_needs_its_reasons():
    assert len(ruling_problems(Ruling.DISMISSED, Effect.NONE, " ", 0)) == 1
