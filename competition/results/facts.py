"""Facts about results."""

from dataclasses import dataclass, field
from typing import Any

from competition.audit.facts import Fact
from competition.registration.queries.eligibility import sentence_of
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class RevisionPrepared(Fact):
    kind = "results.revision_prepared"
    number: int
    hash: str
    ranked: int
    entrants: int
    reason: str = ""

    def sentence(self) -> Sentence:
        return sentence(
            "prepared result revision %(number)s with %(ranked)s ranked of %(entrants)s entrants (SHA-256 %(hash)s)",
            number=self.number,
            ranked=self.ranked,
            entrants=self.entrants,
            hash=self.hash,
        )


@dataclass(frozen=True)
class AwardDecided(Fact):
    """The subject is the entrant; `award` is its identifier in the rule set, "" for none."""

    kind = "results.award_decided"
    entry_number: int
    award: str
    number: int
    reason: str

    def sentence(self) -> Sentence:
        if not self.award:
            return sentence(
                "decided in result revision %(number)s that number %(entry_number)s receives no award: %(reason)s",
                number=self.number,
                entry_number=self.entry_number,
                reason=self.reason,
            )
        return sentence(
            "decided in result revision %(number)s that number %(entry_number)s receives the award “%(award)s”: %(reason)s",
            number=self.number,
            entry_number=self.entry_number,
            award=self.award,
            reason=self.reason,
        )


@dataclass(frozen=True)
class AwardDecisionTakenBack(Fact):
    """The subject is the entrant."""

    kind = "results.award_decision_taken_back"
    entry_number: int
    number: int
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "took back in result revision %(number)s what was decided about the award of number %(entry_number)s: %(reason)s",
            number=self.number,
            entry_number=self.entry_number,
            reason=self.reason,
        )


@dataclass(frozen=True)
class ResultPublished(Fact):
    kind = "results.result_published"
    number: int
    hash: str
    prepared_by: str
    notice_until: str = ""

    def sentence(self) -> Sentence:
        return sentence(
            "approved and published result revision %(number)s, prepared by %(prepared_by)s (SHA-256 %(hash)s)",
            number=self.number,
            prepared_by=self.prepared_by,
            hash=self.hash,
        )


@dataclass(frozen=True)
class ResultFinal(Fact):
    kind = "results.result_final"
    number: int
    hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "declared result revision %(number)s final (SHA-256 %(hash)s)", number=self.number, hash=self.hash
        )


@dataclass(frozen=True)
class WinnersAdvanced(Fact):
    kind = "results.winners_advanced"
    parent: str
    quota: int
    advanced: int
    reserves: int

    def sentence(self) -> Sentence:
        return sentence(
            "entered %(advanced)s winners and %(reserves)s reserves into %(parent)s (quota %(quota)s)",
            advanced=self.advanced,
            reserves=self.reserves,
            parent=self.parent,
            quota=self.quota,
        )


@dataclass(frozen=True)
class AdvanceNotMade(Fact):
    """The subject is the entrant who could not be entered above."""

    kind = "results.advance_not_made"
    entry_number: int | None
    parent: str
    reasons: list[dict[str, Any]] = field(default_factory=list)

    def sentence(self) -> Sentence:
        return sentence(
            "could not enter number %(entry_number)s into %(parent)s: %(reasons)s",
            entry_number=self.entry_number,
            parent=self.parent,
            reasons=joined([sentence_of(reason) for reason in self.reasons]),
        )


@dataclass(frozen=True)
class AdvanceDiffers(Fact):
    """The subject is an entrant whose standing above is not what a later revision would give."""

    kind = "results.advance_differs"
    entry_number: int | None
    difference: dict[str, Any] = field(default_factory=dict)

    def sentence(self) -> Sentence:
        said = (
            sentence_of(self.difference) if self.difference else sentence("differs from the earlier revision")
        )
        return sentence(
            "left the next tier as it was for number %(entry_number)s: %(difference)s",
            entry_number=self.entry_number,
            difference=said,
        )


@dataclass(frozen=True)
class TieSettled(Fact):
    """The order found by a play-off or a draw: ids for the decision, entry numbers for people. The subject is the revision."""

    kind = "results.tie_settled"
    entrants: str
    numbers: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "recorded the order of those who share the place at the line, by entry number: %(numbers)s; %(reason)s",
            numbers=self.numbers,
            reason=self.reason,
        )


def joined(words: list[Sentence]) -> Sentence | str:
    """Several sentences as one."""
    if not words:
        return "–"
    first, *rest = words
    return sentence("%(first)s %(rest)s", first=first, rest=joined(rest)) if rest else first
