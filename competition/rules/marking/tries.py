"""Several tries of one task: which of them count, and what a try without a result means.

Source: docs/sources.md, judging §4 (best of three runs; average of five without the best and the worst, one of which may have failed).
"""

from collections.abc import Mapping
from fractions import Fraction

from competition.rules.marking.given import Given, MarkKind, MarkState, Try
from competition.rules.marking.working import Desk, Notes
from competition.rules.numbers import spelled, total_of
from competition.rules.scheme import Aspect, Attempts, Better, Counts, Part
from competition.rules.sentences import Sentence, sentence

_NOTHING = Given()
_LASTING = frozenset({MarkState.DNS, MarkState.DSQ, MarkState.NOT_ATTEMPTED})
_NOT_STARTED = frozenset({MarkState.DNS, MarkState.NOT_ATTEMPTED})

Tries = Mapping[int, Try]


def tries_value(
    desk: Desk,
    aspect: Aspect,
    method: Attempts,
    given: Given,
    notes: Notes | None,
    *,
    is_required: bool,
) -> Fraction | None:
    """The value of the tries that count. Without a result: 0 where more is better, no value where less is.

    A try that is not recorded blocks, unless the entrant did not start, was disqualified or attempted nothing in one
    before it.
    """
    tries = _held(method, given)
    missing = [number for number in range(1, method.attempts + 1) if number not in tries]
    if missing:
        _block(desk, aspect, given, missing, is_required=is_required)
        _note_inputs(tries, frozenset(), notes)
        return None
    kept = _counted(method, tries)
    _note_inputs(tries, frozenset(kept or ()), notes)
    if not kept:
        value = None if aspect.part is Part.RECORD else Fraction(0)
        if notes is not None:
            notes.step("no_result", value, _no_result(method, tries))
        return value
    values = [_worth(method, tries[number]) for number in kept]
    value = total_of(values)
    if method.counts in (Counts.MEAN, Counts.MIDDLE_MEAN):
        value /= len(values)
    if notes is not None:
        notes.step(
            method.counts.value, value, _said(method, [spelled(each) for each in values], spelled(value))
        )
    return value


def ranked_try(aspect: Aspect, given: Given, rank: int) -> Fraction | None:
    """The best try (rank 1), the second best (2) …; None where there are not so many with a result."""
    method = aspect.method
    if not isinstance(method, Attempts) or given.attempts is None or given.state is not None:
        return None
    results = sorted(
        (each for each in given.attempts.values() if isinstance(each, Fraction)),
        reverse=method.better is Better.HIGHER,
    )
    return results[rank - 1] if rank <= len(results) else None


def _held(method: Attempts, given: Given) -> dict[int, Try]:
    """The tries by number; who did not start, was disqualified or attempted nothing is so in what is not recorded after it."""
    recorded, lasting = given.attempts or {}, None
    tries: dict[int, Try] = {}
    for number in range(1, method.attempts + 1):
        result = recorded.get(number, lasting)
        if result is not None:
            tries[number] = result
        lasting = result if isinstance(result, MarkState) and result in _LASTING else None
    return tries


def _counted(method: Attempts, tries: Tries) -> list[int] | None:
    """The numbers of the tries that count; none where there is no result."""
    finished = [number for number, result in tries.items() if isinstance(result, Fraction)]
    if method.counts is Counts.BEST:
        return sorted(finished, key=lambda number: _order(method, tries[number]))[:1]
    if method.counts is Counts.LAST:
        started = [number for number, result in tries.items() if result not in _NOT_STARTED]
        return started[-1:] if started and started[-1] in finished else None
    if len(tries) - len(finished) > method.failures_allowed:
        return None
    if method.counts is Counts.MIDDLE_MEAN:
        ordered = sorted(tries, key=lambda number: _worth(method, tries[number]))
        return sorted(ordered[method.drop_low : len(ordered) - method.drop_high])
    return list(tries)


def _worth(method: Attempts, result: Try) -> Fraction:
    return result if isinstance(result, Fraction) else method.worst


def _order(method: Attempts, result: Try) -> Fraction:
    """What the tries are sorted by, the best first."""
    worth = _worth(method, result)
    return worth if method.better is Better.LOWER else -worth


def _block(desk: Desk, aspect: Aspect, given: Given, missing: list[int], *, is_required: bool) -> None:
    words = {"entrant": desk.entrant, "aspect": aspect.title}
    if given.attempts:
        listed = ", ".join(str(number) for number in missing)
        desk.block(
            sentence("%(entrant)s, %(aspect)s: try %(tries)s is not recorded yet.", **words, tries=listed)
        )
    elif is_required or aspect.part is not Part.RECORD:
        desk.block(sentence("%(entrant)s, %(aspect)s: nothing is recorded yet.", **words))


def _note_inputs(tries: Tries, kept: frozenset[int], notes: Notes | None) -> None:
    if notes is not None:
        for number, result in tries.items():
            notes.input(MarkKind.MARK, None, result, counts=number in kept, attempt=number)


def _no_result(method: Attempts, tries: Tries) -> Sentence:
    failed = sum(isinstance(result, MarkState) for result in tries.values())
    if method.counts in (Counts.BEST, Counts.LAST):
        return sentence("No try that counts has a result.")
    return sentence(
        "No result: %(failed)s of %(count)s tries failed, and %(allowed)s may.",
        failed=failed,
        count=len(tries),
        allowed=method.failures_allowed,
    )


def _said(method: Attempts, values: list[str], result: str) -> Sentence:
    match method.counts:
        case Counts.BEST:
            return sentence("The best try counts: %(value)s.", value=result)
        case Counts.LAST:
            return sentence("The last try counts: %(value)s.", value=result)
        case Counts.SUM:
            return sentence(
                "Sum of the tries: %(tries)s = %(value)s.", tries=" + ".join(values), value=result
            )
        case Counts.MEAN:
            return sentence("Mean of the tries %(tries)s: %(value)s.", tries=", ".join(values), value=result)
        case Counts.MIDDLE_MEAN:
            return sentence(
                "Mean of the tries %(tries)s, without the lowest %(low)s and the highest %(high)s: %(value)s.",
                tries=", ".join(values),
                low=method.drop_low,
                high=method.drop_high,
                value=result,
            )
