"""Sheets from the start of marking to its end."""

import pytest

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.queries import chain_breaks, entries_for
from competition.competitions.queries import rule_set_of
from competition.errors import Conflict, RuleBroken
from competition.panels import queries as panels_queries
from competition.panels import services as panels_services
from competition.registration.queries import approved_entrants
from competition.registration.services import mark_presence
from competition.rules import contest
from competition.rules.lifecycle import EventState
from competition.scoring import queries, services
from competition.scoring.models import SheetState
from competition.transactions import transaction
from tests.builders import competitions, draws, panels, registration, scoring
from tests.conftest import NOON

BY = {"by": system_actor(), "at": NOON}


@pytest.fixture
def event(app):
    """Two entrants, two modules with three judges each, sheets open."""
    with transaction():
        yield scoring.scoring_event(2, rule_set=competitions.rule_set("pairs"), team_size=2)


def chief_of(event):
    return actor_of(panels_queries.chiefs_of(event)[0])


def evaluated(event):
    marks = queries.marks_of(event)
    document = {
        "format": contest.FORMAT,
        "title": {"zh": "焊接"},
        "ruleset": competitions.rule_set("pairs"),
        "judges": [{"id": name} for name in sorted({mark["judge"] for mark in marks if "judge" in mark})],
        "entrants": [{"id": str(entrant.id)} for entrant in approved_entrants(event)],
        "marks": marks,
    }
    return contest.evaluate(document)


def test_there_is_a_sheet_for_every_module_code_and_seat_with_something_to_mark(event):
    sheets = queries.sheets_of(event)
    assert event.state == EventState.SCORING
    assert {sheet.code for sheet in sheets} == {place.code for place in queries.places_marked(event)}
    assert len({(sheet.module, sheet.code, sheet.seat_label) for sheet in sheets}) == len(sheets)
    assert all(sheet.lead == (sheet.seat_label == "J1") for sheet in sheets)


def test_members_have_only_what_is_judged_and_the_lead_has_all(event):
    rule_set = rule_set_of(event)
    lead = {item.aspect.id for item in queries.items_of(rule_set, "A", "J1")}
    member = {item.aspect.id for item in queries.items_of(rule_set, "A", "J2")}
    assert lead == {"A1", "A2", "A3", "A4"} and member == {"A4"}


def test_marking_does_not_start_while_seats_are_free(app):
    with transaction():
        event = draws.drawn_event(1)
        with pytest.raises(RuleBroken, match="chief judge"):
            services.start_scoring(event, **BY)


def test_the_alternate_takes_the_sheet_under_the_label_of_the_seat(app):
    with transaction():
        event = competitions.open_event(rule_set=competitions.rule_set("pairs"), team_size=2)
        own = registration.workshop_of(event.competition.host)
        panels.full_panels(event)
        panels_services.release_seat(panels_queries.seats_of(event, "A")[0], **BY)
        alternate = panels.seat(event, "A", "A1").judge
        panels.seat(event, "A", "J1", panels.judge(of=own))
        registration.approved_entrants(event, 1)
        competitions.services.move_event(event, competitions.Move.CLOSE_REGISTRATION, **BY)
        draws.draw(event)
        services.start_scoring(event, **BY)
        (sheet,) = [one for one in queries.sheets_of(event, "A") if one.seat_label == "J1"]
    assert sheet.judge is alternate and sheet.lead


def test_a_marked_event_evaluates_without_a_blocker_and_closes(event):
    scoring.mark_all(event)
    assert all(line.complete for line in evaluated(event).lines)
    services.close_scoring(event, **BY)
    assert event.state == EventState.SCORED and not list(chain_breaks())


def test_marks_name_their_judge_by_module_and_seat_and_measurements_nobody(event):
    scoring.mark_all(event)
    judges = {
        mark["aspect"]: mark.get("judge")
        for mark in queries.marks_of(event)
        if mark["aspect"] in ("A1", "A4")
    }
    assert judges["A1"] is None and str(judges["A4"]).startswith("A.J")


def test_a_sheet_with_blanks_is_not_signed_and_every_blank_is_named(event):
    sheet = next(one for one in queries.sheets_of(event, "A") if one.lead)
    with pytest.raises(RuleBroken) as refused:
        scoring.sign(sheet)
    assert len(refused.value.sentences) == 4


def test_only_the_judge_of_the_sheet_signs_it(event):
    sheet = queries.sheets_of(event)[0]
    scoring.mark_sheet(sheet)
    with pytest.raises(RuleBroken, match="Only the judge"):
        services.sign_sheet(sheet, by=chief_of(event), at=NOON)


def test_a_sheet_that_changed_since_it_was_looked_at_is_not_signed(event):
    sheet = queries.sheets_of(event)[0]
    scoring.mark_sheet(sheet)
    with pytest.raises(Conflict):
        services.sign_sheet(sheet, by=actor_of(sheet.judge.account), at=NOON, content_hash="seen before")


def test_the_chief_judge_confirms_and_reopens_with_a_reason(event):
    sheet = queries.sheets_of(event)[0]
    scoring.mark_sheet(sheet)
    scoring.sign(sheet)
    scoring.confirm(sheet)
    with pytest.raises(RuleBroken, match="reason"):
        services.reopen_sheet(sheet, reason=" ", by=chief_of(event), at=NOON)
    services.reopen_sheet(sheet, reason="抄错行", by=chief_of(event), at=NOON)
    assert sheet.state == SheetState.OPEN
    assert [one.act for one in queries.signatures_of(sheet)] == ["signed", "confirmed", "reopened"]
    assert "抄错行" in str(entries_for(subject_id=sheet.id)[0].payload)


def test_nobody_confirms_or_reopens_the_own_signature(event):
    sheet = queries.sheets_of(event)[0]
    scoring.mark_sheet(sheet)
    scoring.sign(sheet)
    panels_services.appoint_chief(event, sheet.judge.account, **BY)
    with pytest.raises(RuleBroken, match="signed this sheet yourself"):
        services.confirm_sheet(sheet, by=actor_of(sheet.judge.account), at=NOON)
    with pytest.raises(RuleBroken, match="signed this sheet yourself"):
        services.reopen_sheet(sheet, reason="…", by=actor_of(sheet.judge.account), at=NOON)


def test_the_marking_does_not_close_over_unsigned_and_unconfirmed_sheets(event):
    first, _second, *_ = queries.sheets_of(event)
    scoring.mark_sheet(first)
    scoring.sign(first)
    with pytest.raises(RuleBroken) as refused:
        services.close_scoring(event, **BY)
    unsigned, unconfirmed = (str(one).partition(" sheets are ") for one in refused.value.sentences)
    assert int(unsigned[0]) == len(queries.sheets_of(event)) - 1 and unsigned[2].startswith("not signed")
    assert int(unconfirmed[0]) == 1 and unconfirmed[2].startswith("signed and not confirmed")


def test_expected_sheets_are_received_void_and_missing(event):
    first, second, *others = queries.sheets_of(event)
    scoring.mark_sheet(first)
    scoring.sign(first)
    services.void_sheet(second, reason="重复", by=chief_of(event), at=NOON)
    found = queries.reconciliation(event)
    assert (found.received, found.void, found.missing) == (1, 1, len(others))
    assert found.expected == found.received + found.void + found.missing and not found.closes


def test_marks_on_a_void_sheet_do_not_count(event):
    sheet = queries.sheets_of(event)[0]
    scoring.mark_sheet(sheet)
    services.void_sheet(sheet, reason="重复", by=chief_of(event), at=NOON)
    assert queries.marks_of(event) == []


def test_an_absent_entrant_has_no_marks_and_holds_nothing_up(event):
    absent = queries.places_marked(event)[0]
    mark_presence(absent.entrant, present=False, **BY)
    for sheet in queries.sheets_of(event):
        if sheet.code != absent.code:
            scoring.mark_sheet(sheet)
    for sheet in queries.sheets_of(event):
        if sheet.code != absent.code:
            scoring.sign(sheet)
            scoring.confirm(sheet)
    assert {mark["entrant"] for mark in queries.marks_of(event)} == {
        str(place.entrant_id) for place in queries.places_marked(event)
    }
    services.close_scoring(event, **BY)


def test_a_late_entrant_gets_sheets_and_a_replaced_judge_gives_the_open_ones_up(event):
    seat = panels_queries.seats_of(event, "A")[1]
    panels_services.release_seat(seat, **BY)
    panels.seat(event, "A", "J2", panels.judge("替补"))
    assert services.bring_sheets_up_to_date(event, **BY) == []
    handed = [one for one in queries.sheets_of(event, "A") if one.seat_label == "J2"]
    assert {one.judge.account.name for one in handed} == {"替补"}


def test_the_marking_is_reopened_with_a_reason(event):
    scoring.mark_all(event)
    services.close_scoring(event, **BY)
    with pytest.raises(RuleBroken, match="reason"):
        services.reopen_scoring(event, reason="", **BY)
    services.reopen_scoring(event, reason="复核", **BY)
    assert event.state == EventState.SCORING
