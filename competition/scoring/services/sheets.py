"""Make the sheets of an event, keep them in step with panels and presence, declare one void."""

from datetime import datetime

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.services import move_event
from competition.database import session
from competition.errors import RuleBroken, given_reason
from competition.panels.models import Judge
from competition.panels.queries import seat_number
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState, Move
from competition.rules.sentences import Sentence, sentence
from competition.scoring import facts, queries
from competition.scoring.models import Sheet, SheetState
from competition.scoring.queries.signing import reassigned_in
from competition.scoring.services.emergency_key import make_emergency_key


def name_of(sheet: Sheet) -> str:
    """How a sheet is called in the record: module, code and seat."""
    return f"{sheet.module} · {sheet.code} · {sheet.seat_label}"


def start_scoring(event: Event, *, by: Actor, at: datetime) -> list[Sheet]:
    """Open the marking: a sheet for every module, code and seat, each with the one judge who may mark it.

    Moves the event to scoring; refused with every reason while seats or judges are missing.
    """
    move_event(event, Move.START_SCORING, by=by, at=at)
    return bring_sheets_up_to_date(event, by=by, at=at)


def bring_sheets_up_to_date(event: Event, *, by: Actor, at: datetime) -> list[Sheet]:
    """Make the sheets that are missing and hand open sheets to the judge who holds the seat now.

    For entrants who came late and judges who were replaced; signed sheets stay with who signed them, and sheets that the chief judge
    gave to somebody stay there. Returns the new sheets.
    Raises RuleBroken while a seat has nobody for an entrant.
    """
    if event.state != EventState.SCORING:
        raise RuleBroken(sentence("Sheets are made while the marking is open."))
    known = {(sheet.module, sheet.code, sheet.seat_label): sheet for sheet in queries.sheets_of(event)}
    given = reassigned_in(event)
    made: list[Sheet] = []
    reasons: list[Sentence] = []
    for wanted in queries.wanted_sheets(event):
        sheet = known.get((wanted.module, wanted.place.code, wanted.label))
        if sheet is not None and sheet.id in given:
            continue
        judge = wanted.panel.for_entrant(wanted.place.entrant)[wanted.label]
        if isinstance(judge, Sentence):
            reasons.append(
                sentence(
                    "%(module)s, code %(code)s, seat %(label)s: no judge is free. Assign an alternate.",
                    module=wanted.module,
                    code=wanted.place.code,
                    label=wanted.label,
                )
            )
        elif sheet is None:
            made.append(_new_sheet(event, wanted.module, wanted.place.code, wanted, judge))
        elif sheet.state == SheetState.OPEN and sheet.judge_id != judge.id:
            _hand_over(sheet, judge, by=by, at=at)
    if reasons:
        raise RuleBroken(*dict.fromkeys(reasons))
    make_emergency_key(event, at=at)
    session.add_all([*made, *_shadows_to_come(event)])
    session.flush()
    if made:
        fact = facts.SheetsMade(event_id=event.id, subject_id=event.id, count=len(made))
        record(fact, by=by, at=at)
    return made


def _new_sheet(event: Event, module: str, code: str, wanted: queries.WantedSheet, judge: Judge) -> Sheet:
    return Sheet(
        event_id=event.id,
        id=tokens.new_id(),
        draw_id=wanted.place.draw_id,
        module=module,
        code=code,
        start_order=wanted.place.start_order,
        seat_label=wanted.label,
        lead=seat_number(wanted.label) == 1,
        judge_id=judge.id,
        state=SheetState.OPEN,
    )


def _shadows_to_come(event: Event) -> list[Sheet]:
    """Sheets of shadows that are missing. They belong to no reconciliation and keep nobody waiting."""
    known = {(sheet.module, sheet.code, sheet.seat_label) for sheet in queries.shadow_sheets_of(event)}
    return [
        Sheet(
            event_id=event.id,
            id=tokens.new_id(),
            draw_id=place.draw_id,
            module=module,
            code=place.code,
            start_order=place.start_order,
            seat_label=label,
            lead=False,
            judge_id=judge.id,
            state=SheetState.OPEN,
        )
        for module, place, label, judge in queries.wanted_shadows(event)
        if (module, place.code, label) not in known
    ]


def _hand_over(sheet: Sheet, judge: Judge, *, by: Actor, at: datetime) -> None:
    fact = facts.SheetHandedOver(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        before=sheet.judge.account.name,
        after=judge.account.name,
    )
    sheet.judge = judge
    record(fact, by=by, at=at)


def close_scoring(event: Event, *, by: Actor, at: datetime) -> None:
    """End the marking. Refused, with every reason, while sheets are unsigned or unconfirmed or marks are incomplete."""
    move_event(event, Move.CLOSE_SCORING, by=by, at=at)


def reopen_scoring(event: Event, *, reason: str, by: Actor, at: datetime) -> None:
    """Open the marking again to correct a sheet; what was published stays as it is until a new revision is."""
    move_event(event, Move.REOPEN_SCORING, by=by, at=at, reason=given_reason(reason))
