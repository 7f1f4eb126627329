"""Re-checks, appeals, the notice period, boards: what stands between the last signed sheet and a final result.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT: dict[str, tuple[str, ...]] = {
    "signed_sheets": (),
}
"""Tables that never change once written, except in the columns that are not named (none named: not at all)."""


def upgrade() -> None:
    signed_sheets()
    for table, frozen in KEPT.items():
        keep_forever(table, frozen=frozen)


def downgrade() -> None:
    for table in reversed(KEPT):
        let_go(table)
    op.drop_table("signed_sheets")


def signed_sheets() -> None:
    """Results: the signed sheets behind a revision."""
    op.create_table(
        "signed_sheets",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
            name=op.f("fk_signed_sheets_event_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "revision_id", name=op.f("pk_signed_sheets")),
    )
