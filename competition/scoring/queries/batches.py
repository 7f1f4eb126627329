"""What taking a batch reads: plain rows, because every tablet of a venue passes here several times a minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, select

from competition.competitions.models import Competition, Event
from competition.competitions.queries import event_by_id, frozen_rule_set, rule_set_of
from competition.database import connection
from competition.draws.models import DrawnPlace
from competition.errors import NotFound
from competition.organisations.models import Organisation
from competition.panels.models import Judge, Seat, SeatKind
from competition.registration.models import Entrant
from competition.rules.access import Actor, Permission, Scope
from competition.rules.ruleset import RuleSet
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState
from competition.scoring.queries.answers import APPLIED
from competition.scoring.queries.items import Item, items_of
from competition.scoring.queries.sheets import ON_PANEL, SheetRow
from competition.tablets.models import Device, DeviceKind
from competition.tablets.queries import not_yours, revoked

EVENTS, COMPETITIONS, ORGANISATIONS, JUDGES, SEATS, PLACES, ENTRANTS, SHEETS, MARKS, OPERATIONS, DEVICES = (
    cast(Table, model.__table__)
    for model in (
        *(Event, Competition, Organisation, Judge, Seat, DrawnPlace, Entrant),
        *(Sheet, Mark, MarkOperation, Device),
    )
)
"""Plain tables: SQLAlchemy finds a compiled statement by its columns, and takes ten times as long with those of classes."""


class EventRow(NamedTuple):
    """What a batch needs of its event."""

    id: UUID
    state: str
    frozen_id: UUID | None
    competition_id: UUID
    path: str

    def rule_set(self) -> RuleSet:
        return (
            rule_set_of(event_by_id(self.id)) if self.frozen_id is None else frozen_rule_set(self.frozen_id)
        )

    def items(self, module: str, label: str) -> Mapping[str, tuple[Item, ...]]:
        """What stands on a seat's sheet, by aspect."""
        if self.frozen_id is None:
            return _by_aspect(self.rule_set(), module, label)
        return _frozen_items(self.frozen_id, module, label)


def _by_aspect(rule_set: RuleSet, module: str, label: str) -> Mapping[str, tuple[Item, ...]]:
    found: dict[str, tuple[Item, ...]] = {}
    for item in items_of(rule_set, module, label):
        found[item.aspect.id] = (*found.get(item.aspect.id, ()), item)
    return found


@lru_cache(maxsize=512)
def _frozen_items(version_id: UUID, module: str, label: str) -> Mapping[str, tuple[Item, ...]]:
    return _by_aspect(frozen_rule_set(version_id), module, label)


_OF_EVENT = (EVENTS.c.id, EVENTS.c.state, EVENTS.c.frozen_id, EVENTS.c.competition_id, ORGANISATIONS.c.path)
_EVENT = (
    select(*_OF_EVENT)
    .join(COMPETITIONS, COMPETITIONS.c.id == EVENTS.c.competition_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == COMPETITIONS.c.host_id)
    .where(EVENTS.c.id == bindparam("event_id"))
)


def event_row(event_id: UUID) -> EventRow:
    """The event of a batch, or NotFound."""
    found = connection().execute(_EVENT, {"event_id": event_id}).one_or_none()
    if found is None:
        raise NotFound()
    return EventRow(*found)


def scope_of(event: EventRow) -> Scope:
    """Where the event stands."""
    return Scope(organisation_path=event.path, competition_id=event.competition_id, event_id=event.id)


class DeviceRow(NamedTuple):
    """What a batch needs of its device, and who its account is as a judge."""

    event_id: UUID
    id: UUID
    account_id: UUID
    label: str
    public_key: str | None
    last_sequence: int
    revoked_at: datetime | None
    kind: DeviceKind
    judge_id: UUID | None


_OF_DEVICE = (
    *(DEVICES.c.event_id, DEVICES.c.id, DEVICES.c.account_id, DEVICES.c.label, DEVICES.c.public_key),
    *(DEVICES.c.last_sequence, DEVICES.c.revoked_at, DEVICES.c.kind, JUDGES.c.id.label("judge_id")),
)
_DEVICE = (
    select(*_OF_DEVICE)
    .outerjoin(JUDGES, JUDGES.c.account_id == DEVICES.c.account_id)
    .where(DEVICES.c.event_id == bindparam("event_id"), DEVICES.c.id == bindparam("device_id"))
    .with_for_update(of=DEVICES)
)
_DEVICE_AND_EVENT = (
    _DEVICE.add_columns(*_OF_EVENT)
    .join(EVENTS, EVENTS.c.id == DEVICES.c.event_id)
    .join(COMPETITIONS, COMPETITIONS.c.id == EVENTS.c.competition_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == COMPETITIONS.c.host_id)
)


def device_row(event_id: UUID, device_id: UUID) -> DeviceRow | None:
    """The device, locked until the transaction ends: its sequence moves by one batch at a time."""
    named = {"event_id": event_id, "device_id": device_id}
    found = connection().execute(_DEVICE, named).one_or_none()
    return None if found is None else DeviceRow(*found)


def known_device(event_id: UUID, device_id: UUID) -> DeviceRow:
    """Any device of the event, locked, whosever it is and whether or not it may still send. Raises Refused for none."""
    device = device_row(event_id, device_id)
    if device is None or device.kind == DeviceKind.PAPER:
        raise not_yours()
    return device


def sending_device(actor: Actor, event_id: UUID, device_id: UUID) -> DeviceRow:
    """The person's own device, locked. Raises Refused for anybody else's, for none, and for one that was turned off."""
    return _may_send(actor, device_row(event_id, device_id))


def _may_send(actor: Actor, device: DeviceRow | None) -> DeviceRow:
    if device is None or device.account_id != actor.account_id or device.kind == DeviceKind.PAPER:
        raise not_yours()
    if device.revoked_at is not None:
        raise revoked()
    return device


def sender_of_batch(actor: Actor, event_id: UUID, device_id: UUID) -> tuple[EventRow, DeviceRow]:
    """The event, when the person may mark in it (else NotFound), and the person's own device as `sending_device`, in one read."""
    named = {"event_id": event_id, "device_id": device_id}
    found = connection().execute(_DEVICE_AND_EVENT, named).one_or_none()
    event = event_row(event_id) if found is None else EventRow(*found[len(_OF_DEVICE) :])
    if not actor.may(Permission.SCORING_SHEET_MARK, scope_of(event)):
        raise NotFound()
    return event, _may_send(actor, None if found is None else DeviceRow(*found[: len(_OF_DEVICE)]))


class KeptRow(NamedTuple):
    """An operation that was received before, or in this batch."""

    op_id: UUID
    body_hash: str
    answer: str
    reason: str
    version: int


_KEPT = select(
    *(
        OPERATIONS.c.op_id,
        OPERATIONS.c.body_hash,
        OPERATIONS.c.answer,
        OPERATIONS.c.reason,
        OPERATIONS.c.version,
    )
).where(
    OPERATIONS.c.event_id == bindparam("event_id"), OPERATIONS.c.op_id.in_(bindparam("ids", expanding=True))
)


def kept_rows(event_id: UUID, ids: Iterable[UUID]) -> dict[UUID, KeptRow]:
    """Which of these operations were received before, and what they were answered."""
    rows = connection().execute(_KEPT, {"event_id": event_id, "ids": list(ids)})
    return {row.op_id: KeptRow(*row) for row in rows}


_SHEET = select(
    *(
        SHEETS.c.id,
        SHEETS.c.module,
        SHEETS.c.code,
        SHEETS.c.seat_label,
        SHEETS.c.lead,
        SHEETS.c.judge_id,
        SHEETS.c.state,
    )
).where(SHEETS.c.event_id == bindparam("event_id"))
_LOCKED_SHEETS = (
    _SHEET.add_columns(ENTRANTS.c.state.label("entrant_state"))
    .outerjoin(
        PLACES,
        and_(
            PLACES.c.event_id == SHEETS.c.event_id,
            PLACES.c.draw_id == SHEETS.c.draw_id,
            PLACES.c.code == SHEETS.c.code,
        ),
    )
    .outerjoin(ENTRANTS, and_(ENTRANTS.c.event_id == PLACES.c.event_id, ENTRANTS.c.id == PLACES.c.entrant_id))
    .where(SHEETS.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(SHEETS.c.id)
    .with_for_update(of=SHEETS)
)
_SIBLINGS = _SHEET.where(
    SHEETS.c.module == bindparam("module"),
    SHEETS.c.code == bindparam("code"),
    SHEETS.c.state != SheetState.VOID,
    ON_PANEL,
)


def locked_sheets(event_id: UUID, ids: Iterable[UUID]) -> dict[UUID, SheetRow]:
    """These sheets with the state of their entrants, locked in one order until the transaction ends: nobody signs them in between."""
    rows = connection().execute(_LOCKED_SHEETS, {"event_id": event_id, "ids": list(ids)})
    return {row.id: row for row in rows}


def sibling_rows(event_id: UUID, sheet: SheetRow) -> list[SheetRow]:
    """The sheets of the same code in the same module that count, this one among them, in the order of seats."""
    named = {"event_id": event_id, "module": sheet.module, "code": sheet.code}
    return sorted(connection().execute(_SIBLINGS, named), key=lambda each: int(each.seat_label[1:]))


_SEATED = select(SEATS.c.label).where(
    SEATS.c.event_id == bindparam("event_id"),
    SEATS.c.module == bindparam("module"),
    SEATS.c.released_at.is_(None),
    SEATS.c.kind.in_((SeatKind.LEAD, SeatKind.MEMBER)),
)


def seated(event_id: UUID, module: str) -> frozenset[str]:
    """The labels of the seats of a module's panel that are taken now."""
    return frozenset(connection().scalars(_SEATED, {"event_id": event_id, "module": module}))


@dataclass(slots=True)
class Cell:
    """The current mark of a cell while a batch is taken; `is_new` until it is written for the first time, `is_changed`
    when the batch has something to write."""

    value: Decimal | None = None
    state: str = ""
    round: int = 1
    version: int = 0
    op_id: UUID | None = None
    is_new: bool = True
    is_changed: bool = False


Cells = dict[tuple[str, str], Cell]

_MARKS = select(
    *(
        MARKS.c.sheet_id,
        MARKS.c.aspect,
        MARKS.c.kind,
        MARKS.c.value,
        MARKS.c.state,
        MARKS.c.round,
        MARKS.c.version,
        MARKS.c.op_id,
    )
).where(MARKS.c.event_id == bindparam("event_id"), MARKS.c.sheet_id.in_(bindparam("ids", expanding=True)))


def cells_of(event_id: UUID, sheets: Iterable[UUID]) -> dict[UUID, Cells]:
    """The current marks of these sheets, by sheet and cell."""
    found: dict[UUID, Cells] = {sheet: {} for sheet in sheets}
    rows = connection().execute(_MARKS, {"event_id": event_id, "ids": list(found)})
    for sheet_id, aspect, kind, value, state, number, version, op_id in rows:
        found[sheet_id][aspect, kind] = Cell(value, state, number, version, op_id, is_new=False)
    return found


class CellOperation(NamedTuple):
    """One of the operations that were sent for a cell."""

    device_id: UUID
    version: int


_APPLIED_TO_CELL = select(
    *(OPERATIONS.c.device_id, OPERATIONS.c.version, OPERATIONS.c.reason, OPERATIONS.c.body)
).where(
    OPERATIONS.c.event_id == bindparam("event_id"),
    OPERATIONS.c.sheet_id == bindparam("sheet_id"),
    OPERATIONS.c.aspect == bindparam("aspect"),
    OPERATIONS.c.answer == APPLIED,
    OPERATIONS.c.reason == "",
    OPERATIONS.c.version > bindparam("after"),
)


def changes_of_cell(
    event_id: UUID, sheet_id: UUID, aspect: str, kind: str, after: int
) -> list[CellOperation]:
    """The operations that changed a cell after it had this version."""
    named: dict[str, Any] = {"event_id": event_id, "sheet_id": sheet_id, "aspect": aspect, "after": after}
    rows = connection().execute(_APPLIED_TO_CELL, named)
    return [CellOperation(row.device_id, row.version) for row in rows if row.body["kind"] == kind]


class Maker(NamedTuple):
    """Which device made a mark, and when."""

    device: str
    device_time: str
    received_at: datetime


_MAKER = (
    select(DEVICES.c.label, OPERATIONS.c.device_time, OPERATIONS.c.received_at)
    .join(DEVICES, (DEVICES.c.event_id == OPERATIONS.c.event_id) & (DEVICES.c.id == OPERATIONS.c.device_id))
    .where(OPERATIONS.c.event_id == bindparam("event_id"), OPERATIONS.c.op_id == bindparam("op_id"))
)


def maker_of(event_id: UUID, op_id: UUID) -> Maker:
    """The device behind an operation that was applied."""
    return Maker(*connection().execute(_MAKER, {"event_id": event_id, "op_id": op_id}).one())
