"""Keys of an installation."""

from pathlib import Path

import click

from competition.settings import write_keys


@click.group()
def command() -> None:
    """Make the keys of an installation."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Write new keys to FILE (never overwrites: lost keys are lost data). Keep a copy where the database is not."""
    try:
        write_keys(file)
    except FileExistsError as problem:
        raise click.ClickException(
            f"{file} exists; keys are never overwritten. Name another file."
        ) from problem
    click.echo(f"Keys written to {file}. Set COMPETITION_KEYS_FILE={file} and keep a copy in a safe place.")
