"""What a runner does with the row: claim, go on, finish, fail. Every write names the token: who lost the lease changes nothing.

Delivery is at least once. A step's effects and its progress are one transaction that begins by holding the row,
so a step whose lease was taken over is rolled back as a whole.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from competition import tokens
from competition.database import session
from competition.jobs import words
from competition.jobs.models import Operation, OperationState
from competition.jobs.queries import due
from competition.rules.sentences import Sentence, sentence

LEASE = timedelta(seconds=30)
"""How long a runner may be silent before another one takes over; each step begins a new lease."""

NO_SIGN_OF_LIFE = sentence(
    "The program stopped in the middle of this work each time it was tried (%(attempts)s times)."
)


class LeaseLost(Exception):
    """Another runner has taken over, or a person has cancelled: stop, and leave no trace."""


@dataclass(frozen=True)
class Claim:
    """Work that this runner, and no other, may do until the lease runs out."""

    operation_id: UUID
    kind: str
    args: dict[str, Any]
    event_id: UUID | None
    queued_by: UUID | None
    token: str
    attempts: int
    max_attempts: int


def claim(*, at: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Take the oldest due operation, or None. Work whose last allowed attempt died is set to failed on the way."""
    _give_up_expired(at)
    # SKIP LOCKED on PostgreSQL; on SQLite the transaction is IMMEDIATE and the clause is not written.
    oldest = select(Operation.id).where(due(at)).order_by(Operation.id).limit(1)
    row = session.execute(
        update(Operation)
        .where(Operation.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            state=OperationState.RUNNING,
            attempts=Operation.attempts + 1,
            lease_until=at + lease,
            token=tokens.new_secret(16).hex(),
        )
        .returning(
            Operation.id,
            Operation.kind,
            Operation.args,
            Operation.event_id,
            Operation.queued_by,
            Operation.token,
            Operation.attempts,
            Operation.max_attempts,
        )
        .execution_options(synchronize_session=False)
    ).first()
    return Claim(*row) if row else None


def go_on(claim: Claim, *, done: int, at: datetime, lease: timedelta = LEASE) -> None:
    """Begin a step: hold the row, count `done` more, extend the lease. LeaseLost when the row is no longer ours."""
    _ours(claim, done=Operation.done + done, lease_until=at + lease)


def expect(claim: Claim, *, total: int, done: int) -> None:
    """Say how much there is in all and how much of it was found done."""
    _ours(claim, total=total, done=done)


def finish(claim: Claim, *, result: dict[str, Any] | None, at: datetime) -> None:
    """The work is done. LeaseLost when the row is no longer ours, so nothing finishes twice."""
    _ours(
        claim,
        state=OperationState.DONE,
        result=result,
        error=None,
        token=None,
        lease_until=None,
        finished_at=at,
    )


def fail(claim: Claim, *because: Sentence, at: datetime) -> None:
    """The work cannot be done; the reasons are kept for people to read."""
    _ours(
        claim,
        state=OperationState.FAILED,
        error={"because": [words.written(each) for each in because]},
        token=None,
        lease_until=None,
        finished_at=at,
    )


def put_back(claim: Claim, *, because: Sentence | None, at: datetime) -> None:
    """Leave the work to another attempt: after a pause when something went wrong, at once when we are told to stop."""
    pause = timedelta(seconds=min(2**claim.attempts, 60)) if because else timedelta(0)
    _ours(
        claim,
        state=OperationState.QUEUED,
        attempts=claim.attempts if because else claim.attempts - 1,
        run_after=at + pause,
        error={"because": [words.written(because)]} if because else None,
        token=None,
        lease_until=None,
    )


def postpone(claim: Claim, *because: Sentence, until: datetime) -> None:
    """Nothing went wrong, it is only too early: the work waits until a moment, and no attempt was used up."""
    _ours(
        claim,
        state=OperationState.QUEUED,
        attempts=0,
        run_after=until,
        error={"because": [words.written(each) for each in because]} if because else None,
        token=None,
        lease_until=None,
    )


def _ours(claim: Claim, **values: Any) -> None:
    changed = session.execute(
        update(Operation)
        .where(
            Operation.id == claim.operation_id,
            Operation.token == claim.token,
            Operation.state == OperationState.RUNNING,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if cast(CursorResult[Any], changed).rowcount != 1:
        raise LeaseLost


def _give_up_expired(at: datetime) -> None:
    exhausted = session.execute(
        select(Operation.id, Operation.attempts)
        .where(
            Operation.state == OperationState.RUNNING,
            Operation.lease_until < at,
            Operation.attempts >= Operation.max_attempts,
        )
        .with_for_update(skip_locked=True)
    ).all()
    for operation_id, attempts in exhausted:
        because = Sentence(NO_SIGN_OF_LIFE.text, {"attempts": attempts})
        session.execute(
            update(Operation)
            .where(Operation.id == operation_id)
            .values(
                state=OperationState.FAILED,
                error={"because": [words.written(because)]},
                token=None,
                lease_until=None,
                finished_at=at,
            )
            .execution_options(synchronize_session=False)
        )
