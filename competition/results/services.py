"""Results: prepare a revision, publish it by two people, send the winners up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from competition import tokens
from competition.audit.services import record
from competition.competitions import blockers
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.competitions.services import move_event
from competition.database import session
from competition.errors import RuleBroken
from competition.registration.models import Entrant, EntrySource
from competition.registration.queries import display_name, entrant_by_id, entrants_of
from competition.registration.queries.eligibility import sentence_document
from competition.registration.services import enter
from competition.results import facts, queries
from competition.results.models import (
    Advance,
    Publication,
    PublicationApproval,
    ResultLine,
    ResultRevision,
)
from competition.results.queries import LineKey, contest_document, line_key, result_hash
from competition.rules import contest, lifecycle
from competition.rules.access import Actor
from competition.rules.advancement import Advancement
from competition.rules.advancement import Outcome as Climbing
from competition.rules.lifecycle import Move
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring

__all__ = [
    "advance_winners",
    "approve_publication",
    "contest_document",
    "decide_tie",
    "prepare_revision",
    "settle_tie",
]

PREPARE_AGAIN = sentence("Prepare the result again; the new revision then waits for a second person.")


# --- prepare --------------------------------------------------------------------------------------


def prepare_revision(
    event: Event,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    decisions: Sequence[dict[str, Any]] | None = None,
) -> ResultRevision:
    """Compute the result from the marks and keep it as the next numbered revision; whoever prepares it approves it too.

    `decisions` are documented orders of entrants whom no comparison tells apart ({"order": [entrant id …], "reason"});
    None keeps those of the newest revision. Raises RuleBroken with every reason: scoring is not closed, sheets are
    missing, entrants are incomplete, nothing changed since a revision that still waits.
    """
    _lock(event)
    found = queries.preparation(event, decisions=decisions)
    if found.outcome is None or found.problems:
        raise RuleBroken(*found.problems)
    if by.account_id is None:
        raise RuleBroken(sentence("A result is prepared by a person who signs for it, not by the system."))
    newest, document, lines = queries.newest_revision(event), found.document, line_key(found.outcome)
    entrants = {str(entrant.id): entrant for entrant in entrants_of(event)}
    hash_ = result_hash(document, lines)
    rows = _rows(event, lines, entrants)
    if newest is not None and _is_waiting_unchanged(newest, hash_, rows):
        raise RuleBroken(
            sentence(
                "Nothing has changed since revision %(number)s was prepared; it waits for a second person.",
                number=newest.number,
            )
        )
    revision = _store(event, newest, document, hash_, reason, by=by, at=at)
    session.flush()
    for row in rows:
        row.revision_id = revision.id
    session.add_all(rows)
    _approve(revision, by=by, at=at)
    record(
        facts.RevisionPrepared(
            event_id=event.id,
            subject_id=revision.id,
            number=revision.number,
            hash=hash_,
            ranked=sum(row.place is not None for row in rows),
            entrants=len(rows),
            reason=revision.reason,
        ),
        by=by,
        at=at,
    )
    return revision


def decide_tie(
    event: Event, *, order: Sequence[UUID], reason: str, by: Actor, at: datetime
) -> ResultRevision:
    """Prepare the result with the order in which people put entrants whom these rules let share no place, and why.

    `order` names exactly the entrants of one open tie, first to last. Raises RuleBroken like `prepare_revision`, and
    when the order or the reason is missing; further ties are decided one after the other, in one preparation each.
    """
    _lock(event)
    before = queries.preparation(event)
    names = [str(each) for each in order]
    reasons = []
    if not any(sorted(names) == sorted(tie) for tie in before.ties):
        reasons.append(sentence("Give every one of those who are tied an order of their own: 1, 2, 3 …"))
    if not reason.strip():
        reasons.append(sentence("Say how the order was found, and where that is written down."))
    if reasons:
        raise RuleBroken(*reasons)
    kept = [each for each in before.document["decisions"] if sorted(each["order"]) != sorted(names)]
    decisions = [*kept, {"order": names, "reason": reason.strip()}]
    return prepare_revision(event, decisions=decisions, by=by, at=at)


def _store(
    event: Event,
    newest: ResultRevision | None,
    document: dict[str, Any],
    hash_: str,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> ResultRevision:
    counted = scoring.reconciliation(event)
    revision = ResultRevision(
        event_id=event.id,
        id=tokens.new_id(),
        number=newest.number + 1 if newest else 1,
        rule_set_version_id=event.frozen_id,
        contest=document,
        reconciliation={
            "expected": counted.expected,
            "received": counted.received,
            "void": counted.void,
            "missing": counted.missing,
        },
        advancement=queries.terms_of(event),
        hash=hash_,
        reason=reason.strip(),
        prepared_at=at,
        prepared_by=by.account_id,
        prepared_by_name=by.name,
    )
    session.add(revision)
    return revision


def _rows(event: Event, lines: Sequence[LineKey], entrants: Mapping[str, Entrant]) -> list[ResultLine]:
    """The lines by place, then by name; those without a place last."""

    def in_order(line: LineKey) -> tuple[Any, ...]:
        entrant = entrants[line["entrant"]]
        names = [member.worker.sort_key for member in entrant.members]
        return line["place"] is None, line["place"] or 0, names, line["entrant"]

    return [
        ResultLine(
            event_id=event.id,
            entrant_id=UUID(line["entrant"]),
            position=position,
            place=line["place"],
            total=None if line["total"] is None else Decimal(line["total"]),
            award=line["award"],
            status=line["status"],
            display_name=display_name(entrants[line["entrant"]]),
            delegation_name=entrants[line["entrant"]].delegation.organisation.name,
        )
        for position, line in enumerate(sorted(lines, key=in_order), start=1)
    ]


def _is_waiting_unchanged(newest: ResultRevision, hash_: str, rows: Sequence[ResultLine]) -> bool:
    if newest.hash != hash_ or queries.publication_of(newest):
        return False
    stored = [(line.entrant_id, line.display_name, line.delegation_name) for line in queries.lines_of(newest)]
    same_terms = newest.advancement == queries.terms_of(event_by_id(newest.event_id))
    return same_terms and stored == [(row.entrant_id, row.display_name, row.delegation_name) for row in rows]


def _approve(revision: ResultRevision, *, by: Actor, at: datetime) -> None:
    session.add(
        PublicationApproval(
            event_id=revision.event_id,
            id=tokens.new_id(),
            revision_id=revision.id,
            by_id=by.account_id,
            by_name=by.name,
            at=at,
        )
    )
    session.flush()


# --- publish --------------------------------------------------------------------------------------


def approve_publication(revision: ResultRevision, *, by: Actor, at: datetime) -> Publication:
    """The second person approves, and the revision is published in the same moment: the event moves on, winners climb.

    Everything is computed again, from the stored document and from the marks of today. Raises RuleBroken with every
    reason: it is published already, a newer revision exists, the same person prepared it, something changed since.
    """
    event = event_by_id(revision.event_id)
    _lock(event)
    if reasons := _publication_problems(event, revision, by):
        raise RuleBroken(*reasons)
    if reasons := _differences(event, revision):
        raise RuleBroken(*reasons, next_step=PREPARE_AGAIN)
    _approve(revision, by=by, at=at)
    publication = Publication(event_id=event.id, id=tokens.new_id(), revision_id=revision.id, at=at)
    move_event(event, Move.PUBLISH, by=by, at=at, reason=revision.reason)
    session.add(publication)
    session.flush()
    record(
        facts.ResultPublished(
            event_id=event.id,
            subject_id=revision.id,
            number=revision.number,
            hash=revision.hash,
            prepared_by=revision.prepared_by_name,
        ),
        by=by,
        at=at,
    )
    advance_winners(event, revision, by=by, at=at)
    return publication


def _publication_problems(event: Event, revision: ResultRevision, by: Actor) -> list[Sentence]:
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
    return reasons


def _differences(event: Event, revision: ResultRevision) -> list[Sentence]:
    """What a new computation says against the revision: from its own document, and from the marks of today."""
    reasons = []
    lines = line_key(contest.evaluate(revision.contest))
    stored = [_key_of(line) for line in queries.lines_of(revision)]
    if result_hash(revision.contest, lines) != revision.hash or not _same(lines, stored):
        reasons.append(
            sentence(
                "The stored result does not follow from its own marks. Tell your technician before anything else."
            )
        )
    today = contest_document(event, decisions=revision.contest.get("decisions", []))
    if today["marks"] != revision.contest["marks"]:
        reasons.append(
            sentence("Marks have changed since revision %(number)s was prepared.", number=revision.number)
        )
    elif today != revision.contest:
        reasons.append(
            sentence(
                "Entrants, judges or names have changed since revision %(number)s was prepared.",
                number=revision.number,
            )
        )
    if scoring.reconciliation(event).missing:
        reasons.append(sentence("Sheets have gone missing since the revision was prepared."))
    if revision.advancement != queries.terms_of(event):
        reasons.append(
            sentence(
                "The event above, its quota or its reserves have changed since the revision was prepared."
            )
        )
    return reasons


def _key_of(line: ResultLine) -> tuple[Any, ...]:
    return str(line.entrant_id), line.status, line.place, line.total, line.award


def _same(lines: Sequence[LineKey], stored: Sequence[tuple[Any, ...]]) -> bool:
    fresh = [
        (
            line["entrant"],
            line["status"],
            line["place"],
            None if line["total"] is None else Decimal(line["total"]),
            line["award"],
        )
        for line in lines
    ]
    return sorted(fresh, key=lambda each: str(each[0])) == sorted(stored, key=lambda each: str(each[0]))


def _unapproved(event: Event) -> tuple[Sentence, ...]:
    """An event is published by publishing a revision for which two people stand, and in no other way."""
    newest = queries.newest_revision(event)
    if newest is None:
        return (sentence("No result has been prepared yet."),)
    if len(queries.approvals_of(newest)) < 2:
        return (
            sentence(
                "Revision %(number)s waits for the approval of a second person on the publication page.",
                number=newest.number,
            ),
        )
    return ()


blockers.register(Move.PUBLISH, _unapproved)


def _lock(event: Event) -> None:
    """One at a time: whoever prepares or approves for this event waits for the other, then sees what they did."""
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update(of=Event))
    session.refresh(event)


# --- advance --------------------------------------------------------------------------------------


def advance_winners(event: Event, revision: ResultRevision, *, by: Actor, at: datetime) -> list[Advance]:
    """Enter those who climb, and the reserves behind them, into the event above, as the rules of advancement decide.

    Who climbed by an earlier revision keeps the place; what the new result would change is written down, nobody is
    removed. Who cannot be entered above is written down with the reasons. Doing it again changes nothing.
    """
    case = queries.decisions_for(revision)
    return [] if case is None else _carry_out(event, revision, case, by=by, at=at)


def settle_tie(event: Event, *, order: Sequence[UUID], reason: str, by: Actor, at: datetime) -> list[Advance]:
    """Record the order of those who share the place at the line (a play-off, a draw), and send up who now climbs.

    `order` names exactly the undecided entrants, first to last. Raises RuleBroken when nobody is undecided, the order
    names others, or the reason is missing.
    """
    _lock(event)
    revision = queries.released_revision(event)
    case = queries.decisions_for(revision) if revision else None
    if revision is None or case is None or not case.undecided:
        raise RuleBroken(sentence("Nobody waits for a tie-break at the line."))
    reasons = []
    names = [str(each) for each in order]
    if sorted(names) != sorted(case.undecided):
        reasons.append(
            sentence("Give every one of those who share the place an order of their own: 1, 2, 3 …")
        )
    if not reason.strip():
        reasons.append(sentence("Say how the order was found: a play-off, or a draw before witnesses."))
    if reasons:
        raise RuleBroken(*reasons)
    fact = facts.TieSettled(
        event_id=event.id,
        subject_id=revision.id,
        entrants=" ".join(names),
        numbers=", ".join(str(entrant_by_id(each).entry_number) for each in order),
        reason=reason.strip(),
    )
    record(fact, by=by, at=at)
    return advance_winners(event, revision, by=by, at=at)


def _carry_out(
    event: Event, revision: ResultRevision, case: Advancement, *, by: Actor, at: datetime
) -> list[Advance]:
    assert revision.advancement is not None  # there was something to decide
    parent = event_by_id(UUID(revision.advancement["parent"]))
    entrants = {str(entrant.id): entrant for entrant in entrants_of(event)}
    sent = {str(each.entrant_id): each for each in queries.advances_of(event.id)}
    called = _last_reserve(event)
    made: list[Advance] = []
    reserves = () if case.undecided else case.reserves  # who loses the tie at the line stands before them
    for name in (*case.advanced, *reserves):
        if name in sent:
            continue
        order = None if name in case.advanced else called + 1
        advance = _send(event, revision, parent, entrants[name], order, by=by, at=at)
        if advance is not None:
            made.append(advance)
            called = order or called
    if made or not sent:
        _record_advancement(event, revision, parent, made, case.quota, by=by, at=at)
    _record_differences(event, revision, sent, case, entrants, by=by, at=at)
    return made


def _send(
    event: Event,
    revision: ResultRevision,
    parent: Event,
    entrant: Entrant,
    reserve_order: int | None,
    *,
    by: Actor,
    at: datetime,
) -> Advance | None:
    """One entrant of the event becomes one of the event above; None, with a fact, when that event does not take them."""
    try:
        with session.begin_nested():
            entered = enter(
                parent,
                workers=[member.worker for member in entrant.members],
                source=EntrySource.ADVANCED,
                source_id=entrant.id,
                reserve_order=reserve_order,
                by=by,
                at=at,
            )
    except RuleBroken as refused:
        fact = facts.AdvanceNotMade(
            event_id=event.id,
            subject_id=entrant.id,
            entry_number=entrant.entry_number,
            parent=f"{parent.competition.name} {parent.name}",
            reasons=[sentence_document(reason) for reason in refused.sentences],
        )
        record(fact, by=by, at=at)
        return None
    advance = Advance(
        event_id=event.id,
        id=tokens.new_id(),
        entrant_id=entrant.id,
        revision_id=revision.id,
        parent_event_id=parent.id,
        parent_entrant_id=entered.id,
        reserve_order=reserve_order,
        at=at,
    )
    session.add(advance)
    session.flush()
    return advance


def _last_reserve(event: Event) -> int:
    last: int | None = session.scalar(
        select(func.max(Advance.reserve_order)).where(Advance.event_id == event.id)
    )
    return last or 0


def _record_advancement(
    event: Event,
    revision: ResultRevision,
    parent: Event,
    made: Sequence[Advance],
    quota: int,
    *,
    by: Actor,
    at: datetime,
) -> None:
    reserves = sum(each.reserve_order is not None for each in made)
    fact = facts.WinnersAdvanced(
        event_id=event.id,
        subject_id=revision.id,
        parent=f"{parent.competition.name} {parent.name}",
        quota=quota,
        advanced=len(made) - reserves,
        reserves=reserves,
    )
    record(fact, by=by, at=at)


def _record_differences(
    event: Event,
    revision: ResultRevision,
    sent: Mapping[str, Advance],
    case: Advancement,
    entrants: Mapping[str, Entrant],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """What this result alone would have done otherwise: for people to decide about, not for the system."""
    fresh = queries.fresh_decisions(revision)
    if fresh is None or all(each.revision_id == revision.id for each in sent.values()):
        return
    outcomes = {row.id: row for row in fresh.rows}
    for name in dict.fromkeys((*sent, *fresh.advanced)):
        row = outcomes.get(name)
        said = _difference(
            row.outcome if row else None, row.place if row else None, sent.get(name), name in case.advanced
        )
        if said is None:
            continue
        fact = facts.AdvanceDiffers(
            event_id=event.id,
            subject_id=UUID(name),
            entry_number=entrants[name].entry_number,
            difference=sentence_document(said),
        )
        record(fact, by=by, at=at)


def _difference(
    outcome: Climbing | None, place: int | None, sent: Advance | None, climbs: bool
) -> Sentence | None:
    now = sentence("no place") if place is None else sentence("place %(place)s", place=place)
    if sent is None:
        if climbs:
            return None
        return sentence("now has %(now)s, within the quota, but its places are taken", now=now)
    if sent.reserve_order is None and outcome is not Climbing.ADVANCED:
        return sentence("had advanced and stays, though it now has %(now)s", now=now)
    if sent.reserve_order is not None and outcome is Climbing.ADVANCED:
        return sentence("stays a reserve, though it now has %(now)s, within the quota", now=now)
    return None
