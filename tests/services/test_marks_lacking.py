"""What a tablet was told is recorded and a restored server does not have (reliability §6, fault 14): kept, listed, counted nowhere."""

from datetime import timedelta

import pytest

from competition.accounts.queries import actor_of
from competition.audit.queries import entries_for
from competition.database import session
from competition.scoring import queries, services
from competition.scoring.queries import Since
from competition.scoring.services import ToldMark
from competition.transactions import transaction
from tests.builders import competitions, scoring
from tests.builders.scoring import send, sent
from tests.conftest import NOON


@pytest.fixture
def event(app):
    """Two entrants, judged by three in each module; A1 counts 60 terminals."""
    with transaction():
        return scoring.scoring_event(2, rule_set=competitions.rule_set("pairs"), team_size=2)


@pytest.fixture
def lead(event):
    return next(sheet for sheet in queries.sheets_of(event, "A") if sheet.lead)


@pytest.fixture
def device(event, lead):
    with transaction():
        return scoring.device(event, lead.judge.account)


def told(sheet, value="57", *, aspect="A1", version=1, **details):
    values = {"kind": "mark", "state": "value" if value is not None else "blank", "device_time": ""}
    return ToldMark(sheet=sheet.id, aspect=aspect, value=value, version=version, **{**values, **details})


def note(event, device, *marks, by=None, **counts):
    person = actor_of(by or device.account)
    with transaction():
        return services.note_lacking(event, device, marks=marks, by=person, at=NOON, **counts)


def test_a_mark_that_is_gone_is_listed_with_sheet_item_value_and_tablet(event, device, lead):
    assert note(event, device, told(lead, device_time="2026-06-01T11:58:00+08:00")) == 1
    (found,) = queries.lacking_marks(event)
    assert (found.sheet, found.item.aspect.id, found.value, found.device) == (lead, "A1", "57", "平板1")
    assert found.since is Since.GONE and found.now is None and found.device_time.startswith("2026-06-01")
    assert queries.marks_of_sheet(lead) == {}


def test_what_is_recorded_here_all_the_same_is_not_put_down(event, device, lead):
    with transaction():
        send(device, sent(lead, "A1", "57"))
    assert note(event, device, told(lead, "57.0"), told(lead, "58")) == 0
    assert queries.lacking_marks(event) == []


def test_a_judge_tells_of_own_sheets_and_of_what_stands_on_them_only(event, device, lead):
    other = next(sheet for sheet in queries.sheets_of(event, "A") if sheet.judge_id != lead.judge_id)
    claims = [told(other), told(lead, aspect="nothing"), told(lead, "NaN"), told(lead, "5", state="dnf")]
    assert note(event, device, *claims) == 0
    assert entries_for(event_id=event.id)[0].kind != "scoring.marks_lacking"


def test_told_twice_it_is_put_down_once_and_a_later_version_takes_its_place(event, device, lead):
    assert [note(event, device, told(lead)), note(event, device, told(lead))] == [1, 0]
    assert note(event, device, told(lead, "58", version=2)) == 1
    assert [one.value for one in queries.lacking_marks(event)] == ["58"]


@pytest.mark.parametrize(("value", "since"), [("57", Since.BACK), ("40", Since.CHANGED)])
def test_what_the_judge_enters_again_settles_it(event, device, lead, value, since):
    note(event, device, told(lead))
    with transaction():
        send(device, sent(lead, "A1", value), at=NOON + timedelta(minutes=1))
    session.expire_all()
    assert [one.since for one in queries.lacking_marks(event)] == [since]


def test_entries_that_nobody_can_name_are_counted_by_tablet(event, device):
    assert note(event, device, acknowledged=250, again=200) == 0
    (found,) = queries.lacking_entries(event)
    assert (found.device, found.acknowledged, found.again) == ("平板1", 250, 200)
    note(event, device, acknowledged=7, again=7)
    assert len(queries.lacking_entries(event)) == 1
