"""Violations: noted by anybody on the floor, ruled by the chief judge, never counted before."""

from datetime import datetime

from competition import tokens
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.database import session
from competition.draws.queries import place_of_code
from competition.errors import RuleBroken, given_reason
from competition.floor import queries
from competition.floor.models import FloorEntry
from competition.floor.services.log import (
    GONE,
    On,
    Penalty,
    Ticket,
    open_floor,
    station_on,
    write,
)
from competition.registration.models import EntrantState
from competition.registration.services import disqualify_entrant, lift_disqualification
from competition.rules.access import Actor
from competition.rules.floor import (
    Kind,
    Ruling,
)
from competition.rules.sentences import sentence
from competition.scoring import services as scoring
from competition.scoring.models import Sheet


def note_violation(
    event: Event, on: On, *, proposed: Penalty, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """Write down a violation at a station and propose what it should cost. It costs nothing until the chief judge rules."""
    floor = open_floor(event)
    station_on(floor, on)
    _refuse_half(event, proposed)
    return write(floor, on, kind=Kind.VIOLATION, penalty=proposed, cause=cause, ticket=ticket, by=by, at=at)


def rule_violation(
    violation: FloorEntry, *, penalty: Penalty, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """The chief judge rules on a violation: a deduction, a disqualification, a warning, or nothing; with the reason.

    A deduction becomes an entry of its own on the lead's sheet, signed by the chief judge; a disqualification is one of the
    entry. A ruling may be replaced by another: what the earlier one did is then taken back, on record.
    """
    event = event_by_id(violation.event_id)
    floor = open_floor(event)
    if violation.kind != Kind.VIOLATION or not floor.is_standing(violation):
        raise RuleBroken(GONE)
    cause = given_reason(cause)
    _refuse_half(event, penalty)
    if ticket.id in floor.by_id:
        return floor.by_id[ticket.id]
    before = floor.answer_to(violation)
    if before is not None:
        _take_back(before, cause=cause, by=by, at=at)
    sheet = _apply(violation, penalty, cause=cause, ticket=ticket, by=by, at=at)
    return write(
        floor,
        On(violation.part, code=violation.code),
        kind=Kind.RULED,
        penalty=penalty,
        cause=cause,
        refers=violation,
        sheet=sheet,
        ticket=ticket,
        by=by,
        at=at,
    )


def _refuse_half(event: Event, penalty: Penalty) -> None:
    if penalty.ruling is not Ruling.DEDUCTION:
        return
    if penalty.aspect not in {one.aspect.id for one in queries.deductions_of(event)}:
        raise RuleBroken(sentence("Choose the deduction of the rules that applies."))
    if penalty.points is None or penalty.points <= 0:
        raise RuleBroken(sentence("Say how much is deducted; it is more than 0."))


def _apply(
    violation: FloorEntry, penalty: Penalty, *, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> Sheet | None:
    event = event_by_id(violation.event_id)
    if penalty.ruling is Ruling.DISQUALIFICATION:
        place = place_of_code(event, violation.code)
        if place is None:
            raise RuleBroken(sentence("This code is not in the draw that counts."))
        disqualify_entrant(place.entrant, reason=cause, by=by, at=at)
    if penalty.ruling is not Ruling.DEDUCTION:
        return None
    module = next(one.module for one in queries.deductions_of(event) if one.aspect.id == penalty.aspect)
    sheet = queries.lead_sheet(event, module, violation.code)
    if sheet is None:
        raise RuleBroken(
            sentence("There is no sheet yet on which this deduction could stand."),
            next_step=sentence("Start the marking, then rule; the violation waits here."),
        )
    assert penalty.points is not None, "checked above"
    scoring.rule_deduction(
        sheet, op_id=ticket.id, aspect=penalty.aspect, points=penalty.points, reason=cause, by=by, at=at
    )
    return sheet


def _take_back(ruled: FloorEntry, *, cause: str, by: Actor, at: datetime) -> None:
    event = event_by_id(ruled.event_id)
    if ruled.verdict == Ruling.DEDUCTION and ruled.sheet_id is not None:
        sheet = session.get(Sheet, (event.id, ruled.sheet_id))
        assert sheet is not None, "sheets are kept"
        scoring.strike_deduction(sheet, ruled=ruled.id, op_id=tokens.new_id(), reason=cause, by=by, at=at)
    if ruled.verdict == Ruling.DISQUALIFICATION:
        place = place_of_code(event, ruled.code)
        if place is not None and place.entrant.state == EntrantState.DISQUALIFIED:
            lift_disqualification(place.entrant, reason=cause, by=by, at=at)
