"""The marking scheme: a tree of groups (stages, modules, criteria, sub-criteria) whose leaves are aspects.

Source: docs/sources.md, judging §1 (criterion → sub-criterion → aspect, measurement and judgement), §4 (panel systems), domain §5.
Every node may carry a factor, a floor, a cap, a pass mark and a rounding; nothing is rounded where none is declared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from competition.rules.numbers import Rounding
from competition.rules.titles import Title

LEVELS = 3


class Combine(StrEnum):
    """How a group makes one value of its parts."""

    SUM = "sum"
    WEIGHTED = "weighted"
    MEAN = "mean"
    BEST = "best"


class PanelCombine(StrEnum):
    """How a panel makes one value of the marks of its judges."""

    MEAN = "mean"
    MEDIAN = "median"
    SUM = "sum"
    TRIMMED_MEAN = "trimmed_mean"


class Role(StrEnum):
    """What the field calls a group; a label without effect on the marks."""

    STAGE = "stage"
    MODULE = "module"
    CRITERION = "criterion"
    SUB_CRITERION = "sub_criterion"


class Part(StrEnum):
    """What a node is to the group above it: marks that are combined, a deduction, or a record that is not added."""

    MARKS = "marks"
    DEDUCTION = "deduction"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Binary:
    """Full mark or none. The mark is 1 (fulfilled) or 0."""

    max: Fraction


@dataclass(frozen=True, slots=True)
class Value:
    """The mark itself is recorded, from 0 to the maximum, in steps where there are any."""

    max: Fraction
    step: Fraction | None


@dataclass(frozen=True, slots=True)
class Band:
    """Whoever deviates no more than this from the target is awarded these marks."""

    up_to: Fraction
    award: Fraction


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A measured value; the first band that holds its deviation from the target gives the marks, no band gives 0."""

    target: Fraction
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A number completed out of a number possible: maximum × completed ÷ possible."""

    max: Fraction
    possible: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Judges give levels 0 to 3 independently: maximum × sum of levels ÷ (3 × judges); too wide a spread blocks."""

    max: Fraction
    judges: int
    max_spread: int
    descriptors: tuple[Title, ...]
    agreed: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Judges give marks of a range, and the panel combines them, perhaps without the highest and lowest."""

    low: Fraction
    high: Fraction
    step: Fraction | None
    judges: int
    minimum: int
    combine: PanelCombine
    trim_low: int
    trim_high: int
    rounding: Rounding | None
    declared: bool
    agreed: bool


@dataclass(frozen=True, slots=True)
class Deduction:
    """Signed entries that are subtracted; no entry means nothing to subtract."""

    entry_max: Fraction | None
    entry_step: Fraction | None


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds, recorded for tie-breaks and never added."""

    max_seconds: Fraction | None


Method = Binary | Value | Tolerance | Count | Judgement | Panel | Deduction | Time


@dataclass(frozen=True)
class Node:
    """What groups and aspects have in common. `max` is the highest mark before the factor."""

    id: str
    title: Title
    weight: Fraction | None
    factor: Fraction
    max: Fraction | None
    floor: Fraction | None
    cap: Fraction | None
    pass_mark: Fraction | None
    rounding: Rounding | None


@dataclass(frozen=True)
class Aspect(Node):
    """A leaf: what is marked, by one of the methods."""

    method: Method

    @property
    def part(self) -> Part:
        if isinstance(self.method, Deduction):
            return Part.DEDUCTION
        return Part.RECORD if isinstance(self.method, Time) else Part.MARKS

    @cached_property
    def attainable(self) -> Fraction | None:
        """The highest value there can be, None where there is no limit (a declared value is added)."""
        highest = _highest(self.method)
        return None if highest is None else _limited(self, highest)


@dataclass(frozen=True)
class Group(Node):
    """An inner node: its parts, combined."""

    role: Role | None
    combine: Combine
    children: "tuple[Group | Aspect, ...]"

    @cached_property
    def part(self) -> Part:
        """A group of nothing but deductions is a deduction, one of nothing but times is a record."""
        parts = {child.part for child in self.children}
        if Part.MARKS in parts:
            return Part.MARKS
        return Part.DEDUCTION if Part.DEDUCTION in parts else Part.RECORD

    @cached_property
    def marked(self) -> "tuple[Group | Aspect, ...]":
        return tuple(child for child in self.children if child.part is Part.MARKS)

    @cached_property
    def deductions(self) -> "tuple[Group | Aspect, ...]":
        return tuple(child for child in self.children if child.part is Part.DEDUCTION)

    @cached_property
    def children_max(self) -> Fraction | None:
        """What the parts allow together, before this group's own factor."""
        highest = [child.attainable for child in self.marked]
        if not highest or any(value is None for value in highest):
            return None
        known = [value for value in highest if value is not None]
        if self.combine is Combine.SUM:
            return sum(known, Fraction(0))
        if self.combine is Combine.MEAN:
            return sum(known, Fraction(0)) / len(known)
        if self.combine is Combine.BEST:
            return max(known)
        shares = zip(self.marked, known, strict=True)
        return sum((value * (child.weight or 0) / 100 for child, value in shares), Fraction(0))

    @cached_property
    def attainable(self) -> Fraction | None:
        highest = self.children_max
        return None if highest is None else _limited(self, highest)


Branch = Group | Aspect


def _highest(method: Method) -> Fraction | None:
    match method:
        case Binary() | Value() | Count() | Judgement():
            return method.max
        case Tolerance():
            return max(band.award for band in method.bands)
        case Panel():
            seats = method.judges - method.trim_low - method.trim_high
            highest = method.high * seats if method.combine is PanelCombine.SUM else method.high
            return None if method.declared else highest
        case Deduction():
            return Fraction(0)
        case Time():
            return None


def _limited(node: Node, highest: Fraction) -> Fraction:
    value = highest * node.factor
    return value if node.cap is None else min(value, node.cap)


def walk(node: Branch) -> Iterator[Branch]:
    """The node and everything below it, top down, in the order of the document."""
    yield node
    if isinstance(node, Group):
        for child in node.children:
            yield from walk(child)
