"""Write competitions: competitions and events, their rule sets, their moves; corrections of frozen rules."""

from competition.competitions.services.corrections import (
    accept_correction,
    propose_correction,
    withdraw_correction,
)
from competition.competitions.services.events import (
    OWN_MOVES,
    change_competition,
    change_event,
    change_rule_set,
    link_parent,
    move_event,
    open_competition,
    open_event,
)

__all__ = [
    "OWN_MOVES",
    "accept_correction",
    "change_competition",
    "change_event",
    "change_rule_set",
    "link_parent",
    "move_event",
    "open_competition",
    "open_event",
    "propose_correction",
    "withdraw_correction",
]
