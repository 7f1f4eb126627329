"""Sheets on paper: what clerks type from them, and their pictures.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OF_SHEET = ["event_id", "sheet_id"], ["sheet.event_id", "sheet.id"]
_KEPT: dict[str, tuple[str, ...]] = {
    "printed_sheet": (),
    "paper_entry": (
        *("id", "event_id", "sheet_id", "round", "ordinal", "mode", "verdict", "reading", "at", "by_id"),
        "by_name",
    ),
    "paper_photo": (),
    "paper_outcome": (),
}
"""What stays as it was written; of an entry, everything but when it was withdrawn."""


def upgrade() -> None:
    _prints()
    _entries()
    _photos()
    _outcomes()
    for table, frozen in _KEPT.items():
        keep_forever(table, frozen=frozen)


def downgrade() -> None:
    for table in reversed(_KEPT):
        let_go(table)
        op.drop_table(table)


def _who() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
    )


def _prints() -> None:
    op.create_table(
        "printed_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("with_marks", sa.Boolean(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        *_who(),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_printed_sheet_event_id")),
        sa.ForeignKeyConstraint(*_OF_SHEET, name=op.f("fk_printed_sheet_event_id_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_sheet")),
    )
    op.create_index("ix_printed_sheet_event_id_sheet_id", "printed_sheet", ["event_id", "sheet_id"])


def _entries() -> None:
    op.create_table(
        "paper_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        *_who(),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ordinal BETWEEN 1 AND 3", name=op.f("ck_paper_entry_ordinal")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_paper_entry_event_id")),
        sa.ForeignKeyConstraint(*_OF_SHEET, name=op.f("fk_paper_entry_event_id_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entry")),
    )
    standing = sa.text("withdrawn_at IS NULL")
    for name, column in (("place", "ordinal"), ("person", "by_id")):
        op.create_index(
            f"uq_paper_entry_{name}",
            "paper_entry",
            ["event_id", "sheet_id", "round", column],
            unique=True,
            sqlite_where=standing,
            postgresql_where=standing,
        )


def _photos() -> None:
    op.create_table(
        "paper_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *_who(),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_paper_photo_event_id")),
        sa.ForeignKeyConstraint(*_OF_SHEET, name=op.f("fk_paper_photo_event_id_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_photo")),
    )
    op.create_index("ix_paper_photo_event_id_sheet_id", "paper_photo", ["event_id", "sheet_id"])


def _outcomes() -> None:
    op.create_table(
        "paper_outcome",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        *_who(),
        sa.ForeignKeyConstraint(*_OF_SHEET, name=op.f("fk_paper_outcome_event_id_sheet_id")),
        sa.PrimaryKeyConstraint("event_id", "sheet_id", "round", name=op.f("pk_paper_outcome")),
    )
