"""Replay a published archive through the house."""

import json
import sys
import time
from pathlib import Path

import click

from competition import clock
from competition.archives.figure_skating import ATTRIBUTION, ArchiveIncomplete, segments
from competition.archives.replay import replay
from competition.cli._application import application


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--segments", "most", type=int, default=None, help="Only the first so many segments.")
def command(folder: Path, most: int | None) -> None:
    """Replay the figure-skating archive in FOLDER; the last line is the comparison as JSON."""
    click.echo(ATTRIBUTION)
    begun = time.monotonic()
    try:
        found = list(segments(folder))[:most]
    except ArchiveIncomplete as problem:
        raise click.ClickException(f"{folder} is not the archive: {problem} missing.") from problem
    performances = totals = ranks = 0
    with application():
        for number, segment in enumerate(found, 1):
            compared = replay(segment, at=clock.now())
            performances += compared.performances
            totals += compared.totals
            ranks += compared.ranks
            click.echo(
                f"{number}/{len(found)} {segment.competition} {segment.program}: {compared.performances}"
            )
    seconds = round(time.monotonic() - begun, 1)
    click.echo(
        json.dumps(
            {
                "segments": len(found),
                "performances": performances,
                "totals": totals,
                "ranks": ranks,
                "seconds": seconds,
            }
        )
    )
    sys.exit(0 if totals == ranks == performances else 1)
