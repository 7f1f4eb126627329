"""What the form editor of a rule set is given: the form, its words, and problems in the words of the form."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from competition.competitions.presenters.rule_set_form import rule_set_form
from competition.competitions.rule_set_difference import Difference
from competition.rules.reading import Problem, pointer
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.web.language import language, say


def editor_data() -> dict[str, Any]:
    """Everything the script needs, in the reader's language."""
    return {
        "form": rule_set_form(),
        "words": {name: say(words) for name, words in _WORDS.items()},
        "language": language(),
    }


def said_problems(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """The problems at the places of their fields; what is missing is said at the field that misses it."""
    return [
        {"path": pointer(each.path, each.missing), "words": say(_FILL_IN)}
        if each.missing
        else {"path": each.path, "words": say(each.sentence)}
        for each in problems
    ]


def grouped_differences(found: Sequence[Difference]) -> list[tuple[str, list[str]]]:
    """What is said differently, under the node or section it is about, in the order of the document."""
    said = [(_said(each.where), say(each.sentence)) for each in found]
    return [
        (where, [words for _, words in group]) for where, group in groupby(said, key=lambda each: each[0])
    ]


def _said(words: Sentence | Title | str) -> str:
    return words.in_language(language()) if isinstance(words, Title) else say(words)


_FILL_IN = sentence("Fill this in; it must be said.")
_WORDS: dict[str, Sentence | str] = {
    "scheme": sentence("Marking scheme"),
    "sections": sentence("Other rules"),
    "about": sentence("Name and source"),
    "fields": sentence("Fields of the chosen part"),
    "tools": sentence("Tools for the chosen part"),
    "aspect": sentence("Aspect"),
    "add_aspect": sentence("Add an aspect"),
    "add_group": sentence("Add a group"),
    "duplicate": sentence("Duplicate"),
    "up": sentence("One step up"),
    "down": sentence("One step down"),
    "in": sentence("Into the group above"),
    "out": sentence("Out of the group"),
    "remove": sentence("Remove"),
    "undo": sentence("Undo"),
    "redo": sentence("Redo"),
    "untitled": sentence("Without a name"),
    "new_aspect": "aspect",
    "new_group": "part",
    "not_used": sentence("not used"),
    "not_said": sentence("not stated"),
    "yes": sentence("Yes"),
    "no": sentence("No"),
    "most": sentence("maximum {most}"),
    "add_named": sentence("Set: {name}"),
    "remove_named": sentence("Remove: {name}"),
    "add_to": sentence("Add to: {name}"),
    "new_name": sentence("New entry: {name}"),
    "kind_of": sentence("Kind: {name}"),
    "item": sentence("{name}, number {number}"),
    "up_named": sentence("Move up: {name}"),
    "down_named": sentence("Move down: {name}"),
    "up_sign": "↑",
    "down_sign": "↓",
    "drop_sign": "×",
    "title_zh": sentence("In Chinese"),
    "title_en": sentence("In English"),
    "has_problems": sentence("Something here must be corrected."),
    "checking": sentence("Checking …"),
    "sound": sentence("Checked: nothing is wrong."),
    "problems": sentence("{count} places must be corrected:"),
    "no_answer": sentence(
        "The server does not answer. What you write stays on this page; check and save it later."
    ),
    "preview": sentence("What these rules do: made-up entrants"),
    "preview_hint": sentence(
        "Eight made-up entrants are marked and ranked by the rules as they are written now. Nothing is stored."
    ),
    "preview_needs": sentence("Correct the rules first; then made-up entrants are ranked here."),
}
"""The words of the script; {places} are filled there."""
