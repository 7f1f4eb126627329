"""The emergency file: what a tablet could not send, sealed to the event's key, opened for the organiser.

Source: docs/sources.md, reliability §5.5 and §6 fault 48; the form of the file: docs/tablets.md. ECDH on P-256, HKDF-SHA-256, AES-256-GCM,
with the format, the event and the device as associated data, so that nothing outside the seal can be exchanged.
"""

import binascii
import json
import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import ECDH, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.errors import RuleBroken
from competition.panels.models import Judge
from competition.rules.sentences import sentence
from competition.scoring.models import EmergencyKey, Sheet
from competition.scoring.queries import batches
from competition.scoring.queries.batches import DeviceRow
from competition.tablets.signatures import KeyUnreadable, key_of, signature_holds

FORMAT = "skillsladder.emergency/1"
MOST = 2 * 1024 * 1024
"""Bytes of a file, and of what is in it: a day of one judge is a tenth of this."""
_PART = re.compile(r"^\s*(\d{1,3})/(\d{1,3}) (.+)$")


def emergency_key_of(event: Event) -> str | None:
    """The public half (JWK) of the event's emergency key; None before the marking began."""
    found: str | None = session.scalar(
        select(EmergencyKey.public_key).where(EmergencyKey.event_id == event.id)
    )
    return found


@dataclass(frozen=True)
class EmergencyFile:
    """An opened file: the device, what it held as JSON, and whether the device's own key signed the file. Only that of a device
    whose key the server does not have can be unsigned: a person has to vouch for it."""

    device_id: UUID
    device: DeviceRow | None
    """None: the tablet has never reached the server, or the server was restored from a backup that is older than the tablet."""
    content: bytes
    is_signed: bool


def emergency_file(event: Event, text: str) -> EmergencyFile:
    """The file behind a text, or behind the texts of its QR codes one below the other in any order.

    Raises RuleBroken when a part is missing, the file belongs to another event, was altered, or comes from a tablet whose key did not
    sign it: everybody who can read the sheets can seal a file, and only that key says that the tablet did.
    """
    sealed = _read(_joined(text))
    if sealed["event"] != str(event.id):
        raise RuleBroken(
            sentence("This file belongs to another event."),
            next_step=sentence("Open the event it was made for, and import it there."),
        )
    device_id = _device_id(sealed)
    device = batches.device_row(event.id, device_id)
    content = _unsealed(event, sealed)
    signed = "\n".join(str(sealed[name]) for name in ("format", "event", "device", "iv", "sealed"))
    if device is None or device.public_key is None:
        return EmergencyFile(device_id, device, content, is_signed=False)
    if not signature_holds(device.public_key, str(sealed.get("signature", "")), signed.encode()):
        raise RuleBroken(
            sentence(
                "This tablet signs what it sends, and this file is not signed by it: it was altered or made elsewhere."
            ),
            next_step=sentence("Make the file again on the tablet itself; nothing there is lost."),
        )
    return EmergencyFile(device_id, device, content, is_signed=True)


def judge_of_file(event: Event, sheets: Iterable[UUID]) -> Judge:
    """Whose sheets a file fills that comes from a tablet the server does not know. Raises RuleBroken where they are not one judge's."""
    chosen = select(Sheet.judge_id).where(Sheet.event_id == event.id, Sheet.id.in_(set(sheets)))
    found = session.scalars(select(Judge).where(Judge.id.in_(chosen))).all()
    if len(found) == 1:
        return found[0]
    raise RuleBroken(
        sentence(
            "The server does not know the tablet of this file, and its entries do not belong to the sheets of one judge."
        ),
        next_step=sentence(
            "Open the sheets on that tablet once while it is connected, then make the file again."
        ),
    )


def _joined(text: str) -> str:
    """The file out of its parts “1/7 …”; a whole file passes as it is."""
    lines = [line for line in text.splitlines() if line.strip()]
    parts = [match for line in lines if (match := _PART.match(line))]
    if len(parts) < len(lines) or not parts:
        return text
    count = int(parts[0][2])
    found = {int(part[1]): part[3] for part in parts if int(part[2]) == count}
    missing = [str(number) for number in range(1, count + 1) if number not in found]
    if missing:
        raise RuleBroken(
            sentence(
                "These parts are missing: %(numbers)s of %(count)s.",
                numbers=", ".join(missing[:20]),
                count=count,
            ),
            next_step=sentence("Scan the missing codes and put their text below the others."),
        )
    return "".join(found[number] for number in range(1, count + 1))


def _damaged() -> RuleBroken:
    return RuleBroken(
        sentence("This is not an emergency file, or it was altered or cut off on the way."),
        next_step=sentence("Make the file again on the tablet; nothing there is lost."),
    )


def _read(text: str) -> dict[str, object]:
    if len(text) > MOST:
        raise _damaged()
    try:
        document = json.loads(text)
    except ValueError as problem:
        raise _damaged() from problem
    names = ("format", "event", "device", "key", "iv", "sealed")
    if not isinstance(document, dict) or any(name not in document for name in names):
        raise _damaged()
    if document["format"] != FORMAT:
        raise RuleBroken(
            sentence(
                "The file says that it is of another kind: %(format)s.", format=str(document["format"])[:60]
            )
        )
    return document


def _device_id(sealed: dict[str, object]) -> UUID:
    try:
        return UUID(str(sealed["device"]))
    except ValueError as problem:
        raise _damaged() from problem


def _unsealed(event: Event, sealed: dict[str, object]) -> bytes:
    key: EmergencyKey | None = session.get(EmergencyKey, event.id)
    if key is None:
        raise RuleBroken(sentence("The marking of this event has not begun, so there is nothing to import."))
    own = load_pem_private_key(key.private_key.encode(), password=None)
    assert isinstance(own, EllipticCurvePrivateKey), "the kind that was made"
    about = f"{FORMAT} {sealed['event']} {sealed['device']}".encode()
    try:
        shared = own.exchange(ECDH(), key_of(json.dumps(sealed["key"])))
        secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=about).derive(shared)
        plain = AESGCM(secret).decrypt(_bytes(sealed["iv"]), _bytes(sealed["sealed"]), about)
        return _unpacked(plain)
    except (KeyUnreadable, InvalidTag, ValueError, binascii.Error, zlib.error) as problem:
        raise _damaged() from problem


def _unpacked(plain: bytes) -> bytes:
    """Gzip is known by its first two bytes; what would grow beyond all measure is refused."""
    if plain[:2] != b"\x1f\x8b":
        return plain
    unpacking = zlib.decompressobj(wbits=31)
    content = unpacking.decompress(plain, MOST)
    if unpacking.unconsumed_tail:
        raise ValueError("too large")
    return content


def _bytes(text: object) -> bytes:
    raw = str(text).encode("ascii")
    return urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
