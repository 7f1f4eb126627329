"""A draw as its pages show it."""

from dataclasses import dataclass
from uuid import UUID

from competition.accounts.queries import account_by_id
from competition.competitions.models import Event
from competition.draws import queries
from competition.draws.models import Draw
from competition.registration.queries import display_name
from competition.rules.draw import METHOD
from competition.rules.sentences import Sentence, sentence
from competition.web.language import name_of


@dataclass(frozen=True)
class PlaceLine:
    """One place. Entry number, names and delegation only for those who may join codes to people."""

    start_order: int
    code: str
    entry_number: int | None
    names: str | None
    delegation: str | None


def place_lines(draw: Draw, *, with_people: bool) -> list[PlaceLine]:
    """The places in the order of start."""
    if not with_people:
        return [PlaceLine(place.start_order, place.code, None, None, None) for place in draw.places]
    return [
        PlaceLine(
            place.start_order,
            place.code,
            place.entrant.entry_number,
            display_name(place.entrant),
            name_of(place.entrant.delegation.organisation),
        )
        for place in queries.places_of(draw)
    ]


def drawn_by(draw: Draw) -> str | Sentence:
    """Who made the draw."""
    return account_name(draw.drawn_by)


def account_name(account_id: UUID | None) -> str | Sentence:
    account = account_by_id(account_id) if account_id else None
    return account.name if account else sentence("the system")


def method_words(blind_layers: int) -> Sentence:
    """What is drawn and how, in a sentence."""
    if blind_layers:
        return sentence(
            "The order of start and a blind code of 4 characters for every entrant, by the method %(method)s.",
            method=METHOD,
        )
    return sentence(
        "The order of start, by the method %(method)s; the code is the number of the start.", method=METHOD
    )


def purposes(draw: Draw) -> tuple[str, ...]:
    """The purposes that went into the digests: one for the order, one for the codes."""
    order = queries.order_purpose(draw.event_id, draw.number)
    return (order, queries.codes_purpose(draw.event_id, draw.number)) if draw.blind_layers else (order,)


def file_name(event: Event, draw: Draw) -> str:
    return f"draw-{event.code}-{draw.number}.xlsx"
