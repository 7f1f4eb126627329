"""The second computation of a result by a second program: the verifier that anybody may run at home."""

from fractions import Fraction
from typing import Any

from competition.results.bundles import bundle_of
from competition.results.models import ResultRevision
from competition.rules.contest import Outcome
from competition.rules.numbers import spelled
from competition.rules.sentences import Sentence, sentence
from competition.verification import verify_awards, verify_results

MOST_DIFFERENCES = 10


def differences(revision: ResultRevision, outcome: Outcome | None = None) -> tuple[Sentence, ...]:
    """Where the verifier comes to something else than the revision says, with the check and the place; () for nowhere.

    `outcome` is what the engine made of the stored contest document, if that was computed a moment ago.
    """
    bundle = bundle_of(revision, outcome)
    found: list[Any] = [*verify_results.check(bundle), *verify_awards.check(bundle)]
    said = [
        sentence(
            "The independent verifier differs, check %(check)s, %(place)s: %(published)s against %(found)s.",
            check=each.check,
            place=each.place,
            published=_said(each.published),
            found=_said(each.found),
        )
        for each in found[:MOST_DIFFERENCES]
    ]
    if len(found) > MOST_DIFFERENCES:
        said.append(
            sentence("The verifier finds %(count)s more differences.", count=len(found) - MOST_DIFFERENCES)
        )
    return tuple(said)


def _said(value: object) -> str:
    return spelled(value) if isinstance(value, Fraction) else str(value)
