"""Panels: seats per module, and nobody marks the own delegation."""

import pytest

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.queries import entries_for
from competition.competitions.queries import modules_of, rule_set_of, scope_of_event
from competition.errors import RuleBroken
from competition.panels import queries, services
from competition.panels.models import SeatKind
from competition.rules.access import Permission
from competition.transactions import transaction
from tests.builders import competitions, organisations, panels, registration
from tests.conftest import NOON

BY = {"by": system_actor(), "at": NOON}


def first_module(event):
    return modules_of(rule_set_of(event))[0]


@pytest.fixture
def event(app):
    """An event with an entrant of a workshop of its host, in registration."""
    with transaction():
        made = competitions.open_event(rule_set=competitions.rule_set("pairs"))
        registration.approved(made)
        yield made


@pytest.fixture
def own(event):
    """The organisation that sends the entrant."""
    return registration.workshop_of(event.competition.host)


def test_a_module_has_as_many_seats_as_its_largest_panel(event):
    assert queries.panel_size(first_module(event)).labels == ("J1", "J2", "J3")


def test_a_seat_brings_the_role_of_a_judge_in_the_event(event):
    seat = panels.seat(event, "A", "J1")
    assert actor_of(seat.judge.account).may(Permission.SCORING_SHEET_MARK, scope_of_event(event))
    assert entries_for(event_id=event.id)[0].kind == "panels.seat_assigned"


def test_the_last_seat_given_up_takes_the_role_with_it(event):
    seat = panels.seat(event, "A", "J1")
    services.release_seat(seat, **BY)
    assert not actor_of(seat.judge.account).may_ever(Permission.SCORING_SHEET_MARK)
    assert queries.seats_of(event) == []


def test_a_judge_with_another_seat_keeps_the_role(event):
    judge = panels.judge()
    panels.seat(event, "A", "J1", judge)
    services.release_seat(panels.seat(event, "B", "J1", judge), **BY)
    assert actor_of(judge.account).may_ever(Permission.SCORING_SHEET_MARK)


@pytest.mark.parametrize(
    ("label", "kind", "words"),
    [
        ("J9", SeatKind.MEMBER, "no such seat"),
        ("J2", SeatKind.LEAD, "no such seat"),
        ("J1", SeatKind.MEMBER, "no such seat"),
        ("J1", SeatKind.ALTERNATE, "no such seat"),
    ],
)
def test_only_the_seats_of_the_rule_set_can_be_taken(event, label, kind, words):
    with pytest.raises(RuleBroken, match=words):
        services.assign_seat(event, module="A", label=label, kind=kind, judge=panels.judge(), **BY)


def test_a_taken_seat_and_a_judge_with_a_seat_are_refused_with_both_reasons(event):
    judge = panels.judge()
    panels.seat(event, "A", "J1", judge)
    with pytest.raises(RuleBroken) as refused:
        panels.seat(event, "A", "J1", judge)
    assert len(refused.value.sentences) == 2


def test_no_seat_is_given_before_the_rule_set_is_frozen(event):
    with pytest.raises(RuleBroken, match="opening of registration"):
        panels.seat(competitions.event(event.competition, code="W09"), "A", "J1")


def test_a_judge_of_the_own_delegation_needs_an_alternate_first(event, own):
    judge = panels.judge("李裁判", of=own)
    with pytest.raises(RuleBroken, match="李裁判 must not mark 1 entrants"):
        panels.seat(event, "A", "J1", judge)
    panels.seat(event, "A", "A1")
    assert panels.seat(event, "A", "J1", judge).label == "J1"


def test_a_judge_of_the_own_delegation_marks_it_where_the_rule_set_allows_it(app):
    with transaction():
        rules = competitions.rule_set("pairs", panel={"own_delegation": "allowed"})
        event = competitions.open_event(rule_set=rules)
        registration.approved(event)
        own = registration.workshop_of(event.competition.host)
        assert panels.seat(event, "A", "J1", panels.judge(of=own)).label == "J1"


def test_an_organisation_above_or_below_the_delegation_is_the_own_delegation_too(event, own):
    (entrant,) = registration.approved_entrants(event, 1)
    above, beside = event.competition.host, organisations.enterprise()
    assert queries.conflict(panels.judge(of=above), entrant)
    assert queries.conflict(panels.judge(of=own), entrant)
    assert queries.conflict(panels.judge(of=beside), entrant) is None
    assert queries.conflict(panels.judge(), entrant) is None


def test_two_judges_of_one_delegation_need_two_alternates(event, own):
    panels.seat(event, "A", "A1")
    panels.seat(event, "A", "J2", panels.judge(of=own))
    with pytest.raises(RuleBroken, match="no alternate"):
        panels.seat(event, "A", "J1", panels.judge(of=own))
    panels.seat(event, "A", "A2")
    panels.seat(event, "A", "J1", panels.judge(of=own))


def test_an_alternate_of_the_same_delegation_does_not_help(event, own):
    panels.seat(event, "A", "A1", panels.judge(of=own))
    with pytest.raises(RuleBroken, match="no alternate"):
        panels.seat(event, "A", "J1", panels.judge(of=own))


def test_readiness_names_the_free_seats_and_the_missing_chief(event):
    said = [str(reason) for reason in queries.readiness(event)]
    assert "chief judge" in said[0]
    assert any("J1, J2, J3" in reason for reason in said)


def test_full_panels_are_ready(event):
    panels.full_panels(event)
    assert queries.readiness(event) == ()


def test_a_code_is_named_beside_a_delegation_for_the_organiser_only(app):
    with transaction():
        event = competitions.open_event(rule_set=competitions.rule_set("pairs"))
        panels.full_panels(event)
        services.release_seat(queries.seats_of(event, "A")[0], **BY)
        own = registration.workshop_of(event.competition.host)
        panels.seat(event, "A", "J1", panels.judge("李裁判", of=own))
        registration.approved(event)
        (told,) = queries.readiness(event)
        (full,) = queries.readiness(event, with_codes=True)
    assert "李裁判 must not mark 1 of the entrants" in str(told) and own.name not in str(told)
    assert own.name in str(full)


def test_a_registered_judge_is_not_registered_twice(event):
    judge = panels.judge("李裁判")
    with pytest.raises(RuleBroken, match="李裁判 is a judge already"):
        services.register_judge(judge.account, **BY)


def test_a_second_chief_judge_is_a_deputy_and_can_be_released(event):
    first, second = panels.chief(event), panels.chief(event)
    services.release_chief(event, first, **BY)
    assert queries.chiefs_of(event) == [second]
