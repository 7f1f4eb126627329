"""Pages of promotions: rule tables, cases from eligible to issued, and what an event's awards lead to."""

import json
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from competition.clock import now
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.queries import event_for
from competition.errors import NotFound
from competition.organisations.queries import organisation_for, reachable_organisations
from competition.promotions import presenters, queries, services
from competition.promotions.forms import ApprovalForm, ListForm, TableForm
from competition.promotions.models import STATE_LABELS, PromotionCase
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, requires, signed_in
from competition.web.errors import constraint_says
from competition.web.forms import Form, ReasonForm, choices, reporting
from competition.web.language import name_of, say
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other
from competition.workers.queries import worker_of

blueprint = Blueprint("promotions", __name__)

APPLY, APPROVE = Permission.PROMOTIONS_CASE_APPLY, Permission.PROMOTIONS_CASE_APPROVE
TABLE = Permission.PROMOTIONS_TABLE_MANAGE

menu_entry(sentence("Promotions"), "promotions.list_cases", APPLY, 58)
event_links.offer(
    sentence("Grade promotions"),
    "promotions.list_event_cases",
    APPLY,
    {EventState.PUBLISHED},
    step=Step.CERTIFICATES,
    order=85,
)
constraint_says(
    "uq_promotion_case_certificate_id",
    sentence("Somebody else opened this case a moment ago. Look at it in the list."),
)


# --- cases ----------------------------------------------------------------------------------------


@blueprint.get("/promotions")
@requires(APPLY)
def list_cases() -> Response:
    """The cases the person's roles reach, and the events whose awards can be checked."""
    filters, number = ListForm(request.args), page_number()
    wanted = queries.CaseFilter(filters.chosen_state, (filters.q.data or "").strip())
    rows, total = queries.cases_page(actor(), wanted, page=number, size=50)
    return page(
        "promotions/list.html",
        filters=filters,
        narrowed=bool(wanted.state or wanted.text),
        cases=Page(rows, number, 50, total),
        labels=STATE_LABELS,
        tones=presenters.TONES,
        events=queries.events_with_certificates(actor()),
        may_publish=actor().may_ever(TABLE),
    )


@blueprint.get("/promotions/<uuid:case_id>")
@signed_in
def show_case(case_id: UUID) -> Response:
    """One case: what it rests on, the rule and the working, what happened, what can be done."""
    return _case_page(queries.case_seen_by(actor(), case_id))


@blueprint.get("/certificates/<uuid:certificate_id>/promotion")
@signed_in
def show_case_of_certificate(certificate_id: UUID) -> Response:
    """From a certificate to the case that rests on it."""
    case = queries.case_of_certificate(certificate_id)
    if case is None:
        raise NotFound(sentence("No promotion rests on this certificate."))
    return see_other("promotions.show_case", case_id=queries.case_seen_by(actor(), case.id).id)


@blueprint.get("/promotions/mine")
@requires(Permission.WORKERS_RECORD_OWN)
def list_my_cases() -> Response:
    """The signed-in worker's own cases."""
    worker = worker_of(actor())
    cases = queries.cases_of(worker) if worker else []
    return page("promotions/mine.html", cases=cases, labels=STATE_LABELS, tones=presenters.TONES)


@blueprint.post("/promotions/<uuid:case_id>/application")
@signed_in
def apply_for(case_id: UUID) -> Response:
    """Apply for a promotion: the own one, or for somebody of the event or the unit."""
    case = queries.case_for(actor(), case_id, APPLY)
    form = Form()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.apply_for(case, by=actor(), at=now())
            return see_other("promotions.show_case", case_id=case_id)
    return _case_page(case, form)


@blueprint.post("/promotions/<uuid:case_id>/approval")
@requires(APPROVE)
def approve_case(case_id: UUID) -> Response:
    """Approve an application: the grade goes on record."""
    case = queries.case_for(actor(), case_id, APPROVE)
    form = ApprovalForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.approve_case(case, document_number=form.document_number.data, by=actor(), at=now())
            return see_other("promotions.show_case", case_id=case_id)
    return _case_page(case, form)


@blueprint.post("/promotions/<uuid:case_id>/issue")
@requires(APPROVE)
def issue_case(case_id: UUID) -> Response:
    """Note that the grade document was handed out."""
    case = queries.case_for(actor(), case_id, APPROVE)
    form = Form()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.issue_case(case, by=actor(), at=now())
            return see_other("promotions.show_case", case_id=case_id)
    return _case_page(case, form)


@blueprint.post("/promotions/<uuid:case_id>/rejection")
@requires(APPROVE)
def reject_case(case_id: UUID) -> Response:
    """Reject a case for good."""
    case = queries.case_for(actor(), case_id, APPROVE)
    form = ReasonForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.reject_case(case, reason=form.reason.data, by=actor(), at=now())
            return see_other("promotions.show_case", case_id=case_id)
    return _case_page(case, form)


def _case_page(case: PromotionCase, form: Form | None = None) -> Response:
    return page(
        "promotions/show.html",
        form=form,
        approval=form if isinstance(form, ApprovalForm) else ApprovalForm(formdata=None),
        shown=presenters.case_page(case, actor()),
        labels=STATE_LABELS,
        tones=presenters.TONES,
        said=presenters.in_language,
    )


# --- the awards of an event -----------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/promotions")
@requires(APPLY)
def list_event_cases(event_id: UUID) -> Response:
    """What every valid certificate of an event leads to, and why the others lead to nothing."""
    event = event_for(actor(), event_id, APPLY)
    return page(
        "promotions/event.html",
        event=event,
        shown=presenters.event_cases(queries.verdicts_of(event)),
        labels=STATE_LABELS,
        tones=presenters.TONES,
        award_of=lambda certificate: presenters.in_language(presenters.award_of(certificate.snapshot)),
    )


@blueprint.post("/events/<uuid:event_id>/promotions")
@requires(APPLY)
def open_cases(event_id: UUID) -> Response:
    """Open the cases that are not open yet."""
    event = event_for(actor(), event_id, APPLY)
    with transaction():
        opened = services.open_cases(event, by=actor(), at=now())
    flash(say(sentence("%(count)s cases were opened.", count=len(opened))), "success")
    return see_other("promotions.list_event_cases", event_id=event_id)


# --- rule tables ----------------------------------------------------------------------------------


@blueprint.get("/promotion-tables")
@signed_in
def list_tables() -> Response:
    """Every published table."""
    return page("promotions/tables.html", tables=queries.tables(), may_publish=actor().may_ever(TABLE))


@blueprint.get("/promotion-tables/<uuid:table_id>")
@signed_in
def show_table(table_id: UUID) -> Response:
    """One table, row by row in words, and its document."""
    table = queries.table_by_id(table_id)
    return page(
        "promotions/table.html", words=presenters.table_words(table), document=_written(table.document)
    )


@blueprint.route("/promotion-tables/new", methods=["GET", "POST"])
@requires(TABLE)
def publish_table() -> Response:
    """Publish a table, beginning from an example."""
    chosen = request.args.get("starter", "")
    known = {one.name: one for one in queries.starters()}
    form = TableForm(data={"document": _written(known[chosen].document) if chosen in known else ""})
    form.authority.choices = choices(
        (one.id, name_of(one)) for one in reachable_organisations(actor(), TABLE)
    )
    if form.validate_on_submit() and (document := form.read()) is not None:
        authority = organisation_for(actor(), UUID(form.authority.data), TABLE)
        with reporting(form, "document"), transaction():
            made = services.publish_table(authority, document=document, by=actor(), at=now())
            return see_other("promotions.show_table", table_id=made.id)
    starters = [
        {"title": one.document["title"], "href": url_for("promotions.publish_table", starter=one.name)}
        for one in queries.starters()
    ]
    return page("promotions/publish.html", form=form, starters=starters)


def _written(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
