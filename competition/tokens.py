"""The only place that makes randomness: ids, seeds, passwords and codes nobody may guess."""

import secrets
from uuid import UUID

import uuid_utils.compat

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READABLE = "abcdefghijkmnpqrstuvwxyz23456789"


def new_id() -> UUID:
    """A globally unique id that sorts by the time it was made (UUID version 7, RFC 9562)."""
    return uuid_utils.compat.uuid7()


def new_seed() -> str:
    """256 random bits as 64 hexadecimal digits, for a draw or a sample that anybody can re-run."""
    return secrets.token_hex(32)


def new_verification_id() -> str:
    """Twelve Crockford base-32 characters, 60 bits: the secret part of a certificate's address."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(12))


def new_password() -> str:
    """A first password a person can copy from paper: four groups of four, 79 bits, no look-alikes."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def new_card_token() -> str:
    """What the QR code of a login card carries: 128 random bits."""
    return secrets.token_urlsafe(16)


def new_pin() -> str:
    """Six digits that a judge types."""
    return f"{secrets.randbelow(10**6):06}"


def new_secret(size: int = 32) -> bytes:
    """Key material."""
    return secrets.token_bytes(size)


def random_id() -> UUID:
    """An id that tells nothing, not even when it was made (UUID version 4): for what is printed and scanned."""
    return UUID(bytes=secrets.token_bytes(16), version=4)
