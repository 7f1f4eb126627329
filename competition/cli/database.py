"""The database: bring it up, make the next migration."""

import click
from alembic import command as alembic
from sqlalchemy import Engine

from competition import orm
from competition.cli._application import application
from competition.database import db
from competition.migrations.schema import configuration, head
from competition.migrations.schema import migrate as bring_up


@click.group()
def command() -> None:
    """Bring the database up to date, or make the next migration."""


@command.command()
def migrate() -> None:
    """Run every migration that is not in the database yet."""
    with application(migrating=True):
        bring_up(db.engine)
    click.echo(f"The database stands at {head()}.")


@command.command()
@click.argument("message")
def revision(message: str) -> None:
    """Draft the next migration from what the models have and the database has not; read it before you keep it."""
    with application():
        config = configuration(db.engine)
        config.attributes["render_item"] = _plain_types
        number = f"{int(head() or 0) + 1:04}"
        alembic.revision(config, message=message, autogenerate=True, rev_id=number)


@command.command()
def check() -> None:
    """Say whether models and migrations agree."""
    with application():
        engine: Engine = db.engine
        alembic.check(configuration(engine))


def _plain_types(kind: str, thing: object, _context: object) -> str | bool:
    """Migrations name plain types only, so that they outlive our column classes."""
    if kind != "type":
        return False
    if isinstance(thing, orm.Choice):
        return f"sa.String(length={thing.length})"
    plain = {
        orm.UtcDateTime: "sa.DateTime(timezone=True)",
        orm.Mark: "sa.BigInteger()",
        orm.Encrypted: "sa.LargeBinary()",
        orm.Document: "sa.Text()",
    }
    return plain.get(type(thing), False)
