"""Pages of workers, their own record, and the list of occupations."""

from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from competition.accounts import first_passwords
from competition.audit.queries import history_of
from competition.clock import now
from competition.errors import NotFound
from competition.organisations.models import Organisation
from competition.organisations.queries import organisation_for, reachable_organisations
from competition.rules.access import Permission
from competition.rules.grades import Grade
from competition.rules.sentences import sentence
from competition.tokens import new_password
from competition.transactions import transaction
from competition.web.access import actor, requires
from competition.web.errors import constraint_says
from competition.web.forms import reporting
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other
from competition.workers import presenters, queries, services
from competition.workers.forms import ChangeForm, FindForm, OccupationForm, RegisterForm, WorkerAccountForm

blueprint = Blueprint("workers", __name__)

READ, MANAGE = Permission.WORKERS_WORKER_READ, Permission.WORKERS_WORKER_MANAGE

menu_entry(sentence("My record"), "workers.show_own_record", Permission.WORKERS_RECORD_OWN, 10)
menu_entry(sentence("Workers"), "workers.list_workers", READ, 62)
constraint_says(
    "uq_worker_id_number_index",
    sentence("A worker with this ID number was registered a moment ago. Search by ID number."),
)
constraint_says("uq_worker_account_id", sentence("This worker was given an account a moment ago."))


@blueprint.get("/workers")
@requires(READ)
def list_workers() -> Response:
    """The workers the person's roles reach, by pinyin."""
    text, number, employer = request.args.get("q", ""), page_number(), _employer()
    rows, total = queries.workers_page(actor(), text, number, 50, employer=employer)
    return page(
        "workers/list.html",
        workers=Page(rows, number, 50, total),
        text=text,
        employer=employer,
        view_of=presenters.view_of,
        may_register=actor().may_ever(MANAGE),
    )


@blueprint.route("/workers/find", methods=["GET", "POST"])
@requires(MANAGE)
def find_worker() -> Response:
    """Find one worker by the whole ID number; it travels in the body, never in an address."""
    form = FindForm()
    if form.validate_on_submit():
        found = queries.worker_by_id_number(form.id_number.data)
        if found is not None and actor().may(READ, queries.scope_of(found)):
            return see_other("workers.show_worker", worker_id=found.id)
        form.refuse(sentence("No worker within your reach has this ID number."), field="id_number")
    return page("workers/find.html", form=form)


@blueprint.get("/workers/<uuid:worker_id>")
@requires(READ)
def show_worker(worker_id: UUID) -> Response:
    """One worker: the facts, masked, and the grade history."""
    worker = queries.worker_for(actor(), worker_id, READ)
    may_change = actor().may(MANAGE, queries.scope_of(worker))
    return page(
        "workers/show.html",
        worker=worker,
        view=presenters.view_of(worker),
        grades=presenters.history_lines(queries.grade_history(worker)),
        may_change=may_change,
        history=history_of(worker.id) if may_change else [],
    )


@blueprint.route("/workers/new", methods=["GET", "POST"])
@requires(MANAGE)
def register_worker() -> Response:
    """Register a person once."""
    form = RegisterForm(
        reachable_organisations(actor(), MANAGE),
        queries.occupations(),
        data={
            "employer": request.args.get("employer", ""),
            "grade": "",
            "id_type": "resident_id",
            "sex": "",
            "status": "worker",
        },
    )
    if form.validate_on_submit():
        with reporting(form), transaction():
            made = services.register_worker(**form.details(), by=actor(), at=now())
            return see_other("workers.show_worker", worker_id=made.id)
    return page("workers/new.html", form=form)


@blueprint.route("/workers/<uuid:worker_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def change_worker(worker_id: UUID) -> Response:
    """Correct a worker's details."""
    worker = queries.worker_for(actor(), worker_id, MANAGE)
    shown = presenters.view_of(worker)
    form = ChangeForm(
        reachable_organisations(actor(), MANAGE),
        queries.occupations(),
        data={
            "name": worker.name,
            "id_type": worker.id_type,
            "birth_date": None if worker.id_type == "resident_id" else worker.birth_date,
            "sex": "" if worker.id_type == "resident_id" else worker.sex,
            "status": worker.status,
            "employer": str(worker.employer_id),
            "occupation": worker.occupation_code,
            "in_occupation_since": worker.in_occupation_since,
            "version": worker.version,
        },
    )
    if form.validate_on_submit():
        with reporting(form), transaction():
            kept = None if form.forget_phone.data else worker.phone
            services.change_worker(
                worker,
                **form.details(),
                id_number=form.id_number.data or worker.id_number,
                phone=form.phone.data or kept,
                version=form.version.number,
                by=actor(),
                at=now(),
            )
            return see_other("workers.show_worker", worker_id=worker_id)
    return page("workers/edit.html", form=form, worker=worker, view=shown)


@blueprint.route("/workers/<uuid:worker_id>/account", methods=["GET", "POST"])
@requires(MANAGE)
def give_account(worker_id: UUID) -> Response:
    """Give a worker an account, with a first password made here."""
    worker = queries.worker_for(actor(), worker_id, MANAGE)
    form = WorkerAccountForm()
    if form.validate_on_submit():
        with reporting(form):
            password = new_password()
            with transaction():
                account = services.give_account(
                    worker, username=form.username.data, password=password, by=actor(), at=now()
                )
            first_passwords.keep_for_next_page(account.id, password)
            return see_other("workers.show_first_password", worker_id=worker_id)
    return page("workers/give_account.html", form=form, worker=worker)


@blueprint.get("/workers/<uuid:worker_id>/first-password")
@requires(MANAGE)
def show_first_password(worker_id: UUID) -> Response:
    """The worker's first password, shown once."""
    worker = queries.worker_for(actor(), worker_id, MANAGE)
    if worker.account is None:
        raise NotFound()
    return page(
        "accounts/first_password.html",
        account=worker.account,
        password=first_passwords.take(worker.account.id),
        back=url_for("workers.show_worker", worker_id=worker_id),
    )


@blueprint.get("/my-record")
@requires(Permission.WORKERS_RECORD_OWN)
def show_own_record() -> Response:
    """What is on record about the person who asks."""
    worker = queries.worker_of(actor())
    return page(
        "workers/own_record.html",
        view=presenters.view_of(worker) if worker else None,
        grades=presenters.history_lines(queries.grade_history(worker)) if worker else [],
    )


@blueprint.get("/occupations")
@requires(MANAGE)
def list_occupations() -> Response:
    """The occupations this installation knows."""
    return page(
        "workers/occupations.html",
        occupations=queries.occupations(),
        grade_label=presenters.grade_label,
    )


@blueprint.post("/occupations/starters")
@requires(Permission.COMPETITIONS_COMPETITION_MANAGE)
def load_starter_occupations() -> Response:
    """Add the common occupations that come with the system."""
    with transaction():
        services.load_starter_occupations(by=actor(), at=now())
    return see_other("workers.list_occupations")


@blueprint.route("/occupations/new", methods=["GET", "POST"])
@requires(Permission.COMPETITIONS_COMPETITION_MANAGE)
def open_occupation() -> Response:
    """Add an occupation of the catalogue."""
    form = OccupationForm(data={"catalogue_year": 2022, "ceiling": Grade.SENIOR_TECHNICIAN})
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.open_occupation(
                code=form.code.data,
                name=form.name.data,
                name_en=form.name_en.data,
                catalogue_year=int(form.catalogue_year.data or 0),
                ceiling=Grade(form.ceiling.data),
                by=actor(),
                at=now(),
            )
            return see_other("workers.list_occupations")
    return page("workers/new_occupation.html", form=form)


def _employer() -> Organisation | None:
    text = request.args.get("employer", "")
    if not text:
        return None
    try:
        return organisation_for(actor(), UUID(text), READ)
    except ValueError as problem:
        raise NotFound() from problem
