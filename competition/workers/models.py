"""Tables of workers. ID numbers and phones are sealed; a keyed index finds them again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.accounts.models import Account
from competition.organisations.models import Organisation
from competition.orm import Base, Choice, Encrypted, Identified, UtcDateTime
from competition.rules.eligibility import WorkerStatus
from competition.rules.grades import Grade
from competition.rules.identity import IdType, Sex


class Occupation(Base):
    """An occupation of the catalogue (职业分类大典); `ceiling` is the highest grade its standard defines."""

    __tablename__ = "occupation"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    catalogue_year: Mapped[int] = mapped_column(Integer)
    ceiling: Mapped[Grade] = mapped_column(Choice(Grade, 30))


class Worker(Identified, Base):
    """A person. The name is kept exactly as on the ID; `search_key` and `sort_key` are only for finding and sorting."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(String(50))
    search_key: Mapped[str] = mapped_column(String(100), index=True)
    sort_key: Mapped[str] = mapped_column(String(300), index=True)
    id_type: Mapped[IdType] = mapped_column(Choice(IdType, 30))
    id_number: Mapped[str] = mapped_column(Encrypted("worker.id_number"))
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    birth_date: Mapped[date | None]
    sex: Mapped[Sex | None] = mapped_column(Choice(Sex, 10))
    phone: Mapped[str | None] = mapped_column(Encrypted("worker.phone"))
    status: Mapped[WorkerStatus] = mapped_column(Choice(WorkerStatus, 20), default=WorkerStatus.WORKER)
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    occupation_code: Mapped[str] = mapped_column(ForeignKey("occupation.code"), index=True)
    grade: Mapped[Grade | None] = mapped_column(Choice(Grade, 30))
    in_occupation_since: Mapped[date | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    employer: Mapped[Organisation] = relationship()
    occupation: Mapped[Occupation] = relationship()
    account: Mapped[Account | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class GradeRecord(Identified, Base):
    """A grade a person held from a day on, and where it came from. Append-only by trigger.

    `source` is "declared" (at registration of the person) or "promotion"; `source_id` is then the case.
    """

    __tablename__ = "grade_record"

    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    occupation_code: Mapped[str] = mapped_column(ForeignKey("occupation.code"))
    grade: Mapped[Grade] = mapped_column(Choice(Grade, 30))
    effective_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[UUID | None] = mapped_column(Uuid)
    document_number: Mapped[str] = mapped_column(String(100), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    occupation: Mapped[Occupation] = relationship()
