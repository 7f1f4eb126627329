"""What taking a batch reads: plain rows, because every tablet of a venue passes here several times a minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, select

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
from competition.scoring.queries.items import Item, items_of
from competition.scoring.queries.sheets import ON_PANEL, SheetRow
from competition.tablets.models import Device, DeviceKind
from competition.tablets.queries import not_yours, revoked


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


_OF_EVENT = (Event.id, Event.state, Event.frozen_id, Event.competition_id, Organisation.path)
_EVENT = (
    select(*_OF_EVENT)
    .join(Competition, Competition.id == Event.competition_id)
    .join(Organisation, Organisation.id == Competition.host_id)
    .where(Event.id == bindparam("event_id"))
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
    *(Device.event_id, Device.id, Device.account_id, Device.label, Device.public_key),
    *(Device.last_sequence, Device.revoked_at, Device.kind, Judge.id.label("judge_id")),
)
_DEVICE = (
    select(*_OF_DEVICE)
    .outerjoin(Judge, Judge.account_id == Device.account_id)
    .where(Device.event_id == bindparam("event_id"), Device.id == bindparam("device_id"))
    .with_for_update(of=Device)
)
_DEVICE_AND_EVENT = (
    _DEVICE.add_columns(*_OF_EVENT)
    .join(Event, Event.id == Device.event_id)
    .join(Competition, Competition.id == Event.competition_id)
    .join(Organisation, Organisation.id == Competition.host_id)
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
        MarkOperation.op_id,
        MarkOperation.body_hash,
        MarkOperation.answer,
        MarkOperation.reason,
        MarkOperation.version,
    )
).where(
    MarkOperation.event_id == bindparam("event_id"), MarkOperation.op_id.in_(bindparam("ids", expanding=True))
)


def kept_rows(event_id: UUID, ids: Iterable[UUID]) -> dict[UUID, KeptRow]:
    """Which of these operations were received before, and what they were answered."""
    rows = connection().execute(_KEPT, {"event_id": event_id, "ids": list(ids)})
    return {row.op_id: KeptRow(*row) for row in rows}


_SHEET = select(
    *(Sheet.id, Sheet.module, Sheet.code, Sheet.seat_label, Sheet.lead, Sheet.judge_id, Sheet.state)
).where(Sheet.event_id == bindparam("event_id"))
_LOCKED_SHEETS = (
    _SHEET.add_columns(Entrant.state.label("entrant_state"))
    .outerjoin(
        DrawnPlace,
        and_(
            DrawnPlace.event_id == Sheet.event_id,
            DrawnPlace.draw_id == Sheet.draw_id,
            DrawnPlace.code == Sheet.code,
        ),
    )
    .outerjoin(Entrant, and_(Entrant.event_id == DrawnPlace.event_id, Entrant.id == DrawnPlace.entrant_id))
    .where(Sheet.id.in_(bindparam("ids", expanding=True)))
    .order_by(Sheet.id)
    .with_for_update(of=Sheet)
)
_SIBLINGS = _SHEET.where(
    Sheet.module == bindparam("module"),
    Sheet.code == bindparam("code"),
    Sheet.state != SheetState.VOID,
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


_SEATED = select(Seat.label).where(
    Seat.event_id == bindparam("event_id"),
    Seat.module == bindparam("module"),
    Seat.released_at.is_(None),
    Seat.kind.in_((SeatKind.LEAD, SeatKind.MEMBER)),
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
    *(Mark.sheet_id, Mark.aspect, Mark.kind, Mark.value, Mark.state, Mark.round, Mark.version, Mark.op_id)
).where(Mark.event_id == bindparam("event_id"), Mark.sheet_id.in_(bindparam("ids", expanding=True)))


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
    *(MarkOperation.device_id, MarkOperation.version, MarkOperation.reason, MarkOperation.body)
).where(
    MarkOperation.event_id == bindparam("event_id"),
    MarkOperation.sheet_id == bindparam("sheet_id"),
    MarkOperation.aspect == bindparam("aspect"),
    MarkOperation.answer == "applied",
    MarkOperation.reason == "",
    MarkOperation.version > bindparam("after"),
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
    select(Device.label, MarkOperation.device_time, MarkOperation.received_at)
    .join(Device, (Device.event_id == MarkOperation.event_id) & (Device.id == MarkOperation.device_id))
    .where(MarkOperation.event_id == bindparam("event_id"), MarkOperation.op_id == bindparam("op_id"))
)


def maker_of(event_id: UUID, op_id: UUID) -> Maker:
    """The device behind an operation that was applied."""
    return Maker(*connection().execute(_MAKER, {"event_id": event_id, "op_id": op_id}).one())
