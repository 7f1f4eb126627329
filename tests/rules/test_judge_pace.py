"""How fast a judge marks, and the order of the day: by the clock of one tablet, or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count

import pytest

from competition.rules.judge_pace import Made, orders, paces

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)


def _sheet(code: str, clocks: list[float | str], **more: object) -> list[Made]:
    """Marks of one sheet, the clock in seconds after noon (or as it was said); all received in one moment."""
    said = [
        each if isinstance(each, str) else (NOON + timedelta(seconds=each)).isoformat() for each in clocks
    ]
    start = int(code[1:]) * 100
    made = [Made("A.J1", code, "T1", False, start + nth, clock, NOON) for nth, clock in enumerate(said)]
    return [replace(each, **more) for each in made]  # type: ignore[arg-type]


def test_the_speed_is_the_tablets_own_time_from_mark_to_mark() -> None:
    made = _sheet("K1", [0, 10, 20, 30, 40]) + _sheet("K2", [100, 101, 102, 103, 104])
    made += _sheet("K3", [200, 220, 240, 260, 280])

    pace = paces(made)["A.J1"]

    assert (pace.seconds, pace.sheets) == (10.0, 3)


def test_a_clock_that_is_days_off_tells_the_same_speed() -> None:
    off = 86400.0 * 40

    assert paces(_sheet("K1", [off, off + 3, off + 6, off + 9, off + 12]))["A.J1"].seconds == 3.0


@pytest.mark.parametrize(
    "clocks",
    [
        [0, 1],
        [0, 0, 0, 0, 0],
        [0, 10, 5, 15, 20],
        [0, 10, 20, 30, "noon"],
        [0, 10, 20, 30, ""],
        [0, 10, 20, 30, "2026-06-01T12:01:00"],
        [0, 10, 20, 30, 13 * 3600],
    ],
    ids=[
        "too few",
        "one moment",
        "backwards",
        "unreadable",
        "empty",
        "without a zone",
        "longer than half a day",
    ],
)
def test_clocks_that_are_no_evidence_tell_no_speed(clocks: list[float | str]) -> None:
    assert paces(_sheet("K1", clocks)) == {}


def test_paper_and_sheets_of_two_tablets_tell_no_speed() -> None:
    mixed = _sheet("K1", [0, 1, 2, 3, 4])
    mixed[3] = replace(mixed[3], tablet="T2")

    assert paces(mixed) == {}
    assert paces(_sheet("K1", [0, 1, 2, 3, 4], on_paper=True)) == {}


def test_the_numbers_of_the_tablet_order_its_marks_however_they_are_read() -> None:
    made = _sheet("K1", [0, 2, 4, 6, 8])

    assert paces(made[::-1]) == paces(made)


def test_one_batch_after_hours_offline_keeps_the_order_of_the_day() -> None:
    made = _sheet("K3", [0, 5]) + _sheet("K1", [600, 605]) + _sheet("K2", [1200, 1205])
    numbered = [replace(each, sequence=nth) for nth, each in zip(count(1), made, strict=False)]

    assert orders(numbered) == {("A.J1", "K3"): 0, ("A.J1", "K1"): 1, ("A.J1", "K2"): 2}


def test_sheets_of_several_tablets_follow_their_arrival_and_share_a_place_in_a_batch() -> None:
    later = NOON + timedelta(minutes=9)
    made = _sheet("K1", [0], received_at=later) + _sheet("K2", [5], received_at=later)
    made += _sheet("K3", [9], tablet="T2")

    half = Fraction(3, 2)
    assert orders(made) == {("A.J1", "K3"): 0, ("A.J1", "K1"): half, ("A.J1", "K2"): half}


def test_a_clock_that_was_put_back_during_the_day_orders_nothing() -> None:
    made = _sheet("K1", [600]) + _sheet("K2", [0])

    assert set(orders(made).values()) == {Fraction(1, 2)}


def test_paper_has_no_place_in_the_day_and_leaves_the_tablet_its_clock() -> None:
    made = _sheet("K1", [0]) + _sheet("K2", [60]) + _sheet("K9", [0], on_paper=True, tablet="desk")

    assert orders(made) == {("A.J1", "K1"): 0, ("A.J1", "K2"): 1}
