"""Pages of panels: judges, the seats of an event, its chief judges."""

from uuid import UUID

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from competition.accounts.models import Account
from competition.accounts.passwords import password_problem
from competition.accounts.queries import account_by_username, account_for
from competition.accounts.services import open_account
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.models import Event
from competition.competitions.queries import event_for, modules_of, rule_set_of, scope_of_event
from competition.errors import NotFound, RuleBroken
from competition.organisations.models import Organisation
from competition.organisations.queries import organisation_by_id, reachable_organisations
from competition.panels import presenters, queries, services
from competition.panels.forms import ChangeJudgeForm, ChiefForm, JudgeForm, SeatForm
from competition.panels.models import Judge, SeatKind
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence
from competition.transactions import transaction
from competition.web.access import actor, requires
from competition.web.errors import constraint_says
from competition.web.forms import EmptyForm, choices, reporting
from competition.web.language import say
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other

blueprint = Blueprint("panels", __name__)

JUDGES = Permission.PANELS_JUDGE_MANAGE
SEATS = Permission.PANELS_SEAT_ASSIGN
SIZE = 50
MOST_CHOICES = 500

menu_entry(sentence("Judges"), "panels.list_judges", JUDGES, 64)
event_links.offer(
    sentence("Panels"),
    "panels.show_panels",
    SEATS,
    set(EventState) - {EventState.DRAFT, EventState.CANCELLED},
    step=Step.PANELS,
    order=30,
)
constraint_says("uq_judge_account_id", sentence("This account is a judge already."))
constraint_says(
    "uq_seat_event_id_module_label", sentence("Somebody else gave this seat away a moment ago. Look again.")
)
constraint_says(
    "uq_seat_event_id_module_judge_id",
    sentence("Somebody else gave this judge a seat of the module a moment ago. Look again."),
)


# --- judges ---------------------------------------------------------------------------------------


@blueprint.get("/judges")
@requires(JUDGES)
def list_judges() -> Response:
    """The judges, by name."""
    text = request.args.get("q", "").strip()[:100]
    rows, total = queries.judges_page(text, page=page_number(), size=SIZE)
    return page(
        "panels/judges.html",
        judges=Page(rows, page_number(), SIZE, total),
        text=text,
        may_correct=queries.may_correct,
    )


@blueprint.route("/judges/new", methods=["GET", "POST"])
@requires(JUDGES)
def new_judge() -> Response:
    """Register a judge."""
    form = JudgeForm()
    _offer_organisations(form)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.register_judge(
                _account_of(form),
                organisation=_organisation_of(form),
                level=form.level.data or "",
                by=actor(),
                at=now(),
            )
            flash(say(sentence("The judge is registered.")), "success")
            return see_other("panels.list_judges")
    return page("panels/new_judge.html", form=form)


@blueprint.route("/judges/<uuid:judge_id>", methods=["GET", "POST"])
@requires(JUDGES)
def change_judge(judge_id: UUID) -> Response:
    """Correct a judge's organisation or level."""
    judge = queries.judge_to_correct(actor(), judge_id)
    form = ChangeJudgeForm(data={"organisation": str(judge.organisation_id or ""), "level": judge.level})
    _offer_organisations(form, judge.organisation)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.change_judge(
                judge,
                organisation=_organisation_of(form),
                level=form.level.data or "",
                by=actor(),
                at=now(),
            )
            return see_other("panels.list_judges")
    return page("panels/change_judge.html", form=form, judge=judge)


def _offer_organisations(form: JudgeForm | ChangeJudgeForm, present: Organisation | None = None) -> None:
    known = reachable_organisations(actor(), Permission.ORGANISATIONS_ORGANISATION_READ)[:MOST_CHOICES]
    if present is not None and present not in known:
        known = [present, *known]
    pairs: list[tuple[object, Sentence | str]] = [
        ("", sentence("None: a neutral judge")),
        *((one.id, one.name) for one in known),
    ]
    form.organisation.choices = choices(pairs)


def _organisation_of(form: JudgeForm | ChangeJudgeForm) -> Organisation | None:
    return organisation_by_id(UUID(form.organisation.data)) if form.organisation.data else None


def _account_of(form: JudgeForm) -> Account:
    """The account of this user name; opened when there is none and a name and a first password are given."""
    username, name, password = form.username.data or "", form.name.data or "", form.password.data or ""
    if account := account_by_username(username):
        return account
    if not name or not password:
        raise RuleBroken(
            sentence(
                "There is no account %(username)s. Give a name and a first password to open it.",
                username=username,
            )
        )
    if problem := password_problem(password, username=username, name=name):
        raise RuleBroken(problem)
    return open_account(username=username, name=name, password=password, by=actor(), at=now())


# --- the panels of an event -------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/panels")
@requires(SEATS)
def show_panels(event_id: UUID) -> Response:
    """Modules and seats, who has them, what is still missing."""
    return _panels_page(event_for(actor(), event_id, SEATS), EmptyForm())


@blueprint.route("/events/<uuid:event_id>/panels/<module>/<label>", methods=["GET", "POST"])
@requires(SEATS)
def assign_seat(event_id: UUID, module: str, label: str) -> Response:
    """Give a seat to a judge; when the judge's organisation sends entrants, the consequence is shown first."""
    event, kind = event_for(actor(), event_id, SEATS), _kind_of(label)
    form = SeatForm()
    judges, _total = queries.judges_page(size=MOST_CHOICES)
    form.judge.choices = choices((one.id, _name_of(one)) for one in judges)
    conflicts = 0
    if form.validate_on_submit():
        judge = queries.judge_by_id(UUID(form.judge.data))
        steps_in = kind in (SeatKind.ALTERNATE, SeatKind.SHADOW)
        conflicts = 0 if steps_in else len(queries.conflicts_of(judge, event))
        if not conflicts or form.consequence_seen.data:
            with reporting(form), transaction():
                services.assign_seat(
                    event, module=module, label=label, kind=kind, judge=judge, by=actor(), at=now()
                )
                flash(say(sentence("The seat %(label)s is taken.", label=label)), "success")
                return see_other("panels.show_panels", event_id=event_id)
    title = next((one.title for one in modules_of(rule_set_of(event)) if one.id == module), None)
    if title is None:
        raise NotFound()
    return page(
        "panels/assign.html",
        form=form,
        event=event,
        module=title,
        label=label,
        kind=presenters.KIND_LABELS[kind],
        conflicts=conflicts,
    )


@blueprint.post("/events/<uuid:event_id>/seats/<uuid:seat_id>/release")
@requires(SEATS)
def release_seat(event_id: UUID, seat_id: UUID) -> Response:
    """Take a judge off a seat."""
    event, form = event_for(actor(), event_id, SEATS), EmptyForm()
    seat = queries.seat_for(event, seat_id)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.release_seat(seat, by=actor(), at=now())
            return see_other("panels.show_panels", event_id=event_id)
    return _panels_page(event, form)


@blueprint.route("/events/<uuid:event_id>/chief-judges/new", methods=["GET", "POST"])
@requires(JUDGES)
def appoint_chief(event_id: UUID) -> Response:
    """Appoint a chief judge."""
    event, form = event_for(actor(), event_id, JUDGES), ChiefForm()
    if form.validate_on_submit():
        with reporting(form, "username"), transaction():
            account = account_by_username(form.username.data or "")
            if account is None:
                raise RuleBroken(sentence("There is no account of this user name."))
            services.appoint_chief(event, account, by=actor(), at=now())
            return see_other("panels.show_panels", event_id=event_id)
    return page("panels/chief.html", form=form, event=event)


@blueprint.post("/events/<uuid:event_id>/chief-judges/<uuid:account_id>/release")
@requires(JUDGES)
def release_chief(event_id: UUID, account_id: UUID) -> Response:
    """Release a chief judge from the office."""
    event, form = event_for(actor(), event_id, JUDGES), EmptyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.release_chief(event, account_for(account_id), by=actor(), at=now())
            return see_other("panels.show_panels", event_id=event_id)
    return _panels_page(event, form)


def _panels_page(event: Event, form: EmptyForm) -> Response:
    may_manage = actor().may(JUDGES, scope_of_event(event))
    return page(
        "panels/panels.html",
        form=form,
        event=event,
        modules=presenters.panels_of(event),
        chiefs=queries.chiefs_of(event),
        readiness=queries.readiness(event, with_codes=may_manage),
        kinds=presenters.KIND_LABELS,
        may_manage=may_manage,
        is_open=event.state in services.SEATS_CHANGE_IN,
    )


def _kind_of(label: str) -> SeatKind:
    if not (2 <= len(label) <= 3 and label[0] in "JAS" and label[1:].isascii() and label[1:].isdecimal()):
        raise NotFound()
    return presenters.kind_of(label)


def _name_of(judge: Judge) -> str:
    return f"{judge.account.name} · {judge.organisation.name}" if judge.organisation else judge.account.name
