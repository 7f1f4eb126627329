"""Tables of certificates. The snapshot is immutable by trigger; the status is a series of rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.competitions.models import Event
from competition.orm import Base, Choice, Document, Identified, UtcDateTime
from competition.workers.models import Worker


class CertificateStatus(StrEnum):
    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"


class Certificate(Identified, Base):
    """获奖证书 of one person. `snapshot` is everything printed on it; `verification_id` is the secret half of its address."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_one_valid",
            "event_id",
            "worker_id",
            unique=True,
            sqlite_where=text("status = 'valid'"),
            postgresql_where=text("status = 'valid'"),
        ),
    )

    number: Mapped[str] = mapped_column(String(60), unique=True)
    verification_id: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(Uuid)
    entrant_id: Mapped[UUID] = mapped_column(ForeignKey("entrant.id"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Document)
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[CertificateStatus] = mapped_column(
        Choice(CertificateStatus, 20), default=CertificateStatus.VALID
    )
    replaced_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[UUID | None] = mapped_column(Uuid)
    event: Mapped[Event] = relationship()
    worker: Mapped[Worker] = relationship()
    replaced_by: Mapped["Certificate | None"] = relationship(remote_side="Certificate.id")


class CertificateChange(Identified, Base):
    """Issued, revoked, replaced: who, when, why."""

    __tablename__ = "certificate_change"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    after: Mapped[CertificateStatus] = mapped_column(Choice(CertificateStatus, 20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)


class CertificateSeries(Base):
    """The running number of a series (one event): taken under a lock, never reused."""

    __tablename__ = "certificate_series"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    last_number: Mapped[int] = mapped_column(Integer, default=0)


class VerificationMiss(Identified, Base):
    """A failed look-up, under a keyed fingerprint of the address it came from: what the throttle counts."""

    __tablename__ = "verification_miss"
    __table_args__ = (UniqueConstraint("address_key", "minute"),)

    address_key: Mapped[bytes]
    minute: Mapped[int] = mapped_column(Integer, index=True)
    misses: Mapped[int] = mapped_column(Integer, default=0)
