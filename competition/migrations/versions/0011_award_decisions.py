"""What people decided about single awards, beside what the rules gave.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_award_decision",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("award", sa.String(length=40), nullable=True),
        sa.Column("computed", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id", "entrant_id"],
            ["result_line.event_id", "result_line.revision_id", "result_line.entrant_id"],
            name=op.f("fk_result_award_decision_event_id_revision_id_entrant_id"),
        ),
        sa.PrimaryKeyConstraint(
            "event_id", "revision_id", "entrant_id", name=op.f("pk_result_award_decision")
        ),
    )
    keep_forever("result_award_decision")


def downgrade() -> None:
    let_go("result_award_decision")
    op.drop_table("result_award_decision")
