"""Competitions and events as their pages show them."""

from competition.competitions.presenters.conditions import ConditionLine, condition_lines
from competition.competitions.presenters.event_page import MoveOffer, move_offers, page_links, tasks_of
from competition.competitions.presenters.names import edition_of, name_of, name_with_competition
from competition.competitions.presenters.scheme_table import RuleSetView, rule_set_view

__all__ = [
    "ConditionLine",
    "MoveOffer",
    "RuleSetView",
    "condition_lines",
    "edition_of",
    "move_offers",
    "name_of",
    "name_with_competition",
    "page_links",
    "rule_set_view",
    "tasks_of",
]
