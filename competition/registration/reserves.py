"""What keeps a reserve from moving up although a place stands empty, said by the rooms that know the rules.

A room above registers a check when its services are imported (results: the delegation has all its places, or the empty
place belongs to a category). It is asked about all reserves of one way into the event at once.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from competition.registration.models import Entrant
from competition.rules.sentences import Sentence

Check = Callable[[Sequence[Entrant]], Mapping[UUID, Sentence]]

_registered: list[Check] = []


def register(check: Check) -> None:
    """Let `check` name those of some reserves who cannot move up now, each with the reason."""
    if check not in _registered:
        _registered.append(check)


def passed_over(reserves: Sequence[Entrant]) -> dict[UUID, Sentence]:
    """Who of these reserves is passed over as places are now, and why."""
    return {name: why for check in _registered for name, why in check(reserves).items()} if reserves else {}
