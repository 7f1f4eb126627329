"""Tables of promotions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.certificates.models import Certificate
from competition.organisations.models import Organisation
from competition.orm import Base, Choice, Document, Identified, UtcDateTime
from competition.rules.grades import Grade
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import GradeRecord, Worker


class CaseState(StrEnum):
    ELIGIBLE = "eligible"
    APPLIED = "applied"
    APPROVED = "approved"
    ISSUED = "issued"
    REJECTED = "rejected"


STATE_LABELS: dict[CaseState, Sentence] = {
    CaseState.ELIGIBLE: sentence("May be applied for"),
    CaseState.APPLIED: sentence("Applied for"),
    CaseState.APPROVED: sentence("Approved by the authority"),
    CaseState.ISSUED: sentence("Issued"),
    CaseState.REJECTED: sentence("Rejected by the authority"),
}


class PromotionTable(Identified, Base):
    """A published rule table of one authority, valid from a day on; immutable by trigger once it is in force."""

    __tablename__ = "promotion_table"

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[UUID | None] = mapped_column(Uuid)
    authority: Mapped[Organisation] = relationship()


class PromotionCase(Identified, Base):
    """One person's way from an award to a grade; rests on a certificate and on a row of a table."""

    __tablename__ = "promotion_case"
    __table_args__ = (UniqueConstraint("certificate_id"),)

    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    table_id: Mapped[UUID] = mapped_column(ForeignKey("promotion_table.id"))
    table_row: Mapped[int] = mapped_column(Integer)
    occupation_code: Mapped[str] = mapped_column(ForeignKey("occupation.code"))
    grade_before: Mapped[Grade | None] = mapped_column(Choice(Grade, 30))
    target: Mapped[Grade] = mapped_column(Choice(Grade, 30))
    working: Mapped[list[Any]] = mapped_column(Document)
    state: Mapped[CaseState] = mapped_column(Choice(CaseState, 20), default=CaseState.ELIGIBLE, index=True)
    document_number: Mapped[str] = mapped_column(String(100), default="")
    grade_record_id: Mapped[UUID | None] = mapped_column(ForeignKey("grade_record.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    worker: Mapped[Worker] = relationship()
    certificate: Mapped[Certificate] = relationship()
    table: Mapped[PromotionTable] = relationship()
    grade_record: Mapped[GradeRecord | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class CaseStep(Identified, Base):
    """A move of a case: who, when, why."""

    __tablename__ = "case_step"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("promotion_case.id"), index=True)
    before: Mapped[CaseState] = mapped_column(Choice(CaseState, 20))
    after: Mapped[CaseState] = mapped_column(Choice(CaseState, 20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
