"""The floor log: it only grows, the second of two people is told what the first did, and nothing counts silently."""

from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from competition.accounts.queries import actor_of
from competition.audit.queries import entries_for, sentence_of
from competition.database import session
from competition.draws.queries import place_of_code
from competition.errors import Conflict, RuleBroken
from competition.floor import queries, services
from competition.floor.services import On, Penalty, Ticket
from competition.panels.queries import seats_of
from competition.registration.models import EntrantState
from competition.rules.access import Role, ScopeKind
from competition.rules.floor import ClockState, Incident, Kind, Ruling
from competition.rules.lifecycle import EventState
from competition.scoring import queries as scoring
from competition.scoring import services as marking
from competition.scoring.models import RemarkKind, SheetState
from competition.scoring.services import RemarkSent
from competition.transactions import transaction
from tests.builders import accounts, panels
from tests.builders import floor as builder
from tests.builders import scoring as sheets
from tests.builders.floor import PART, at, chief, clock, codes, deduction, rule, ticket, violation

_NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _writing(app):
    with transaction():
        yield


@pytest.fixture
def event(app):
    return builder.planned_event()


def refused(service, *args, **kwargs) -> str:
    with pytest.raises(RuleBroken) as problem:
        service(*args, **kwargs)
    return " ".join(str(reason) for reason in problem.value.sentences)


def supervisor(event):
    """A supervisor of the event, another one each time."""
    number = next(_NUMBERS)
    return actor_of(
        accounts.holder_in(Role.SUPERVISOR, ScopeKind.EVENT, event.id, f"supervisor{number}", "督导")
    )


def batch_now(event, minute, batch=1):
    return queries.floor_of(event).batch_clock(PART, batch, at(minute))


def station_now(event, code, minute):
    floor = queries.floor_of(event)
    return floor.station_clock(PART, floor.station(PART, code), at(minute))


def lead(event, code):
    found = queries.lead_sheet(event, "S", code)
    assert found is not None
    return found


# --- plan and clocks --------------------------------------------------------------------------------


def test_batches_follow_from_the_order_of_start(event):
    first, second, third, fourth = codes(event)
    batches = queries.floor_of(event).batches(PART)
    assert {number: [one.code for one in own] for number, own in batches.items()} == {
        1: [first, second],
        2: [third, fourth],
    }


def test_a_clock_counts_what_was_written_and_says_so_on_the_record(event):
    clock(event, Kind.START, 0)
    clock(event, Kind.PAUSE, 10, cause="停电")
    clock(event, Kind.RESUME, 25)
    assert batch_now(event, 30).elapsed.total_seconds() == 15 * 60
    assert "paused the clock of practice · #1: 停电" in {
        str(sentence_of(one)) for one in entries_for(event_id=event.id)
    }


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Kind.STOP, "has not been started"),
        (Kind.PAUSE, "has not been started"),
        (Kind.RESUME, "has not been"),
    ],
)
def test_nothing_stops_before_it_starts_and_nothing_is_written_of_it(event, kind, says):
    assert says in refused(clock, event, kind, 5, cause="停电")
    assert queries.log_of(event) == []


def test_the_second_of_two_people_is_told_what_the_first_did(event):
    clock(event, Kind.START, 0)
    assert "running already" in refused(clock, event, Kind.START, 0.01)
    clock(event, Kind.PAUSE, 1, cause="停电")
    assert "paused already" in refused(clock, event, Kind.PAUSE, 1.01, cause="跳闸")


def test_the_same_tap_sent_twice_makes_one_entry(event):
    once = ticket()
    for minute in (0, 1):
        services.move_clock(event, On(PART, 1), kind=Kind.START, ticket=once, by=chief(event), at=at(minute))
    assert len(queries.log_of(event)) == 1
    with pytest.raises(Conflict):
        services.move_clock(event, On(PART, 1), kind=Kind.STOP, ticket=once, by=chief(event), at=at(2))


@pytest.mark.parametrize("minutes", [-5, 0, 10_000])
def test_extra_minutes_have_bounds(event, minutes):
    clock(event, Kind.START, 0)
    said = refused(
        services.grant_extra, event, On(PART, 1), minutes=minutes, cause="设备故障", ticket=ticket(),
        by=chief(event), at=at(5),
    )  # fmt: skip
    assert "1 to 240" in said


def test_a_pause_says_why(event):
    clock(event, Kind.START, 0)
    assert "Give the reason" in refused(clock, event, Kind.PAUSE, 1, cause="  ")


def test_the_clock_of_the_device_decides_nothing_and_is_kept(event):
    late = Ticket(ticket().id, "1999-01-01T00:00:00Z")
    written = services.move_clock(event, On(PART, 1), kind=Kind.START, ticket=late, by=chief(event), at=at(0))
    assert (written.at, written.device_time) == (at(0), "1999-01-01T00:00:00Z")


def test_the_log_is_closed_with_the_marking(event):
    event.state = EventState.SCORED
    session.flush()
    assert "until the marking is closed" in refused(clock, event, Kind.START, 0)


def test_a_part_is_planned_until_its_first_clock_starts(event):
    plan = {"part": PART, "by": chief(event), "at": at(1)}
    services.plan_part(event, minutes=90, stations=4, **plan)
    assert list(queries.floor_of(event).batches(PART)) == [1]
    clock(event, Kind.START, 1)
    assert "was started" in refused(services.plan_part, event, minutes=60, stations=2, **plan)
    assert "1 to 1440" in refused(services.plan_part, event, minutes=0, stations=2, **plan)


# --- the log only grows -----------------------------------------------------------------------------


def test_what_is_withdrawn_is_as_if_it_had_never_been_and_stays_on_the_log(event):
    clock(event, Kind.START, 0)
    pause = clock(event, Kind.PAUSE, 10, cause="误按")
    services.withdraw_entry(pause, cause="误按", ticket=ticket(), by=supervisor(event), at=at(11))
    assert batch_now(event, 30).elapsed.total_seconds() == 30 * 60
    assert [row.kind for row in queries.log_of(event)] == [Kind.START, Kind.PAUSE, Kind.WITHDRAWN]


def test_a_start_stays_while_a_pause_builds_on_it(event):
    start = clock(event, Kind.START, 0)
    clock(event, Kind.PAUSE, 10, cause="停电")
    said = refused(services.withdraw_entry, start, cause="", ticket=ticket(), by=chief(event), at=at(11))
    assert "the latest first" in said


@pytest.mark.parametrize("change", ["UPDATE floor_entry SET minutes = 5", "DELETE FROM floor_entry"])
def test_no_entry_is_ever_changed_or_deleted(event, change):
    clock(event, Kind.START, 0)
    with pytest.raises(DatabaseError, match="kept as it was written"), session.begin_nested():
        session.execute(text(change))


def test_only_the_chief_judge_withdraws_what_the_chief_judge_decided(event):
    clock(event, Kind.START, 0)
    extra = services.grant_extra(
        event, On(PART, 1), minutes=5, cause="设备故障", ticket=ticket(), by=chief(event), at=at(5)
    )
    said = refused(services.withdraw_entry, extra, cause="", ticket=ticket(), by=supervisor(event), at=at(6))
    assert "by the chief judge" in said
    services.withdraw_entry(extra, cause="", ticket=ticket(), by=chief(event), at=at(6))
    assert not batch_now(event, 7).extra


# --- late arrivals ----------------------------------------------------------------------------------


def come_late(event, minute, code=None):
    code = code or codes(event)[0]
    return services.note_late(
        event, On(PART, code=code), cause="", ticket=ticket(), by=supervisor(event), at=at(minute)
    )


def test_whoever_comes_within_the_cut_off_is_let_in_by_the_rule_and_loses_the_time(event):
    clock(event, Kind.START, 0)
    late = come_late(event, 15)
    answer = queries.floor_of(event).answer_to(late)
    assert (answer.kind, answer.verdict, answer.minutes) == (Kind.ADMITTED, "rule", 0)
    assert station_now(event, codes(event)[0], 20).remaining.total_seconds() == 40 * 60


def test_the_time_is_made_up_where_the_rule_says_so(app):
    made_up = {"floor_work": {"late_cut_off_minutes": 20, "late_time_made_up": True}}
    event = builder.planned_event(**made_up)
    clock(event, Kind.START, 0)
    come_late(event, 7.5)
    assert station_now(event, codes(event)[0], 7.5).extra.total_seconds() == 8 * 60


@pytest.mark.parametrize(("admitted", "minutes"), [(True, 10), (False, 0)])
def test_beyond_the_cut_off_the_chief_judge_decides_with_a_reason(event, admitted, minutes):
    clock(event, Kind.START, 0)
    late = come_late(event, 15.1)
    assert queries.floor_of(event).open_cases() == (late,)
    decision = {"ticket": ticket(), "by": chief(event), "at": at(17)}
    assert "Give the reason" in refused(
        services.decide_late, late, admitted=admitted, minutes=minutes, cause="", **decision
    )
    services.decide_late(late, admitted=admitted, minutes=minutes, cause="道路封闭", **decision)
    assert queries.floor_of(event).open_cases() == ()
    assert station_now(event, codes(event)[0], 20).extra.total_seconds() == minutes * 60


def test_nobody_is_late_before_the_start_or_twice_and_a_mistake_goes_with_its_admission(event):
    assert "not been started" in refused(come_late, event, 5)
    clock(event, Kind.START, 0)
    late = come_late(event, 5)
    assert "written down already" in refused(come_late, event, 6)
    services.withdraw_entry(late, cause="认错人", ticket=ticket(), by=supervisor(event), at=at(7))
    assert not queries.floor_of(event).open_cases()
    come_late(event, 8)


# --- incidents --------------------------------------------------------------------------------------


def test_the_time_an_incident_cost_is_proposed_and_counts_when_the_chief_judge_gives_it(event):
    clock(event, Kind.START, 0)
    code = codes(event)[0]
    incident = services.note_incident(
        event, On(PART, code=code), about=Incident.EQUIPMENT, cause="焊机故障", ticket=ticket(),
        by=supervisor(event), at=at(10),
    )  # fmt: skip
    over = services.end_incident(incident, cause="", ticket=ticket(), by=supervisor(event), at=at(16.5))
    assert (over.minutes, station_now(event, code, 20).extra.total_seconds()) == (7, 0)
    services.grant_extra(
        event, On(PART, code=code), minutes=over.minutes, cause="焊机故障", incident=over, ticket=ticket(),
        by=chief(event), at=at(20),
    )  # fmt: skip
    assert station_now(event, code, 20).extra.total_seconds() == 7 * 60
    assert "answered or withdrawn" in refused(
        services.decline_extra, over, cause="已补", ticket=ticket(), by=chief(event), at=at(21)
    )


def test_who_moves_to_the_last_batch_begins_anew(event):
    clock(event, Kind.START, 0)
    code = codes(event)[0]
    services.move_station(
        event, On(PART, code=code), batch=3, cause="设备故障", ticket=ticket(), by=chief(event), at=at(20)
    )
    assert station_now(event, code, 30).state is ClockState.WAITING
    clock(event, Kind.START, 60, batch=3)
    assert station_now(event, code, 70).elapsed.total_seconds() == 10 * 60


# --- violations -------------------------------------------------------------------------------------


def test_a_violation_costs_nothing_until_the_chief_judge_rules_and_then_stands_as_an_entry_of_its_own(event):
    code = codes(event)[0]
    noted = violation(event, code)
    assert not scoring.marks_of_sheet(lead(event, code))
    ruled = rule(noted, deduction(2))
    (mark,) = scoring.marks_of_sheet(lead(event, code)).values()
    assert (mark.aspect, mark.kind, mark.value, mark.op_id) == ("S1", "entry:900", Decimal(2), ruled.id)
    (signature,) = scoring.signatures_of(lead(event, code))
    assert (signature.act, signature.reason, signature.by_id) == (
        "ruled",
        "监控录像核实",
        chief(event).account_id,
    )


def test_a_ruled_deduction_is_in_the_result_with_its_reason(event):
    code = codes(event)[0]
    rule(violation(event, code), deduction(2))
    (mark,) = [one for one in scoring.marks_of(event) if one["aspect"] == "S1"]
    assert (mark["kind"], mark["value"], mark["note"]) == ("entry", "2", "监控录像核实")


def test_no_device_changes_a_ruled_deduction(event):
    code = codes(event)[0]
    rule(violation(event, code), deduction(2))
    sheet = lead(event, code)
    device = sheets.device(event, sheet.judge.account)
    (answer,) = sheets.send(
        device, sheets.sent(sheet, "S1", None, kind="entry:900", state="blank", base_version=1)
    )
    assert (answer.answer, answer.reason) == ("rejected", "ruled")


def test_a_signed_sheet_is_opened_again_so_that_its_judge_signs_what_it_holds_now(event):
    code = codes(event)[0]
    sheet = lead(event, code)
    sheets.mark_sheet(sheet)
    sheets.sign(sheet)
    sheets.confirm(sheet)
    rule(violation(event, code), deduction(1))
    assert sheet.state == SheetState.OPEN
    sheets.sign(sheet)
    acts = [one.act for one in scoring.signatures_of(sheet)]
    assert sorted(acts) == ["confirmed", "reopened", "ruled", "signed", "signed"]


def test_another_ruling_takes_back_what_the_first_one_did(event):
    code = codes(event)[0]
    noted = violation(event, code)
    first = rule(noted, deduction(2))
    assert "just withdrawn" in refused(
        services.withdraw_entry, first, cause="", ticket=ticket(), by=chief(event), at=at(22)
    )
    rule(noted, Penalty(Ruling.WARNING), minute=23, cause="情节轻微")
    assert [one["value"] for one in scoring.marks_of(event) if one["aspect"] == "S1"] == []
    rule(noted, deduction(3), minute=24, cause="再次核实")
    assert [one["value"] for one in scoring.marks_of(event) if one["aspect"] == "S1"] == ["3"]


def test_a_disqualification_is_one_of_the_entry_and_can_be_ruled_away(event):
    code = codes(event)[0]
    noted = violation(event, code)
    rule(noted, Penalty(Ruling.DISQUALIFICATION), cause="携带违禁物品")
    assert place_of_code(event, code).entrant.state == EntrantState.DISQUALIFIED
    rule(noted, Penalty(Ruling.DISMISSED), minute=30, cause="物品不属于本人")
    assert place_of_code(event, code).entrant.state == EntrantState.APPROVED


@pytest.mark.parametrize(
    ("penalty", "says"),
    [
        (Penalty(Ruling.DEDUCTION, "S1", Decimal(99)), "At most"),
        (Penalty(Ruling.DEDUCTION, "S1", None), "how much"),
        (Penalty(Ruling.DEDUCTION, "A1", Decimal(1)), "deduction of the rules"),
    ],
)
def test_a_deduction_keeps_to_the_rules(event, penalty, says):
    assert says in refused(rule, violation(event, codes(event)[0]), penalty)


# --- identity exposed, leaving ----------------------------------------------------------------------


def report(sheet, minute=5):
    sent = RemarkSent(ticket().id, "S1", RemarkKind.EXPOSED, "", b"", "2026-06-01T12:00:00+08:00")
    by = actor_of(sheet.judge.account)
    marking.take_remark(sheet, sent, by=by, at=at(minute))
    return marking.take_remark(sheet, sent, by=by, at=at(minute))


def test_a_judge_reports_an_exposed_identity_once_and_the_chief_judge_notes_what_was_done(event):
    sheet = lead(event, codes(event)[0])
    remark = report(sheet)
    (exposed,) = queries.floor_of(event).open_cases()
    assert (exposed.id, exposed.kind, exposed.sheet_id) == (remark.id, Kind.EXPOSED, sheet.id)
    services.handle_exposure(
        exposed, sheet=None, judge=None, cause="已遮盖姓名", ticket=ticket(), by=chief(event), at=at(6)
    )
    assert queries.floor_of(event).open_cases() == ()


def test_the_chief_judge_gives_the_sheet_to_another_judge_who_keeps_it(event):
    sheet = lead(event, codes(event)[0])
    report(sheet)
    (exposed,) = queries.floor_of(event).open_cases()
    other = panels.judge("备用裁判")
    answer = {"cause": "更换裁判", "ticket": ticket(), "by": chief(event), "at": at(6)}
    assert "both" in refused(services.handle_exposure, exposed, sheet=sheet, judge=None, **answer)
    assert "on a sheet already" in refused(
        services.handle_exposure, exposed, sheet=sheet, judge=sheet.judge, **answer
    )
    services.handle_exposure(exposed, sheet=sheet, judge=other, **answer)
    marking.bring_sheets_up_to_date(event, by=chief(event), at=at(7))
    assert sheet.judge_id == other.id
    assert sheet.judge_id not in {seat.judge_id for seat in seats_of(event)}


def test_who_left_comes_back_once(event):
    on = On(PART, code=codes(event)[0])
    by = supervisor(event)
    left = services.note_leaving(event, on, cause="如厕", ticket=ticket(), by=by, at=at(5))
    assert "outside already" in refused(
        services.note_leaving, event, on, cause="", ticket=ticket(), by=by, at=at(6)
    )
    services.note_return(left, ticket=ticket(), by=by, at=at(9))
    assert "answered or withdrawn" in refused(services.note_return, left, ticket=ticket(), by=by, at=at(10))
