"""What stands on a sheet: one item for each value that this seat records. No database."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from competition.competitions.queries import aspects_of, modules_of
from competition.panels.queries import is_shadow, seat_number
from competition.rules.marking import ADJUSTMENTS, MarkKind
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Attempts, Deduction, Group, Judgement, Panel, Part, Time

LISTED = ADJUSTMENTS | {MarkKind.ENTRY}
RULED_FROM = 900
"""Entries of this number and above are the chief judge's rulings: no device changes them, and no judge's entry gets there."""


@dataclass(frozen=True)
class Item:
    """A value to record, or a list of entries. `needed` is false where nothing may be recorded: an agreed value, a time
    nobody ranks by. Each try of an aspect with several is an item; pauses, penalties and bonuses of a time are one."""

    aspect: Aspect
    kind: MarkKind
    needed: bool
    attempt: int | None = None

    @cached_property
    def cell(self) -> str:
        """The kind under which its value is kept: tries are numbered (mark:2), like the entries of a list."""
        return self.kind.value if self.attempt is None else f"{self.kind.value}:{self.attempt}"

    @property
    def key(self) -> tuple[str, str]:
        return self.aspect.id, self.cell

    @cached_property
    def is_list(self) -> bool:
        """Whether any number of entries may be recorded, each with its reason."""
        return self.kind in LISTED

    @cached_property
    def conferring(self) -> tuple[str, ...]:
        """The seats that measure it together and all stand behind the one value; () where one judge does."""
        judges = (self.aspect.conferring or 1) if self.kind is MarkKind.MARK else 1
        return tuple(f"J{number}" for number in range(1, judges + 1)) if judges > 1 else ()

    def holds(self, kind: str) -> bool:
        """Whether a cell of this kind belongs to the item."""
        if not self.is_list:
            return kind == self.cell
        base = base_kind(kind)
        return base is MarkKind.ENTRY if self.kind is MarkKind.ENTRY else base in ADJUSTMENTS

    @property
    def is_level(self) -> bool:
        """Whether it is one judge's level of a judgement, which the other judges see once all are in."""
        return self.kind is MarkKind.MARK and isinstance(self.aspect.method, Judgement)


def module_of(rule_set: RuleSet, module: str) -> Group:
    """The module of this id. Raises KeyError for a name there is none of."""
    return {group.id: group for group in modules_of(rule_set)}[module]


def items_of(rule_set: RuleSet, module: str, label: str) -> tuple[Item, ...]:
    """The items of a seat's sheet, in the order of the rule set.

    An aspect of k judges is on the sheets of the first k seats. The lead's sheet (J1) also has what is measured, declared,
    agreed and deducted. A shadow's sheet has everything that judges mark one by one.
    """
    aspects = aspects_of(module_of(rule_set, module))
    if is_shadow(label):
        return tuple(
            Item(aspect, MarkKind.MARK, needed=True)
            for aspect in aspects
            if isinstance(aspect.method, Judgement | Panel)
        )
    return tuple(
        item
        for aspect in aspects
        for item in _items(aspect, seat_number(label), ranked=aspect.id in rule_set.ranked_by)
    )


def _items(aspect: Aspect, seat: int, *, ranked: bool) -> Iterator[Item]:
    method, lead = aspect.method, seat == 1
    if isinstance(method, Judgement | Panel):
        if seat <= method.judges:
            yield Item(aspect, MarkKind.MARK, needed=True)
        if lead and isinstance(method, Panel) and method.declared:
            yield Item(aspect, MarkKind.DECLARED, needed=True)
        if lead and method.agreed:
            yield Item(aspect, MarkKind.AGREED, needed=False)
    elif not lead:
        return
    elif isinstance(method, Deduction):
        yield Item(aspect, MarkKind.ENTRY, needed=False)
    else:
        needed = ranked or aspect.part is not Part.RECORD
        if isinstance(method, Attempts):
            yield from (Item(aspect, MarkKind.MARK, needed, number + 1) for number in range(method.attempts))
        else:
            yield Item(aspect, MarkKind.MARK, needed)
        if isinstance(method, Time):
            yield Item(aspect, MarkKind.PENALTY, needed=False)


def marks_nothing(rule_set: RuleSet, module: str, label: str) -> bool:
    """Whether the seat has nothing to record in the module, so that it needs no sheet."""
    return not items_of(rule_set, module, label)


@lru_cache(maxsize=1024)
def base_kind(kind: str) -> MarkKind:
    """The kind of a cell: the entries of a list and the tries of an aspect are numbered (entry:2, mark:3)."""
    return MarkKind(kind.partition(":")[0])


def is_ruled(kind: str) -> bool:
    """Whether the entry of a list was ruled by the chief judge."""
    base, _, number = kind.partition(":")
    return base == MarkKind.ENTRY and number.isdecimal() and int(number) >= RULED_FROM


def attempt_of(aspect: Aspect, kind: str) -> int | None:
    """The number of the try whose cell this is; None where the aspect has no tries."""
    number = kind.partition(":")[2]
    return int(number) if number and isinstance(aspect.method, Attempts) else None
