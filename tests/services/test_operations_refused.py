"""What the server answers to bad, late and stolen operations (security cases 13–18 and 28): refused or set aside, never silent."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import select

from competition.accounts.queries import actor_of
from competition.accounts.services import disable_account, system_actor
from competition.audit.queries import entries_for
from competition.database import session
from competition.errors import Conflict, Refused, RuleBroken
from competition.panels.queries import chiefs_of
from competition.registration.models import Entrant
from competition.registration.services import withdraw_entrant
from competition.scoring import queries, services
from competition.scoring.models import Mark
from competition.scoring.queries import batches
from competition.tablets.services import Known, revoke_device
from competition.transactions import transaction
from tests.builders import competitions, scoring, tablets
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


def take(device, *operations, at=NOON):
    with transaction():
        return send(device, *operations, at=at)


def current(sheet):
    session.expire_all()
    return {cell: mark.value for cell, mark in queries.marks_of_sheet(sheet).items()}


def test_the_clock_of_a_tablet_decides_nothing(device, lead):
    past, future = "2000-01-01T00:00:00+08:00", "2030-01-01T00:00:00+08:00"
    take(device, sent(lead, "A1", "57", device_time=future))
    (later,) = take(
        device, sent(lead, "A1", "58", 2, base_version=1, device_time=past), at=NOON + timedelta(minutes=1)
    )
    assert later.answer == "applied" and current(lead)["A1", "mark"] == 58
    assert [one.device_time for one in queries.operations_of_sheet(lead)] == [future, past]


def test_a_captured_batch_sent_again_has_no_effect(device, lead):
    batch = [sent(lead, "A1", "57"), sent(lead, "A1", "58", 2, base_version=1)]
    take(device, *batch)
    assert {one.answer for one in take(device, *batch)} == {"duplicate"}
    assert queries.marks_of_sheet(lead)["A1", "mark"].version == 2


def test_the_device_of_another_judge_is_refused(event, device, lead):
    other = next(sheet.judge for sheet in queries.sheets_of(event, "A") if sheet.judge_id != lead.judge_id)
    with pytest.raises(Refused), transaction():
        services.apply_operations(
            device, operations=[sent(lead, "A1", "57")], by=actor_of(other.account), at=NOON
        )
    assert current(lead) == {}


def test_a_sheet_that_does_not_exist_takes_nothing_and_is_on_the_record(event, device):
    (answer,) = take(device, sent(event.id, "A1", "57"))
    assert (answer.answer, answer.reason, answer.version) == ("rejected", "not-yours", 0)
    assert entries_for(event_id=event.id)[0].kind == "scoring.marks_refused"


def test_nothing_counts_for_an_entrant_who_has_withdrawn(event, device, lead):
    entrant = next(place.entrant for place in queries.places_marked(event) if place.code == lead.code)
    with transaction():
        withdraw_entrant(session.get(Entrant, entrant.id), reason="伤病", by=system_actor(), at=NOON)
    (answer,) = take(device, sent(lead, "A1", "57"))
    assert (answer.answer, answer.reason) == ("rejected", "withdrawn")
    assert current(lead) == {} and len(queries.set_aside(event)) == 1


def test_many_at_once_for_one_cell_leave_one_mark_and_versions_that_only_grow(app, event, lead):
    with transaction():
        devices = [scoring.device(event, lead.judge.account).id for _ in range(4)]
    sheet_id, event_id, answers = lead.id, event.id, []

    def hand(device_id, number):
        with app.app_context(), transaction():
            device = batches.device_row(event_id, device_id)
            operations = [sent(sheet_id, "A1", str(number + seq), seq) for seq in range(1, 4)]
            answers.extend(send(device, *operations))

    threads = [Thread(target=hand, args=(device, 10 * number)) for number, device in enumerate(devices)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    applied = sorted(one.version for one in answers if one.answer == "applied")
    session.rollback()
    (mark,) = session.scalars(select(Mark).where(Mark.sheet_id == sheet_id))
    assert len(answers) == 12 and applied == list(range(1, mark.version + 1))


# --- set aside, and dealt with --------------------------------------------------------------------


@pytest.fixture
def late(event, device, lead):
    """A value that comes when its sheet is signed."""
    with transaction():
        scoring.mark_sheet(lead)
        scoring.sign(lead)
    take(device, sent(lead, "A1", "1"))
    (operation,) = queries.waiting_aside(event)
    return operation


def test_the_chief_judge_deals_with_a_late_entry_once_and_with_a_reason(event, late):
    chief = actor_of(chiefs_of(event)[0])
    with pytest.raises(RuleBroken), transaction():
        services.deal_with(event, late, reason="  ", by=chief, at=NOON)
    with transaction():
        services.deal_with(event, late, reason="与裁判员核对，维持原分", by=chief, at=NOON)
    assert queries.waiting_aside(event) == [] and len(queries.set_aside(event)) == 1
    with pytest.raises(Conflict), transaction():
        services.deal_with(event, late, reason="again", by=chief, at=NOON)


# --- quarantine -------------------------------------------------------------------------------------


def quarantine(event, device, *operations):
    with transaction():
        row = batches.known_device(event.id, device.id)
        return services.quarantine_operations(row, operations=operations, by=system_actor(), at=NOON)


def test_what_a_closed_account_still_held_is_kept_and_never_counted(event, device, lead):
    with transaction():
        disable_account(lead.judge.account, by=system_actor(), at=NOON)
    taken = quarantine(event, device, sent(lead, "A1", "57", 3), sent(lead, "A1", "58", 4))
    assert {(one.answer, one.reason) for one in taken.answers} == {("rejected", "quarantined")}
    assert current(lead) == {} and len(queries.waiting_aside(event)) == 2


def test_handing_over_twice_is_harmless_and_the_device_goes_on_after_it(event, device, lead):
    first = sent(lead, "A1", "57")
    with transaction():
        revoke_device(device, by=system_actor(), at=NOON)
    quarantine(event, device, first)
    (again,) = quarantine(event, device, first).answers
    assert (again.answer, again.outcome) == ("duplicate", "rejected")
    assert batches.known_device(event.id, device.id).last_sequence == 1


# --- the emergency file -----------------------------------------------------------------------------


def body(sheet, value, seq=1, **changes):
    return sent(sheet, "A1", value, seq, **changes).body()


def bring_in(event, text, reason="由J1裁判员当面送交"):
    from competition.scoring.emergency import operations_in

    with transaction():
        file = queries.emergency_file(event, text)
        return services.import_emergency_file(
            event, file, operations=operations_in(file), by=system_actor(), at=NOON, reason=reason
        )


def test_an_emergency_file_counts_once_however_often_it_is_brought_in(event, device, lead):
    text = tablets.emergency_text(event, device.id, [body(lead, "57"), body(lead, "58", 2)])
    found = [bring_in(event, text) for _ in range(2)]
    assert [(one.applied, one.known, one.aside) for one in found] == [(2, 0, 0), (0, 2, 0)]
    assert current(lead)["A1", "mark"] == 58


def test_numbers_that_are_lost_do_not_hold_up_an_emergency_file(event, device, lead):
    operations = [body(lead, str(number), number) for number in range(5, 60)]
    found = bring_in(event, tablets.emergency_text(event, device.id, operations))
    assert (found.count, found.applied) == (55, 55) and current(lead)["A1", "mark"] == 59


def test_every_gap_in_an_emergency_file_is_passed_over(event, device, lead):
    operations = [body(lead, str(number), number) for number in (2, 3, 7, 8, 9, 20)]
    assert bring_in(event, tablets.emergency_text(event, device.id, operations)).applied == 6


def test_the_file_of_a_tablet_that_never_reached_the_server_counts_for_the_judge_of_its_sheets(event, lead):
    own, key = uuid4(), tablets.TabletKey()
    text = tablets.emergency_text(event, own, [body(lead, "57")], key)
    assert bring_in(event, text).applied == 1 and current(lead)["A1", "mark"] == 57
    with transaction():
        met = scoring.register_device(
            event,
            lead.judge.account,
            label="平板",
            public_key=tablets.canonical(key),
            known=Known(own),
            by=system_actor(),
            at=NOON,
        )
    assert (met.id, met.last_sequence) == (own, 1)


def test_the_file_of_an_unknown_tablet_with_the_sheets_of_two_judges_is_refused(event, lead):
    others = [one for one in queries.sheets_of(event, "A") if one.judge_id != lead.judge_id]
    text = tablets.emergency_text(event, uuid4(), [body(lead, "57"), body(others[0], "58", 2)])
    with pytest.raises(RuleBroken, match="of one judge"):
        bring_in(event, text)
    assert current(lead) == {} == current(others[0])


def test_the_file_of_a_tablet_that_was_turned_off_goes_into_quarantine(event, device, lead):
    with transaction():
        revoke_device(device, by=system_actor(), at=NOON)
    found = bring_in(event, tablets.emergency_text(event, device.id, [body(lead, "57")]))
    assert (found.applied, found.aside) == (0, 1) and current(lead) == {}


def test_codes_are_read_in_any_order_and_a_missing_one_is_named(event, device, lead):
    text = tablets.emergency_text(event, device.id, [body(lead, "57")])
    size = -(-len(text) // 3)
    parts = [f"{number + 1}/3 {text[number * size : (number + 1) * size]}" for number in range(3)]
    with pytest.raises(RuleBroken, match="2 of 3"), transaction():
        queries.emergency_file(event, "\n".join([parts[2], parts[0]]))
    assert bring_in(event, "\n".join(reversed(parts))).applied == 1


def test_a_file_that_was_altered_or_belongs_elsewhere_is_not_opened(event, device, lead):
    text = tablets.emergency_text(event, device.id, [body(lead, "57")])
    with transaction():
        other = scoring.device(event, lead.judge.account).id
    for broken in ("", "{}", "[1]", text[:-20], text.replace(str(device.id), str(other)), "1/2 x"):
        with pytest.raises(RuleBroken), transaction():
            queries.emergency_file(event, broken)


def test_the_file_of_a_tablet_with_a_key_counts_only_with_its_signature(event, lead):
    key = tablets.TabletKey()
    with transaction():
        device = scoring.register_device(
            event,
            lead.judge.account,
            label="平板",
            public_key=tablets.canonical(key),
            by=system_actor(),
            at=NOON,
        )
    for forger in (tablets.TabletKey(), None):
        with pytest.raises(RuleBroken, match="not signed by it"), transaction():
            queries.emergency_file(
                event, tablets.emergency_text(event, device.id, [body(lead, "57")], forger)
            )
    assert bring_in(event, tablets.emergency_text(event, device.id, [body(lead, "57")], key), "").applied == 1


def test_the_file_of_a_tablet_without_a_key_needs_a_reason_that_stays_on_the_record(event, device, lead):
    text = tablets.emergency_text(event, device.id, [body(lead, "57")])
    with pytest.raises(RuleBroken, match="no known key"):
        bring_in(event, text, " ")
    assert current(lead) == {} and bring_in(event, text, "由J1裁判员当面送交").applied == 1
    (entry,) = [
        one for one in entries_for(event_id=event.id) if one.kind == "scoring.emergency_file_imported"
    ]
    assert entry.payload["reason"] == "由J1裁判员当面送交"
