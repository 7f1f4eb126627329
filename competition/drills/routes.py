"""Pages of drills: taking them on a phone, preparing, releasing and closing them."""

import io
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, request, send_file
from werkzeug.wrappers import Response

from competition.clock import now
from competition.competitions.models import Event
from competition.competitions.queries import event_for
from competition.drills import documents, presenters, queries, services
from competition.drills.forms import DrillForm, PaperForm, QuestionForm, paper_form
from competition.drills.models import KIND_LABELS, Attempt, Drill, DrillState
from competition.drills.paper import duration
from competition.errors import NotFound
from competition.organisations.queries import organisation_for, reachable_organisations
from competition.rules.access import Permission
from competition.rules.sentences import sentence
from competition.tokens import new_seed
from competition.transactions import transaction
from competition.web.access import actor, requires, signed_in
from competition.web.errors import constraint_says
from competition.web.forms import reporting
from competition.web.language import name_of, say
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other
from competition.workers.models import Worker
from competition.workers.queries import worker_of

blueprint = Blueprint("drills", __name__)

MANAGE, TAKE = Permission.DRILLS_DRILL_MANAGE, Permission.DRILLS_DRILL_TAKE

menu_entry(sentence("My drills"), "drills.list_my_drills", TAKE, 12)
menu_entry(sentence("Drills"), "drills.list_drills", MANAGE, 55)
constraint_says(
    "uq_attempt_drill_id_worker_id_number",
    sentence("This attempt has begun already, perhaps on another device. Go on with it there or here."),
)


# --- for the people of a unit ---------------------------------------------------------------------


@blueprint.get("/drills/mine")
@requires(TAKE)
def list_my_drills() -> Response:
    """The drills for the signed-in worker: the open ones first."""
    worker, at = _worker(), now()
    invitations = [presenters.invitation(drill, worker, at) for drill in queries.drills_known_to(worker)]
    return page(
        "drills/mine.html",
        open_now=[one for one in invitations if one.can_begin],
        others=[one for one in invitations if not one.can_begin],
    )


@blueprint.get("/drills/<uuid:drill_id>")
@signed_in
def show_drill(drill_id: UUID) -> Response:
    """The start page for the people it is for; the organiser is led to the side of the organiser."""
    drill, worker = queries.drill_by_id(drill_id), worker_of(actor())
    if worker is not None and drill.state is not DrillState.DRAFT and queries.is_for(drill, worker):
        return page("drills/show.html", invitation=presenters.invitation(drill, worker, now()))
    queries.drill_for(actor(), drill_id, MANAGE)
    return see_other("drills.manage_drill", drill_id=drill_id)


@blueprint.post("/drills/<uuid:drill_id>/attempts")
@requires(TAKE)
def start_attempt(drill_id: UUID) -> Response:
    """Begin, or go on with the attempt under way."""
    drill, worker = queries.drill_for(actor(), drill_id, TAKE), _worker()
    with transaction():
        attempt = services.start_attempt(drill, worker, seed=new_seed(), by=actor(), at=now())
        return see_other("drills.show_attempt", attempt_id=attempt.id)


@blueprint.get("/attempts/<uuid:attempt_id>")
@requires(TAKE)
def show_attempt(attempt_id: UUID) -> Response:
    """The paper, or after handing in the result."""
    attempt = queries.attempt_for(actor(), attempt_id)
    if attempt.submitted_at is not None:
        return page("drills/result.html", result=presenters.result_of(attempt), duration=duration)
    return _paper(attempt)


@blueprint.post("/attempts/<uuid:attempt_id>/answers")
@requires(TAKE)
def save_answers(attempt_id: UUID) -> Response:
    """Keep the answers so far."""
    attempt = queries.attempt_for(actor(), attempt_id)
    form = _paper_form(attempt)
    if form.validate_on_submit():
        answers = form.answers(queries.paper_of(attempt))
        with reporting(form), transaction():
            services.save_answers(attempt, answers=answers, by=actor(), at=now())
            flash(
                say(sentence("Your answers are saved. You can go on, or come back before the time is over."))
            )
            return see_other("drills.show_attempt", attempt_id=attempt_id)
    return _paper(attempt, form)


@blueprint.post("/attempts/<uuid:attempt_id>/submission")
@requires(TAKE)
def submit_attempt(attempt_id: UUID) -> Response:
    """Hand in; twice is harmless."""
    attempt = queries.attempt_for(actor(), attempt_id)
    form = _paper_form(attempt)
    if form.validate_on_submit():
        answers = form.answers(queries.paper_of(attempt))
        with reporting(form), transaction():
            services.submit_attempt(attempt, answers=answers, by=actor(), at=now())
            return see_other("drills.show_attempt", attempt_id=attempt_id)
    return _paper(attempt, form)


def _paper_form(attempt: Attempt) -> PaperForm:
    shown = presenters.paper_page(attempt, now())
    return paper_form(shown.paper, shown.kinds, shown.words, attempt.answers)


def _paper(attempt: Attempt, form: PaperForm | None = None) -> Response:
    return page(
        "drills/paper.html",
        form=form or _paper_form(attempt),
        shown=presenters.paper_page(attempt, now()),
        kind_labels=KIND_LABELS,
    )


# --- for the organiser ----------------------------------------------------------------------------


@blueprint.get("/drills")
@requires(MANAGE)
def list_drills() -> Response:
    """The drills this person prepares."""
    number = page_number()
    rows, total = queries.drills_page(actor(), page=number, size=30)
    return page(
        "drills/list.html",
        drills=Page(rows, number, 30, total),
        counts=queries.counts_of(rows),
        states=presenters.STATES,
    )


@blueprint.route("/drills/new", methods=["GET", "POST"])
@requires(MANAGE)
def open_drill() -> Response:
    """Prepare a drill."""
    form = _offering(DrillForm(data={"attempts_allowed": 1, "minutes": 15, "feed_quota": 0}))
    if form.validate_on_submit():
        unit = organisation_for(actor(), UUID(form.organisation.data), MANAGE)
        with reporting(form), transaction():
            made = services.open_drill(
                organisation=unit, event=_event(form), **form.values(_zone()), by=actor(), at=now()
            )
            return see_other("drills.edit_questions", drill_id=made.id)
    return page("drills/edit.html", form=form, drill=None)


@blueprint.route("/drills/<uuid:drill_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def change_drill(drill_id: UUID) -> Response:
    """Change a draft."""
    drill = queries.drill_for(actor(), drill_id, MANAGE)
    form = _offering(DrillForm.of(drill, _zone()), drill)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.change_drill(
                drill,
                event=_event(form),
                version=form.version.number,
                **form.values(_zone()),
                by=actor(),
                at=now(),
            )
            return see_other("drills.manage_drill", drill_id=drill_id)
    return page("drills/edit.html", form=form, drill=drill)


@blueprint.get("/drills/<uuid:drill_id>/manage")
@requires(MANAGE)
def manage_drill(drill_id: UUID) -> Response:
    """One drill from the organiser's side: what is next, and the ranking."""
    drill, number = queries.drill_for(actor(), drill_id, MANAGE), page_number()
    ranks, total = queries.ranks_page(drill, page=number, size=50)
    return page(
        "drills/manage.html",
        drill=drill,
        state=presenters.STATES[drill.state],
        questions=len(queries.questions_of(drill)),
        full=queries.full_points(drill),
        counts=queries.counts_of([drill]).get(drill.id, (0, 0)),
        ranks=Page(ranks, number, 50, total),
        entered=queries.entered_count(drill),
        duration=duration,
    )


@blueprint.route("/drills/<uuid:drill_id>/questions", methods=["GET", "POST"])
@requires(MANAGE)
def edit_questions(drill_id: UUID) -> Response:
    """The questions with their answers, and a form for the next one."""
    drill = queries.drill_for(actor(), drill_id, MANAGE)
    form = QuestionForm(data={"points": 10})
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.add_question(drill, **form.values(), by=actor(), at=now())
            return see_other("drills.edit_questions", drill_id=drill_id)
    return page("drills/questions.html", form=form, drill=drill, bank=presenters.bank_of(drill))


@blueprint.post("/drills/<uuid:drill_id>/questions/<uuid:question_id>/removal")
@requires(MANAGE)
def remove_question(drill_id: UUID, question_id: UUID) -> Response:
    """Take a question out of a draft."""
    drill = queries.drill_for(actor(), drill_id, MANAGE)
    question = queries.question_for(drill, question_id)
    with transaction():
        services.remove_question(question, by=actor(), at=now())
    return see_other("drills.edit_questions", drill_id=drill_id)


@blueprint.post("/drills/<uuid:drill_id>/release")
@requires(MANAGE)
def release_drill(drill_id: UUID) -> Response:
    """Let people take it."""
    drill = queries.drill_for(actor(), drill_id, MANAGE)
    with transaction():
        services.release_drill(drill, by=actor(), at=now())
    return see_other("drills.manage_drill", drill_id=drill_id)


@blueprint.route("/drills/<uuid:drill_id>/closing", methods=["GET", "POST"])
@requires(MANAGE)
def close_drill(drill_id: UUID) -> Response:
    """What closing will do; and do it."""
    drill = queries.drill_for(actor(), drill_id, MANAGE)
    if request.method == "POST":
        with transaction():
            closing = services.close_drill(drill, by=actor(), at=now())
            _tell(closing.feeding)
        return see_other("drills.manage_drill", drill_id=drill_id)
    if drill.state is not DrillState.OPEN:
        return see_other("drills.manage_drill", drill_id=drill_id)
    return page(
        "drills/close.html",
        drill=drill,
        preview=presenters.closing_preview(drill, now()),
        duration=duration,
    )


@blueprint.post("/drills/<uuid:drill_id>/entries")
@requires(MANAGE)
def enter_best(drill_id: UUID) -> Response:
    """Enter the best of a closed drill when the event takes entries only now."""
    drill = queries.drill_for(actor(), drill_id, MANAGE)
    with transaction():
        _tell(services.enter_best(drill, by=actor(), at=now()))
    return see_other("drills.manage_drill", drill_id=drill_id)


@blueprint.get("/drills/<uuid:drill_id>/ranking.xlsx")
@requires(MANAGE)
def export_ranking(drill_id: UUID) -> Response:
    """The final ranking as a workbook."""
    drill = queries.drill_for(actor(), drill_id, MANAGE)
    if drill.state is not DrillState.CLOSED:
        raise NotFound(sentence("The ranking is there when the drill is closed."))
    return send_file(
        io.BytesIO(documents.ranking_workbook(drill)),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"drill-{drill.id.hex[-8:]}.xlsx",
    )


# --- shared ---------------------------------------------------------------------------------------


def _tell(feeding: services.Feeding) -> None:
    """What became of the best, above the next page."""
    if feeding.waits:
        flash(say(feeding.waits), "warning")
    if feeding.entered:
        flash(say(sentence("%(count)s of the best were entered.", count=len(feeding.entered))), "success")
    for one in feeding.passed_over[:20]:
        words = sentence(
            "Place %(place)s, %(name)s, was passed over: %(reason)s",
            place=one.place,
            name=one.worker.name,
            reason=one.reasons[0],
        )
        flash(say(words), "warning")


def _worker() -> Worker:
    worker = worker_of(actor())
    if worker is None:
        raise NotFound(
            sentence("Your account is not joined to a worker."),
            next_step=sentence("Ask your unit to give you an account on your record."),
        )
    return worker


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["SETTINGS"].time_zone)


def _offering(form: DrillForm, drill: Drill | None = None) -> DrillForm:
    units = [drill.organisation] if drill else reachable_organisations(actor(), MANAGE)
    events = queries.possible_events(actor())
    if drill and drill.event and drill.event not in events:
        events = [drill.event, *events]
    form.offer(
        [(str(unit.id), name_of(unit)) for unit in units],
        [(str(event.id), f"{name_of(event.competition)} · {name_of(event)}") for event in events],
    )
    return form


def _event(form: DrillForm) -> Event | None:
    return (
        event_for(actor(), UUID(form.event.data), Permission.COMPETITIONS_EVENT_MANAGE)
        if form.event.data
        else None
    )
