"""Note that somebody saw to an operation that was set aside. The mark changes only where sheets change: on the sheet."""

from datetime import datetime

from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import session
from competition.errors import Conflict, RuleBroken
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.scoring import facts, queries
from competition.scoring.models import DealtWith, MarkOperation


def deal_with(event: Event, operation: MarkOperation, *, reason: str, by: Actor, at: datetime) -> DealtWith:
    """The chief judge says what became of an entry that does not count: kept for good, with a reason, once.

    Raises RuleBroken without a reason, Conflict when somebody dealt with it already.
    """
    reason = reason.strip()[:500]
    if not reason:
        raise RuleBroken(sentence("Say what became of this entry; it is kept for good."))
    if before := queries.dealt_with(event, [operation.op_id]).get(operation.op_id):
        raise Conflict(
            sentence(
                "%(name)s dealt with this entry already: %(reason)s",
                name=before.by_name,
                reason=before.reason,
            )
        )
    assert by.account_id is not None, "a person deals with it"
    note = DealtWith(
        event_id=event.id, op_id=operation.op_id, reason=reason, at=at, by_id=by.account_id, by_name=by.name
    )
    session.add(note)
    fact = facts.OperationDealtWith(
        event_id=event.id, subject_id=operation.sheet_id, op_id=str(operation.op_id), reason=reason
    )
    record(fact, by=by, at=at)
    return note
