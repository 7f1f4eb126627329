"""Declare a published result final: from then on certificates, promotions and advancement rest on it."""

from datetime import datetime

from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import session
from competition.errors import RuleBroken
from competition.results import consequences, facts, queries
from competition.results.models import ResultFinal
from competition.results.services.advancements import advance_winners
from competition.results.services.locks import hold
from competition.rules.access import Actor
from competition.rules.advancement import Advancement
from competition.rules.sentences import sentence


def declare_final(
    event: Event, *, by: Actor, at: datetime, climbing: Advancement | None = None
) -> ResultFinal:
    """Declare the published result of an event final, and send its winners up.

    Raises RuleBroken with every reason: nothing is published, it is final already, the marking was reopened, the notice
    period runs until a later moment (the moment of its end is the first at which it is over), something is open.
    `climbing` is who climbs by the published revision alone, if that was decided before the transaction.
    """
    hold(event)
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
    advance_winners(event, revision, by=by, at=at, climbing=climbing)
    return final


consequences.register(queries.cascade, title=sentence("Advancement and the events above"))
