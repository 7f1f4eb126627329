"""Reading the marking scheme out of a rule set document, with every problem at its place.

Two passes: the shape of each node while it is read, then what only shows when the tree stands (weights that do not add
up, a declared maximum that differs from the parts, identifiers used twice).
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from competition.rules.numbers import Rounding, RoundingMode, spelled
from competition.rules.reading import Reader, pointer, title_at
from competition.rules.scheme import (
    LEVELS,
    Aspect,
    Band,
    Binary,
    Branch,
    Combine,
    Count,
    Declared,
    Deduction,
    Group,
    Judgement,
    Method,
    Panel,
    PanelCombine,
    Part,
    Role,
    Time,
    Tolerance,
    Value,
)
from competition.rules.scheme_schema import DEPTH, MOST_BANDS, MOST_JUDGES, NODES
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

_ZERO = Fraction(0)
_COMMON = (
    "kind",
    "id",
    "title",
    "weight",
    "factor",
    "max",
    "floor",
    "cap",
    "pass_mark",
    "rounding",
)
_MOST_FACTOR = 1_000_000


class _Kind(StrEnum):
    GROUP = "group"
    ASPECT = "aspect"


class _Type(StrEnum):
    MEASUREMENT = "measurement"
    JUDGEMENT = "judgement"
    PANEL = "panel"
    DEDUCTION = "deduction"
    TIME = "time"


class _Mode(StrEnum):
    BINARY = "binary"
    VALUE = "value"
    TOLERANCE = "tolerance"
    COUNT = "count"


_MODE_KEYS = {
    _Mode.BINARY: (),
    _Mode.VALUE: ("step",),
    _Mode.TOLERANCE: ("target", "bands"),
    _Mode.COUNT: ("possible",),
}


@dataclass(frozen=True, slots=True)
class _Common:
    """What every node has, as read."""

    id: str
    title: Title
    weight: Fraction | None
    factor: Fraction
    max: Fraction | None
    floor: Fraction | None
    cap: Fraction | None
    pass_mark: Fraction | None
    rounding: Rounding | None


@dataclass
class SchemeReader:
    """Reads one tree. A node that cannot be read is left out; its problems are in the notebook of the reader."""

    nodes: int = 0
    paths: dict[int, str] = field(default_factory=dict)

    def read(self, root: Reader) -> Group | None:
        """The tree, or None where there is not even a group at the top."""
        tree = self._node(root, depth=1)
        if tree is None:
            return None
        if not isinstance(tree, Group):
            root.note(None, sentence("The marking scheme starts with a group."))
            return None
        return tree

    def check(self, root: Reader, tree: Group) -> None:
        """What only shows when the whole tree stands; for trees without problems of shape."""
        self._check_ids(root, tree)
        if tree.weight is not None:
            root.note("weight", sentence("The whole has no weight: nothing stands above it."))
        if tree.part is not Part.MARKS:
            root.note("children", sentence("Nothing in this marking scheme gives marks."))
        self._check_branch(root, tree)

    def _node(self, reader: Reader, depth: int) -> Branch | None:
        self.nodes += 1
        if self.nodes > NODES:
            if self.nodes == NODES + 1:
                reader.note(
                    None,
                    sentence(
                        "A marking scheme has at most %(most)s groups and aspects.",
                        most=NODES,
                    ),
                )
            return None
        if depth > DEPTH:
            reader.note(None, sentence("Groups are nested at most %(most)s deep.", most=DEPTH))
            return None
        kind = reader.choice("kind", _Kind)
        if kind is None:
            return None
        branch = self._group(reader, depth) if kind is _Kind.GROUP else self._aspect(reader)
        if branch is not None:
            self.paths[id(branch)] = reader.path
        return branch

    def _group(self, reader: Reader, depth: int) -> Group | None:
        reader.only(*_COMMON, "role", "combine", "children")
        common = _common(reader)
        role = reader.choice("role", Role) if reader.has("role") else None
        combine = reader.choice("combine", Combine)
        read = [
            self._node(child, depth + 1)
            for child in reader.objects("children", most=NODES, least=1, required=True)
        ]
        children = tuple(child for child in read if child is not None)
        if combine is None or not children:
            return None
        return Group(**_fields(common), role=role, combine=combine, children=children)

    def _aspect(self, reader: Reader) -> Aspect | None:
        type_ = reader.choice("type", _Type)
        if type_ is None:
            return None
        method = _METHODS[type_](reader)
        common = _common(reader)
        return None if method is None else Aspect(**_fields(common), method=method)

    def _check_ids(self, root: Reader, tree: Group) -> None:
        used: Counter[str] = Counter()
        for branch in self._branches(tree):
            used[branch.id] += 1
            if used[branch.id] == 2:
                self._note(
                    root,
                    branch,
                    "id",
                    sentence("The identifier “%(id)s” is used twice.", id=branch.id),
                )

    def _branches(self, branch: Branch) -> list[Branch]:
        children = branch.children if isinstance(branch, Group) else ()
        return [
            branch,
            *(below for child in children for below in self._branches(child)),
        ]

    def _note(self, root: Reader, branch: Branch, key: str, reason: Sentence) -> None:
        root.notebook.note(pointer(self.paths[id(branch)], key), reason)

    def _check_branch(self, root: Reader, branch: Branch) -> None:
        if branch.floor is not None and branch.cap is not None and branch.floor > branch.cap:
            self._note(root, branch, "floor", sentence("The floor is above the cap."))
        if branch.part is Part.DEDUCTION and branch.cap is not None and branch.cap < 0:
            said = sentence("The cap of a deduction is the most that can be taken off: not below 0.")
            self._note(root, branch, "cap", said)
        highest = branch.attainable
        if branch.pass_mark is not None and highest is not None and branch.pass_mark > highest:
            self._note(
                root,
                branch,
                "pass_mark",
                sentence(
                    "The pass mark is above the highest possible mark, %(highest)s.",
                    highest=spelled(highest),
                ),
            )
        if isinstance(branch, Group):
            self._check_group(root, branch)

    def _check_group(self, root: Reader, group: Group) -> None:
        expected = group.children_max
        if group.max is not None and expected is not None and group.max != expected:
            self._note(
                root,
                group,
                "max",
                sentence(
                    "The maximum of “%(id)s” is stated as %(stated)s, but its parts make %(parts)s.",
                    id=group.id,
                    stated=spelled(group.max),
                    parts=spelled(expected),
                ),
            )
        if group.combine is Combine.WEIGHTED:
            self._check_weights(root, group)
        for child in group.children:
            if child.weight is not None and (
                group.combine is not Combine.WEIGHTED or child.part is not Part.MARKS
            ):
                self._note(
                    root,
                    child,
                    "weight",
                    sentence("A weight has no effect here: only marks in a weighted group have one."),
                )
            self._check_branch(root, child)

    def _check_weights(self, root: Reader, group: Group) -> None:
        for child in group.marked:
            if child.weight is None:
                self._note(
                    root,
                    child,
                    "weight",
                    sentence("Every part of a weighted group has a weight in percent; this one has none."),
                )
        weights = [child.weight for child in group.marked if child.weight is not None]
        if len(weights) == len(group.marked) and sum(weights, _ZERO) != 100:
            self._note(
                root,
                group,
                "children",
                sentence(
                    "The weights make %(sum)s; they must make 100.",
                    sum=spelled(sum(weights, _ZERO)),
                ),
            )
        highest = {child.attainable for child in group.marked} - {None}
        if len(highest) > 1:
            self._note(
                root,
                group,
                "children",
                sentence(
                    "The parts of a weighted group must be marked on the same scale; a factor brings them to one."
                ),
            )


def _fields(common: _Common) -> dict[str, Any]:
    return {name: getattr(common, name) for name in _Common.__slots__}


def _common(reader: Reader) -> _Common:
    return _Common(
        id=reader.identifier("id"),
        title=reader.title(),
        weight=reader.number("weight", above=0, high=100),
        factor=_or(reader.number("factor", above=0, high=_MOST_FACTOR), Fraction(1)),
        max=reader.number("max", above=0),
        floor=reader.number("floor"),
        cap=reader.number("cap"),
        pass_mark=reader.number("pass_mark", low=0),
        rounding=read_rounding(reader, "rounding"),
    )


def _or(value: Fraction | None, default: Fraction) -> Fraction:
    return default if value is None else value


def read_rounding(reader: Reader, key: str) -> Rounding | None:
    """A declared rounding, half-up where no mode is named."""
    inner = reader.inside(key)
    if inner is None:
        return None
    inner.only("digits", "mode")
    digits = inner.whole("digits", low=0, high=8, required=True)
    mode = inner.choice("mode", RoundingMode, RoundingMode.HALF_UP)
    return None if digits is None or mode is None else Rounding(digits, mode)


def _measurement(reader: Reader) -> Method | None:
    mode = reader.choice("mode", _Mode)
    if mode is None:
        return None
    reader.only(*_COMMON, "type", "mode", *_MODE_KEYS[mode])
    if mode is _Mode.TOLERANCE:
        return _tolerance(reader)
    highest = reader.number("max", above=0) if reader.require("max") else None
    if mode is _Mode.COUNT:
        possible = reader.whole("possible", low=1, high=1_000_000, required=True)
        return None if highest is None or possible is None else Count(highest, possible)
    step = reader.number("step", above=0) if mode is _Mode.VALUE else None
    if highest is None:
        return None
    if step is not None and highest % step:
        reader.note("step", sentence("The steps do not arrive at the highest mark."))
    return Binary(highest) if mode is _Mode.BINARY else Value(highest, step)


def _tolerance(reader: Reader) -> Method | None:
    target = reader.number("target", required=True)
    bands = []
    for band in reader.objects("bands", most=MOST_BANDS, least=1, required=True):
        band.only("up_to", "award")
        up_to, award = (
            band.number("up_to", low=0, required=True),
            band.number("award", low=0, required=True),
        )
        if up_to is not None and award is not None:
            bands.append(Band(up_to, award))
    if any(
        wider.up_to <= narrower.up_to or wider.award > narrower.award for narrower, wider in pairwise(bands)
    ):
        reader.note(
            "bands",
            sentence("The bands go from the smallest deviation to the largest, with falling marks."),
        )
    highest = reader.number("max", above=0)
    if bands and highest is not None and highest != max(band.award for band in bands):
        reader.note("max", sentence("The maximum differs from the marks of the best band."))
    return None if target is None or not bands else Tolerance(target, tuple(bands))


def _judgement(reader: Reader) -> Method | None:
    reader.only(*_COMMON, "type", "judges", "max_spread", "descriptors", "agreed")
    highest = reader.number("max", above=0) if reader.require("max") else None
    judges = reader.whole("judges", low=1, high=MOST_JUDGES, default=3)
    spread = reader.whole("max_spread", low=0, high=LEVELS, default=1)
    descriptors = tuple(
        title_at(raw, path, reader.notebook) for path, raw in reader.items("descriptors", most=4, least=4)
    )
    agreed = reader.yes("agreed")
    if highest is None or judges is None or spread is None:
        return None
    return Judgement(highest, judges, spread, descriptors, agreed)


def _panel(reader: Reader) -> Method | None:
    reader.only(
        *_COMMON,
        "type",
        "range",
        "judges",
        "minimum",
        "combine",
        "trim",
        "panel_rounding",
        "declared",
        "agreed",
    )
    scale = _range(reader)
    judges = reader.whole("judges", low=1, high=MOST_JUDGES, required=True)
    minimum = reader.whole("minimum", low=1, high=MOST_JUDGES, default=judges)
    combine = reader.choice("combine", PanelCombine)
    trim = _trim(reader, combine, minimum)
    rounding = read_rounding(reader, "panel_rounding")
    declared, agreed = _declared(reader), reader.yes("agreed")
    if scale is None or judges is None or minimum is None or combine is None:
        return None
    if minimum > judges:
        reader.note(
            "minimum",
            sentence(
                "The panel has %(judges)s seats; more cannot be required.",
                judges=judges,
            ),
        )
    low, high, step = scale
    return Panel(
        low,
        high,
        step,
        judges,
        minimum,
        combine,
        trim[0],
        trim[1],
        rounding,
        declared,
        agreed,
    )


def _declared(reader: Reader) -> Declared | None:
    """`true` is the short way to say that the declared value is added."""
    if isinstance(reader.members.get("declared", False), bool):
        return Declared.ADD if reader.yes("declared") else None
    return reader.choice("declared", Declared)


def _range(reader: Reader) -> tuple[Fraction, Fraction, Fraction | None] | None:
    scale = reader.inside("range", required=True)
    if scale is None:
        return None
    scale.only("low", "high", "step")
    low, high = scale.number("low", required=True), scale.number("high", required=True)
    step = scale.number("step", above=0)
    if low is None or high is None:
        return None
    if low >= high:
        scale.note(
            None,
            sentence("The range is the wrong way round: its low end must be below its high end."),
        )
    elif step is not None and (high - low) % step:
        scale.note("step", sentence("The steps do not arrive at the highest mark."))
    return low, high, step


def _trim(reader: Reader, combine: PanelCombine | None, minimum: int | None) -> tuple[int, int]:
    if not reader.has("trim"):
        if combine is PanelCombine.TRIMMED_MEAN:
            reader.note(
                None,
                sentence("A trimmed mean states how many of the lowest and highest marks are left out."),
            )
        return 0, 0
    trim = reader.inside("trim")
    if trim is None:
        return 0, 0
    trim.only("low", "high")
    low = trim.whole("low", low=0, high=MOST_JUDGES, required=True) or 0
    high = trim.whole("high", low=0, high=MOST_JUDGES, required=True) or 0
    if combine not in (PanelCombine.TRIMMED_MEAN, PanelCombine.SUM):
        reader.note("trim", sentence("Marks are left out only of a trimmed mean or a sum."))
    if minimum is not None and low + high >= minimum:
        reader.note(
            "trim",
            sentence(
                "%(trim)s marks are left out where as few as %(minimum)s may be given: none would be left.",
                trim=low + high,
                minimum=minimum,
            ),
        )
    return low, high


def _deduction(reader: Reader) -> Method:
    reader.only(
        "kind",
        "id",
        "title",
        "type",
        "factor",
        "cap",
        "rounding",
        "entry_max",
        "entry_step",
    )
    return Deduction(reader.number("entry_max", above=0), reader.number("entry_step", above=0))


def _time(reader: Reader) -> Method:
    reader.only("kind", "id", "title", "type", "max_seconds")
    return Time(reader.number("max_seconds", above=0))


_METHODS = {
    _Type.MEASUREMENT: _measurement,
    _Type.JUDGEMENT: _judgement,
    _Type.PANEL: _panel,
    _Type.DEDUCTION: _deduction,
    _Type.TIME: _time,
}
