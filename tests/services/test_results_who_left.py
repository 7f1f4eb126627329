"""Who withdrew or was disqualified keeps the record and has no place; on both databases."""

import pytest

from competition.accounts.services import system_actor
from competition.errors import RuleBroken
from competition.registration.services import (
    compete_outside_awards,
    disqualify_entrant,
    lift_disqualification,
    mark_presence,
    return_to_awards,
    withdraw_entrant,
)
from competition.results import queries
from competition.results.bundles import bundle_of
from competition.rules import contest
from competition.scoring import queries as scoring
from competition.transactions import transaction
from competition.verification import verify_results
from tests.builders import results as a
from tests.conftest import NOON

BY = {"by": system_actor(), "at": NOON}
TOTALS = ("80", "90", "70")


@pytest.fixture
def event(app):
    """Three people, all marked and signed, before the end of the marking."""
    with transaction():
        event = a.marking_event(3, rules=a.one_mark_rules())
        a.mark(event, lambda entry, _aspect, _seat: TOTALS[entry - 1])
        yield event


def line_of(event, entry):
    entrant = str(a.entrant(event, entry).id)
    lines = contest.evaluate(scoring.contest_document(event)).lines
    return next(line for line in lines if line.entrant == entrant)


@pytest.mark.parametrize(
    ("leave", "status"), [(disqualify_entrant, "disqualified"), (withdraw_entrant, "withdrawn")]
)
def test_who_leaves_after_the_marks_keeps_them_and_has_no_place_in_the_published_result(event, leave, status):
    leave(a.entrant(event, 2), reason="携带手机进入赛场", **BY)
    a.close(event)
    a.published(event)
    revision = queries.released_revision(event)
    line = line_of(event, 2)
    assert (line.status, line.place, line.total) == (status, None, 90)
    assert [each.status for each in queries.lines_of(revision)].count(status) == 1
    assert revision.reconciliation == {"expected": 3, "received": 3, "void": 0, "missing": 0}
    assert verify_results.check(bundle_of(revision)) == []


def test_nothing_more_is_expected_of_who_was_disqualified_before_the_end(app):
    with transaction():
        event = a.marking_event(2, rules=a.one_mark_rules())
        disqualify_entrant(a.entrant(event, 1), reason="冒名顶替", **BY)
        for sheet in scoring.sheets_of(event):
            if sheet.code not in scoring.codes_left_out(event):
                a.fill(event, sheet, lambda _aspect, _seat: "50")
                a.sign_and_confirm(event, sheet)
        assert scoring.reconciliation(event).expected == 1
        a.close(event)
    assert (line_of(event, 1).status, line_of(event, 1).total) == ("disqualified", None)


def test_the_absent_leave_no_marks(event):
    mark_presence(a.entrant(event, 1), present=False, **BY)
    assert {mark["value"] for mark in scoring.marks_of(event)} == {"90", "70"}
    assert scoring.reconciliation(event).expected == 2


def test_a_disqualification_is_lifted_and_the_place_is_back(event):
    entrant = a.entrant(event, 2)
    disqualify_entrant(entrant, reason="迟到", **BY)
    lift_disqualification(entrant, reason="申诉成立", **BY)
    assert line_of(event, 2).place == 1


def test_a_disqualification_needs_a_reason_and_a_result_that_is_not_public(event):
    with pytest.raises(RuleBroken, match="Say why"):
        disqualify_entrant(a.entrant(event, 1), reason=" ", **BY)
    a.close(event)
    a.published(event)
    with pytest.raises(RuleBroken, match="Published"):
        disqualify_entrant(a.entrant(event, 1), reason="冒名顶替", **BY)


def award_of(event, entry):
    entrant = str(a.entrant(event, entry).id)
    revision = queries.released_revision(event)
    return next(line.award for line in queries.lines_of(revision) if str(line.entrant_id) == entrant)


def test_the_award_of_who_competes_outside_the_awards_goes_to_the_next(event):
    compete_outside_awards(a.entrant(event, 2), reason="外省观摩选手", **BY)
    a.close(event)
    a.published(event)
    assert (line_of(event, 2).place, award_of(event, 2)) == (1, None)
    assert (line_of(event, 1).place, award_of(event, 1)) == (2, "first")


def test_who_returns_to_the_awards_takes_them(event):
    compete_outside_awards(a.entrant(event, 2), reason="外省观摩选手", **BY)
    return_to_awards(a.entrant(event, 2), reason="资格已核实", **BY)
    a.close(event)
    a.published(event)
    assert award_of(event, 2) == "first"


@pytest.mark.parametrize("decide", [compete_outside_awards, return_to_awards])
def test_once_the_marking_is_closed_it_must_be_reopened_before_anybody_leaves_the_awards(event, decide):
    a.close(event)
    with pytest.raises(RuleBroken, match="Scoring closed") as refused:
        decide(a.entrant(event, 2), reason="外省观摩选手", **BY)
    assert "Reopen the marking" in str(refused.value.next_step)
