"""The demonstration: one command, and the whole chain is there to look at."""

import click
from flask import Flask

from competition import clock
from competition.cli._application import application, settings_of
from competition.cli.serve import serve
from competition.demonstration import aftermath, story
from competition.demonstration.cast import PARTS, PASSWORD
from competition.jobs.runner import run_due
from competition.settings import Mode
from competition.transactions import transaction


@click.command()
@click.option("--empty", is_flag=True, help="Serve a new installation that asks for its first administrator.")
@click.option("--no-serve", is_flag=True, help="Build it, print the accounts and stop.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def command(empty: bool, no_serve: bool, host: str, port: int) -> None:
    """Build the demonstration chain (only once; safe to repeat) and serve it."""
    with application() as app:
        if settings_of(app).mode is Mode.PRODUCTION:
            raise click.ClickException(
                "The demonstration has public passwords; it is never built in production."
            )
        if not empty:
            build(app)
    print_addresses(f"http://{host}:{port}", empty=empty)
    if not no_serve:
        serve(app, host, port)


def build(app: Flask) -> None:
    """Tell the story if it is not there yet, then certificates and promotions as far as they are missing."""
    at = clock.now()
    if not story.is_told():
        click.echo("Building the demonstration (about a minute) …")
        with transaction():
            story.tell(today=at.date(), say=click.echo)
    click.echo("Certificates and promotions …")
    aftermath.queue_certificates(at)
    run_due(app)
    aftermath.promote(at)


def print_addresses(address: str, *, empty: bool) -> None:
    """Where to look, and who to be."""
    click.echo()
    if empty:
        click.echo(f"A new installation: {address} asks for its first administrator.")
        return
    click.echo(f"匠阶 SkillsLadder: {address}   (verify a certificate: {address}/verify)")
    click.echo(f"The password of every account is {PASSWORD}")
    people = [(part.username, part.name, part.to_see) for part in PARTS]
    people += [
        ("judge", "卫明", "sheets of the national final, on a tablet"),
        ("leader", "", "the delegation of Nanjing: nominations"),
        ("worker", "", "the welder who climbed from the drill to the national final"),
        ("beginner", "", "a welder with a drill to take on a phone"),
    ]
    for username, name, to_see in people:
        click.echo(f"  {username:<11} {name or '':<6}  {to_see}")
    click.echo()
