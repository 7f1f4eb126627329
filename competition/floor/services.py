"""Write the floor log: clocks, late arrivals, incidents, violations, exposed identities, who left and came back.

Source: docs/sources.md, domain §2.6.3, §2.6.8, §5.5, §5.6. The log only grows; what was wrong is withdrawn. The server's moment counts, whatever
a device's clock says. The event is locked while an entry is written, so of two people at once the second is told what the first did.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, rule_set_of, scope_of_event
from competition.database import session
from competition.draws.queries import place_of_code
from competition.errors import Conflict, RuleBroken
from competition.floor import facts, queries
from competition.floor.models import FloorEntry, FloorPlan
from competition.floor.queries import OPEN, RULE, Floor, Station, plain
from competition.panels.models import Judge
from competition.registration.models import EntrantState
from competition.registration.services import disqualify_entrant, lift_disqualification
from competition.registration.services.entries import lock_event
from competition.rules import floor as rules
from competition.rules.access import Actor
from competition.rules.floor import (
    BY_CHIEF,
    MOST_EXTRA,
    MOST_MINUTES,
    WANTS_CAUSE,
    ClockState,
    Entry,
    Incident,
    Kind,
    Ruling,
)
from competition.rules.sentences import Sentence, sentence
from competition.scoring import services as scoring
from competition.scoring.models import Sheet, SheetRemark
from competition.scoring.services import exposures

MOST_STATIONS = 1000
MOST_CAUSE = 500
BY_RULE = "rule"
"""The verdict of an admission that the rule set decided."""
NOTED, REASSIGNED = "noted", "reassigned"
"""What became of an exposed identity."""


@dataclass(frozen=True)
class Ticket:
    """The number under which a page sends an entry, so that sending twice makes one, and what the device's clock said."""

    id: UUID
    device_time: str = ""


@dataclass(frozen=True)
class On:
    """What an entry is about: one station of a part where a code is given, else a whole batch."""

    part: str
    batch: int | None = None
    code: str = ""


# --- the plan -----------------------------------------------------------------------------------------


def plan_part(event: Event, *, part: str, minutes: int, stations: int, by: Actor, at: datetime) -> FloorPlan:
    """Say how a part is worked: so many stations at once, so many minutes. The batches follow from the order of start.

    Raises RuleBroken without a draw, after the first clock of the part was started, or for numbers out of bounds.
    """
    lock_event(event)
    reasons = _closed(event)
    if not 1 <= minutes <= MOST_MINUTES:
        reasons.append(sentence("A batch works for 1 to %(most)s minutes.", most=MOST_MINUTES))
    if not 1 <= stations <= MOST_STATIONS:
        reasons.append(sentence("There are 1 to %(most)s stations.", most=MOST_STATIONS))
    if part not in {group.id for group in queries.parts_of(event)}:
        reasons.append(sentence("Choose a part of this event."))
    floor = queries.floor_of(event)
    if any(one.part == part and one.kind in rules.CLOCK_KINDS for one in floor.standing):
        reasons.append(
            sentence("A clock of this part was started. Withdraw what was written before you plan it anew.")
        )
    if reasons:
        raise RuleBroken(*reasons)
    made = FloorPlan(
        event_id=event.id,
        id=tokens.new_id(),
        number=max((plan.number for plan in floor.plans.values()), default=0) + 1,
        part=part,
        minutes=minutes,
        stations=stations,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(made)
    session.flush()
    fact = facts.FloorPlanned(
        event_id=event.id, subject_id=made.id, part=part, minutes=minutes, stations=stations
    )
    record(fact, by=by, at=at)
    return made


# --- clocks -------------------------------------------------------------------------------------------


def move_clock(
    event: Event, on: On, *, kind: Kind, ticket: Ticket, by: Actor, at: datetime, cause: str = ""
) -> FloorEntry:
    """Start, pause (with its cause), resume or stop the clock of a batch or a station.

    Raises RuleBroken when the clock cannot do that now: a stop before any start, a pause of what is paused.
    """
    assert kind in (Kind.START, Kind.PAUSE, Kind.RESUME, Kind.STOP), "these move a clock"
    floor = _open(event)
    return _write(floor, on, kind=kind, cause=cause, ticket=ticket, by=by, at=at)


def grant_extra(
    event: Event,
    on: On,
    *,
    minutes: int,
    cause: str,
    ticket: Ticket,
    by: Actor,
    at: datetime,
    incident: FloorEntry | None = None,
) -> FloorEntry:
    """Give a batch or a station extra minutes, with the cause; for the time that an incident cost, name the end of the incident."""
    floor = _open(event)
    if not 1 <= minutes <= MOST_EXTRA:
        raise RuleBroken(sentence("Give 1 to %(most)s extra minutes at once.", most=MOST_EXTRA))
    if incident is not None:
        _waits(floor, incident, Kind.OVER, ticket)
    return _write(
        floor, on, kind=Kind.EXTRA, minutes=minutes, cause=cause, refers=incident, ticket=ticket, by=by, at=at
    )


def move_station(
    event: Event, on: On, *, batch: int, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """Let a station work again from the beginning with another batch, which must not have been stopped; with the cause."""
    floor = _open(event)
    station = _station(floor, on)
    batches = floor.batches(on.part)
    if batch not in batches and batch != max(batches) + 1:
        raise RuleBroken(sentence("Choose a batch that there is, or the next one after the last."))
    if batch == station.batch:
        raise RuleBroken(sentence("The station works in this batch already."))
    if floor.batch_clock(on.part, batch, at).state is ClockState.STOPPED:
        raise RuleBroken(sentence("That batch has ended. Choose one that is still to come."))
    return _write(floor, on, kind=Kind.MOVED, batch=batch, cause=cause, ticket=ticket, by=by, at=at)


# --- late arrivals ------------------------------------------------------------------------------------


def note_late(event: Event, on: On, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a contestant comes only now. Within the cut-off of the rules they are let in at once; beyond it, and where
    the rules have none, the chief judge decides. Nobody is late before their batch was started, or after it was stopped."""
    floor = _open(event)
    station = _station(floor, on)
    clock = floor.batch_clock(on.part, station.batch, at)
    if clock.started_at is None:
        raise RuleBroken(sentence("Nobody is late yet: the batch has not been started."))
    if clock.state is ClockState.STOPPED:
        raise RuleBroken(sentence("The batch has ended, so nobody can be let in any more."))
    known = {one.code for one in floor.standing if one.kind is Kind.LATE and one.part == on.part}
    if on.code in known and ticket.id not in floor.by_id:
        raise RuleBroken(sentence("It is written down already that this contestant came late."))
    late = _write(
        floor,
        on,
        kind=Kind.LATE,
        minutes=rules.whole_minutes(clock.elapsed),
        cause=cause,
        ticket=ticket,
        by=by,
        at=at,
    )
    rule = rule_set_of(event).floor
    if rule.admits(clock.elapsed) and queries.floor_of(event).answer_to(late) is None:
        _write(
            queries.floor_of(event),
            on,
            kind=Kind.ADMITTED,
            minutes=rule.made_up(clock.elapsed),
            verdict=BY_RULE,
            refers=late,
            ticket=_after(late),
            by=by,
            at=at,
        )
    return late


def decide_late(
    late: FloorEntry, *, admitted: bool, minutes: int, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """The chief judge lets a late arrival in, with so many minutes given back (0: the time is lost), or does not; with the reason."""
    floor = _open(event_by_id(late.event_id))
    _waits(floor, late, Kind.LATE, ticket)
    if not cause.strip():
        raise RuleBroken(_CAUSE)
    if not 0 <= minutes <= MOST_EXTRA or (minutes and not admitted):
        raise RuleBroken(
            sentence("Give back 0 to %(most)s minutes, and only to who is let in.", most=MOST_EXTRA)
        )
    kind = Kind.ADMITTED if admitted else Kind.REFUSED
    on = On(late.part, code=late.code)
    return _write(
        floor, on, kind=kind, minutes=minutes, cause=cause, refers=late, ticket=ticket, by=by, at=at
    )


# --- incidents ----------------------------------------------------------------------------------------


def note_incident(
    event: Event, on: On, *, about: Incident, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """Write down that something happened at a station or to a whole batch: equipment, a medical case, the power."""
    floor = _open(event)
    return _write(
        floor, on, kind=Kind.INCIDENT, verdict=about.value, cause=cause, ticket=ticket, by=by, at=at
    )


def end_incident(incident: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that an incident is over. What it cost of the running clock is proposed as extra time to the chief judge."""
    floor = _open(event_by_id(incident.event_id))
    _waits(floor, incident, Kind.INCIDENT, ticket)
    home = incident.batch or floor.homes(incident.part).get(incident.code, 0)
    lost = rules.lost_minutes(
        floor.standing, plain(incident), home, minutes=floor.plan(incident.part).minutes, now=at
    )
    on = On(incident.part, incident.batch, incident.code)
    return _write(
        floor, on, kind=Kind.OVER, minutes=lost, cause=cause, refers=incident, ticket=ticket, by=by, at=at
    )


def decline_extra(over: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """The chief judge gives no extra time for an incident, with the reason."""
    floor = _open(event_by_id(over.event_id))
    _waits(floor, over, Kind.OVER, ticket)
    on = On(over.part, over.batch, over.code)
    return _write(floor, on, kind=Kind.DECLINED, cause=cause, refers=over, ticket=ticket, by=by, at=at)


# --- violations ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Penalty:
    """What a violation is proposed or ruled to cost; `aspect` and `points` (what the aspect records) belong to a deduction."""

    ruling: Ruling
    aspect: str = ""
    points: Decimal | None = None


def note_violation(
    event: Event, on: On, *, proposed: Penalty, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """Write down a violation at a station and propose what it should cost. It costs nothing until the chief judge rules."""
    floor = _open(event)
    _station(floor, on)
    _refuse_half(event, proposed)
    return _write(floor, on, kind=Kind.VIOLATION, penalty=proposed, cause=cause, ticket=ticket, by=by, at=at)


def rule_violation(
    violation: FloorEntry, *, penalty: Penalty, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """The chief judge rules on a violation: a deduction, a disqualification, a warning, or nothing; with the reason.

    A deduction becomes an entry of its own on the lead's sheet, signed by the chief judge; a disqualification is one of the
    entry. A ruling may be replaced by another: what the earlier one did is then taken back, on record.
    """
    event = event_by_id(violation.event_id)
    floor = _open(event)
    if violation.kind != Kind.VIOLATION or not floor.is_standing(violation):
        raise RuleBroken(_GONE)
    if not cause.strip():
        raise RuleBroken(_CAUSE)
    _refuse_half(event, penalty)
    if ticket.id in floor.by_id:
        return floor.by_id[ticket.id]
    before = floor.answer_to(violation)
    if before is not None:
        _take_back(before, cause=cause, by=by, at=at)
    sheet = _apply(violation, penalty, cause=cause, ticket=ticket, by=by, at=at)
    return _write(
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


# --- exposed identities, leaving the venue ------------------------------------------------------------


def note_exposure(event: Event, on: On, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a work, or a person, shows whose it is, though codes should hide it."""
    floor = _open(event)
    _station(floor, on)
    return _write(floor, on, kind=Kind.EXPOSED, cause=cause, ticket=ticket, by=by, at=at)


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
    floor = _open(event_by_id(exposed.event_id))
    _waits(floor, exposed, Kind.EXPOSED, ticket)
    if not cause.strip():
        raise RuleBroken(_CAUSE)
    if (sheet is None) != (judge is None):
        raise RuleBroken(sentence("To give a sheet to another judge, choose both the sheet and the judge."))
    if sheet is not None and judge is not None and ticket.id not in floor.by_id:
        if sheet.code != exposed.code:
            raise RuleBroken(sentence("Choose a sheet of this code."))
        scoring.reassign_sheet(sheet, judge, reason=cause, by=by, at=at)
    return _write(
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


def note_leaving(event: Event, on: On, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a contestant left the venue; their clock runs on unless it is paused."""
    floor = _open(event)
    _station(floor, on)
    outside = any(one.kind == Kind.LEFT and _is_on(one, on) for one in floor.open_cases())
    if outside and ticket.id not in floor.by_id:
        raise RuleBroken(sentence("This contestant is outside already."))
    return _write(floor, on, kind=Kind.LEFT, cause=cause, ticket=ticket, by=by, at=at)


def note_return(left: FloorEntry, *, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a contestant came back to the venue."""
    floor = _open(event_by_id(left.event_id))
    _waits(floor, left, Kind.LEFT, ticket)
    on = On(left.part, code=left.code)
    return _write(floor, on, kind=Kind.RETURNED, refers=left, ticket=ticket, by=by, at=at)


# --- withdrawing --------------------------------------------------------------------------------------


def withdraw_entry(entry: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Withdraw an entry: it stays on the log, and everything is as if it had never been. A decision is withdrawn by the chief judge.

    A late arrival goes with its admission by the rule. Raises RuleBroken while later entries build on it, and for a ruling
    that took something from the contestant: that one is ruled on anew.
    """
    event = event_by_id(entry.event_id)
    floor = _open(event)
    if ticket.id in floor.by_id:
        return floor.by_id[ticket.id]
    answer = floor.answer_to(entry)
    if entry.kind == Kind.LATE and answer is not None and answer.verdict == BY_RULE:
        _withdraw(floor, answer, cause=cause, ticket=_after(answer), by=by, at=at)
        floor = queries.floor_of(event)
    return _withdraw(floor, entry, cause=cause, ticket=ticket, by=by, at=at)


def _withdraw(
    floor: Floor, entry: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    plan = floor.plans.get(entry.part)
    homes, minutes = (floor.homes(entry.part), plan.minutes) if plan else ({}, 0)
    if problem := rules.withdrawal_problem(floor.entries, plain(entry), homes, minutes=minutes):
        raise RuleBroken(problem)
    is_decision = entry.kind in BY_CHIEF and entry.verdict != BY_RULE
    if is_decision and not by.may(RULE, scope_of_event(floor.event)):
        raise RuleBroken(sentence("This was decided by the chief judge, who alone can withdraw it."))
    if entry.kind == Kind.RULED and entry.verdict in (Ruling.DEDUCTION, Ruling.DISQUALIFICATION):
        raise RuleBroken(
            sentence("This ruling took something from the contestant, so it is not just withdrawn."),
            next_step=sentence("Rule on the violation anew; what the ruling did is then taken back."),
        )
    if entry.kind == Kind.HANDLED and entry.verdict == REASSIGNED:
        raise RuleBroken(sentence("The sheet has another judge by now, so this decision stays."))
    on = On(entry.part, entry.batch, entry.code)
    return _write(floor, on, kind=Kind.WITHDRAWN, cause=cause, refers=entry, ticket=ticket, by=by, at=at)


# --- what all of them share ---------------------------------------------------------------------------

_CAUSE = sentence("Say why; it is kept for good.")
_GONE = sentence("This entry does not wait for that any more: it was answered or withdrawn a moment ago.")


def _closed(event: Event) -> list[Sentence]:
    if event.state in OPEN:
        return []
    return [
        sentence(
            "The floor log is written from the draw until the marking is closed. Have the marking reopened to add to it."
        )
    ]


def _open(event: Event) -> Floor:
    """The floor as nobody else changes it until this transaction ends."""
    lock_event(event)
    if reasons := _closed(event):
        raise RuleBroken(*reasons)
    return queries.floor_of(event)


def _station(floor: Floor, on: On) -> Station:
    found = next((one for one in floor.stations(on.part) if one.code == on.code), None)
    if found is None:
        raise RuleBroken(sentence("This code is not in the draw that counts."))
    return found


def _is_on(row: FloorEntry, on: On) -> bool:
    return row.part == on.part and row.code == on.code


def _waits(floor: Floor, row: FloorEntry, kind: Kind, ticket: Ticket) -> None:
    """Refuse what was answered or withdrawn meanwhile; the same answer sent again is none of that."""
    if ticket.id in floor.by_id:
        return
    is_answered = floor.answer_to(row) is not None
    if row.kind != kind or not floor.is_standing(row) or is_answered:
        raise RuleBroken(_GONE)


def _after(row: FloorEntry) -> Ticket:
    """A ticket for what the house adds to an entry by itself."""
    return Ticket(tokens.new_id(), row.device_time)


def _write(
    floor: Floor,
    on: On,
    *,
    kind: Kind,
    ticket: Ticket,
    by: Actor,
    at: datetime,
    cause: str = "",
    minutes: int = 0,
    batch: int | None = None,
    verdict: str = "",
    penalty: Penalty | None = None,
    refers: FloorEntry | None = None,
    sheet: Sheet | None = None,
) -> FloorEntry:
    if known := floor.by_id.get(ticket.id):
        return _same(known, on, kind)
    cause = cause.strip()
    if not cause and kind in WANTS_CAUSE:
        raise RuleBroken(_CAUSE)
    number = max((row.number for row in floor.rows), default=0) + 1
    batch = batch if on.code else on.batch
    new = Entry(str(ticket.id), number, kind, at, on.part, batch, on.code, minutes)
    if refers is None and sheet is None:
        _refuse_nowhere(floor, on)
    if kind in rules.CLOCK_KINDS:
        plan = floor.plan(on.part)
        home = floor.homes(on.part).get(on.code, 0)
        if problem := rules.clock_problem(floor.standing, new, home, minutes=plan.minutes):
            raise RuleBroken(problem)
    made = FloorEntry(
        event_id=floor.event.id,
        id=ticket.id,
        number=number,
        kind=kind,
        part=on.part,
        batch=batch,
        code=on.code,
        at=at,
        device_time=ticket.device_time[:40],
        minutes=minutes,
        cause=cause[:MOST_CAUSE],
        verdict=penalty.ruling.value if penalty else verdict,
        aspect=penalty.aspect if penalty else "",
        points=penalty.points if penalty else None,
        sheet_id=sheet.id if sheet else None,
        refers_to=refers.id if refers else None,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(made)
    session.flush()
    said = f"#{refers.number}" if kind is Kind.WITHDRAWN and refers else made.cause
    fact = facts.FloorLogged(
        event_id=floor.event.id,
        subject_id=made.id,
        entry=kind.value,
        place=f"{on.part} · {on.code or f'#{on.batch}'}",
        minutes=minutes,
        cause=said,
    )
    record(fact, by=by, at=at)
    return made


def _same(known: FloorEntry, on: On, kind: Kind) -> FloorEntry:
    if (known.kind, known.part, known.code) != (kind, on.part, on.code):
        raise Conflict(
            sentence("Another entry was written under the number of this one."),
            next_step=sentence("Load the page again and write it once more."),
        )
    return known


def _refuse_nowhere(floor: Floor, on: On) -> None:
    """An entry is about a station or a batch that there is."""
    if on.part not in floor.plans:
        raise RuleBroken(
            sentence("This part of the event is not planned. Say first how many stations work how long.")
        )
    if on.code:
        _station(floor, on)
    elif on.batch not in _numbers(floor, on.part):
        raise RuleBroken(sentence("There is no such batch."))


def _numbers(floor: Floor, part: str) -> Collection[int]:
    return floor.batches(part).keys()


def _take_report(sheet: Sheet, remark: SheetRemark, by: Actor, at: datetime) -> None:
    """A judge reported from the tablet that a work shows whose it is."""
    event = event_by_id(sheet.event_id)
    floor = _open(event)
    _write(
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
