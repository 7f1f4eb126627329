"""A value that several judges measure together counts when enough of them, all seated, stand behind it."""

import pytest

from competition.accounts.services import system_actor
from competition.orm import canonical_json
from competition.panels import queries as panels_queries
from competition.panels.services import release_seat
from competition.rules.lifecycle import EventState
from competition.scoring import queries
from competition.scoring.forms import BatchSent
from competition.transactions import transaction
from tests.builders import scoring
from tests.builders.scoring import send, sent
from tests.conftest import NOON
from tests.rules.contests import aspect, group, ruleset

MODULE = group(
    "A",
    aspect("thickness", "measurement", mode="value", max=100, judges=3),
    aspect("width", "measurement", mode="value", max=100),
    role="module",
)
ALL = ("J1", "J2", "J3")


@pytest.fixture
def event(app):
    with transaction():
        yield scoring.scoring_event(1, rule_set=ruleset(MODULE))


@pytest.fixture
def lead(event):
    (sheet,) = queries.sheets_of(event, "A")
    return sheet


@pytest.fixture
def device(event, lead):
    return scoring.device(event, lead.judge.account)


def test_who_measures_together_is_seated_although_only_the_lead_has_a_sheet(event):
    assert [seat.label for seat in panels_queries.seats_of(event, "A")] == list(ALL)
    assert event.state == EventState.SCORING


@pytest.mark.parametrize(
    "agreed", [(), ("J1", "J2"), ("J1", "J1", "J1"), ("J1", "J2", "J4"), ("J1", "J2", "J9")]
)
def test_a_value_without_enough_seated_judges_behind_it_is_refused(lead, device, agreed):
    (answer,) = send(device, sent(lead, "thickness", "20", agreed=agreed))
    assert (answer.answer, answer.reason) == ("rejected", "agreement-needed")
    assert "together" in str(answer.sentence) and not queries.marks_of_sheet(lead)


def test_all_three_agree_and_the_value_counts(lead, device):
    (answer,) = send(device, sent(lead, "thickness", "20", agreed=ALL))
    assert answer.answer == "applied"


def test_an_emptied_seat_agrees_to_nothing(event, lead, device):
    seat = next(one for one in panels_queries.seats_of(event, "A") if one.label == "J3")
    release_seat(seat, by=system_actor(), at=NOON)
    (answer,) = send(device, sent(lead, "thickness", "20", agreed=ALL))
    assert answer.reason == "agreement-needed"


def test_what_one_judge_measures_and_what_is_not_a_value_needs_nobody_else(lead, device):
    alone = sent(lead, "width", "20")
    blank = sent(lead, "thickness", None, 2, state="not_attempted")
    assert {one.answer for one in send(device, alone, blank)} == {"applied"}


def test_a_value_that_is_recorded_already_is_not_asked_about_again(lead, device):
    send(device, sent(lead, "thickness", "20", agreed=ALL))
    (answer,) = send(device, sent(lead, "thickness", "20", 2, base_version=1))
    assert (answer.answer, answer.reason) == ("applied", "unchanged")


def test_an_operation_of_the_first_schema_has_to_say_it_too(lead, device):
    told = sent(lead, "thickness", "20").body()
    batch = BatchSent.model_validate_json(canonical_json({"device": str(device.id), "operations": [told]}))
    (answer,) = send(device, *(one.as_sent() for one in batch.operations))
    assert batch.schema_number == 1 and answer.reason == "agreement-needed"
