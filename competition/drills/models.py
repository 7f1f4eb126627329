"""Tables of drills."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.competitions.models import Event
from competition.organisations.models import Organisation
from competition.orm import Base, Choice, Document, Identified, UtcDateTime
from competition.orm import Mark as MarkValue
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import Worker


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


KIND_LABELS: dict[QuestionKind, Sentence] = {
    QuestionKind.SINGLE: sentence("Single choice"),
    QuestionKind.MULTIPLE: sentence("Multiple choice"),
    QuestionKind.TRUE_FALSE: sentence("True or false"),
}


class DrillState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Drill(Identified, Base):
    """练兵: a paper for the people of an organisation; its best `feed_quota` enter the event it feeds."""

    __tablename__ = "drill"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[DrillState] = mapped_column(Choice(DrillState, 20), default=DrillState.DRAFT)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int] = mapped_column(Integer)
    attempts_allowed: Mapped[int] = mapped_column(Integer, default=1)
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"), index=True)
    feed_quota: Mapped[int] = mapped_column(Integer, default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    organisation: Mapped[Organisation] = relationship()
    event: Mapped[Event | None] = relationship()
    questions: Mapped[list["Question"]] = relationship(back_populates="drill", order_by="Question.number")

    __mapper_args__ = {"version_id_col": version}


class Question(Identified, Base):
    """An objective question. `options` are texts; `correct` are indexes into them."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("drill_id", "number"),)

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drill.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[QuestionKind] = mapped_column(Choice(QuestionKind, 20))
    stem: Mapped[str] = mapped_column(String(1000))
    options: Mapped[list[str]] = mapped_column(Document)
    correct: Mapped[list[int]] = mapped_column(Document)
    points: Mapped[Decimal] = mapped_column(MarkValue)
    explanation: Mapped[str] = mapped_column(String(1000), default="")
    drill: Mapped[Drill] = relationship(back_populates="questions")


class Attempt(Identified, Base):
    """One try of one worker: an attempt is a row, not a session. `paper` is the order of questions and options as shown."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("drill_id", "worker_id", "number"),)

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drill.id"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(String(64))
    paper: Mapped[list[Any]] = mapped_column(Document)
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    score: Mapped[Decimal | None] = mapped_column(MarkValue)
    version: Mapped[int] = mapped_column(Integer)
    drill: Mapped[Drill] = relationship()
    worker: Mapped[Worker] = relationship()

    __mapper_args__ = {"version_id_col": version}


class DrillRank(Base):
    """The final ranking of a closed drill, and the entrant it became in the event it feeds."""

    __tablename__ = "drill_rank"

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drill.id"), primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"))
    place: Mapped[int] = mapped_column(Integer)
    score: Mapped[Decimal] = mapped_column(MarkValue)
    seconds: Mapped[int] = mapped_column(Integer)
    entrant_id: Mapped[UUID | None] = mapped_column(Uuid)
    worker: Mapped[Worker] = relationship()
