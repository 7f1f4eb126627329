"""Publishing with sheets that are missing: which, why, decided by whom.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FROZEN = (
    "event_id",
    "id",
    "sheets",
    "hash",
    "reason",
    "proposed_by",
    "proposed_by_name",
    "proposed_at",
)


def upgrade() -> None:
    op.create_table(
        "missing_acceptance",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_missing_acceptance_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_missing_acceptance")),
    )
    op.create_index(
        "uq_missing_acceptance_event_id",
        "missing_acceptance",
        ["event_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    keep_forever("missing_acceptance", frozen=_FROZEN)


def downgrade() -> None:
    let_go("missing_acceptance")
    op.drop_table("missing_acceptance")
