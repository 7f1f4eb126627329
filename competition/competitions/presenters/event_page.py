"""The organiser's part of an event's page: what is done, what is next, and what stands in the way."""

from dataclasses import dataclass

from flask import current_app, url_for

from competition.competitions import blockers, event_links, queries
from competition.competitions.event_links import EventLink, Step
from competition.competitions.models import Event
from competition.competitions.services import OWN_MOVES
from competition.rules.access import Actor, Permission
from competition.rules.lifecycle import TRANSITIONS, EventState, Move, moves_from
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class Link:
    """A page about the event, and what waits there."""

    label: Sentence
    href: str
    matter: Sentence | None


@dataclass(frozen=True)
class Task:
    """A step in the list of steps."""

    title: Sentence
    href: str | None
    hint: Sentence | None
    status: Sentence
    tone: str


@dataclass(frozen=True)
class MoveOffer:
    """A move this person can ask for, what it does, and what stands in its way."""

    move: Move
    title: Sentence
    consequence: Sentence
    blockers: tuple[Sentence, ...]
    needs_reason: bool
    tone: str


def page_links(event: Event, actor: Actor) -> list[Link]:
    """The pages of other rooms about this event, for this person, now."""
    return [
        Link(link.label, _href(link, event), link.matter(event, actor) if link.matter else None)
        for link in event_links.links_for(event, actor)
        if link.endpoint in current_app.view_functions
    ]


def move_offers(event: Event, actor: Actor) -> list[MoveOffer]:
    """The moves made on this page, where the person may make them."""
    if not actor.may(Permission.COMPETITIONS_EVENT_MANAGE, queries.scope_of_event(event)):
        return []
    return [
        MoveOffer(
            move=move,
            title=TRANSITIONS[move].title,
            consequence=_CONSEQUENCES[move],
            blockers=blockers.blockers_of(event, move),
            needs_reason=move is Move.CANCEL,
            tone="danger" if move is Move.CANCEL else "primary",
        )
        for move in moves_from(event.state)
        if move in OWN_MOVES
    ]


def tasks_of(event: Event, actor: Actor) -> list[Task]:
    """Every step of the event in order: whether it is done, and what blocks the move that ends it."""
    hrefs, matters = _step_hrefs(event, actor), _step_matters(event, actor)
    return [_task(step, event, hrefs.get(step), matters.get(step)) for step in event_links.steps_of(event)]


def _task(step: Step, event: Event, href: str | None, matter: Sentence | None) -> Task:
    standing, hint = _standing(step, event)
    if standing == "open" and event_links.is_done(step, event):
        standing, hint = "done", None
    elif matter is not None:
        standing, hint = "blocked", matter
    status, tone = _STANDINGS[standing]
    return Task(_TITLES[step], href, hint, status, tone)


def _standing(step: Step, event: Event) -> tuple[str, Sentence | None]:
    if event.state == EventState.CANCELLED:
        return "off", None
    if step is Step.BASICS:
        return "done", None
    move, begins, ends = _SPANS[step]
    place = _ORDER.index(EventState(event.state))
    if ends is not None and place >= _ORDER.index(ends):
        return "done", None
    if place < _ORDER.index(begins):
        return "later", None
    reasons = blockers.blockers_of(event, move) if move else ()
    if reasons:
        return "blocked", _in_brief(reasons)
    return ("ready" if move else "open"), None


def _in_brief(reasons: tuple[Sentence, ...]) -> Sentence:
    if len(reasons) == 1:
        return reasons[0]
    return sentence("%(first)s (and %(more)s more)", first=reasons[0], more=len(reasons) - 1)


def _step_hrefs(event: Event, actor: Actor) -> dict[Step, str]:
    hrefs = {Step.RULE_SET: url_for("competitions.show_rule_set", event_id=event.id)}
    if actor.may(Permission.COMPETITIONS_EVENT_MANAGE, queries.scope_of_event(event)):
        hrefs[Step.BASICS] = url_for("competitions.edit_event", event_id=event.id)
    for link in event_links.links_for(event, actor):
        if link.step and link.endpoint in current_app.view_functions:
            hrefs.setdefault(link.step, _href(link, event))
    return hrefs


def _step_matters(event: Event, actor: Actor) -> dict[Step, Sentence]:
    found: dict[Step, Sentence] = {}
    for link in event_links.links_for(event, actor):
        matter = link.matter(event, actor) if link.step and link.matter else None
        if link.step and matter is not None:
            found.setdefault(link.step, matter)
    return found


def _href(link: EventLink, event: Event) -> str:
    return url_for(link.endpoint, event_id=event.id)


_ORDER = (
    EventState.DRAFT,
    EventState.REGISTRATION,
    EventState.ENTRIES_CLOSED,
    EventState.DRAWN,
    EventState.SCORING,
    EventState.SCORED,
    EventState.PUBLISHED,
)
_SPANS: dict[Step, tuple[Move | None, EventState, EventState | None]] = {
    Step.RULE_SET: (Move.OPEN_REGISTRATION, EventState.DRAFT, EventState.REGISTRATION),
    Step.ENTRIES: (Move.CLOSE_REGISTRATION, EventState.REGISTRATION, EventState.ENTRIES_CLOSED),
    Step.DRAW: (Move.DRAW, EventState.ENTRIES_CLOSED, EventState.DRAWN),
    Step.PANELS: (Move.START_SCORING, EventState.REGISTRATION, EventState.SCORING),
    Step.SCORING: (Move.CLOSE_SCORING, EventState.SCORING, EventState.SCORED),
    Step.RECHECK: (None, EventState.SCORED, EventState.PUBLISHED),
    Step.RESULTS: (Move.PUBLISH, EventState.SCORED, EventState.PUBLISHED),
    Step.APPEALS: (None, EventState.SCORED, None),
    Step.CERTIFICATES: (None, EventState.PUBLISHED, None),
}
"""The move that ends a step, the state in which the step can begin, and the state in which it is over."""

_TITLES = {
    Step.BASICS: sentence("Basics"),
    Step.RULE_SET: sentence("Rule set"),
    Step.ENTRIES: sentence("Entries"),
    Step.DRAW: sentence("Draw"),
    Step.PANELS: sentence("Panels"),
    Step.SCORING: sentence("Scoring"),
    Step.RECHECK: sentence("Re-check"),
    Step.RESULTS: sentence("Results"),
    Step.APPEALS: sentence("Appeals"),
    Step.CERTIFICATES: sentence("Certificates"),
}
_STANDINGS = {
    "done": (sentence("Completed"), "success"),
    "ready": (sentence("Ready for the next step"), "info"),
    "blocked": (sentence("To do"), "warning"),
    "open": (sentence("Under way"), "info"),
    "later": (sentence("Not yet"), "neutral"),
    "off": (sentence("Cancelled"), "neutral"),
}
_CONSEQUENCES = {
    Move.OPEN_REGISTRATION: sentence(
        "The event becomes public and people can enter. The rule set is frozen: from then on two people together can correct it."
    ),
    Move.CLOSE_REGISTRATION: sentence("Nobody can enter any more; the draw can be made."),
    Move.REOPEN_REGISTRATION: sentence("People can enter again until registration is closed once more."),
    Move.CANCEL: sentence("The event ends here. This cannot be undone."),
}
