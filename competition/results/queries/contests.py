"""What of an outcome counts, and what a result is known by."""

from collections.abc import Sequence
from typing import Any

from competition.orm import fingerprint
from competition.rules.contest import Outcome
from competition.scoring.queries import contest_document

__all__ = ["LineKey", "contest_document", "line_key", "result_hash"]

LineKey = dict[str, Any]
"""What of a line counts: entrant, status, place, total, award."""


def line_key(outcome: Outcome) -> list[LineKey]:
    """The lines of an outcome as they are hashed and stored: numbers as the rule set shows them, as text."""
    return [
        {
            "entrant": line.entrant,
            "status": line.status.value,
            "place": line.place,
            "total": None if line.shown is None else format(line.shown, "f"),
            "award": line.award,
        }
        for line in outcome.lines
    ]


def result_hash(
    document: dict[str, Any], lines: Sequence[LineKey], sheets: Sequence[dict[str, Any]] | None
) -> str:
    """What a result is known by: the SHA-256 of the contest document, of the lines it came to and of the signed sheets.

    `sheets` None is a revision from before signed sheets were kept with it: its hash covers document and lines.
    """
    by_entrant: list[LineKey] = sorted(lines, key=lambda line: str(line["entrant"]))
    signed = {} if sheets is None else {"sheets": sheets}
    return fingerprint({"contest": document, "lines": by_entrant, **signed})
