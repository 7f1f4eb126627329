"""The record of facts."""

import sys
from uuid import UUID

import click

from competition import clock
from competition.accounts.services import system_actor
from competition.audit.queries import chain_breaks, length_of_record
from competition.audit.services import accept_missing
from competition.cli._application import application
from competition.transactions import transaction


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


@command.command()
@click.option("--event", type=click.UUID, help="The event; without it, the installation's own record.")
@click.option("--reason", required=True, help="What was compared, and by whom; kept for good.")
def accept(event: UUID | None, reason: str) -> None:
    """Say that somebody looked at entries missing from the record (docs/restoring.md); publishing is possible again."""
    with application(), transaction():
        accept_missing(event, reason=reason, by=system_actor(), at=clock.now())
    click.echo("It is on the record.")
