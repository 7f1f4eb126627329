"""The blueprint of the room, and what its pages share."""

from flask import Blueprint

from competition.competitions import names
from competition.competitions.words import TITLES, TONES
from competition.rules.access import Permission
from competition.rules.lifecycle import STATE_TITLES

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
        "edition_of": names.edition_of,
    }
