"""Facts about appeals and objections. They go by number; what was written stays in the appeal and goes by its hash."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.appeals import (
    EFFECT_TITLES,
    KIND_TITLES,
    RERUN_TITLES,
    RULING_TITLES,
    TRANSITIONS,
    AppealKind,
    AppealMove,
    Effect,
    RerunOutcome,
    Ruling,
)
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class AppealFiled(Fact):
    kind = "appeals.appeal_filed"
    number: int
    sort: str
    delegation: str
    files: int
    text_hash: str
    deadline: str

    def sentence(self) -> Sentence:
        return sentence(
            "filed number %(number)s (%(kind)s, %(files)s files, fingerprint %(hash)s)",
            number=self.number,
            kind=KIND_TITLES[AppealKind(self.sort)],
            files=self.files,
            hash=self.text_hash[:12],
        )


@dataclass(frozen=True)
class AppealMoved(Fact):
    """Received, heard, taken further, carried out, withdrawn, forfeited."""

    kind = "appeals.appeal_moved"
    number: int
    sort: str
    move: str
    tier: int
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "dealt with number %(number)s (%(kind)s, tier %(tier)s): %(move)s. %(reason)s",
            number=self.number,
            kind=KIND_TITLES[AppealKind(self.sort)],
            tier=self.tier,
            move=TRANSITIONS[AppealMove(self.move)].title,
            reason=self.reason,
        )


@dataclass(frozen=True)
class AppealRuled(Fact):
    kind = "appeals.appeal_ruled"
    number: int
    sort: str
    tier: int
    ruling: str
    effect: str
    sheets: list[str]
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "ruled on number %(number)s (%(kind)s, tier %(tier)s): %(ruling)s. %(effect)s. %(reason)s",
            number=self.number,
            kind=KIND_TITLES[AppealKind(self.sort)],
            tier=self.tier,
            ruling=RULING_TITLES[Ruling(self.ruling)],
            effect=EFFECT_TITLES[Effect(self.effect)],
            reason=self.reason,
        )


@dataclass(frozen=True)
class PartHeldAgain(Fact):
    """A ruling for a repetition is carried out; what came of it."""

    kind = "appeals.part_held_again"
    number: int
    sort: str
    module: str
    held_at: str
    outcome: str
    sheets: list[str]
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "recorded for number %(number)s (%(kind)s) that the module %(module)s was held again: %(outcome)s. %(reason)s",
            number=self.number,
            kind=KIND_TITLES[AppealKind(self.sort)],
            module=self.module,
            outcome=RERUN_TITLES[RerunOutcome(self.outcome)],
            reason=self.reason,
        )
