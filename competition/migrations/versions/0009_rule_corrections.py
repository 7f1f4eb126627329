"""Corrections of frozen rules: which document, why, proposed and accepted by whom.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FROZEN = (
    "event_id",
    "id",
    "before_id",
    "document",
    "hash",
    "reason",
    "proposed_by",
    "proposed_by_name",
    "proposed_at",
)


def upgrade() -> None:
    op.create_table(
        "rule_correction",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_by_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_rule_correction_event_id")),
        sa.ForeignKeyConstraint(
            ["before_id"], ["rule_set_version.id"], name=op.f("fk_rule_correction_before_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["rule_set_version.id"], name=op.f("fk_rule_correction_version_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_rule_correction")),
    )
    op.create_index(
        "uq_rule_correction_event_id",
        "rule_correction",
        ["event_id"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
    )
    keep_forever("rule_correction", frozen=_FROZEN)


def downgrade() -> None:
    let_go("rule_correction")
    op.drop_table("rule_correction")
