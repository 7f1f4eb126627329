"""Read operations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from competition.database import session
from competition.errors import NotFound
from competition.jobs.models import Operation, OperationState
from competition.jobs.registry import kind_of
from competition.rules.access import INSTALLATION, Actor, Permission, ScopeKind


def operation_by_key(idempotency_key: str) -> Operation | None:
    return session.scalar(select(Operation).where(Operation.idempotency_key == idempotency_key))


def operation_by_id(operation_id: UUID) -> Operation | None:
    return session.get(Operation, operation_id)


def operation_for(actor: Actor, operation_id: UUID) -> Operation:
    """The operation, for who queued it and for who may read operations where it stands; else NotFound."""
    operation = session.get(Operation, operation_id)
    if operation is None or not _may_see(actor, operation):
        raise NotFound()
    return operation


def open_operation(kind: str, event_id: UUID | None) -> Operation | None:
    """The work of a kind on an event that waits or runs, the oldest."""
    return session.scalar(
        select(Operation)
        .where(
            Operation.kind == kind,
            Operation.event_id == event_id,
            Operation.state.in_((OperationState.QUEUED, OperationState.RUNNING)),
        )
        .order_by(Operation.id)
        .limit(1)
    )


def count_of_operations(kind: str, event_id: UUID | None) -> int:
    """How often work of a kind was asked for on an event."""
    query = select(func.count()).where(Operation.kind == kind, Operation.event_id == event_id)
    return session.scalar(query) or 0


def operations_page(
    actor: Actor, *, everybody: bool, page: int, size: int = 50
) -> tuple[list[Operation], int]:
    """The newest first: the actor's own, or (for who may read them everywhere) everybody's; and how many."""
    query = select(Operation)
    if not (everybody and may_see_all(actor)):
        query = query.where(Operation.queued_by == actor.account_id)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Operation.id.desc()).limit(size).offset((page - 1) * size))
    return list(rows), total


def may_see_all(actor: Actor) -> bool:
    """Whether the actor may read operations in the whole installation."""
    return any(
        grant.scope_kind is ScopeKind.INSTALLATION
        for grant in actor.grants_with(Permission.JOBS_OPERATION_READ)
    )


def is_anything_due(at: datetime) -> bool:
    """Whether a runner has something to do. Only a read: an idle runner writes nothing."""
    return session.scalar(select(Operation.id).where(due(at)).limit(1)) is not None


def due(at: datetime) -> ColumnElement[bool]:
    """Waiting and its time has come, or begun by a runner whose lease has run out."""
    return or_(
        and_(Operation.state == OperationState.QUEUED, Operation.run_after <= at),
        and_(Operation.state == OperationState.RUNNING, Operation.lease_until < at),
    )


def _may_see(actor: Actor, operation: Operation) -> bool:
    if actor.account_id is not None and operation.queued_by == actor.account_id:
        return True
    kind = kind_of(operation.kind)
    scope = kind.scope(operation.event_id) if kind else INSTALLATION
    return actor.may(Permission.JOBS_OPERATION_READ, scope)
