"""Tables of calibration: pieces that all judges of a module mark before the contest, to see how they see."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from competition import tokens
from competition.orm import Base, UtcDateTime
from competition.orm import Mark as MarkValue


class CalibrationPiece(Base):
    """A piece of work or a performance that nobody competes with. Once closed, everybody may see all marks of it."""

    __tablename__ = "calibration_piece"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    module: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(100))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalibrationMark(Base):
    """What somebody gave the piece at one aspect: a judge, or nobody (the reference of the experts)."""

    __tablename__ = "calibration_mark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "piece_id"], ["calibration_piece.event_id", "calibration_piece.id"]
        ),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    piece_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    giver: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The judge's id, or "reference"."""
    aspect: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Decimal] = mapped_column(MarkValue)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
