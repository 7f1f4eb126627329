"""Draws for tests, made by the services."""

from typing import Any

from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.draws.models import Draw
from competition.draws.services import make_draw
from tests.builders.once import built_once
from tests.builders.registration import closed_event
from tests.conftest import NOON

__all__ = ["SEED", "closed_event", "draw", "drawn_event"]

SEED = "0123456789abcdef" * 4


def draw(event: Event, seed: str = SEED, reason: str = "") -> Draw:
    return make_draw(event, seed=seed, by=system_actor(), at=NOON, reason=reason)


@built_once
def drawn_event(number: int = 3, **details: Any) -> Event:
    """An event with so many approved entrants, after its draw."""
    event = closed_event(number, **details)
    draw(event)
    return event
