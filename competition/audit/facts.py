"""What a fact is: a frozen dataclass that can say itself, and that can be read back from its payload."""

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from competition.rules.sentences import Sentence, sentence

_KINDS: dict[str, type["Fact"]] = {}


@dataclasses.dataclass(frozen=True)
class Fact:
    """One thing that happened. Subclasses set `kind` ("room.what_happened") and say their sentence.

    Fields are plain JSON values (text, whole numbers, booleans, lists, None); personal data never is one.
    `event_id` chooses the chain; None is the installation's. `subject_id` is what the fact is about.
    """

    kind: ClassVar[str]

    event_id: UUID | None
    subject_id: UUID | None

    def __init_subclass__(cls) -> None:
        if cls.kind in _KINDS:
            raise TypeError(f"two facts are called {cls.kind}")
        _KINDS[cls.kind] = cls

    def sentence(self) -> Sentence:
        """What happened, as the predicate of a sentence whose subject is the person who did it."""
        raise NotImplementedError

    def payload(self) -> dict[str, Any]:
        """The fields beside event and subject."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: value for name, value in values.items() if name not in ("event_id", "subject_id")}


def kinds() -> Mapping[str, type[Fact]]:
    """Every kind of fact the house knows."""
    return dict(_KINDS)


def read_fact(
    kind: str,
    event_id: UUID | None,
    subject_id: UUID | None,
    payload: Mapping[str, Any],
) -> Fact:
    """Make the fact of a stored entry again."""
    return _KINDS[kind](event_id=event_id, subject_id=subject_id, **payload)


@dataclasses.dataclass(frozen=True)
class TailMissing(Fact):
    """At the start a chain ended before what had been seen of it, or went another way. About an event, or about all."""

    kind = "audit.tail_missing"
    chain: str
    seen: int
    found: int

    def sentence(self) -> Sentence:
        return sentence(
            "found that a record that had come to entry %(seen)s ends at %(found)s, or was written anew",
            seen=self.seen,
            found=self.found,
        )


@dataclasses.dataclass(frozen=True)
class TailAccepted(Fact):
    """Somebody looked at what was missing, and says that the event may go on."""

    kind = "audit.tail_accepted"
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "looked at the entries that were missing from the record: %(reason)s", reason=self.reason
        )
