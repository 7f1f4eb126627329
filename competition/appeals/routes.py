"""Pages of appeals and objections: deadlines, filing, receipts, evidence, and the way to a ruling."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, send_file
from werkzeug.wrappers import Response as Redirect

from competition.appeals import presenters, queries, services
from competition.appeals.forms import (
    AppealForm,
    EvidenceField,
    ObjectionForm,
    RerunForm,
    RulingForm,
    StepForm,
)
from competition.appeals.models import Appeal
from competition.appeals.queries import FILE, RECEIVE, RULE
from competition.appeals.uploads import Clean, cleaned
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, event_for, scope_of_event, visible_event
from competition.errors import NotFound
from competition.registration.models import Delegation
from competition.rules.access import Permission
from competition.rules.appeals import AppealKind, Effect, Window
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence
from competition.transactions import transaction
from competition.web.access import actor, public, requires, signed_in
from competition.web.errors import constraint_says
from competition.web.forms import EmptyForm, Form, reporting
from competition.web.language import name_of, say
from competition.web.templating import page, see_other

blueprint = Blueprint("appeals", __name__)

event_links.offer(
    sentence("Appeals and objections"),
    "appeals.list_appeals",
    None,
    {EventState.SCORING, EventState.SCORED, EventState.PUBLISHED},
    step=Step.APPEALS,
    order=75,
    applies=queries.applies,
    matter=queries.matter,
    is_done=lambda event: queries.is_over(event, now()),
)
constraint_says(
    "uq_appeal_event_id_number", sentence("Somebody else filed at the same moment. Send yours once more.")
)
constraint_says(
    "uq_appeal_step_event_id_appeal_id_number",
    sentence("Somebody else dealt with this a moment ago. Look at it again."),
)


# --- the list and the deadlines -------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/appeals")
@public
def list_appeals(event_id: UUID) -> Response:
    """What the rules say, until when, and the own papers; everybody's for those who deal with them."""
    event, person, at = visible_event(actor(), event_id), actor(), now()
    if not queries.applies(event):
        raise NotFound()
    cases = queries.cases_seen_by(person, event) if person.account_id else []
    return page(
        "appeals/list.html",
        event=event,
        rules=presenters.rule_sentences(event),
        appeals=presenters.appeal_deadline(event, at),
        notice=presenters.notice_deadline(event, at),
        knows_appeals=queries.rule_of(event) is not None,
        knows_notice=queries.procedure_of(event).publication.notice_days > 0,
        leads=bool(queries.delegations_led(person, event)),
        rows=presenters.rows_of(cases),
        sees_all=presenters.deals_with_all(person, event),
        at=at,
    )


# --- file -----------------------------------------------------------------------------------------


@blueprint.route("/events/<uuid:event_id>/appeals/new", methods=["GET", "POST"])
@requires(FILE)
def file_appeal(event_id: UUID) -> Response | Redirect:
    """The leader writes an appeal; what is refused is shown again as it was typed."""
    at = now()
    event = _event_with(event_id, AppealKind.APPEAL)
    led = {str(each.id): each for each in queries.delegations_led(actor(), event)}
    if not led:
        raise NotFound()
    form = AppealForm(delegations=[(name, name_of(each.organisation)) for name, each in led.items()])
    if form.validate_on_submit():
        delegation = _delegation(led, form.delegation.data)
        with reporting(form):
            evidence = _evidence(form.evidence, queries.appeal_window(event), at)
            with transaction():
                filed = services.file_appeal(
                    event,
                    delegation,
                    grounds=form.chosen(),
                    text=form.text.data or "",
                    concerns=form.concerns.data or "",
                    evidence=evidence,
                    by=actor(),
                    at=at,
                )
                return see_other("appeals.print_receipt", event_id=event_id, appeal_id=filed.id)
    return page(
        "appeals/new_appeal.html",
        form=form,
        event=event,
        deadline=presenters.appeal_deadline(event, at),
        rules=presenters.rule_sentences(event),
    )


@blueprint.route("/events/<uuid:event_id>/objections/new", methods=["GET", "POST"])
@signed_in
def file_objection(event_id: UUID) -> Response | Redirect:
    """Anybody with an account objects to what was published."""
    at = now()
    event, form = _event_with(event_id, AppealKind.OBJECTION), ObjectionForm()
    if form.validate_on_submit():
        with reporting(form):
            evidence = _evidence(form.evidence, queries.notice_window(event), at)
            with transaction():
                filed = services.file_objection(
                    event, text=form.text.data or "", evidence=evidence, by=actor(), at=at
                )
                return see_other("appeals.print_receipt", event_id=event_id, appeal_id=filed.id)
    return page(
        "appeals/new_objection.html",
        form=form,
        event=event,
        deadline=presenters.notice_deadline(event, at),
    )


def _evidence(field: EvidenceField, window: Window | None, at: datetime) -> list[Clean]:
    """The files as they are kept, made before anybody has to wait for the database; none where it is too late anyway."""
    return cleaned(field.uploads()) if window is not None and window.is_open(at) else []


def _event_with(event_id: UUID, kind: AppealKind) -> Event:
    """The event, where its rules know such a paper; else NotFound."""
    event = visible_event(actor(), event_id)
    procedure = queries.procedure_of(event)
    known = (
        procedure.appeals is not None if kind is AppealKind.APPEAL else procedure.publication.notice_days > 0
    )
    if not known:
        raise NotFound()
    return event


def _delegation(led: dict[str, Delegation], chosen: str | None) -> Delegation:
    found = led.get(chosen or "")
    if found is None:
        raise NotFound()
    return found


# --- one appeal -----------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/appeals/<uuid:appeal_id>")
@signed_in
def show_appeal(event_id: UUID, appeal_id: UUID) -> Response:
    """An appeal with its files and steps, for its parties and those who deal with it."""
    return _appeal_page(event_id, appeal_id)


@blueprint.get("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/receipt")
@signed_in
def print_receipt(event_id: UUID, appeal_id: UUID) -> Response:
    """The receipt for paper: number, moment, and the fingerprint of what was handed in."""
    case = queries.case_for(actor(), event_id, appeal_id)
    return page(
        "appeals/receipt.html",
        event=event_by_id(event_id),
        view=presenters.case_view(event_by_id(event_id), case, actor(), now()),
    )


@blueprint.get("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/evidence/<int:number>")
@signed_in
def download_evidence(event_id: UUID, appeal_id: UUID, number: int) -> Response:
    """A file of the evidence, to be kept and never shown inside a page."""
    case = queries.case_for(actor(), event_id, appeal_id)
    file = next((each for each in queries.evidence_of(case.appeal) if each.position == number), None)
    if file is None:
        raise NotFound()
    answer: Response = send_file(
        BytesIO(queries.content_of(file)),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/reception")
@requires(RECEIVE)
def receive_appeal(event_id: UUID, appeal_id: UUID) -> Response | Redirect:
    """Confirm that it has arrived."""
    return _move(
        event_id,
        appeal_id,
        EmptyForm(),
        RECEIVE,
        lambda appeal, at: services.receive_appeal(appeal, by=actor(), at=at),
        sentence("Receipt is confirmed."),
    )


@blueprint.post("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/hearing")
@requires(RULE)
def record_hearing(event_id: UUID, appeal_id: UUID) -> Response | Redirect:
    """Who was heard, and what was looked at."""
    form = StepForm()
    return _move(
        event_id,
        appeal_id,
        form,
        RULE,
        lambda appeal, at: services.record_hearing(appeal, note=form.reason.data or "", by=actor(), at=at),
        sentence("The hearing is recorded."),
    )


@blueprint.post("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/ruling")
@requires(RULE)
def rule_on(event_id: UUID, appeal_id: UUID) -> Response | Redirect:
    """Rule, and say what the ruling does."""
    event = event_for(actor(), event_id, RULE)
    form = RulingForm(modules=presenters.module_choices(event))

    def rule(appeal: Appeal, at: datetime) -> object:
        ruling, effect = form.said()
        return services.rule_on(
            appeal,
            ruling=ruling,
            effect=effect,
            reason=form.reason.data or "",
            codes=form.named(),
            module=form.module.data or "",
            by=actor(),
            at=at,
        )

    return _move(event_id, appeal_id, form, RULE, rule, sentence("The ruling is signed."))


@blueprint.post("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/forfeiture")
@requires(RULE)
def forfeit_appeal(event_id: UUID, appeal_id: UUID) -> Response | Redirect:
    """Declare it forfeited."""
    form = StepForm()
    return _move(
        event_id,
        appeal_id,
        form,
        RULE,
        lambda appeal, at: services.forfeit_appeal(appeal, reason=form.reason.data or "", by=actor(), at=at),
        sentence("It is declared forfeited."),
    )


@blueprint.post("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/completion")
@requires(RECEIVE)
def carry_out(event_id: UUID, appeal_id: UUID) -> Response | Redirect:
    """Record that the effect of the ruling is carried out; of a repetition, also which, when and what came of it."""
    event = event_for(actor(), event_id, RECEIVE)
    ruling = queries.case_for(actor(), event_id, appeal_id).ruling
    if ruling is not None and ruling.effect == Effect.RERUN:
        form: RerunForm | StepForm = RerunForm(modules=presenters.modules_named(event))
    else:
        form = StepForm()

    def carry(appeal: Appeal, at: datetime) -> object:
        rerun = form.said(_zone()) if isinstance(form, RerunForm) else None
        return services.carry_out(appeal, note=form.reason.data or "", rerun=rerun, by=actor(), at=at)

    return _move(event_id, appeal_id, form, RECEIVE, carry, sentence("It is recorded as carried out."))


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["SETTINGS"].time_zone)


@blueprint.post("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/second-tier")
@signed_in
def take_further(event_id: UUID, appeal_id: UUID) -> Response | Redirect:
    """Take a first ruling to the second tier."""
    form = StepForm()
    return _move(
        event_id,
        appeal_id,
        form,
        None,
        lambda appeal, at: services.take_further(appeal, reason=form.reason.data or "", by=actor(), at=at),
        sentence("It is in the second tier now."),
    )


@blueprint.post("/events/<uuid:event_id>/appeals/<uuid:appeal_id>/withdrawal")
@signed_in
def withdraw_appeal(event_id: UUID, appeal_id: UUID) -> Response | Redirect:
    """Take it back."""
    form = StepForm()
    return _move(
        event_id,
        appeal_id,
        form,
        None,
        lambda appeal, at: services.withdraw_appeal(appeal, reason=form.reason.data or "", by=actor(), at=at),
        sentence("It is withdrawn."),
    )


def _move(
    event_id: UUID,
    appeal_id: UUID,
    form: Form,
    permission: Permission | None,
    move: Callable[[Appeal, datetime], object],
    done: Sentence,
) -> Response | Redirect:
    """Make a move with an appeal; its refusals are shown on its page, with everything that was typed."""
    at = now()
    if permission is not None:
        event_for(actor(), event_id, permission)
    case = queries.case_for(actor(), event_id, appeal_id)
    if form.validate_on_submit():
        with reporting(form), transaction():
            move(case.appeal, at)
            flash(say(done), "success")
            return see_other("appeals.show_appeal", event_id=event_id, appeal_id=appeal_id)
    return _appeal_page(event_id, appeal_id, form)


def _appeal_page(event_id: UUID, appeal_id: UUID, form: Form | None = None) -> Response:
    case, at = queries.case_for(actor(), event_id, appeal_id), now()
    event = event_by_id(event_id)
    scope, person = scope_of_event(event), actor()
    ruling_form = (
        form
        if isinstance(form, RulingForm)
        else RulingForm(modules=presenters.module_choices(event), formdata=None)
    )
    rerun_form = (
        form
        if isinstance(form, RerunForm)
        else RerunForm(modules=presenters.modules_named(event), formdata=None)
    )
    return page(
        "appeals/show.html",
        form=form,
        event=event,
        view=presenters.case_view(event, case, person, at),
        ruling_form=ruling_form,
        rerun_form=rerun_form,
        may_confirm=person.may(Permission.SCORING_SHEET_CONFIRM, scope),
        may_reopen=person.may(Permission.RESULTS_REVISION_PREPARE, scope),
        at=at,
    )
