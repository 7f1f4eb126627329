"""The long campaign of faults."""

import sys

import click

from competition.settings import ROOT


@click.command()
@click.option("--only", multiple=True, type=click.Choice(["kills", "power", "schedules", "writes"]))
@click.option("--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgresql"]))
@click.option("--kills", default=1_000, show_default=True, help="kill -9 of the server, on each database.")
@click.option("--seeds", default=1_000, show_default=True, help="Power cuts (SQLite).")
@click.option(
    "--schedules", default=10_000, show_default=True, help="Schedules of tablets, on each database."
)
@click.option(
    "--some-writes", is_flag=True, help="A few points of every deed instead of every write and statement."
)
@click.option(
    "--seed", default=1, show_default=True, help="The first seed; what breaks is played again from its own."
)
def command(
    only: tuple[str, ...],
    databases: tuple[str, ...],
    kills: int,
    seeds: int,
    schedules: int,
    some_writes: bool,
    seed: int,
) -> None:
    """Kill, cut the power, drop and reorder, fail every write; prints acknowledged, lost and doubled as JSON.

    Hours at the full sizes. The gate runs the same code in a small form (tests/faults).
    """
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("The campaign needs the source tree; this is an installed package.")
    from competition.gate.campaign import Sizes, run_campaign  # only a checkout has the gate

    sizes = Sizes(kills=kills, seeds=seeds, schedules=schedules, every_write=not some_writes, first=seed)
    sys.exit(run_campaign(sizes, parts=only, databases=databases or ("sqlite", "postgresql")))
