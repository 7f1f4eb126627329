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
class RuleCorrectionProposed(Fact):
    kind = "competitions.rule_correction_proposed"
    before: str
    hash: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "proposed to correct the frozen rules (SHA-256 %(before)s becomes %(hash)s): %(reason)s",
            before=self.before,
            hash=self.hash,
            reason=self.reason,
        )


@dataclass(frozen=True)
class RuleCorrectionAccepted(Fact):
    kind = "competitions.rule_correction_accepted"
    number: int
    before: str
    hash: str
    proposed_by: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "accepted the correction of the frozen rules that %(proposed_by)s proposed, now version %(number)s "
            "(SHA-256 %(before)s became %(hash)s): %(reason)s",
            proposed_by=self.proposed_by,
            number=self.number,
            before=self.before,
            hash=self.hash,
            reason=self.reason,
        )


@dataclass(frozen=True)
class RuleCorrectionWithdrawn(Fact):
    kind = "competitions.rule_correction_withdrawn"
    before: str
    hash: str
    proposed_by: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "withdrew the correction of the frozen rules that %(proposed_by)s proposed (SHA-256 %(before)s stays, not "
            "%(hash)s): %(reason)s",
            proposed_by=self.proposed_by,
            before=self.before,
            hash=self.hash,
            reason=self.reason,
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
