"""Ceremonies announce teams too: a step is about an entrant or about a team.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

from competition.migrations.triggers import keep_forever, let_go

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = (
    "event_id",
    "id",
    "ceremony_id",
    "number",
    "entrant_id",
    "revision_id",
    "shown",
    "at",
    "by_id",
    "by_name",
)


def upgrade() -> None:
    let_go("ceremony_step")
    with op.batch_alter_table("ceremony_step") as table:
        table.alter_column("entrant_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("team", sa.String(length=40), nullable=True))
    keep_forever("ceremony_step", frozen=(*_BEFORE, "team"))


def downgrade() -> None:
    """The steps about teams go: there is no room for them in the table as it was."""
    let_go("ceremony_step")
    op.execute("DELETE FROM ceremony_step WHERE entrant_id IS NULL")
    with op.batch_alter_table("ceremony_step") as table:
        table.drop_column("team")
        table.alter_column("entrant_id", existing_type=sa.Uuid(), nullable=False)
    keep_forever("ceremony_step", frozen=_BEFORE)
