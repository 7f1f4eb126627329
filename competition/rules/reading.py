"""Reading a document that somebody else wrote: every problem is found, with its place and a sentence.

A `Reader` stands at one place of a JSON document. Its methods take a value out, or note a problem and return None;
nothing here raises, whatever the document holds. Places are JSON pointers (RFC 6901).
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from competition.rules.numbers import NumberRefused, read_number
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

ID_PATTERN = r"^[A-Za-z0-9_.-]{1,40}$"
TEXT_PATTERN = r"^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$"
FRACTION_PATTERN = r"^[1-9][0-9]{0,2}/[1-9][0-9]{0,2}$"
TITLE_LENGTH = 200
MOST_PROBLEMS = 200

_FRACTION = re.compile(FRACTION_PATTERN.strip("^$"))
_ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_TEXT = re.compile("[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*")
SHOWN = 40

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a document that must be put right: where (JSON pointer) and why; and which member is missing there.

    `is_idle`: the document can be read with it, and what it says there never comes true.
    """

    path: str
    sentence: Sentence
    missing: str = ""
    is_idle: bool = False

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.sentence}"


class DocumentInvalid(ValueError):
    """A document that cannot be used; `problems` names all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = problems


@dataclass
class Notebook:
    """The problems found so far; after the two hundredth nobody reads on."""

    problems: list[Problem] = field(default_factory=list)

    def note(self, path: str, reason: Sentence, missing: str = "", *, is_idle: bool = False) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(path, reason, missing, is_idle))


@dataclass(frozen=True, slots=True)
class Reader:
    """One JSON object of a document, being read."""

    members: Mapping[object, object]
    path: str
    notebook: Notebook

    def note(self, key: str | None, reason: Sentence) -> None:
        self.notebook.note(self.at(key), reason)

    def at(self, key: str | None) -> str:
        return self.path if key is None else pointer(self.path, key)

    def has(self, key: str) -> bool:
        return key in self.members

    def only(self, *allowed: str) -> None:
        """Notes every member that the format does not know: a misspelt rule must not be ignored in silence."""
        for key in self.members:
            if key not in allowed:
                self.note(
                    str(key)[:SHOWN],
                    sentence(
                        "“%(name)s” is not known here. Known: %(known)s.",
                        name=str(key)[:SHOWN],
                        known=", ".join(allowed),
                    ),
                )

    def require(self, key: str) -> bool:
        if key not in self.members:
            self.notebook.note(self.path, sentence("“%(name)s” is missing here.", name=key), missing=key)
            return False
        return True

    def number(
        self,
        key: str,
        *,
        low: Fraction | int | None = None,
        high: Fraction | int | None = None,
        above: Fraction | int | None = None,
        required: bool = False,
    ) -> Fraction | None:
        if not (self.require(key) if required else self.has(key)):
            return None
        try:
            value = read_number(self.members[key])
        except NumberRefused as refused:
            self.note(key, refused.sentence)
            return None
        if low is not None and value < low:
            self.note(key, sentence("The number must be at least %(low)s.", low=low))
            return None
        if above is not None and value <= above:
            self.note(key, sentence("The number must be greater than %(low)s.", low=above))
            return None
        if high is not None and value > high:
            self.note(key, sentence("The number must be at most %(high)s.", high=high))
            return None
        return value

    def fraction(self, key: str) -> Fraction:
        """A share such as “1/2”, above 0 and not above 1; it must be there."""
        if not self.require(key):
            return Fraction(0)
        raw = self.members[key]
        value = Fraction(raw) if isinstance(raw, str) and _FRACTION.fullmatch(raw) else None
        if value is None or value > 1:
            self.note(key, sentence("A fraction such as “1/2”, not above 1, is expected here."))
            return Fraction(0)
        return value

    def whole(
        self,
        key: str,
        *,
        low: int,
        high: int,
        default: int | None = None,
        required: bool = False,
    ) -> int | None:
        if not (self.require(key) if required else self.has(key)):
            return default
        raw = self.members[key]
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            self.note(
                key,
                sentence(
                    "A whole number from %(low)s to %(high)s is expected here.",
                    low=low,
                    high=high,
                ),
            )
            return default
        return raw

    def yes(self, key: str, *, default: bool = False) -> bool:
        raw = self.members.get(key, default)
        if not isinstance(raw, bool):
            self.note(key, sentence("true or false is expected here."))
            return default
        return raw

    def text(
        self,
        key: str,
        *,
        most: int = TITLE_LENGTH,
        least: int = 0,
        required: bool = False,
    ) -> str:
        if not (self.require(key) if required else self.has(key)):
            return ""
        raw = self.members[key]
        if not isinstance(raw, str) or not least <= len(raw) <= most or not _TEXT.fullmatch(raw):
            self.note(
                key,
                sentence(
                    "A text of %(least)s to %(most)s characters without control characters is expected here.",
                    least=least,
                    most=most,
                ),
            )
            return ""
        return raw

    def identifier(self, key: str, *, required: bool = True) -> str:
        if not (self.require(key) if required else self.has(key)):
            return ""
        raw = self.members[key]
        if not isinstance(raw, str) or not _ID.fullmatch(raw):
            self.note(
                key,
                sentence(
                    "An identifier is expected here: 1 to 40 of the letters A–Z a–z, digits, “_”, “.” and “-”."
                ),
            )
            return ""
        return raw

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice | None:
        """One word of a closed list; missing without a default is a problem."""
        if key not in self.members:
            if default is None:
                self.require(key)
            return default
        raw = self.members[key]
        if isinstance(raw, str):
            with suppress(ValueError):
                return choices(raw)
        self.note(
            key,
            sentence(
                "One of these words is expected here: %(known)s.",
                known=", ".join(choices),
            ),
        )
        return default

    def inside(self, key: str, *, required: bool = False) -> "Reader | None":
        if not (self.require(key) if required else self.has(key)):
            return None
        return object_at(self.members[key], self.at(key), self.notebook)

    def items(
        self, key: str, *, most: int, least: int = 0, required: bool = False
    ) -> list[tuple[str, object]]:
        """The members of a list with their places."""
        if not (self.require(key) if required else self.has(key)):
            return []
        raw = self.members[key]
        if not isinstance(raw, list | tuple) or not least <= len(raw) <= most:
            self.note(
                key,
                sentence(
                    "A list of %(least)s to %(most)s items is expected here.",
                    least=least,
                    most=most,
                ),
            )
            return []
        path = self.at(key)
        return [(f"{path}/{index}", item) for index, item in enumerate(raw)]

    def objects(self, key: str, *, most: int, least: int = 0, required: bool = False) -> "Iterator[Reader]":
        for path, item in self.items(key, most=most, least=least, required=required):
            reader = object_at(item, path, self.notebook)
            if reader is not None:
                yield reader

    def title(self, key: str = "title", *, required: bool = True) -> Title:
        """A title {"zh": …, "en": …}; without an English one the Chinese one stands for both."""
        if not (self.require(key) if required else self.has(key)):
            return Title("", "")
        return title_at(self.members[key], self.at(key), self.notebook)


def pointer(path: str, key: str) -> str:
    return f"{path}/{key.replace('~', '~0').replace('/', '~1')}"


def object_at(raw: object, path: str, notebook: Notebook) -> Reader | None:
    if not isinstance(raw, Mapping):
        notebook.note(path, sentence("An object with named members is expected here."))
        return None
    return Reader(raw, path, notebook)


def title_at(raw: object, path: str, notebook: Notebook) -> Title:
    reader = object_at(raw, path, notebook)
    if reader is None:
        return Title("", "")
    reader.only("zh", "en")
    chinese = reader.text("zh", least=1, required=True)
    return Title(chinese, reader.text("en", least=1) or chinese)
