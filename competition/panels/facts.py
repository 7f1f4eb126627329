"""Facts about judges and their seats."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class JudgeRegistered(Fact):
    kind = "panels.judge_registered"
    name: str
    organisation: str | None

    def sentence(self) -> Sentence:
        if self.organisation is None:
            return sentence("registered %(name)s as a judge of no delegation", name=self.name)
        return sentence(
            "registered %(name)s of %(organisation)s as a judge",
            name=self.name,
            organisation=self.organisation,
        )


@dataclass(frozen=True)
class JudgeChanged(Fact):
    kind = "panels.judge_changed"
    name: str
    before: str | None
    after: str | None

    def sentence(self) -> Sentence:
        return sentence(
            "changed the judge %(name)s: organisation %(before)s, now %(after)s",
            name=self.name,
            before=self.before or "–",
            after=self.after or "–",
        )


@dataclass(frozen=True)
class SeatAssigned(Fact):
    kind = "panels.seat_assigned"
    module: str
    label: str
    name: str

    def sentence(self) -> Sentence:
        return sentence(
            "gave the seat %(label)s of module %(module)s to %(name)s",
            label=self.label,
            module=self.module,
            name=self.name,
        )


@dataclass(frozen=True)
class SeatReleased(Fact):
    kind = "panels.seat_released"
    module: str
    label: str
    name: str

    def sentence(self) -> Sentence:
        return sentence(
            "took %(name)s off the seat %(label)s of module %(module)s",
            label=self.label,
            module=self.module,
            name=self.name,
        )


@dataclass(frozen=True)
class ChiefAppointed(Fact):
    kind = "panels.chief_appointed"
    name: str

    def sentence(self) -> Sentence:
        return sentence("appointed %(name)s as chief judge", name=self.name)


@dataclass(frozen=True)
class ChiefReleased(Fact):
    kind = "panels.chief_released"
    name: str

    def sentence(self) -> Sentence:
        return sentence("released %(name)s from the office of chief judge", name=self.name)
