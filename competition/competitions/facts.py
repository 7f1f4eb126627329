"""Facts about competitions and events."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.lifecycle import STATE_TITLES, TRANSITIONS, EventState, Move
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class CompetitionOpened(Fact):
    kind = "competitions.competition_opened"
    code: str
    name: str

    def sentence(self) -> Sentence:
        return sentence("opened the competition %(code)s %(name)s", code=self.code, name=self.name)


@dataclass(frozen=True)
class CompetitionChanged(Fact):
    kind = "competitions.competition_changed"
    code: str
    name: str
    fields: list[str]

    def sentence(self) -> Sentence:
        return sentence(
            "changed the competition %(code)s %(name)s (%(fields)s)",
            code=self.code,
            name=self.name,
            fields=", ".join(self.fields),
        )


@dataclass(frozen=True)
class EventOpened(Fact):
    kind = "competitions.event_opened"
    code: str
    name: str

    def sentence(self) -> Sentence:
        return sentence("opened the event %(code)s %(name)s", code=self.code, name=self.name)


@dataclass(frozen=True)
class EventChanged(Fact):
    kind = "competitions.event_changed"
    code: str
    name: str
    fields: list[str]

    def sentence(self) -> Sentence:
        return sentence(
            "changed the event %(code)s %(name)s (%(fields)s)",
            code=self.code,
            name=self.name,
            fields=", ".join(self.fields),
        )


@dataclass(frozen=True)
class ParentLinked(Fact):
    kind = "competitions.parent_linked"
    parent: str
    quota: int
    reserves: int

    def sentence(self) -> Sentence:
        return sentence(
            "let the best %(quota)s of the event enter %(parent)s, with %(reserves)s reserves",
            quota=self.quota,
            parent=self.parent,
            reserves=self.reserves,
        )


@dataclass(frozen=True)
class ParentUnlinked(Fact):
    kind = "competitions.parent_unlinked"

    def sentence(self) -> Sentence:
        return sentence("let the event lead to no other event")


@dataclass(frozen=True)
class RuleSetChanged(Fact):
    kind = "competitions.rule_set_changed"
    hash: str

    def sentence(self) -> Sentence:
        return sentence("replaced the draft of the rule set (SHA-256 %(hash)s)", hash=self.hash)


@dataclass(frozen=True)
class RuleSetFrozen(Fact):
    kind = "competitions.rule_set_frozen"
    number: int
    hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "froze the rule set as version %(number)s (SHA-256 %(hash)s)",
            number=self.number,
            hash=self.hash,
        )


@dataclass(frozen=True)
class EventMoved(Fact):
    kind = "competitions.event_moved"
    move: str
    before: str
    after: str
    reason: str

    def sentence(self) -> Sentence:
        words = {
            "move": TRANSITIONS[Move(self.move)].title,
            "before": STATE_TITLES[EventState(self.before)],
            "after": STATE_TITLES[EventState(self.after)],
        }
        if self.reason:
            return sentence(
                "moved the event by “%(move)s” from “%(before)s” to “%(after)s”: %(reason)s",
                **words,
                reason=self.reason,
            )
        return sentence("moved the event by “%(move)s” from “%(before)s” to “%(after)s”", **words)
