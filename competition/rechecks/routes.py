"""Pages of re-checks: the scope and its progress, worksheets, errors in writing, signatures. Codes only, never names."""

import io
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, current_app, flash, request, send_file, url_for
from werkzeug.wrappers import Response

from competition.clock import now
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.models import Event
from competition.competitions.queries import event_for, scope_of_event
from competition.errors import NotFound
from competition.panels.queries import chiefs_of
from competition.rechecks import documents, presenters, queries, services
from competition.rechecks.forms import DrawForm, ErrorForm, RightForm
from competition.rechecks.models import SigningRole
from competition.rechecks.queries import CHECK, Item, ItemState, Standing
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.typesetting import pages, workbook
from competition.web.access import actor, requires
from competition.web.errors import constraint_says
from competition.web.forms import EmptyForm, Form, ReasonForm, reporting
from competition.web.language import say
from competition.web.paging import Page, page_number
from competition.web.templating import page, see_other

blueprint = Blueprint("rechecks", __name__)

Row = TypeVar("Row")

READ = Permission.RESULTS_REVISION_READ
DECIDE = Permission.RECHECKS_ERROR_DECIDE
SIZE = 50

event_links.offer(
    sentence("Re-check of signed sheets"),
    "rechecks.show_recheck",
    READ,
    {EventState.SCORING, EventState.SCORED, EventState.PUBLISHED},
    step=Step.RECHECK,
    order=60,
    applies=queries.applies,
    matter=queries.matter,
)
constraint_says(
    "uq_recheck_event_id_number", sentence("Somebody else drew the scope of the re-check a moment ago.")
)
constraint_says(
    "uq_recheck_signature_event_id_recheck_id_role",
    sentence("The re-check was signed in this place a moment ago."),
)
constraint_says(
    "uq_recheck_signature_event_id_recheck_id_by_id",
    sentence("You signed this re-check already; the other signature is another person's."),
)


# --- the scope ------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/recheck")
@requires(READ)
def show_recheck(event_id: UUID) -> Response:
    """The rule, the scope, how far it is, the errors and the signatures."""
    return _recheck_page(event_for(actor(), event_id, READ))


@blueprint.post("/events/<uuid:event_id>/recheck")
@requires(CHECK)
def draw_scope(event_id: UUID) -> Response:
    """Draw the scope, or bring it up to date."""
    event, form = event_for(actor(), event_id, CHECK), DrawForm()
    if form.validate_on_submit():
        order = queries.order_now(event) if event.state == EventState.SCORED else None
        with reporting(form), transaction():
            drawn = services.draw_scope(event, seed=form.seed.data or None, order=order, by=actor(), at=now())
            flash(
                say(sentence("The scope of the re-check is drawn, number %(number)s.", number=drawn.number)),
                "success",
            )
            return see_other("rechecks.show_recheck", event_id=event_id)
    return _recheck_page(event, form)


@blueprint.post("/events/<uuid:event_id>/recheck/extension")
@requires(CHECK)
def widen_scope(event_id: UUID) -> Response:
    """Have everything checked again."""
    event, form = event_for(actor(), event_id, CHECK), ReasonForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.widen_scope(event, reason=form.reason.data or "", by=actor(), at=now())
            return see_other("rechecks.show_recheck", event_id=event_id)
    return _recheck_page(event, form)


@blueprint.get("/events/<uuid:event_id>/recheck/record")
@requires(READ)
def print_record(event_id: UUID) -> Response:
    """Every draw of the scope for paper: order, seed, whom it met, and how to draw it again."""
    event = event_for(actor(), event_id, READ)
    rule, drawn = queries.rule_of(event), queries.rechecks_of(event)
    if rule is None or not drawn:
        raise NotFound()
    return page(
        "rechecks/record.html",
        event=event,
        rule=presenters.rule_sentences(rule),
        records=[presenters.draw_record(each, rule) for each in drawn],
    )


@blueprint.get("/events/<uuid:event_id>/recheck/worksheets")
@requires(CHECK)
def print_worksheets(event_id: UUID) -> Response:
    """The worksheets that are still to be done, for paper."""
    event = event_for(actor(), event_id, CHECK)
    standing = queries.standing_of(event)
    if standing is None:
        raise NotFound()
    waiting = [item.sheet.id for item in standing.items if item.state is ItemState.WAITING]
    shown = _page_of(waiting)
    return page(
        "rechecks/worksheets.html",
        event=event,
        worksheets=presenters.worksheets_of(event, queries.sheets_at(event, shown.rows)),
        shown=shown,
    )


@blueprint.get("/events/<uuid:event_id>/recheck/worksheets.<any(pdf, xlsx):file_format>")
@requires(CHECK)
def export_worksheets(event_id: UUID, file_format: str) -> Response:
    """The same worksheets as PDF, each on pages of its own, or as a workbook, each on a sheet of its own."""
    event = event_for(actor(), event_id, CHECK)
    standing = queries.standing_of(event)
    if standing is None:
        raise NotFound()
    waiting = [item.sheet.id for item in standing.items if item.state is ItemState.WAITING]
    shown = _page_of(waiting)
    if not shown.rows:
        return see_other("rechecks.show_recheck", event_id=event_id)
    base = current_app.config["SETTINGS"].base_url
    sheets = presenters.worksheets_of(event, queries.sheets_at(event, shown.rows))
    printed = documents.worksheets(
        sheets,
        made=now(),
        address=lambda sheet: f"{base}{url_for('rechecks.check_sheet', event_id=event_id, sheet_id=sheet)}",
    )
    is_pdf, names = file_format == "pdf", map(documents.sheet_name, sheets)
    return send_file(
        io.BytesIO(
            pages.many_pdf(printed) if is_pdf else workbook.many_xlsx([*zip(names, printed, strict=True)])
        ),
        mimetype=pages.MIME_TYPE if is_pdf else workbook.MIME_TYPE,
        as_attachment=not is_pdf,
        download_name=f"worksheets-{event.competition.code}-{event.code}-{shown.number}.{file_format}",
    )


@blueprint.post("/events/<uuid:event_id>/recheck/signatures/supervisor")
@requires(CHECK)
def sign_as_supervisor(event_id: UUID) -> Response:
    """The supervisor stands for the finished re-check."""
    return _sign(event_for(actor(), event_id, CHECK), SigningRole.SUPERVISOR)


@blueprint.post("/events/<uuid:event_id>/recheck/signatures/chief")
@requires(DECIDE)
def sign_as_chief(event_id: UUID) -> Response:
    """The chief judge stands for the finished re-check."""
    return _sign(event_for(actor(), event_id, DECIDE), SigningRole.CHIEF)


def _sign(event: Event, role: SigningRole) -> Response:
    form = EmptyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.sign_recheck(event, role=role, by=actor(), at=now())
            flash(say(sentence("You have signed the re-check.")), "success")
            return see_other("rechecks.show_recheck", event_id=event.id)
    return _recheck_page(event, form)


def _recheck_page(event: Event, form: Form | None = None) -> Response:
    rule, person = queries.rule_of(event), actor()
    if rule is None:
        raise NotFound()
    standing, scope = queries.standing_of(event), scope_of_event(event)
    chosen = request.args.get("state", "")
    items = _chosen(standing, chosen) if standing else []
    shown = _page_of(items)
    is_chief = person.account_id in {chief.id for chief in chiefs_of(event)}
    return page(
        "rechecks/show.html",
        form=form,
        draw_form=form if isinstance(form, DrawForm) else DrawForm(formdata=None),
        event=event,
        rule=presenters.rule_sentences(rule),
        standing=standing,
        counts=presenters.counts_sentence(standing) if standing else None,
        widening=presenters.widening_sentence(standing) if standing else None,
        advice=presenters.advice_of(event, standing),
        blockers=queries.blockers(event),
        rows=presenters.rows_of(event, shown.rows),
        shown=shown,
        chosen=chosen,
        states=[(state, presenters.STATES[state][0]) for state in ItemState],
        errors=presenters.error_notices(event) if standing else [],
        may_check=person.may(CHECK, scope) and not is_chief,
        may_decide=person.may(DECIDE, scope),
    )


def _chosen(standing: Standing, state: str) -> list[Item]:
    return [item for item in standing.items if not state or item.state == state]


def _page_of(rows: list[Row]) -> Page[Row]:
    number = min(page_number(), max(1, -(-len(rows) // SIZE)))
    return Page(rows[(number - 1) * SIZE : number * SIZE], number, SIZE, len(rows))


# --- one sheet ------------------------------------------------------------------------------------


@blueprint.route("/events/<uuid:event_id>/recheck/sheets/<uuid:sheet_id>", methods=["GET", "POST"])
@requires(CHECK)
def check_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """The worksheet of one sheet; POST records that it is right."""
    event, item = event_for(actor(), event_id, CHECK), queries.item_for(actor(), event_id, sheet_id)
    form = RightForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.find_sheet_right(
                item.sheet, content_hash=form.content_hash.data or "", by=actor(), at=now()
            )
            flash(say(sentence("The sheet %(code)s is recorded as right.", code=item.sheet.code)), "success")
        if not form.form_errors:
            return _onward(event)
    return _worksheet_page(event, item, form)


@blueprint.post("/events/<uuid:event_id>/recheck/sheets/<uuid:sheet_id>/errors")
@requires(CHECK)
def report_error(event_id: UUID, sheet_id: UUID) -> Response:
    """Tell the chief judge what is wrong on a sheet."""
    event, item = event_for(actor(), event_id, CHECK), queries.item_for(actor(), event_id, sheet_id)
    (worksheet,) = presenters.worksheets_of(event, [item.sheet])
    form = ErrorForm(items=presenters.choices_of(worksheet))
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.report_error(
                item.sheet,
                content_hash=form.content_hash.data or "",
                aspect=form.aspect.data or "",
                found=form.found.data or "",
                should_be=form.should_be.data or "",
                note=form.note.data or "",
                by=actor(),
                at=now(),
            )
            flash(say(sentence("The error is reported to the chief judge.")), "success")
        if not form.form_errors:
            return _onward(event)
    return _worksheet_page(event, item, form)


def _onward(event: Event) -> Response:
    """To the next sheet that waits, or back to the list when none does."""
    sheet_id = queries.next_waiting(event, actor())
    if sheet_id is None:
        return see_other("rechecks.show_recheck", event_id=event.id)
    return see_other("rechecks.check_sheet", event_id=event.id, sheet_id=sheet_id)


def _worksheet_page(event: Event, item: Item, form: Form) -> Response:
    (worksheet,) = presenters.worksheets_of(event, [item.sheet])
    choices = presenters.choices_of(worksheet)
    is_error = isinstance(form, ErrorForm)
    return page(
        "rechecks/worksheet.html",
        form=form,
        error_form=form if is_error else ErrorForm(items=choices, formdata=None),
        event=event,
        item=item,
        worksheet=worksheet,
        label=presenters.STATES[item.state],
        why=presenters.WHYS[item.why],
        refusal=queries.checker_refusal(event, actor(), item.sheet),
        checks=[
            presenters.error_notice(event, check, queries.decision_on(check))
            for check in item.checks
            if not check.is_right
        ],
    )


# --- errors ---------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/recheck/errors/<uuid:check_id>")
@requires(READ)
def show_error(event_id: UUID, check_id: UUID) -> Response:
    """An error in writing, with the sheet as it stands and what the chief judge said."""
    check = queries.error_for(actor(), event_id, check_id)
    return _error_page(event_for(actor(), event_id, READ), check.id)


@blueprint.post("/events/<uuid:event_id>/recheck/errors/<uuid:check_id>/acceptance")
@requires(DECIDE)
def accept_error(event_id: UUID, check_id: UUID) -> Response:
    """The chief judge accepts: the sheet is opened for its judge."""
    event, form = event_for(actor(), event_id, DECIDE), ReasonForm()
    check = queries.error_for(actor(), event_id, check_id)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.accept_error(check, reason=form.reason.data or "", by=actor(), at=now())
            flash(say(sentence("The error is accepted and the sheet is open again.")), "success")
            return see_other("rechecks.show_error", event_id=event_id, check_id=check_id)
    return _error_page(event, check_id, form)


@blueprint.post("/events/<uuid:event_id>/recheck/errors/<uuid:check_id>/rejection")
@requires(DECIDE)
def reject_error(event_id: UUID, check_id: UUID) -> Response:
    """The chief judge rejects, with the reason."""
    event, form = event_for(actor(), event_id, DECIDE), ReasonForm()
    check = queries.error_for(actor(), event_id, check_id)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.reject_error(check, reason=form.reason.data or "", by=actor(), at=now())
            flash(say(sentence("The error is rejected; the sheet stays as it is.")), "success")
            return see_other("rechecks.show_error", event_id=event_id, check_id=check_id)
    return _error_page(event, check_id, form)


def _error_page(event: Event, check_id: UUID, form: Form | None = None) -> Response:
    check = queries.error_for(actor(), event.id, check_id)
    (worksheet,) = presenters.worksheets_of(event, [queries.sheet_of(check)])
    return page(
        "rechecks/error.html",
        form=form,
        event=event,
        notice=presenters.error_notice(event, check, queries.decision_on(check)),
        worksheet=worksheet,
        may_decide=actor().may(DECIDE, scope_of_event(event)),
        may_confirm=actor().may(Permission.SCORING_SHEET_CONFIRM, scope_of_event(event)),
    )
