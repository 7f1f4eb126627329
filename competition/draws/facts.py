"""Facts about draws. The seed is never one: with it, anybody could undo the blind codes before the marks are in."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class DrawMade(Fact):
    kind = "draws.draw_made"
    number: int
    method: str
    entrants: int
    entrants_hash: str
    seed_hash: str
    reason: str

    def sentence(self) -> Sentence:
        words = {"number": self.number, "entrants": self.entrants, "method": self.method}
        if self.reason:
            return sentence(
                "made draw %(number)s of %(entrants)s entrants by %(method)s, in place of the one before: %(reason)s",
                **words,
                reason=self.reason,
            )
        return sentence("made draw %(number)s of %(entrants)s entrants by %(method)s", **words)


@dataclass(frozen=True)
class DrawListTaken(Fact):
    kind = "draws.list_taken"
    number: int

    def sentence(self) -> Sentence:
        return sentence(
            "took away the list of draw %(number)s that joins codes to people", number=self.number
        )
