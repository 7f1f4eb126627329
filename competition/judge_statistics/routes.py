"""Pages of judge statistics and calibration, for the chief judge and whoever oversees the judging, and for judges."""

from uuid import UUID

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from competition.clock import now
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.models import Event
from competition.competitions.queries import event_for, modules_of, rule_set_of
from competition.errors import NotFound
from competition.judge_statistics import presenters, queries, services
from competition.judge_statistics.forms import MarksForm, PieceForm, marks_form
from competition.judge_statistics.models import CalibrationPiece
from competition.judge_statistics.queries.calibrations import REFERENCE
from competition.panels.models import Judge
from competition.panels.queries import judge_of
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, requires
from competition.web.forms import EmptyForm, choices, reporting
from competition.web.language import language, say
from competition.web.paging import page_number
from competition.web.templating import page, see_other

blueprint = Blueprint("judge_statistics", __name__)

READ = Permission.RESULTS_REVISION_READ
SEATS = Permission.PANELS_SEAT_ASSIGN
MARK = Permission.SCORING_SHEET_MARK
_BEFORE_PUBLICATION = {
    EventState.REGISTRATION,
    EventState.ENTRIES_CLOSED,
    EventState.DRAWN,
    EventState.SCORING,
    EventState.SCORED,
}

event_links.offer(
    sentence("Judge statistics"),
    "judge_statistics.show_statistics",
    READ,
    {EventState.SCORING, EventState.SCORED, EventState.PUBLISHED},
    step=Step.SCORING,
    order=45,
)
event_links.offer(
    sentence("Calibration of judges"),
    "judge_statistics.list_pieces",
    SEATS,
    _BEFORE_PUBLICATION,
    step=Step.PANELS,
    order=35,
)
event_links.offer(
    sentence("Calibration pieces to mark"),
    "judge_statistics.list_own_pieces",
    MARK,
    _BEFORE_PUBLICATION,
    order=36,
)


@blueprint.get("/events/<uuid:event_id>/judge-statistics")
@requires(READ)
def show_statistics(event_id: UUID) -> Response:
    """What the marks so far say about the judges."""
    event = event_for(actor(), event_id, READ)
    marked = queries.marked(event)
    shown = presenters.statistics_of(marked, page=page_number())
    return page("judge_statistics/show.html", event=event, statistics=shown)


@blueprint.get("/events/<uuid:event_id>/judge-statistics/<seat>")
@requires(READ)
def show_influence(event_id: UUID, seat: str) -> Response:
    """Whose place one judge decides: the result as it is, and as it would be without this judge."""
    event = event_for(actor(), event_id, READ)
    marked = queries.marked(event)
    if all(judge.id != seat for judge in marked.contest.judges):
        raise NotFound()
    moved = queries.moved_by(marked, seat)
    return page(
        "judge_statistics/influence.html",
        event=event,
        seat=seat,
        called=presenters.called(seat, marked),
        moved=[(marked.codes.get(each.entrant, "–"), each) for each in moved],
        awards=presenters.award_titles(marked),
    )


# --- calibration ----------------------------------------------------------------------------------


@blueprint.route("/events/<uuid:event_id>/calibration", methods=["GET", "POST"])
@requires(SEATS)
def list_pieces(event_id: UUID) -> Response:
    """The pieces of an event; POST opens another one."""
    event = event_for(actor(), event_id, SEATS)
    form = PieceForm()
    rules = rule_set_of(event)
    judged = [module for module in modules_of(rules) if queries.judged_aspects(rules, module.id)]
    form.module.choices = choices((module.id, module.title.in_language(language())) for module in judged)
    if form.validate_on_submit():
        with reporting(form), transaction():
            piece = services.open_piece(
                event, module=form.module.data, title=form.title.data, by=actor(), at=now()
            )
            return see_other("judge_statistics.show_piece", event_id=event_id, piece_id=piece.id)
    pieces = queries.pieces_of(event)
    return page("judge_statistics/pieces.html", form=form, event=event, pieces=pieces, modules=judged)


@blueprint.get("/events/<uuid:event_id>/calibration/<uuid:piece_id>")
@requires(SEATS)
def show_piece(event_id: UUID, piece_id: UUID) -> Response:
    """How the judges marked a piece, against the reference or the mean."""
    return _piece_page(event_for(actor(), event_id, SEATS), piece_id)


@blueprint.post("/events/<uuid:event_id>/calibration/<uuid:piece_id>/reference")
@requires(SEATS)
def give_reference(event_id: UUID, piece_id: UUID) -> Response:
    """The marks that the experts agreed on."""
    event = event_for(actor(), event_id, SEATS)
    piece = queries.piece_for(actor(), event_id, piece_id, SEATS)
    form = _marks_form(event, piece, REFERENCE)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.mark_piece(piece, marks=form.marks(), judge=None, by=actor(), at=now())
            return see_other("judge_statistics.show_piece", event_id=event_id, piece_id=piece_id)
    return _piece_page(event, piece_id, form)


@blueprint.post("/events/<uuid:event_id>/calibration/<uuid:piece_id>/closing")
@requires(SEATS)
def close_piece(event_id: UUID, piece_id: UUID) -> Response:
    """End the marking of a piece and show its judges all marks."""
    event = event_for(actor(), event_id, SEATS)
    form = EmptyForm()
    if form.validate_on_submit():
        with transaction():
            piece = queries.piece_for(actor(), event_id, piece_id, SEATS)
            services.close_piece(piece, by=actor(), at=now())
        return see_other("judge_statistics.show_piece", event_id=event_id, piece_id=piece_id)
    return _piece_page(event, piece_id)


def _piece_page(event: Event, piece_id: UUID, form: MarksForm | None = None) -> Response:
    piece = queries.piece_for(actor(), event.id, piece_id, SEATS)
    return page(
        "judge_statistics/piece.html",
        form=form or _marks_form(event, piece, REFERENCE, fresh=True),
        status=422 if request.method == "POST" else None,
        event=event,
        piece=piece,
        found=presenters.calibration_of(queries.calibrated(piece, event)),
    )


def _marks_form(event: Event, piece: CalibrationPiece, giver: str, *, fresh: bool = False) -> MarksForm:
    aspects = queries.judged_aspects(rule_set_of(event), piece.module)
    return marks_form(aspects, language(), queries.own_marks(piece, giver), fresh=fresh)


@blueprint.get("/judging/<uuid:event_id>/calibration")
@requires(MARK)
def list_own_pieces(event_id: UUID) -> Response:
    """The pieces that I can mark as a judge of this event."""
    event, judge = event_for(actor(), event_id, MARK), judge_of(actor())
    pieces = queries.pieces_for_judge(judge, event) if judge else []
    done = {piece.id: bool(judge and queries.own_marks(piece, str(judge.id))) for piece in pieces}
    return page("judge_statistics/own_pieces.html", event=event, pieces=pieces, done=done)


@blueprint.route("/judging/<uuid:event_id>/calibration/<uuid:piece_id>", methods=["GET", "POST"])
@requires(MARK)
def mark_piece(event_id: UUID, piece_id: UUID) -> Response:
    """My marks of a piece; after the closing, everybody's."""
    piece, judge = queries.piece_for_judge(actor(), event_id, piece_id)
    event = event_for(actor(), event_id, MARK)
    form = _marks_form(event, piece, str(judge.id))
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.mark_piece(piece, marks=form.marks(), judge=judge, by=actor(), at=now())
            flash(say(sentence("Your marks are stored on the server.")), "success")
            return see_other("judge_statistics.list_own_pieces", event_id=event_id)
    return _own_piece_page(event, piece, judge, form)


def _own_piece_page(event: Event, piece: CalibrationPiece, judge: Judge, form: MarksForm) -> Response:
    is_closed = piece.closed_at is not None
    found = presenters.calibration_of(queries.calibrated(piece, event)) if is_closed else None
    return page(
        "judge_statistics/mark_piece.html",
        form=form,
        event=event,
        piece=piece,
        found=found,
        name=judge.account.name,
    )
