"""Tables of competitions and events."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition import tokens
from competition.organisations.models import Organisation
from competition.orm import Base, Choice, Document, Identified, UtcDateTime
from competition.rules.lifecycle import EventState
from competition.workers.models import Occupation


class Tier(StrEnum):
    """Where in the chain a competition stands."""

    ENTERPRISE = "enterprise"
    CITY = "city"
    PROVINCE = "province"
    INDUSTRY = "industry"
    NATION = "nation"


class CompetitionClass(StrEnum):
    """一类, 二类, or none (inside an enterprise)."""

    FIRST = "I"
    SECOND = "II"
    NONE = "none"


class Group(StrEnum):
    WORKER = "worker"
    STUDENT = "student"
    TEACHER = "teacher"
    OPEN = "open"


class Competition(Identified, Base):
    """One edition of a contest, held by its host."""

    __tablename__ = "competition"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    tier: Mapped[Tier] = mapped_column(Choice(Tier, 20))
    competition_class: Mapped[CompetitionClass] = mapped_column(Choice(CompetitionClass, 10))
    host_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    edition: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    host: Mapped[Organisation] = relationship()
    events: Mapped[list["Event"]] = relationship(back_populates="competition", order_by="Event.code")

    __mapper_args__ = {"version_id_col": version}


class Event(Identified, Base):
    """赛项: what people compete in. Its winners climb to `parent` by `parent_quota` places.

    `rule_set` is the draft document; the version frozen when registration opened is `frozen`.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("competition_id", "code"),
        CheckConstraint("team_size BETWEEN 1 AND 20", name="team_size"),
        CheckConstraint("parent_quota >= 0 AND parent_reserves >= 0", name="quota"),
    )

    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    occupation_code: Mapped[str] = mapped_column(ForeignKey("occupation.code"), index=True)
    group: Mapped[Group] = mapped_column("entrant_group", Choice(Group, 20))
    team_size: Mapped[int] = mapped_column(Integer, default=1)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"), index=True)
    parent_quota: Mapped[int] = mapped_column(Integer, default=0)
    parent_reserves: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[EventState] = mapped_column(Choice(EventState, 20), default=EventState.DRAFT, index=True)
    rule_set: Mapped[dict[str, Any]] = mapped_column(Document)
    frozen_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_set_version.id", use_alter=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    competition: Mapped[Competition] = relationship(back_populates="events")
    occupation: Mapped[Occupation] = relationship()
    parent: Mapped["Event | None"] = relationship(remote_side="Event.id")
    frozen: Mapped["RuleSetVersion | None"] = relationship(foreign_keys=[frozen_id], post_update=True)

    __mapper_args__ = {"version_id_col": version}


class RuleSetVersion(Identified, Base):
    """A rule set as it was frozen; immutable by trigger. `hash` is the SHA-256 of the canonical document."""

    __tablename__ = "rule_set_version"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    hash: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by: Mapped[UUID | None] = mapped_column(Uuid)


class Proposal:
    """What two people stand for in an event: one proposes it with a reason, another one accepts it. Withdrawn ones are kept.

    `hash` is the SHA-256 of exactly what was proposed; `accepted_at` None waits for the second person.
    """

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    proposed_by_name: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by: Mapped[UUID | None] = mapped_column(Uuid)
    accepted_by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    withdrawn_by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RuleCorrection(Proposal, Base):
    """Two people correct frozen rules (规则更正): which document is proposed in place of which version.

    One waits at a time; `version_id` is the version that an accepted one became.
    """

    __tablename__ = "rule_correction"
    __table_args__ = (
        Index(
            "uq_rule_correction_event_id",
            "event_id",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    before_id: Mapped[UUID] = mapped_column(ForeignKey("rule_set_version.id"))
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_set_version.id"))
    before: Mapped[RuleSetVersion] = relationship(foreign_keys=[before_id])


class EventMove(Identified, Base):
    """One move of an event from state to state: who, when, why."""

    __tablename__ = "event_move"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    move: Mapped[str] = mapped_column(String(30))
    before: Mapped[EventState] = mapped_column(Choice(EventState, 20))
    after: Mapped[EventState] = mapped_column(Choice(EventState, 20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(String(500), default="")
