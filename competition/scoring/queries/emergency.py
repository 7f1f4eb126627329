"""Read the key to which tablets seal what they could not send."""

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.scoring.models import EmergencyKey


def emergency_key_of(event: Event) -> str | None:
    """The public half (JWK) of the event's emergency key; None before the marking began."""
    found: str | None = session.scalar(
        select(EmergencyKey.public_key).where(EmergencyKey.event_id == event.id)
    )
    return found
