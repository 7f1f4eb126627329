"""What two people stand for: one proposes it with a reason, another one accepts it, and it can be taken back.

Whoever calls locks the event first, says what stands in the way of the matter itself, and records the fact.
"""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from competition import tokens
from competition.competitions.models import Proposal
from competition.database import session
from competition.errors import RuleBroken
from competition.rules.access import Actor
from competition.rules.sentences import Sentence, sentence

Proposed = TypeVar("Proposed", bound=Proposal)


def propose(proposal: Proposed, *, reason: str, by: Actor, at: datetime) -> Proposed:
    """The first person stands for it, with the reason. Raises RuleBroken for the system, which stands for nothing."""
    proposal.id, proposal.reason = tokens.new_id(), reason.strip()[:500]
    proposal.proposed_by, proposal.proposed_by_name, proposal.proposed_at = _person(by), by.name, at
    session.add(proposal)
    session.flush()
    return proposal


def refuse_withdrawn(proposal: Proposal) -> None:
    """Read it again; RuleBroken when somebody took it back."""
    session.refresh(proposal)
    if proposal.withdrawn_at is not None:
        raise RuleBroken(sentence("This proposal was withdrawn. Look at the page again."))


def refuse_decided(proposal: Proposal, *, next_step: Sentence | None = None) -> None:
    """Read it again; RuleBroken when it does not wait any more: somebody took it back or accepted it."""
    refuse_withdrawn(proposal)
    if proposal.accepted_at is not None:
        raise RuleBroken(
            sentence("%(name)s has accepted it already.", name=proposal.accepted_by_name), next_step=next_step
        )


def refuse_second(proposal: Proposal, *, by: Actor) -> None:
    """RuleBroken for whoever cannot be its second person: it waits for none, it is their own, or they are no person."""
    refuse_decided(proposal)
    if _person(by) == proposal.proposed_by:
        raise RuleBroken(
            sentence(
                "You proposed it, so somebody else must accept it: two people stand for such a decision."
            )
        )


def accept(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """The second person, whom `refuse_second` let pass, stands for it too."""
    proposal.accepted_by, proposal.accepted_by_name, proposal.accepted_at = _person(by), by.name, at
    session.flush()


def withdraw(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """It does not stand any more; the row is kept. Raises RuleBroken for the system."""
    proposal.withdrawn_by, proposal.withdrawn_by_name, proposal.withdrawn_at = _person(by), by.name, at
    session.flush()


def _person(by: Actor) -> UUID:
    if by.account_id is None:
        raise RuleBroken(sentence("A person decides this and stands for it, not the system."))
    return by.account_id
