"""Write scoring: sheets, the operations that devices send, signatures, the beginning and the end of marking."""

from competition.competitions import blockers
from competition.rules.lifecycle import Move
from competition.scoring import queries
from competition.scoring.services.emergency import Imported, import_emergency_file
from competition.scoring.services.late import deal_with
from competition.scoring.services.missing import (
    WHILE_MISSING,
    accept_missing,
    propose_missing,
    withdraw_missing,
)
from competition.scoring.services.operations import Answer, Sent, Taken, Theirs, apply_operations, take_batch
from competition.scoring.services.paper import OnPaper, count_paper_sheet
from competition.scoring.services.quarantine import quarantine_operations
from competition.scoring.services.remarks import RemarkSent, take_remark
from competition.scoring.services.rulings import reassign_sheet, rule_deduction, strike_deduction
from competition.scoring.services.sheets import (
    bring_sheets_up_to_date,
    close_scoring,
    reopen_scoring,
    start_scoring,
)
from competition.scoring.services.sign_off import (
    Proof,
    ask_reopening,
    confirm_sheet,
    decline_reopening,
    note_contestant_refused,
    reopen_sheet,
    sign_as_contestant,
    sign_sheet,
    void_sheet,
)

blockers.register(Move.CLOSE_SCORING, queries.closing_blockers)

__all__ = [
    "WHILE_MISSING",
    "Answer",
    "Imported",
    "OnPaper",
    "Proof",
    "RemarkSent",
    "Sent",
    "Taken",
    "Theirs",
    "accept_missing",
    "apply_operations",
    "ask_reopening",
    "bring_sheets_up_to_date",
    "close_scoring",
    "confirm_sheet",
    "count_paper_sheet",
    "deal_with",
    "decline_reopening",
    "import_emergency_file",
    "note_contestant_refused",
    "propose_missing",
    "quarantine_operations",
    "reassign_sheet",
    "reopen_scoring",
    "reopen_sheet",
    "rule_deduction",
    "sign_as_contestant",
    "sign_sheet",
    "start_scoring",
    "strike_deduction",
    "take_batch",
    "take_remark",
    "void_sheet",
    "withdraw_missing",
]
