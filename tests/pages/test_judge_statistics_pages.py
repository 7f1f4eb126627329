"""The pages of judge statistics, over the demonstration."""

import re

import pytest

from competition.panels.queries import chiefs_of
from competition.transactions import transaction
from tests.builders import judge_statistics as a
from tests.house import Visitor, examples


@pytest.fixture
def event(full_house):
    with full_house.app_context():
        return examples()["event_id"]


def test_the_statistics_name_codes_and_judges_and_no_entrant(full_house, event):
    text = Visitor(full_house, "organiser").ask(f"/events/{event}/judge-statistics").text

    assert "裁判评分统计" in text
    assert "B.J1" in text
    assert "data-tone" in text


def test_the_influence_of_a_seat_nobody_has_is_not_there(full_house, event):
    assert Visitor(full_house, "organiser").ask(f"/events/{event}/judge-statistics/B.J99").status_code == 404


def test_a_judge_does_not_see_what_is_said_of_judges(full_house, event):
    assert Visitor(full_house, "judge").ask(f"/events/{event}/judge-statistics").status_code in (403, 404)


def test_the_chief_reads_who_was_too_fast_and_a_dash_where_no_clock_tells(browser):
    with transaction():
        event = a.panel_event(3)
        for seat, clock in (("J1", a.every(0.5)), ("J2", a.stopped)):
            sheets = a.sheets_of(event, seat)
            a.mark(sheets, a.tablet(sheets), clock, in_one_batch=True)
        event_id, chief = event.id, chiefs_of(event)[0]
    browser.sign_in(chief)
    body = browser.get(f"/events/{event_id}/judge-statistics").get_data(as_text=True)

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
    assert "0.5 3张评分表" in text
    assert text.count("太快，难以逐项评判") == 1
    assert "每分用时按评分所用平板自身的时钟计算" in text
