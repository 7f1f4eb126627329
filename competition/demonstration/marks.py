"""What the made-up judges write: better people get better marks, judges differ a little, and all of it is allowed."""

from fractions import Fraction

from competition.demonstration.chance import share
from competition.rules.marking import MarkKind
from competition.rules.numbers import as_decimal
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Better,
    Binary,
    ConvertedTime,
    Count,
    Deduction,
    Judgement,
    Linear,
    Panel,
    Record,
    Time,
    Tolerance,
    Value,
)


def ability(people: str) -> float:
    """How good somebody is, from 0.62 to 0.99, always the same."""
    return 0.62 + 0.37 * share("ability", people)


def mark_for(aspect: Aspect, kind: MarkKind, people: str, judge: str) -> str | None:
    """What a judge writes for these people at this item of the sheet; None where there is nothing to write."""
    if kind in (MarkKind.AGREED, MarkKind.PENALTY):
        return None
    level = ability(people)
    chance = share(aspect.id, people, judge)
    match aspect.method:
        case Deduction(entry_max=most, entry_step=step):
            if share(aspect.id, people) < level:
                return None
            return _text(min(most or Fraction(1), max(step or Fraction(1), Fraction(1))))
        case Judgement():
            return str(max(0, min(3, int(level * 3.5)) - (chance < 0.25)))
        case Panel() as panel:
            return _text(_within(panel.low, panel.high, panel.step, level + (chance - 0.5) * 0.08))
        case Binary():
            return "1" if chance < level + 0.1 else "0"
        case Value(max=highest, step=step):
            return _text(_within(Fraction(0), highest, step, level + (chance - 0.5) * 0.1))
        case Tolerance(target=target, bands=bands):
            deviation = max(band.up_to for band in bands) * Fraction(int((1 - level) * chance * 300), 100)
            return _text(target + Fraction(round(deviation * 10), 10))
        case Count(possible=possible):
            return str(min(possible, int(possible * (level + 0.05))))
        case Linear() | Record() as record:
            low = record.low or Fraction(0)
            return _text(_within(low, record.high or low + 10, record.step or Fraction(1), level))
        case ConvertedTime(full_within=full, none_after=none):
            return _text(_within(full, none, Fraction(1), (1 - level) * 2))
        case Attempts() as tries:
            reached = level + (chance - 0.5) * 0.2
            reached = reached if tries.better is Better.HIGHER else 1 - reached
            return _text(_within(tries.low, tries.high, tries.step, reached))
        case Time():
            return str(5400 + int(chance * 1800))


def _within(low: Fraction, high: Fraction, step: Fraction | None, level: float) -> Fraction:
    """The step nearest to a level of a range."""
    step = step or Fraction(1, 2)
    steps = int((high - low) / step)
    return low + step * max(0, min(steps, round(steps * level)))


def _text(value: Fraction) -> str:
    return format(as_decimal(value), "f")
