"""Write registration: delegations, entries, decisions about them, and lists taken over from a file."""

from competition.competitions import blockers, cautions
from competition.registration.queries import (
    check_entry,
    quota_cautions,
    sending_organisation,
    undecided_reasons,
)
from competition.registration.services.decisions import (
    AWARD_STATES,
    BEFORE_PUBLICATION,
    COACH_STATES,
    approve_entrant,
    approve_entrants,
    compete_outside_awards,
    disqualify_entrant,
    lift_disqualification,
    mark_presence,
    move_up_reserve,
    name_coach,
    name_team,
    reject_entrant,
    return_to_awards,
    take_back_approvals,
    withdraw_entrant,
)
from competition.registration.services.delegations import appoint_leader, open_delegation
from competition.registration.services.entries import enter, nominate
from competition.registration.services.imports import read_import, take_over_import
from competition.rules.lifecycle import Move

blockers.register(Move.CLOSE_REGISTRATION, undecided_reasons)
cautions.register(quota_cautions)

__all__ = [
    "AWARD_STATES",
    "BEFORE_PUBLICATION",
    "COACH_STATES",
    "appoint_leader",
    "approve_entrant",
    "approve_entrants",
    "check_entry",
    "compete_outside_awards",
    "disqualify_entrant",
    "enter",
    "lift_disqualification",
    "mark_presence",
    "move_up_reserve",
    "name_coach",
    "name_team",
    "nominate",
    "open_delegation",
    "read_import",
    "reject_entrant",
    "return_to_awards",
    "sending_organisation",
    "take_back_approvals",
    "take_over_import",
    "withdraw_entrant",
]
