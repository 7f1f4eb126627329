"""The record of facts."""

import sys

import click

from competition.audit.queries import chain_breaks, length_of_record
from competition.cli._application import application


@click.group()
def command() -> None:
    """Look after the record of facts."""


@command.command()
def check() -> None:
    """Scan every chain of the record from its start; exit status 1 when one does not hold."""
    with application():
        chains, entries = length_of_record()
        breaks = list(chain_breaks())
        for broken in breaks:
            click.echo(f"chain {broken.chain}, entry {broken.number}: {broken.sentence}")
    if breaks:
        click.echo(f"{len(breaks)} breaks in {chains} chains of {entries} entries.")
        sys.exit(1)
    click.echo(f"{chains} chains with {entries} entries hold.")
