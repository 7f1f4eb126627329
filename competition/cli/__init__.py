"""The command line: one thin module per noun. `competition --help` lists the nouns."""

import sys
from importlib import import_module
from pathlib import Path

import click

from competition.disk import DatabaseUnsafe
from competition.errors import Problem
from competition.migrations.schema import SchemaBehind
from competition.settings import SettingsInvalid


class Nouns(click.Group):
    """Finds each noun's module when it is asked for: `competition score` does not load a web server."""

    def list_commands(self, context: click.Context) -> list[str]:
        here = Path(__file__).resolve().parent
        return sorted(path.stem.rstrip("_") for path in here.glob("*.py") if not path.stem.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        command: click.Command = import_module(f"competition.cli.{name}").command
        return command


@click.command(cls=Nouns)
def competition() -> None:
    """匠阶 SkillsLadder: skills competitions from the workshop drill to the verified certificate."""


def main() -> None:
    """Run a command; what goes wrong is said in a sentence, with exit status 1."""
    try:
        competition(prog_name="competition", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except (SettingsInvalid, SchemaBehind, DatabaseUnsafe) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    except Problem as problem:
        click.echo(str(problem.sentence), err=True)
        if problem.next_step:
            click.echo(str(problem.next_step), err=True)
        sys.exit(1)
