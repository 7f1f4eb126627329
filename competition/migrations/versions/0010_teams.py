"""Ranked teams are kept beside the lines of a revision, and ceremonies announce them too.

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
    op.create_table(
        "result_team",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("award", sa.String(length=40), nullable=True),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("delegation_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "revision_id"],
            ["result_revision.event_id", "result_revision.id"],
            name=op.f("fk_result_team_event_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "revision_id", "team", name=op.f("pk_result_team")),
        sa.UniqueConstraint(
            "event_id",
            "revision_id",
            "position",
            name=op.f("uq_result_team_event_id_revision_id_position"),
        ),
    )
    keep_forever("result_team")
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
    let_go("result_team")
    op.drop_table("result_team")
