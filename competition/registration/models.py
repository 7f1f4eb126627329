"""Tables of registration."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.competitions.models import Competition, Event
from competition.organisations.models import Organisation
from competition.orm import Base, Choice, Document, Identified, UtcDateTime
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import Worker


class EntrantState(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RESERVE = "reserve"
    DISQUALIFIED = "disqualified"


class EntrySource(StrEnum):
    """How an entrant came: alone, by the leader, from a list, from the tier below, from a drill."""

    SELF = "self"
    NOMINATED = "nominated"
    IMPORTED = "imported"
    ADVANCED = "advanced"
    DRILL = "drill"


STATE_LABELS: dict[EntrantState, Sentence] = {
    EntrantState.SUBMITTED: sentence("Waiting for a decision"),
    EntrantState.APPROVED: sentence("Approved"),
    EntrantState.REJECTED: sentence("Rejected"),
    EntrantState.WITHDRAWN: sentence("Withdrawn"),
    EntrantState.RESERVE: sentence("Reserve"),
    EntrantState.DISQUALIFIED: sentence("Disqualified"),
}
SOURCE_LABELS: dict[EntrySource, Sentence] = {
    EntrySource.SELF: sentence("entered in person"),
    EntrySource.NOMINATED: sentence("nominated by the leader"),
    EntrySource.IMPORTED: sentence("from a list"),
    EntrySource.ADVANCED: sentence("advanced from the event below"),
    EntrySource.DRILL: sentence("best of a drill"),
}
UNDER_WAY = (EntrantState.SUBMITTED, EntrantState.APPROVED, EntrantState.RESERVE)
"""The states in which an entry binds its people."""


class Delegation(Identified, Base):
    """代表队: an organisation that sends entrants to a competition, and the leader (领队) who speaks for it."""

    __tablename__ = "delegation"
    __table_args__ = (UniqueConstraint("competition_id", "organisation_id"),)

    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    leader_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    organisation: Mapped[Organisation] = relationship()


class Entrant(Identified, Base):
    """参赛者: a person, a pair or a team in one event. `entry_number` is given at approval and never reused.

    `source_id` is the entrant of the event below (advanced) or the drill (drill). `answers` is the eligibility
    check as it was answered, condition by condition. `coach` is 指导教师 or 教练 by name, "" where nobody is named. `team`
    is the team for which the entrant counts where the rules rank teams, "" for none, `team_order` the place in it.
    """

    __tablename__ = "entrant"
    __table_args__ = (
        UniqueConstraint("event_id", "entry_number"),
        UniqueConstraint("event_id", "id"),
        Index("ix_entrant_event_state", "event_id", "state"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"), index=True)
    state: Mapped[EntrantState] = mapped_column(Choice(EntrantState, 20))
    source: Mapped[EntrySource] = mapped_column(Choice(EntrySource, 20))
    source_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    entry_number: Mapped[int | None] = mapped_column(Integer)
    reserve_order: Mapped[int | None] = mapped_column(Integer)
    award_eligible: Mapped[bool] = mapped_column(default=True)
    coach: Mapped[str] = mapped_column(String(100), default="", server_default="")
    team: Mapped[str] = mapped_column(String(40), default="", server_default="")
    team_order: Mapped[int | None] = mapped_column(Integer)
    present: Mapped[bool] = mapped_column(default=True)
    answers: Mapped[list[Any]] = mapped_column(Document)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer)
    event: Mapped[Event] = relationship()
    delegation: Mapped[Delegation] = relationship()
    members: Mapped[list["EntrantMember"]] = relationship(
        back_populates="entrant", order_by="EntrantMember.position"
    )

    __mapper_args__ = {"version_id_col": version}


class EntrantMember(Base):
    """A person in an entrant, in order (the first of a pair is the 主选手). `active` false frees the person."""

    __tablename__ = "entrant_member"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "entrant_id"], ["entrant.event_id", "entrant.id"]),
        Index(
            "uq_entrant_member_event_id_worker_id",
            "event_id",
            "worker_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    entrant_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    entrant: Mapped[Entrant] = relationship(back_populates="members")
    worker: Mapped[Worker] = relationship()


class EntrantDecision(Identified, Base):
    """Approval, rejection, withdrawal, move up from reserve: who, when, why."""

    __tablename__ = "entrant_decision"

    entrant_id: Mapped[UUID] = mapped_column(ForeignKey("entrant.id"), index=True)
    before: Mapped[EntrantState] = mapped_column(Choice(EntrantState, 20))
    after: Mapped[EntrantState] = mapped_column(Choice(EntrantState, 20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)


class EntrantImport(Identified, Base):
    """An uploaded list: read once, shown as a preview, taken over once. ID numbers in `sealed_rows` are sealed."""

    __tablename__ = "entrant_import"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    file_hash: Mapped[str] = mapped_column(String(64))
    sealed_rows: Mapped[bytes]
    row_count: Mapped[int] = mapped_column(Integer)
    errors: Mapped[list[Any]] = mapped_column(Document)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[UUID | None] = mapped_column(Uuid)
    taken_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    operation_id: Mapped[UUID | None] = mapped_column(Uuid)
