"""Tables of scoring. `event_id` stands in every key: these are the hot tables.

A mark is what the last applied operation of its cell made of it; operations and signatures are append-only.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from competition import tokens
from competition.competitions.models import Proposal
from competition.orm import Base, Choice, Document, Encrypted, UtcDateTime
from competition.orm import Mark as MarkValue
from competition.panels.models import Judge


class SheetState(StrEnum):
    OPEN = "open"
    SIGNED = "signed"
    CONFIRMED = "confirmed"
    VOID = "void"


class Sheet(Base):
    """评分表: what one seat marks of one code in one module."""

    __tablename__ = "sheet"
    __table_args__ = (UniqueConstraint("event_id", "module", "code", "seat_label"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"))
    module: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(12))
    start_order: Mapped[int] = mapped_column(Integer)
    seat_label: Mapped[str] = mapped_column(String(8))
    lead: Mapped[bool]
    judge_id: Mapped[UUID] = mapped_column(ForeignKey("judge.id"), index=True)
    state: Mapped[SheetState] = mapped_column(Choice(SheetState, 20), default=SheetState.OPEN)
    version: Mapped[int] = mapped_column(Integer)
    judge: Mapped[Judge] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Mark(Base):
    """The current mark of one cell: a sheet's aspect. `value` None with a state says why there is no number.

    `round` counts the discussion rounds of a judgement; `version` is what a device must name to change it.
    """

    __tablename__ = "mark"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),
        CheckConstraint("(value IS NULL) = (state <> 'value')", name="value_or_state"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    aspect: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True, default="mark")
    value: Mapped[Decimal | None] = mapped_column(MarkValue)
    state: Mapped[str] = mapped_column(String(20), default="value")
    round: Mapped[int] = mapped_column(Integer, default=1)
    version: Mapped[int] = mapped_column(Integer)
    op_id: Mapped[UUID] = mapped_column(Uuid)
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MarkOperation(Base):
    """What a device sent, as it was sent, and what it was answered. Append-only by trigger; the id makes resending harmless."""

    __tablename__ = "mark_operation"
    __table_args__ = (
        Index("ix_mark_operation_cell", "event_id", "sheet_id", "aspect"),
        Index("ix_mark_operation_device", "event_id", "device_id", "sequence"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    op_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    device_id: Mapped[UUID] = mapped_column(Uuid)
    sequence: Mapped[int] = mapped_column(BigInteger)
    sheet_id: Mapped[UUID] = mapped_column(Uuid)
    aspect: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(Document)
    body_hash: Mapped[str] = mapped_column(String(64))
    device_time: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    answer: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(Integer)


class Signature(Base):
    """Somebody stood for a sheet: the judge who signs, the chief judge who confirms, or who reopens it (with a reason).

    `way` says how the person showed who they are: the PIN of a login card, the password, or a drawing of the name, whose path is
    `drawing` (queries.signing), or the paper of the sheet, and then `reason` names who typed it. "" is none of them: the services of the
    house.
    """

    __tablename__ = "signature"
    __table_args__ = (ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),)

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    sheet_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    act: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    way: Mapped[str] = mapped_column(String(12), default="", server_default="")
    drawing: Mapped[str] = mapped_column(Text, default="", server_default="")


class RemarkKind(StrEnum):
    """`exposed`: the work shows whose it is, though codes should hide it."""

    NOTE = "note"
    PHOTO = "photo"
    EXPOSED = "exposed"


class SheetRemark(Base):
    """A judge's note or photo beside a mark, or the word that the work shows whose it is. Append-only by trigger; the id is the device's, so that sending twice makes one.

    Photos are kept as they were drawn anew, sealed, for they may show a person.
    """

    __tablename__ = "sheet_remark"
    __table_args__ = (ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),)

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    aspect: Mapped[str] = mapped_column(String(40))
    kind: Mapped[RemarkKind] = mapped_column(Choice(RemarkKind, 10))
    text: Mapped[str] = mapped_column(String(1000), default="")
    device_time: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    # Last in the table: megabytes, and SQLite walks through them to whatever column comes after.
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))


class DealtWith(Base):
    """The chief judge has seen to an operation that does not count, with a reason. Append-only by trigger."""

    __tablename__ = "dealt_with"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "op_id"], ["mark_operation.event_id", "mark_operation.op_id"]),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    op_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))


class EmergencyKey(Base):
    """The key to which tablets of an event seal what they could not send (JWK, P-256); the private half is sealed at rest."""

    __tablename__ = "emergency_key"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    public_key: Mapped[str] = mapped_column(Text)
    private_key: Mapped[str] = mapped_column(Encrypted("emergency_key.private_key"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MissingAcceptance(Proposal, Base):
    """Two people accept that exactly these sheets are missing.

    `sheets` is the list of module, code and seat in order: it holds for these sheets and for no others. One stands at a time.
    """

    __tablename__ = "missing_acceptance"
    __table_args__ = (
        Index(
            "uq_missing_acceptance_event_id",
            "event_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    sheets: Mapped[list[list[str]]] = mapped_column(Document)
    accepted_by: Mapped[UUID | None] = mapped_column("approved_by", Uuid)
    accepted_by_name: Mapped[str] = mapped_column(
        "approved_by_name", String(200), default="", server_default=""
    )
    accepted_at: Mapped[datetime | None] = mapped_column("approved_at", UtcDateTime)
