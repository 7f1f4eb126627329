"""Places: an ordered list of comparators, shared places, decided ties.

Source: docs/sources.md, domain §5.7 (ordered comparator list per event; "ranks never tie" needs a documented decision, never a silent
order), judging §4 (ranks 1, 2, 2, 4; count-back to the stage before; best k−1, k−2 … parts; second-best try; marks that
were left out admitted again; who beat whom, only for exactly two). A comparator is asked only about those whom the
comparators before it left tied: everybody starts in one group, and each comparator splits the groups further.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, groupby
from math import lcm
from types import MappingProxyType
from typing import TypeVar

_ZERO = Fraction(0)
_WIDEST = 1_000

Ranked = TypeVar("Ranked")
Values = tuple[Fraction | None, ...]
"""What a comparator looks at in one entrant, the most important first; None comes last in either direction."""


class Direction(StrEnum):
    """Which end of the values comes first."""

    DESC = "desc"
    ASC = "asc"


class Ties(StrEnum):
    """What happens to those whom no comparator separates: they share the place, or people decide and say why."""

    SHARED = "shared"
    MANUAL = "manual"


class Guests(StrEnum):
    """Whether entrants without award eligibility take a place, or compete outside the ranking."""

    RANKED = "ranked"
    UNRANKED = "unranked"


class By(StrEnum):
    """What a comparator compares.

    `stage` is the stage reached, the later first: it stands first in the ranking of a scheme that combines stages.
    """

    VALUE = "value"
    COUNT_BACK = "count_back"
    BEST_PARTS = "best_parts"
    ATTEMPT = "attempt"
    UNTRIMMED = "untrimmed"
    HEAD_TO_HEAD = "head_to_head"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Comparator:
    """One step of the ranking: what is compared at this node, and which end comes first.

    `parts` are the parts of the node that are compared one by one or added up, in the order of the document (for
    `stage`: the stages); `rank` is the try that `attempt` compares, 2 for the second-best.
    """

    node: str
    direction: Direction = Direction.DESC
    by: By = By.VALUE
    rank: int = 0
    parts: tuple[str, ...] = ()


_NOTHING_BESIDE: Mapping[Comparator, Fraction | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RankRow:
    """An entrant to be ranked. A value that is missing comes last.

    `values` are those of the nodes, `stage` counts the stages reached; `beside` is what a comparator of tries or of
    marks that were left out looks at, which no node has as its value.
    """

    entrant: str
    values: Mapping[str, Fraction | None]
    stage: int = 0
    beside: Mapping[Comparator, Fraction | None] = field(default_factory=lambda: _NOTHING_BESIDE)


@dataclass(frozen=True, slots=True)
class TieDecision:
    """A documented decision about entrants that nothing separates: the order, first to last, and the reason."""

    order: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Placing:
    """The place of an entrant, all those whom no comparator tells apart (themselves included), and the decision that
    settled the tie, if one did. `duels` are the comparators, by their position, at which this entrant was tied with
    exactly one other, and with whom: head to head was asked there."""

    entrant: str
    place: int
    tied: tuple[str, ...] = ()
    decision: TieDecision | None = None
    duels: tuple[tuple[int, str], ...] = ()

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
    duels: defaultdict[str, tuple[tuple[int, str], ...]] = defaultdict(tuple)
    groups = [sorted(rows, key=lambda row: row.entrant)]
    for step, comparator in enumerate(comparators):
        if comparator.by is By.HEAD_TO_HEAD:
            for one, other in (group for group in groups if len(group) == 2):
                duels[one.entrant] += ((step, other.entrant),)
                duels[other.entrant] += ((step, one.entrant),)
        groups = [part for group in groups for part in _split(group, comparator)]
    placings: list[Placing] = []
    for group in groups:
        tied = tuple(row.entrant for row in group)
        decision = decided.get(frozenset(tied)) if len(tied) > 1 else None
        placings.extend(_placings(tied, len(placings) + 1, decision, duels))
    return tuple(placings)


def _placings(
    tied: tuple[str, ...],
    first: int,
    decision: TieDecision | None,
    duels: Mapping[str, tuple[tuple[int, str], ...]],
) -> Iterator[Placing]:
    order = tied if decision is None else decision.order
    for index, entrant in enumerate(order):
        place = first if decision is None else first + index
        yield Placing(entrant, place, tied, decision, duels.get(entrant, ()))


def _split(group: list[RankRow], comparator: Comparator) -> list[list[RankRow]]:
    if len(group) < 2:
        return [group]
    if comparator.by is By.HEAD_TO_HEAD:
        return _split_two(group, comparator)
    return split(group, lambda row: compared(comparator, row), comparator.direction)


def _split_two(group: list[RankRow], comparator: Comparator) -> list[list[RankRow]]:
    if len(group) != 2:
        return [group]
    one, other = group
    ahead, behind = head_to_head(comparator, one, other)
    if ahead == behind:
        return [group]
    return [[one], [other]] if ahead > behind else [[other], [one]]


def split(
    group: Sequence[Ranked], values: Callable[[Ranked], Values], direction: Direction
) -> list[list[Ranked]]:
    """The tied, split by what is compared: the best first, those who are equal together in the order given."""
    looked_at = [values(each) for each in group]
    keys = _keys(looked_at, direction)
    order = sorted(range(len(group)), key=keys.__getitem__)
    return [[group[index] for index in equal] for _, equal in groupby(order, key=keys.__getitem__)]


def _keys(
    looked_at: Sequence[Values], direction: Direction
) -> Sequence[tuple[tuple[bool, int | Fraction], ...]]:
    """Keys to sort by: whole numbers over a common denominator where there is a handy one, which is much faster."""
    sign = 1 if direction is Direction.ASC else -1
    common = _common_denominator(looked_at)
    if common is None:
        return [
            tuple((value is None, _ZERO if value is None else sign * value) for value in values)
            for values in looked_at
        ]
    return [
        tuple(
            (True, 0) if value is None else (False, sign * value.numerator * (common // value.denominator))
            for value in values
        )
        for values in looked_at
    ]


def _common_denominator(looked_at: Sequence[Values]) -> int | None:
    common = 1
    for denominator in {value.denominator for values in looked_at for value in values if value is not None}:
        common = lcm(common, denominator)
        if common.bit_length() > _WIDEST:
            return None
    return common


def compared(comparator: Comparator, row: RankRow) -> Values:
    """What this comparator looks at in this entrant, the most important first; nothing for head to head."""
    match comparator.by:
        case By.VALUE:
            return (row.values.get(comparator.node),)
        case By.STAGE:
            return (Fraction(row.stage),)
        case By.COUNT_BACK:
            return tuple(row.values.get(part) for part in reversed(comparator.parts))
        case By.BEST_PARTS:
            return _best_sums(comparator, row)
        case By.ATTEMPT | By.UNTRIMMED:
            return (row.beside.get(comparator),)
        case By.HEAD_TO_HEAD:
            return ()


def _best_sums(comparator: Comparator, row: RankRow) -> Values:
    """The sums of the best k − 1, k − 2 … 1 of k parts; a sum for which parts are missing has no value."""
    known = [value for part in comparator.parts if (value := row.values.get(part)) is not None]
    sums = list(accumulate(in_order(known, comparator.direction)))
    return tuple(
        sums[count - 1] if count <= len(sums) else None for count in range(len(comparator.parts) - 1, 0, -1)
    )


def in_order(values: Iterable[Fraction], direction: Direction) -> list[Fraction]:
    """The values, best first."""
    return sorted(values, reverse=direction is Direction.DESC)


def head_to_head(comparator: Comparator, one: RankRow, other: RankRow) -> tuple[int, int]:
    """In how many parts the one is ahead of the other, and in how many behind. A part without a value loses."""
    ahead = behind = 0
    for part in comparator.parts:
        ours, theirs = _keys([(row.values.get(part),) for row in (one, other)], comparator.direction)
        ahead += ours < theirs
        behind += theirs < ours
    return ahead, behind


def separates(comparator: Comparator, one: RankRow, other: RankRow) -> bool:
    """Whether this comparator tells the two apart; for head to head: if they are the only two who are tied."""
    if comparator.by is By.HEAD_TO_HEAD:
        ahead, behind = head_to_head(comparator, one, other)
        return ahead != behind
    return compared(comparator, one) != compared(comparator, other)
