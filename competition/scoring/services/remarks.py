"""Keep notes and photos beside the marks, and the word that a work shows whose it is. They change no mark, so they are taken as long as the marking is open, signed sheet or not."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from competition import pictures, vault
from competition.audit.services import record
from competition.competitions.queries import rule_set_of
from competition.database import session
from competition.errors import Conflict, RuleBroken
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.scoring import facts, queries
from competition.scoring.models import RemarkKind, Sheet, SheetRemark
from competition.scoring.queries.remarks import SEAL, remark_by_id
from competition.scoring.services.exposures import tell
from competition.scoring.services.sheets import name_of

MOST_PHOTOS = 30
MOST_NOTES = 200
MOST_PHOTO_BYTES = 2_500_000


@dataclass(frozen=True)
class RemarkSent:
    """A note or a photo as a device sent it, under the id that the device gave it."""

    id: UUID
    aspect: str
    kind: RemarkKind
    text: str
    photo: bytes
    device_time: str


def take_remark(sheet: Sheet, sent: RemarkSent, *, by: Actor, at: datetime) -> SheetRemark:
    """Keep a note or a photo beside the marks of a sheet; the same one sent again is the one that is there.

    Photos are drawn anew (competition.pictures). Raises RuleBroken for an item that is not on the sheet, an empty note, a
    picture that cannot be read, a sheet that has too many already or a marking that is not open; Conflict for an id that
    was used for something else.
    """
    known = remark_by_id(sheet.event_id, sent.id)
    if known is not None:
        return _same(known, sheet, sent)
    content = _checked(sheet, sent)
    assert by.account_id is not None, "a remark needs a person"
    remark = SheetRemark(
        event_id=sheet.event_id,
        id=sent.id,
        sheet_id=sheet.id,
        aspect=sent.aspect,
        kind=sent.kind,
        text=sent.text.strip(),
        device_time=sent.device_time,
        received_at=at,
        by_id=by.account_id,
        by_name=by.name,
        sha256=hashlib.sha256(sent.photo).hexdigest() if content else "",
        content=vault.seal(b64encode(content).decode(), place=SEAL) if content else None,
    )
    session.add(remark)
    session.flush()
    fact = facts.SheetRemarked(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        aspect=sent.aspect,
        remark=sent.kind.value,
    )
    record(fact, by=by, at=at)
    if sent.kind is RemarkKind.EXPOSED:
        tell(sheet, remark, by=by, at=at)
    return remark


def _same(known: SheetRemark, sheet: Sheet, sent: RemarkSent) -> SheetRemark:
    digest = hashlib.sha256(sent.photo).hexdigest() if sent.kind is RemarkKind.PHOTO else ""
    then = known.sheet_id, known.aspect, known.kind, known.text, known.sha256
    if then != (sheet.id, sent.aspect, sent.kind, sent.text.strip(), digest):
        raise Conflict(sentence("Another note or photo was received under the same number."))
    return known


def _checked(sheet: Sheet, sent: RemarkSent) -> bytes | None:
    event = queries.event_of(sheet)
    if event.state != EventState.SCORING:
        raise RuleBroken(sentence("Notes and photos are taken while the marking is open."))
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    if sent.aspect not in {item.aspect.id for item in items}:
        raise RuleBroken(sentence("This item is not on the sheet of your seat."))
    is_photo = sent.kind is RemarkKind.PHOTO
    if _count(sheet, sent.kind) >= (MOST_PHOTOS if is_photo else MOST_NOTES):
        raise RuleBroken(sentence("This sheet has too many notes or photos already."))
    if is_photo:
        return _picture(sent.photo)
    if sent.kind is RemarkKind.NOTE and not sent.text.strip():
        raise RuleBroken(sentence("Write the note first."))
    return None


def _count(sheet: Sheet, kind: RemarkKind) -> int:
    query = select(func.count()).where(
        SheetRemark.event_id == sheet.event_id, SheetRemark.sheet_id == sheet.id, SheetRemark.kind == kind
    )
    return session.scalar(query) or 0


def _picture(content: bytes) -> bytes:
    if len(content) > MOST_PHOTO_BYTES:
        raise RuleBroken(sentence("The photo is larger than %(most)s MB.", most="2.5"))
    return pictures.photo(content).content
