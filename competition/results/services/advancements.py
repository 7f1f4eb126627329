"""Send the winners of a final result up to the event above."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.registration.models import Entrant, EntrySource
from competition.registration.queries import entrant_by_id
from competition.registration.queries.eligibility import sentence_document
from competition.registration.reserves import register as register_reserve_check
from competition.registration.services import enter
from competition.results import facts, queries
from competition.results.models import Advance, ResultRevision
from competition.rules.access import Actor
from competition.rules.advancement import Advancement
from competition.rules.sentences import sentence


def advance_winners(
    event: Event, revision: ResultRevision, *, by: Actor, at: datetime, climbing: Advancement | None = None
) -> list[Advance]:
    """Enter those who climb, and the reserves behind them, into the event above, as the rules of advancement decide.

    Who climbed by an earlier revision keeps the place; what the new result would change is written down, nobody is
    removed. Who cannot be entered above is written down with the reasons. Doing it again changes nothing.
    `climbing` is who climbs by this revision alone (`queries.fresh_decisions`), if that was decided before.
    """
    fresh = queries.fresh_decisions(revision) if climbing is None else climbing
    return [] if fresh is None else _carry_out(event, revision, fresh, by=by, at=at)


def settle_tie(event: Event, *, order: Sequence[UUID], reason: str, by: Actor, at: datetime) -> list[Advance]:
    """Record the order of those who share the place at the line (a play-off, a draw), and send up who now climbs.

    `order` names exactly the undecided entrants, first to last. Raises RuleBroken when nobody is undecided, the order
    names others, or the reason is missing.
    """
    lock(event)
    revision = queries.final_revision(event)
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
    event: Event, revision: ResultRevision, fresh: Advancement, *, by: Actor, at: datetime
) -> list[Advance]:
    case = queries.decisions_for(revision, fresh)
    assert case is not None and revision.advancement is not None  # there was something to decide
    parent = event_by_id(UUID(revision.advancement["parent"]))
    sent = {str(each.entrant_id): each for each in queries.advances_of(event.id)}
    called = _last_reserve(event)
    made: list[Advance] = []
    reserves = () if case.undecided else case.reserves  # who loses the tie at the line stands before them
    entrants = queries.entrants_among(event, {*case.advanced, *reserves, *sent})
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
    _record_differences(event, revision, fresh, by=by, at=at)
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
    event: Event, revision: ResultRevision, fresh: Advancement, *, by: Actor, at: datetime
) -> None:
    """What this result alone would have done otherwise: for people to decide about, not for the system."""
    differences = queries.advance_differences(revision, fresh)
    entrants = queries.entrants_among(event, {each.entrant for each in differences})
    for each in differences:
        fact = facts.AdvanceDiffers(
            event_id=event.id,
            subject_id=UUID(each.entrant),
            entry_number=entrants[each.entrant].entry_number,
            difference=sentence_document(each.sentence),
        )
        record(fact, by=by, at=at)


register_reserve_check(queries.passed_over)
