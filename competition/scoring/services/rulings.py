"""What the chief judge decides about a sheet beside its marks: a deduction for a violation, and another judge for a sheet.

Source: docs/sources.md, domain §5.5.4: a deduction is an entry of its own with who, why and when, never a change of a mark. It stands in the
same list as the judge's entries and is counted like them; only its number says that no judge's device may touch it.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert, select

from competition.accounts.queries import account_for
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.database import session
from competition.draws.queries import place_of_code
from competition.errors import NO_REASON, RuleBroken, given_reason
from competition.orm import fingerprint
from competition.panels.models import Judge
from competition.panels.queries import conflict
from competition.rules.access import Actor
from competition.rules.marking import MarkKind, mark_refusal
from competition.rules.numbers import read_number
from competition.rules.scheme import Aspect, Deduction
from competition.rules.sentences import sentence
from competition.scoring import facts, queries
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState, Signature
from competition.scoring.queries import signing
from competition.scoring.queries.answers import APPLIED
from competition.scoring.queries.items import RULED_FROM, is_ruled
from competition.scoring.queries.levels import BLANK, VALUE
from competition.scoring.services.operations import Sent, operation_row
from competition.scoring.services.sheets import name_of
from competition.scoring.services.sign_off import lock_for_marking, reopen_sheet, stand_for
from competition.tablets.models import Device, DeviceKind
from competition.tablets.services import register_device

MOST_RULED = 99
DEVICE = "裁决 Ruling"
"""What the lists call the sender of a ruling, which is no tablet."""


def rule_deduction(
    sheet: Sheet, *, op_id: UUID, aspect: str, points: Decimal, reason: str, by: Actor, at: datetime
) -> Signature:
    """Enter a deduction on the lead's sheet, signed by who ruled it. `points` is what the aspect records: points, percent, or 1.

    A sheet that was signed is opened again with the reason, so that its judge signs what it holds now. `op_id` is the ruling's id.
    Raises RuleBroken where the marking is not open, the sheet is void or not the lead's, or the value is not on the aspect's scale.
    """
    event = _marking_of(sheet)
    known = _deduction(event, sheet, aspect)
    value = read_number(points)
    reasons = [refusal] if (refusal := mark_refusal(known, MarkKind.ENTRY, value)) else []
    if not reason.strip():
        reasons.append(NO_REASON)
    if reasons:
        raise RuleBroken(*reasons)
    reason = reason.strip()[:500]
    if sheet.state != SheetState.OPEN:
        reopen_sheet(sheet, reason=reason, by=by, at=at)
    cell = _next_cell(sheet, aspect)
    session.add(
        Mark(
            event_id=sheet.event_id,
            sheet_id=sheet.id,
            aspect=aspect,
            kind=cell,
            value=points,
            state=VALUE,
            version=1,
            op_id=op_id,
            marked_at=at,
        )
    )
    _keep(event, sheet, op_id, aspect, cell, points, 1, reason, by=by, at=at)
    fact = facts.DeductionRuled(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        aspect=aspect,
        value=format(points, "f"),
        reason=reason,
    )
    return stand_for(sheet, signing.RULED, queries.hash_of_sheet(sheet), fact, by=by, at=at, reason=reason)


def strike_deduction(
    sheet: Sheet, *, ruled: UUID, op_id: UUID, reason: str, by: Actor, at: datetime
) -> Signature | None:
    """Take a ruled deduction off the sheet again, with the reason; its operations stay on record. None where it is gone already."""
    event = _marking_of(sheet)
    reason = given_reason(reason)
    mark = session.scalar(
        select(Mark).where(
            Mark.event_id == sheet.event_id,
            Mark.sheet_id == sheet.id,
            Mark.op_id == ruled,
            Mark.state == VALUE,
        )
    )
    if mark is None:
        return None
    if sheet.state != SheetState.OPEN:
        reopen_sheet(sheet, reason=reason, by=by, at=at)
    mark.value, mark.state, mark.op_id, mark.marked_at = None, BLANK, op_id, at
    mark.version += 1
    _keep(event, sheet, op_id, mark.aspect, mark.kind, None, mark.version, reason, by=by, at=at)
    fact = facts.DeductionStruck(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), aspect=mark.aspect, reason=reason
    )
    return stand_for(sheet, signing.RULED, queries.hash_of_sheet(sheet), fact, by=by, at=at, reason=reason)


def reassign_sheet(sheet: Sheet, judge: Judge, *, reason: str, by: Actor, at: datetime) -> Signature:
    """Give an open sheet to another judge, who marks on from what is there; it stays with them whatever becomes of the seats.

    Raises RuleBroken for a sheet that is not open, for a judge who has the same work on another sheet or must not mark it.
    """
    event = _marking_of(sheet)
    reasons = []
    if sheet.state != SheetState.OPEN:
        reasons.append(sentence("The sheet is signed. Reopen it first, then give it to another judge."))
    if judge.id in {one.judge_id for one in queries.siblings_of(sheet)}:
        reasons.append(sentence("This judge marks the same work on a sheet already. Choose another judge."))
    place = place_of_code(event, sheet.code)
    if place is not None and conflict(judge, place.entrant) is not None:
        reasons.append(sentence("This judge must not mark this work. Choose another judge."))
    if not reason.strip():
        reasons.append(NO_REASON)
    if reasons:
        raise RuleBroken(*reasons)
    fact = facts.SheetReassigned(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        before=sheet.judge.account.name,
        after=judge.account.name,
        reason=reason.strip()[:500],
    )
    sheet.judge = judge
    session.flush()
    return stand_for(
        sheet,
        signing.REASSIGNED,
        queries.hash_of_sheet(sheet),
        fact,
        by=by,
        at=at,
        reason=reason.strip()[:500],
    )


def _marking_of(sheet: Sheet) -> Event:
    """The event of a sheet that counts, which is locked. Raises RuleBroken for a void one, and while the marking is not open."""
    event = lock_for_marking(sheet)
    if sheet.state == SheetState.VOID:
        raise RuleBroken(sentence("The sheet was declared void."))
    return event


def _deduction(event: Event, sheet: Sheet, aspect: str) -> Aspect:
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    for item in items:
        if item.aspect.id == aspect and isinstance(item.aspect.method, Deduction):
            return item.aspect
    raise RuleBroken(sentence("This is no deduction on this sheet. Choose one that is."))


def _next_cell(sheet: Sheet, aspect: str) -> str:
    """Where the next ruling stands among the entries of the aspect. Raises RuleBroken where there are too many."""
    kinds = [kind for name, kind in queries.marks_of_sheet(sheet) if name == aspect and is_ruled(kind)]
    if len(kinds) >= MOST_RULED:
        raise RuleBroken(sentence("This sheet has too many rulings already."))
    last = max((int(kind.partition(":")[2]) for kind in kinds), default=RULED_FROM - 1)
    return f"{MarkKind.ENTRY}:{last + 1}"


def _keep(
    event: Event,
    sheet: Sheet,
    op_id: UUID,
    aspect: str,
    cell: str,
    points: Decimal | None,
    version: int,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The operation behind the entry, like that of every mark; it comes from no tablet."""
    device = _device(event, by=by, at=at)
    device.last_sequence += 1
    sent = Sent(
        op_id=op_id,
        seq=device.last_sequence,
        sheet=sheet.id,
        aspect=aspect,
        kind=cell,
        base_version=version - 1,
        value=None if points is None else format(points, "f"),
        state=BLANK if points is None else VALUE,
        round=1,
        reason=reason,
        device_time=at.isoformat(),
    )
    body = sent.body()
    body_hash = fingerprint({"device": device.id, **body})
    row = operation_row(device, sent, body, body_hash, APPLIED, "", version=version, at=at)
    session.execute(insert(MarkOperation), row)


def _device(event: Event, *, by: Actor, at: datetime) -> Device:
    assert by.account_id is not None, "a ruling needs a person"
    found: Device | None = session.scalar(
        select(Device)
        .where(
            Device.event_id == event.id,
            Device.account_id == by.account_id,
            Device.kind == DeviceKind.FLOOR,
        )
        .with_for_update(of=Device)
    )
    if found is not None:
        return found
    account = account_for(by.account_id)
    return register_device(event, account, label=DEVICE, kind=DeviceKind.FLOOR, by=by, at=at)
