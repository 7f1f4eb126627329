"""Re-checks, appeals, the notice period, boards: what stands between the last signed sheet and a final result.

Revision: 0002, after 0001
"""

from competition.migrations.triggers import keep_forever, let_go

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT: dict[str, tuple[str, ...]] = {}
"""Tables that never change once written, except in the columns that are not named (none named: not at all)."""


def upgrade() -> None:
    for table, frozen in KEPT.items():
        keep_forever(table, frozen=frozen)


def downgrade() -> None:
    for table in reversed(KEPT):
        let_go(table)
