"""Tables of re-checks. All of them are append-only by trigger: what was drawn, seen, decided and signed stays as it was."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from competition import tokens
from competition.orm import Base, Document, UtcDateTime


class Recheck(Base):
    """复核: the scope as it was drawn after one close of the marking; the next one has the same seed and a new number.

    `ranked` is every code in the provisional order, `top` how many of them are all checked, `sample` whom the draw met.
    `seed` is what a person gave in public ("" for nothing), `system_seed` what the system added at the draw. Rows from
    before there was a second part have None there.
    """

    __tablename__ = "recheck"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    number: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(String(128))
    top: Mapped[int] = mapped_column(Integer)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    system_seed: Mapped[str | None] = mapped_column(String(64))
    sample: Mapped[list[str]] = mapped_column(Document)
    ranked: Mapped[list[str]] = mapped_column(Document)

    @property
    def effective_seed(self) -> str:
        """What the sample was drawn with: SHA-256 of the public seed, a line break and the system's.

        Nobody knows the second part before the draw, so the first cannot be tried until the sample misses somebody.
        """
        if self.system_seed is None:
            return self.seed
        return sha256(f"{self.seed}\n{self.system_seed}".encode()).hexdigest()


class Widening(StrEnum):
    """Why everything is checked again: too many errors, or a person's decision."""

    ERRORS = "errors"
    DECISION = "decision"


class RecheckWidening(Base):
    """From here on everything is checked again: so many wrong sheets of so many in the drawn scope, or with a reason."""

    __tablename__ = "recheck_widening"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    why: Mapped[str] = mapped_column(String(20))
    errors: Mapped[int] = mapped_column(Integer)
    sheets: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))


class SheetCheck(Base):
    """One look at one signed sheet: right, or wrong in one place, in writing. It holds for the content it names."""

    __tablename__ = "sheet_check"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]),
        Index("ix_sheet_check_sheet", "event_id", "sheet_id"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    sheet_id: Mapped[UUID] = mapped_column(Uuid)
    content_hash: Mapped[str] = mapped_column(String(64))
    is_right: Mapped[bool]
    aspect: Mapped[str] = mapped_column(String(40), default="")
    found: Mapped[str] = mapped_column(String(200), default="")
    should_be: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))


class ErrorDecision(Base):
    """What the chief judge said to an error: accepted (the sheet is opened again), or rejected with the reason."""

    __tablename__ = "error_decision"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "check_id"], ["sheet_check.event_id", "sheet_check.id"]),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    check_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    is_accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))


class SigningRole(StrEnum):
    SUPERVISOR = "supervisor"
    CHIEF = "chief"


class RecheckSignature(Base):
    """Supervisor or chief judge stands for a finished re-check, with the counts they saw."""

    __tablename__ = "recheck_signature"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "recheck_id"], ["recheck.event_id", "recheck.id"]),
        UniqueConstraint("event_id", "recheck_id", "role"),
        UniqueConstraint("event_id", "recheck_id", "by_id"),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    recheck_id: Mapped[UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20))
    counts: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
