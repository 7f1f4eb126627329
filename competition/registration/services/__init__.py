"""Write registration: delegations, entries, decisions about them, and lists taken over from a file."""

from competition.competitions import blockers
from competition.registration.queries import check_entry, sending_organisation, undecided_reasons
from competition.registration.services.decisions import (
    COACH_STATES,
    approve_entrant,
    approve_entrants,
    mark_presence,
    move_up_reserve,
    name_coach,
    reject_entrant,
    take_back_approvals,
    withdraw_entrant,
)
from competition.registration.services.delegations import appoint_leader, open_delegation
from competition.registration.services.entries import enter, nominate
from competition.registration.services.imports import read_import, take_over_import
from competition.rules.lifecycle import Move

blockers.register(Move.CLOSE_REGISTRATION, undecided_reasons)

__all__ = [
    "COACH_STATES",
    "appoint_leader",
    "approve_entrant",
    "approve_entrants",
    "check_entry",
    "enter",
    "mark_presence",
    "move_up_reserve",
    "name_coach",
    "nominate",
    "open_delegation",
    "read_import",
    "reject_entrant",
    "sending_organisation",
    "take_back_approvals",
    "take_over_import",
    "withdraw_entrant",
]
