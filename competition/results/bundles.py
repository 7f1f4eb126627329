"""The result bundle of a revision: everything with which anybody can compute the result again and compare it.

Format "skillsladder.bundle/1", read by competition/verification/verify_results.py, which imports nothing of this package
(docs/verifying.md). Nobody is named: entrants go by the identifiers of the result pages and by their codes, judges by
their seats, those who approved by a number.
"""

from importlib import resources
from typing import Any

from competition.competitions.queries import rule_set_of_version
from competition.errors import NotFound
from competition.orm import canonical_json, read_json
from competition.results import queries
from competition.results.models import ResultRevision
from competition.results.queries import LineKey
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
    publication, entry = queries.publication_of(revision), queries.publication_entry(revision)
    approvals = queries.approvals_of(revision)
    people = {each.by_id: f"P{number}" for number, each in enumerate(approvals, start=1)}
    found = {
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
        "contest": revision.contest,
        "lines": _lines(revision, outcome),
        "sheets": queries.sheets_behind(revision),
        "outcome": outcome.as_json(with_working=False, with_reasons=False),
    }
    plain: dict[str, Any] = read_json(canonical_json(found))
    return plain


def _lines(revision: ResultRevision, outcome: Outcome) -> list[LineKey]:
    """The stored lines by entrant, spelled as the hash covers them."""
    digits = outcome.ruleset.display_digits
    lines = [
        {
            "entrant": str(line.entrant_id),
            "status": line.status,
            "place": line.place,
            "total": None if line.total is None else f"{line.total:.{digits}f}",
            "award": line.award,
        }
        for line in queries.lines_of(revision)
    ]
    return sorted(lines, key=lambda line: str(line["entrant"]))
