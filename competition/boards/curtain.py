"""The curtain of a ceremony before a whole result: what is announced in a hall must not be on the public pages before.

A ceremony that was opened before the result was published holds the publication back from the public, until every line
is revealed or the ceremony ends; after `LONGEST_HOLD` at the latest, so that nobody is locked out for good. Until then
the result does not become final either. What was public before the ceremony was opened stays public.
"""

from datetime import datetime
from uuid import UUID

from competition.boards import queries
from competition.clock import now
from competition.competitions import holds
from competition.competitions.models import Event
from competition.results import finality
from competition.rules.sentences import Sentence, sentence


def held_back(event_id: UUID | None) -> frozenset[UUID]:
    """The events, of all or of this one, whose result a ceremony holds back at this moment."""
    return queries.held_events(event_id, at=now())


def open_matters(event: Event, at: datetime) -> tuple[Sentence, ...]:
    """Nothing becomes final that nobody can see yet."""
    if event.id not in queries.held_events(event.id, at=at):
        return ()
    return (sentence("The award ceremony is open and holds the result back. End the ceremony first."),)


holds.register(held_back, queries.let_go_at)
finality.register(open_matters)
