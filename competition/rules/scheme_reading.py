"""Reading the marking scheme out of a rule set document, with every problem at its place.

Two passes: the shape of each node while it is read, then what only shows when the tree stands (`scheme_checks`).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from competition.rules.aspect_reading import (
    COMMON,
    Type,
    conferring,
    read_drop,
    read_method,
    read_rounding,
)
from competition.rules.numbers import Rounding, RoundingMode
from competition.rules.reading import Reader
from competition.rules.scheme import Aspect, Branch, Combine, Group, LineTies, Parts, Qualify, Role
from competition.rules.scheme_checks import SchemeChecks
from competition.rules.scheme_schema import DEPTH, MOST_QUALIFIED, NODES
from competition.rules.sentences import sentence
from competition.rules.titles import Title

_MOST_FACTOR = 1_000_000
_LINES = ("count", "fraction", "at_least")


class _Kind(StrEnum):
    GROUP = "group"
    ASPECT = "aspect"


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
        SchemeChecks(root.notebook, self.paths, tree).check()

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
        common = _common(reader)
        role = reader.choice("role", Role) if reader.has("role") else None
        combine = reader.choice("combine", Combine)
        reader.only(*COMMON, "role", "combine", "children", "carry_over", "qualify", *_keys_of(combine))
        count = reader.whole("count", low=1, high=NODES, default=1) or 1
        drop = read_drop(reader, NODES) if combine is Combine.MIDDLE_MEAN else (0, 0)
        parts = reader.choice("parts", Parts, Parts.ALL) or Parts.ALL
        carry_over = reader.yes("carry_over") if reader.has("carry_over") else None
        qualify = _qualify(reader)
        read = [
            self._node(child, depth + 1)
            for child in reader.objects("children", most=NODES, least=1, required=True)
        ]
        children = tuple(child for child in read if child is not None)
        if combine is None or not children:
            return None
        return Group(
            **_fields(common),
            role=role,
            combine=combine,
            children=children,
            count=count,
            drop_low=drop[0],
            drop_high=drop[1],
            parts=parts,
            carry_over=carry_over,
            qualify=qualify,
        )

    def _aspect(self, reader: Reader) -> Aspect | None:
        type_ = reader.choice("type", Type)
        if type_ is None:
            return None
        method, judges = read_method(reader, type_), conferring(reader, type_)
        common = _common(reader)
        return None if method is None else Aspect(**_fields(common), method=method, conferring=judges)


def _keys_of(combine: Combine | None) -> tuple[str, ...]:
    """The members that belong to this way of combining alone."""
    match combine:
        case Combine.BEST:
            return "count", "parts"
        case Combine.MIDDLE_MEAN:
            return "drop", "parts"
        case Combine.SUM | Combine.MEAN | Combine.LAST:
            return ("parts",)
        case Combine.WEIGHTED | Combine.STAGES:
            return ()
        case None:
            return "count", "drop", "parts"


def _qualify(reader: Reader) -> Qualify | None:
    rule = reader.inside("qualify")
    if rule is None:
        return None
    rule.only(*_LINES, "rounding", "ties")
    lines = [key for key in _LINES if rule.has(key)]
    if len(lines) != 1:
        said = sentence("The line of a stage is one of these: %(known)s.", known=", ".join(_LINES))
        rule.note(None, said)
    if rule.has("fraction"):
        rule.require("rounding")
    elif rule.has("rounding"):
        rule.note("rounding", sentence("Only a fraction of the entrants is rounded."))
    if rule.has("ties") and lines == ["at_least"]:
        rule.note("ties", sentence("Whoever reaches the line enters; nobody is tied there."))
    return Qualify(
        count=rule.whole("count", low=1, high=MOST_QUALIFIED),
        fraction=rule.fraction("fraction") if rule.has("fraction") else None,
        rounding=rule.choice("rounding", RoundingMode, RoundingMode.HALF_UP) or RoundingMode.HALF_UP,
        at_least=rule.number("at_least"),
        ties=rule.choice("ties", LineTies, LineTies.ALL) or LineTies.ALL,
    )


def _fields(common: _Common) -> dict[str, Any]:
    return {name: getattr(common, name) for name in _Common.__slots__}


def _common(reader: Reader) -> _Common:
    factor = reader.number("factor", above=0, high=_MOST_FACTOR)
    return _Common(
        id=reader.identifier("id"),
        title=reader.title(),
        weight=reader.number("weight", above=0, high=100),
        factor=Fraction(1) if factor is None else factor,
        max=reader.number("max", above=0),
        floor=reader.number("floor"),
        cap=reader.number("cap"),
        pass_mark=reader.number("pass_mark", low=0),
        rounding=read_rounding(reader, "rounding"),
    )
