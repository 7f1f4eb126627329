"""What a correction would change, told before anybody approves it; every room speaks for what it keeps.

A room above registers a previewer when its services are imported (certificates: which to revoke or replace). It is asked
with the released revision and the one that waits, and answers in sentences; it changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from competition.competitions.models import Event
from competition.results.models import ResultRevision
from competition.rules.sentences import Sentence, sentence

Previewer = Callable[[Event, ResultRevision, ResultRevision], tuple[Sentence, ...]]


@dataclass(frozen=True)
class Consequence:
    """What one room says would follow."""

    title: Sentence
    sentences: tuple[Sentence, ...]


_registered: dict[Previewer, Sentence] = {}


def register(previewer: Previewer, *, title: Sentence | None = None) -> None:
    """Let `previewer` be asked before a correction is approved; `title` stands over what it says."""
    _registered.setdefault(previewer, title or sentence("What else follows"))


def consequences(event: Event, released: ResultRevision, waiting: ResultRevision) -> tuple[Consequence, ...]:
    """What would follow if the waiting revision replaced the released one; rooms with nothing to say are left out."""
    asked = ((title, previewer(event, released, waiting)) for previewer, title in _registered.items())
    return tuple(Consequence(title, said) for title, said in asked if said)
