"""Tables of the record. A trigger (migrations) refuses UPDATE and DELETE on audit_entry."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from competition.orm import Base, Document, UtcDateTime

INSTALLATION_CHAIN = "installation"


class AuditChain(Base):
    """The head of one chain; its row is the lock that orders the writers of the chain."""

    __tablename__ = "audit_chain"

    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    length: Mapped[int] = mapped_column(Integer, default=0)
    head: Mapped[str] = mapped_column(String(64), default="")


class AuditEntry(Base):
    """One fact. `hash` covers every other column and the hash before it."""

    __tablename__ = "audit_entry"

    chain: Mapped[str] = mapped_column(ForeignKey("audit_chain.chain"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    by_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    by_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(80), index=True)
    subject_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Document)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
