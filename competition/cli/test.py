"""The gate."""

import sys

import click

from competition.settings import ROOT


@click.command()
@click.option(
    "--long",
    "long_too",
    is_flag=True,
    help="The long journeys of tablets as well, and faults that take as long as they say: about 15 minutes more.",
)
def command(long_too: bool) -> None:
    """Run the whole gate: formatting, types, import contracts, templates, scripts, tests in a real browser."""
    if not (ROOT / "tests").is_dir():
        raise click.ClickException(
            "The gate needs the source tree; this is an installed package without tests."
        )
    from competition.gate.steps import run_gate  # only a checkout has the gate

    sys.exit(run_gate(long_too=long_too))
