"""Tables of tablets: login cards and the devices that send marks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition import tokens
from competition.accounts.models import Account
from competition.orm import Base, Choice, Identified, UtcDateTime
from competition.panels.models import Judge


class DeviceKind(StrEnum):
    """What sends operations: a judge's tablet, the desk at which paper sheets are typed in, or a ruling of the chief judge."""

    TABLET = "tablet"
    PAPER = "paper"
    FLOOR = "floor"


class LoginCard(Identified, Base):
    """登录卡: a printed card with which one judge opens the sheets of one event. Only fingerprints of its secrets are kept.

    `failures` counts wrong PINs since the last right one; `locked_until` is the server's moment at which it may be tried again.
    """

    __tablename__ = "login_card"
    __table_args__ = (
        Index(
            "uq_login_card_event_id_judge_id",
            "event_id",
            "judge_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    judge_id: Mapped[UUID] = mapped_column(ForeignKey("judge.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    pin_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[UUID | None] = mapped_column(Uuid)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judge: Mapped[Judge] = relationship()


class Device(Base):
    """A browser that sends operations for one account in one event, with its own running sequence.

    `public_key` (a JWK, ECDSA P-256) binds it: what it sends must be signed with a key that cannot leave it. None: not bound,
    because the page was not opened over https. `queue_length` and `battery` (percent) are what it said last.
    """

    __tablename__ = "device"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[DeviceKind] = mapped_column(
        Choice(DeviceKind, 10), default=DeviceKind.TABLET, server_default="tablet"
    )
    label: Mapped[str] = mapped_column(String(100))
    public_key: Mapped[str | None] = mapped_column(Text)
    card_id: Mapped[UUID | None] = mapped_column(Uuid)
    build: Mapped[str] = mapped_column(String(64), default="", server_default="")
    battery: Mapped[int | None] = mapped_column(Integer)
    queue_length: Mapped[int | None] = mapped_column(Integer)
    last_sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_sync_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()
