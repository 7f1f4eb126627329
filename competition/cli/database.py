"""The database: bring it up, make the next migration, keep a copy."""

import sys
from pathlib import Path

import click
from alembic import command as alembic
from sqlalchemy import Engine

from competition import orm
from competition.audit.witness import file_for
from competition.backups import Backup, back_up
from competition.cli._application import application, settings_of
from competition.database import db
from competition.migrations.schema import configuration, head
from competition.migrations.schema import migrate as bring_up


@click.group()
def command() -> None:
    """Bring the database up to date, keep a copy of it, or make the next migration."""


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


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy a SQLite database to FILE while it is in use; the copy is checked before it gets this name (docs/restoring.md)."""
    with (
        application(migrating=True) as app,
        click.progressbar(length=100, label=f"Copying to {file}", file=sys.stderr) as bar,
    ):
        heads = file_for(settings_of(app).instance, db.engine)
        made = back_up(
            db.engine, file, heads=heads, told=lambda left, of: bar.update(100 * (of - left) // of - bar.pos)
        )
    _say(made)


def _say(made: Backup) -> None:
    click.echo(f"{made.file} is whole: {made.size} bytes, {made.chains} chains with {made.entries} entries.")
    if made.heads:
        click.echo(f"The heads of the record as they were seen: {made.heads}")
    if made.is_beside:
        click.echo("It lies on the disk of the database: copy it to another disk.")
    click.echo(
        "It is of no use without the keys (keys.json), and is not to lie where they do: keep both, apart."
    )
    for broken in made.breaks:
        click.echo(f"chain {broken.chain}, entry {broken.number}: {broken.sentence}", err=True)
    if made.breaks:
        click.echo("The record does not hold, here as in the database. Keep the older backups.", err=True)
        sys.exit(1)


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
