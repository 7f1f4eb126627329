"""What of an outcome counts, and what a result is known by."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Text, select, type_coerce

from competition.database import session
from competition.orm import canonical_json
from competition.results.models import ResultRevision, SignedSheets
from competition.rules.contest import Outcome

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


def by_entrant(lines: Iterable[LineKey]) -> list[LineKey]:
    """The lines in the order in which the hash covers them."""
    return sorted(lines, key=itemgetter("entrant"))


@dataclass(frozen=True)
class StoredTexts:
    """Contest document and signed sheets of a revision as the text that is stored: canonical JSON, in one line.

    `sheets` None is a revision from before signed sheets were kept with it. `accepted` is what two people said about sheets
    that are missing, read: it is small, and most have none.
    """

    contest: str
    sheets: str | None
    accepted: dict[str, Any] | None = None


def stored_texts(revision: ResultRevision) -> StoredTexts:
    """The large documents of a revision, unread: megabytes that are only hashed or handed on need no objects."""
    own = (ResultRevision.event_id == revision.event_id, ResultRevision.id == revision.id)
    behind = (SignedSheets.event_id == revision.event_id, SignedSheets.revision_id == revision.id)
    return StoredTexts(
        session.scalars(select(type_coerce(ResultRevision.contest, Text)).where(*own)).one(),
        session.scalar(select(type_coerce(SignedSheets.sheets, Text)).where(*behind)),
        revision.reconciliation.get("accepted"),
    )


def hash_of_texts(stored: StoredTexts, lines: Sequence[LineKey]) -> str:
    """What a result is known by: the SHA-256 of the canonical JSON of the contest document, of the lines it came to, of the
    signed sheets and of what was accepted as missing, as far as they are kept. The stored texts are canonical already."""
    signed = "" if stored.sheets is None else f',"sheets":{stored.sheets}'
    missing = "" if stored.accepted is None else f'"accepted":{canonical_json(stored.accepted)},'
    text = f'{{{missing}"contest":{stored.contest},"lines":{canonical_json(by_entrant(lines))}{signed}}}'
    return hashlib.sha256(text.encode()).hexdigest()
