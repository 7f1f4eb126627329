"""Pages of competitions, events and rule sets."""

from competition.competitions import places
from competition.competitions.routes import competitions, rule_sets
from competition.competitions.routes.blueprint import blueprint

__all__ = ["blueprint", "competitions", "places", "rule_sets"]  # imported for what they register
