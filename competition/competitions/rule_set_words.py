"""A rule set, or any part of its document, in the words of the vocabulary."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from competition.competitions.rule_set_vocabulary import NoWord, Path, choice_word, member_word
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

Members = Mapping[str, Any]
Words = Sentence | Title | str

KINDS = ("kind", "type", "mode", "model", "to")
"""The members that say which of several objects is meant."""
_LONGEST = 400


def lines(value: object, path: Path) -> Iterator[Words]:
    """What stands at this place, one line for every member or item."""
    if isinstance(value, Mapping) and path[-1] != "title":
        for name, inner in value.items():
            if name != "id":
                yield pair(name, inner, (*path, name))
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value, 1):
            own = {name: inner for name, inner in each.items() if name not in ("id", "title")}
            yield sentence(
                "%(what)s: %(value)s", what=item(each, str(number)), value=listed(list(lines(own, path)))
            )
    elif value is not None:
        yield shown(value, path) or "–"


def within(outer: Words | None, inner: Words) -> Words:
    """The label of something inside something else."""
    return inner if outer is None else sentence("%(outer)s, %(inner)s", outer=outer, inner=inner)


def label(path: Path) -> Words:
    """What the member at this place is called; a member that the format does not know has its own name."""
    if path[-1] in KINDS and len(path) > 1 and path[-2:] != ("rounding", "mode"):
        return sentence("Kind of rule")
    try:
        return member_word(path).label
    except NoWord:
        return path[-1]


def choice(path: Path, value: object) -> Words:
    """What a choice is called; a text that is none stands for itself."""
    spelled = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        return choice_word(path, spelled)
    except NoWord:
        return spelled[:_LONGEST]


def shown(value: object, path: Path) -> Words | None:
    """A value of the document; None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool):
        return sentence("Yes") if value else sentence("No")
    if path[-1] == "title" and isinstance(value, Mapping):
        return title(value) or ""
    if isinstance(value, str) and path[-1] not in ("id", "node", "of", "source"):
        return choice(path[:-1] if _is_kind(path) else path, value)
    if isinstance(value, Mapping):
        return listed([pair(name, inner, (*path, name)) for name, inner in value.items()])
    if isinstance(value, list):
        return listed(
            [
                (item(each, "") or listed(list(lines(each, path))))
                if isinstance(each, Mapping)
                else shown(each, path) or "–"
                for each in value
            ]
        )
    return str(value)[:_LONGEST]


def _is_kind(path: Path) -> bool:
    return path[-1] in KINDS or path == ("teams", "ranking", "by")


def pair(name: str, value: object, path: Path) -> Sentence:
    """A member and its value."""
    return sentence("%(what)s: %(value)s", what=label(path), value=shown(value, path) or "–")


def listed(words: Sequence[Words]) -> Words:
    """Several values in one line; a dash where there are none."""
    said: Words = "–"
    for index, each in enumerate(words[:20]):
        said = each if index == 0 else sentence("%(some)s; %(more)s", some=said, more=each)
    return said


def item(member: object, name: str) -> Words:
    """What an item of a list is called: its title, else what it names or what kind it is."""
    if not isinstance(member, Mapping):
        return name
    named = title(member.get("title")) or member.get("node") or member.get("id")
    if named and "by" in member:
        return sentence("%(what)s: %(value)s", what=choice(("by",), member["by"]), value=named)
    return named or (choice((), member["kind"]) if "kind" in member else name)


def title(value: object) -> Title | None:
    """A title of the document; None where it is none."""
    if isinstance(value, Mapping) and isinstance(value.get("zh"), str):
        return Title(value["zh"], str(value.get("en") or value["zh"]))
    return None
