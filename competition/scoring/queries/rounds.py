"""Earlier rounds of judgements: the levels before the judges discussed them, out of the operations that were kept.

Source: docs/sources.md, domain §5.3.2 (both rounds are kept).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.rules.marking import MarkKind
from competition.rules.numbers import as_decimal
from competition.scoring.models import MarkOperation
from competition.scoring.queries.answers import APPLIED, value_of
from competition.scoring.queries.levels import BLANK
from competition.scoring.queries.sheets import CellKey, MarkRow, SheetRow

Discussed = Mapping[tuple[str, str], int]
"""The last round of every judgement that was discussed, by code and aspect."""


@dataclass(frozen=True, slots=True)
class EarlierLevel:
    """What stood in the cell of a level at the end of a round that does not count any more."""

    sheet_id: UUID
    aspect: str
    value: Decimal | None
    state: str
    round: int
    op_id: UUID
    kind: str = MarkKind.MARK.value


def discussed(
    sheets: Mapping[UUID, SheetRow], marks: Mapping[UUID, Mapping[CellKey, MarkRow]]
) -> dict[tuple[str, str], int]:
    """The judgements of these sheets that were discussed, with their last round."""
    found: dict[tuple[str, str], int] = {}
    for sheet_id, sheet in sheets.items():
        for mark in marks.get(sheet_id, {}).values():
            if mark.round > 1:
                key = sheet.code, mark.aspect
                found[key] = max(mark.round, found.get(key, 1))
    return found


def earlier_levels(event: Event, sheets: Mapping[UUID, SheetRow], last: Discussed) -> Iterator[EarlierLevel]:
    """The levels of every earlier round. Who changed nothing in a round had the same level in it as before."""
    codes = {code for code, _ in last}
    ids = [sheet_id for sheet_id, sheet in sheets.items() if sheet.code in codes]
    cells: dict[tuple[UUID, str], list[MarkOperation]] = defaultdict(list)
    rows = session.scalars(
        select(MarkOperation)
        .where(
            MarkOperation.event_id == event.id,
            MarkOperation.sheet_id.in_(ids),
            MarkOperation.answer == APPLIED,
        )
        .order_by(MarkOperation.version, MarkOperation.received_at)
    )
    for row in rows:
        if row.body["kind"] == MarkKind.MARK and (sheets[row.sheet_id].code, row.aspect) in last:
            cells[row.sheet_id, row.aspect].append(row)
    for (sheet_id, aspect), operations in cells.items():
        for number in range(1, last[sheets[sheet_id].code, aspect]):
            standing = [one for one in operations if one.body["round"] <= number]
            if standing and standing[-1].body["state"] != BLANK:
                yield _level(standing[-1], number)


def _level(operation: MarkOperation, number: int) -> EarlierLevel:
    text = operation.body["value"]
    value = None if text is None else as_decimal(value_of(text))
    return EarlierLevel(
        operation.sheet_id, operation.aspect, value, str(operation.body["state"]), number, operation.op_id
    )
