"""Pages of draws."""

from dataclasses import astuple
from uuid import UUID

from flask import Blueprint, Response, flash
from werkzeug.wrappers import Response as Answer

from competition import tokens
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.blockers import blockers_of
from competition.competitions.event_links import Step
from competition.competitions.holds import is_public
from competition.competitions.names import name_with_competition
from competition.competitions.queries import event_by_id, event_for, rule_set_of
from competition.draws import documents, presenters, queries, services
from competition.draws.forms import DrawForm, ListForm
from competition.errors import NotFound
from competition.registration.queries import approved_entrants
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState, Move, refusal
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, public, requires
from competition.web.forms import reporting
from competition.web.language import say
from competition.web.templating import page, see_other

blueprint = Blueprint("draws", __name__)

MAKE = Permission.DRAWS_DRAW_MAKE
IDENTIFY = Permission.DRAWS_IDENTITY_READ
_AFTER_ENTRIES = frozenset(EventState) - {EventState.DRAFT, EventState.REGISTRATION, EventState.CANCELLED}

event_links.offer(sentence("Draw"), "draws.show_draw", MAKE, _AFTER_ENTRIES, step=Step.DRAW, order=20)
event_links.offer(
    sentence("Check the draw"),
    "draws.verify_current",
    None,
    {EventState.PUBLISHED},
    order=80,
    applies=is_public,
)


@blueprint.route("/events/<uuid:event_id>/draw", methods=["GET", "POST"])
@requires(MAKE)
def show_draw(event_id: UUID) -> Answer:
    """What will be drawn, the draw itself (POST makes one), and what was drawn."""
    event = event_for(actor(), event_id, MAKE)
    form = DrawForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.make_draw(
                event, seed=tokens.new_seed(), reason=form.reason.data or "", by=actor(), at=now()
            )
            flash(say(sentence("The draw is made and kept with its seed.")), "success")
            return see_other("draws.show_draw", event_id=event_id)
    draw = queries.current_draw(event)
    identify = queries.may_identify(actor(), event)
    return page(
        "draws/show.html",
        form=form,
        event=event,
        draw=draw,
        draws=queries.draws_of(event),
        entrants=len(approved_entrants(event)),
        method=presenters.method_words(rule_set_of(event).blind_layers),
        may_draw=refusal(event.state, Move.DRAW) is None,
        blockers=blockers_of(event, Move.DRAW),
        lines=presenters.place_lines(draw, with_people=identify) if draw else [],
        identify=identify,
        shows_seed=identify or is_public(event),
        seed_hash=queries.seed_hash,
        drawn_by=presenters.drawn_by,
    )


@blueprint.get("/events/<uuid:event_id>/draw/check")
@public
def verify_current(event_id: UUID) -> Answer:
    """The draw that counts, drawn again from its seed and compared."""
    draw = queries.current_draw(event_by_id(event_id))
    if draw is None:
        raise NotFound()
    return verify_draw(draw.id)


@blueprint.get("/draws/<uuid:draw_id>")
@public
def verify_draw(draw_id: UUID) -> Answer:
    """A draw, drawn again from its seed and compared; public once the result is published."""
    draw = queries.visible_draw(actor(), draw_id)
    return page(
        "draws/verify.html",
        draw=draw,
        event=event_by_id(draw.event_id),
        problem=queries.verify(draw),
        purposes=presenters.purposes(draw),
        seed_hash=queries.seed_hash(draw),
        drawn_by=presenters.drawn_by(draw),
    )


@blueprint.get("/draws/<uuid:draw_id>/record")
@requires(MAKE)
def print_record(draw_id: UUID) -> Answer:
    """The record of a draw for paper, with lines for signatures."""
    draw = queries.draw_for(actor(), draw_id, MAKE)
    event = event_by_id(draw.event_id)
    identify = queries.may_identify(actor(), event)
    return page(
        "draws/record.html",
        draw=draw,
        event=event,
        lines=presenters.place_lines(draw, with_people=identify),
        identify=identify,
        method=presenters.method_words(draw.blind_layers),
        seed_hash=queries.seed_hash(draw),
        drawn_by=presenters.drawn_by(draw),
    )


@blueprint.post("/draws/<uuid:draw_id>/lists")
@requires(IDENTIFY)
def take_list(draw_id: UUID) -> Answer:
    """The list that joins codes to people, as a spreadsheet; taking it goes on record."""
    draw = queries.draw_for(actor(), draw_id, IDENTIFY)
    form = ListForm()
    if not form.validate_on_submit():
        raise NotFound()
    with transaction():
        services.take_list(draw, by=actor(), at=now())
    event = event_by_id(draw.event_id)
    lines = presenters.place_lines(draw, with_people=True)
    body = documents.draw_list(name_with_competition(event), (astuple(line) for line in lines))
    name = presenters.file_name(event, draw)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(body, mimetype=kind, headers=headers)
