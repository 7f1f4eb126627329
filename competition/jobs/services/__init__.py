"""What people do with long work. What a runner does with it is in `services.leases`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.jobs import bell, facts, queries
from competition.jobs.models import Operation, OperationState
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.transactions import after_commit


def queue_operation(
    kind: str,
    *,
    args: dict[str, Any],
    idempotency_key: str,
    by: Actor,
    at: datetime,
    event_id: UUID | None = None,
    total: int | None = None,
    not_before: datetime | None = None,
) -> Operation:
    """Queue long work in the caller's transaction, so that neither exists without the other.

    `args` are plain JSON values without personal data. The same `idempotency_key` gives the operation that is
    already there, whatever its state. The runner hears of it only once the transaction is kept, and begins `not_before`
    a moment that lies ahead.
    """
    if known := queries.operation_by_key(idempotency_key):
        return known
    operation = Operation(
        id=tokens.new_id(),
        kind=kind,
        args=args,
        idempotency_key=idempotency_key,
        event_id=event_id,
        state=OperationState.QUEUED,
        run_after=at if not_before is None else max(at, not_before),
        attempts=0,
        done=0,
        total=total,
        queued_at=at,
        queued_by=by.account_id,
    )
    session.add(operation)
    session.flush()
    record(
        facts.OperationQueued(event_id=event_id, subject_id=operation.id, operation_kind=kind), by=by, at=at
    )
    after_commit(bell.ring)
    return operation


def retry_operation(operation: Operation, *, by: Actor, at: datetime) -> Operation:
    """Have failed or cancelled work done again; it goes on where it stopped."""
    lock(operation)
    if operation.state not in (OperationState.FAILED, OperationState.CANCELLED):
        raise RuleBroken(
            sentence("This work did not fail, so there is nothing to try again."),
            next_step=sentence("Reload the page to see how far it is."),
        )
    operation.state = OperationState.QUEUED
    operation.attempts, operation.error, operation.finished_at = 0, None, None
    operation.run_after, operation.token, operation.lease_until = at, None, None
    record(
        facts.OperationRetried(
            event_id=operation.event_id, subject_id=operation.id, operation_kind=operation.kind
        ),
        by=by,
        at=at,
    )
    after_commit(bell.ring)
    return operation


def cancel_operation(operation: Operation, *, by: Actor, at: datetime) -> Operation:
    """Stop work that waits or runs: the runner loses its lease before the next step; finished steps stay done."""
    lock(operation)
    if operation.state not in (OperationState.QUEUED, OperationState.RUNNING):
        raise RuleBroken(
            sentence("This work has already ended, so it cannot be cancelled."),
            next_step=sentence("Reload the page to see how it ended."),
        )
    operation.state = OperationState.CANCELLED
    operation.token, operation.lease_until, operation.finished_at = None, None, at
    record(
        facts.OperationCancelled(
            event_id=operation.event_id, subject_id=operation.id, operation_kind=operation.kind
        ),
        by=by,
        at=at,
    )
    return operation
