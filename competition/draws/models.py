"""Tables of draws. Sheets and marks hang on a blind code, never on a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.orm import Base, Document, Identified, UtcDateTime
from competition.registration.models import Entrant


class Draw(Identified, Base):
    """One draw of an event: its method, its seed and what went in. A later draw supersedes it, never changes it."""

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    method: Mapped[str] = mapped_column(String(40))
    seed: Mapped[str] = mapped_column(String(64))
    entrants: Mapped[list[Any]] = mapped_column(Document)
    entrants_hash: Mapped[str] = mapped_column(String(64))
    blind_layers: Mapped[int] = mapped_column(Integer)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    places: Mapped[list["DrawnPlace"]] = relationship(
        back_populates="draw", order_by="DrawnPlace.start_order"
    )


class DrawnPlace(Base):
    """Where and under which code an entrant starts. `code` is what judges see."""

    __tablename__ = "drawn_place"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "entrant_id"], ["entrant.event_id", "entrant.id"]),
        UniqueConstraint("event_id", "draw_id", "code"),
        UniqueConstraint("event_id", "draw_id", "start_order"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    entrant_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    start_order: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(12))
    draw: Mapped[Draw] = relationship(back_populates="places")
    entrant: Mapped[Entrant] = relationship(
        primaryjoin="and_(DrawnPlace.event_id == Entrant.event_id, DrawnPlace.entrant_id == Entrant.id)",
        viewonly=True,
    )
