"""What a device signs with its key: ECDSA P-256 over SHA-256 of the bytes as they were sent (as WebCrypto makes it)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

_HALF = 32


class KeyUnreadable(ValueError):
    """The text is no public key of this kind."""


def canonical_key(text: str) -> str:
    """A public key (JWK) with nothing in it but what it needs, always spelled in the same way. Raises KeyUnreadable."""
    try:
        document = json.loads(text)
        plain = {name: str(document[name]) for name in ("crv", "kty", "x", "y")}
    except (ValueError, TypeError, KeyError) as problem:
        raise KeyUnreadable("no JSON Web Key") from problem
    if (plain["kty"], plain["crv"]) != ("EC", "P-256"):
        raise KeyUnreadable("not a key on the curve P-256")
    spelled = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    _read(spelled)
    return spelled


def signature_holds(public_key: str, signature: str, body: bytes) -> bool:
    """Whether the holder of the key signed exactly these bytes; `signature` is base64url of r and s, 32 bytes each."""
    try:
        raw = _bytes(signature)
        if len(raw) != 2 * _HALF:
            return False
        pair = encode_dss_signature(int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))
        _read(public_key).verify(pair, body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def key_of(text: str) -> EllipticCurvePublicKey:
    """The key that a JWK spells. Raises KeyUnreadable."""
    return _read(canonical_key(text))


def public_jwk(key: EllipticCurvePublicKey) -> str:
    """The JWK of a key, as `canonical_key` spells it."""
    numbers = key.public_numbers()
    x, y = (
        urlsafe_b64encode(number.to_bytes(_HALF)).rstrip(b"=").decode() for number in (numbers.x, numbers.y)
    )
    return json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=4096)
def _read(public_key: str) -> EllipticCurvePublicKey:
    document = json.loads(public_key)
    try:
        x, y = (int.from_bytes(_bytes(document[name])) for name in ("x", "y"))
        return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    except ValueError as problem:
        raise KeyUnreadable("not a point on the curve") from problem


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
