"""Triggers that refuse to change what must never change, for SQLite and PostgreSQL.

Used by migrations only. `changeable` names the columns that may still be updated (none: append-only).
"""

from collections.abc import Iterable

from alembic import op


def keep_forever(table: str, *, frozen: Iterable[str] = ()) -> None:
    """Refuse DELETE, and UPDATE of the frozen columns (of every column when none is named)."""
    columns = list(frozen)
    of = f" OF {', '.join(columns)}" if columns else ""
    if op.get_bind().dialect.name == "sqlite":
        for name, moment in (("update", f"UPDATE{of}"), ("delete", "DELETE")):
            op.execute(
                f"CREATE TRIGGER keep_{table}_{name} BEFORE {moment} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept as it was written'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is kept as it was written', TG_TABLE_NAME; END $$"
    )
    for name, moment in (("update", f"UPDATE{of}"), ("delete", "DELETE")):
        op.execute(
            f"CREATE TRIGGER keep_{table}_{name} BEFORE {moment} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def let_go(table: str) -> None:
    """Take the triggers away again."""
    suffix = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
    for name in ("update", "delete"):
        op.execute(f"DROP TRIGGER IF EXISTS keep_{table}_{name}{suffix}")
