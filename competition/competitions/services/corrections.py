"""Two people correct frozen rules (规则更正): one proposes a document with a reason, another one accepts it.

An accepted correction is the next version of the rule set. Results that were computed keep the version they were computed
by; a result that was prepared and is not public has to be prepared again.
"""

from datetime import datetime
from typing import Any

from competition.audit.services import record
from competition.competitions import facts, queries
from competition.competitions.models import Event, RuleCorrection, RuleSetVersion
from competition.competitions.services.events import freeze_rule_set
from competition.competitions.services.proposals import (
    accept,
    propose,
    refuse_decided,
    refuse_second,
    withdraw,
)
from competition.database import lock
from competition.errors import Conflict, RuleBroken
from competition.orm import fingerprint
from competition.rules.access import Actor
from competition.rules.sentences import sentence


def propose_correction(
    event: Event,
    *,
    document: dict[str, Any],
    reason: str,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> RuleCorrection:
    """The first person says what the frozen rules should say, and why; kept for good. Nothing counts differently yet.

    `seen` is the hash of the version the person saw (None: whichever counts now). What was proposed before and still waits
    is withdrawn with it. Raises RuleBroken with every reason: none was given, the document is not sound, it changes what
    people have acted on (rules/corrections.py), the event is in another state; Conflict when the rules were corrected since.
    """
    lock(event)
    reasons = queries.correction_reasons(event, document)
    if not reason.strip():
        reasons.append(sentence("Give the reason; it stands beside the new version for everybody."))
    if event.frozen is None or reasons:
        raise RuleBroken(*reasons)
    if seen is not None and seen != event.frozen.hash:
        raise _changed(event.frozen.hash, fingerprint(document))
    standing = queries.standing_correction(event)
    if standing is not None:
        _withdraw(standing, by=by, at=at)
    asked = RuleCorrection(
        event_id=event.id, before_id=event.frozen.id, document=document, hash=fingerprint(document)
    )
    proposal = propose(asked, reason=reason, by=by, at=at)
    fact = facts.RuleCorrectionProposed(
        event_id=event.id,
        subject_id=proposal.id,
        before=event.frozen.hash,
        hash=proposal.hash,
        reason=proposal.reason,
    )
    record(fact, by=by, at=at)
    return proposal


def accept_correction(proposal: RuleCorrection, event: Event, *, by: Actor, at: datetime) -> RuleSetVersion:
    """A second person accepts: the proposed document is the next version of the rule set, and counts from now on.

    Raises RuleBroken for the person who proposed it, when it is accepted or withdrawn already, and with whatever stands in
    its way by now; Conflict when the rules were corrected since it was proposed.
    """
    lock(event)
    refuse_second(proposal, by=by)
    before = proposal.before.hash
    if proposal.before_id != event.frozen_id:
        raise _changed(queries.rule_hash(event), proposal.hash)
    if reasons := queries.correction_reasons(event, proposal.document):
        raise RuleBroken(*reasons)
    event.rule_set = proposal.document
    version = freeze_rule_set(event, by=by, at=at)
    proposal.version_id = version.id
    accept(proposal, by=by, at=at)
    fact = facts.RuleCorrectionAccepted(
        event_id=event.id,
        subject_id=proposal.id,
        number=version.number,
        before=before,
        hash=proposal.hash,
        proposed_by=proposal.proposed_by_name,
        reason=proposal.reason,
    )
    record(fact, by=by, at=at)
    return version


def withdraw_correction(proposal: RuleCorrection, event: Event, *, by: Actor, at: datetime) -> None:
    """Take back what waits, by whoever proposed it or by the person who does not accept it, in whatever state the event is.

    Raises RuleBroken when it was withdrawn before, or accepted: then the way back is another correction.
    """
    lock(event)
    refuse_decided(proposal, next_step=sentence("Propose another correction to go back."))
    _withdraw(proposal, by=by, at=at)


def _withdraw(proposal: RuleCorrection, *, by: Actor, at: datetime) -> None:
    withdraw(proposal, by=by, at=at)
    fact = facts.RuleCorrectionWithdrawn(
        event_id=proposal.event_id,
        subject_id=proposal.id,
        before=proposal.before.hash,
        hash=proposal.hash,
        proposed_by=proposal.proposed_by_name,
        reason=proposal.reason,
    )
    record(fact, by=by, at=at)


def _changed(theirs: str, yours: str) -> Conflict:
    return Conflict(
        sentence("The rules were corrected since you opened the page."),
        next_step=sentence("Look at the version that counts now, then propose again what is still wrong."),
        theirs=sentence("Rule set with the SHA-256 %(hash)s", hash=theirs),
        yours=sentence("Rule set with the SHA-256 %(hash)s", hash=yours),
    )
