"""Tables of the floor. Both are append-only by trigger: the log only grows, and a later plan stands beside the earlier one."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from competition import tokens
from competition.orm import Base, Choice, Mark, UtcDateTime
from competition.rules.floor import Kind


class FloorPlan(Base):
    """How a part of an event is worked: so many stations at once, so many minutes. The latest one of a part counts.

    Batches follow from it: the first `stations` codes in the order of start are batch 1, and so on; a code's station is its
    place in the batch.
    """

    __tablename__ = "floor_plan"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    number: Mapped[int] = mapped_column(Integer)
    part: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int] = mapped_column(Integer)
    stations: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))


class FloorEntry(Base):
    """赛场记录: a line of the floor log. `at` is the server's; `device_time` is what the device said, and decides nothing.

    Of a station where `code` is given, else of the whole `batch`. `verdict`, `aspect` and `points` say what a violation is
    proposed or ruled to be, `verdict` also what an incident is about; `sheet_id` is the sheet that a judge reported from.
    """

    __tablename__ = "floor_entry"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "refers_to"], ["floor_entry.event_id", "floor_entry.id"]),
        UniqueConstraint("event_id", "number"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[Kind] = mapped_column(Choice(Kind, 12))
    part: Mapped[str] = mapped_column(String(40))
    batch: Mapped[int | None] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    device_time: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int] = mapped_column(Integer)
    cause: Mapped[str] = mapped_column(String(500))
    verdict: Mapped[str] = mapped_column(String(20))
    aspect: Mapped[str] = mapped_column(String(40))
    points: Mapped[Decimal | None] = mapped_column(Mark)
    sheet_id: Mapped[UUID | None] = mapped_column(Uuid)
    refers_to: Mapped[UUID | None] = mapped_column(Uuid)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
