"""How the application runs and checks the migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).resolve().parent


class SchemaBehind(RuntimeError):
    """The database has not had all migrations."""


def configuration(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up."""
    command.upgrade(configuration(engine), revision)


def head() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config).get_current_head()


def refuse_old_schema(engine: Engine) -> None:
    """Raise unless the database stands at the newest migration."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head():
        raise SchemaBehind(
            f"The database stands at {current or 'nothing'}, the program needs {head()}: run `competition database migrate`."
        )
