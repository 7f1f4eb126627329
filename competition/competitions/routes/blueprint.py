"""The blueprint of the room, and what its pages share."""

from collections.abc import Callable
from functools import cache

from flask import Blueprint

from competition.competitions import holds, names
from competition.competitions.models import Event
from competition.competitions.words import TITLES, TONES
from competition.rules.access import Permission
from competition.rules.lifecycle import STATE_TITLES, EventState

blueprint = Blueprint("competitions", __name__)

MANAGE = Permission.COMPETITIONS_COMPETITION_MANAGE
MANAGE_EVENT = Permission.COMPETITIONS_EVENT_MANAGE


@blueprint.app_context_processor
def words() -> dict[str, object]:
    """The words for tiers, classes, groups and states, for every template."""
    return {
        "titles": TITLES,
        "tones": TONES,
        "state_titles": STATE_TITLES,
        "shown_state": _shown_state(),
        "edition_of": names.edition_of,
    }


def _shown_state() -> Callable[[Event], EventState]:
    """The state of an event as the public is told it; what is held back is asked once for a page."""
    held = cache(holds.held_events)
    return lambda event: holds.shown_state(event, held())
