"""Tables of boards. What a board shows follows from rows: switched on, frozen, a ceremony and its steps."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from competition import tokens
from competition.orm import Base, Choice, Document, UtcDateTime


class RevealOrder(StrEnum):
    """Who is announced: those with an award, from the lowest to the highest, or everybody with a place, the last first."""

    AWARDS = "awards"
    PLACES = "places"


class Announced(StrEnum):
    """Whose line is announced: that of an entrant, or that of a team."""

    ENTRANT = "entrant"
    TEAM = "team"


class Board(Base):
    """The board of an event. `stamp` is another one after every act of control: what was made before it is old.

    `is_on` decides about live standings only: what is published is public anyway.
    """

    __tablename__ = "board"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    is_on: Mapped[bool]
    stamp: Mapped[UUID] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class BoardFreeze(Base):
    """封盘: from `at` until it is lifted the board shows `snapshot`, the standings of that moment, and nothing newer."""

    __tablename__ = "board_freeze"
    __table_args__ = (ForeignKeyConstraint(["event_id"], ["board.event_id"]),)

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_name: Mapped[str] = mapped_column(String(200), default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(Document)


class Ceremony(Base):
    """揭晓仪式: the released result is shown line by line, as the announcer goes on; until it ends, nothing else is shown."""

    __tablename__ = "ceremony"
    __table_args__ = (ForeignKeyConstraint(["event_id"], ["board.event_id"]),)

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    order: Mapped[RevealOrder] = mapped_column("reveal_order", Choice(RevealOrder, 20))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_name: Mapped[str] = mapped_column(String(200), default="")


class CeremonyStep(Base):
    """One line that was shown, word for word; taken back only with a note, and then shown again in its turn.

    It is the line of an entrant, or of a team: `team` is then what the result calls it, the team or the delegation.
    """

    __tablename__ = "ceremony_step"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "ceremony_id"], ["ceremony.event_id", "ceremony.id"]),
        UniqueConstraint("event_id", "ceremony_id", "number"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    ceremony_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    entrant_id: Mapped[UUID | None] = mapped_column(Uuid)
    team: Mapped[str | None] = mapped_column(String(40))
    revision_id: Mapped[UUID] = mapped_column(Uuid)
    shown: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
