"""Declare a published result final: from then on certificates, promotions and advancement rest on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competition.audit.services import record
from competition.competitions import correction_checks
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.jobs.models import Operation
from competition.jobs.services import queue_operation
from competition.results import consequences, facts, queries
from competition.results.models import Publication, ResultFinal
from competition.results.services.advancements import advance_winners
from competition.results.services.heap import collector_paused
from competition.rules.access import Actor
from competition.rules.advancement import Advancement
from competition.rules.ruleset import RuleSet
from competition.rules.sentences import Sentence, sentence

FINAL = "results.final"
"""The kind of work that declares a result final when its time has come."""


@dataclass(frozen=True)
class Foreseen:
    """Who climbs by a revision alone, decided before the transaction in which that revision becomes final."""

    revision_id: UUID
    climbing: Advancement | None


@collector_paused()
def foresee(event: Event) -> Foreseen | None:
    """Who climbs by the published result of an event; reads only. None where nothing is published."""
    revision = queries.published_revision(event)
    return Foreseen(revision.id, queries.fresh_decisions(revision)) if revision else None


def declare_final(event: Event, *, by: Actor, at: datetime, foreseen: Foreseen | None = None) -> ResultFinal:
    """Declare the published result of an event final, and send its winners up.

    Raises RuleBroken with every reason: nothing is published, it is final already, the marking was reopened, the notice
    period runs until a later moment (the moment of its end is the first at which it is over), something is open.
    `foreseen` is what `foresee` found before the transaction; without it, or if another revision was published since,
    who climbs is decided here.
    """
    lock(event)
    publication = queries.newest_publication(event.id)
    if publication is None:
        raise RuleBroken(sentence("Nothing is published, so there is nothing to declare final."))
    revision = publication.revision
    if queries.final_of(revision) is not None:
        raise RuleBroken(sentence("Revision %(number)s is final already.", number=revision.number))
    if reasons := queries.obstacles(event, at=at):
        raise RuleBroken(*reasons)
    final = ResultFinal(
        event_id=event.id, revision_id=revision.id, at=at, by_id=by.account_id, by_name=by.name
    )
    session.add(final)
    session.flush()
    fact = facts.ResultFinal(
        event_id=event.id, subject_id=revision.id, number=revision.number, hash=revision.hash
    )
    record(fact, by=by, at=at)
    climbing = None
    if foreseen is not None and foreseen.revision_id == revision.id:
        climbing = foreseen.climbing
    advance_winners(event, revision, by=by, at=at, climbing=climbing)
    return final


def declare_final_if_due(
    event: Event, *, revision_id: UUID, by: Actor, at: datetime, foreseen: Foreseen | None = None
) -> tuple[Sentence, ...]:
    """Declare a result final whose rules let it become so by itself; what is still in the way, () when it is done.

    Nothing is done where that revision is final already, or a later one was published: it has its own end.
    """
    lock(event)
    publication = queries.newest_publication(event.id)
    if (
        publication is None
        or publication.revision_id != revision_id
        or queries.final_of(publication.revision)
    ):
        return ()
    if waits := queries.obstacles(event, at=at):
        return tuple(waits)
    declare_final(event, by=by, at=at, foreseen=foreseen)
    return ()


def queue_final(publication: Publication, *, by: Actor, at: datetime) -> Operation:
    """Have a published result become final by itself, at the end of its notice at the earliest."""
    return queue_operation(
        FINAL,
        args={"revision_id": str(publication.revision_id)},
        idempotency_key=f"{FINAL}:{publication.revision_id}",
        event_id=publication.event_id,
        by=by,
        at=at,
        not_before=queries.next_look(publication, at=at),
    )


consequences.register(queries.cascade, title=sentence("Advancement and the events above"))


def _is_final(event: Event, _corrected: RuleSet) -> tuple[Sentence, ...]:
    """A result that was declared final stands under the rules it was made by."""
    if not any(queries.final_of(each.revision) for each in queries.publications_of(event)):
        return ()
    return (
        sentence(
            "A result of this event was declared final, so its rules stay. An error in the marks can still be corrected: "
            "reopen the sheet it stands on."
        ),
    )


correction_checks.register(_is_final)
