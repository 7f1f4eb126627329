"""Write the floor log: clocks, late arrivals, incidents, violations, exposed identities, who left and came back.

Source: docs/sources.md, domain §2.6.3, §2.6.8, §5.5, §5.6. The log only grows; what was wrong is withdrawn. The server's moment counts, whatever
a device's clock says. The event is locked while an entry is written, so of two people at once the second is told what the first did.
"""

from competition.floor.services.attendance import BY_RULE, decide_late, note_late, note_leaving, note_return
from competition.floor.services.clocks import MOST_STATIONS, grant_extra, move_clock, move_station, plan_part
from competition.floor.services.exposures import NOTED, REASSIGNED, handle_exposure, note_exposure
from competition.floor.services.incidents import decline_extra, end_incident, note_incident
from competition.floor.services.log import On, Penalty, Ticket
from competition.floor.services.violations import note_violation, rule_violation
from competition.floor.services.withdrawing import withdraw_entry

__all__ = [
    "BY_RULE",
    "MOST_STATIONS",
    "NOTED",
    "REASSIGNED",
    "On",
    "Penalty",
    "Ticket",
    "decide_late",
    "decline_extra",
    "end_incident",
    "grant_extra",
    "handle_exposure",
    "move_clock",
    "move_station",
    "note_exposure",
    "note_incident",
    "note_late",
    "note_leaving",
    "note_return",
    "note_violation",
    "plan_part",
    "rule_violation",
    "withdraw_entry",
]
