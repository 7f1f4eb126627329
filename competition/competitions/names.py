"""Names in the reader's language."""

from competition.competitions.models import Event
from competition.rules.sentences import Sentence, sentence
from competition.web.language import name_of


def name_with_competition(event: Event) -> str:
    """The event after the name of its competition."""
    return f"{name_of(event.competition)} · {name_of(event)}"


def edition_of(number: int) -> Sentence:
    return sentence("Edition %(number)s", number=number)
