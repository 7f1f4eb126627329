"""The words for the states of sheets, acts and answers, each with the tone in which it is shown."""

from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import SheetState
from competition.scoring.queries.sheets import CONFIRMED, REOPENED, SIGNED, VOIDED
from competition.scoring.queries.signing import (
    ASKED,
    CONTESTANT_REFUSED,
    CONTESTANT_SIGNED,
    DECLINED,
    REASSIGNED,
    RULED,
)

STATE_LABELS: dict[str, tuple[Sentence, str]] = {
    SheetState.OPEN: (sentence("Not signed yet"), "info"),
    SheetState.SIGNED: (sentence("Signed"), "warning"),
    SheetState.CONFIRMED: (sentence("Confirmed"), "success"),
    SheetState.VOID: (sentence("Void"), "neutral"),
}
ACT_LABELS: dict[str, Sentence] = {
    SIGNED: sentence("signed"),
    CONFIRMED: sentence("confirmed"),
    REOPENED: sentence("reopened"),
    VOIDED: sentence("declared void"),
    ASKED: sentence("asked for a reopening"),
    DECLINED: sentence("did not reopen it"),
    CONTESTANT_SIGNED: sentence("had the contestant sign"),
    CONTESTANT_REFUSED: sentence("noted that the contestant did not sign"),
    RULED: sentence("ruled on a violation"),
    REASSIGNED: sentence("gave it to another judge"),
}
ANSWER_LABELS: dict[str, tuple[Sentence, str]] = {
    "applied": (sentence("Recorded"), "success"),
    "conflict": (sentence("Conflict"), "warning"),
    "rejected": (sentence("Refused"), "danger"),
}
