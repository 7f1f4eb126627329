"""A work or a person shows whose it is, though codes should hide it."""

from datetime import datetime

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.errors import RuleBroken, given_reason
from competition.floor.models import FloorEntry
from competition.floor.services.log import (
    On,
    Ticket,
    open_floor,
    refuse_answered,
    station_on,
    write,
)
from competition.panels.models import Judge
from competition.rules.access import Actor
from competition.rules.floor import (
    Kind,
)
from competition.rules.sentences import sentence
from competition.scoring import services as scoring
from competition.scoring.models import Sheet, SheetRemark
from competition.scoring.services import exposures

NOTED, REASSIGNED = "noted", "reassigned"
"""What became of an exposed identity."""


def note_exposure(event: Event, on: On, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a work, or a person, shows whose it is, though codes should hide it."""
    floor = open_floor(event)
    station_on(floor, on)
    return write(floor, on, kind=Kind.EXPOSED, cause=cause, ticket=ticket, by=by, at=at)


def handle_exposure(
    exposed: FloorEntry,
    *,
    sheet: Sheet | None,
    judge: Judge | None,
    cause: str,
    ticket: Ticket,
    by: Actor,
    at: datetime,
) -> FloorEntry:
    """The chief judge deals with an exposed identity: notes what was done, or gives an open sheet of the code to another judge."""
    floor = open_floor(event_by_id(exposed.event_id))
    refuse_answered(floor, exposed, Kind.EXPOSED, ticket)
    cause = given_reason(cause)
    if (sheet is None) != (judge is None):
        raise RuleBroken(sentence("To give a sheet to another judge, choose both the sheet and the judge."))
    if sheet is not None and judge is not None and ticket.id not in floor.by_id:
        if sheet.code != exposed.code:
            raise RuleBroken(sentence("Choose a sheet of this code."))
        scoring.reassign_sheet(sheet, judge, reason=cause, by=by, at=at)
    return write(
        floor,
        On(exposed.part, code=exposed.code),
        kind=Kind.HANDLED,
        verdict=REASSIGNED if sheet else NOTED,
        cause=cause,
        refers=exposed,
        sheet=sheet,
        ticket=ticket,
        by=by,
        at=at,
    )


def _take_report(sheet: Sheet, remark: SheetRemark, by: Actor, at: datetime) -> None:
    """A judge reported from the tablet that a work shows whose it is."""
    event = event_by_id(sheet.event_id)
    floor = open_floor(event)
    write(
        floor,
        On(sheet.module, code=sheet.code),
        kind=Kind.EXPOSED,
        cause=remark.text,
        sheet=sheet,
        ticket=Ticket(remark.id, remark.device_time),
        by=by,
        at=at,
    )


exposures.register(_take_report)
