"""Competitions and events as their pages show them."""

from competition.competitions.presenters.conditions import ConditionLine, condition_lines
from competition.competitions.presenters.corrections import (
    accepted_by_version,
    correction_offer,
    correction_view,
)
from competition.competitions.presenters.editor import editor_data, grouped_differences, said_problems
from competition.competitions.presenters.event_page import MoveOffer, move_offers, page_links, tasks_of
from competition.competitions.presenters.rehearsal import RehearsalView, rehearsal_view
from competition.competitions.presenters.scheme_table import RuleSetView, rule_set_view
from competition.competitions.presenters.workbook_preview import WorkbookPreview, workbook_preview

__all__ = [
    "ConditionLine",
    "MoveOffer",
    "RehearsalView",
    "RuleSetView",
    "WorkbookPreview",
    "accepted_by_version",
    "condition_lines",
    "correction_offer",
    "correction_view",
    "editor_data",
    "grouped_differences",
    "move_offers",
    "page_links",
    "rehearsal_view",
    "rule_set_view",
    "said_problems",
    "tasks_of",
    "workbook_preview",
]
