"""The operation row (not to be confused with a tablet's mark operation)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from competition.orm import Base, Choice, Document, Identified, UtcDateTime


class OperationState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Operation(Identified, Base):
    """Long work. `lease_until` and `token` fence it: who lost the lease cannot finish it."""

    __tablename__ = "operation"
    __table_args__ = (
        Index(
            "ix_operation_due",
            "run_after",
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]] = mapped_column(Document)
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    event_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    state: Mapped[OperationState] = mapped_column(Choice(OperationState, 20), default=OperationState.QUEUED)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=5)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token: Mapped[str | None] = mapped_column(String(64))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    result: Mapped[dict[str, Any] | None] = mapped_column(Document)
    error: Mapped[dict[str, Any] | None] = mapped_column(Document)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_by: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
