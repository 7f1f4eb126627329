"""Tablets for tests: keys, cards and emergency files as the browser makes and uses them, without a browser."""

import gzip
import json
import os
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import ECDH, ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.panels.models import Judge
from competition.scoring.queries import emergency_key_of
from competition.tablets import services
from competition.tablets.services import NewCard
from competition.tablets.signatures import canonical_key, key_of, public_jwk
from tests.conftest import NOON


def spelled(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class TabletKey:
    """The key pair of a tablet."""

    def __init__(self) -> None:
        self._private = generate_private_key(SECP256R1())

    @property
    def public(self) -> dict[str, object]:
        """As `crypto.subtle.exportKey("jwk", …)` gives it."""
        numbers = self._private.public_key().public_numbers()
        x, y = (spelled(number.to_bytes(32)) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "ext": True, "key_ops": ["verify"]}

    def sign(self, body: bytes) -> str:
        r, s = decode_dss_signature(self._private.sign(body, ECDSA(SHA256())))
        return spelled(r.to_bytes(32) + s.to_bytes(32))


def canonical(key: TabletKey) -> str:
    """The public half as the server keeps it."""
    return canonical_key(json.dumps(key.public))


def card(of: Event, judge: Judge, at: datetime = NOON) -> NewCard:
    """A login card of the event for the judge, just printed."""
    (made,) = services.issue_cards(of, [judge], by=system_actor(), at=at)
    return made


def emergency_text(
    event: Event, device: UUID, operations: list[dict[str, Any]], key: TabletKey | None = None
) -> str:
    """The emergency file as the tablet's script makes it (static/src/scoring/emergency.ts)."""
    public = emergency_key_of(event)
    assert public is not None, "the marking has begun"
    once, iv = generate_private_key(SECP256R1()), os.urandom(12)
    about = f"skillsladder.emergency/1 {event.id} {device}".encode()
    shared = once.exchange(ECDH(), key_of(public))
    secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=about).derive(shared)
    sealed = AESGCM(secret).encrypt(iv, gzip.compress(json.dumps({"operations": operations}).encode()), about)
    file = {
        "format": "skillsladder.emergency/1",
        "event": str(event.id),
        "device": str(device),
        "iv": spelled(iv),
        "sealed": spelled(sealed),
    }
    signature = {"signature": key.sign("\n".join(file.values()).encode())} if key else {}
    return json.dumps({**file, "key": json.loads(public_jwk(once.public_key())), **signature})
