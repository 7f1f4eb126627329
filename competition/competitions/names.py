"""Names in the reader's language."""

from typing import Protocol

from competition.competitions.models import Event
from competition.rules.sentences import Sentence, sentence
from competition.web.language import language


class _Named(Protocol):
    name: str
    name_en: str


def name_of(thing: _Named) -> str:
    """The name for this reader: the English one in English, where there is one."""
    return thing.name_en if language() == "en" and thing.name_en else thing.name


def name_with_competition(event: Event) -> str:
    """The event after the name of its competition."""
    return f"{name_of(event.competition)} · {name_of(event)}"


def edition_of(number: int) -> Sentence:
    return sentence("Edition %(number)s", number=number)
