"""Pages of other rooms on the page of an event.

A room above offers its pages when its routes are imported; the event page shows those that fit the event's state
and the person, and the organiser's task list leads to the first one of each step:

    event_links.offer(sentence("Draw"), "draws.show_draw", Permission.DRAWS_DRAW_MAKE,
                      {EventState.ENTRIES_CLOSED, EventState.DRAWN}, step=Step.DRAW)

The endpoint takes `event_id` and nothing else. Permission None offers the page to everybody, visitors included.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from competition.competitions.models import Event
from competition.competitions.queries import scope_of_event
from competition.rules.access import Actor, Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence


class Step(StrEnum):
    """The steps of an event, in the order of the organiser's task list."""

    BASICS = "basics"
    RULE_SET = "rule_set"
    ENTRIES = "entries"
    DRAW = "draw"
    PANELS = "panels"
    SCORING = "scoring"
    RESULTS = "results"
    CERTIFICATES = "certificates"


@dataclass(frozen=True)
class EventLink:
    """A page about an event, who may open it and in which states it is there."""

    label: Sentence
    endpoint: str
    permission: Permission | None
    states: frozenset[EventState]
    step: Step | None
    order: int


_offered: list[EventLink] = []


def offer(
    label: Sentence,
    endpoint: str,
    permission: Permission | None = None,
    states: Iterable[EventState] = EventState,
    *,
    step: Step | None = None,
    order: int = 50,
) -> None:
    """Offer a page on every event in these states (all when none is named); `order` sorts, small first."""
    link = EventLink(label, endpoint, permission, frozenset(states), step, order)
    if link not in _offered:
        _offered.append(link)
        _offered.sort(key=lambda known: known.order)


def links_for(event: Event, actor: Actor) -> tuple[EventLink, ...]:
    """The pages this person may open about this event now."""
    scope = scope_of_event(event)
    return tuple(
        link
        for link in _offered
        if event.state in link.states and (link.permission is None or actor.may(link.permission, scope))
    )
