"""Speed and drift are read from the tablets' clocks: a late batch, paper or a stopped clock accuses nobody.

A judge with the very same sheet for many is told, unless the scale makes it likely.
"""

from datetime import timedelta

import pytest

from competition.database import session
from competition.judge_statistics.presenters import Statistics, statistics_of
from competition.judge_statistics.queries import marked
from competition.transactions import transaction
from tests.builders import judge_statistics as a
from tests.builders import paper


@pytest.fixture(autouse=True)
def _writing(app):
    with app.test_request_context(), transaction():
        yield


def shown(event) -> Statistics:
    session.flush()
    return statistics_of(marked(event), page=1)


def row(event, seat="total.J1"):
    return next(each for each in shown(event).judges if each.seat == seat)


def said(event) -> str:
    return " ".join(str(each) for each in shown(event).advice)


def test_a_judge_at_half_a_second_a_mark_is_told_though_the_clock_is_days_off():
    event = a.panel_event(4)
    sheets = a.sheets_of(event, "J1")
    a.mark(sheets, a.tablet(sheets), a.every(0.5, off=timedelta(days=-40)), in_one_batch=True)
    other = a.sheets_of(event, "J2")
    a.mark(other, a.tablet(other), a.every(20), in_one_batch=True)

    assert (row(event).pace.seconds, row(event).pace.sheets) == (0.5, 4)
    assert row(event, "total.J2").pace.seconds == 20
    assert said(event).count("too fast to judge") == 1


def test_a_batch_after_offline_work_accuses_nobody():
    event = a.panel_event(4)
    for seat in ("J1", "J2"):
        sheets = a.sheets_of(event, seat)
        a.mark(sheets, a.tablet(sheets), a.stopped, in_one_batch=True)

    assert {each.pace for each in shown(event).judges} == {None}
    assert "too fast" not in said(event)


def test_paper_tells_no_speed_and_no_drift():
    event = a.panel_event(13)
    clerks = [paper.clerk(event, f"clerk{number}", f"录分{number}") for number in (1, 2)]
    a.mark_on_paper(a.sheets_of(event, "J1"), clerks)
    other = a.sheets_of(event, "J2")
    a.mark(other, a.tablet(other), a.every(20))

    assert (row(event).pace, row(event).drift) == (None, "–")
    assert row(event, "total.J2").pace is not None
    assert row(event, "total.J2").drift != "–"


def test_a_sheet_marked_on_two_tablets_tells_no_speed():
    event = a.panel_event(2)
    sheets = a.sheets_of(event, "J1")
    first, second = a.tablet(sheets), a.tablet(sheets, "平板2")
    a.mark(sheets[:1], first, a.every(0.1))
    a.mark(sheets[1:], first, a.every(0.1), aspects=a.ASPECTS[:5])
    a.mark(sheets[1:], second, a.every(0.1), aspects=a.ASPECTS[5:])

    assert row(event).pace.sheets == 1


def test_two_quick_sheets_are_shown_and_accuse_nobody():
    event = a.panel_event(2)
    for seat in ("J1", "J2"):
        sheets = a.sheets_of(event, seat)
        a.mark(sheets, a.tablet(sheets), a.every(0.5))

    assert row(event).pace.seconds == 0.5
    assert "too fast" not in said(event)


def test_the_drift_of_a_day_offline_follows_the_tablet_and_not_the_codes():
    event = a.panel_event(13)
    marked_in = {sheet.code: nth for nth, sheet in enumerate(a.sheets_of(event, "J1")[::-1])}
    for seat, by in (("J1", 2), ("J2", 0)):
        sheets = a.sheets_of(event, seat)[::-1]
        values = {code: str(50 + by * nth) for code, nth in marked_in.items()}
        a.mark(
            sheets,
            a.tablet(sheets),
            a.every(20),
            values=lambda sheet, _, of=values: of[sheet.code],
            in_one_batch=True,
        )

    assert (row(event).drift, row(event, "total.J2").drift) == ("+20.0 %", "-20.0 %")


def test_a_day_that_came_as_one_batch_without_clocks_has_no_drift():
    event = a.panel_event(13)
    for seat in ("J1", "J2"):
        sheets = a.sheets_of(event, seat)
        a.mark(sheets, a.tablet(sheets), a.stopped, in_one_batch=True)

    assert {each.drift for each in shown(event).judges} == {"–"}


def test_a_judge_with_the_same_sheet_for_many_is_told_with_the_codes():
    event = a.panel_event(12)
    sheets, others = a.sheets_of(event, "J1"), a.sheets_of(event, "J2")
    same = {sheet.code for sheet in sheets[:8]}
    a.mark(
        sheets,
        a.tablet(sheets),
        values=lambda sheet, nth: "80" if sheet.code in same else a.value_of(sheet, nth),
    )
    a.mark(others, a.tablet(others))

    (told,) = [str(each) for each in shown(event).advice if "very same sheet" in str(each)]
    assert "(total.J1) gave 8 of 12 entrants (66.7 %)" in told
    assert told.endswith(f"Look at: {', '.join(sorted(same))}.")


def test_the_same_sheets_of_a_coarse_scale_are_not_told():
    event = a.panel_event(12, high=1)
    for seat in ("J1", "J2"):
        sheets = a.sheets_of(event, seat)
        a.mark(
            sheets, a.tablet(sheets), values=lambda sheet, nth: str(int(nth > 0 or sheet.start_order % 4 > 0))
        )

    assert "very same sheet" not in said(event)
