"""Marked events for tests: sheets, devices, operations and signatures, all made by the services."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.panels import queries as panels_queries
from competition.rules.marking import MarkKind
from competition.rules.scheme import (
    Attempts,
    Binary,
    ConvertedTime,
    Count,
    Judgement,
    Linear,
    Panel,
    Record,
    Time,
    Tolerance,
    Value,
)
from competition.scoring import queries, services
from competition.scoring.models import Sheet
from competition.scoring.services import Answer, Sent
from competition.tablets.models import Device
from competition.tablets.services import register_device
from tests.builders import draws, panels
from tests.builders.once import built_once
from tests.conftest import NOON

NAME = "M40,150L90,40L140,150M60,110L120,110M180,40L180,150L260,150"
"""A drawn name, as the field of the signing page makes it."""
DRAWN = {"way": "drawn", "drawing": NAME}

Marker = Callable[[Sheet, Any], str | None]
"""What a builder marks: the value for an item of a sheet, None for a blank."""


@built_once
def scoring_event(count: int = 3, **details: Any) -> Event:
    """A drawn event with full panels and open sheets."""
    event = draws.drawn_event(count, **details)
    panels.full_panels(event)
    services.start_scoring(event, by=system_actor(), at=NOON)
    return event


def device(of: Event, account: Account, label: str = "平板1") -> Device:
    return register_device(of, account, label=label, by=actor_of(account), at=NOON)


def sent(sheet: Sheet | UUID, aspect: str, value: str | None, seq: int = 1, **details: Any) -> Sent:
    """An operation as a device would send it."""
    values: dict[str, Any] = {
        "op_id": uuid4(),
        "seq": seq,
        "sheet": sheet if isinstance(sheet, UUID) else sheet.id,
        "aspect": aspect,
        "kind": "mark",
        "base_version": 0,
        "value": value,
        "state": "value",
        "round": 1,
        "reason": "",
        "device_time": "2026-06-01T12:00:00+08:00",
    }
    return Sent(**{**values, **details})


def send(of: Device, *operations: Sent, at: Any = NOON) -> tuple[Answer, ...]:
    """What the server answers to a batch of the device's own judge."""
    from competition.accounts.queries import account_for

    return services.apply_operations(
        of, operations=operations, by=actor_of(account_for(of.account_id)), at=at
    )


def fair_value(_sheet: Sheet, item: Any) -> str | None:
    """Something the rules accept for an item: the middle, level 2, fulfilled; no deduction."""
    method = item.aspect.method
    if item.kind is MarkKind.DECLARED:
        return "1"
    if item.kind is not MarkKind.MARK:
        return None
    match method:
        case Judgement():
            return "2"
        case Binary():
            return "1"
        case Panel() | Attempts():
            return format(_number(method.low), "f")
        case Value():
            return "0" if method.step is None else format(_number(method.step), "f")
        case Tolerance():
            return format(_number(method.target), "f")
        case Count():
            return "1"
        case Linear() | Record():
            return "0" if method.low is None else format(_number(method.low), "f")
        case Time() | ConvertedTime():
            return "600"
    return None


def _number(value: Any) -> Any:
    from competition.rules.numbers import as_decimal

    return as_decimal(value)


def mark_sheet(sheet: Sheet, marker: Marker = fair_value) -> tuple[Answer, ...]:
    """Fill a sheet from a device of its judge."""
    event, account = queries.event_of(sheet), sheet.judge.account
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    own = device(event, account)
    return send(own, *_operations(sheet, items, marker))


def _operations(sheet: Sheet, items: Any, marker: Marker) -> Iterator[Sent]:
    seq = 0
    for item in items:
        value = marker(sheet, item)
        if value is not None:
            seq += 1
            kind = f"{item.kind}:1" if item.is_list else item.cell
            reason = "未戴护目镜" if item.is_list else ""
            yield sent(sheet, item.aspect.id, value, seq, kind=kind, reason=reason, agreed=item.conferring)


def sign(sheet: Sheet) -> None:
    services.sign_sheet(sheet, by=actor_of(sheet.judge.account), at=NOON)


def confirm(sheet: Sheet) -> None:
    """Confirmed by the event's first chief judge."""
    chief = panels_queries.chiefs_of(queries.event_of(sheet))[0]
    services.confirm_sheet(sheet, by=actor_of(chief), at=NOON)


def mark_all(event: Event, marker: Marker = fair_value) -> None:
    """Every sheet filled, signed and confirmed."""
    for sheet in queries.sheets_of(event):
        mark_sheet(sheet, marker)
    for sheet in queries.sheets_of(event):
        sign(sheet)
        confirm(sheet)


@built_once
def scored_event(count: int = 3, marker: Marker = fair_value, **details: Any) -> Event:
    """An event whose marking is closed: ready for the result."""
    event = scoring_event(count, **details)
    mark_all(event, marker)
    services.close_scoring(event, by=system_actor(), at=NOON)
    return event
