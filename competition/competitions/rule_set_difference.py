"""What two rule sets say differently, in plain words: node by node of the scheme, then section by section.

Nodes and everything else with an identifier are the same where the identifier is the same; what has none is compared by
its position. Numbers are compared as numbers: 0.5 and "0.50" are no difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from competition.competitions import rule_set_words as said
from competition.competitions.rule_set_vocabulary import Path
from competition.competitions.rule_set_words import Members, Words
from competition.rules.numbers import NumberRefused, read_number
from competition.rules.ruleset import SCHEMA
from competition.rules.sentences import Sentence, sentence

_ORDER: tuple[str, ...] = tuple(cast(Members, SCHEMA["properties"]))
_HIDDEN = ("format", "scheme")


@dataclass(frozen=True)
class Difference:
    """One thing that is said differently, and where: a node of the scheme, or a section of the rule set."""

    where: Words
    sentence: Sentence


def differences(old: Members, new: Members) -> tuple[Difference, ...]:
    """Everything that `new` says differently from `old`; () when both say the same."""
    found = list(_of_schemes(old.get("scheme"), new.get("scheme")))
    for name in dict.fromkeys([*_ORDER, *old, *new]):
        if name not in _HIDDEN:
            where = said.label((name,))
            found += [
                Difference(where, words) for words in _compared(old.get(name), new.get(name), (name,), None)
            ]
    return tuple(found)


# The scheme.


@dataclass(frozen=True)
class _Node:
    node: Members
    parent: str
    path: Path

    @property
    def title(self) -> Words:
        return said.title(self.node.get("title")) or str(self.node.get("id", ""))


def _of_schemes(old: object, new: object) -> Iterator[Difference]:
    before, after = _nodes(old), _nodes(new)
    for name, node in before.items():
        if name not in after and (node.parent in after or not node.parent):
            yield Difference(node.title, sentence("“%(id)s” is gone, with everything in it.", id=name))
    for name, now in after.items():
        was = before.get(name)
        if was is not None:
            for words in _of_nodes(was, now, before, after):
                yield Difference(now.title, words)
        elif now.parent in before or not now.parent:
            inside = after[now.parent].title if now.parent else now.title
            yield Difference(now.title, sentence("“%(id)s” is new, in %(group)s.", id=name, group=inside))


def _nodes(scheme: object) -> dict[str, _Node]:
    found: dict[str, _Node] = {}
    waiting: list[tuple[object, str]] = [(scheme, "")]
    while waiting:
        node, parent = waiting.pop(0)
        if not isinstance(node, Mapping):
            continue
        name = str(node.get("id", ""))
        found.setdefault(name, _Node(node, parent, _path_of(node)))
        children = node.get("children")
        waiting += [(child, name) for child in children] if isinstance(children, list) else []
    return found


def _path_of(node: Members) -> Path:
    if node.get("kind") != "aspect":
        return ("group",)
    return ("aspect", ".".join(str(node[key]) for key in ("type", "mode") if key in node))


def _of_nodes(
    was: _Node, now: _Node, before: Mapping[str, _Node], after: Mapping[str, _Node]
) -> Iterator[Sentence]:
    if was.parent != now.parent and was.parent in before and now.parent in after:
        yield sentence(
            "Moved from %(old)s to %(new)s.", old=before[was.parent].title, new=after[now.parent].title
        )
    if was.path != now.path:
        yield _changed(sentence("Kind of rule"), _kind_of(was.path), _kind_of(now.path))
    hidden = ("kind", "type", "mode", "children", "id")
    for name in dict.fromkeys([*was.node, *now.node]):
        if name not in hidden:
            yield from _compared(was.node.get(name), now.node.get(name), (*now.path, name), None)
    if _in_another_order(_children(was.node), _children(now.node)):
        yield sentence("Its parts stand in another order.")


def _kind_of(path: Path) -> Words:
    return said.choice(("node",), path[0]) if len(path) == 1 else said.choice(("aspect",), path[1])


def _children(node: Members) -> list[str]:
    children = node.get("children")
    return [str(child.get("id", "")) for child in children if isinstance(child, Mapping)] if children else []


def _in_another_order(old: Sequence[str], new: Sequence[str]) -> bool:
    return [name for name in old if name in new] != [name for name in new if name in old]


# Anything else.


def _compared(old: object, new: object, path: Path, outer: Words | None) -> Iterator[Sentence]:
    """What changed at this place; `outer` is the label of what it stands in, None where the heading names that."""
    if _is_same(old, new):
        return
    label = said.within(outer, said.label(path)) if outer is not None or len(path) > 1 else said.label(path)
    if isinstance(old, Mapping) and isinstance(new, Mapping) and path[-1] != "title":
        inner = None if len(path) == 1 else label
        for name in dict.fromkeys([*old, *new]):
            yield from _compared(old.get(name), new.get(name), (*path, name), inner)
    elif isinstance(old, list) and isinstance(new, list) and _has_objects(old, new):
        yield from _of_lists(old, new, path, label)
    else:
        yield _changed(label, said.shown(old, path), said.shown(new, path))


def _of_lists(old: list[Any], new: list[Any], path: Path, label: Words) -> Iterator[Sentence]:
    before, after = _keyed(old), _keyed(new)
    for name, item in before.items():
        if name not in after:
            yield _changed(label, said.item(item, name), None)
    for name, item in after.items():
        if name in before:
            yield from _of_items(before[name], item, path, said.within(label, said.item(item, name)))
        else:
            yield _changed(label, None, said.item(item, name))
    if _in_another_order(list(before), list(after)):
        yield sentence("%(what)s: the order has changed.", what=label)


def _of_items(old: object, new: object, path: Path, label: Words) -> Iterator[Sentence]:
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        if not _is_same(old, new):
            yield _changed(label, said.shown(old, path), said.shown(new, path))
        return
    for name in dict.fromkeys([*old, *new]):
        if name != "id":
            yield from _compared(old.get(name), new.get(name), (*path, name), label)


def _keyed(items: list[Any]) -> dict[str, Any]:
    """The items by their identifiers; by their positions where they have none."""
    return {
        str(item["id"]) if isinstance(item, Mapping) and "id" in item else str(number): item
        for number, item in enumerate(items, 1)
    }


def _has_objects(*lists: list[Any]) -> bool:
    return any(isinstance(item, Mapping) for each in lists for item in each)


def _is_same(old: object, new: object) -> bool:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_is_same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_is_same, old, new))
    if type(old) is not type(new) and (isinstance(old, bool) or isinstance(new, bool)):
        return False
    return old == new or (_number(old) is not None and _number(old) == _number(new))


def _number(value: object) -> object:
    try:
        return None if isinstance(value, bool) else read_number(value)
    except NumberRefused:
        return None


# Words.


def _changed(what: Words, old: Words | None, new: Words | None) -> Sentence:
    if old is None:
        return sentence("%(what)s: now %(new)s; nothing was said before.", what=what, new=new)
    if new is None:
        return sentence("%(what)s: nothing is said any more; it was %(old)s.", what=what, old=old)
    return sentence("%(what)s: %(old)s → %(new)s", what=what, old=old, new=new)
