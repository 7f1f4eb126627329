"""Tables of results. A revision and its lines are immutable by trigger once they are written."""

from datetime import datetime
from decimal import Decimal
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
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition import tokens
from competition.competitions.models import Event, RuleSetVersion
from competition.orm import Base, Document, UtcDateTime
from competition.orm import Mark as MarkValue
from competition.registration.models import Entrant


class ResultRevision(Base):
    """One computed result of an event: the whole contest document it was computed from, and the hash of both.

    `advancement` is on which terms its winners climb (parent, quota, reserves, ties); None where nobody does.
    """

    __tablename__ = "result_revision"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    number: Mapped[int] = mapped_column(Integer)
    rule_set_version_id: Mapped[UUID] = mapped_column(ForeignKey("rule_set_version.id"))
    reconciliation: Mapped[dict[str, Any]] = mapped_column(Document)
    advancement: Mapped[dict[str, Any] | None] = mapped_column(Document)
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), default="")
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_by_name: Mapped[str] = mapped_column(String(200))
    # Last in the table: megabytes, and SQLite walks through them to whatever column comes after.
    contest: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
    rule_set_version: Mapped[RuleSetVersion] = relationship()


class SignedSheets(Base):
    """The signed sheets a revision was computed from, with every cell, as they were then: what its hash covers too."""

    __tablename__ = "signed_sheets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
        ),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sheets: Mapped[list[dict[str, Any]]] = mapped_column(Document)


class ResultLine(Base):
    """One entrant's line in a revision; `place` None was not ranked. `position` orders the printed list."""

    __tablename__ = "result_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
        ),
        ForeignKeyConstraint(["event_id", "entrant_id"], ["entrant.event_id", "entrant.id"]),
        UniqueConstraint("event_id", "revision_id", "position"),
        Index("ix_result_line_entrant", "entrant_id"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    entrant_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    place: Mapped[int | None] = mapped_column(Integer)
    total: Mapped[Decimal | None] = mapped_column(MarkValue)
    award: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    display_name: Mapped[str] = mapped_column(String(400))
    delegation_name: Mapped[str] = mapped_column(String(200))
    entrant: Mapped[Entrant] = relationship(
        primaryjoin="and_(ResultLine.event_id == Entrant.event_id, ResultLine.entrant_id == Entrant.id)",
        viewonly=True,
    )


class ResultTeam(Base):
    """A ranked team of a revision, or a delegation where these are ranked; `value` is written as it is shown."""

    __tablename__ = "result_team"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
        ),
        UniqueConstraint("event_id", "revision_id", "position"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    place: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(String(400))
    award: Mapped[str | None] = mapped_column(String(40))
    display_name: Mapped[str] = mapped_column(String(200))
    delegation_name: Mapped[str] = mapped_column(String(200))


class ResultAwardDecision(Base):
    """What people decided about one entrant's award in a revision, beside what the rules gave; None: no award.

    `by_name` and `at` stay those of the first revision in which it was decided so.
    """

    __tablename__ = "result_award_decision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "revision_id", "entrant_id"],
            ["result_line.event_id", "result_line.revision_id", "result_line.entrant_id"],
        ),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    entrant_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    award: Mapped[str | None] = mapped_column(String(40))
    computed: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PublicationApproval(Base):
    """One of the two different people who stand for a revision."""

    __tablename__ = "publication_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
        ),
        UniqueConstraint("event_id", "revision_id", "by_id"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    revision_id: Mapped[UUID] = mapped_column(Uuid)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Publication(Base):
    """A revision the public may see. The newest of an event is the one that counts.

    `notice_until` is the end of the public notice counted from the publication; None where the rules know none, or before
    they did. By `notice_zone` and `notice_extra_days` it is counted from a later moment (see queries.notices); None in
    rows older than that.
    """

    __tablename__ = "publication"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
        ),
        UniqueConstraint("event_id", "revision_id"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    revision_id: Mapped[UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_zone: Mapped[str | None] = mapped_column(String(64))
    notice_extra_days: Mapped[int | None] = mapped_column(Integer)
    event: Mapped[Event] = relationship(viewonly=True)
    revision: Mapped[ResultRevision] = relationship(
        primaryjoin="and_(Publication.event_id == ResultRevision.event_id, Publication.revision_id == ResultRevision.id)",
        viewonly=True,
    )


class ResultFinal(Base):
    """A published revision on which certificates, promotions and advancement rest: its notice is over, nothing is open."""

    __tablename__ = "result_final"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
        ),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))


class Advance(Base):
    """What a final result did for an entrant in the event above: a place, a reserve's place, and which entrant it became."""

    __tablename__ = "advance"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "entrant_id"], ["entrant.event_id", "entrant.id"]),
        UniqueConstraint("event_id", "entrant_id", "parent_event_id"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    entrant_id: Mapped[UUID] = mapped_column(Uuid)
    revision_id: Mapped[UUID] = mapped_column(Uuid)
    parent_event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    parent_entrant_id: Mapped[UUID] = mapped_column(ForeignKey("entrant.id"), index=True)
    reserve_order: Mapped[int | None] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
