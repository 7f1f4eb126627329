"""Sentences for people, made where no language is known yet.

A rule, an error or an audit fact says something to a person in one of two languages. It therefore makes a
`Sentence`: an English message id with named values. The web turns it into the reader's language (`say` in
competition.web.language); logs and the command line may print it as it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Sentence:
    """A message id (English, with `%(name)s` places) and the values for its places.

    A value may itself be a Sentence (a grade's name, say); it is translated before it is put in.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text.replace("%%", "%")

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted((k, str(v)) for k, v in self.values.items()))))


def sentence(text: str, /, **values: object) -> Sentence:
    """Make a Sentence; the catalogue extraction looks for calls of this name with a literal first argument."""
    return Sentence(text, MappingProxyType(dict(values)))
