"""The diagram in the docs is the table in the rules."""

from pathlib import Path

from competition.rules.lifecycle import TRANSITIONS, diagram

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"


def test_the_diagram_in_the_docs_is_drawn_from_the_table_of_moves() -> None:
    assert f"```mermaid\n{diagram()}```" in PAGE.read_text("utf-8")


def test_every_move_has_its_line_in_the_docs() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    for move, transition in TRANSITIONS.items():
        assert any(line.startswith(f"| `{move}` |") and f"| `{transition.after}` |" in line for line in lines)
