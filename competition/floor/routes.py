"""Pages of the floor: what runs and what waits, one batch, one station, one entry; the big clock, and the log on paper."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, jsonify, request, send_file, url_for
from flask_babel import get_timezone

from competition import tokens
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, event_for, public_event, scope_of_event
from competition.errors import NotFound
from competition.floor import documents, presenters, queries, services
from competition.floor.forms import (
    BatchEntryForm,
    EntryForm,
    ExposureForm,
    ExtraForm,
    IncidentForm,
    LateForm,
    MoveForm,
    PlanForm,
    RulingForm,
    StationEntryForm,
    TimeForm,
    ViolationForm,
)
from competition.floor.models import FloorEntry
from competition.floor.queries import OPEN, RULE, WRITE, Floor, Station
from competition.floor.services import On
from competition.orm import fingerprint
from competition.panels.queries import judge_by_id
from competition.rules.access import Actor
from competition.rules.floor import Incident, Kind
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence
from competition.transactions import transaction
from competition.typesetting import pages, workbook
from competition.web.access import actor, public, requires
from competition.web.errors import constraint_says
from competition.web.forms import Form, reporting
from competition.web.language import say
from competition.web.paging import Page, page_number
from competition.web.templating import page, see_other, venue_second

blueprint = Blueprint("floor", __name__)

SIZE = 50
_STATES = {EventState.DRAWN, EventState.SCORING, EventState.SCORED, EventState.PUBLISHED}


def _matter(event: Event, person: Actor) -> Sentence | None:
    """What waits on the floor for the chief judge."""
    if event.state not in OPEN or not person.may(RULE, scope_of_event(event)):
        return None
    count = len([one for one in queries.floor_of(event).open_cases() if one.kind != Kind.LEFT])
    return sentence("Waiting for an answer: %(count)s", count=count) if count else None


event_links.offer(sentence("Floor"), "floor.show_floor", WRITE, _STATES, order=56, matter=_matter)
constraint_says(
    "uq_floor_entry_event_id_number",
    sentence("Somebody else wrote on the floor log at the same moment. Look at it and write yours again."),
)
constraint_says(
    "uq_floor_plan_event_id_number",
    sentence("Somebody else planned the floor at the same moment. Look at it before you go on."),
)


# --- the whole floor ----------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/floor")
@requires(WRITE)
def show_floor(event_id: UUID) -> Response:
    """Every batch with its clock, what waits, and the log."""
    return _floor_page(queries.floor_for(actor(), event_id))


@blueprint.post("/events/<uuid:event_id>/floor/plans")
@requires(WRITE)
def plan_part(event_id: UUID) -> Any:
    """Say how many stations of a part work how long."""
    event = event_for(actor(), event_id, WRITE)
    form = PlanForm(parts=presenters.part_choices(event))
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.plan_part(
                event,
                part=form.part.data or "",
                minutes=int(form.minutes.data or 0),
                stations=int(form.stations.data or 0),
                by=actor(),
                at=now(),
            )
            flash(say(sentence("The batches are made.")), "success")
            return see_other("floor.show_floor", event_id=event_id)
    return _floor_page(queries.floor_of(event), form)


def _floor_page(floor: Floor, form: Form | None = None) -> Response:
    moment = now()
    rows = [row for row in reversed(floor.rows) if _is_chosen(row)]
    number = min(page_number(), max(1, -(-len(rows) // SIZE)))
    shown = Page(rows[(number - 1) * SIZE : number * SIZE], number, SIZE, len(rows))
    return page(
        "floor/show.html",
        form=form,
        floor=floor,
        event=floor.event,
        parts=presenters.parts_shown(floor, moment),
        cases=presenters.lines_of(floor, floor.open_cases(), moment),
        lines=presenters.lines_of(floor, shown.rows, moment),
        shown=shown,
        chosen=request.args.get("kind", ""),
        groups=presenters.GROUPS,
        plan_form=form
        if isinstance(form, PlanForm)
        else PlanForm(formdata=None, parts=presenters.part_choices(floor.event)),
        **_common(floor, moment),
    )


def _is_chosen(row: FloorEntry) -> bool:
    chosen, code = request.args.get("kind", ""), request.args.get("code", "").strip().upper()
    group = presenters.GROUPS.get(chosen)
    return (group is None or row.kind in group[1]) and (not code or row.code == code)


def _common(floor: Floor, moment: datetime) -> dict[str, Any]:
    return {
        "is_open": floor.event.state in OPEN,
        "may_rule": actor().may(RULE, scope_of_event(floor.event)),
        "moment": moment,
        "event_parts": set(floor.plans),
        "new_ticket": tokens.new_id,
    }


# --- one batch ----------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/floor/<part>/<int:number>")
@requires(WRITE)
def show_batch(event_id: UUID, part: str, number: int) -> Response:
    """The stations of a batch and everything that may be written about it."""
    return _batch_page(queries.floor_for(actor(), event_id), part, number)


@blueprint.post("/events/<uuid:event_id>/floor/<part>/<int:number>/entries")
@requires(WRITE)
def write_batch_entry(event_id: UUID, part: str, number: int) -> Any:
    """Start, pause, resume or stop the clock of a batch."""
    floor, form = queries.floor_for(actor(), event_id), BatchEntryForm()
    _batch(floor, part, number)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.move_clock(
                floor.event,
                On(part, number),
                kind=Kind(form.kind.data),
                cause=form.why(),
                ticket=form.sent(),
                by=actor(),
                at=now(),
            )
            return _back(form, event_id, part, number=number)
    if form.back.data == "floor":
        return _floor_page(queries.floor_of(floor.event), form)
    return _batch_page(queries.floor_of(floor.event), part, number, form)


@blueprint.post("/events/<uuid:event_id>/floor/<part>/<int:number>/incidents")
@requires(WRITE)
def note_batch_incident(event_id: UUID, part: str, number: int) -> Any:
    """Something happened to a whole batch."""
    floor = queries.floor_for(actor(), event_id)
    return _write_at(floor, On(part, number), IncidentForm(), _note_incident)


@blueprint.post("/events/<uuid:event_id>/floor/<part>/<int:number>/extra-time")
@requires(RULE)
def grant_batch_extra(event_id: UUID, part: str, number: int) -> Any:
    """The chief judge gives a whole batch extra minutes."""
    floor = queries.floor_for(actor(), event_id, RULE)
    return _write_at(floor, On(part, number), ExtraForm(), _grant_extra)


def _batch(floor: Floor, part: str, number: int) -> tuple[Station, ...]:
    batches = floor.batches(part)
    if number not in batches:
        raise NotFound()
    return batches[number]


def _batch_page(floor: Floor, part: str, number: int, form: Form | None = None) -> Response:
    stations, moment = _batch(floor, part, number), now()
    own = [row for row in reversed(floor.rows) if (row.part, row.batch, row.code) == (part, number, "")]
    return page(
        "floor/batch.html",
        form=form,
        event=floor.event,
        part=part,
        title=presenters.titled(queries.part_of(floor.event, part)),
        batch=presenters.batch_shown(floor, part, number, len(stations), moment),
        stations=presenters.stations_shown(floor, part, stations, moment),
        lines=presenters.lines_of(floor, own, moment),
        incident_form=form if isinstance(form, IncidentForm) else IncidentForm(formdata=None),
        extra_form=form if isinstance(form, ExtraForm) else ExtraForm(formdata=None),
        **_common(floor, moment),
    )


# --- one station --------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/floor/<part>/stations/<code>")
@requires(WRITE)
def show_station(event_id: UUID, part: str, code: str) -> Response:
    """One station with its clock and everything that may be written about it."""
    return _station_page(queries.floor_for(actor(), event_id), part, code)


@blueprint.post("/events/<uuid:event_id>/floor/<part>/stations/<code>/entries")
@requires(WRITE)
def write_station_entry(event_id: UUID, part: str, code: str) -> Any:
    """The clock of one station; somebody comes late, leaves the venue, or shows who they are."""
    floor = queries.floor_for(actor(), event_id)
    return _write_at(floor, On(part, code=code), StationEntryForm(), _note_at_station)


def _note_at_station(event: Event, on: On, form: StationEntryForm) -> None:
    known: dict[str, Any] = {"cause": form.why(), "ticket": form.sent(), "by": actor(), "at": now()}
    kind = Kind(form.kind.data)
    notes: dict[Kind, Callable[..., FloorEntry]] = {
        Kind.LATE: services.note_late,
        Kind.EXPOSED: services.note_exposure,
        Kind.LEFT: services.note_leaving,
    }
    if kind in notes:
        notes[kind](event, on, **known)
    else:
        services.move_clock(event, on, kind=kind, **known)


@blueprint.post("/events/<uuid:event_id>/floor/<part>/stations/<code>/incidents")
@requires(WRITE)
def note_station_incident(event_id: UUID, part: str, code: str) -> Any:
    """Something happened at a station."""
    floor = queries.floor_for(actor(), event_id)
    return _write_at(floor, On(part, code=code), IncidentForm(), _note_incident)


@blueprint.post("/events/<uuid:event_id>/floor/<part>/stations/<code>/violations")
@requires(WRITE)
def note_violation(event_id: UUID, part: str, code: str) -> Any:
    """A violation, and what it should cost; the chief judge rules."""
    floor = queries.floor_for(actor(), event_id)
    form = ViolationForm(aspects=presenters.deduction_choices(floor.event))
    return _write_at(floor, On(part, code=code), form, _note_violation)


def _note_violation(event: Event, on: On, form: ViolationForm) -> None:
    services.note_violation(
        event,
        on,
        proposed=form.penalty(),
        cause=form.why(),
        ticket=form.sent(),
        by=actor(),
        at=now(),
    )
    flash(
        say(sentence("The violation is written down. It costs nothing until the chief judge rules.")),
        "success",
    )


@blueprint.post("/events/<uuid:event_id>/floor/<part>/stations/<code>/extra-time")
@requires(RULE)
def grant_station_extra(event_id: UUID, part: str, code: str) -> Any:
    """The chief judge gives a station extra minutes."""
    floor = queries.floor_for(actor(), event_id, RULE)
    return _write_at(floor, On(part, code=code), ExtraForm(), _grant_extra)


@blueprint.post("/events/<uuid:event_id>/floor/<part>/stations/<code>/batch")
@requires(RULE)
def move_station(event_id: UUID, part: str, code: str) -> Any:
    """The chief judge lets a station work again with another batch."""
    floor = queries.floor_for(actor(), event_id, RULE)
    return _write_at(floor, On(part, code=code), MoveForm(), _move_station)


def _move_station(event: Event, on: On, form: MoveForm) -> None:
    services.move_station(
        event,
        on,
        batch=int(form.batch.data or 0),
        cause=form.why(),
        ticket=form.sent(),
        by=actor(),
        at=now(),
    )


def _station_page(floor: Floor, part: str, code: str, form: Form | None = None) -> Response:
    station, moment = floor.station(part, code), now()
    aspects = presenters.deduction_choices(floor.event)
    waiting = [row for row in floor.open_cases() if (row.part, row.code) == (part, code)]
    return page(
        "floor/station.html",
        form=form,
        event=floor.event,
        part=part,
        title=presenters.titled(queries.part_of(floor.event, part)),
        shown=presenters.station_shown(floor, part, station, moment),
        moves=presenters.own_moves(floor, part, station, moment),
        cases=presenters.lines_of(floor, waiting, moment),
        outside=next((row for row in waiting if row.kind == Kind.LEFT), None),
        lines=presenters.lines_of(floor, reversed(floor.of_station(part, code)), moment),
        incident_form=form if isinstance(form, IncidentForm) else IncidentForm(formdata=None),
        violation_form=form
        if isinstance(form, ViolationForm)
        else ViolationForm(formdata=None, aspects=aspects),
        extra_form=form if isinstance(form, ExtraForm) else ExtraForm(formdata=None),
        move_form=form if isinstance(form, MoveForm) else MoveForm(formdata=None),
        **_common(floor, moment),
    )


def _note_incident(event: Event, on: On, form: IncidentForm) -> None:
    services.note_incident(
        event,
        on,
        about=Incident(form.about.data),
        cause=form.why(),
        ticket=form.sent(),
        by=actor(),
        at=now(),
    )


def _grant_extra(event: Event, on: On, form: ExtraForm) -> None:
    services.grant_extra(
        event,
        on,
        minutes=int(form.minutes.data or 0),
        cause=form.why(),
        ticket=form.sent(),
        by=actor(),
        at=now(),
    )


def _write_at(floor: Floor, on: On, form: EntryForm, write: Callable[[Event, On, Any], object]) -> Any:
    """Write about a station or a batch and show it again, with what was refused."""
    if on.code:
        floor.station(on.part, on.code)
    else:
        _batch(floor, on.part, on.batch or 0)
    if form.validate_on_submit():
        with reporting(form), transaction():
            write(floor.event, on, form)
            return _to_place(floor.event.id, on)
    floor = queries.floor_of(floor.event)
    return (
        _station_page(floor, on.part, on.code, form)
        if on.code
        else _batch_page(floor, on.part, on.batch or 0, form)
    )


def _back(form: EntryForm, event_id: UUID, part: str, *, number: int) -> Any:
    if form.back.data == "floor":
        return see_other("floor.show_floor", event_id=event_id)
    return see_other("floor.show_batch", event_id=event_id, part=part, number=number)


# --- one entry ----------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/floor/log/<uuid:entry_id>")
@requires(WRITE)
def show_entry(event_id: UUID, entry_id: UUID) -> Response:
    """An entry, what became of it, and what may be answered."""
    floor = queries.floor_for(actor(), event_id)
    return _entry_page(floor, queries.entry_of(floor, entry_id))


@blueprint.post("/events/<uuid:event_id>/floor/log/<uuid:entry_id>/end")
@requires(WRITE)
def end_entry(event_id: UUID, entry_id: UUID) -> Any:
    """An incident is over, or somebody came back."""
    floor, form = queries.floor_for(actor(), event_id), EntryForm()
    entry = queries.entry_of(floor, entry_id)
    if form.validate_on_submit():
        with reporting(form), transaction():
            if entry.kind == Kind.LEFT:
                services.note_return(entry, ticket=form.sent(), by=actor(), at=now())
            else:
                services.end_incident(entry, cause=form.why(), ticket=form.sent(), by=actor(), at=now())
            return _to_place(event_id, On(entry.part, entry.batch, entry.code))
    return _entry_page(queries.floor_of(floor.event), entry, form)


@blueprint.post("/events/<uuid:event_id>/floor/log/<uuid:entry_id>/decision")
@requires(RULE)
def decide_entry(event_id: UUID, entry_id: UUID) -> Any:
    """The chief judge decides: a late arrival, the time of an incident, a violation, an exposed identity."""
    floor = queries.floor_for(actor(), event_id, RULE)
    entry = queries.entry_of(floor, entry_id)
    form = _decision_form(floor, entry)
    if form is None:
        raise NotFound()
    if form.validate_on_submit():
        with reporting(form), transaction():
            _decide(entry, form)
            flash(say(sentence("The decision is written on the floor log.")), "success")
            return see_other("floor.show_entry", event_id=event_id, entry_id=entry_id)
    return _entry_page(queries.floor_of(floor.event), entry, form)


def _decision_form(floor: Floor, entry: FloorEntry, **options: Any) -> EntryForm | None:
    """The form with which the chief judge decides on such an entry; None where there is nothing to decide."""
    event = floor.event
    match entry.kind:
        case Kind.LATE:
            return LateForm(**options)
        case Kind.OVER:
            return TimeForm(**{**options, **({"data": {"minutes": entry.minutes}} if options else {})})
        case Kind.VIOLATION:
            return RulingForm(aspects=presenters.deduction_choices(event), **options)
        case Kind.EXPOSED:
            return ExposureForm(
                sheets=presenters.sheet_choices(event, entry.code),
                judges=presenters.judge_choices(event),
                **options,
            )
    return None


def _decide(entry: FloorEntry, form: EntryForm) -> None:
    known: dict[str, Any] = {"cause": form.why(), "ticket": form.sent(), "by": actor(), "at": now()}
    if isinstance(form, LateForm):
        minutes = int(form.minutes.data or 0)
        services.decide_late(entry, admitted=form.answer.data == "yes", minutes=minutes, **known)
    elif isinstance(form, TimeForm) and form.answer.data == "no":
        services.decline_extra(entry, **known)
    elif isinstance(form, TimeForm):
        on = On(entry.part, entry.batch, entry.code)
        minutes = int(form.minutes.data or entry.minutes)
        services.grant_extra(event_by_id(entry.event_id), on, minutes=minutes, incident=entry, **known)
    elif isinstance(form, RulingForm):
        services.rule_violation(entry, penalty=form.penalty(), **known)
    elif isinstance(form, ExposureForm):
        sheet, judge = form.sheet.data or "", form.judge.data or ""
        services.handle_exposure(
            entry,
            sheet=queries.sheet_of(entry.event_id, sheet) if sheet else None,
            judge=judge_by_id(UUID(judge)) if judge else None,
            **known,
        )


@blueprint.post("/events/<uuid:event_id>/floor/log/<uuid:entry_id>/withdrawal")
@requires(WRITE)
def withdraw_entry(event_id: UUID, entry_id: UUID) -> Any:
    """Withdraw an entry: it stays on the log and does not count."""
    floor, form = queries.floor_for(actor(), event_id), EntryForm()
    entry = queries.entry_of(floor, entry_id)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.withdraw_entry(entry, cause=form.why(), ticket=form.sent(), by=actor(), at=now())
            flash(say(sentence("The entry is withdrawn; it stays on the log.")), "success")
            return see_other("floor.show_floor", event_id=event_id)
    return _entry_page(queries.floor_of(floor.event), entry, form)


def _to_place(event_id: UUID, on: On) -> Any:
    if on.code:
        return see_other("floor.show_station", event_id=event_id, part=on.part, code=on.code)
    return see_other("floor.show_batch", event_id=event_id, part=on.part, number=on.batch)


def _entry_page(floor: Floor, entry: FloorEntry, form: Form | None = None) -> Response:
    moment = now()
    (line,) = presenters.lines_of(floor, [entry], moment)
    answers = [row for row in floor.rows if row.refers_to == entry.id]
    waits = floor.is_standing(entry) and (floor.answer_to(entry) is None or entry.kind == Kind.VIOLATION)
    common = _common(floor, moment)
    decides = waits and common["may_rule"] and common["is_open"]
    shown = form if form is not None and type(form) is not EntryForm else None
    return page(
        "floor/entry.html",
        form=form,
        event=floor.event,
        line=line,
        answers=presenters.lines_of(floor, answers, moment),
        is_standing=floor.is_standing(entry),
        may_end=waits and entry.kind in (Kind.INCIDENT, Kind.LEFT),
        decision_form=(shown or _decision_form(floor, entry, formdata=None)) if decides else None,
        proposal=presenters.penalty_words(floor.event, entry) if entry.kind == Kind.VIOLATION else None,
        **common,
    )


# --- paper --------------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/floor/log.<any(pdf, xlsx):file_format>")
@requires(WRITE)
def export_log(event_id: UUID, file_format: str) -> Response:
    """The whole log to print and sign, or as a workbook."""
    floor = queries.floor_for(actor(), event_id)
    event, base = floor.event, current_app.config["SETTINGS"].base_url
    printed = documents.log_document(
        floor, made=now(), address=f"{base}{url_for('floor.show_floor', event_id=event_id)}"
    )
    content = (
        pages.pdf(printed) if file_format == "pdf" else workbook.xlsx(printed, say(sentence("Floor log")))
    )
    return send_file(
        io.BytesIO(content),
        mimetype=pages.MIME_TYPE if file_format == "pdf" else workbook.MIME_TYPE,
        as_attachment=file_format == "xlsx",
        download_name=f"floor-{event.competition.code}-{event.code}.{file_format}",
    )


# --- the big clock ------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/floor/<part>/<int:number>/clock")
@public
def show_clock(event_id: UUID, part: str, number: int) -> Response:
    """The big clock of a batch, for a projector or a tablet in the hall. It knows stations only: no codes and no names."""
    floor, moment = queries.floor_of(public_event(event_id)), now()
    stations = _batch(floor, part, number)
    return page(
        "floor/clock.html",
        event=floor.event,
        title=presenters.titled(queries.part_of(floor.event, part)),
        batch=presenters.batch_shown(floor, part, number, len(stations), moment),
        own=[one for one in presenters.stations_shown(floor, part, stations, moment) if one.is_own],
        moment=moment,
    )


@blueprint.get("/events/<uuid:event_id>/floor/clocks.json")
@public
def read_clocks(event_id: UUID) -> Response:
    """Every clock of the event at the server's moment, for pages that let them run on."""
    floor, moment = queries.floor_of(public_event(event_id)), now()
    clocks = presenters.clocks_json(floor, moment)
    answer = jsonify(
        server_time=moment.isoformat(),
        at=venue_second(moment, get_timezone())[-8:],
        log=len(floor.rows),
        basis=fingerprint([[row.id for row in floor.rows], [plan.id for plan in floor.plans.values()]])[:16],
        clocks=clocks,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
