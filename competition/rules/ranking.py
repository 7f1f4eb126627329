"""Places: an ordered list of comparators over the values of nodes, shared places, decided ties.

Source: docs/sources.md, domain §5.7 (ordered comparator list per event; "ranks never tie" needs a documented decision, never a silent
order), judging §4 (ranks 1, 2, 2, 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby


class Direction(StrEnum):
    """Which end of the values comes first."""

    DESC = "desc"
    ASC = "asc"


class Ties(StrEnum):
    """What happens to those whom no comparator separates: they share the place, or people decide and say why."""

    SHARED = "shared"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Comparator:
    """One step of the ranking: compare the value of this node."""

    node: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class RankRow:
    """An entrant to be ranked, with the values of the nodes; a value that is missing comes last."""

    entrant: str
    values: Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class TieDecision:
    """A documented decision about entrants that nothing separates: the order, first to last, and the reason."""

    order: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Placing:
    """The place of an entrant, all those whom no comparator tells apart (themselves included), and the decision that
    settled the tie, if one did."""

    entrant: str
    place: int
    tied: tuple[str, ...] = ()
    decision: TieDecision | None = None

    @property
    def is_shared(self) -> bool:
        return len(self.tied) > 1 and self.decision is None

    @property
    def others(self) -> tuple[str, ...]:
        """Those with whom the place is shared."""
        return tuple(other for other in self.tied if other != self.entrant) if self.is_shared else ()


def places(
    rows: Iterable[RankRow],
    comparators: Sequence[Comparator],
    decisions: Iterable[TieDecision] = (),
) -> tuple[Placing, ...]:
    """Everybody's place, best first. Equal in every comparator is an equal place: 1, 2, 2, 4.

    A decision counts only if it names exactly those who are tied. Rows that share a place stand in the order of their
    identifiers, which decides nothing.
    """
    decided = {frozenset(decision.order): decision for decision in decisions}
    keyed = sorted((_key(row, comparators), row.entrant) for row in rows)
    placings: list[Placing] = []
    for _, group in groupby(keyed, key=lambda pair: pair[0]):
        tied = tuple(entrant for _, entrant in group)
        decision = decided.get(frozenset(tied)) if len(tied) > 1 else None
        placings.extend(_placings(tied, len(placings) + 1, decision))
    return tuple(placings)


def _placings(tied: tuple[str, ...], first: int, decision: TieDecision | None) -> Iterable[Placing]:
    if decision is not None:
        return [
            Placing(entrant, first + index, tied, decision) for index, entrant in enumerate(decision.order)
        ]
    return [Placing(entrant, first, tied) for entrant in tied]


def _key(row: RankRow, comparators: Sequence[Comparator]) -> tuple[tuple[bool, Fraction], ...]:
    return tuple(_part(row.values.get(comparator.node), comparator.direction) for comparator in comparators)


def _part(value: Fraction | None, direction: Direction) -> tuple[bool, Fraction]:
    if value is None:
        return True, Fraction(0)
    return False, value if direction is Direction.ASC else -value


def separates(comparator: Comparator, one: Fraction | None, other: Fraction | None) -> bool:
    """Whether this comparator tells the two values apart."""
    return _part(one, comparator.direction) != _part(other, comparator.direction)
