"""Two people accept that sheets are missing: one proposes exactly these with a reason, another one approves."""

from datetime import datetime
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
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
    proposal = MissingAcceptance(
        event_id=event.id,
        id=tokens.new_id(),
        sheets=[list(name) for name in standing.names],
        hash=found,
        reason=reason.strip()[:500],
        proposed_by=_person(by),
        proposed_by_name=by.name,
        proposed_at=at,
    )
    session.add(proposal)
    session.flush()
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


def approve_missing(
    proposal: MissingAcceptance, event: Event, *, by: Actor, at: datetime
) -> MissingAcceptance:
    """A second person accepts that exactly these sheets are missing: the result may go ahead without them.

    Raises RuleBroken for the person who proposed it, and when it is approved or withdrawn already; Conflict when other
    sheets are missing by now.
    """
    lock(event)
    _refuse_wrong_time(event)
    session.refresh(proposal)
    if proposal.withdrawn_at is not None:
        raise RuleBroken(sentence("This proposal was withdrawn. Look at the list again."))
    if proposal.approved_at is not None:
        raise RuleBroken(sentence("%(name)s has accepted it already.", name=proposal.approved_by_name))
    if _person(by) == proposal.proposed_by:
        raise RuleBroken(
            sentence("You proposed it, so somebody else must accept it: two people stand for missing sheets.")
        )
    standing = queries.missing_standing(event)
    if not standing.is_of_these or standing.acceptance is not proposal:
        raise _changed()
    proposal.approved_by, proposal.approved_by_name, proposal.approved_at = by.account_id, by.name, at
    session.flush()
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
    session.refresh(acceptance)
    if acceptance.withdrawn_at is not None:
        raise RuleBroken(sentence("This proposal was withdrawn. Look at the list again."))
    _withdraw(acceptance, by=by, at=at)


def _withdraw(acceptance: MissingAcceptance, *, by: Actor, at: datetime) -> None:
    acceptance.withdrawn_by, acceptance.withdrawn_by_name = _person(by), by.name
    acceptance.withdrawn_at = at
    session.flush()
    fact = facts.MissingWithdrawn(
        event_id=acceptance.event_id,
        subject_id=acceptance.id,
        count=len(acceptance.sheets),
        hash=acceptance.hash,
        was_accepted=acceptance.approved_at is not None,
    )
    record(fact, by=by, at=at)


def _refuse_wrong_time(event: Event) -> None:
    if event.state not in WHILE_MISSING:
        raise RuleBroken(_WRONG_TIME)


def _person(by: Actor) -> UUID:
    if by.account_id is None:
        raise RuleBroken(sentence("A person decides about missing sheets, not the system."))
    return by.account_id


def _changed() -> Conflict:
    return Conflict(_CHANGED, next_step=sentence("Look at the list again, then decide."))


_WRONG_TIME: Sentence = sentence(
    "Missing sheets are decided about while the marking is open or closed and the result is not public yet."
)
_CHANGED: Sentence = sentence("Other sheets are missing by now than on the list you saw.")
