"""Run migrations on SQLite and PostgreSQL.

On SQLite foreign keys are off while tables are rebuilt (a batch ALTER of a parent would delete its children by
cascade), and checked afterwards.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, text

from competition.orm import Base
from competition.rooms import load_models

load_models()


def run(engine: Engine) -> None:
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.dbapi_connection
        if sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=sqlite,
                compare_type=True,
                render_item=context.config.attributes.get("render_item"),
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
            if sqlite:
                _refuse_orphans(connection)
        finally:
            if sqlite:
                connection.rollback()
                driver.execute("PRAGMA foreign_keys=ON")


def _refuse_orphans(connection: Connection) -> None:
    orphans = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if orphans:
        raise RuntimeError(f"the migration left rows without their parents: {orphans[:5]}")


run(context.config.attributes["engine"])
