"""The pages of judge statistics, over the demonstration."""

import pytest

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
