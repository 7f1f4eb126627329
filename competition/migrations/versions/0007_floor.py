"""The floor: clocks of stations and batches, late arrivals, incidents, violations.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("floor_plan", "floor_entry")


def upgrade() -> None:
    """Two tables that only grow."""
    op.create_table(
        "floor_plan",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("stations", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_floor_plan_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_floor_plan")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_floor_plan_event_id_number")),
    )
    op.create_table(
        "floor_entry",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_time", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=500), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("aspect", sa.String(length=40), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("sheet_id", sa.Uuid(), nullable=True),
        sa.Column("refers_to", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "refers_to"],
            ["floor_entry.event_id", "floor_entry.id"],
            name=op.f("fk_floor_entry_event_id_refers_to"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_floor_entry_event_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_floor_entry")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_floor_entry_event_id_number")),
    )
    for table in TABLES:
        keep_forever(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        let_go(table)
        op.drop_table(table)
