"""What a rule set says that has no effect on who is there, said by the rooms that know.

A room above registers itself when its services are imported; the page of the rule set shows the organiser what they
say. A caution stands in the way of nothing: whoever has not come yet may be the one it misses.
"""

from collections.abc import Callable
from dataclasses import dataclass

from competition.competitions.models import Event
from competition.rules.sentences import Sentence


@dataclass(frozen=True)
class Caution:
    """What has no effect and why, and what to do about it."""

    sentence: Sentence
    next_step: Sentence


Cautious = Callable[[Event], tuple[Caution, ...]]

_registered: list[Cautious] = []


def register(function: Cautious) -> None:
    """Let `function` be asked about the rule set that counts now; it answers () for nothing."""
    if function not in _registered:
        _registered.append(function)


def cautions_of(event: Event) -> tuple[Caution, ...]:
    """Everything the rooms know now, in the order in which they registered."""
    return tuple(caution for function in _registered for caution in function(event))
