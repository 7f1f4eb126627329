"""The marking scheme: a tree of groups (stages, modules, criteria, sub-criteria) whose leaves are aspects.

Source: docs/sources.md, judging §1 (criterion → sub-criterion → aspect, measurement and judgement), §4 (panel systems), domain §5.
Every node may carry a factor, a floor, a cap, a pass mark and a rounding; nothing is rounded where none is declared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from competition.rules.numbers import Rounding, RoundingMode
from competition.rules.titles import Title

LEVELS = 3


class Combine(StrEnum):
    """How a group makes one value of its parts."""

    SUM = "sum"
    WEIGHTED = "weighted"
    MEAN = "mean"
    BEST = "best"
    LAST = "last"
    MIDDLE_MEAN = "middle_mean"
    STAGES = "stages"


class PanelCombine(StrEnum):
    """How a panel makes one value of the marks of its judges."""

    MEAN = "mean"
    MEDIAN = "median"
    SUM = "sum"
    TRIMMED_MEAN = "trimmed_mean"
    MAJORITY = "majority"
    MAJORITY_MEAN = "majority_mean"


class Parts(StrEnum):
    """Which parts of a group count: all of them, or those in which anything is recorded."""

    ALL = "all"
    GIVEN = "given"


class Declared(StrEnum):
    """What a value that the entrant declared does to the value of the panel."""

    ADD = "add"
    MULTIPLY = "multiply"


class Missing(StrEnum):
    """What a seat without a mark means, where enough others have marked: left out, or the lowest mark of the range."""

    LEAVE_OUT = "leave_out"
    LOWEST = "lowest"


class Effect(StrEnum):
    """What an entry of a deduction does: takes points off, takes a percentage off, or voids what the group has."""

    POINTS = "points"
    PERCENT = "percent"
    VOID = "void"


class CutOff(StrEnum):
    """What a time beyond the cut-off is: the cut-off itself, or no time at all."""

    CAP = "cap"
    NO_VALUE = "no_value"


class Better(StrEnum):
    """Which end of the values is the better one."""

    HIGHER = "higher"
    LOWER = "lower"


class Counts(StrEnum):
    """Which of several tries count, and how."""

    BEST = "best"
    LAST = "last"
    SUM = "sum"
    MEAN = "mean"
    MIDDLE_MEAN = "middle_mean"


class LineTies(StrEnum):
    """Whether those who share the value at the line of a stage all enter it, or none of them."""

    ALL = "all"
    NONE = "none"


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
class Linear:
    """A formula: base + rate × what is measured, at least 0 unless the node has a floor of its own, at most the maximum."""

    max: Fraction
    base: Fraction
    rate: Fraction
    low: Fraction | None
    high: Fraction | None
    step: Fraction | None


@dataclass(frozen=True, slots=True)
class ConvertedTime:
    """Seconds turned into marks: the maximum up to `full_within`, falling evenly to 0 at `none_after`."""

    max: Fraction
    full_within: Fraction
    none_after: Fraction


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
    declared: Declared | None
    agreed: bool
    missing: Missing = Missing.LEAVE_OUT
    majority_of: str | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """Signed entries that are subtracted; no entry means nothing to subtract."""

    entry_max: Fraction | None
    entry_step: Fraction | None
    effect: Effect = Effect.POINTS


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds, recorded for comparisons and never added: the time taken − pauses − bonuses + penalties."""

    max_seconds: Fraction | None
    cut_off: Fraction | None = None
    cut_off_effect: CutOff = CutOff.CAP


@dataclass(frozen=True, slots=True)
class Record:
    """A number (tops, zones, tries) that is recorded for comparisons and never added."""

    low: Fraction
    high: Fraction | None
    step: Fraction | None


@dataclass(frozen=True, slots=True)
class Attempts:
    """Several tries of one task, each a number or a state (did not finish …); some of them count.

    Of tries that are added or averaged, `failures_allowed` may fail and count as the worst end of the range.
    """

    attempts: int
    better: Better
    counts: Counts
    drop_low: int
    drop_high: int
    low: Fraction
    high: Fraction
    step: Fraction | None
    failures_allowed: int

    @property
    def worst(self) -> Fraction:
        """What a try that failed counts where it may count."""
        return self.low if self.better is Better.HIGHER else self.high


Measurement = Binary | Value | Tolerance | Count | Linear | ConvertedTime
Method = Measurement | Judgement | Panel | Deduction | Time | Record | Attempts


@dataclass(frozen=True, slots=True)
class Qualify:
    """Who enters a stage, by the value reached before it: the best `count`, a `fraction` of them, or everybody with `at_least`."""

    count: int | None
    fraction: Fraction | None
    rounding: RoundingMode
    at_least: Fraction | None
    ties: LineTies


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
    conferring: int | None = None

    @cached_property
    def part(self) -> Part:
        if isinstance(self.method, Deduction):
            return Part.DEDUCTION
        if isinstance(self.method, Time | Record):
            return Part.RECORD
        is_record = isinstance(self.method, Attempts) and self.method.better is Better.LOWER
        return Part.RECORD if is_record else Part.MARKS

    @property
    def better(self) -> Better:
        """Which end of this aspect's values is the better one: the lower of times and of tries that are timed."""
        if isinstance(self.method, Attempts):
            return self.method.better
        return Better.LOWER if isinstance(self.method, Time) else Better.HIGHER

    @cached_property
    def attainable(self) -> Fraction | None:
        """The highest value there can be, None where there is no limit (a declared value is added)."""
        highest = _highest(self.method)
        return None if highest is None else _limited(self, highest)


@dataclass(frozen=True)
class Group(Node):
    """An inner node: its parts, combined.

    `count` is how many parts `best` adds up; `drop_low` and `drop_high` are what `middle_mean` leaves out. A stage after
    the first says with `carry_over` whether what was reached before is added, and with `qualify` who enters it.
    """

    role: Role | None
    combine: Combine
    children: "tuple[Group | Aspect, ...]"
    count: int = 1
    drop_low: int = 0
    drop_high: int = 0
    parts: Parts = Parts.ALL
    carry_over: bool | None = None
    qualify: Qualify | None = None

    @cached_property
    def part(self) -> Part:
        """A group of nothing but deductions is a deduction, one of nothing but records is a record."""
        parts = {child.part for child in self.children}
        if Part.MARKS in parts:
            return Part.MARKS
        return Part.DEDUCTION if Part.DEDUCTION in parts else Part.RECORD

    @cached_property
    def better(self) -> Better:
        """Records that are all better when lower are better when lower together."""
        is_lower = self.part is Part.RECORD and all(child.better is Better.LOWER for child in self.children)
        return Better.LOWER if is_lower else Better.HIGHER

    @cached_property
    def marked(self) -> "tuple[Group | Aspect, ...]":
        return tuple(child for child in self.children if child.part is Part.MARKS)

    @cached_property
    def combined(self) -> "tuple[Group | Aspect, ...]":
        """The parts that make the value: those with marks, or all of a group of nothing but records."""
        return self.children if self.part is Part.RECORD else self.marked

    @cached_property
    def aspect_ids(self) -> tuple[str, ...]:
        """The aspects below, however deep."""
        return tuple(branch.id for branch in walk(self) if isinstance(branch, Aspect))

    @cached_property
    def deductions(self) -> "tuple[Group | Aspect, ...]":
        """The parts whose values are taken off as points."""
        below = (child for child in self.children if child.part is Part.DEDUCTION)
        return tuple(child for child in below if _effect(child) is Effect.POINTS)

    @cached_property
    def voids(self) -> "tuple[Aspect, ...]":
        """The deductions of which one entry voids what the other parts make."""
        return self._deductions_by(Effect.VOID)

    @cached_property
    def percents(self) -> "tuple[Aspect, ...]":
        """The deductions that take a percentage off what the other parts make."""
        return self._deductions_by(Effect.PERCENT)

    def _deductions_by(self, effect: Effect) -> "tuple[Aspect, ...]":
        aspects = (child for child in self.children if isinstance(child, Aspect))
        return tuple(child for child in aspects if _effect(child) is effect)

    @cached_property
    def children_max(self) -> Fraction | None:
        """What the parts allow together, before this group's own factor."""
        highest = [child.attainable for child in self.marked]
        if not highest or any(value is None for value in highest):
            return None
        return self._highest([value for value in highest if value is not None])

    def _highest(self, known: list[Fraction]) -> Fraction:
        if self.parts is Parts.GIVEN and self.combine in (Combine.MEAN, Combine.MIDDLE_MEAN):
            return max(known)
        match self.combine:
            case Combine.SUM:
                return sum(known, Fraction(0))
            case Combine.MEAN:
                return sum(known, Fraction(0)) / len(known)
            case Combine.BEST:
                return sum(sorted(known)[-self.count :], Fraction(0))
            case Combine.LAST:
                return max(known)
            case Combine.MIDDLE_MEAN:
                kept = sorted(known)[self.drop_low : len(known) - self.drop_high]
                return sum(kept, Fraction(0)) / (len(kept) or 1)
            case Combine.WEIGHTED:
                shares = zip(self.marked, known, strict=True)
                return sum((value * (child.weight or 0) / 100 for child, value in shares), Fraction(0))
            case Combine.STAGES:
                return max(self.reachable, default=Fraction(0))

    @cached_property
    def stages(self) -> "tuple[Group, ...]":
        """The stages of a group that combines stages, in order; () of any other."""
        if self.combine is not Combine.STAGES:
            return ()
        return tuple(child for child in self.children if isinstance(child, Group))

    @cached_property
    def reachable(self) -> tuple[Fraction, ...]:
        """The highest value that can be reached after each stage, as far as it is limited."""
        reached: list[Fraction] = []
        for stage in self.stages:
            if stage.attainable is None:
                break
            reached.append(stage.attainable + (reached[-1] if stage.carry_over and reached else 0))
        return tuple(reached)

    @cached_property
    def attainable(self) -> Fraction | None:
        highest = self.children_max
        return None if highest is None else _limited(self, highest)


Branch = Group | Aspect


def _effect(branch: Branch) -> Effect | None:
    """What a deduction does to the group it stands in; groups of deductions take points off."""
    if isinstance(branch, Group):
        return Effect.POINTS
    return branch.method.effect if isinstance(branch.method, Deduction) else None


def _highest(method: Method) -> Fraction | None:
    match method:
        case Binary() | Value() | Count() | Linear() | ConvertedTime() | Judgement():
            return method.max
        case Tolerance():
            return max(band.award for band in method.bands)
        case Panel():
            seats = method.judges - method.trim_low - method.trim_high
            highest = method.high * seats if method.combine is PanelCombine.SUM else method.high
            return None if method.declared else highest
        case Attempts(better=Better.HIGHER):
            return method.high * method.attempts if method.counts is Counts.SUM else method.high
        case Deduction():
            return Fraction(0)
        case Attempts() | Time() | Record():
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
