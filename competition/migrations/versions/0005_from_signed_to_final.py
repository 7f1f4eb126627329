"""The road to the final result: from when a public notice is counted.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Publications from before keep the end of the notice that was announced: the calendar it was counted by is unknown."""
    op.add_column("publication", sa.Column("notice_zone", sa.String(length=64), nullable=True))
    op.add_column("publication", sa.Column("notice_extra_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("publication", "notice_extra_days")
    op.drop_column("publication", "notice_zone")
