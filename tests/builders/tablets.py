"""Tablets for tests: a key as WebCrypto makes it, without a browser."""

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


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
