"""What judges who mark one by one make of an aspect: levels of a judgement, marks of a panel."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from competition.rules.marking.given import Given, MarkKind
from competition.rules.marking.working import Desk, Notes
from competition.rules.numbers import median_of, rounded, spelled, total_of
from competition.rules.scheme import (
    LEVELS,
    Aspect,
    Declared,
    Judgement,
    Missing,
    Panel,
    PanelCombine,
)
from competition.rules.sentences import sentence

_NOTHING = Given()


def judgement_value(
    desk: Desk, aspect: Aspect, method: Judgement, given: Given, notes: Notes | None
) -> Fraction | None:
    """Maximum × the sum of the levels ÷ (3 × judges); levels too far apart block until they are judged again."""
    if given.agreed is not None:
        return _agreed_level(method, given, given.agreed, notes)
    if notes is not None:
        notes.scores(given)
    levels = _scores(desk, aspect, given, method.judges, method.judges)
    if levels is None:
        return None
    if max(levels) - min(levels) > method.max_spread:
        desk.block(
            sentence(
                "%(entrant)s, %(aspect)s: the levels %(levels)s lie more than %(spread)s apart;"
                " the judges discuss them and judge again.",
                entrant=desk.entrant,
                aspect=aspect.title,
                levels=", ".join(spelled(level) for level in levels),
                spread=method.max_spread,
            )
        )
        return None
    total = total_of(levels)
    value = method.max * total / (LEVELS * method.judges)
    if notes is not None:
        said = sentence(
            "%(max)s × the sum of the levels %(sum)s ÷ %(possible)s = %(value)s.",
            max=spelled(method.max),
            sum=spelled(total),
            possible=LEVELS * method.judges,
            value=spelled(value),
        )
        notes.step("judgement", value, said)
    return value


def _agreed_level(method: Judgement, given: Given, level: Fraction, notes: Notes | None) -> Fraction:
    value = method.max * level / LEVELS
    if notes is not None:
        notes.scores(given, frozenset())
        notes.input(MarkKind.AGREED, None, level)
        said = sentence(
            "The judges agreed on level %(level)s: %(max)s × %(level)s ÷ 3 = %(value)s.",
            level=spelled(level),
            max=spelled(method.max),
            value=spelled(value),
        )
        notes.step("agreed", value, said)
    return value


def panel_value(
    desk: Desk,
    aspect: Aspect,
    method: Panel,
    marks: Mapping[str, Given],
    notes: Notes | None,
) -> Fraction | None:
    """What the panel makes of its marks, its rounding, and what the entrant declared."""
    given = marks.get(aspect.id, _NOTHING)
    value = _panel_alone(desk, aspect, method, marks, notes)
    if method.declared and given.declared is None:
        desk.block(
            sentence(
                "%(entrant)s, %(aspect)s: the declared value is missing.",
                entrant=desk.entrant,
                aspect=aspect.title,
            )
        )
        return None
    if value is None:
        return None
    if method.rounding is not None:
        value = rounded(value, method.rounding)
        if notes is not None:
            notes.rounding("panel_rounding", value, method.rounding)
    if given.declared is None:
        return value
    return _with_declared(method, value, given.declared, notes)


def untrimmed(aspect: Aspect, marks: Mapping[str, Given]) -> Fraction | None:
    """What the panel makes of all its marks, those left out admitted again, before any rounding; None where it has none."""
    method = aspect.method
    if not isinstance(method, Panel):
        return None
    everyone = replace(method, trim_low=0, trim_high=0)
    return _panel_alone(Desk("", []), aspect, everyone, marks, None)


def _with_declared(method: Panel, value: Fraction, declared: Fraction, notes: Notes | None) -> Fraction:
    is_factor = method.declared is Declared.MULTIPLY
    value = value * declared if is_factor else value + declared
    if notes is None:
        return value
    notes.input(MarkKind.DECLARED, None, declared)
    if is_factor:
        said = sentence(
            "Times the declared value %(declared)s: %(value)s.",
            declared=spelled(declared),
            value=spelled(value),
        )
    else:
        said = sentence(
            "The declared value %(declared)s is added: %(value)s.",
            declared=spelled(declared),
            value=spelled(value),
        )
    notes.step("declared", value, said)
    return value


def _panel_alone(
    desk: Desk,
    aspect: Aspect,
    method: Panel,
    marks: Mapping[str, Given],
    notes: Notes | None,
) -> Fraction | None:
    given = marks.get(aspect.id, _NOTHING)
    if given.agreed is not None:
        if notes is not None:
            notes.scores(given, frozenset())
            notes.input(MarkKind.AGREED, None, given.agreed)
            said = sentence(
                "One agreed value stands for the marks of the judges: %(value)s.",
                value=spelled(given.agreed),
            )
            notes.step("agreed", given.agreed, said)
        return given.agreed
    scores = _scores(desk, aspect, given, method.minimum, method.judges)
    if scores is None:
        if notes is not None:
            notes.scores(given)
        return None
    if method.combine is PanelCombine.MAJORITY_MEAN:
        return _mean_of_majority(desk, aspect, method, marks, notes)
    if method.missing is Missing.LOWEST and len(scores) < method.judges:
        _note_missing(method, len(scores), notes)
        scores = [*scores, *[method.low] * (method.judges - len(scores))]
    if method.combine is PanelCombine.MAJORITY:
        return _majority_value(desk, aspect, given, scores, notes)
    kept = sorted(scores)[method.trim_low : len(scores) - method.trim_high]
    if notes is not None:
        notes.scores(given, _kept_judges(method, given, len(scores)))
        _note_trim(method, scores, notes)
    return _combined(method, kept, notes)


def _scores(desk: Desk, aspect: Aspect, given: Given, minimum: int, seats: int) -> list[Fraction] | None:
    """The marks of the judges, or None and a blocker where they are too few, too many or of two minds."""
    standing = given.standing
    scores = [score for score in standing.values() if score is not None]
    if given.rounds is not None and not _all_in_last_round(desk, aspect, given):
        return None
    if len(scores) == len(standing) and minimum <= len(scores) <= seats:
        return scores
    words = {"entrant": desk.entrant, "aspect": aspect.title, "given": len(scores)}
    if len(scores) < len(standing):
        said = sentence(
            "%(entrant)s, %(aspect)s: some judges gave a mark and others “not attempted”; they must agree.",
            **words,
        )
    elif len(scores) > seats:
        said = sentence(
            "%(entrant)s, %(aspect)s: %(given)s judges gave a mark, but the panel has %(seats)s seats.",
            **words,
            seats=seats,
        )
    else:
        said = sentence(
            "%(entrant)s, %(aspect)s: %(given)s of at least %(minimum)s judges have given a mark.",
            **words,
            minimum=minimum,
        )
    desk.block(said)
    return None


def _all_in_last_round(desk: Desk, aspect: Aspect, given: Given) -> bool:
    rounds = given.rounds or {}
    last = max(rounds)
    judges = set(given.scores).union(*rounds.values())
    absent = sorted(judges - set(rounds[last]))
    if absent:
        desk.block(
            sentence(
                "%(entrant)s, %(aspect)s: %(judges)s must also mark in round %(round)s.",
                entrant=desk.entrant,
                aspect=aspect.title,
                judges=", ".join(absent),
                round=last,
            )
        )
    return not absent


# Majorities.


def _majority(scores: Sequence[Fraction]) -> Fraction | None:
    """The value that more than half of the judges gave."""
    value, count = Counter(scores).most_common(1)[0]
    return value if 2 * count > len(scores) else None


def _majority_value(
    desk: Desk, aspect: Aspect, given: Given, scores: Sequence[Fraction], notes: Notes | None
) -> Fraction | None:
    value = _majority(scores)
    if notes is not None:
        agreeing = (judge for judge, score in given.standing.items() if score == value)
        notes.scores(given, frozenset(agreeing))
    if value is None:
        desk.block(
            sentence(
                "%(entrant)s, %(aspect)s: no majority, no value was given by more than half of the judges.",
                entrant=desk.entrant,
                aspect=aspect.title,
            )
        )
        return None
    if notes is not None:
        said = sentence(
            "%(value)s was given by %(agreeing)s of %(count)s judges.",
            value=spelled(value),
            agreeing=sum(score == value for score in scores),
            count=len(scores),
        )
        notes.step("majority", value, said)
    return value


def _mean_of_majority(
    desk: Desk,
    aspect: Aspect,
    method: Panel,
    marks: Mapping[str, Given],
    notes: Notes | None,
) -> Fraction | None:
    """The mean of the marks of those who are in the majority at the other panel."""
    given, judges = marks.get(aspect.id, _NOTHING), _judges_in_majority(method, marks)
    kept = [given.standing.get(judge) for judge in judges]
    present = [score for score in kept if score is not None]
    if notes is not None:
        notes.scores(given, judges)
    if method.missing is Missing.LOWEST and judges:
        if len(present) < len(kept):
            _note_missing(method, method.judges - (len(kept) - len(present)), notes)
        present = [method.low if score is None else score for score in kept]
    if not present:
        desk.block(
            sentence(
                "%(entrant)s, %(aspect)s: no judge who marked here is in a majority at “%(of)s”.",
                entrant=desk.entrant,
                aspect=aspect.title,
                of=method.majority_of,
            )
        )
        return None
    if notes is not None:
        said = sentence(
            "Only the judges in the majority at “%(of)s” count: %(judges)s.",
            of=method.majority_of,
            judges=", ".join(sorted(judges)),
        )
        notes.step("majority", None, said)
    return _mean(present, notes)


def _judges_in_majority(method: Panel, marks: Mapping[str, Given]) -> frozenset[str]:
    asked = marks.get(method.majority_of or "", _NOTHING).standing
    scores = [score for score in asked.values() if score is not None]
    value = _majority(scores) if scores else None
    return frozenset(judge for judge, score in asked.items() if value is not None and score == value)


# Means, medians and sums.


def _combined(method: Panel, kept: Sequence[Fraction], notes: Notes | None) -> Fraction:
    if method.combine is PanelCombine.MEDIAN:
        value = median_of(kept)
        if notes is not None:
            said = sentence("Median of %(count)s marks: %(value)s.", count=len(kept), value=spelled(value))
            notes.step("median", value, said)
        return value
    if method.combine is PanelCombine.SUM:
        value = total_of(kept)
        if notes is not None:
            said = sentence("Sum of %(count)s marks: %(value)s.", count=len(kept), value=spelled(value))
            notes.step("sum", value, said)
        return value
    return _mean(kept, notes)


def _mean(kept: Sequence[Fraction], notes: Notes | None) -> Fraction:
    total = total_of(kept)
    value = total / len(kept)
    if notes is not None:
        said = sentence(
            "Mean of %(count)s marks: %(sum)s ÷ %(count)s = %(value)s.",
            count=len(kept),
            sum=spelled(total),
            value=spelled(value),
        )
        notes.step("mean", value, said)
    return value


def _note_missing(method: Panel, given: int, notes: Notes | None) -> None:
    if notes is not None:
        said = sentence(
            "%(count)s judges have not marked; each counts as the lowest mark, %(low)s.",
            count=method.judges - given,
            low=spelled(method.low),
        )
        notes.step("missing", None, said)


def _kept_judges(method: Panel, given: Given, count: int) -> frozenset[str]:
    """Whose marks are not left out; of equal marks, it makes no difference which one is shown as left out."""
    order = sorted((score, judge) for judge, score in given.standing.items() if score is not None)
    absent = count - len(order)
    first = max(0, method.trim_low - absent)
    return frozenset(judge for _, judge in order[first : len(order) - method.trim_high])


def _note_trim(method: Panel, scores: Sequence[Fraction], notes: Notes) -> None:
    order = sorted(scores)
    low = ", ".join(spelled(score) for score in order[: method.trim_low])
    high = ", ".join(spelled(score) for score in order[len(order) - method.trim_high :])
    if low and high:
        said = sentence(
            "Highest %(high)s and lowest %(low)s of %(count)s marks are left out.",
            high=high,
            low=low,
            count=len(order),
        )
    elif high:
        said = sentence("Highest %(high)s of %(count)s marks is left out.", high=high, count=len(order))
    elif low:
        said = sentence("Lowest %(low)s of %(count)s marks is left out.", low=low, count=len(order))
    else:
        return
    notes.step("trim", None, said)
