"""Tables of accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.orm import Base, Choice, Identified, UtcDateTime
from competition.rules.access import Role, ScopeKind


class Account(Identified, Base):
    """Somebody who signs in. `epoch` grows when all sessions must end."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    epoch: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="account", order_by="RoleGrant.id")


class RoleGrant(Identified, Base):
    """A role given to an account for a place; taken back by a moment, never by deletion.

    `path` is a copy of the organisation's path, so that a grant can be judged without a join.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(scope_kind = 'installation') = (scope_id IS NULL)", name="scope_named"),
        Index("ix_role_grant_scope", "scope_kind", "scope_id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(Choice(Role, 40))
    scope_kind: Mapped[ScopeKind] = mapped_column(Choice(ScopeKind, 20))
    scope_id: Mapped[UUID | None] = mapped_column(Uuid)
    path: Mapped[str | None] = mapped_column(String(400))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by: Mapped[UUID | None] = mapped_column(Uuid)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship(back_populates="grants")


class SignInFailure(Identified, Base):
    """A failed sign-in, under keyed fingerprints of the name tried and of the address it came from."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_name", "name_key", "at"),
        Index("ix_sign_in_failure_address", "address_key", "at"),
    )

    name_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    address_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
