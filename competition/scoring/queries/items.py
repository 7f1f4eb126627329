"""What stands on a sheet: one item for each value that this seat records. No database."""

from collections.abc import Iterator
from dataclasses import dataclass

from competition.competitions.queries import aspects_of, modules_of
from competition.panels.queries import seat_number
from competition.rules.marking import MarkKind
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Deduction, Group, Judgement, Panel, Part, Time

MOST_ENTRIES = 999


@dataclass(frozen=True)
class Item:
    """A value to record. `needed` is false where nothing may be recorded: an agreed value, a time nobody ranks by."""

    aspect: Aspect
    kind: MarkKind
    needed: bool

    @property
    def key(self) -> tuple[str, MarkKind]:
        return self.aspect.id, self.kind

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
    agreed and deducted.
    """
    return tuple(
        item
        for aspect in aspects_of(module_of(rule_set, module))
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
        yield Item(aspect, MarkKind.MARK, needed=ranked or not isinstance(method, Time))


def marks_nothing(rule_set: RuleSet, module: str, label: str) -> bool:
    """Whether the seat has nothing to record in the module, so that it needs no sheet."""
    return not items_of(rule_set, module, label)


def base_kind(kind: str) -> MarkKind:
    """The kind of a cell: the entries of a deduction are numbered (entry:2)."""
    return MarkKind(kind.partition(":")[0])


def adds_to_marks(aspect: Aspect) -> bool:
    return aspect.part is not Part.RECORD
