"""Rule sets, for who writes one."""

import json
import sys
from pathlib import Path

import click

from competition.competitions.queries import rule_set_problems
from competition.orm import read_json
from competition.rules.ruleset import SCHEMA


@click.group()
def command() -> None:
    """Check rule sets and print their schema."""


@command.command()
def schema() -> None:
    """Print the JSON Schema of a rule set."""
    click.echo(json.dumps(SCHEMA, ensure_ascii=False, indent=2))


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Report every problem of the rule set in FILE with its place; exit status 1 when there is one."""
    found = rule_set_problems(read_document(file))
    for problem in found:
        click.echo(f"{problem.path or '/'}: {problem.sentence}")
    if found:
        click.echo(f"{len(found)} problems.")
        sys.exit(1)
    click.echo("The rule set holds.")


def read_document(file: Path) -> object:
    """JSON from a file, without floats; what is not JSON is said with its line."""
    try:
        return read_json(file.read_text("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise click.ClickException(
            f"{file} is not JSON: {problem}. Correct it there and try again."
        ) from problem
