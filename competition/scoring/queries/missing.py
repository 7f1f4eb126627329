"""The sheets behind a reconciliation, by name: which are missing and what they lack, which are void and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from competition.accounts.models import Account
from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.database import session
from competition.panels.models import Judge
from competition.panels.queries import seat_number
from competition.rules.marking import MarkKind
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Mark, Sheet, SheetState, Signature
from competition.scoring.queries.items import items_of
from competition.scoring.queries.levels import blanks_of, is_given
from competition.scoring.queries.progress import unmade_sheets
from competition.scoring.queries.recorded import Recorded
from competition.scoring.queries.sheets import ON_PANEL, VOIDED, CellKey, MarkRow
from competition.tablets.models import Device, DeviceKind

SheetName = tuple[str, str, str]
"""Module, code and seat: what a sheet is called wherever it is, made or not."""


class Lack(StrEnum):
    """What a missing sheet lacks."""

    SHEET = "sheet"
    BEGINNING = "beginning"
    ITEMS = "items"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class MissingSheet:
    """A sheet that is expected and was not received.

    `sheet_id` None was never made, so that it has no judge either. `last_seen_at` is when a tablet of the judge was last
    heard of in this event, None never. `judge` is for the readers who may know who sits where.
    """

    module: str
    code: str
    seat: str
    sheet_id: UUID | None
    judge: str | None
    lacks: Lack
    blanks: int
    last_seen_at: datetime | None

    @property
    def name(self) -> SheetName:
        return self.module, self.code, self.seat

    @property
    def sentence(self) -> Sentence:
        match self.lacks:
            case Lack.SHEET:
                return sentence("never made")
            case Lack.BEGINNING:
                return sentence("not begun")
            case Lack.ITEMS:
                return sentence("%(count)s items blank", count=self.blanks)
            case Lack.SIGNATURE:
                return sentence("not signed")


@dataclass(frozen=True)
class VoidSheet:
    """A sheet that was declared void: by whom, when and why."""

    module: str
    code: str
    seat: str
    sheet_id: UUID
    reason: str
    by_name: str
    at: datetime | None


def missing_names(event: Event, recorded: Recorded | None = None) -> list[SheetName]:
    """The names of the missing sheets in the order of modules, codes and seats: as many as the reconciliation counts."""
    recorded = recorded or Recorded(event)
    open_ones = [
        (sheet.module, sheet.code, sheet.seat_label)
        for sheet in recorded.sheets
        if sheet.state == SheetState.OPEN
    ]
    return sorted([*open_ones, *unmade_sheets(event, recorded)], key=_order(event))


def missing_sheets(event: Event, recorded: Recorded | None = None) -> list[MissingSheet]:
    """The missing sheets with what each lacks, in the order of `missing_names`; a handful of questions, however many they are."""
    names, open_ones, judges = missing_names(event, recorded), _open_sheets(event), _judges(event)
    marks, leads, rule_set = _marks(event), _leads(event), rule_set_of(event)
    items = cache(lambda module, label: items_of(rule_set, module, label))
    found = []
    for module, code, seat in names:
        sheet = open_ones.get((module, code, seat))
        if sheet is None:
            found.append(MissingSheet(module, code, seat, None, None, Lack.SHEET, 0, None))
            continue
        blanks = len(blanks_of(items(module, seat), sheet, leads.get((module, code), ()), marks))
        has_begun = any(is_given(mark) for mark in marks.get(sheet.id, {}).values())
        lacks = Lack.ITEMS if blanks and has_begun else Lack.BEGINNING if blanks else Lack.SIGNATURE
        judge, seen = judges[sheet.judge_id]
        found.append(MissingSheet(module, code, seat, sheet.id, judge, lacks, blanks, seen))
    return found


def void_sheets(event: Event, recorded: Recorded | None = None) -> list[VoidSheet]:
    """The void sheets that the reconciliation counts, with what was said when they were declared void."""
    recorded, said, order = recorded or Recorded(event), _voidings(event), _order(event)
    void = [sheet for sheet in recorded.sheets if sheet.state == SheetState.VOID]
    void.sort(key=lambda sheet: order((sheet.module, sheet.code, sheet.seat_label)))
    return [
        VoidSheet(
            sheet.module,
            sheet.code,
            sheet.seat_label,
            sheet.id,
            act.reason if (act := said.get(sheet.id)) else "",
            act.by_name if act else "",
            act.at if act else None,
        )
        for sheet in void
    ]


def _order(event: Event) -> Any:
    position = {module.id: number for number, module in enumerate(modules_of(rule_set_of(event)))}
    return lambda name: (position.get(name[0], len(position)), name[1], seat_number(name[2]))


def _open_sheets(event: Event) -> dict[SheetName, Any]:
    rows = session.execute(
        select(Sheet.id, Sheet.module, Sheet.code, Sheet.seat_label, Sheet.lead, Sheet.judge_id).where(
            Sheet.event_id == event.id, Sheet.state == SheetState.OPEN, ON_PANEL
        )
    )
    return {(row.module, row.code, row.seat_label): row for row in rows}


def _leads(event: Event) -> Mapping[tuple[str, str], Sequence[Any]]:
    """The sheet that may hold an agreed value, by module and code."""
    rows = session.execute(
        select(Sheet.id, Sheet.module, Sheet.code, Sheet.lead).where(
            Sheet.event_id == event.id, Sheet.lead.is_(True), Sheet.state != SheetState.VOID, ON_PANEL
        )
    )
    return {(row.module, row.code): (row,) for row in rows}


def _marks(event: Event) -> dict[UUID, dict[CellKey, MarkRow]]:
    """The marks on open sheets, and every agreed value, for it stands for the marks of the sheets beside it."""
    rows = session.execute(
        select(Mark.sheet_id, Mark.aspect, Mark.kind, Mark.state)
        .join(Sheet, and_(Sheet.event_id == Mark.event_id, Sheet.id == Mark.sheet_id))
        .where(
            Mark.event_id == event.id,
            or_(Sheet.state == SheetState.OPEN, Mark.kind == MarkKind.AGREED.value),
        )
    )
    found: dict[UUID, dict[CellKey, MarkRow]] = {}
    for row in rows:
        found.setdefault(row.sheet_id, {})[row.aspect, row.kind] = row
    return found


def _judges(event: Event) -> dict[UUID, tuple[str, datetime | None]]:
    """The judges of the event's sheets: the name, and when one of the judge's tablets was last heard of."""
    having = select(Sheet.judge_id).where(Sheet.event_id == event.id)
    rows = session.execute(
        select(Judge.id, Account.name, func.max(Device.last_seen_at))
        .join(Account, Account.id == Judge.account_id)
        .outerjoin(
            Device,
            and_(
                Device.account_id == Account.id,
                Device.event_id == event.id,
                Device.kind == DeviceKind.TABLET,
            ),
        )
        .where(Judge.id.in_(having))
        .group_by(Judge.id, Account.name)
    )
    return {judge: (name, seen) for judge, name, seen in rows}


def _voidings(event: Event) -> dict[UUID, Any]:
    """The latest declaration of every sheet that is void or was."""
    rows = session.execute(
        select(Signature.sheet_id, Signature.reason, Signature.by_name, Signature.at)
        .where(Signature.event_id == event.id, Signature.act == VOIDED)
        .order_by(Signature.at, Signature.id)
    )
    return {row.sheet_id: row for row in rows}
