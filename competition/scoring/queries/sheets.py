"""Read sheets: whose they are, how they stand, what they hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, cast, func, or_, select
from sqlalchemy.orm import joinedload

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, event_for
from competition.database import session
from competition.errors import NotFound
from competition.orm import fingerprint
from competition.panels.models import Judge
from competition.panels.queries import is_shadow, judge_of
from competition.rules.access import Actor, Permission
from competition.scoring.models import DealtWith, Mark, MarkOperation, Sheet, SheetState, Signature

SIGNED = "signed"
CONFIRMED = "confirmed"
REOPENED = "reopened"
VOIDED = "voided"

ON_PANEL = ~Sheet.seat_label.startswith("S")
"""The sheets of a panel, not those of shadows."""

CellKey = tuple[str, str]
"""An aspect and a kind: the name of a cell on a sheet."""


def sheets_of(event: Event, module: str | None = None) -> list[Sheet]:
    """The sheets of the panels of an event in the order of start, modules and seats; those of shadows are none of them."""
    query = (
        select(Sheet)
        .where(Sheet.event_id == event.id, ON_PANEL)
        .options(joinedload(Sheet.judge).joinedload(Judge.account))
        .order_by(Sheet.start_order, Sheet.module, Sheet.seat_label)
    )
    if module is not None:
        query = query.where(Sheet.module == module)
    return list(session.scalars(query))


def shadow_sheets_of(event: Event) -> list[Sheet]:
    """The sheets of shadow judges: marked, signed perhaps, and counted nowhere."""
    query = select(Sheet).where(Sheet.event_id == event.id, ~ON_PANEL).order_by(Sheet.start_order, Sheet.id)
    return list(session.scalars(query))


def sheets_for_judge(judge: Judge, event: Event) -> list[Sheet]:
    """The judge's own sheets in an event, by module, in the order of start."""
    query = (
        select(Sheet)
        .where(Sheet.event_id == event.id, Sheet.judge_id == judge.id)
        .order_by(Sheet.module, Sheet.start_order, Sheet.seat_label)
    )
    return list(session.scalars(query))


def events_for_judge(judge: Judge) -> list[Event]:
    """The events in which the judge has sheets, the latest first."""
    ids = select(Sheet.event_id).where(Sheet.judge_id == judge.id)
    return list(
        session.scalars(select(Event).where(Event.id.in_(ids)).order_by(Event.created_at.desc(), Event.id))
    )


def sheet_for(actor: Actor, event_id: UUID, sheet_id: UUID) -> Sheet:
    """The judge's own sheet; for anybody else NotFound, as if there were none."""
    sheet: Sheet | None = session.get(Sheet, (event_id, sheet_id))
    judge = judge_of(actor)
    if sheet is None or judge is None or sheet.judge_id != judge.id:
        raise NotFound()
    event_for(actor, event_id, Permission.SCORING_SHEET_MARK)
    return sheet


def sheet_to_confirm(actor: Actor, event_id: UUID, sheet_id: UUID) -> Sheet:
    """Any sheet of the event, for its chief judge; else NotFound."""
    event_for(actor, event_id, Permission.SCORING_SHEET_CONFIRM)
    sheet: Sheet | None = session.get(Sheet, (event_id, sheet_id))
    if sheet is None:
        raise NotFound()
    return sheet


def event_of(sheet: Sheet) -> Event:
    return event_by_id(sheet.event_id)


def siblings_of(sheet: Sheet) -> list[Sheet]:
    """The sheets of the same code in the same module that count, this one among them, in the order of seats.

    A shadow has no siblings: what the panel gives is not for its eyes.
    """
    if is_shadow(sheet.seat_label):
        return [sheet]
    found = session.scalars(
        select(Sheet).where(
            Sheet.event_id == sheet.event_id,
            Sheet.module == sheet.module,
            Sheet.code == sheet.code,
            Sheet.state != SheetState.VOID,
            ON_PANEL,
        )
    )
    return sorted(found, key=lambda each: int(each.seat_label[1:]))


def marks_by_sheet(event_id: UUID, sheets: Iterable[UUID] | None = None) -> dict[UUID, dict[CellKey, Mark]]:
    """The current marks of an event (or of some of its sheets) by sheet and cell."""
    query = select(Mark).where(Mark.event_id == event_id)
    if sheets is not None:
        query = query.where(Mark.sheet_id.in_(list(sheets)))
    found: dict[UUID, dict[CellKey, Mark]] = defaultdict(dict)
    for mark in session.scalars(query.order_by(Mark.aspect, Mark.kind)):
        found[mark.sheet_id][mark.aspect, mark.kind] = mark
    return found


SheetRow = Any
"""A row with a sheet's columns by their names, and nothing that hangs on it."""
MarkRow = Any
"""A row with a mark's columns by their names."""


def sheet_rows(event: Event) -> list[SheetRow]:
    """The sheets of the panels of an event as plain rows, in no order: results read all of them, and 100,000 objects take minutes."""
    query = select(
        *(Sheet.id, Sheet.draw_id, Sheet.module, Sheet.code, Sheet.seat_label, Sheet.state),
    ).where(Sheet.event_id == event.id, ON_PANEL)
    return list(session.execute(query))


def mark_rows(event: Event, sheets: Iterable[UUID] | None = None) -> dict[UUID, dict[CellKey, MarkRow]]:
    """The current marks of an event (or of some of its sheets) as plain rows, by sheet and cell."""
    query = (
        select(
            *(Mark.sheet_id, Mark.aspect, Mark.kind, Mark.value, Mark.state),
            *(Mark.round, Mark.version, Mark.op_id),
        )
        .where(Mark.event_id == event.id)
        .order_by(Mark.aspect, Mark.kind)
    )
    if sheets is not None:
        query = query.where(Mark.sheet_id.in_(list(sheets)))
    found: dict[UUID, dict[CellKey, MarkRow]] = defaultdict(dict)
    for mark in session.execute(query):
        found[mark.sheet_id][mark.aspect, mark.kind] = mark
    return found


def marks_of_sheet(sheet: Sheet) -> dict[CellKey, Mark]:
    """The current marks of a sheet by cell."""
    return marks_by_sheet(sheet.event_id, [sheet.id])[sheet.id]


def content_hash(sheet: Sheet | SheetRow, marks: Mapping[CellKey, Mark | MarkRow]) -> str:
    """What a signature stands for: every cell of the sheet with its value, state, round and version."""
    return hash_of_cells(sheet, cells_of(marks))


def cells_of(marks: Mapping[CellKey, Mark | MarkRow]) -> list[list[Any]]:
    """The cells of a sheet in order, each as a signature covers it."""
    return [
        [mark.aspect, mark.kind, mark.value, mark.state, mark.round, mark.version]
        for _, mark in sorted(marks.items())
    ]


def hash_of_cells(sheet: Sheet | SheetRow, cells: list[list[Any]]) -> str:
    """`content_hash` of a sheet whose cells are known already."""
    return fingerprint({"sheet": sheet.id, "module": sheet.module, "code": sheet.code, "cells": cells})


def hash_of_sheet(sheet: Sheet) -> str:
    """`content_hash` of a sheet as it stands."""
    return content_hash(sheet, marks_of_sheet(sheet))


def signatures_of(sheet: Sheet) -> list[Signature]:
    """Who stood for the sheet, oldest first."""
    return list(
        session.scalars(
            select(Signature)
            .where(Signature.event_id == sheet.event_id, Signature.sheet_id == sheet.id)
            .order_by(Signature.at, Signature.id)
        )
    )


def signer_of(sheet: Sheet) -> Signature | None:
    """The signature under which the sheet stands, if it was signed."""
    return next((one for one in reversed(signatures_of(sheet)) if one.act == SIGNED), None)


def operations_of_sheet(sheet: Sheet) -> list[MarkOperation]:
    """Everything that was sent for a sheet, in the order in which it came in."""
    return list(
        session.scalars(
            select(MarkOperation)
            .where(MarkOperation.event_id == sheet.event_id, MarkOperation.sheet_id == sheet.id)
            .order_by(MarkOperation.received_at, MarkOperation.device_id, MarkOperation.sequence)
        )
    )


def operations_by_id(event_id: UUID, ids: Iterable[UUID]) -> dict[UUID, MarkOperation]:
    rows = session.scalars(
        select(MarkOperation).where(MarkOperation.event_id == event_id, MarkOperation.op_id.in_(list(ids)))
    )
    return {operation.op_id: operation for operation in rows}


@dataclass(frozen=True, slots=True)
class Words:
    """What came with a mark beside its value: a reason, and the seats that agreed on what was measured."""

    reason: str
    agreed: tuple[str, ...]


def words_of(event_id: UUID, sheets: Iterable[UUID]) -> dict[UUID, Words]:
    """The words of the marks that stand on these sheets, by operation; marks without any are left out, and those are nearly all."""
    body = cast(MarkOperation.body, Text)
    rows = session.execute(
        select(MarkOperation.op_id, MarkOperation.body)
        .join(Mark, and_(Mark.event_id == MarkOperation.event_id, Mark.op_id == MarkOperation.op_id))
        .where(
            Mark.event_id == event_id,
            Mark.sheet_id.in_(list(sheets)),
            or_(body.not_like('%"reason":""%'), body.like('%"agreed":%')),
        )
    )
    return {
        op_id: Words(str(sent.get("reason") or ""), tuple(sent.get("agreed") or ())) for op_id, sent in rows
    }


def reasons_of(event_id: UUID, marks: Iterable[Mark]) -> dict[UUID, str]:
    """The reasons given with the operations that made these marks, by operation; "" where none was."""
    made = operations_by_id(event_id, {mark.op_id for mark in marks})
    return {op_id: str(operation.body.get("reason") or "") for op_id, operation in made.items()}


def operations_counted(event: Event) -> list[int]:
    """How many operations the event has received, and how many of those that do not count were dealt with: they only grow."""
    sent = select(func.count()).select_from(MarkOperation).where(MarkOperation.event_id == event.id)
    settled = select(func.count()).select_from(DealtWith).where(DealtWith.event_id == event.id)
    return [session.scalar(sent) or 0, session.scalar(settled) or 0]


def operations_received(event: Event, account_id: UUID) -> int:
    """How many operations of this account the server has in the event, whatever it answered, from all of its devices."""
    query = select(func.count()).where(MarkOperation.event_id == event.id, MarkOperation.by_id == account_id)
    return session.scalar(query) or 0
