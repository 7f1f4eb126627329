"""Pages of paper: the desk of an event, sheets to print, what clerks type, third looks, what the chief judge decides."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, request, url_for
from werkzeug.wrappers import Response as Redirect

from competition import clock
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, event_for, rule_set_of, scope_of_event
from competition.errors import NotFound
from competition.paper import documents, presenters, queries, services
from competition.paper.forms import DifferencesForm, FindForm, PhotoForm, PrintForm, SheetForm
from competition.paper.models import PaperEntry
from competition.paper.queries import CONFIRM, ENTER, PRINT, Stage, Standing
from competition.paper.readings import CONTESTANT
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet, SheetState
from competition.scoring.queries.paper import paper_refusal, tablet_marks
from competition.scoring.queries.signing import needs_contestant
from competition.transactions import transaction
from competition.typesetting import pages
from competition.web.access import actor, requires
from competition.web.errors import constraint_says
from competition.web.forms import EmptyForm, Form, ReasonForm, reporting
from competition.web.language import say
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other

blueprint = Blueprint("paper", __name__)

SIZE = 50

menu_entry(sentence("Paper sheets"), "paper.list_events", ENTER, 14)
event_links.offer(
    sentence("Paper sheets"),
    "paper.show_desk",
    PRINT,
    {EventState.SCORING, EventState.SCORED},
    step=Step.SCORING,
    order=42,
)
for _name in ("place", "person"):
    constraint_says(
        f"uq_paper_entry_{_name}",
        sentence(
            "Somebody typed this sheet at the same moment. Look at it again; what you typed is still here."
        ),
    )


# --- finding one's work -----------------------------------------------------------------------------


@blueprint.get("/paper")
@requires(ENTER)
def list_events() -> Response:
    """The events whose paper I type, with what waits in each."""
    person = actor()
    found = []
    for event in queries.events_on_paper(person):
        standings = queries.all_standings(event)
        found.append((event, queries.waiting_for(standings, person), scoring.reconciliation(event)))
    return page("paper/events.html", events=found)


@blueprint.get("/paper/<uuid:print_id>")
@requires(PRINT)
def open_printed(print_id: UUID) -> Redirect:
    """The code on a printed sheet opens the sheet."""
    printed = queries.print_by_id(print_id)
    if printed is None:
        raise NotFound(
            sentence("No sheet was printed with this code."),
            next_step=sentence("Type the blind code that stands on the paper."),
        )
    queries.sheet_on_paper(actor(), printed.event_id, printed.sheet_id)
    return see_other("paper.show_sheet", event_id=printed.event_id, sheet_id=printed.sheet_id)


@blueprint.get("/events/<uuid:event_id>/paper")
@requires(PRINT)
def show_desk(event_id: UUID) -> Response | Redirect:
    """Type or scan a code; how far every seat is; what is expected, received, void and missing."""
    event, find = event_for(actor(), event_id, PRINT), FindForm(request.args)
    text = (find.code.data or "").strip()
    if not text:
        return _desk_page(event, find)
    if "/paper/" in text:
        return _scanned(event, find, text)
    found = queries.sheets_called(event, text)
    if len(found) == 1:
        return see_other("paper.show_sheet", event_id=event_id, sheet_id=found[0].id)
    return _desk_page(event, find, found=found, unknown=not found)


def _scanned(event: Event, find: FindForm, text: str) -> Response | Redirect:
    """A scanner that types: the address of the code came into the field."""
    try:
        printed = queries.print_by_id(UUID(text.rpartition("/paper/")[2].strip("/")[:36]))
    except ValueError:
        printed = None
    if printed is None:
        return _desk_page(event, find, unknown=True)
    return see_other("paper.open_printed", print_id=printed.id)


def _desk_page(
    event: Event,
    find: FindForm,
    *,
    found: list[Sheet] | None = None,
    unknown: bool = False,
    form: PrintForm | None = None,
) -> Response:
    person, standings = actor(), queries.all_standings(event)
    chosen = _chosen(standings)
    number = min(page_number(), max(1, -(-len(chosen) // SIZE)))
    shown = Page(chosen[(number - 1) * SIZE : number * SIZE], number, SIZE, len(chosen))
    waiting = queries.waiting_for(standings, person)
    elsewhere = queries.elsewhere(person, event, find.code.data or "") if unknown else []
    scope = scope_of_event(event)
    return page(
        "paper/desk.html",
        form=form,
        find=find,
        event=event,
        found=presenters.rows_of(event, queries.standings_of(found)) if found else [],
        unknown=unknown,
        elsewhere=elsewhere,
        done=_just_typed(standings),
        seconds=presenters.rows_of(event, waiting[Stage.HALF]),
        thirds=presenters.rows_of(event, waiting[Stage.DIFFERENT]),
        held_up=presenters.rows_of(event, [one for one in standings if one.stage is Stage.HELD_UP]),
        piles=presenters.pile_rows(event, standings),
        rows=presenters.rows_of(event, shown.rows),
        shown=shown,
        stages=[
            (stage, presenters.STAGES[stage][0], sum(one.stage is stage for one in standings))
            for stage in Stage
        ],
        chosen=request.args.get("stage", ""),
        reconciliation=scoring.reconciliation(event),
        missing=scoring.missing_sheets(event),
        void=scoring.void_sheets(event),
        titles=presenters.titles_of(event),
        print_form=form or _print_form(event, standings, blank=True),
        printable=sum(one.sheet.state == SheetState.OPEN for one in standings),
        may_enter=person.may(ENTER, scope),
        may_settle=person.may(ENTER, scope) or person.may(CONFIRM, scope),
        may_confirm=person.may(CONFIRM, scope),
    )


def _chosen(standings: list[Standing]) -> list[Standing]:
    stage, module, seat = (request.args.get(name, "") for name in ("stage", "module", "seat"))
    return [
        one
        for one in standings
        if (not stage or one.stage == stage)
        and (not module or one.sheet.module == module)
        and (not seat or one.sheet.seat_label == seat)
    ]


def _just_typed(standings: list[Standing]) -> Standing | None:
    """The sheet this person typed a moment ago: its draft can go, and the entry may be withdrawn."""
    typed = request.args.get("typed", "")
    return next(
        (
            one
            for one in standings
            if str(one.sheet.id) == typed
            and (one.stage is Stage.COUNTED or any(each.by_id == actor().account_id for each in one.entries))
        ),
        None,
    )


# --- printing ---------------------------------------------------------------------------------------


@blueprint.post("/events/<uuid:event_id>/paper/prints")
@requires(PRINT)
def print_sheets(event_id: UUID) -> Response:
    """Sheets as a file to print: all that are open, or those of a module, a seat or a code."""
    event = event_for(actor(), event_id, PRINT)
    standings = queries.all_standings(event)
    form = _print_form(event, standings)
    if form.validate_on_submit():
        code = (form.code.data or "").strip().upper()
        sheets = [
            one.sheet
            for one in standings
            if one.sheet.state == SheetState.OPEN
            and (form.module.data or "") in ("", one.sheet.module)
            and (form.seat.data or "") in ("", one.sheet.seat_label)
            and code in ("", one.sheet.code.upper())
        ]
        papers: list[presenters.Paper] = []
        with reporting(form), transaction():
            prints = services.print_sheets(
                event, sheets, with_marks=form.with_marks.data, by=actor(), at=clock.now()
            )
            papers = presenters.papers_of(event, prints, {sheet.id: sheet for sheet in sheets})
        if papers:  # drawn when nobody waits for the database any more
            return _drawn(papers, f"sheets-{event.competition.code}-{event.code}.pdf")
    return _desk_page(event, FindForm(None), form=form)


def _print_form(event: Event, standings: list[Standing], *, blank: bool = False) -> PrintForm:
    seats = sorted({one.sheet.seat_label for one in standings}, key=lambda seat: int(seat[1:]))
    titles = presenters.titles_of(event)
    return PrintForm(modules=titles, seats=seats, **({"formdata": None} if blank else {}))


def _drawn(papers: list[presenters.Paper], name: str) -> Response:
    base = str(current_app.config["SETTINGS"].base_url).rstrip("/")
    printed = documents.sheets_on_paper(
        papers,
        made=clock.now(),
        address=lambda one: f"{base}{url_for('paper.open_printed', print_id=one)}",
    )
    answer = Response(pages.many_pdf(printed), mimetype=pages.MIME_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- one sheet --------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>")
@requires(PRINT)
def show_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """How far a sheet is; the form for who may type it, blind unless the person asks to confirm instead."""
    return _sheet_page(queries.sheet_on_paper(actor(), event_id, sheet_id))


@blueprint.post("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>")
@requires(ENTER)
def type_sheet(event_id: UUID, sheet_id: UUID) -> Response | Redirect:
    """What somebody read from the paper."""
    sheet, form = queries.sheet_to_type(actor(), event_id, sheet_id), SheetForm()
    standing = queries.standing_of(sheet)
    confirms = _confirmed_entry(standing, form)
    first = presenters.form_lines(sheet, first=standing.readings[0]) if confirms else None
    if form.validate_on_submit():
        reading, sent = form.reading(
            presenters.lines_on(sheet), first, asks_contestant=needs_contestant(sheet)
        )
        if reading is not None:
            with reporting(form), transaction():
                services.take_reading(sheet, reading, confirms=confirms, by=actor(), at=clock.now())
                flash(*_said(queries.standing_of(sheet)))
                return see_other("paper.show_desk", event_id=event_id, typed=sheet.id)
    else:
        sent = form.sent()
    return _sheet_page(sheet, form, sent)


def _confirmed_entry(standing: Standing, form: SheetForm) -> PaperEntry | None:
    """The first entry that the person had on screen; one that is not there any more stands for itself."""
    if not form.confirms.data:
        return None
    found = [entry for entry in standing.entries if str(entry.id) == form.confirms.data]
    if not found:
        raise queries.withdrawn_meanwhile()
    return found[0]


def _said(standing: Standing) -> tuple[str, str]:
    """What became of a sheet that was typed, and what is next."""
    code = standing.sheet.code
    match standing.stage:
        case Stage.HALF:
            words = sentence("%(code)s is typed. Now another person types it.", code=code)
            return say(words), "success"
        case Stage.COUNTED:
            return say(sentence("%(code)s: both read the same. The sheet is counted.", code=code)), "success"
        case Stage.DIFFERENT:
            words = sentence("%(code)s: the two entries differ. A third person looks at it.", code=code)
            return say(words), "warning"
        case _:
            words = sentence("%(code)s: both read the same, and something holds the sheet up.", code=code)
            return say(words), "warning"


@blueprint.post("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>/withdrawal")
@requires(ENTER)
def withdraw_entry(event_id: UUID, sheet_id: UUID) -> Response | Redirect:
    """Take the own first entry back."""
    sheet = queries.sheet_to_type(actor(), event_id, sheet_id)
    return _settle(
        sheet,
        EmptyForm(),
        services.withdraw_entry,
        sentence("Your entry is withdrawn; the sheet can be typed again."),
    )


@blueprint.post("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>/counting")
@requires(PRINT)
def count_sheet(event_id: UUID, sheet_id: UUID) -> Response | Redirect:
    """Count a sheet once nothing holds it up any more."""
    sheet = queries.sheet_to_settle(actor(), event_id, sheet_id)
    return _settle(sheet, EmptyForm(), services.count_sheet, sentence("The sheet is counted."))


@blueprint.post("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>/preference")
@requires(CONFIRM)
def prefer_paper(event_id: UUID, sheet_id: UUID) -> Response | Redirect:
    """The chief judge: the paper counts."""
    event_for(actor(), event_id, CONFIRM)
    sheet, form = queries.sheet_on_paper(actor(), event_id, sheet_id), ReasonForm()
    decide = partial(services.prefer_paper, reason=form.reason.data or "")
    return _settle(sheet, form, decide, sentence("The paper counts."))


@blueprint.post("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>/setting-aside")
@requires(CONFIRM)
def set_aside(event_id: UUID, sheet_id: UUID) -> Response | Redirect:
    """The chief judge: what was typed does not count."""
    event_for(actor(), event_id, CONFIRM)
    sheet, form = queries.sheet_on_paper(actor(), event_id, sheet_id), ReasonForm()
    decide = partial(services.set_aside, reason=form.reason.data or "")
    return _settle(sheet, form, decide, sentence("What was typed is set aside."))


def _settle(sheet: Sheet, form: Form, act: Callable[..., object], said: Sentence) -> Response | Redirect:
    """Do what was sent about a sheet, say so and show it; where it cannot be done, show the sheet with the reason."""
    if form.validate_on_submit():
        with reporting(form), transaction():
            act(sheet, by=actor(), at=clock.now())
            flash(say(said), "success")
            return see_other("paper.show_sheet", event_id=sheet.event_id, sheet_id=sheet.id)
    return _sheet_page(sheet, form)


def _sheet_page(sheet: Sheet, form: Form | None = None, sent: presenters.Sent | None = None) -> Response:
    person, event = actor(), event_by_id(sheet.event_id)
    standing, scope = queries.standing_of(sheet), scope_of_event(event)
    refusal = queries.typing_refusal(standing, person)
    closed = paper_refusal(sheet)
    may_type = (
        person.may(ENTER, scope) and refusal is None and (closed is None or bool(sent or standing.entries))
    )
    sheet_form = form if isinstance(form, SheetForm) else SheetForm(formdata=None)
    confirming = _confirming(standing, sheet_form)
    first = standing.readings[0] if may_type and confirming else None
    return page(
        "paper/sheet.html",
        form=form,
        sheet_form=sheet_form,
        photo_form=form if isinstance(form, PhotoForm) else PhotoForm(formdata=None),
        event=event,
        sheet=sheet,
        module=presenters.title_of(event, sheet.module),
        standing=standing,
        label=presenters.STAGES[standing.stage],
        may_enter=person.may(ENTER, scope),
        may_settle=person.may(ENTER, scope) or person.may(CONFIRM, scope),
        may_confirm=person.may(CONFIRM, scope),
        may_type=may_type
        and (closed is None or standing.stage in (Stage.HALF, Stage.HELD_UP) or sent is not None),
        may_decide=queries.deciding_refusal(standing, person) is None,
        refusal=refusal,
        closed=closed,
        confirming=first is not None,
        lines=presenters.form_lines(sheet, sent, first) if may_type else [],
        asks_contestant=needs_contestant(sheet),
        tablet_marks=len(tablet_marks(sheet)) if sheet.state == SheetState.OPEN else 0,
        own=next((one for one in standing.entries if one.by_id == person.account_id), None),
        held_up_by=queries.held_up_by(standing) if standing.stage is Stage.HELD_UP else (),
        against=presenters.against_tablet(standing)
        if standing.stage is Stage.HELD_UP and person.may(CONFIRM, scope)
        else [],
        photos=queries.photos_of(sheet),
        ended=presenters.ended_of(sheet),
        reconciliation=scoring.reconciliation(event),
    )


def _confirming(standing: Standing, form: SheetForm) -> bool:
    """Whether the person compares with the first entry; otherwise it is not even read for the page."""
    wanted = request.args.get("way") == "confirm" if request.method == "GET" else bool(form.confirms.data)
    return wanted and len(standing.entries) == 1


# --- the third look ---------------------------------------------------------------------------------


@blueprint.route("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>/third-look", methods=["GET", "POST"])
@requires(PRINT)
def decide_differences(event_id: UUID, sheet_id: UUID) -> Response | Redirect:
    """Both values and the photo, and a choice with a reason for every difference."""
    sheet, form = queries.sheet_to_settle(actor(), event_id, sheet_id), DifferencesForm()
    standing = queries.standing_of(sheet)
    refusal = queries.deciding_refusal(standing, actor())
    if refusal is not None:
        flash(say(refusal), "warning")
        return see_other("paper.show_sheet", event_id=event_id, sheet_id=sheet_id)
    differences, errors = presenters.differences_of(standing), {}
    if form.validate_on_submit():
        errors = _decide(sheet, standing, form, differences)
        if not errors and not form.form_errors:
            flash(*_decided(queries.standing_of(sheet)))
            return see_other("paper.show_desk", event_id=event_id)
    event = event_by_id(event_id)
    return page(
        "paper/third_look.html",
        form=form,
        event=event,
        sheet=sheet,
        module=presenters.title_of(event, sheet.module),
        standing=standing,
        differences=differences,
        errors=errors,
        photos=queries.photos_of(sheet),
        reconciliation=scoring.reconciliation(event),
    )


def _decide(
    sheet: Sheet, standing: Standing, form: DifferencesForm, differences: list[presenters.Difference]
) -> dict[int, Sentence]:
    items = scoring.items_of(rule_set_of(event_by_id(sheet.event_id)), sheet.module, sheet.seat_label)
    first, second = standing.readings[:2]
    marks, why, errors = form.chosen(differences, items, (first, second))
    if errors:
        form.refuse(sentence("Every difference needs a decision and its reason."))
        return errors
    asked = next((one for one in differences if one.is_contestant), None)
    marks.pop(CONTESTANT, None)
    reading = second if asked and form.way(asked.index) == "second" else first
    with reporting(form), transaction():
        services.decide_differences(
            sheet,
            choices=marks,
            reasons=why,
            contestant_refused=reading.contestant_refused,
            by=actor(),
            at=clock.now(),
        )
    return {}


def _decided(standing: Standing) -> tuple[str, str]:
    if standing.stage is Stage.COUNTED:
        return say(sentence("%(code)s is decided and counted.", code=standing.sheet.code)), "success"
    return say(
        sentence("%(code)s is decided, and something holds it up.", code=standing.sheet.code)
    ), "warning"


# --- photos -----------------------------------------------------------------------------------------


@blueprint.post("/events/<uuid:event_id>/paper/sheets/<uuid:sheet_id>/photos")
@requires(ENTER)
def attach_photo(event_id: UUID, sheet_id: UUID) -> Response | Redirect:
    """A photo of the paper."""
    sheet, form = queries.sheet_to_type(actor(), event_id, sheet_id), PhotoForm()
    if form.validate_on_submit():
        with reporting(form, "photo"), transaction():
            services.attach_photo(sheet, form.photo.data.read(), by=actor(), at=clock.now())
            flash(say(sentence("The photo is attached.")), "success")
            return see_other("paper.show_sheet", event_id=event_id, sheet_id=sheet_id)
    return _sheet_page(sheet, form)


@blueprint.get("/events/<uuid:event_id>/paper/photos/<uuid:picture_id>")
@requires(PRINT)
def show_photo(event_id: UUID, picture_id: UUID) -> Response:
    """A photo of the paper, as it was drawn anew."""
    content = queries.picture_for(actor(), event_id, picture_id)
    media_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    answer = make_response(content, 200, {"Content-Type": media_type})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
