"""What keeps a published result from becoming final, said by the rooms that know.

A room above registers a check when its services are imported (appeals: an objection nobody has ruled on yet). All of
them are asked before a result is declared final, and the publication page shows the same reasons beforehand.
"""

from collections.abc import Callable
from datetime import datetime

from competition.competitions.models import Event
from competition.rules.sentences import Sentence

Check = Callable[[Event, datetime], tuple[Sentence, ...]]

_registered: list[Check] = []


def register(check: Check) -> None:
    """Let `check` be asked before a result becomes final; it answers with every open matter, () for none."""
    if check not in _registered:
        _registered.append(check)


def open_matters(event: Event, at: datetime) -> tuple[Sentence, ...]:
    """Every matter that is open at this moment, in the order in which the rooms registered."""
    return tuple(matter for check in _registered for matter in check(event, at))
