"""What the marks say about the judges."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.judge_statistics import (
    Score,
    deviations,
    figures,
    heat_map,
    likenesses,
    spreads,
    welch_probability,
)

TEN = Fraction(10)


def _score(judge: str, entrant: str, value: int | str, **more: object) -> Score:
    return Score(judge, entrant, "A", Fraction(value), TEN, **more)  # type: ignore[arg-type]


def _of(judge: str, values: list[int], **more: object) -> list[Score]:
    return [_score(judge, f"E{index}", value, **more) for index, value in enumerate(values)]


def test_a_mark_is_compared_with_the_mean_of_the_others() -> None:
    found = deviations([_score("J1", "E", 5), _score("J2", "E", 7), _score("J3", "E", 9)])

    assert [(each.score.judge, each.percent) for each in found] == [("J1", -30), ("J2", 0), ("J3", 30)]


def test_a_mark_without_others_says_nothing_about_its_judge() -> None:
    assert deviations([_score("J1", "E", 5)]) == ()
    assert figures([_score("J1", "E", 5)])[0].severity is None


def test_a_shadow_judge_is_measured_and_measures_nobody() -> None:
    panel = [_score("J1", "E", 6), _score("J2", "E", 6)]

    with_shadow = deviations([*panel, _score("S1", "E", 9, shadow=True)])

    assert {each.score.judge: each.percent for each in with_shadow} == {"J1": 0, "J2": 0, "S1": 30}


def test_the_most_severe_judge_stands_first() -> None:
    scores = _of("J1", [6, 7, 8]) + _of("J2", [5, 6, 7]) + _of("J3", [7, 8, 9])

    assert [(each.judge, each.severity) for each in figures(scores)] == [("J2", -15), ("J1", 0), ("J3", 15)]


@given(st.lists(st.tuples(*[st.integers(0, 10)] * 3), min_size=1, max_size=12))
def test_severities_of_a_complete_panel_add_up_to_nothing(marks: list[tuple[int, int, int]]) -> None:
    scores = [
        _score(f"J{judge}", f"E{row}", value)
        for row, values in enumerate(marks)
        for judge, value in enumerate(values)
    ]

    assert sum(each.severity or 0 for each in figures(scores)) == 0


def test_a_probability_agrees_with_an_independent_program() -> None:
    # scipy.stats.ttest_ind(…, equal_var=False): t = -1.92154, df = 7.08678, p = 0.09560173477.
    one = [Fraction(value) for value in (3, 4, 1, 2, 5)]
    other = [Fraction(value) for value in (6, 9, 5, 4, 3)]

    found = welch_probability(one, other)

    assert found is not None
    assert f"{found:.10f}" == "0.0956017348"


@pytest.mark.parametrize(("one", "other", "probability"), [([1, 1], [1, 1], 1.0), ([1, 1], [2, 2], 0.0)])
def test_marks_that_do_not_vary_leave_no_doubt(one: list[int], other: list[int], probability: float) -> None:
    assert welch_probability([Fraction(v) for v in one], [Fraction(v) for v in other]) == probability


def test_a_judge_who_favours_the_own_delegation_is_named_and_the_others_are_not() -> None:
    scores: list[Score] = []
    for index in range(20):
        own = index < 6
        scores += [
            _score("J1", f"E{index}", 5 + 3 * own + index % 2, own=own),
            _score("J2", f"E{index}", 5 + index % 3),
            _score("J3", f"E{index}", 5 + index % 2),
        ]

    suspicious = {each.judge for each in figures(scores) if each.bias.is_suspicious}

    assert suspicious == {"J1"}


def test_too_few_marks_for_the_own_delegation_are_no_test() -> None:
    scores = _of("J1", [9, 9, 9, 9], own=True) + _of("J2", [5, 5, 5, 5])

    assert figures(scores)[-1].bias.probability is None


def test_a_judge_who_becomes_more_generous_over_the_day_drifts_upwards() -> None:
    scores = [_score("J1", f"E{n}", Fraction(n, 4) + 5, order=Fraction(n)) for n in range(12)]  # type: ignore[arg-type]
    scores += [_score("J2", f"E{n}", 5, order=Fraction(n)) for n in range(12)]

    drifts = {each.judge: each.drift for each in figures(scores)}

    assert drifts == {"J1": 25, "J2": -25}


@pytest.mark.parametrize("order", [Fraction(11, 2), None])
def test_a_day_whose_order_nobody_knows_has_no_drift(order: Fraction | None) -> None:
    scores = [_score("J1", f"E{n}", n % 7, order=order) for n in range(12)]
    scores += [_score("J2", f"E{n}", 5, order=order) for n in range(12)]

    assert {each.drift for each in figures(scores)} == {None}


def test_two_judges_with_the_same_marks_everywhere_look_copied() -> None:
    varied = [1, 5, 3, 8, 2, 9, 4, 7, 6, 10, 3, 5]
    scores = _of("J1", varied) + _of("J2", varied) + _of("J3", varied[::-1])

    found = likenesses(scores)

    assert found[0].judges == ("J1", "J2")
    assert [each.is_suspicious for each in found] == [True, False, False]


def test_judges_who_rightly_give_everybody_the_same_do_not_look_copied() -> None:
    scores = _of("J1", [10] * 12) + _of("J2", [10] * 12)

    assert not likenesses(scores)[0].is_suspicious


def test_levels_that_lie_far_apart_are_counted() -> None:
    scores = [_score(f"J{n}", "E1", level) for n, level in enumerate((3, 1, 2))]
    scores += [_score(f"J{n}", "E2", 2) for n in range(3)]

    found = spreads(scores)

    assert (found.judged, found.unanimous, found.wide) == (2, 1, 1)


def test_the_heat_map_holds_the_mean_deviation_of_every_judge_at_every_entrant() -> None:
    scores = [_score("J1", "E", 8), _score("J2", "E", 6)]

    assert heat_map(deviations(scores)) == {("J1", "E"): 20, ("J2", "E"): -20}
