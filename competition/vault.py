"""Keys and ciphers: personal data sealed at rest, keyed indexes to find it again, signed receipts.

AES-256-GCM with one derived key per column (HKDF), the column's name as associated data, so that a ciphertext
cannot be moved to another column. Stored as version (1 byte) | key id (4) | nonce (12) | ciphertext and tag.
Beside it a blind index: HMAC-SHA-256 of the normalised value, cut to 16 bytes. Losing the keys loses the data.
"""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NAMES = ("session", "data", "index", "receipt")


class KeyringInvalid(ValueError):
    """The key file is damaged or incomplete."""


class SealBroken(Exception):
    """A sealed value was altered, moved, or sealed with keys that are not here."""


@dataclass(frozen=True)
class Keyring:
    """The secrets of one installation, 32 bytes each: sessions, data at rest, blind indexes, receipts."""

    session: bytes
    data: bytes
    index: bytes
    receipt: bytes

    @classmethod
    def new(cls, random_bytes: Callable[[int], bytes]) -> "Keyring":
        return cls(**{name: random_bytes(32) for name in _NAMES})

    @classmethod
    def from_json(cls, document: object) -> "Keyring":
        if not isinstance(document, Mapping):
            raise KeyringInvalid("it is not a JSON object")
        keys: dict[str, bytes] = {}
        for name in _NAMES:
            try:
                keys[name] = b64decode(str(document[name]), validate=True)
            except (KeyError, ValueError) as problem:
                raise KeyringInvalid(f"the key {name!r} is missing or not base64") from problem
            if len(keys[name]) != 32 or len(set(keys[name])) < 8:
                raise KeyringInvalid(f"the key {name!r} is not 32 random bytes")
        if len(set(keys.values())) != len(_NAMES):
            raise KeyringInvalid("two keys are the same")
        return cls(**keys)

    def as_json(self) -> dict[str, str]:
        return {name: b64encode(getattr(self, name)).decode() for name in _NAMES}


_keyring: Keyring | None = None


def use(keyring: Keyring) -> None:
    """Take this installation's keys; called once, when the application is made."""
    global _keyring
    _keyring = keyring
    _derived.cache_clear()


def _keys() -> Keyring:
    if _keyring is None:
        raise RuntimeError("No keys are in use: create_app has not run")
    return _keyring


@cache
def _derived(purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(_keys().data)


def _key_id() -> bytes:
    return sha256(_keys().data).digest()[:4]


def seal(text: str, *, place: str) -> bytes:
    """Encrypt a value for one place ("table.column")."""
    nonce = os.urandom(12)
    return (
        _VERSION + _key_id() + nonce + AESGCM(_derived(place)).encrypt(nonce, text.encode(), place.encode())
    )


def unseal(sealed: bytes, *, place: str) -> str:
    """Decrypt; raises SealBroken when the value was altered, moved or sealed with other keys."""
    if sealed[:1] != _VERSION or sealed[1:5] != _key_id():
        raise SealBroken(f"{place} was sealed with keys that are not in use")
    try:
        return AESGCM(_derived(place)).decrypt(sealed[5:17], sealed[17:], place.encode()).decode()
    except InvalidTag as problem:
        raise SealBroken(f"{place} does not open: altered or moved") from problem


def blind_index(text: str, *, place: str) -> bytes:
    """A keyed fingerprint of a normalised value, equal for equal values, useless without the keys."""
    return hmac.digest(_keys().index, f"{place}\x00{text}".encode(), "sha256")[:16]


def receipt(*parts: str) -> str:
    """The server's signature over parts in order (HMAC-SHA-256, hexadecimal)."""
    return hmac.digest(_keys().receipt, "\x00".join(parts).encode(), "sha256").hex()


def receipt_holds(signature: str, *parts: str) -> bool:
    return hmac.compare_digest(signature, receipt(*parts))
