"""Entering, deciding, withdrawing, moving up."""

from datetime import date, timedelta

import pytest

from competition.accounts.services import open_account, system_actor
from competition.competitions.models import Tier
from competition.competitions.services import move_event
from competition.database import session
from competition.errors import RuleBroken
from competition.registration import queries, services
from competition.registration.models import EntrantState, EntrySource
from competition.rules.access import Role
from competition.rules.eligibility import WorkerStatus
from competition.rules.lifecycle import Move
from competition.transactions import transaction
from tests.builders import competitions, organisations, registration, workers
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("app")

BY = {"by": system_actor(), "at": NOON}
WORKERS_ONLY = [{"kind": "worker_status", "any_of": ["worker"]}]
OF_AGE = [{"kind": "age", "min": 18, "on": "2026-06-01"}]
BORN_2010 = workers.id_number(1, date(2010, 5, 17))
SOFT_BAR = [{"kind": "grade", "at_least": "senior", "effect": "no_award"}]


def test_an_entry_waits_for_a_decision_and_keeps_the_answers():
    with transaction():
        event = competitions.open_event(rule_set=competitions.rule_set(eligibility=WORKERS_ONLY))
        entrant = registration.entrant(event)
    assert entrant.state == EntrantState.SUBMITTED
    assert entrant.entry_number is None
    assert [(a["kind"], a["finding"]) for a in entrant.answers] == [("worker_status", "met")]


def test_a_condition_not_met_bars_with_its_reason():
    with transaction():
        event = competitions.open_event(rule_set=competitions.rule_set(eligibility=[*OF_AGE, *WORKERS_ONLY]))
        host = event.competition.host
        young = workers.worker(employer=host, status=WorkerStatus.STUDENT, id_number=BORN_2010)
        with pytest.raises(RuleBroken) as refused:
            registration.entrant(event, young)
    assert len(refused.value.sentences) == 2
    assert "Aged 16" in str(refused.value.sentences[0])


def test_a_soft_condition_lets_enter_without_award():
    with transaction():
        event = competitions.open_event(rule_set=competitions.rule_set(eligibility=SOFT_BAR))
        entrant = registration.entrant(event)
    assert entrant.award_eligible is False


def test_who_comes_by_a_result_is_shown_to_the_approver_instead_of_barred():
    with transaction():
        event = competitions.open_event(rule_set=competitions.rule_set(eligibility=OF_AGE))
        young = workers.worker(employer=event.competition.host, id_number=BORN_2010)
        entrant = registration.entrant(event, young, source=EntrySource.ADVANCED)
        assert queries.undecided_eligible(event) == []
        services.approve_entrant(entrant, **BY)
    assert entrant.state == EntrantState.APPROVED
    assert entrant.answers[0]["finding"] == "not_met"


def test_a_person_enters_an_event_once():
    with transaction():
        event = competitions.open_event()
        entrant = registration.entrant(event)
        with pytest.raises(RuleBroken, match="already entered"):
            registration.entrant(event, entrant.members[0].worker)


def test_only_an_event_with_open_registration_takes_entries():
    with transaction():
        event = competitions.event()
        with pytest.raises(RuleBroken, match="takes no entries"):
            registration.entrant(event)
        advanced = registration.entrant(event, source=EntrySource.ADVANCED)
    assert advanced.state == EntrantState.SUBMITTED


def test_a_team_has_exactly_its_size_and_keeps_its_order():
    with transaction():
        event = competitions.open_event(team_size=2)
        first, second = registration.people(event, 2)
        for wrong in ([first], [first, first]):
            with pytest.raises(RuleBroken):
                registration.entrant(event, *wrong)
        pair = registration.entrant(event, second, first)
    assert queries.display_name(pair) == f"{second.name}、{first.name}"


def test_a_team_comes_from_one_delegation():
    with transaction():
        host = organisations.city()
        event = competitions.open_event(competitions.competition(host, tier=Tier.CITY), team_size=2)
        one, other = (workers.worker(employer=organisations.enterprise(host)) for _ in range(2))
        with pytest.raises(RuleBroken, match="one delegation"):
            registration.entrant(event, one, other)


def test_the_sender_stands_directly_below_the_host():
    with transaction():
        nation, province, city, plant, shop = organisations.chain()
        for host, sender in (
            (nation, province),
            (province, city),
            (city, plant),
            (plant, shop),
            (shop, shop),
        ):
            competition = competitions.competition(host)
            person = workers.worker(employer=shop)
            assert services.sending_organisation(competition, person) == sender


def test_who_does_not_belong_to_the_host_is_told_where_to_enter():
    with transaction():
        event = competitions.open_event()
        with pytest.raises(RuleBroken) as refused:
            registration.entrant(event, workers.worker())
    assert "does not belong" in str(refused.value.sentence)
    assert refused.value.next_step is not None


def test_entry_numbers_run_on_and_are_never_given_again():
    with transaction():
        event = competitions.open_event()
        one, two = registration.approved_entrants(event, 2)
        services.withdraw_entrant(two, reason="ill", **BY)
        three = registration.approved(event)
    assert [e.entry_number for e in (one, two, three)] == [1, 2, 3]
    assert queries.approved_entrants(event) == [one, three]


def test_all_are_approved_or_none():
    with transaction():
        event = competitions.open_event()
        one, two = registration.entrant(event), registration.entrant(event)
        services.reject_entrant(two, reason="double", **BY)
        with pytest.raises(RuleBroken):
            services.approve_entrants([one, two], **BY)
    assert one.state == EntrantState.SUBMITTED


def test_an_approval_can_be_taken_back_for_ten_minutes_and_the_number_stays():
    with transaction():
        event = competitions.open_event()
        entrant = registration.approved(event)
        later = {"by": system_actor(), "at": NOON + timedelta(minutes=11)}
        with pytest.raises(RuleBroken):
            services.take_back_approvals([entrant], **later)
        services.take_back_approvals([entrant], **BY)
        assert entrant.state == EntrantState.SUBMITTED
        services.approve_entrant(entrant, **BY)
    assert entrant.entry_number == 1


def test_withdrawing_frees_the_person_and_keeps_the_record():
    with transaction():
        event = competitions.open_event()
        entrant = registration.approved(event)
        person = entrant.members[0].worker
        services.withdraw_entrant(entrant, reason="moved away", **BY)
        again = registration.entrant(event, person)
    assert queries.entries_of_worker(person) == [again, entrant]
    assert [(d.after, d.reason) for d in queries.decisions_of(entrant)][-1] == ("withdrawn", "moved away")


def test_a_rejection_needs_a_reason():
    with transaction():
        event = competitions.open_event()
        with pytest.raises(RuleBroken):
            services.reject_entrant(registration.entrant(event), reason="  ", **BY)


def test_a_reserve_moves_up_in_order_and_only_into_an_empty_place():
    with transaction():
        event = competitions.open_event()
        advanced = registration.entrant(event, source=EntrySource.ADVANCED)
        second = registration.entrant(event, source=EntrySource.ADVANCED, reserve_order=2)
        first = registration.entrant(event, source=EntrySource.ADVANCED, reserve_order=1)
        with pytest.raises(RuleBroken, match="No place"):
            services.move_up_reserve(first, **BY)
        services.withdraw_entrant(advanced, reason="ill", **BY)
        assert queries.next_reserve(advanced) == first
        with pytest.raises(RuleBroken, match="comes first"):
            services.move_up_reserve(second, **BY)
        services.move_up_reserve(first, **BY)
    assert first.state == EntrantState.SUBMITTED
    assert queries.vacancies_before(second) == 0


def test_registration_closes_only_when_every_entry_is_decided():
    with transaction():
        event = competitions.open_event()
        entrant = registration.entrant(event)
        with pytest.raises(RuleBroken, match="wait for a decision"):
            move_event(event, Move.CLOSE_REGISTRATION, **BY)
        services.approve_entrant(entrant, **BY)
        move_event(event, Move.CLOSE_REGISTRATION, **BY)


def test_a_delegation_is_opened_once_and_its_leader_receives_the_role():
    with transaction():
        host = organisations.city()
        competition, plant = competitions.competition(host, tier=Tier.CITY), organisations.enterprise(host)
        old, new = (
            open_account(username=name, name=name, password="correct horse battery", **BY)
            for name in ("old-leader", "new-leader")
        )
        delegation = services.open_delegation(competition, plant, leader=old, **BY)
        assert services.open_delegation(competition, plant, leader=new, **BY) == delegation
        session.refresh(old)
        session.refresh(new)
    assert [g.role for g in new.grants if g.withdrawn_at is None] == [Role.DELEGATION_LEADER]
    assert [g.role for g in old.grants if g.withdrawn_at is None] == []


def test_presence_is_marked_after_registration():
    with transaction():
        event = registration.closed_event(1)
        (entrant,) = queries.approved_entrants(event)
        services.mark_presence(entrant, present=False, **BY)
    assert queries.entrant_by_id(entrant.id).present is False


def test_a_coach_is_named_while_the_event_is_open_and_not_after():
    with transaction():
        entrant = registration.entrant(competitions.open_event())
        services.name_coach(entrant, coach=" 王师傅 ", **BY)
    assert entrant.coach == "王师傅"
    with transaction():
        move_event(entrant.event, Move.CANCEL, reason="no entries", **BY)
        with pytest.raises(RuleBroken):
            services.name_coach(entrant, coach="李师傅", **BY)


def test_a_team_belongs_to_one_delegation():
    with transaction():
        host = organisations.city()
        event = competitions.open_event(competitions.competition(host, tier=Tier.CITY))
        plants = [organisations.enterprise(host, name=name) for name in ("兰州机械厂", "天水机床厂")]
        one, other = (registration.entrant(event, workers.worker(employer=plant)) for plant in plants)
        services.name_team(one, team="一队", order=1, **BY)
        with pytest.raises(RuleBroken, match="another delegation"):
            services.name_team(other, team="一队", order=2, **BY)
    assert [(each.team, each.team_order) for each in (one, other)] == [("一队", 1), ("", None)]


def test_an_entrant_leaves_a_team_and_its_place_is_free_again():
    with transaction():
        event = competitions.open_event()
        one, other = (registration.entrant(event) for _ in range(2))
        services.name_team(one, team="一队", order=1, **BY)
        services.name_team(one, team="", order=None, **BY)
        services.name_team(other, team="一队", order=1, **BY)
    assert queries.members_of_team(event, "一队") == [other]


def test_who_competes_outside_the_awards_and_who_returns_is_on_the_record_with_its_reason():
    with transaction():
        entrant = registration.approved(competitions.open_event())
        services.compete_outside_awards(entrant, reason="外省观摩选手", **BY)
        assert not entrant.award_eligible
        with pytest.raises(RuleBroken, match="already"):
            services.compete_outside_awards(entrant, reason="外省观摩选手", **BY)
        services.return_to_awards(entrant, reason="资格已核实", **BY)
        assert entrant.award_eligible
        with pytest.raises(RuleBroken, match="nothing to take back"):
            services.return_to_awards(entrant, reason="资格已核实", **BY)
    said = [(each.is_outside, each.reason) for each in queries.award_decisions_of(entrant)]
    assert said == [(True, "外省观摩选手"), (False, "资格已核实")]


def test_only_an_approved_entry_is_put_outside_the_awards_and_only_with_a_reason():
    with transaction():
        entrant = registration.entrant(competitions.open_event())
        with pytest.raises(RuleBroken, match="once the entry is approved") as refused:
            services.compete_outside_awards(entrant, reason=" ", **BY)
    assert "Say why" in str(refused.value.sentences[1])
    assert "Approve the entry first" in str(refused.value.next_step)


def test_a_second_approval_does_not_bring_back_who_was_put_outside_the_awards():
    with transaction():
        entrant, other = registration.approved_entrants(competitions.open_event(), 2)
        services.compete_outside_awards(entrant, reason="外省观摩选手", **BY)
        services.take_back_approvals([entrant, other], **BY)
        services.approve_entrants([entrant, other], **BY)
    assert (entrant.award_eligible, other.award_eligible) == (False, True)


def test_what_a_condition_withholds_is_not_given_back_by_the_organiser():
    with transaction():
        event = competitions.open_event(rule_set=competitions.rule_set(eligibility=SOFT_BAR))
        entrant = registration.approved(event)
        with pytest.raises(RuleBroken, match="nothing to take back"):
            services.return_to_awards(entrant, reason="资格已核实", **BY)
    assert not entrant.award_eligible
