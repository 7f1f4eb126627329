"""Made-up marks for a rehearsal: within every range and step, better for the abler, and the same for the same seed.

Chance is SHA-256 of the seed and of what the mark is for, so a mark does not change when another part of the rules does:
two rehearsals of two rule sets differ by the rules alone. Assumption: marks are spread as makes all branches of a rule
set happen now and then (a failed try, a deduction, a time beyond the cut-off), not as people would mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from competition.rules.marking import MarkKind, MarkState
from competition.rules.numbers import as_decimal
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Better,
    Binary,
    ConvertedTime,
    Count,
    Declared,
    Deduction,
    Effect,
    Judgement,
    Linear,
    Panel,
    PanelCombine,
    Record,
    Time,
    Tolerance,
    Value,
)

_GRAIN = 1000
_USUAL_SECONDS = Fraction(3600)
_USUAL_ENTRY = Fraction(2)
_USUAL_SPAN = Fraction(10)

Mark = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chance:
    """The dice of a rehearsal: every throw has a name, and the same name always falls the same."""

    seed: str

    def share(self, *name: object) -> Fraction:
        """A number from 0 to less than 1."""
        digest = sha256("\n".join((self.seed, *map(str, name))).encode()).digest()
        return Fraction(int.from_bytes(digest[:8], "big") % _GRAIN, _GRAIN)

    def one_in(self, number: int, *name: object) -> bool:
        return self.share(*name) * number < 1


@dataclass(frozen=True, slots=True)
class Performer:
    """A made-up entrant at work: `like` names whose throws are used, so that two can do exactly the same."""

    id: str
    like: str
    ability: Fraction

    def quality(self, chance: Chance, *name: object) -> Fraction:
        """How well this one thing went, from 0 to 1: mostly ability, a little chance."""
        return (self.ability * 3 + chance.share(self.like, *name)) / 4


def synthetic_marks(aspect: Aspect, performer: Performer, chance: Chance, majority: bool) -> Iterator[Mark]:
    """The marks of one entrant at one aspect. `majority`: judges must agree so far that there is one."""
    quality = performer.quality(chance, aspect.id)
    method = aspect.method
    match method:
        case Judgement():
            yield from _judged(aspect, method, performer, chance)
        case Panel():
            yield from _by_panel(aspect, method, performer, chance, majority)
        case Deduction():
            yield from _deducted(aspect, method, performer, chance)
        case Time():
            yield from _timed(aspect, method, performer, chance, quality)
        case Attempts():
            yield from _tried(aspect, method, performer, chance)
        case _:
            yield _mark(performer, aspect, _measured(method, quality))


def _mark(
    performer: Performer, aspect: Aspect, value: Fraction, kind: MarkKind | None = None, **more: Any
) -> Mark:
    mark = {"entrant": performer.id, "aspect": aspect.id, "value": _spelled(value), **more}
    return mark if kind is None else {**mark, "kind": kind.value}


def _spelled(value: Fraction) -> str:
    return format(Decimal(as_decimal(value)), "f")


def _stepped(low: Fraction, high: Fraction, step: Fraction | None, share: Fraction) -> Fraction:
    """A value of the range, on its steps; without steps in hundredths of it, or in whole numbers if they are finer."""
    span = high - low
    pace = step or (Fraction(1) if span >= 20 and span.denominator == 1 else span / 100)
    return low if pace == 0 else low + (span * share // pace) * pace


def _measured(
    method: Binary | Value | Tolerance | Count | Linear | ConvertedTime | Record, quality: Fraction
) -> Fraction:
    match method:
        case Binary():
            return Fraction(quality * 10 >= 4)
        case Value():
            return _stepped(Fraction(0), method.max, method.step, quality)
        case Count():
            return Fraction(int(quality * (method.possible + 1)))
        case Tolerance():
            return _deviating(method, quality)
        case Linear():
            return _by_formula(method, quality)
        case ConvertedTime():
            return _stepped(method.full_within, method.none_after, Fraction(1), 1 - quality)
        case Record():
            high = method.low + _USUAL_SPAN if method.high is None else method.high
            return _stepped(method.low, high, method.step or Fraction(1), quality)


def _deviating(method: Tolerance, quality: Fraction) -> Fraction:
    """In the first band for the best, beyond the last for the worst."""
    index = int((1 - quality) * (len(method.bands) + 1))
    if index >= len(method.bands):
        return method.target + method.bands[-1].up_to * 2 + 1
    return method.target + method.bands[index].up_to


def _by_formula(method: Linear, quality: Fraction) -> Fraction:
    low = method.low if method.low is not None else Fraction(0)
    reach = abs((method.max - method.base) / method.rate) if method.rate else _USUAL_SPAN
    high = method.high if method.high is not None else low + (Fraction(int(reach)) or _USUAL_SPAN)
    return _stepped(low, high, method.step, quality if method.rate >= 0 else 1 - quality)


def _judged(aspect: Aspect, method: Judgement, performer: Performer, chance: Chance) -> Iterator[Mark]:
    level = min(3, int(performer.quality(chance, aspect.id) * 4))
    for judge in range(1, method.judges + 1):
        apart = 1 if method.max_spread and chance.one_in(3, performer.like, aspect.id, judge) else 0
        yield _mark(performer, aspect, Fraction(max(0, level - apart)), judge=f"J{judge}")


def _by_panel(
    aspect: Aspect, method: Panel, performer: Performer, chance: Chance, majority: bool
) -> Iterator[Mark]:
    agreeing = method.judges // 2 + 1 if majority or method.combine is PanelCombine.MAJORITY else 0
    for judge in range(1, method.judges + 1):
        name = "together" if judge <= agreeing else judge
        share = (
            performer.quality(chance, aspect.id) * 9 + chance.share(performer.like, aspect.id, name)
        ) / 10
        yield _mark(
            performer, aspect, _stepped(method.low, method.high, method.step, share), judge=f"J{judge}"
        )
    if method.declared is not None:
        yield _mark(performer, aspect, _declared(method.declared, performer, chance), MarkKind.DECLARED)


def _declared(declared: Declared, performer: Performer, chance: Chance) -> Fraction:
    tenths = Fraction(int(chance.share(performer.like, "declared") * 20), 10)
    return tenths + 1 if declared is Declared.MULTIPLY else tenths


def _deducted(aspect: Aspect, method: Deduction, performer: Performer, chance: Chance) -> Iterator[Mark]:
    often = 15 if method.effect is Effect.VOID else 4
    if not chance.one_in(often, performer.like, aspect.id, "deducted"):
        return
    most = method.entry_max or _USUAL_ENTRY
    entry = _stepped(Fraction(0), most, method.entry_step, chance.share(performer.like, aspect.id, "entry"))
    if method.effect is Effect.VOID:
        entry = Fraction(1)
    yield _mark(performer, aspect, entry if entry > 0 else method.entry_step or most, MarkKind.ENTRY)


def _timed(
    aspect: Aspect, method: Time, performer: Performer, chance: Chance, quality: Fraction
) -> Iterator[Mark]:
    most = method.max_seconds or (method.cut_off * 11 / 10 if method.cut_off else _USUAL_SECONDS)
    yield _mark(performer, aspect, Fraction(int(most * (1 - quality / 2))))
    if chance.one_in(6, performer.like, aspect.id, "penalty"):
        yield _mark(performer, aspect, Fraction(30), MarkKind.PENALTY)


def _tried(aspect: Aspect, method: Attempts, performer: Performer, chance: Chance) -> Iterator[Mark]:
    for attempt in range(1, method.attempts + 1):
        if chance.one_in(12, performer.like, aspect.id, attempt, "failed"):
            yield {
                "entrant": performer.id,
                "aspect": aspect.id,
                "attempt": attempt,
                "state": MarkState.DNF.value,
            }
            continue
        quality = performer.quality(chance, aspect.id, attempt)
        share = quality if method.better is Better.HIGHER else 1 - quality
        yield _mark(performer, aspect, _stepped(method.low, method.high, method.step, share), attempt=attempt)
