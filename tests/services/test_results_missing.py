"""A result with sheets missing: blocked, unless two people accept exactly these with a reason."""

import pytest

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.queries import entries_for
from competition.competitions.queries import proposals_of
from competition.errors import Conflict, RuleBroken
from competition.orm import canonical_json, read_json
from competition.panels import queries as panels_queries
from competition.results import bundles, queries
from competition.results import services as results_services
from competition.scoring import queries as scoring
from competition.scoring import services
from competition.scoring.models import MissingAcceptance
from competition.transactions import transaction
from competition.verification import verify_awards, verify_results
from tests.builders import rechecks, results
from tests.conftest import NOON

REASON = "第二赛场停电,两份评分表未找到"


@pytest.fixture
def event(app):
    """Four entrants with a mark each; the sheets of numbers 3 and 4 were never signed."""
    with transaction():
        made = results.marking_event(4)
        sign_all_but(made, 3, 4)
        yield made


@pytest.fixture
def people(event):
    """Who proposes and who accepts."""
    return actor_of(results.organiser(event)), actor_of(results.supervisor(event))


def sign_all_but(event, *numbers):
    """Everybody's sheet is marked with 90 less the entry number; those of these numbers are not signed."""
    for sheet in scoring.sheets_of(event):
        number = number_of(event, sheet.code)
        results.fill(event, sheet, lambda _aspect, _seat, value=str(90 - number): value)
        if number not in numbers:
            results.sign_and_confirm(event, sheet)


def number_of(event, code):
    return next(place.entrant.entry_number for place in scoring.places_marked(event) if place.code == code)


def code_of(event, number):
    return next(place.code for place in scoring.places_marked(event) if place.entrant.entry_number == number)


def sheet_of(event, number):
    return next(sheet for sheet in scoring.sheets_of(event) if sheet.code == code_of(event, number))


def accept(event, people, reason=REASON):
    proposal = services.propose_missing(event, reason=reason, by=people[0], at=NOON)
    return services.accept_missing(proposal, event, by=people[1], at=NOON)


def publish(event, people, reason=""):
    revision = results_services.prepare_revision(event, reason=reason, by=people[0], at=NOON)
    return results_services.approve_publication(revision, by=people[1], at=NOON).revision


def published(event, people):
    accept(event, people)
    results.close(event)
    return publish(event, people)


def said(caught):
    return " ".join(map(str, caught.value.sentences))


# --- the gate -------------------------------------------------------------------------------------


def test_missing_sheets_keep_the_marking_from_being_closed(event):
    with pytest.raises(RuleBroken) as refused:
        results.close(event)
    assert "2 sheets are not signed" in said(refused)


def test_a_proposal_alone_opens_nothing(event, people):
    services.propose_missing(event, reason=REASON, by=people[0], at=NOON)
    with pytest.raises(RuleBroken) as refused:
        results.close(event)
    assert "a second person has not accepted that" in said(refused)


def test_whoever_proposed_cannot_accept(event, people):
    proposal = services.propose_missing(event, reason=REASON, by=people[0], at=NOON)
    with pytest.raises(RuleBroken) as refused:
        services.accept_missing(proposal, event, by=people[0], at=NOON)
    assert "somebody else must accept it" in said(refused)


def test_two_people_with_a_reason_open_the_way_to_the_result(event, people):
    accept(event, people)
    assert scoring.closing_blockers(event) == ()
    results.close(event)
    assert queries.preparation(event).problems == ()


def test_a_reason_is_needed_and_something_must_be_missing(event, people):
    with pytest.raises(RuleBroken) as refused:
        services.propose_missing(event, reason=" ", by=people[0], at=NOON)
    assert "Give the reason" in said(refused)
    for number in (3, 4):
        results.sign_and_confirm(event, sheet_of(event, number))
    with pytest.raises(RuleBroken) as refused:
        services.propose_missing(event, reason=REASON, by=people[0], at=NOON)
    assert "No sheet is missing" in said(refused)


def test_the_list_a_person_saw_must_be_the_list_that_is_missing(event, people):
    seen = scoring.hash_of_names(scoring.missing_names(event))
    results.sign_and_confirm(event, sheet_of(event, 4))
    with pytest.raises(Conflict):
        services.propose_missing(event, reason=REASON, seen=seen, by=people[0], at=NOON)


def test_a_proposal_for_other_sheets_is_not_accepted(event, people):
    proposal = services.propose_missing(event, reason=REASON, by=people[0], at=NOON)
    results.sign_and_confirm(event, sheet_of(event, 4))
    with pytest.raises(Conflict):
        services.accept_missing(proposal, event, by=people[1], at=NOON)


def test_one_sheet_fewer_blocks_again_and_is_named(event, people):
    accept(event, people)
    results.sign_and_confirm(event, sheet_of(event, 4))
    (refusal, *_) = [each for each in scoring.closing_blockers(event) if "Fewer" in str(each)]
    assert code_of(event, 4) in str(refusal) and code_of(event, 3) not in str(refusal)


def test_one_sheet_more_blocks_again_and_is_named(event, people):
    accept(event, people)
    services.reopen_sheet(sheet_of(event, 1), reason="看不清", by=chief_of(event), at=NOON)
    (refusal,) = [each for each in scoring.closing_blockers(event) if "More" in str(each)]
    assert code_of(event, 1) in str(refusal) and code_of(event, 3) not in str(refusal)


def test_a_withdrawn_acceptance_blocks_the_preparation(event, people):
    acceptance = accept(event, people)
    results.close(event)
    services.withdraw_missing(acceptance, event, by=people[1], at=NOON)
    (problem, *_) = queries.preparation(event).problems
    assert "2 sheets are still missing" in str(problem)


def test_the_approval_of_a_revision_falls_with_the_acceptance_it_rests_on(event, people):
    acceptance = accept(event, people)
    results.close(event)
    revision = results_services.prepare_revision(event, by=people[0], at=NOON)
    services.withdraw_missing(acceptance, event, by=people[0], at=NOON)
    with pytest.raises(RuleBroken) as refused:
        results_services.approve_publication(revision, by=people[1], at=NOON)
    assert "2 sheets are still missing" in said(refused)


def test_a_new_proposal_takes_the_place_of_the_one_before(event, people):
    first = accept(event, people)
    second = services.propose_missing(event, reason="再次清点", by=people[1], at=NOON)
    assert (first.withdrawn_by, first.withdrawn_at) == (people[1].account_id, NOON)
    assert scoring.acceptance_of(event) is second
    assert [each.id for each in proposals_of(MissingAcceptance, event)][-1] in (first.id, second.id)


def test_nothing_is_decided_once_the_result_is_public(event, people):
    published(event, people)
    with pytest.raises(RuleBroken) as refused:
        services.propose_missing(event, reason=REASON, by=people[0], at=NOON)
    assert "not public yet" in said(refused)


def test_every_act_is_on_the_record(event, people):
    acceptance = accept(event, people)
    services.withdraw_missing(acceptance, event, by=people[0], at=NOON)
    kinds = [
        entry.kind for entry in entries_for(event_id=event.id) if entry.kind.startswith("scoring.missing")
    ]
    assert sorted(kinds) == [
        "scoring.missing_accepted",
        "scoring.missing_proposed",
        "scoring.missing_withdrawn",
    ]


# --- the result -----------------------------------------------------------------------------------


def test_who_lacks_a_sheet_has_no_total_and_no_place_and_the_others_have_theirs(event, people):
    revision = published(event, people)
    lines = {line.entrant.entry_number: (line.place, line.total) for line in queries.lines_of(revision)}
    assert lines == {1: (1, 89), 2: (2, 88), 3: (None, None), 4: (None, None)}


def test_what_stands_on_an_unsigned_sheet_is_not_in_the_result(event, people):
    revision = published(event, people)
    marked = {mark["entrant"] for mark in revision.contest["marks"]}
    assert marked == {str(results.entrant(event, number).id) for number in (1, 2)}


def test_the_revision_keeps_which_sheets_are_missing_why_and_that_two_people_accepted(event, people):
    counted = published(event, people).reconciliation
    assert (counted["expected"], counted["received"], counted["missing"]) == (4, 2, 2)
    assert {each["code"] for each in counted["accepted"]["sheets"]} == {code_of(event, 3), code_of(event, 4)}
    assert counted["accepted"]["reason"] == REASON
    assert [each["by"] for each in counted["accepted"]["by"]] == ["A1", "A2"]


def test_the_bundle_holds_before_the_verifier_and_names_nobody(event, people):
    revision = published(event, people)
    text = bundles.public_bundle(revision)
    assert verify_results.check(read_plain(text)) == verify_awards.check(read_plain(text)) == []
    assert not [person.name for person in people if person.name in text]


@pytest.mark.parametrize(
    ("path", "check"),
    [
        (lambda plain: plain["reconciliation"]["accepted"]["sheets"].pop(), "1.2"),
        (lambda plain: plain["reconciliation"]["accepted"].update(reason="停电"), "2.1"),
        (lambda plain: plain["reconciliation"]["accepted"]["by"][1].update(by="A1"), "3.1"),
        (lambda plain: plain["reconciliation"].pop("accepted"), "1.2"),
    ],
    ids=["a sheet less", "another reason", "one person", "no acceptance"],
)
def test_the_verifier_finds_a_changed_acceptance(event, people, path, check):
    plain = read_plain(bundles.public_bundle(published(event, people)))
    path(plain)
    assert check in {finding.check for finding in verify_results.check(plain)}


@pytest.mark.parametrize(("denominator", "winners"), [("registered", 2), ("present", 2), ("completed", 1)])
def test_shares_of_awards_are_taken_of_the_declared_base(app, denominator, winners):
    awards = {
        "model": "percent",
        "denominator": denominator,
        "rounding": "down",
        "awards": [{"id": "first", "title": {"zh": "一等奖", "en": "First prize"}, "percent": "50"}],
    }
    with transaction():
        event = results.marking_event(4, rules=results.one_mark_rules(awards=awards))
        sign_all_but(event, 3, 4)
        people = actor_of(results.organiser(event)), actor_of(results.supervisor(event))
        revision = published(event, people)
        awarded = [line.entrant.entry_number for line in queries.lines_of(revision) if line.award]
    assert awarded == list(range(1, winners + 1))


def test_a_panel_whose_rules_go_on_without_a_judge_gives_a_total(app):
    piece = {"kind": "aspect", "id": "piece", "title": {"zh": "工件"}, "type": "panel", "judges": 3}
    panel = {**piece, "range": {"low": 0, "high": 100}, "combine": "mean", "minimum": 2}
    rules = results.one_mark_rules()
    rules["scheme"]["children"] = [panel]
    with transaction():
        event = results.marking_event(2, rules=rules)
        for sheet in scoring.sheets_of(event):
            results.fill(event, sheet, lambda _aspect, seat: {"J1": "80", "J2": "90", "J3": "10"}[seat])
            if not (sheet.seat_label == "J3" and sheet.code == code_of(event, 1)):
                results.sign_and_confirm(event, sheet)
        people = actor_of(results.organiser(event)), actor_of(results.supervisor(event))
        revision = published(event, people)
        totals = {line.entrant.entry_number: line.total for line in queries.lines_of(revision)}
        assert totals == {1: 85, 2: 60}
        assert verify_results.check(read_plain(bundles.public_bundle(revision))) == []


def test_a_re_check_looks_at_the_sheets_that_are_there(app):
    rule = {"top": {"count": 4}, "sample_percent": 0, "error_threshold_percent": 40}
    with transaction():
        event = results.marking_event(4, rules=results.one_mark_rules(recheck=rule))
        sign_all_but(event, 3, 4)
        accept(event, (actor_of(results.organiser(event)), actor_of(results.supervisor(event))))
        results.close(event)
        rechecks.finished(event)
        assert queries.preparation(event).problems == ()


# --- afterwards -----------------------------------------------------------------------------------


def test_a_sheet_that_is_found_makes_a_new_revision_with_the_public_difference(event, people):
    before = published(event, people)
    services.reopen_scoring(event, reason="评分表已找到", by=system_actor(), at=NOON)
    for number in (3, 4):
        results.sign_and_confirm(event, sheet_of(event, number))
    results.close(event)
    after = publish(event, people, reason="评分表已找到")
    assert "accepted" not in after.reconciliation and after.reconciliation["missing"] == 0
    changed = {each.name for each in queries.changes_between(before, after)}
    assert len(changed) == 2
    assert verify_results.check(read_plain(bundles.public_bundle(after))) == []


def test_the_acceptance_still_holds_when_something_else_is_corrected(event, people):
    published(event, people)
    results.correct(event, results.entrant(event, 2), "95")
    after = publish(event, people, reason="抄写错误")
    assert after.reconciliation["missing"] == 2
    assert queries.lines_of(after)[0].entrant.entry_number == 2


def chief_of(event):
    return actor_of(panels_queries.chiefs_of(event)[0])


def read_plain(text):
    return read_json(canonical_json(read_json(text)))
