"""Publish a revision: everything is computed again, by the engine and by the verifier, and a second person approves.

Like preparing, checking reads a whole event and needs no lock: a page checks first. The switch, the transaction that
makes a result public, compares a fingerprint and writes four rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from competition import tokens
from competition.audit.queries import missing_from
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, rule_set_of_version
from competition.competitions.services import move_event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.orm import read_json
from competition.rechecks import queries as rechecks
from competition.results import facts, finality, queries
from competition.results.bundles import stored_lines
from competition.results.models import Publication, ResultRevision
from competition.results.queries import LineKey, line_key
from competition.results.queries.contests import StoredTexts, by_entrant, hash_of_texts, stored_texts
from competition.results.services.finals import Foreseen, declare_final, queue_final
from competition.results.services.heap import collector_paused
from competition.results.services.revisions import CHANGED_MEANWHILE, ONCE_MORE, approve
from competition.results.services.shadow import shadowing
from competition.rules import contest, lifecycle
from competition.rules.access import Actor
from competition.rules.contest import Outcome
from competition.rules.lifecycle import Move
from competition.rules.procedure import Finality, PublicationRule
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.queries.contests import contest_text
from competition.scoring.queries.recorded import Recorded

VENUE = ZoneInfo("Asia/Shanghai")
PREPARE_AGAIN = sentence("Prepare the result again; the new revision then waits for a second person.")
MOST_EXTRA_DAYS = 30


@dataclass(frozen=True)
class Checked:
    """What a second computation said against a revision (nothing, if all is well), and the fingerprint it rests on.

    `foreseen` is who climbs by this revision, for the moment in which it becomes final.
    """

    revision_id: UUID
    basis: str
    reasons: tuple[Sentence, ...]
    foreseen: Foreseen | None = None


@collector_paused()
def check_revision(revision: ResultRevision) -> Checked:
    """Compute everything again, from the stored document, from the marks of today and by the verifier; reads only."""
    event = event_by_id(revision.event_id)
    basis, stored, published = queries.basis_of(event), stored_texts(revision), stored_lines(revision)
    with shadowing(revision, stored, published) as verifier:
        document = read_json(stored.contest)
        outcome = contest.evaluate(document)
        verifier.compare(outcome)
        reasons = _differences(event, revision, document, stored, published, outcome)
        foreseen = Foreseen(revision.id, queries.fresh_decisions(revision, outcome))
        return Checked(revision.id, basis, tuple(reasons) or verifier.differences(), foreseen)


def approve_publication(
    revision: ResultRevision,
    *,
    by: Actor,
    at: datetime,
    zone: ZoneInfo = VENUE,
    extra_days: int = 0,
    checked: Checked | None = None,
) -> Publication:
    """The second person approves, and the revision is public in the same moment: the event moves on, the notice begins.

    The notice period is the rule set's, by the calendar of the venue (`zone`), with `extra_days` more (moved working
    days are not known to the rules); where a ceremony holds the result back, it begins when that lets it go. Without one
    the result is final at once, unless something is open; where the rules let a result become final by itself, that is
    queued. `checked` is what `check_revision` found before the transaction; without it, it is checked here. Raises
    RuleBroken with every reason: it is published already, a newer revision exists, the same person prepared it, something
    changed since, the verifier comes to something else.
    """
    event = event_by_id(revision.event_id)
    lock(event)
    if reasons := _problems(event, revision, by):
        raise RuleBroken(*reasons)
    if not 0 <= extra_days <= MOST_EXTRA_DAYS:
        raise RuleBroken(sentence("At most %(most)s days can be added to the notice.", most=MOST_EXTRA_DAYS))
    if checked is None or checked.revision_id != revision.id:
        checked = check_revision(revision)
    elif checked.basis != queries.basis_of(event):
        raise RuleBroken(CHANGED_MEANWHILE, next_step=ONCE_MORE)
    if checked.reasons:
        raise RuleBroken(*checked.reasons, next_step=PREPARE_AGAIN)
    approve(revision, by=by, at=at)
    publication = Publication(
        event_id=event.id,
        id=tokens.new_id(),
        revision_id=revision.id,
        at=at,
        notice_until=_notice_until(revision, at, zone, extra_days),
        notice_zone=zone.key,
        notice_extra_days=extra_days,
    )
    move_event(event, Move.PUBLISH, by=by, at=at, reason=revision.reason)
    session.add(publication)
    session.flush()
    until = queries.notice_of(publication).until
    record(
        facts.ResultPublished(
            event_id=event.id,
            subject_id=revision.id,
            number=revision.number,
            hash=revision.hash,
            prepared_by=revision.prepared_by_name,
            notice_until=until.isoformat() if until else "",
        ),
        by=by,
        at=at,
    )
    if publication.notice_until is None and not finality.open_matters(event, at):
        declare_final(event, by=by, at=at, foreseen=checked.foreseen)
    elif _publication_rule(revision).final is Finality.AUTOMATIC:
        queue_final(publication, by=by, at=at)
    return publication


def _publication_rule(revision: ResultRevision) -> PublicationRule:
    return rule_set_of_version(revision.rule_set_version).procedure.publication


def _notice_until(revision: ResultRevision, at: datetime, zone: ZoneInfo, extra_days: int) -> datetime | None:
    rule = _publication_rule(revision)
    return rule.notice_until(at, zone, extra_days=extra_days) if rule.notice_days else None


def _problems(event: Event, revision: ResultRevision, by: Actor) -> list[Sentence]:
    published = queries.publication_of(revision)
    if published is not None:
        return [sentence("Revision %(number)s was already published.", number=revision.number)]
    reasons = []
    newest = queries.newest_revision(event)
    if newest is not None and newest.id != revision.id:
        reasons.append(
            sentence(
                "Revision %(number)s is not the newest any more: revision %(newest)s was prepared after it.",
                number=revision.number,
                newest=newest.number,
            )
        )
    if by.account_id is None:
        reasons.append(sentence("A result is approved by a person who signs for it, not by the system."))
    elif by.account_id in {approval.by_id for approval in queries.approvals_of(revision)}:
        reasons.append(
            sentence(
                "You prepared this revision, so somebody else must approve it: two people stand for a result."
            )
        )
    if refused := lifecycle.refusal(event.state, Move.PUBLISH):
        reasons.append(refused)
    if missing := missing_from(event.id):
        reasons.append(
            sentence(
                "The record of this event had come to entry %(seen)s and was found to end at %(found)s: marks may be missing. "
                "Let the tablets connect and compare the reconciliation; then the technician says that it was looked at.",
                seen=missing.seen,
                found=missing.found,
            )
        )
    return [*reasons, *rechecks.blockers(event)]


def _differences(
    event: Event,
    revision: ResultRevision,
    document: dict[str, Any],
    stored: StoredTexts,
    published: Sequence[LineKey],
    outcome: Outcome,
) -> list[Sentence]:
    """What a new computation says against the revision: from its own document, and from the marks of today."""
    reasons = []
    lines = by_entrant(line_key(outcome))
    if hash_of_texts(stored, lines) != revision.hash or lines != published:
        reasons.append(
            sentence(
                "The stored result does not follow from its own marks. Tell your technician before anything else."
            )
        )
    recorded = Recorded(event)
    today = contest_text(
        event,
        decisions=document.get("decisions", []),
        award_decisions=document.get("award_decisions", []),
        recorded=recorded,
    )
    if revision.rule_set_version_id != event.frozen_id:
        reasons.append(_other_rules(revision, event))
    elif today != stored.contest:
        reasons.append(_changed(revision, read_json(today)["marks"] != document["marks"]))
    if refused := scoring.missing_standing(event, recorded).refusal:
        reasons.append(refused)
    elif scoring.accepted_part(event, recorded) != revision.reconciliation.get("accepted"):
        reasons.append(
            sentence(
                "Which sheets are missing, or who accepted that, has changed since the revision was prepared."
            )
        )
    if revision.advancement != queries.terms_of(event):
        reasons.append(
            sentence(
                "The event above, its quota or its reserves have changed since the revision was prepared."
            )
        )
    return reasons


def _other_rules(revision: ResultRevision, event: Event) -> Sentence:
    return sentence(
        "The rules were corrected since revision %(number)s was prepared: it follows version %(old)s, and version %(new)s "
        "counts now.",
        number=revision.number,
        old=revision.rule_set_version.number,
        new=event.frozen.number if event.frozen else 0,
    )


def _changed(revision: ResultRevision, in_marks: bool) -> Sentence:
    if in_marks:
        return sentence("Marks have changed since revision %(number)s was prepared.", number=revision.number)
    return sentence(
        "Entrants, judges or names have changed since revision %(number)s was prepared.",
        number=revision.number,
    )
