"""Pages of competitions, events and rule sets."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, request
from werkzeug.wrappers import Response

from competition.clock import now
from competition.competitions import names, places, presenters, queries, services
from competition.competitions.forms import (
    CompetitionForm,
    EventForm,
    ListForm,
    MoveForm,
    NewCompetitionForm,
    NewEventForm,
    ParentForm,
    RuleSetForm,
)
from competition.competitions.models import Competition, Event, Tier
from competition.competitions.queries import Wanted
from competition.competitions.words import TITLES, TONES
from competition.errors import NotFound, RuleBroken
from competition.organisations.queries import organisation_for, reachable_organisations
from competition.orm import canonical_json, read_json
from competition.rules.access import Permission
from competition.rules.lifecycle import PUBLIC_STATES, STATE_TITLES, TRANSITIONS, EventState, Move
from competition.rules.ruleset import SCHEMA
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

blueprint = Blueprint("competitions", __name__)

MANAGE = Permission.COMPETITIONS_COMPETITION_MANAGE
MANAGE_EVENT = Permission.COMPETITIONS_EVENT_MANAGE
SIZE = 20

__all__ = ["blueprint", "places"]  # places is imported for what it registers

menu_entry(sentence("Competitions"), "competitions.list_competitions", None, 10)
menu_entry(sentence("My competitions"), "competitions.list_managed", queries.READ, 11)
constraint_says("uq_competition_code", sentence("The code of the competition is taken. Choose another one."))
constraint_says(
    "uq_event_competition_id_code",
    sentence("The code is taken in this competition. Choose another one."),
)


@blueprint.app_context_processor
def words() -> dict[str, object]:
    """The words for tiers, classes, groups and states, for every template."""
    return {
        "titles": TITLES,
        "tones": TONES,
        "state_titles": STATE_TITLES,
        "edition_of": names.edition_of,
    }


# --- competitions ---------------------------------------------------------------------------------


@blueprint.get("/competitions")
@public
def list_competitions() -> Response:
    """What anybody may know of, the latest first."""
    form, wanted = _wanted(sorted(PUBLIC_STATES, key=list(EventState).index))
    rows, total = queries.public_competitions(wanted, page=page_number(), size=SIZE)
    return page(
        "competitions/list.html",
        filters=form,
        found=Page(rows, page_number(), SIZE, total),
        events_of=_events_of,
        narrowed=wanted != Wanted(),
    )


@blueprint.get("/competitions/mine")
@requires(queries.READ)
def list_managed() -> Response:
    """The competitions the person's roles reach, drafts included."""
    form, wanted = _wanted(list(EventState))
    rows, total = queries.competitions_page(actor(), wanted, page=page_number(), size=SIZE)
    return page(
        "competitions/list_managed.html",
        filters=form,
        found=Page(rows, page_number(), SIZE, total),
        events_of=_events_of,
        narrowed=wanted != Wanted(),
    )


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


# --- rule sets ------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/rule-set")
@public
def show_rule_set(event_id: UUID) -> Response:
    """The rule set as a table in words, with its frozen versions."""
    event = queries.visible_event(actor(), event_id)
    return page(
        "competitions/show_rule_set.html",
        event=event,
        view=presenters.rule_set_view(queries.rule_set_of(event)),
        conditions=presenters.condition_lines(queries.rule_set_of(event).eligibility),
        hash=queries.rule_hash(event),
        versions=queries.versions_of(event),
        may_edit=event.state == EventState.DRAFT and actor().may(MANAGE_EVENT, queries.scope_of_event(event)),
    )


@blueprint.route("/events/<uuid:event_id>/rule-set/edit", methods=["GET", "POST"])
@requires(MANAGE_EVENT)
def edit_rule_set(event_id: UUID) -> Response:
    """Replace the draft by a starter, a file or a text."""
    event = queries.event_for(actor(), event_id, MANAGE_EVENT)
    form = RuleSetForm(data={"text": _indented(event.rule_set), "version": str(event.version)})
    form.offer_starters(queries.starters())
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.change_rule_set(
                event, document=_sent_document(form), version=form.version.number, by=actor(), at=now()
            )
            return see_other("competitions.show_rule_set", event_id=event.id)
    return page("competitions/edit_rule_set.html", form=form, event=event)


@blueprint.get("/events/<uuid:event_id>/rule-set.json")
@public
def download_rule_set(event_id: UUID) -> Response:
    """The rule set that counts now, as JSON."""
    event = queries.visible_event(actor(), event_id)
    return _json_file(queries.rule_document(event), f"rule-set-{event.code}.json")


@blueprint.get("/events/<uuid:event_id>/rule-set/versions/<int:number>.json")
@public
def download_rule_set_version(event_id: UUID, number: int) -> Response:
    """A frozen version in its canonical form: the bytes of which its hash is the SHA-256."""
    event = queries.visible_event(actor(), event_id)
    for version in queries.versions_of(event):
        if version.number == number:
            name = f"rule-set-{event.code}-{number}.json"
            return _json_file(version.document, name, canonical=True)
    raise NotFound()


@blueprint.get("/rule-set-schema.json")
@public
def show_schema() -> Response:
    """The JSON Schema of rule sets."""
    return jsonify(SCHEMA)


def _sent_document(form: RuleSetForm) -> dict[str, Any]:
    """The starter, the file or the text, whichever was given; RuleBroken says where it is not JSON."""
    if form.starter.data:
        return queries.starter(form.starter.data)
    try:
        text = form.file.data.read().decode("utf-8-sig") if form.file.data else form.text.data
        document = read_json(text or "")
    except UnicodeDecodeError as problem:
        raise RuleBroken(
            sentence("The file is not text in UTF-8. Save it as UTF-8 and send it again.")
        ) from problem
    except json.JSONDecodeError as problem:
        raise RuleBroken(
            sentence(
                "This is not JSON: line %(line)s, column %(column)s: %(problem)s.",
                line=problem.lineno,
                column=problem.colno,
                problem=problem.msg,
            )
        ) from problem
    except (RecursionError, ValueError) as problem:
        raise RuleBroken(sentence("This is not JSON: it is nested too deeply or damaged.")) from problem
    if not isinstance(document, dict):
        raise RuleBroken(sentence("A rule set is a JSON object: it begins with { and ends with }."))
    return document


def _json_file(document: dict[str, Any], name: str, *, canonical: bool = False) -> Response:
    body = canonical_json(document) if canonical else _indented(document)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype="application/json", headers=headers)


def _indented(document: dict[str, Any]) -> str:
    return json.dumps(json.loads(canonical_json(document)), ensure_ascii=False, indent=2) + "\n"


def _events_of(competition: Competition) -> list[Event]:
    return queries.visible_events(actor(), competition)


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
