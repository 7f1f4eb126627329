"""Contest documents, without a database."""

import json
from pathlib import Path

import click

from competition.cli.ruleset import read_document
from competition.rules.contest import evaluate
from competition.rules.reading import DocumentInvalid


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Evaluate the contest document (rule set, entrants, marks) in FILE; print results with their working as JSON."""
    try:
        outcome = evaluate(read_document(file))
    except DocumentInvalid as invalid:
        for problem in invalid.problems:
            click.echo(f"{problem.path or '/'}: {problem.sentence}", err=True)
        raise click.ClickException(f"{len(invalid.problems)} problems; nothing was evaluated.") from invalid
    click.echo(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
