"""Tables of appeals and objections. All of them are append-only by trigger; what became of an appeal is its steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from competition import tokens
from competition.competitions.models import Event
from competition.orm import Base, Choice, Document, UtcDateTime
from competition.registration.models import Delegation
from competition.rules.appeals import AppealKind


class Appeal(Base):
    """申诉 or 异议 as it was handed in. `deadline` is the one that was kept; `text_hash` stands on the receipt."""

    __tablename__ = "appeal"
    __table_args__ = (UniqueConstraint("event_id", "number"), Index("ix_appeal_filed_by", "filed_by"))

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[AppealKind] = mapped_column(Choice(AppealKind, 20))
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    grounds: Mapped[list[str]] = mapped_column(Document)
    concerns: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filed_by: Mapped[UUID] = mapped_column(Uuid)
    filed_by_name: Mapped[str] = mapped_column(String(200))
    event: Mapped[Event] = relationship(viewonly=True)
    delegation: Mapped[Delegation | None] = relationship(viewonly=True)


class Evidence(Base):
    """A file handed in with an appeal. Images are stored as they were drawn anew, sealed like everything personal."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "appeal_id"], ["appeal.event_id", "appeal.id"]),
        UniqueConstraint("event_id", "appeal_id", "position"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    appeal_id: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    # Last in the table: megabytes, and SQLite walks through them to whatever column comes after.
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class AppealStep(Base):
    """One move of an appeal: who, when, in which tier, and what was said.

    A ruling also says what it does, names the sheets that are opened again, and until when it may be taken further.
    The step that carries out a repetition says in `rerun` what was held again, when, and what came of it.
    """

    __tablename__ = "appeal_step"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "appeal_id"], ["appeal.event_id", "appeal.id"]),
        UniqueConstraint("event_id", "appeal_id", "number"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    appeal_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    move: Mapped[str] = mapped_column(String(20))
    tier: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text, default="")
    ruling: Mapped[str | None] = mapped_column(String(20))
    effect: Mapped[str | None] = mapped_column(String(20))
    sheets: Mapped[list[str]] = mapped_column(Document)
    rerun: Mapped[dict[str, str] | None] = mapped_column(Document)
    further_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
