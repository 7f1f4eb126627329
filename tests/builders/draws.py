"""Draws for tests, made by the services."""

import re
from hashlib import sha256
from typing import Any

from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.draws.models import Draw
from competition.draws.queries import codes_purpose, draws_of
from competition.draws.services import make_draw
from competition.registration.queries import approved_entrants
from competition.rules.draw import draw_codes
from tests.builders.once import built_once
from tests.builders.registration import closed_event
from tests.conftest import NOON

__all__ = ["SEED", "closed_event", "draw", "drawn_event", "is_told"]

SEED = "0123456789abcdef" * 4


def draw(event: Event, seed: str = "", reason: str = "") -> Draw:
    """A draw by this seed; when none is named by SEED, or a later one that gives codes like no number and no id."""
    return make_draw(event, seed=seed or _seed_for(event), by=system_actor(), at=NOON, reason=reason)


def _seed_for(event: Event) -> str:
    """Ids and with them codes are others in every run: a test that looks for a code must not find it in a time."""
    seed, entrants = SEED, [str(entrant.id) for entrant in approved_entrants(event)]
    if not entrants or not rule_set_of(event).blind_layers:
        return seed
    purpose = codes_purpose(event.id, len(draws_of(event)) + 1)
    for _try in range(1000):
        if all(re.search("[G-Z]", code) for code in draw_codes(entrants, seed, purpose=purpose).values()):
            break
        seed = sha256(seed.encode()).hexdigest()
    return seed


def is_told(code: str, body: str) -> bool:
    """Whether a page names a code; four signs in the middle of a token or of a file's name are none."""
    return re.search(rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])", body) is not None


@built_once
def drawn_event(number: int = 3, **details: Any) -> Event:
    """An event with so many approved entrants, after its draw."""
    event = closed_event(number, **details)
    draw(event)
    return event
