"""People decide about one award: with a reason, two signatures, beside what the rules give; on both databases."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.database import session
from competition.errors import RuleBroken
from competition.results import queries, services
from competition.results.bundles import bundle_of
from competition.results.documents import award_list, result_list
from competition.results.models import ResultAwardDecision
from competition.results.presenters.honours import ceremony_of
from competition.results.presenters.whys import why
from competition.results.queries.outcomes import outcome_of_revision
from competition.scoring.services import reopen_scoring
from competition.transactions import transaction
from competition.verification import verify_awards, verify_results
from tests.builders import results as a
from tests.conftest import NOON

MINUTES = "组委会 11 月 20 日纪要"
TOTALS = ["95", "90", "85", "80"]


def decide(event, number, award, reason=MINUTES):
    by = actor_of(a.organiser(event))
    entrant = a.entrant(event, number)
    return services.decide_award(event, entrant, award=award, reason=reason, by=by, at=NOON)


def published(event):
    revision = queries.newest_revision(event)
    services.approve_publication(revision, by=actor_of(a.supervisor(event)), at=NOON)
    return revision


def awards_of(event, revision):
    numbers = a.numbers(event)
    return {numbers[line.entrant_id]: (line.place, line.award) for line in queries.lines_of(revision)}


def test_a_withheld_award_moves_nobody_and_no_place(app: Flask) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        plain = awards_of(event, a.prepared(event))
        decided = awards_of(event, decide(event, 2, None))
    assert plain[2] == (2, "second") and decided[2] == (2, None)
    assert {number: row for number, row in decided.items() if number != 2} == {
        number: row for number, row in plain.items() if number != 2
    }


def test_a_decision_is_published_by_a_second_person_and_the_verifier_agrees(app: Flask) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        decide(event, 4, "first")
        revision = published(event)
        bundle = bundle_of(revision)
    assert [*verify_results.check(bundle), *verify_awards.check(bundle)] == []
    (line,) = [each for each in bundle["outcome"]["lines"] if "computed_award" in each]
    assert (line["award"], line["place"]) == ("first", 4) and line["computed_award"] != "first"


def test_a_decision_that_was_changed_in_a_bundle_is_found(app: Flask) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        decide(event, 2, None)
        bundle = bundle_of(published(event))
    bundle["contest"]["award_decisions"][0]["award"] = "first"
    assert any(found.check == "6.2" for found in verify_awards.check(bundle))
    assert verify_results.check(bundle)


def test_everybody_reads_what_was_decided_beside_what_the_rules_give(app: Flask) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        decide(event, 2, None)
        revision = published(event)
    said = [str(each) for each in why(revision, a.entrant(event, 2).id).award]
    assert any("Second prize" in each and "award place" in each.lower() for each in said[:-1])
    assert said[-1] == f"By decision of the organisers “Second prize” is not awarded: {MINUTES}"
    (decision,) = ceremony_of(revision).decisions
    assert MINUTES in str(decision.sentence) and decision.by_name == "何组委"
    for made in (award_list, result_list):
        printed = made(revision, address="https://example.org")
        assert any(
            MINUTES in str(getattr(block, "lines", "")) or MINUTES in str(block) for block in printed.blocks
        )


def test_a_decision_stays_in_the_next_revision_with_who_recorded_it_until_it_is_taken_back(
    app: Flask,
) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        decide(event, 2, None)
        services.decide_award(
            event,
            a.entrant(event, 1),
            award="second",
            reason="同上",
            by=actor_of(a.organiser(event, "另一人")),
            at=NOON,
        )
        kept = {
            line.place: each.by_name
            for each, line in queries.award_decisions_of(queries.newest_revision(event))
        }
        decide(event, 1, services.AS_COMPUTED, "记录有误")
    assert kept == {1: "另一人", 2: "何组委"}
    newest = queries.newest_revision(event)
    assert [line.place for _, line in queries.award_decisions_of(newest)] == [2]
    assert awards_of(event, newest)[1] == (1, "first")


def test_the_record_of_facts_has_the_decision_and_its_end(app: Flask) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        decide(event, 2, None)
        decide(event, 2, services.AS_COMPUTED, "记录有误")
    kinds = session.scalars(select(AuditEntry.kind).where(AuditEntry.kind.like("results.award%")))
    assert sorted(kinds) == ["results.award_decided", "results.award_decision_taken_back"]


def test_after_a_publication_the_decision_is_what_the_next_revision_corrects(app: Flask) -> None:
    with transaction():
        event = a.published_event(TOTALS)
        reopen_scoring(event, reason=MINUTES, by=system_actor(), at=NOON)
        a.close(event)
        decide(event, 2, None)
        revision = published(event)
    assert (revision.number, revision.reason) == (2, MINUTES)
    (change,) = queries.changes_between(*reversed(queries.revisions_of(event)))
    assert str(change.sentence) == "Award: Second prize becomes none."


@pytest.mark.parametrize(
    ("number", "award", "reason", "said"),
    [
        (2, None, " ", "Say why"),
        (2, "gold", MINUTES, "no such award"),
        (1, "first", MINUTES, "anyway"),
        (2, services.AS_COMPUTED, MINUTES, "Nothing was decided"),
    ],
)
def test_what_decides_nothing_is_refused(app: Flask, number, award, reason, said) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        with pytest.raises(RuleBroken, match=said):
            decide(event, number, award, reason)


def test_a_stored_decision_cannot_be_changed(app: Flask) -> None:
    with transaction():
        event = a.scored_event(TOTALS)
        decide(event, 2, None)
    with transaction(), pytest.raises(DatabaseError):
        session.execute(update(ResultAwardDecision).values(reason="anders"))


def test_team_points_follow_the_award_that_counts(app: Flask) -> None:
    teams = {"by": "delegation", "value": {"points_by_award": {"first": 8, "second": 4}}}
    with transaction():
        event = a.scored_event(TOTALS, rules=a.one_mark_rules(teams=teams))
        before = outcome_of_revision(a.prepared(event)).teams[0].value
        after = outcome_of_revision(decide(event, 1, None)).teams[0].value
    assert before - after == 8
