"""Competitions and events as their pages show them."""

from competition.competitions.presenters.conditions import ConditionLine, condition_lines
from competition.competitions.presenters.event_page import MoveOffer, move_offers, page_links, tasks_of
from competition.competitions.presenters.scheme_table import RuleSetView, rule_set_view

__all__ = [
    "ConditionLine",
    "MoveOffer",
    "RuleSetView",
    "condition_lines",
    "move_offers",
    "page_links",
    "rule_set_view",
    "tasks_of",
]
