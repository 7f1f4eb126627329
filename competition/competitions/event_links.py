"""Pages of other rooms on the page of an event.

A room above offers its pages when its routes are imported; the event page shows those that fit the event's state
and the person, and the organiser's task list leads to the first one of each step:

    event_links.offer(sentence("Draw"), "draws.show_draw", Permission.DRAWS_DRAW_MAKE,
                      {EventState.ENTRIES_CLOSED, EventState.DRAWN}, step=Step.DRAW)

The endpoint takes `event_id` and nothing else. Permission None offers the page to everybody, visitors included. `applies`
leaves out events whose rules know nothing of the page; `matter` says what waits there for this person.
"""

from collections.abc import Callable, Iterable
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
    RECHECK = "recheck"
    RESULTS = "results"
    APPEALS = "appeals"
    CERTIFICATES = "certificates"


BY_RULE = frozenset({Step.RECHECK, Step.APPEALS})
"""The steps that an event has only where its rules ask for them: where a page of theirs applies."""

Applies = Callable[[Event], bool]
Matter = Callable[[Event, Actor], Sentence | None]


@dataclass(frozen=True)
class EventLink:
    """A page about an event, who may open it and in which states it is there."""

    label: Sentence
    endpoint: str
    permission: Permission | None
    states: frozenset[EventState]
    step: Step | None
    order: int
    applies: Applies | None = None
    matter: Matter | None = None
    is_done: Applies | None = None

    def is_for(self, event: Event) -> bool:
        """Whether the event, in its state and by its rules, has this page."""
        return event.state in self.states and (self.applies is None or self.applies(event))


_offered: list[EventLink] = []


def offer(
    label: Sentence,
    endpoint: str,
    permission: Permission | None = None,
    states: Iterable[EventState] = EventState,
    *,
    step: Step | None = None,
    order: int = 50,
    applies: Applies | None = None,
    matter: Matter | None = None,
    is_done: Applies | None = None,
) -> None:
    """Offer a page on every event in these states (all when none is named); `order` sorts, small first.

    `is_done` says when its step is over, for a step that no state of the event ends.
    """
    link = EventLink(label, endpoint, permission, frozenset(states), step, order, applies, matter, is_done)
    if link not in _offered:
        _offered.append(link)
        _offered.sort(key=lambda known: known.order)


def links_for(event: Event, actor: Actor) -> tuple[EventLink, ...]:
    """The pages this person may open about this event now."""
    scope = scope_of_event(event)
    return tuple(
        link
        for link in _offered
        if (link.permission is None or actor.may(link.permission, scope)) and link.is_for(event)
    )


def steps_of(event: Event) -> tuple[Step, ...]:
    """The steps this event has, in order, whatever state it is in."""
    by_rule = {
        link.step
        for link in _offered
        if link.step in BY_RULE and (link.applies is None or link.applies(event))
    }
    return tuple(step for step in Step if step not in BY_RULE or step in by_rule)


def is_done(step: Step, event: Event) -> bool:
    """Whether a page of this step says that nothing is left to do in it."""
    return any(
        link.is_done is not None and link.is_for(event) and link.is_done(event)
        for link in _offered
        if link.step is step
    )
