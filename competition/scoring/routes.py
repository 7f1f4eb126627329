"""Pages of scoring: the judge's sheets, and the chief judge's view of all of them."""

import io
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from flask import Blueprint, flash, make_response, request, send_file, url_for
from werkzeug.wrappers import Response

from competition import clock
from competition.accounts.reauthentication import knows_password
from competition.competitions import event_links
from competition.competitions.blockers import blockers_of
from competition.competitions.event_links import Step
from competition.competitions.models import Event
from competition.competitions.queries import (
    event_by_id,
    event_for,
    proposal_by_id,
    rule_set_of,
    scope_of_event,
)
from competition.errors import NotFound
from competition.panels.queries import judge_of
from competition.rules.access import Actor, Permission
from competition.rules.lifecycle import EventState, Move
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries, services
from competition.scoring.emergency import operations_in, text_of
from competition.scoring.forms import (
    ContestantForm,
    EmergencyForm,
    JudgeSignForm,
    ProposeMissingForm,
    SignForm,
)
from competition.scoring.models import MissingAcceptance, Sheet, SheetState
from competition.scoring.practice import practice_desk
from competition.scoring.presenters import labels, lacking, missing, pages
from competition.scoring.presenters.screen_texts import EVERY_TEXT
from competition.scoring.presenters.texts import TEXTS
from competition.scoring.proofs import has_pin, proof_of
from competition.scoring.queries.recorded import Recorded
from competition.transactions import transaction
from competition.typesetting import workbook
from competition.web.access import actor, requires
from competition.web.errors import constraint_says
from competition.web.forms import AcceptForm, EmptyForm, Form, ReasonForm, reporting
from competition.web.headers import WITH_CAMERA
from competition.web.language import say
from competition.web.paging import page_number
from competition.web.templating import menu_entry, page, see_other

blueprint = Blueprint("scoring", __name__)


class EventService(Protocol):
    """A service that changes the marking of a whole event."""

    def __call__(self, event: Event, /, *, by: Actor, at: datetime) -> object: ...


class Decision(Protocol):
    """What the chief judge decides about one sheet, with the reason."""

    def __call__(self, sheet: Sheet, /, *, reason: str, by: Actor, at: datetime) -> object: ...


MARK = Permission.SCORING_SHEET_MARK
CONFIRM = Permission.SCORING_SHEET_CONFIRM
READ = Permission.RESULTS_REVISION_READ
PREPARE = Permission.RESULTS_REVISION_PREPARE
APPROVE = Permission.RESULTS_PUBLICATION_APPROVE

menu_entry(sentence("Judging"), "scoring.list_own_events", MARK, 13)
event_links.offer(
    sentence("Scoring"),
    "scoring.show_progress",
    READ,
    {EventState.DRAWN, EventState.SCORING, EventState.SCORED, EventState.PUBLISHED},
    step=Step.SCORING,
    order=40,
)
event_links.offer(
    sentence("Missing sheets"),
    "scoring.list_missing",
    READ,
    set(services.WHILE_MISSING),
    order=41,
    applies=lambda event: queries.acceptance_of(event) is not None,
    matter=queries.waits_for_acceptance,
)
event_links.offer(
    sentence("Entries set aside"),
    "scoring.list_set_aside",
    CONFIRM,
    {EventState.SCORING, EventState.SCORED},
    order=43,
    applies=lambda event: bool(queries.set_aside(event)),
    matter=queries.waits_aside,
)
constraint_says(
    "uq_missing_acceptance_event_id",
    sentence("Somebody else decided about the missing sheets a moment ago. Look at the list again."),
)


# --- the judge ------------------------------------------------------------------------------------


@blueprint.get("/judging")
@requires(MARK)
def list_own_events() -> Response:
    """My events and modules, with what to do next first."""
    judge = judge_of(actor())
    return page("scoring/judging.html", events=pages.judging_of(judge) if judge else [])


@blueprint.get("/judging/<uuid:event_id>/<module>")
@requires(MARK)
def list_own_sheets(event_id: UUID, module: str) -> Response:
    """My sheets of one module, by code."""
    event, sheets = _own_sheets(event_id, module)
    return page(
        "scoring/sheets.html",
        event=event,
        module=queries.module_of(rule_set_of(event), module).title,
        rows=queries.progress_of(event, sheets),
        labels=labels.STATE_LABELS,
    )


@blueprint.get("/judging/<uuid:event_id>/desk")
@requires(MARK)
def show_desk(event_id: UUID) -> Response:
    """The tablet's page for all sheets of an event. It holds no data at all, so that a browser may keep it."""
    event_for(actor(), event_id, MARK)
    return page("scoring/desk.html", event_id=event_id, texts=TEXTS)


@blueprint.get("/judging/<uuid:event_id>/sheets/<uuid:sheet_id>")
@requires(MARK)
def show_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """The desk, opened at one sheet."""
    sheet = queries.sheet_for(actor(), event_id, sheet_id)
    event, _sheets = _own_sheets(event_id, sheet.module)
    return page(
        "scoring/sheet.html",
        event_id=event_id,
        texts=TEXTS,
        sheet=sheet,
        module=queries.module_of(rule_set_of(event), sheet.module).title,
        cells=pages.cells_of(event, sheet),
    )


@blueprint.route("/judging/<uuid:event_id>/sheets/<uuid:sheet_id>/signature", methods=["GET", "POST"])
@requires(MARK)
def sign_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """Check the sheet, then sign it by PIN, by drawing or by name and password."""
    sheet = queries.sheet_for(actor(), event_id, sheet_id)
    form = JudgeSignForm()
    if form.validate_on_submit() and (proof := proof_of(form, sheet)) is not None:
        with reporting(form), transaction():
            services.sign_sheet(
                sheet, content_hash=form.content_hash.data, proof=proof, by=actor(), at=clock.now()
            )
            flash(say(sentence("The sheet %(code)s is signed.", code=sheet.code)), "success")
            return see_other("scoring.list_own_sheets", event_id=event_id, module=sheet.module)
    return _sign_page(sheet, form)


@blueprint.post("/judging/<uuid:event_id>/sheets/<uuid:sheet_id>/contestant")
@requires(MARK)
def sign_as_contestant(event_id: UUID, sheet_id: UUID) -> Response:
    """The contestant signs a process sheet on the judge's tablet, or the judge notes why not."""
    sheet, form = queries.sheet_for(actor(), event_id, sheet_id), ContestantForm()
    if form.validate_on_submit():
        seen, reason = form.content_hash.data, form.reason.data or ""
        with reporting(form), transaction():
            if reason.strip():
                services.note_contestant_refused(
                    sheet, reason=reason, content_hash=seen, by=actor(), at=clock.now()
                )
            else:
                services.sign_as_contestant(
                    sheet, drawing=form.drawing.data or "", content_hash=seen, by=actor(), at=clock.now()
                )
            return see_other("scoring.sign_sheet", event_id=event_id, sheet_id=sheet_id)
    return _sign_page(sheet, form)


@blueprint.post("/judging/<uuid:event_id>/sheets/<uuid:sheet_id>/reopening")
@requires(MARK)
def ask_reopening(event_id: UUID, sheet_id: UUID) -> Response:
    """Ask the chief judge to open a signed sheet again, with the reason."""
    sheet, form = queries.sheet_for(actor(), event_id, sheet_id), ReasonForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.ask_reopening(sheet, reason=form.reason.data or "", by=actor(), at=clock.now())
            flash(say(sentence("The chief judge sees your request.")), "success")
            return see_other("scoring.sign_sheet", event_id=event_id, sheet_id=sheet_id)
    return _sign_page(sheet, form)


@blueprint.get("/judging/<uuid:event_id>/sheets/<uuid:sheet_id>/photos/<uuid:photo_id>")
@requires(MARK)
def show_own_photo(event_id: UUID, sheet_id: UUID, photo_id: UUID) -> Response:
    """A photo the judge took beside a mark."""
    return _picture(queries.photo_of(queries.sheet_for(actor(), event_id, sheet_id), photo_id))


@blueprint.get("/judging/practice")
@requires(MARK)
def practise() -> Response:
    """A sheet to practise on; nothing of it reaches the server."""
    return page("scoring/practice.html", texts=EVERY_TEXT, data=practice_desk())


def _sign_page(sheet: Sheet, form: Form) -> Response:
    read = _sheet_to_read(sheet)
    return page(
        "scoring/sign.html",
        form=form,
        sign_form=form if isinstance(form, JudgeSignForm) else JudgeSignForm(formdata=None),
        history=pages.history_of(sheet),
        acts=labels.ACT_LABELS,
        has_pin=has_pin(sheet),
        asked=queries.reopening_asked(sheet),
        before=pages.changes_since_signed(sheet),
        needs_contestant=queries.needs_contestant(sheet),
        contestant=queries.contestant_stands(sheet, read["content_hash"]),
        remarks=pages.remarks_of(sheet),
        **read,
    )


def _picture(content: bytes) -> Response:
    media_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    answer = make_response(content, 200, {"Content-Type": media_type})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _own_sheets(event_id: UUID, module: str) -> tuple[Event, list[Sheet]]:
    event, judge = event_for(actor(), event_id, MARK), judge_of(actor())
    sheets = [one for one in queries.sheets_for_judge(judge, event) if one.module == module] if judge else []
    if not sheets:
        raise NotFound()
    return event, sheets


def _sheet_to_read(sheet: Sheet) -> dict[str, Any]:
    event = queries.event_of(sheet)
    (progress,) = queries.progress_of(event, [sheet])
    return {
        "event": event,
        "sheet": sheet,
        "module": queries.module_of(rule_set_of(event), sheet.module).title,
        "cells": pages.cells_of(event, sheet),
        "progress": progress,
        "content_hash": queries.hash_of_sheet(sheet),
        "labels": labels.STATE_LABELS,
    }


# --- the chief judge and the organiser --------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/scoring")
@requires(READ)
def show_progress(event_id: UUID) -> Response:
    """Every sheet and its state, module by module; what is missing; what was refused. The page asks again by itself."""
    event = event_for(actor(), event_id, READ)
    tag = pages.progress_tag(event, actor(), request.cookies.get("theme", ""))
    if tag in request.if_none_match:
        return make_response("", 304, {"ETag": f'"{tag}"'})
    answer = _progress_page(event)
    answer.set_etag(tag)
    return answer


@blueprint.post("/events/<uuid:event_id>/scoring")
@requires(PREPARE)
def start_scoring(event_id: UUID) -> Response:
    """Open the marking."""
    return _change(event_id, services.start_scoring, sentence("The marking is open."))


@blueprint.post("/events/<uuid:event_id>/scoring/sheets")
@requires(PREPARE)
def make_sheets(event_id: UUID) -> Response:
    """Make what is missing, hand over what changed hands."""
    return _change(event_id, services.bring_sheets_up_to_date, sentence("The sheets are up to date."))


@blueprint.post("/events/<uuid:event_id>/scoring/closing")
@requires(PREPARE)
def close_scoring(event_id: UUID) -> Response:
    """End the marking."""
    return _change(event_id, services.close_scoring, sentence("The marking is closed."))


@blueprint.route("/events/<uuid:event_id>/scoring/reopening", methods=["GET", "POST"])
@requires(PREPARE)
def reopen_scoring(event_id: UUID) -> Response:
    """Open the marking again, with a reason."""
    event, form = event_for(actor(), event_id, PREPARE), ReasonForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.reopen_scoring(event, reason=form.reason.data or "", by=actor(), at=clock.now())
            return see_other("scoring.show_progress", event_id=event_id)
    return page("scoring/reopen.html", form=form, event=event)


@blueprint.get("/events/<uuid:event_id>/scoring/operations")
@requires(CONFIRM)
def list_set_aside(event_id: UUID) -> Response:
    """What devices sent and what does not count: conflicts and refusals."""
    event = event_for(actor(), event_id, CONFIRM)
    return page(
        "scoring/set_aside.html",
        event=event,
        rows=pages.set_aside_of(event),
        answers=labels.ANSWER_LABELS,
    )


@blueprint.post("/events/<uuid:event_id>/scoring/operations/<uuid:op_id>")
@requires(CONFIRM)
def deal_with_operation(event_id: UUID, op_id: UUID) -> Response:
    """Note what became of an entry that does not count."""
    operation, form = queries.operation_set_aside(actor(), event_id, op_id), ReasonForm()
    if form.validate_on_submit():
        with transaction():
            services.deal_with(
                event_by_id(event_id), operation, reason=form.reason.data or "", by=actor(), at=clock.now()
            )
            flash(say(sentence("Noted.")), "success")
    return see_other("scoring.list_set_aside", event_id=event_id)


@blueprint.get("/events/<uuid:event_id>/scoring/lacking")
@requires(PREPARE)
def list_lacking(event_id: UUID) -> Response:
    """What tablets were told is recorded and is not here, after an older state of the database was put back."""
    event = event_for(actor(), event_id, PREPARE)
    return page("scoring/lacking.html", event=event, **lacking.view_of(event, actor(), number=page_number()))


@blueprint.get("/events/<uuid:event_id>/scoring/lacking.xlsx")
@requires(PREPARE)
def export_lacking(event_id: UUID) -> Response:
    """The same list as a workbook: codes and seats, no names."""
    event = event_for(actor(), event_id, PREPARE)
    content = workbook.xlsx(lacking.document_of(event, made=clock.now()), say(sentence("Marks to ask for")))
    return send_file(
        io.BytesIO(content),
        mimetype=workbook.MIME_TYPE,
        as_attachment=True,
        download_name=f"lacking-{event.competition.code}-{event.code}.xlsx",
    )


@blueprint.get("/events/<uuid:event_id>/scoring/missing")
@requires(READ)
def list_missing(event_id: UUID) -> Response:
    """The missing and the void sheets by name, and what two people decided about them."""
    return _missing_page(event_for(actor(), event_id, READ))


@blueprint.post("/events/<uuid:event_id>/scoring/missing")
@requires(PREPARE)
def propose_missing(event_id: UUID) -> Response:
    """The first person asks to go ahead without the missing sheets, with the own password."""
    event, form = event_for(actor(), event_id, PREPARE), ProposeMissingForm()
    if form.validate_on_submit() and knows_password(form, actor().account_id):
        with reporting(form), transaction():
            services.propose_missing(
                event, reason=form.reason.data or "", seen=form.seen.data, by=actor(), at=clock.now()
            )
            flash(say(sentence("Proposed. A second person must accept it.")), "success")
            return see_other("scoring.list_missing", event_id=event_id)
    return _missing_page(event, propose=form)


@blueprint.post("/events/<uuid:event_id>/scoring/missing/acceptance")
@requires(APPROVE)
def accept_missing(event_id: UUID) -> Response:
    """The second person accepts, with the own password: the result may go ahead."""
    event, form = event_for(actor(), event_id, APPROVE), AcceptForm()
    if form.validate_on_submit() and knows_password(form, actor().account_id):
        with reporting(form), transaction():
            proposal = proposal_by_id(MissingAcceptance, event_id, UUID(form.proposal.data))
            services.accept_missing(proposal, event, by=actor(), at=clock.now())
            flash(say(sentence("Accepted. The result can go ahead without these sheets.")), "success")
            return see_other("scoring.list_missing", event_id=event_id)
    return _missing_page(event, accept=form)


@blueprint.post("/events/<uuid:event_id>/scoring/missing/withdrawal")
@requires(PREPARE)
def withdraw_missing(event_id: UUID) -> Response:
    """Take back what stands: the missing sheets block again."""
    event, form = event_for(actor(), event_id, PREPARE), EmptyForm()
    standing = queries.acceptance_of(event)
    if form.validate_on_submit() and standing is not None:
        with transaction():
            services.withdraw_missing(standing, event, by=actor(), at=clock.now())
            flash(say(sentence("Withdrawn. Missing sheets stand in the way again.")), "success")
    return see_other("scoring.list_missing", event_id=event_id)


@blueprint.route("/events/<uuid:event_id>/scoring/emergency", methods=["GET", "POST"])
@requires(PREPARE)
def import_emergency_file(event_id: UUID) -> Response:
    """Bring in what a tablet could not send: look at it first, then import it."""
    event, form = event_for(actor(), event_id, PREPARE), EmergencyForm()
    preview = None
    if form.validate_on_submit():
        with reporting(form, "reason" if form.confirmed.data else None), transaction():
            form.text.data = text_of(form)
            file = queries.emergency_file(event, form.text.data)
            operations = operations_in(file)
            preview = pages.emergency_preview(event, file, operations)
            if form.confirmed.data:
                found = services.import_emergency_file(
                    event,
                    file,
                    operations=operations,
                    reason=form.reason.data or "",
                    by=actor(),
                    at=clock.now(),
                )
                flash(say(pages.imported(found)), "success")
                return see_other("scoring.show_progress", event_id=event_id)
    looked_at = preview is not None and not form.confirmed.data
    answer = page(
        "scoring/emergency.html", form=form, event=event, preview=preview, status=200 if looked_at else None
    )
    answer.headers.update(WITH_CAMERA)
    return answer


@blueprint.route("/events/<uuid:event_id>/scoring/sheets/<uuid:sheet_id>", methods=["GET", "POST"])
@requires(CONFIRM)
def review_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """A sheet with its marks and its history; POST confirms it."""
    sheet = queries.sheet_to_confirm(actor(), event_id, sheet_id)
    form = SignForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.confirm_sheet(sheet, content_hash=form.content_hash.data, by=actor(), at=clock.now())
            flash(say(sentence("The sheet is confirmed.")), "success")
            return see_other("scoring.review_sheet", event_id=event_id, sheet_id=sheet_id)
    return _review_page(sheet, form)


@blueprint.post("/events/<uuid:event_id>/scoring/sheets/<uuid:sheet_id>/reopening")
@requires(CONFIRM)
def reopen_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """Give a signed sheet back to its judge."""
    return _decide(event_id, sheet_id, services.reopen_sheet, sentence("The sheet is open again."))


@blueprint.post("/events/<uuid:event_id>/scoring/sheets/<uuid:sheet_id>/declining")
@requires(CONFIRM)
def decline_reopening(event_id: UUID, sheet_id: UUID) -> Response:
    """Leave a sheet signed although its judge asked for a reopening."""
    return _decide(
        event_id, sheet_id, services.decline_reopening, sentence("The sheet stays as it is signed.")
    )


@blueprint.get("/events/<uuid:event_id>/scoring/sheets/<uuid:sheet_id>/photos/<uuid:photo_id>")
@requires(CONFIRM)
def show_photo(event_id: UUID, sheet_id: UUID, photo_id: UUID) -> Response:
    """A photo beside a mark, for the chief judge."""
    return _picture(queries.photo_of(queries.sheet_to_confirm(actor(), event_id, sheet_id), photo_id))


@blueprint.post("/events/<uuid:event_id>/scoring/sheets/<uuid:sheet_id>/voiding")
@requires(CONFIRM)
def void_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """Declare that a sheet does not count."""
    return _decide(event_id, sheet_id, services.void_sheet, sentence("The sheet is void."))


def _decide(event_id: UUID, sheet_id: UUID, decision: Decision, done: Sentence) -> Response:
    """Carry out a decision about a sheet; its refusals are shown on the page of the sheet."""
    sheet, form = queries.sheet_to_confirm(actor(), event_id, sheet_id), ReasonForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            decision(sheet, reason=form.reason.data or "", by=actor(), at=clock.now())
            flash(say(done), "success")
            return see_other("scoring.review_sheet", event_id=event_id, sheet_id=sheet_id)
    return _review_page(sheet, form)


def _change(event_id: UUID, service: EventService, done: Sentence) -> Response:
    """Run a service on the event; its refusals are shown on the page of the progress."""
    event, form = event_for(actor(), event_id, PREPARE), EmptyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            service(event, by=actor(), at=clock.now())
            flash(say(done), "success")
            return see_other("scoring.show_progress", event_id=event_id)
    return _progress_page(event, form)


def _progress_page(event: Event, form: EmptyForm | None = None) -> Response:
    scope, person, recorded = scope_of_event(event), actor(), Recorded(event)
    move = {EventState.DRAWN: Move.START_SCORING, EventState.SCORING: Move.CLOSE_SCORING}.get(event.state)
    return page(
        "scoring/progress.html",
        form=form or EmptyForm(),
        event=event,
        modules=pages.matrix_of(event),
        module_titles=pages.module_titles(event),
        remarked=queries.remarks_counted(event),
        reconciliation=queries.reconciliation(event, recorded),
        missing=queries.few_missing(event, person, recorded),
        left_out=sorted(queries.codes_left_out(event)),
        set_aside=len(queries.set_aside(event)),
        waiting=len(queries.waiting_aside(event)),
        lacking=lacking.to_ask_for(event) if person.may(PREPARE, scope) else 0,
        asked=queries.reopenings_asked(event),
        move=move,
        blockers=blockers_of(event, move) if move else (),
        may_confirm=person.may(CONFIRM, scope),
        may_prepare=person.may(PREPARE, scope),
        labels=labels.STATE_LABELS,
    )


def _missing_page(
    event: Event, *, propose: ProposeMissingForm | None = None, accept: AcceptForm | None = None
) -> Response:
    return page(
        "scoring/missing.html",
        form=propose or accept,
        status=422 if request.method == "POST" else None,
        propose=propose or ProposeMissingForm(formdata=None),
        accept=accept or AcceptForm(formdata=None),
        event=event,
        **missing.view_of(event, actor(), number=page_number()),
    )


def _review_page(sheet: Sheet, form: SignForm | ReasonForm) -> Response:
    return page(
        "scoring/review.html",
        form=form,
        history=pages.history_of(sheet),
        changes=pages.changes_of(sheet),
        acts=labels.ACT_LABELS,
        asked=queries.reopening_asked(sheet),
        remarks=pages.remarks_of(sheet),
        since_signed=pages.changes_since_signed(sheet),
        next_sheet=_next_to_confirm(sheet),
        **_sheet_to_read(sheet),
    )


def _next_to_confirm(sheet: Sheet) -> str | None:
    event = queries.event_of(sheet)
    waiting = [
        one for one in queries.sheets_of(event) if one.state == SheetState.SIGNED and one.id != sheet.id
    ]
    return url_for("scoring.review_sheet", event_id=event.id, sheet_id=waiting[0].id) if waiting else None
