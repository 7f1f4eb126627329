"""One at a time, event by event."""

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session


def hold(event: Event) -> None:
    """Hold the event until the transaction ends: whoever else works on its result waits, then sees what was done."""
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update(of=Event))
    session.refresh(event)
