"""How far the judges of one entrant lie apart, aspect by aspect, while the marking goes on: for the chief judge's eyes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from competition.rules.marking import MarkKind
from competition.rules.scheme import Aspect, Judgement, Panel
from competition.scoring.models import Mark, Sheet
from competition.scoring.queries.items import Item
from competition.scoring.queries.sheets import CellKey

WIDE = Fraction(1, 4)
"""Marks of a panel that lie apart by more than this share of their range are shown as wide. It is advice and changes nothing."""


@dataclass(frozen=True)
class Spread:
    """The lowest and the highest mark that judges gave one entrant for one aspect, and whether that is wide."""

    aspect: Aspect
    low: Decimal
    high: Decimal
    share: Fraction
    is_wide: bool


def spreads_of(
    items: Sequence[Item], siblings: Sequence[Sheet], marks: Mapping[UUID, Mapping[CellKey, Mark]]
) -> list[Spread]:
    """The spreads of the aspects that several judges have marked for one entrant, the widest first."""
    aspects = [
        item.aspect
        for item in items
        if item.kind is MarkKind.MARK and isinstance(item.aspect.method, Judgement | Panel)
    ]
    found = [_spread(aspect, _values(aspect, siblings, marks)) for aspect in aspects]
    return sorted((one for one in found if one is not None), key=lambda one: -one.share)


def _values(
    aspect: Aspect, siblings: Sequence[Sheet], marks: Mapping[UUID, Mapping[CellKey, Mark]]
) -> list[Decimal]:
    cell = aspect.id, MarkKind.MARK.value
    given = [marks[sheet.id].get(cell) for sheet in siblings if sheet.id in marks]
    return [mark.value for mark in given if mark is not None and mark.value is not None]


def _spread(aspect: Aspect, values: Sequence[Decimal]) -> Spread | None:
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    method = aspect.method
    if isinstance(method, Judgement):
        return Spread(aspect, low, high, Fraction(high - low) / 3, high - low > method.max_spread)
    assert isinstance(method, Panel)
    width = method.high - method.low
    share = Fraction(high - low) / width if width else Fraction(0)
    return Spread(aspect, low, high, share, share > WIDE)
