"""Tablets that never lose a mark: what the day of the contest needs.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every part adds to what is there; nothing that was recorded changes."""
    _tablets()
    _scoring()
    _evidence()


def downgrade() -> None:
    """The parts in the opposite order."""
    _without_evidence()
    _without_scoring()
    _without_tablets()


# --- login cards and devices ----------------------------------------------------------------------


def _tablets() -> None:
    op.create_table(
        "login_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("pin_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_login_card_event_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_login_card_judge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_card")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_card_token_hash")),
    )
    op.create_index(op.f("ix_login_card_judge_id"), "login_card", ["judge_id"], unique=False)
    op.create_index(
        "uq_login_card_event_id_judge_id",
        "login_card",
        ["event_id", "judge_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    for column in (
        sa.Column("kind", sa.String(length=10), server_default="tablet", nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("build", sa.String(length=64), server_default="", nullable=False),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("queue_length", sa.Integer(), nullable=True),
        sa.Column("last_sync_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("device", column)


def _without_tablets() -> None:
    for column in ("last_sync_at", "queue_length", "battery", "build", "card_id", "public_key", "kind"):
        op.drop_column("device", column)
    op.drop_table("login_card")


# --- the late list and the key of emergency files ---------------------------------------------------


def _scoring() -> None:
    op.create_table(
        "dealt_with",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "op_id"],
            ["mark_operation.event_id", "mark_operation.op_id"],
            name=op.f("fk_dealt_with_event_id_op_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "op_id", name=op.f("pk_dealt_with")),
    )
    op.create_table(
        "emergency_key",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_emergency_key_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_emergency_key")),
    )
    for table in ("dealt_with", "emergency_key"):
        keep_forever(table)


def _without_scoring() -> None:
    for table in ("emergency_key", "dealt_with"):
        let_go(table)
        op.drop_table(table)


# --- how a sheet was signed; notes and photos beside its marks --------------------------------------


def _evidence() -> None:
    op.add_column("signature", sa.Column("way", sa.String(length=12), server_default="", nullable=False))
    op.add_column("signature", sa.Column("drawing", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "sheet_remark",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("aspect", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("device_time", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "sheet_id"],
            ["sheet.event_id", "sheet.id"],
            name=op.f("fk_sheet_remark_event_id_sheet_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_sheet_remark")),
    )
    op.create_index(op.f("ix_sheet_remark_sheet_id"), "sheet_remark", ["sheet_id"], unique=False)
    keep_forever("sheet_remark")


def _without_evidence() -> None:
    let_go("sheet_remark")
    op.drop_table("sheet_remark")
    op.drop_column("signature", "drawing")
    op.drop_column("signature", "way")
