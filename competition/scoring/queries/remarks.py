"""Notes and photos beside the marks of a sheet."""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from competition import vault
from competition.competitions.models import Event
from competition.database import session
from competition.errors import NotFound
from competition.scoring.models import RemarkKind, Sheet, SheetRemark

SEAL = "sheet_remark.content"
"""The place that is bound into every sealed photo."""


def remark_by_id(event_id: UUID, remark_id: UUID) -> SheetRemark | None:
    found: SheetRemark | None = session.get(SheetRemark, (event_id, remark_id))
    return found


def remarks_of(sheet: Sheet) -> list[SheetRemark]:
    """Everything noted and photographed for a sheet, oldest first."""
    return remarks_of_sheets([sheet])[sheet.id]


def remarks_of_sheets(sheets: Sequence[Sheet]) -> dict[UUID, list[SheetRemark]]:
    """The notes and photos of these sheets of one event, oldest first."""
    found: dict[UUID, list[SheetRemark]] = defaultdict(list)
    if not sheets:
        return found
    rows = session.scalars(
        select(SheetRemark)
        .where(
            SheetRemark.event_id == sheets[0].event_id,
            SheetRemark.sheet_id.in_([sheet.id for sheet in sheets]),
        )
        .order_by(SheetRemark.received_at, SheetRemark.id)
    )
    for remark in rows:
        found[remark.sheet_id].append(remark)
    return found


def remarks_counted(event: Event) -> dict[UUID, int]:
    """How many notes and photos there are, by sheet."""
    rows = session.execute(
        select(SheetRemark.sheet_id, func.count().label("remarks"))
        .where(SheetRemark.event_id == event.id)
        .group_by(SheetRemark.sheet_id)
    )
    return {row.sheet_id: row.remarks for row in rows}


def photo_of(sheet: Sheet, remark_id: UUID) -> bytes:
    """The picture of a photo beside this sheet. Raises NotFound for anything else."""
    remark = remark_by_id(sheet.event_id, remark_id)
    if (
        remark is None
        or remark.sheet_id != sheet.id
        or remark.kind != RemarkKind.PHOTO
        or remark.content is None
    ):
        raise NotFound()
    return b64decode(vault.unseal(remark.content, place=SEAL))
