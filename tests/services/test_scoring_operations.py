"""The operation contract: what a device sends has at most one effect, and every answer is kept."""

from decimal import Decimal
from uuid import uuid4

import pytest

from competition.accounts.services import system_actor
from competition.audit.queries import chain_breaks, entries_for
from competition.competitions.queries import rule_set_of
from competition.errors import RuleBroken
from competition.scoring import queries, services
from competition.transactions import transaction
from tests.builders import competitions, scoring
from tests.builders.scoring import send, sent
from tests.conftest import NOON


@pytest.fixture
def event(app):
    """Two entrants, judged by three in each module; A1 counts 60 terminals, A4 is a judgement."""
    with transaction():
        yield scoring.scoring_event(2, rule_set=competitions.rule_set("pairs"), team_size=2)


@pytest.fixture
def sheets(event):
    """The sheets of the first code in module A, by seat."""
    code = queries.sheets_of(event, "A")[0].code
    return {one.seat_label: one for one in queries.sheets_of(event, "A") if one.code == code}


@pytest.fixture
def lead(sheets):
    return sheets["J1"]


@pytest.fixture
def device(event, lead):
    return scoring.device(event, lead.judge.account)


def value_of(sheet, aspect, kind="mark"):
    return queries.marks_of_sheet(sheet)[aspect, kind].value


def test_a_mark_is_recorded_with_its_first_version(device, lead):
    (answer,) = send(device, sent(lead, "A1", "57"))
    assert (answer.answer, answer.version) == ("applied", 1)
    assert value_of(lead, "A1") == Decimal(57)


def test_the_same_operation_again_is_a_duplicate_with_the_version_it_made(device, lead):
    first = sent(lead, "A1", "57")
    send(device, first)
    (again,) = send(device, first)
    assert (again.answer, again.outcome, again.version) == ("duplicate", "applied", 1)
    assert queries.marks_of_sheet(lead)["A1", "mark"].version == 1


def test_the_same_operation_twice_in_one_batch_counts_once(device, lead):
    first = sent(lead, "A1", "57")
    assert [one.answer for one in send(device, first, first)] == ["applied", "duplicate"]


def test_an_operation_id_with_another_value_is_refused_and_raises_an_alert(event, device, lead):
    first = sent(lead, "A1", "57")
    send(device, first)
    (reused,) = send(device, sent(lead, "A1", "60", op_id=first.op_id))
    assert (reused.answer, reused.reason) == ("rejected", "op-id-reuse")
    assert value_of(lead, "A1") == Decimal(57)
    assert entries_for(event_id=event.id)[0].kind == "scoring.operation_id_reused"


def test_a_gap_in_the_sequence_is_sent_again_and_not_kept(event, device, lead):
    late = sent(lead, "A1", "57", 2)
    (answer,) = send(device, late)
    assert (answer.answer, answer.reason) == ("rejected", "gap")
    assert queries.operations_by_id(event.id, [late.op_id]) == {}
    assert [one.answer for one in send(device, sent(lead, "A2", "1", 1), late)] == ["applied", "applied"]


def test_a_batch_is_taken_in_the_order_of_the_sequence(device, lead):
    send(device, sent(lead, "A1", "50", 2), sent(lead, "A1", "40", 1))
    assert value_of(lead, "A1") == Decimal(50)


def test_a_used_running_number_with_a_new_operation_is_refused(device, lead):
    send(device, sent(lead, "A1", "57"))
    (answer,) = send(device, sent(lead, "A2", "1", 1))
    assert (answer.answer, answer.reason) == ("rejected", "sequence-used")


def test_two_devices_with_different_values_are_a_conflict_that_keeps_both(event, device, lead):
    other = scoring.device(event, lead.judge.account, "平板2")
    send(device, sent(lead, "A1", "57"))
    (answer,) = send(other, sent(lead, "A1", "58"))
    assert (answer.answer, answer.theirs.value, answer.theirs.device) == ("conflict", Decimal(57), "平板1")
    assert value_of(lead, "A1") == Decimal(57)
    assert queries.set_aside(event)[0].body["value"] == "58"


def test_later_edits_of_a_device_in_conflict_stay_in_conflict(event, device, lead):
    other = scoring.device(event, lead.judge.account)
    send(device, sent(lead, "A1", "57"))
    answers = send(other, sent(lead, "A1", "58", 1), sent(lead, "A1", "59", 2))
    assert [one.answer for one in answers] == ["conflict", "conflict"]


def test_a_conflict_is_settled_by_an_operation_that_knows_the_other_value(event, device, lead):
    other = scoring.device(event, lead.judge.account)
    send(device, sent(lead, "A1", "57"))
    send(other, sent(lead, "A1", "58", 1))
    (mine,) = send(other, sent(lead, "A1", "58", 2, base_version=1))
    assert (mine.answer, mine.version) == ("applied", 2)


def test_taking_the_other_value_is_recorded_and_changes_nothing(event, device, lead):
    other = scoring.device(event, lead.judge.account)
    send(device, sent(lead, "A1", "57"))
    send(other, sent(lead, "A1", "58", 1))
    (theirs,) = send(other, sent(lead, "A1", "57", 2, base_version=1))
    assert (theirs.answer, theirs.reason, theirs.version) == ("applied", "unchanged", 1)


def test_two_devices_with_the_same_value_agree(event, device, lead):
    other = scoring.device(event, lead.judge.account)
    send(device, sent(lead, "A1", "57"))
    (answer,) = send(other, sent(lead, "A1", "５７"))
    assert (answer.answer, answer.version) == ("applied", 1)


def test_a_device_may_change_its_own_mark_before_it_was_acknowledged(device, lead):
    answers = send(device, *(sent(lead, "A1", value, seq) for seq, value in enumerate(("5", "57"), 1)))
    assert [(one.answer, one.version) for one in answers] == [("applied", 1), ("applied", 2)]


@pytest.mark.parametrize("typed", ["8.5", "８．５", "8。5", "8,5"])
def test_a_number_counts_however_it_was_typed(event, typed):
    lead = next(one for one in queries.sheets_of(event, "B") if one.lead)
    send(scoring.device(event, lead.judge.account), sent(lead, "B1", typed))
    assert value_of(lead, "B1") == Decimal("8.5")


@pytest.mark.parametrize("typed", ["61", "-1", "0.5", "NaN", "1e9", "", "abc", "1" * 30, "1.123456789"])
def test_a_value_out_of_range_is_refused_with_a_sentence_and_kept(event, device, lead, typed):
    (answer,) = send(device, sent(lead, "A1", typed))
    assert (answer.answer, answer.reason) == ("rejected", "out-of-range")
    assert str(answer.sentence) and queries.marks_of_sheet(lead) == {}
    assert queries.set_aside(event)[0].body["value"] == typed


def test_a_sheet_of_somebody_else_takes_nothing(event, device, sheets):
    answers = send(device, sent(sheets["J2"], "A4", "2", 1), sent(uuid4(), "A4", "2", 2))
    assert [one.reason for one in answers] == ["not-yours", "not-yours"]
    assert entries_for(event_id=event.id)[0].kind == "scoring.marks_refused"


def test_a_member_cannot_record_what_the_lead_measures(event, sheets):
    member = scoring.device(event, sheets["J2"].judge.account)
    (answer,) = send(member, sent(sheets["J2"], "A1", "57"))
    assert answer.reason == "not-on-sheet"


def test_a_signed_sheet_does_not_change_and_the_late_value_is_listed(event, device, lead):
    scoring.mark_sheet(lead)
    scoring.sign(lead)
    before = queries.content_hash(lead, queries.marks_of_sheet(lead))
    (late,) = send(device, sent(lead, "A1", "60"))
    assert (late.answer, late.reason) == ("rejected", "signed")
    assert queries.content_hash(lead, queries.marks_of_sheet(lead)) == before
    assert [one.op_id for one in queries.set_aside(event)] == [late.op_id]


def test_nothing_is_recorded_after_the_end_of_marking(event, device, lead):
    scoring.mark_all(event)
    services.close_scoring(event, by=system_actor(), at=NOON)
    assert send(device, sent(lead, "A1", "60"))[0].reason == "closed"


def test_not_attempted_is_a_mark_and_a_cleared_cell_is_blank_again(device, lead):
    send(device, sent(lead, "A1", None, 1, state="not_attempted"))
    assert queries.is_given(queries.marks_of_sheet(lead)["A1", "mark"])
    send(device, sent(lead, "A1", None, 2, state="blank", base_version=1))
    assert not queries.is_given(queries.marks_of_sheet(lead)["A1", "mark"])


def test_every_change_is_attributable_and_the_chain_holds(event, device, lead):
    send(device, sent(lead, "A1", "57", 1), sent(lead, "A1", "58", 2, base_version=1))
    operations = [one for one in queries.operations_of_sheet(lead) if one.aspect == "A1"]
    assert [one.body["value"] for one in operations] == ["57", "58"]
    assert {one.by_id for one in operations} == {lead.judge.account_id} and not list(chain_breaks())


# --- judgement in groups ------------------------------------------------------------------------------


def give(event, sheets, **levels):
    """Each seat's level of A4, from a device of its judge; returns the devices."""
    devices = {}
    for label, level in levels.items():
        devices[label] = scoring.device(event, sheets[label].judge.account)
        send(devices[label], sent(sheets[label], "A4", level))
    return devices


def levels(event, sheets):
    marks = queries.marks_by_sheet(event.id)
    item = next(i for i in queries.items_of(rule_set_of(event), "A", "J1") if i.is_level)
    return queries.levels_of(item.aspect, list(sheets.values()), marks)


def test_levels_are_hidden_until_all_are_in(event, sheets):
    give(event, sheets, J1="2", J2="3")
    assert not levels(event, sheets).are_shown
    give(event, sheets, J3="2")
    assert levels(event, sheets).are_shown and not levels(event, sheets).in_discussion


def test_levels_too_far_apart_are_discussed_and_keep_the_sheet_from_being_signed(event, sheets):
    give(event, sheets, J1="1", J2="3", J3="2")
    assert levels(event, sheets).in_discussion
    with pytest.raises(RuleBroken, match="under discussion"):
        scoring.sign(sheets["J2"])


def test_a_second_round_needs_a_reason_and_keeps_the_first(event, sheets):
    devices = give(event, sheets, J1="1", J2="3", J3="2")
    (refused,) = send(devices["J1"], sent(sheets["J1"], "A4", "2", 2, base_version=1))
    assert refused.reason == "reason-needed"
    (taken,) = send(
        devices["J1"], sent(sheets["J1"], "A4", "2", 3, base_version=1, round=2, reason="布线整齐")
    )
    assert taken.answer == "applied" and not levels(event, sheets).in_discussion
    kept = [one for one in queries.operations_of_sheet(sheets["J1"]) if one.aspect == "A4"]
    assert [(one.body["value"], one.answer) for one in kept] == [
        ("1", "applied"),
        ("2", "rejected"),
        ("2", "applied"),
    ]
