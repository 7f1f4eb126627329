"""What keeps a published result from the public for a while, said by the rooms that know.

A room above registers itself when its models are read (boards: an award ceremony that was opened before the result was
published). Whatever the public sees of results asks here, through `results.queries.released_revision` and its siblings;
so does whatever opens with the publication (the seed of the draw, links to the result). To the public an event whose
result is held back looks as it did before the publication; whoever prepares and publishes results sees it as ever.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from competition.competitions.models import Event
from competition.rules.lifecycle import EventState

Held = Callable[[UUID | None], frozenset[UUID]]
"""The events whose result is held back now: of all events, or of this one (itself or none)."""
LetGo = Callable[[UUID], datetime | None]
"""When a room that held the result of this event back let it go; None where it never held it."""

_registered: list[tuple[Held, LetGo]] = []


def register(held: Held, let_go: LetGo) -> None:
    """Let `held` be asked before anything of a published result is shown to the public, and `let_go` afterwards."""
    if (held, let_go) not in _registered:
        _registered.append((held, let_go))


def is_held(event_id: UUID) -> bool:
    """Whether the published result of this event is held back from the public at this moment."""
    return any(event_id in held(event_id) for held, _ in _registered)


def held_events() -> frozenset[UUID]:
    """Every event whose published result is held back at this moment."""
    found: frozenset[UUID] = frozenset()
    return found.union(*(held(None) for held, _ in _registered))


def let_go_at(event_id: UUID) -> datetime | None:
    """When the last room that held the result of this event back let it go; None where none did. To be asked only of a
    result that is not held any more; the moment may lie before the publication."""
    return max((at for _, let_go in _registered if (at := let_go(event_id)) is not None), default=None)


def is_public(event: Event) -> bool:
    """Whether the result of this event is published and can be seen."""
    return event.state == EventState.PUBLISHED and not is_held(event.id)


def shown_state(event: Event, held: Collection[UUID]) -> EventState:
    """The state as the public is told it, with the events that are held: the marking is closed, and no more."""
    state = EventState(event.state)
    return EventState.SCORED if state is EventState.PUBLISHED and event.id in held else state
