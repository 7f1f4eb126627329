"""Tables of paper. What was printed, typed, photographed and decided stays as it was: all of it is append-only by trigger.

The one exception is the moment at which somebody withdraws an entry of their own before anybody else typed.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from competition import tokens
from competition.orm import Base, Choice, Document, Identified, UtcDateTime


class PrintedSheet(Base):
    """A sheet as it was printed once. Its id is random and stands in the QR code: whoever scans it knows nothing from it.

    `document_hash` is the fingerprint printed on the paper, of everything that stood on it.
    """

    __tablename__ = "printed_sheet"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),
        Index("ix_printed_sheet_event_id_sheet_id", "event_id", "sheet_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.random_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    sheet_id: Mapped[UUID] = mapped_column(Uuid)
    with_marks: Mapped[bool]
    document_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))


class EntryMode(StrEnum):
    """How the values of an entry came about: typed from the paper, confirmed against the first entry, or chosen in a third look."""

    TYPED = "typed"
    CONFIRMED = "confirmed"
    CHOSEN = "chosen"


class Verdict(StrEnum):
    """What an entry came to: nothing to compare with, the same as the first, another one, or decided."""

    FIRST = "first"
    EQUAL = "equal"
    DIFFERENT = "different"
    DECIDED = "decided"


class PaperEntry(Identified, Base):
    """录入: what one person read from the paper of a sheet. First, second or third look of one round.

    A round ends when the sheet is counted or its entries are set aside; a sheet opened again afterwards begins another one.
    """

    __tablename__ = "paper_entry"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),
        CheckConstraint("ordinal BETWEEN 1 AND 3", name="ordinal"),
        *(
            Index(
                f"uq_paper_entry_{name}",
                *("event_id", "sheet_id", "round", column),
                unique=True,
                sqlite_where=text("withdrawn_at IS NULL"),
                postgresql_where=text("withdrawn_at IS NULL"),
            )
            for name, column in (("place", "ordinal"), ("person", "by_id"))
        ),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    sheet_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[int] = mapped_column(Integer)
    ordinal: Mapped[int] = mapped_column(Integer)
    mode: Mapped[EntryMode] = mapped_column(Choice(EntryMode, 10))
    verdict: Mapped[Verdict] = mapped_column(Choice(Verdict, 10))
    reading: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PaperPhoto(Identified, Base):
    """A photo of the paper, drawn anew and sealed. `sha256` is that of the file as it was handed in."""

    __tablename__ = "paper_photo"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),
        Index("ix_paper_photo_event_id_sheet_id", "event_id", "sheet_id"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    sheet_id: Mapped[UUID] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    # Last in the table: megabytes, and SQLite walks through them to whatever column comes after.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class OutcomeKind(StrEnum):
    """How a round of entries ended: the paper counts, or its entries were set aside by the chief judge."""

    COUNTED = "counted"
    SET_ASIDE = "set_aside"


class PaperOutcome(Base):
    """The end of a round. `content_hash` is what the sheet held when the paper was counted, "" where it was set aside."""

    __tablename__ = "paper_outcome"
    __table_args__ = (ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),)

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[OutcomeKind] = mapped_column(Choice(OutcomeKind, 10))
    reason: Mapped[str] = mapped_column(String(500))
    content_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
