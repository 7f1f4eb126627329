"""Who takes part in the marking of an event, and whose sheets count in its reconciliation."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.draws.models import Draw, DrawnPlace
from competition.draws.queries import current_draw, places_of
from competition.registration.models import Entrant, EntrantState
from competition.rules.contest import EntrantStatus
from competition.scoring.models import SheetState
from competition.scoring.queries.sheets import SheetRow

RECEIVED = (SheetState.SIGNED, SheetState.CONFIRMED)
KEEPS_RECORD = (EntrantStatus.WITHDRAWN, EntrantStatus.DISQUALIFIED)


def status_of(state: str, present: bool) -> EntrantStatus:
    """How an entrant stands in the contest, by the state of the entry and whether they came."""
    if state == EntrantState.DISQUALIFIED:
        return EntrantStatus.DISQUALIFIED
    if state != EntrantState.APPROVED:
        return EntrantStatus.WITHDRAWN
    return EntrantStatus.PRESENT if present else EntrantStatus.ABSENT


def takes_part(entrant: Entrant) -> bool:
    """Whether the entrant is marked: approved and there."""
    return status_of(entrant.state, entrant.present) is EntrantStatus.PRESENT


def places_marked(event: Event) -> list[DrawnPlace]:
    """The drawn places of those who take part, in the order of start."""
    draw = current_draw(event)
    return [place for place in places_of(draw) if takes_part(place.entrant)] if draw else []


@dataclass(frozen=True, slots=True)
class DrawnCode:
    """A code of the draw that counts: whose it is and how they stand."""

    code: str
    entrant_id: UUID
    status: EntrantStatus

    @property
    def is_marked(self) -> bool:
        return self.status is EntrantStatus.PRESENT


def codes_drawn(event: Event) -> list[DrawnCode]:
    """Everybody in the draw that counts, by code; thousands, so columns only."""
    rows = session.execute(
        select(DrawnPlace.code, DrawnPlace.entrant_id, Entrant.state, Entrant.present)
        .join(Draw, Draw.id == DrawnPlace.draw_id)
        .join(Entrant, Entrant.id == DrawnPlace.entrant_id)
        .where(DrawnPlace.event_id == event.id, Draw.superseded_at.is_(None))
        .order_by(DrawnPlace.code)
    )
    return [
        DrawnCode(code, entrant_id, status_of(state, present)) for code, entrant_id, state, present in rows
    ]


def codes_left_out(event: Event) -> set[str]:
    """The codes of those who were drawn and do not take part: absent, withdrawn or disqualified."""
    return {one.code for one in codes_drawn(event) if not one.is_marked}


def sheets_counted(drawn: Iterable[DrawnCode], sheets: Iterable[SheetRow]) -> list[SheetRow]:
    """The sheets that belong to the reconciliation: all of those who take part, and what was received of others.

    Whoever has withdrawn or was disqualified keeps what was signed; nothing more is expected of them. Of the absent
    there is nothing.
    """
    status = {one.code: one.status for one in drawn}
    return [
        sheet
        for sheet in sheets
        if (found := status.get(sheet.code, EntrantStatus.PRESENT)) is EntrantStatus.PRESENT
        or (found in KEEPS_RECORD and sheet.state in RECEIVED)
    ]
