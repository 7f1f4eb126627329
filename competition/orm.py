"""The declarative base, the naming of constraints (their names are API) and the column types. No Flask here."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, MetaData, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from competition import tokens, vault


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Identified:
    """A row with a globally unique id that sorts by the time it was made."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=tokens.new_id, sort_order=-1)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; a naive one is a programming error, not a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment without a time zone")
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Mark(TypeDecorator[Decimal]):
    """An exact decimal as a scaled integer, 8 digits after the point (SQLite has no decimals)."""

    impl = BigInteger
    cache_ok = True
    DIGITS = 8

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.DIGITS)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.DIGITS} digits after the point")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else plain(Decimal(value).scaleb(-self.DIGITS))


class Choice(TypeDecorator[Any]):
    """One of the members of a StrEnum, as its text; what comes back is the member."""

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.members = members
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.members(value)


class Encrypted(TypeDecorator[str]):
    """Text sealed at rest; `place` is "table.column" and is bound into every ciphertext."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault.seal(value, place=self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else vault.unseal(value, place=self.place)


class CanonicalText(str):
    """A document that was written as canonical JSON before it is stored: megabytes are not written under a lock."""


class Document(TypeDecorator[Any]):
    """A JSON document as canonical text: the same bytes, and so the same hash, on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, CanonicalText):
            return value
        return canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else read_json(value)


def plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 8.50 and 8.5 are one value with one spelling."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value.as_tuple().exponent > 0 else value  # type: ignore[operator]


def canonical_json(value: object) -> str:
    """Sorted keys, no spaces, UTF-8 letters as they are; decimals, ids and moments as text; no floats."""
    return _CANONICAL.encode(value)


def read_json(text: str) -> Any:
    """Read JSON without ever making a float."""
    return json.loads(text, parse_float=Decimal)


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _text(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a document")


_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_text
)
