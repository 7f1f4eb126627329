"""Pages of competitions, events and rule sets."""

import competition.competitions.places
import competition.competitions.routes.competitions
import competition.competitions.routes.corrections
import competition.competitions.routes.rule_sets  # noqa: F401  imported for what they register
from competition.competitions.routes.blueprint import blueprint

__all__ = ["blueprint"]
