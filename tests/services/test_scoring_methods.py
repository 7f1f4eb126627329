"""Tries, times with penalties, formulas, records and violations on the sheet: from the device to the result."""

from dataclasses import replace
from decimal import Decimal

import pytest

from competition.accounts.services import system_actor
from competition.competitions.queries import rule_set_of
from competition.rules import contest
from competition.scoring import queries, services
from competition.scoring.queries.marks import given_of
from competition.transactions import transaction
from tests.builders import scoring
from tests.builders.scoring import send, sent
from tests.conftest import NOON
from tests.rules.contests import aspect, attempts, group, judgement, record, ruleset, value_aspect

MODULE = group(
    "A",
    attempts("lift", 3),
    value_aspect("paper"),
    aspect("length", "measurement", mode="linear", max=10, base=10, rate="-0.5"),
    aspect("clock", "time", max_seconds=3600),
    record("tops", high=5, step=1),
    aspect("late", "deduction", effect="percent"),
    aspect("cheat", "deduction", effect="void"),
    role="module",
)
BY_TOPS = {"by": [{"node": "total"}, {"node": "tops"}]}


@pytest.fixture
def event(app):
    """One entrant, and one module of everything that is not judged level by level."""
    with transaction():
        yield scoring.scoring_event(1, rule_set=ruleset(MODULE, ranking=BY_TOPS))


@pytest.fixture
def lead(event):
    (sheet,) = queries.sheets_of(event, "A")
    return sheet


@pytest.fixture
def device(event, lead):
    return scoring.device(event, lead.judge.account)


def items(event):
    return queries.items_of(rule_set_of(event), "A", "J1")


def everything(lead):
    """Every item of the sheet with a value, a state or an entry."""
    return [
        sent(lead, "lift", "40", 1, kind="mark:1"),
        sent(lead, "lift", None, 2, kind="mark:2", state="dnf"),
        sent(lead, "lift", "60.5", 3, kind="mark:3"),
        sent(lead, "paper", "30", 4),
        sent(lead, "length", "3", 5),
        sent(lead, "clock", "100", 6),
        sent(lead, "clock", "15", 7, kind="pause:1", reason="停电"),
        sent(lead, "clock", "30", 8, kind="penalty:1", reason="碰杆"),
        sent(lead, "clock", "5", 9, kind="bonus:1", reason="提前"),
        sent(lead, "tops", "4", 10),
        sent(lead, "late", "10", 11, kind="entry:1", reason="迟到"),
    ]


def line_of(event):
    return contest.evaluate(queries.contest_document(event)).lines[0]


def test_each_try_is_an_item_and_what_is_added_to_a_time_is_a_list_beside_it(event):
    cells = [(item.aspect.id, item.cell, item.needed) for item in items(event)]
    assert cells[:3] == [("lift", "mark:1", True), ("lift", "mark:2", True), ("lift", "mark:3", True)]
    assert cells[5:8] == [("clock", "mark", False), ("clock", "penalty", False), ("tops", "mark", True)]


def test_what_devices_send_is_what_the_result_is_made_of(event, lead, device):
    assert {answer.answer for answer in send(device, *everything(lead))} == {"applied"}
    line = line_of(event)
    assert (line.value("lift"), line.value("length"), line.value("clock"), line.value("tops")) == (
        Decimal("60.5"),
        Decimal("8.5"),
        110,
        4,
    )
    assert line.total == Decimal("89.1")


def test_one_violation_voids_the_module(event, lead, device):
    send(device, *everything(lead), sent(lead, "cheat", "1", 12, kind="entry:1", reason="冒名顶替"))
    assert line_of(event).total == 0


@pytest.mark.parametrize(
    ("aspect_id", "details", "reason"),
    [
        ("lift", {"value": "40"}, "not-on-sheet"),
        ("lift", {"value": "40", "kind": "mark:4"}, "not-on-sheet"),
        ("lift", {"value": "101", "kind": "mark:1"}, "out-of-range"),
        ("paper", {"value": None, "state": "dnf"}, "not-on-sheet"),
        ("clock", {"value": "5", "kind": "pause:1"}, "adjustment-needs-reason"),
        ("clock", {"value": "0", "kind": "pause:1", "reason": "停电"}, "out-of-range"),
        ("paper", {"value": "5", "kind": "pause:1", "reason": "停电"}, "not-on-sheet"),
        ("cheat", {"value": "2", "kind": "entry:1", "reason": "冒名顶替"}, "out-of-range"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_its_reason(lead, device, aspect_id, details, reason):
    values = {"kind": "mark", **details}
    (answer,) = send(device, sent(lead, aspect_id, values.pop("value"), **values))
    assert (answer.answer, answer.reason) == ("rejected", reason)


def test_who_does_not_start_again_leaves_the_other_tries_blank_and_the_sheet_can_be_signed(
    event, lead, device
):
    kept = [one for one in everything(lead) if one.aspect != "lift"]
    tries = [
        sent(lead, "lift", "40", 1, kind="mark:1"),
        sent(lead, "lift", None, 2, kind="mark:2", state="dns"),
    ]
    send(
        device,
        *tries,
        *(
            sent(lead, one.aspect, one.value, seq, kind=one.kind, reason=one.reason)
            for seq, one in enumerate(kept, start=3)
        ),
    )
    scoring.sign(lead)
    scoring.confirm(lead)
    services.close_scoring(event, by=system_actor(), at=NOON)
    assert line_of(event).value("lift") == 40


def test_a_try_that_failed_does_not_end_the_others(event, lead, device):
    send(device, sent(lead, "lift", None, 1, kind="mark:1", state="dnf"))
    marks = queries.marks_by_sheet(event.id)
    blanks = queries.blanks_of(items(event), lead, [lead], marks)
    assert {item.cell for item in blanks if item.aspect.id == "lift"} == {"mark:2", "mark:3"}


def test_the_marks_of_a_code_are_the_same_for_the_rules_and_in_the_document(event, lead, device):
    send(device, *everything(lead))
    rule_set = rule_set_of(event)
    document = contest.parse(queries.contest_document(event))
    (of_document,) = document.marks.values()
    assert of_document["late"].entries[0].note
    without_reasons = {aspect: _without_reasons(given) for aspect, given in of_document.items()}
    assert given_of(rule_set, [lead], queries.marks_by_sheet(event.id)) == without_reasons


def _without_reasons(given):
    adjustments = given.adjustments and [(kind, entry._replace(note="")) for kind, entry in given.adjustments]
    entries = [entry._replace(note="") for entry in given.entries]
    return replace(given, entries=entries, adjustments=adjustments)


def test_levels_of_both_rounds_are_in_the_document_and_the_second_counts(app):
    with transaction():
        judged = group("A", judgement("style", 9), role="module")
        event = scoring.scoring_event(1, rule_set=ruleset(judged))
        sheets = sorted(queries.sheets_of(event, "A"), key=lambda sheet: sheet.seat_label)
        devices = [scoring.device(event, sheet.judge.account) for sheet in sheets]
        for sheet, device, level in zip(sheets, devices, "132", strict=True):
            send(device, sent(sheet, "style", level))
        send(devices[0], sent(sheets[0], "style", "2", 2, base_version=1, round=2, reason="布线整齐"))
    outcome = contest.evaluate(queries.contest_document(event))
    inputs = outcome.working(outcome.lines[0].entrant).children[0].children[0].inputs
    assert [(one.round, one.value, one.counts) for one in inputs] == [
        *((1, level, False) for level in (1, 3, 2)),
        *((2, level, True) for level in (2, 3, 2)),
    ]
    assert outcome.lines[0].total == 7


def test_equal_entries_made_apart_on_two_tablets_are_a_conflict_and_both_can_count(event, device, lead):
    spare = scoring.device(event, lead.judge.account, "平板2")
    first = sent(lead, "late", "10", 1, kind="entry:1", reason="第一次迟到")
    second = sent(lead, "late", "10", 1, kind="entry:1", reason="第二次迟到")
    assert [one.answer for one in send(spare, second)] == ["applied"]
    (answer,) = send(device, first)
    assert (answer.answer, answer.theirs.device) == ("conflict", "平板2")
    send(device, sent(lead, "late", "10", 2, kind="entry:2", reason="第一次迟到"))
    marks = queries.marks_of_sheet(lead)
    assert [marks["late", kind].value for kind in ("entry:1", "entry:2")] == [10, 10]
