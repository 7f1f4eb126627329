"""How a group makes one value of its parts, and what is left out."""

from collections.abc import Sequence
from fractions import Fraction

from competition.rules.marking.working import Notes
from competition.rules.numbers import spelled, total_of
from competition.rules.scheme import Better, Branch, Combine, Group
from competition.rules.sentences import Sentence, sentence

_HUNDRED = Fraction(100)

Parts = Sequence[tuple[Branch, Fraction]]


def combined(group: Group, parts: Parts, notes: Notes | None) -> Fraction:
    """The value of these parts, of which there must be as many as the group needs."""
    kept = parts if group.combine in _EVERY else _kept(group, parts)
    values = [value for _, value in kept]
    if group.combine is Combine.WEIGHTED:
        weights = [branch.weight or Fraction(0) for branch, _ in kept]
        value = total_of([each * weight for each, weight in zip(values, weights, strict=True)]) / 100
    else:
        value = total_of(values)
        if group.combine in _MEANS:
            value /= len(values)
    if notes is not None:
        counted = {branch.id for branch, _ in kept}
        notes.left_out += tuple(branch.id for branch, _ in parts if branch.id not in counted)
        notes.step(group.combine.value, value, _said(group, kept, parts, spelled(value)))
    return value


_EVERY = frozenset({Combine.SUM, Combine.WEIGHTED, Combine.MEAN})
_MEANS = frozenset({Combine.MEAN, Combine.MIDDLE_MEAN})


def needed(group: Group) -> int:
    """How many parts with a value there must be."""
    return group.drop_low + group.drop_high + 1


def _kept(group: Group, parts: Parts) -> Parts:
    """The parts that count, in the order of the document; of equal ones it makes no difference which."""
    if group.combine is Combine.LAST:
        return parts[-1:]
    rising = sorted(range(len(parts)), key=lambda index: parts[index][1])
    if group.combine is Combine.MIDDLE_MEAN:
        chosen = rising[group.drop_low : len(rising) - group.drop_high]
    else:
        chosen = rising[: group.count] if group.better is Better.LOWER else rising[-group.count :]
    return [parts[index] for index in sorted(chosen)]


def _said(group: Group, kept: Parts, parts: Parts, result: str) -> Sentence:
    shown = [spelled(value) for _, value in kept]
    if len(parts) == 1 and group.combine is not Combine.WEIGHTED:
        return sentence("One part carries marks: %(value)s.", value=result)
    match group.combine:
        case Combine.SUM:
            return sentence("Sum of the parts: %(parts)s = %(value)s.", parts=" + ".join(shown), value=result)
        case Combine.WEIGHTED:
            weights = [spelled(branch.weight or Fraction(0)) for branch, _ in kept]
            terms = " + ".join(f"{each} × {weight}%" for each, weight in zip(shown, weights, strict=True))
            return sentence("Weighted sum of the parts: %(parts)s = %(value)s.", parts=terms, value=result)
        case Combine.MEAN:
            return sentence("Mean of the parts %(parts)s: %(value)s.", parts=", ".join(shown), value=result)
        case Combine.BEST if group.count == 1:
            everything = ", ".join(spelled(value) for _, value in parts)
            return sentence("Best of the parts %(parts)s: %(value)s.", parts=everything, value=result)
        case Combine.BEST:
            return sentence(
                "Sum of the best %(count)s of %(all)s parts: %(parts)s = %(value)s.",
                count=len(kept),
                all=len(parts),
                parts=" + ".join(shown),
                value=result,
            )
        case Combine.MIDDLE_MEAN:
            return sentence(
                "Mean of the parts %(parts)s, without the lowest %(low)s and the highest %(high)s: %(value)s.",
                parts=", ".join(shown),
                low=group.drop_low,
                high=group.drop_high,
                value=result,
            )
        case Combine.LAST | Combine.STAGES:
            return sentence("The last part counts: %(value)s.", value=result)


def less_proportional(
    total: Fraction, voids: Sequence[Fraction], percents: Sequence[Fraction], notes: Notes | None
) -> Fraction:
    """What is left of a total above 0 when violations void it, or percentages, added up, are taken off."""
    if total <= 0:
        return total
    if any(voids):
        if notes is not None:
            notes.step("void", Fraction(0), sentence("Voided by a violation: 0."))
        return Fraction(0)
    percent = min(-total_of(percents), _HUNDRED)
    if not percent:
        return total
    left = total * (_HUNDRED - percent) / 100
    if notes is not None:
        said = sentence(
            "%(percent)s percent are taken off: %(value)s.", percent=spelled(percent), value=spelled(left)
        )
        notes.step("percent", left, said)
    return left
