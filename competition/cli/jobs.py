"""Background work outside the web server."""

import time

import click

from competition.cli._application import application
from competition.jobs.runner import run_due


@click.group()
def command() -> None:
    """Run background work in this process."""


@command.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
def run(once: bool) -> None:
    """Work through the operations; set COMPETITION_RUNNER=off in the web server when you use this."""
    with application() as app:
        while True:
            worked = run_due(app)
            if once:
                click.echo(f"{worked} operations worked.")
                return
            if not worked:
                time.sleep(1)
