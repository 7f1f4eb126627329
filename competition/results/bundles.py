"""The result bundle of a revision: everything with which anybody can compute the result again and compare it.

Format "skillsladder.bundle/1", read by competition/verification/verify_results.py, which imports nothing of this package
(docs/verifying.md). Nobody is named: entrants go by the identifiers of the result pages and by their codes, judges by
their seats, those who approved by a number.
"""

from collections.abc import Sequence
from importlib import resources
from typing import Any

from competition.competitions.queries import rule_set_of_version
from competition.errors import NotFound
from competition.orm import canonical_json, read_json
from competition.results import queries
from competition.results.models import ResultRevision
from competition.results.queries import LineKey
from competition.results.queries.contests import StoredTexts, by_entrant
from competition.rules import contest
from competition.rules.contest import Outcome
from competition.rules.procedure import Breakdown
from competition.rules.sentences import sentence

FORMAT = "skillsladder.bundle/1"
NO_SINGLE_MARKS = sentence(
    "The rules of this event do not make single marks public, so there is nothing to compute its result from."
)


def has_public_bundle(revision: ResultRevision) -> bool:
    """Whether the rules make every single mark public; without them there is nothing to check a result with."""
    rules = rule_set_of_version(revision.rule_set_version)
    return rules.procedure.publication.breakdown is Breakdown.FULL


def public_bundle(revision: ResultRevision) -> str:
    """The bundle of a released revision as text. NotFound where the rules keep single marks from the public."""
    if not has_public_bundle(revision):
        raise NotFound(NO_SINGLE_MARKS)
    return bundle_text(revision)


def bundle_text(revision: ResultRevision) -> str:
    """The bundle of any revision as text, for those who may read results before the public."""
    return canonical_json(bundle_of(revision))


def verifier_source(program: str) -> bytes:
    """One of the two files of the verifier."""
    return resources.files("competition.verification").joinpath(program).read_bytes()


def bundle_of(revision: ResultRevision, outcome: Outcome | None = None) -> dict[str, Any]:
    """The bundle of any revision, released or not: plain JSON values, without floats.

    The outcome is computed anew from the stored contest document, unless it was a moment ago; the lines are the stored
    ones, as they are shown.
    """
    outcome = outcome or contest.evaluate(revision.contest)
    found = {
        **_around(revision),
        "contest": revision.contest,
        "lines": stored_lines(revision),
        "sheets": queries.sheets_behind(revision),
        "outcome": outcome_part(outcome),
    }
    plain: dict[str, Any] = read_json(canonical_json(found))
    return plain


def outcome_part(outcome: Outcome) -> dict[str, object]:
    """What a bundle holds of an outcome: without words."""
    return outcome.as_json(with_working=False, with_reasons=False)


def opening_of(revision: ResultRevision, stored: StoredTexts, lines: Sequence[LineKey]) -> str:
    """The bundle without its outcome as one line of text, contest and sheets exactly as they are stored.

    Nothing large is read and written again: this is for whoever begins to verify before there is an outcome.
    """
    rest = canonical_json({**_around(revision), "lines": lines})
    return f'{rest[:-1]},"contest":{stored.contest},"sheets":{stored.sheets or "null"}}}'


def _around(revision: ResultRevision) -> dict[str, Any]:
    """Which revision it is, who stands for it, where the record of facts has it, and the count of the sheets."""
    publication, entry = queries.publication_of(revision), queries.publication_entry(revision)
    approvals = queries.approvals_of(revision)
    people = {each.by_id: f"P{number}" for number, each in enumerate(approvals, start=1)}
    return {
        "format": FORMAT,
        "revision": {
            "number": revision.number,
            "hash": revision.hash,
            "prepared_at": revision.prepared_at,
            "approvals": [{"by": people[each.by_id], "at": each.at} for each in approvals],
            "published_at": publication.at if publication else None,
        },
        "audit": {"number": entry.number if entry else None, "head": entry.hash if entry else None},
        "reconciliation": revision.reconciliation,
    }


def stored_lines(revision: ResultRevision) -> list[LineKey]:
    """The stored lines by entrant, spelled as the hash covers them."""
    digits = rule_set_of_version(revision.rule_set_version).display_digits
    lines: list[LineKey] = [
        {
            "entrant": entrant,
            "status": status,
            "place": place,
            "total": None if total is None else f"{total:.{digits}f}",
            "award": award,
        }
        for entrant, status, place, total, award in queries.stored_keys(revision)
    ]
    return by_entrant(lines)
