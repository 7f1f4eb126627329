"""From public to final: the notice period, what is open, and who may still press what; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from competition import clock
from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.queries import chain_breaks
from competition.certificates.services import issue_certificate, queue_batch
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.database import session
from competition.errors import RuleBroken
from competition.jobs import runner
from competition.jobs.presenters import view_of
from competition.jobs.queries import open_operation
from competition.promotions.queries import verdicts_of
from competition.results import finality, queries, services
from competition.results.queries import StandingKind
from competition.results.queries.finals import LOOK_AGAIN
from competition.rules.sentences import sentence
from competition.scoring.services import reopen_scoring
from competition.transactions import transaction
from tests.builders import certificates
from tests.builders import results as a
from tests.conftest import NOON
from tests.services.test_advancement import ladder

WEEK = {"publication": {"notice_days": 7}}
END = datetime(2026, 6, 8, 16, 0, tzinfo=UTC)
"""The end of 8 June in Beijing: the week after publication on 1 June."""


def noticed(totals: tuple[str, ...] = ("80", "90")) -> Event:
    """A published event in its week of notice."""
    event = a.scored_event(list(totals), rules=a.one_mark_rules(**WEEK))
    a.published(event)
    return event


def refusal(act) -> str:
    with transaction(), pytest.raises(RuleBroken) as refused:
        act()
    return str(refused.value)


def test_without_a_notice_period_a_published_result_is_final_at_once(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90"])
    standing = queries.standing_of(event)
    assert (standing.kind, standing.at, standing.until) == (StandingKind.FINAL, NOON, None)
    assert queries.final_revision(event) is queries.released_revision(event)


def test_the_notice_runs_to_the_end_of_its_last_day_at_the_venue(app: Flask) -> None:
    with transaction():
        event = noticed()
    standing = queries.standing_of(event)
    assert (standing.kind, standing.until) == (StandingKind.NOTICE, END)
    assert queries.released_revision(event) is not None and queries.final_revision(event) is None


def test_an_organiser_adds_days_that_the_rules_do_not_know(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"], rules=a.one_mark_rules(**WEEK))
        revision = a.prepared(event)
        by = actor_of(a.supervisor(event))
        made = services.approve_publication(revision, extra_days=2, by=by, at=NOON)
    assert made.notice_until == END + timedelta(days=2)


def test_a_result_is_final_from_the_moment_its_notice_is_over_and_not_before(app: Flask) -> None:
    with transaction():
        event = noticed()
    early = END - timedelta(microseconds=1)
    assert "notice period runs until" in refusal(
        lambda: services.declare_final(event, by=system_actor(), at=early)
    )
    with transaction():
        services.declare_final(event, by=actor_of(a.supervisor(event)), at=END)
    assert queries.standing_of(event).kind is StandingKind.FINAL
    assert "final already" in refusal(lambda: services.declare_final(event, by=system_actor(), at=END))
    assert list(chain_breaks()) == []


def self_final(**rules: object) -> Event:
    """A published event whose result becomes final by itself after a week of notice."""
    publication = {**WEEK["publication"], "final": "automatic"}
    event = a.scored_event(["80", "90"], rules=a.one_mark_rules(publication=publication, **rules))
    a.published(event)
    return event


def test_a_result_becomes_final_by_itself_where_its_rules_say_so(app: Flask, monkeypatch) -> None:
    with transaction():
        event_id = self_final().id
    monkeypatch.setattr(clock, "now", lambda: END - timedelta(seconds=1))
    assert runner.run_due(app) == 0
    monkeypatch.setattr(clock, "now", lambda: END)
    assert runner.run_due(app) == 1
    final = queries.final_of(queries.newest_publication(event_id).revision)
    assert (final.at, final.by_id) == (END, None)
    assert list(chain_breaks()) == []


def test_a_result_that_would_become_final_by_itself_waits_for_what_is_open(app: Flask, monkeypatch) -> None:
    matter = [sentence("An objection waits for its ruling.")]
    monkeypatch.setattr(finality, "_registered", [lambda _event, _at: tuple(matter)])
    with transaction():
        event_id = self_final().id
    monkeypatch.setattr(clock, "now", lambda: END)
    assert runner.run_due(app) == 1
    waiting = open_operation(services.FINAL, event_id)
    assert [str(each) for each in view_of(waiting).reasons] == ["An objection waits for its ruling."]
    assert queries.final_revision(event_by_id(event_id)) is None
    matter.clear()
    session.rollback()  # or this test goes on seeing what there was
    monkeypatch.setattr(clock, "now", lambda: END + LOOK_AGAIN)
    assert runner.run_due(app) == 1
    assert queries.final_revision(event_by_id(event_id)) is not None


def test_without_that_rule_a_person_declares_it_final(app: Flask) -> None:
    with transaction():
        event_id = noticed().id
    assert open_operation(services.FINAL, event_id) is None


def test_an_open_matter_keeps_a_result_from_becoming_final(app: Flask, monkeypatch) -> None:
    open_matters = [sentence("An objection waits for its ruling.")]
    monkeypatch.setattr(finality, "_registered", [lambda _event, _at: tuple(open_matters)])
    with transaction():
        event = a.published_event(["80", "90"])
    assert queries.standing_of(event).kind is StandingKind.NOTICE
    assert "waits for its ruling" in refusal(
        lambda: services.declare_final(event, by=system_actor(), at=NOON)
    )
    open_matters.clear()
    with transaction():
        services.declare_final(event, by=system_actor(), at=NOON)
    assert queries.final_revision(event) is not None


def test_a_result_whose_marking_was_reopened_does_not_become_final(app: Flask) -> None:
    with transaction():
        event = noticed()
        reopen_scoring(event, reason="抄写错误", by=system_actor(), at=NOON)
    assert "was reopened" in refusal(lambda: services.declare_final(event, by=system_actor(), at=END))


def test_nothing_is_final_before_anything_is_public(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        assert queries.standing_of(event).kind is StandingKind.NONE
        a.prepared(event)
    assert queries.standing_of(event).kind is StandingKind.PREPARED
    assert "Nothing is published" in refusal(
        lambda: services.declare_final(event, by=system_actor(), at=NOON)
    )


def test_certificates_wait_for_the_final_result(app: Flask) -> None:
    with transaction():
        event = noticed()
    line, worker = certificates.awarded_line(event)
    assert "not final yet" in refusal(lambda: issue_certificate(line, worker, by=system_actor(), at=NOON))
    assert "not final yet" in refusal(lambda: queue_batch(event, by=system_actor(), at=NOON))
    with transaction():
        services.declare_final(event, by=system_actor(), at=END)
        assert certificates.certificate(event).number


def test_winners_climb_when_the_result_is_final(app: Flask) -> None:
    with transaction():
        event, _ = ladder(["70", "90", "80"], quota=1, **WEEK)
        a.published(event)
    assert not queries.advances_of(event.id)
    with transaction():
        services.declare_final(event, by=system_actor(), at=END)
    assert len(queries.advances_of(event.id)) == 1


def test_a_correction_in_its_notice_holds_promotions_back(app: Flask) -> None:
    with transaction():
        event = noticed()
        services.declare_final(event, by=system_actor(), at=END)
        certificates.certificate(event)
        a.correct(event, a.entrant(event, 1), "70")
        a.published(event, reason="抄写错误")
    assert queries.final_revision(event) is None
    assert "not final yet" in str(verdicts_of(event)[0].reasons[0])


# --- computed before the lock ---------------------------------------------------------------------


def test_a_result_computed_before_a_mark_changed_is_not_stored(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        by = actor_of(a.organiser(event))
    computed = services.compute(event)
    with transaction():
        a.correct(event, a.entrant(event, 1), "95")
    said = refusal(lambda: services.prepare_revision(event, computed=computed, by=by, at=NOON))
    assert "changed while the result was being computed" in said
    assert queries.newest_revision(event) is None


def test_of_two_who_prepare_at_once_the_second_is_told(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        first, second = actor_of(a.organiser(event)), actor_of(a.organiser(event, "彭组委"))
    both = [services.compute(event), services.compute(event)]
    with transaction():
        services.prepare_revision(event, computed=both[0], by=first, at=NOON)
    said = refusal(lambda: services.prepare_revision(event, computed=both[1], by=second, at=NOON))
    assert "Nothing has changed since revision 1" in said


def test_of_two_who_publish_at_once_the_second_is_told(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        revision = a.prepared(event)
        first, second = actor_of(a.supervisor(event)), actor_of(a.supervisor(event, "彭监督"))
    both = [services.check_revision(revision), services.check_revision(revision)]
    with transaction():
        services.approve_publication(revision, checked=both[0], by=first, at=NOON)
    said = refusal(lambda: services.approve_publication(revision, checked=both[1], by=second, at=NOON))
    assert "already published" in said
    assert queries.count_of_publications(event) == 1


def test_a_check_from_before_a_change_publishes_nothing(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        revision = a.prepared(event)
        by = actor_of(a.supervisor(event))
    checked = services.check_revision(revision)
    with transaction():
        a.correct(event, a.entrant(event, 1), "95")
    said = refusal(lambda: services.approve_publication(revision, checked=checked, by=by, at=NOON))
    assert "changed while the result was being computed" in said
    assert queries.released_revision(event) is None


def test_the_fingerprint_of_the_basis_is_the_same_until_something_changes(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
    before = queries.basis_of(event)
    with transaction():
        a.prepared(event)
    assert queries.basis_of(event) == before
    with transaction():
        reopen_scoring(event, reason="抄写错误", by=system_actor(), at=NOON)
    assert queries.basis_of(event) != before
