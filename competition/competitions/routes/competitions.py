"""Pages of competitions and events."""

from uuid import UUID

from flask import flash, request
from werkzeug.wrappers import Response

from competition.clock import now
from competition.competitions import presenters, queries, services
from competition.competitions.forms import (
    CompetitionForm,
    EventForm,
    ListForm,
    MoveForm,
    NewCompetitionForm,
    NewEventForm,
    ParentForm,
)
from competition.competitions.models import Competition, Event, Tier
from competition.competitions.queries import Wanted
from competition.competitions.routes.blueprint import MANAGE, MANAGE_EVENT, blueprint
from competition.errors import RuleBroken
from competition.organisations.queries import organisation_for, reachable_organisations
from competition.rules.lifecycle import PUBLIC_STATES, TRANSITIONS, EventState, Move
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, public, requires
from competition.web.errors import constraint_says
from competition.web.forms import reporting
from competition.web.language import say
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other
from competition.workers.models import Occupation
from competition.workers.queries import occupation_by_code, occupations

SIZE = 20

menu_entry(sentence("Competitions"), "competitions.list_competitions", None, 10)
menu_entry(sentence("My competitions"), "competitions.list_managed", queries.READ, 11)
constraint_says("uq_competition_code", sentence("The code of the competition is taken. Choose another one."))
constraint_says(
    "uq_event_competition_id_code",
    sentence("The code is taken in this competition. Choose another one."),
)


# --- competitions ---------------------------------------------------------------------------------


@blueprint.get("/competitions")
@public
def list_competitions() -> Response:
    """What anybody may know of, the latest first."""
    form, wanted = _wanted(sorted(PUBLIC_STATES, key=list(EventState).index))
    found = queries.public_competitions(wanted, page=page_number(), size=SIZE)
    return _list_page("competitions/list.html", form, wanted, found)


@blueprint.get("/competitions/mine")
@requires(queries.READ)
def list_managed() -> Response:
    """The competitions the person's roles reach, drafts included."""
    form, wanted = _wanted(list(EventState))
    found = queries.competitions_page(actor(), wanted, page=page_number(), size=SIZE)
    return _list_page("competitions/list_managed.html", form, wanted, found)


@blueprint.route("/competitions/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_competition() -> Response:
    """Open a competition."""
    hosts = reachable_organisations(actor(), MANAGE)
    form = NewCompetitionForm()
    form.offer_hosts(hosts)
    if form.validate_on_submit():
        with reporting(form), transaction():
            host = organisation_for(actor(), UUID(form.host.data), MANAGE)
            made = services.open_competition(
                code=form.code.data, host=host, **form.values(), by=actor(), at=now()
            )
            return see_other("competitions.show_competition", competition_id=made.id)
    return page("competitions/new.html", form=form, hosts=hosts)


@blueprint.get("/competitions/<uuid:competition_id>")
@public
def show_competition(competition_id: UUID) -> Response:
    """A competition with its events."""
    competition = queries.visible_competition(actor(), competition_id)
    return page(
        "competitions/show.html",
        competition=competition,
        events=queries.visible_events(actor(), competition),
        may_manage=actor().may(MANAGE, queries.scope_of(competition)),
        may_add=actor().may(MANAGE_EVENT, queries.scope_of(competition)),
    )


@blueprint.route("/competitions/<uuid:competition_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_competition(competition_id: UUID) -> Response:
    """Change what a competition says of itself."""
    competition = queries.competition_for(actor(), competition_id, MANAGE)
    form = CompetitionForm(obj=competition)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.change_competition(
                competition, **form.values(), version=form.version.number, by=actor(), at=now()
            )
            return see_other("competitions.show_competition", competition_id=competition.id)
    return page("competitions/edit.html", form=form, competition=competition)


# --- events ---------------------------------------------------------------------------------------


@blueprint.route("/competitions/<uuid:competition_id>/events/new", methods=["GET", "POST"])
@requires(MANAGE_EVENT)
def new_event(competition_id: UUID) -> Response:
    """Open an event as a draft."""
    competition = queries.competition_for(actor(), competition_id, MANAGE_EVENT)
    form = NewEventForm()
    form.offer_occupations(occupations())
    form.offer_starters(queries.starters())
    if form.validate_on_submit():
        with reporting(form), transaction():
            made = services.open_event(
                competition,
                code=form.code.data,
                occupation=_occupation(form),
                rule_set=queries.starter(form.starter.data),
                **form.values(),
                by=actor(),
                at=now(),
            )
            return see_other("competitions.show_event", event_id=made.id)
    return page("competitions/new_event.html", form=form, competition=competition)


@blueprint.get("/events/<uuid:event_id>")
@public
def show_event(event_id: UUID) -> Response:
    """An event: what, who may enter, when; and for its people what is to be done."""
    event = queries.visible_event(actor(), event_id)
    works_here = actor().may(queries.READ, queries.scope_of_event(event))
    return page(
        "competitions/show_event.html",
        event=event,
        works_here=works_here,
        may_manage=actor().may(MANAGE_EVENT, queries.scope_of_event(event)),
        conditions=presenters.condition_lines(queries.rule_set_of(event).eligibility),
        rule_set_title=queries.rule_set_of(event).title,
        above=queries.ladder_of(event)[1:],
        feeders=[each for each in queries.feeders_of(event) if queries.is_visible(actor(), each)],
        is_visible=lambda other: queries.is_visible(actor(), other),
        links=presenters.page_links(event, actor()),
        tasks=presenters.tasks_of(event, actor()) if works_here else [],
        moves=presenters.move_offers(event, actor()),
        history=queries.moves_of(event) if works_here else [],
        move_title=lambda move: TRANSITIONS[Move(move)].title,
    )


@blueprint.route("/events/<uuid:event_id>/edit", methods=["GET", "POST"])
@requires(MANAGE_EVENT)
def edit_event(event_id: UUID) -> Response:
    """Change what an event says of itself."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    form = EventForm.of(event)
    form.offer_occupations(occupations())
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.change_event(
                event,
                occupation=_occupation(form),
                **form.values(),
                version=form.version.number,
                by=actor(),
                at=now(),
            )
            return see_other("competitions.show_event", event_id=event.id)
    return page("competitions/edit_event.html", form=form, event=event)


@blueprint.route("/events/<uuid:event_id>/parent", methods=["GET", "POST"])
@requires(MANAGE_EVENT)
def edit_parent(event_id: UUID) -> Response:
    """Say where the winners of an event go on."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    parents = queries.possible_parents(event, actor())
    if event.parent is not None and event.parent not in parents:
        parents.append(event.parent)
    form = ParentForm(
        data={
            "parent": str(event.parent_id or ""),
            "quota": event.parent_quota,
            "reserves": event.parent_reserves,
        }
    )
    form.offer_parents(parents)
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.link_parent(
                event,
                parent=queries.event_by_id(UUID(form.parent.data)) if form.parent.data else None,
                quota=int(form.quota.data or 0),
                reserves=int(form.reserves.data or 0),
                by=actor(),
                at=now(),
            )
            return see_other("competitions.show_event", event_id=event.id)
    return page("competitions/edit_parent.html", form=form, event=event, parents=parents)


@blueprint.post("/events/<uuid:event_id>/moves")
@requires(MANAGE_EVENT)
def move_event(event_id: UUID) -> Response:
    """Move an event on; a refused move answers with all reasons."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    form = MoveForm()
    move = next((each for each in services.OWN_MOVES if each == form.move.data), None)
    if move is None or not form.validate_on_submit():
        raise RuleBroken(
            sentence("This step is not made here."),
            next_step=sentence("Open the page of the event; every step has its place there."),
        )
    with transaction():
        services.move_event(event, move, reason=form.reason.data or "", by=actor(), at=now())
    flash(say(_DONE[move]), "success")
    return see_other("competitions.show_event", event_id=event_id)


_DONE = {
    Move.OPEN_REGISTRATION: sentence("Registration is open; the rule set is frozen."),
    Move.CLOSE_REGISTRATION: sentence("Registration is closed. Next comes the draw."),
    Move.REOPEN_REGISTRATION: sentence("Registration is open again."),
    Move.CANCEL: sentence("The event is cancelled."),
}


def _occupation(form: EventForm) -> Occupation:
    found = occupation_by_code(form.occupation.data)
    if found is None:
        raise RuleBroken(sentence("The occupation is not in the catalogue any more. Choose another one."))
    return found


def _events_of(competition: Competition) -> list[Event]:
    return queries.visible_events(actor(), competition)


def _list_page(
    template: str, form: ListForm, wanted: Wanted, found: tuple[list[Competition], int]
) -> Response:
    rows, total = found
    return page(
        template,
        filters=form,
        found=Page(rows, page_number(), SIZE, total),
        events_of=_events_of,
        narrowed=wanted != Wanted(),
    )


def _wanted(states: list[EventState]) -> tuple[ListForm, Wanted]:
    """The filters as a form and as a wish; what is not on offer is no wish."""
    form = ListForm(formdata=request.args, meta={"csrf": False})
    form.offer(queries.editions(), states)
    text, edition = (form.text.data or "")[:100], form.edition.data or ""
    wanted = Wanted(
        text=text,
        tier=next((each for each in Tier if each == form.tier.data), None),
        edition=int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 5 else None,
        state=next((each for each in states if each == form.state.data), None),
    )
    return form, wanted
