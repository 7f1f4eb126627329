"""Two people accept that sheets are missing: one proposes exactly these with a reason, another one accepts."""

from datetime import datetime

from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.services.proposals import (
    accept,
    propose,
    refuse_second,
    refuse_withdrawn,
    withdraw,
)
from competition.database import lock
from competition.errors import Conflict, RuleBroken
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence
from competition.scoring import facts, queries
from competition.scoring.models import MissingAcceptance

WHILE_MISSING = (EventState.SCORING, EventState.SCORED)
"""The states in which it can be decided: before the result is public."""


def propose_missing(
    event: Event, *, reason: str, seen: str | None = None, by: Actor, at: datetime
) -> MissingAcceptance:
    """The first person asks to go ahead without the sheets that are missing now, and says why; kept for good.

    `seen` is the hash of the list the person saw (None: whatever is missing now). What was proposed or accepted before is
    withdrawn with it. Raises RuleBroken without a reason, when nothing is missing or the marking is not open or just
    closed; Conflict when the list is another one by now.
    """
    lock(event)
    _refuse_wrong_time(event)
    standing = queries.missing_standing(event)
    reasons = []
    if not standing.names:
        reasons.append(sentence("No sheet is missing, so there is nothing to accept."))
    if not reason.strip():
        reasons.append(sentence("Give the reason; it stands beside the result for everybody."))
    if reasons:
        raise RuleBroken(*reasons)
    found = queries.hash_of_names(standing.names)
    if seen is not None and seen != found:
        raise _changed()
    if standing.acceptance is not None:
        _withdraw(standing.acceptance, by=by, at=at)
    asked = MissingAcceptance(event_id=event.id, sheets=[list(name) for name in standing.names], hash=found)
    proposal = propose(asked, reason=reason, by=by, at=at)
    fact = facts.MissingProposed(
        event_id=event.id,
        subject_id=proposal.id,
        count=len(standing.names),
        sheets=queries.listed(standing.names),
        hash=found,
        reason=proposal.reason,
    )
    record(fact, by=by, at=at)
    return proposal


def accept_missing(
    proposal: MissingAcceptance, event: Event, *, by: Actor, at: datetime
) -> MissingAcceptance:
    """A second person accepts that exactly these sheets are missing: the result may go ahead without them.

    Raises RuleBroken for the person who proposed it, and when it is accepted or withdrawn already; Conflict when other
    sheets are missing by now.
    """
    lock(event)
    _refuse_wrong_time(event)
    refuse_second(proposal, by=by)
    standing = queries.missing_standing(event)
    if not standing.is_of_these or standing.acceptance is not proposal:
        raise _changed()
    accept(proposal, by=by, at=at)
    fact = facts.MissingAccepted(
        event_id=event.id,
        subject_id=proposal.id,
        count=len(proposal.sheets),
        hash=proposal.hash,
        proposed_by=proposal.proposed_by_name,
        reason=proposal.reason,
    )
    record(fact, by=by, at=at)
    return proposal


def withdraw_missing(acceptance: MissingAcceptance, event: Event, *, by: Actor, at: datetime) -> None:
    """Take a proposal or an acceptance back: missing sheets block again. What is public already stays as it is.

    Raises RuleBroken when it was withdrawn before.
    """
    lock(event)
    _refuse_wrong_time(event)
    refuse_withdrawn(acceptance)
    _withdraw(acceptance, by=by, at=at)


def _withdraw(acceptance: MissingAcceptance, *, by: Actor, at: datetime) -> None:
    withdraw(acceptance, by=by, at=at)
    fact = facts.MissingWithdrawn(
        event_id=acceptance.event_id,
        subject_id=acceptance.id,
        count=len(acceptance.sheets),
        hash=acceptance.hash,
        was_accepted=acceptance.accepted_at is not None,
    )
    record(fact, by=by, at=at)


def _refuse_wrong_time(event: Event) -> None:
    if event.state not in WHILE_MISSING:
        raise RuleBroken(_WRONG_TIME)


def _changed() -> Conflict:
    return Conflict(_CHANGED, next_step=sentence("Look at the list again, then decide."))


_WRONG_TIME: Sentence = sentence(
    "Missing sheets are decided about while the marking is open or closed and the result is not public yet."
)
_CHANGED: Sentence = sentence("Other sheets are missing by now than on the list you saw.")
