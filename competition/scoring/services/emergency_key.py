"""Make the key to which tablets of an event seal what they cannot send."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from competition.competitions.models import Event
from competition.database import session
from competition.scoring.models import EmergencyKey
from competition.tablets.signatures import public_jwk


def make_emergency_key(event: Event, *, at: datetime) -> EmergencyKey:
    """Made once, when the marking starts; part of making the sheets, so that it has no fact of its own."""
    found: EmergencyKey | None = session.get(EmergencyKey, event.id)
    if found is not None:
        return found
    pair = generate_private_key(SECP256R1())
    secret = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    made = EmergencyKey(
        event_id=event.id, public_key=public_jwk(pair.public_key()), private_key=secret, made_at=at
    )
    session.add(made)
    return made
