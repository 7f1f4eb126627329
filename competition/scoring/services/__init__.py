"""Write scoring: sheets, the operations that devices send, signatures, the beginning and the end of marking."""

from competition.competitions import blockers
from competition.rules.lifecycle import Move
from competition.scoring import queries
from competition.scoring.services.operations import Answer, Sent, Taken, Theirs, apply_operations, take_batch
from competition.scoring.services.sheets import (
    bring_sheets_up_to_date,
    close_scoring,
    reopen_scoring,
    start_scoring,
)
from competition.scoring.services.sign_off import confirm_sheet, reopen_sheet, sign_sheet, void_sheet

blockers.register(Move.CLOSE_SCORING, queries.closing_blockers)

__all__ = [
    "Answer",
    "Sent",
    "Taken",
    "Theirs",
    "apply_operations",
    "bring_sheets_up_to_date",
    "close_scoring",
    "confirm_sheet",
    "reopen_scoring",
    "reopen_sheet",
    "sign_sheet",
    "start_scoring",
    "take_batch",
    "void_sheet",
]
