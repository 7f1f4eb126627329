"""Tables of panels."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.accounts.models import Account
from competition.organisations.models import Organisation
from competition.orm import Base, Choice, Identified, UtcDateTime


class SeatKind(StrEnum):
    """`lead` also records what the group agrees on (measurements, deductions); `alternate` marks where a judge must not.

    `shadow` marks everything the panel judges and counts nowhere: for training judges and for looking at a panel.
    """

    LEAD = "lead"
    MEMBER = "member"
    ALTERNATE = "alternate"
    SHADOW = "shadow"


class Judge(Identified, Base):
    """裁判员: an account that judges, and the organisation whose delegation the judge belongs to (None: neutral)."""

    __tablename__ = "judge"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), unique=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    level: Mapped[str] = mapped_column(String(40), default="")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class Seat(Identified, Base):
    """A judge's place on the panel of one module of an event. `label` (J1, J2 …) is the judge's id in the contest document."""

    __tablename__ = "seat"
    __table_args__ = (
        Index(
            "uq_seat_event_id_module_label",
            "event_id",
            "module",
            "label",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index(
            "uq_seat_event_id_module_judge_id",
            "event_id",
            "module",
            "judge_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    module: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(8))
    kind: Mapped[SeatKind] = mapped_column(Choice(SeatKind, 20))
    judge_id: Mapped[UUID] = mapped_column(ForeignKey("judge.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assigned_by: Mapped[UUID | None] = mapped_column(Uuid)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judge: Mapped[Judge] = relationship()
