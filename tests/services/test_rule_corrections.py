"""Two people correct frozen rules: who may, when, what follows for results that were computed; on both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.queries import entries_for
from competition.competitions import queries, services
from competition.database import session
from competition.errors import Conflict, RuleBroken
from competition.orm import canonical_json
from competition.results import queries as results_queries
from competition.results import services as results_services
from competition.results.queries.contests import hash_of_texts, stored_texts
from competition.rules import contest
from competition.scoring.queries import items_of, sheets_of
from competition.scoring.services import reopen_scoring
from competition.transactions import transaction
from tests.builders import competitions, panels, rechecks, results
from tests.conftest import NOON

REASON = "理论与实操的权重写反"


def weights(theory, practice, **parts):
    """The trade's rules with these weights; a result is not final before the end of its notice."""
    document = results.trade_rules(publication={"notice_days": 7}, **parts)
    for child, weight in zip(document["scheme"]["children"], (theory, practice), strict=True):
        child["weight"] = weight
    return document


def marks(entry, aspect, _seat):
    """Number 1 is better at theory, number 2 at practice."""
    theory, practice = {1: ("90", "60"), 2: ("60", "90")}[entry]
    return {"paper": theory, "seam": practice, "time": "600"}.get(aspect)


@pytest.fixture
def event(app):
    """Two entrants, marked; the marking is closed and no result is prepared."""
    with transaction():
        yield results.scored_event(marks, number=2, rules=weights(70, 30))


@pytest.fixture
def people(event):
    """Who proposes and who accepts."""
    return actor_of(results.organiser(event)), actor_of(results.supervisor(event))


def propose(event, by, document=None, **details):
    sent = {"document": document or weights(30, 70), "reason": REASON, **details}
    return services.propose_correction(event, **sent, by=by, at=NOON)


def correct(event, people, document=None):
    proposal = propose(event, people[0], document)
    return services.accept_correction(proposal, event, by=people[1], at=NOON)


def prepare(event, people):
    return results_services.prepare_revision(event, by=people[0], at=NOON)


def publish(revision, people):
    return results_services.approve_publication(revision, by=people[1], at=NOON)


def places(revision):
    return {line.entrant.entry_number: line.place for line in results_queries.lines_of(revision)}


def said(caught):
    return " ".join(map(str, caught.value.sentences))


# --- two people -----------------------------------------------------------------------------------


def test_a_proposal_alone_changes_nothing(event, people):
    before = queries.rule_hash(event), event.frozen_id
    propose(event, people[0])
    assert (queries.rule_hash(event), event.frozen_id) == before


def test_what_a_second_person_accepts_is_the_next_version_and_counts(event, people):
    version = correct(event, people)
    assert (version.number, event.frozen_id) == (2, version.id)
    assert queries.rule_document(event) == event.rule_set == weights(30, 70)
    assert [each.number for each in queries.versions_of(event)] == [1, 2]
    assert queries.rule_set_of(event).nodes["theory"].weight == 30


def test_whoever_proposed_cannot_accept(event, people):
    proposal = propose(event, people[0])
    with pytest.raises(RuleBroken) as refused:
        services.accept_correction(proposal, event, by=people[0], at=NOON)
    assert "somebody else must accept it" in said(refused)


def test_the_system_neither_proposes_nor_accepts(event, people):
    with pytest.raises(RuleBroken):
        propose(event, system_actor())
    proposal = propose(event, people[0])
    with pytest.raises(RuleBroken):
        services.accept_correction(proposal, event, by=system_actor(), at=NOON)


def test_it_needs_a_reason_a_sound_document_and_a_change(event, people):
    for sent, why in (
        ({"reason": " "}, "Give the reason"),
        ({"document": {"format": "other"}}, "Rule set, /"),
        ({"document": weights(70, 30)}, "says the same"),
    ):
        with pytest.raises(RuleBroken) as refused:
            propose(event, people[0], **sent)
        assert why in said(refused)


def test_the_version_a_person_saw_must_be_the_one_that_counts(event, people):
    seen = queries.rule_hash(event)
    correct(event, people)
    with pytest.raises(Conflict):
        propose(event, people[0], weights(50, 50), seen=seen)


def test_a_new_proposal_takes_the_place_of_the_one_before(event, people):
    first = propose(event, people[0])
    second = propose(event, people[1], weights(50, 50))
    assert first.withdrawn_by == people[1].account_id and queries.standing_correction(event) is second
    with pytest.raises(RuleBroken) as refused:
        services.accept_correction(first, event, by=people[1], at=NOON)
    assert "withdrawn" in said(refused)


def test_what_was_accepted_is_not_accepted_or_withdrawn_again(event, people):
    proposal = propose(event, people[0])
    services.accept_correction(proposal, event, by=people[1], at=NOON)
    for act in (services.accept_correction, services.withdraw_correction):
        with pytest.raises(RuleBroken) as refused:
            act(proposal, event, by=people[1], at=NOON)
        assert "accepted it already" in said(refused)


def test_every_act_is_on_the_record_with_both_hashes(event, people):
    old = queries.rule_hash(event)
    services.withdraw_correction(propose(event, people[0]), event, by=people[1], at=NOON)
    version = correct(event, people)
    entries = [each for each in entries_for(event_id=event.id) if "rule_correction" in each.kind]
    assert sorted(each.kind.rpartition("_")[2] for each in entries) == [
        "accepted",
        "proposed",
        "proposed",
        "withdrawn",
    ]
    for each in entries:
        assert (each.payload["before"], each.payload["hash"], each.payload["reason"]) == (
            old,
            version.hash,
            REASON,
        )


def test_what_was_proposed_is_kept_as_it_was_written(event, people):
    propose(event, people[0])
    for change in ("UPDATE rule_correction SET reason = 'x'", "DELETE FROM rule_correction"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(change))


# --- results --------------------------------------------------------------------------------------


def test_a_published_revision_follows_from_its_own_version_to_the_byte(event, people):
    first = prepare(event, people)
    publish(first, people)
    stored, lines, version = (
        stored_texts(first),
        results_queries.stored_keys(first),
        first.rule_set_version_id,
    )
    reopen_scoring(event, reason=REASON, by=people[0], at=NOON)
    correct(event, people)
    session.expire_all()
    outcome = contest.evaluate(first.contest)
    again = results_queries.line_key(outcome)
    assert stored_texts(first) == stored and hash_of_texts(stored, again) == first.hash
    assert set(results_queries.stored_keys(first)) == set(lines) and first.rule_set_version_id == version
    assert canonical_json(first.contest["ruleset"]) == canonical_json(weights(70, 30))


def test_a_new_revision_is_computed_by_the_new_version(event, people):
    first = prepare(event, people)
    version = correct(event, people)
    second = prepare(event, people)
    assert (places(first), places(second)) == ({1: 1, 2: 2}, {1: 2, 2: 1})
    assert (first.rule_set_version.number, second.rule_set_version_id) == (1, version.id)
    publish(second, people)


def test_a_prepared_revision_cannot_be_published_after_a_correction(event, people):
    revision = prepare(event, people)
    checked = results_services.check_revision(revision)
    assert checked.reasons == ()
    correct(event, people)
    for seen in (None, checked):
        with pytest.raises(RuleBroken) as refused:
            results_services.approve_publication(revision, by=people[1], at=NOON, checked=seen)
        assert "rules were corrected" in said(refused) or "changed while" in said(refused)


def test_a_result_that_was_computed_before_is_not_kept_after_a_correction(event, people):
    computed = results_services.compute(event)
    correct(event, people)
    with pytest.raises(RuleBroken) as refused:
        results_services.prepare_revision(event, by=people[0], at=NOON, computed=computed)
    assert "changed while" in said(refused)


def test_a_corrected_result_is_published_after_the_first_one(event, people):
    publish(prepare(event, people), people)
    reopen_scoring(event, reason=REASON, by=people[0], at=NOON)
    correct(event, people)
    results.close(event)
    publish(prepare(event, people), people)
    assert places(results_queries.released_revision(event)) == {1: 2, 2: 1}


def test_a_record_that_places_are_newly_decided_by_is_asked_for_where_it_is_blank(app):
    ranked = weights(70, 30)
    with transaction():
        event = results.scored_event(
            lambda entry, aspect, _seat: None if aspect == "time" else marks(entry, aspect, _seat),
            number=2,
            rules={**ranked, "ranking": {"by": [{"node": "total"}]}},
        )
        people = actor_of(results.organiser(event)), actor_of(results.supervisor(event))
        correct(event, people, ranked)
        with pytest.raises(RuleBroken) as refused:
            prepare(event, people)
    assert "time" in said(refused).lower()


# --- when, and what -------------------------------------------------------------------------------


def test_a_public_result_is_reopened_first(app):
    with transaction():
        event = results.scored_event(["80"], rules=results.one_mark_rules(publication={"notice_days": 7}))
        results.published(event)
        with pytest.raises(RuleBroken) as refused:
            propose(event, actor_of(results.organiser(event)), results.one_mark_rules())
    assert "Reopen the marking first" in said(refused)


def test_a_final_result_keeps_its_rules(app):
    with transaction():
        event = results.published_event(["80"])
        people = actor_of(results.organiser(event)), actor_of(results.supervisor(event))
        reopen_scoring(event, reason=REASON, by=people[0], at=NOON)
        with pytest.raises(RuleBroken) as refused:
            propose(event, people[0], results.one_mark_rules(publication={"notice_days": 7}))
    assert "declared final" in said(refused)


def test_a_draft_is_edited_instead(app):
    with transaction():
        event = competitions.event()
        with pytest.raises(RuleBroken) as refused:
            propose(event, actor_of(results.organiser(event)), weights(30, 70))
    assert "still a draft" in said(refused)


def test_the_scheme_may_be_another_one_before_anybody_is_seated(app):
    with transaction():
        event = competitions.open_event(rule_set=weights(70, 30))
        people = actor_of(results.organiser(event)), actor_of(results.supervisor(event))
        assert correct(event, people, results.one_mark_rules()).number == 2


def test_a_seat_that_the_corrected_rules_do_not_know_is_released_first(app):
    with transaction():
        event = competitions.open_event(rule_set=weights(70, 30))
        panels.full_panels(event)
        with pytest.raises(RuleBroken) as refused:
            propose(event, actor_of(results.organiser(event)), results.one_mark_rules())
    assert "“practice”" in said(refused) and "Release it first" in said(refused)


def test_what_is_in_the_way_by_now_keeps_a_proposal_from_being_accepted(app):
    with transaction():
        event = competitions.open_event(rule_set=weights(70, 30))
        people = actor_of(results.organiser(event)), actor_of(results.supervisor(event))
        proposal = propose(event, people[0], results.one_mark_rules())
        panels.full_panels(event)
        with pytest.raises(RuleBroken) as refused:
            services.accept_correction(proposal, event, by=people[1], at=NOON)
    assert "Release it first" in said(refused)


def test_a_re_check_that_was_drawn_is_drawn_again(app):
    with transaction():
        event, supervisor = rechecks.drawn_event(["80", "70"])
        people = actor_of(results.organiser(event)), actor_of(supervisor)
        document = {**event.rule_set, "publication": {"notice_days": 7}}
        with pytest.raises(RuleBroken) as refused:
            propose(event, people[0], document)
        assert "re-check was drawn" in said(refused)
        reopen_scoring(event, reason=REASON, by=people[0], at=NOON)
        assert correct(event, people, document).number == 2


def test_judges_find_the_same_items_on_their_sheets_and_their_marks(event, people):
    reopen_scoring(event, reason=REASON, by=people[0], at=NOON)
    sheets = sheets_of(event)

    def keys():
        rules = queries.rule_set_of(event)
        return [[item.key for item in items_of(rules, sheet.module, sheet.seat_label)] for sheet in sheets]

    before = keys()
    correct(event, people)
    assert keys() == before and results.close(event) is None
