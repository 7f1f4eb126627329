"""The system's part of a re-check's seed; what was done when a part of a contest was held again.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows from before have neither: their seed was used as it stands, and no repetition was recorded."""
    op.add_column("recheck", sa.Column("system_seed", sa.String(length=64), nullable=True))
    op.add_column("appeal_step", sa.Column("rerun", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("appeal_step", "rerun")
    op.drop_column("recheck", "system_seed")
