"""What stands in the way of a move of an event, said by the rooms that know.

A room registers a function for a move when its services are imported; `services.move_event` asks all of them and
refuses with every reason at once, and the task list of the event page shows the same reasons beforehand.
"""

from collections.abc import Callable

from competition.competitions.models import Event
from competition.rules.lifecycle import Move
from competition.rules.sentences import Sentence

Blockers = Callable[[Event], tuple[Sentence, ...]]

_registered: dict[Move, list[Blockers]] = {}


def register(move: Move, function: Blockers) -> None:
    """Let `function` be asked before the move; it answers with every reason against it, () for none."""
    known = _registered.setdefault(move, [])
    if function not in known:
        known.append(function)


def blockers_of(event: Event, move: Move) -> tuple[Sentence, ...]:
    """Every reason against the move that the rooms know now, in the order in which they registered."""
    return tuple(reason for function in _registered.get(move, ()) for reason in function(event))
