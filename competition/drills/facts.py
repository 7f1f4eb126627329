"""Facts about drills. People appear by their place, never by name."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class DrillOpened(Fact):
    kind = "drills.drill_opened"
    title: str
    organisation: str

    def sentence(self) -> Sentence:
        return sentence(
            "prepared the drill %(title)s of %(organisation)s",
            title=self.title,
            organisation=self.organisation,
        )


@dataclass(frozen=True)
class DrillChanged(Fact):
    kind = "drills.drill_changed"
    title: str
    fields: list[str]

    def sentence(self) -> Sentence:
        return sentence(
            "changed the drill %(title)s (%(fields)s)", title=self.title, fields=", ".join(self.fields)
        )


@dataclass(frozen=True)
class QuestionAdded(Fact):
    kind = "drills.question_added"
    title: str
    number: int

    def sentence(self) -> Sentence:
        return sentence(
            "added question %(number)s to the drill %(title)s", number=self.number, title=self.title
        )


@dataclass(frozen=True)
class QuestionRemoved(Fact):
    kind = "drills.question_removed"
    title: str
    number: int

    def sentence(self) -> Sentence:
        return sentence(
            "removed question %(number)s from the drill %(title)s", number=self.number, title=self.title
        )


@dataclass(frozen=True)
class DrillReleased(Fact):
    kind = "drills.drill_released"
    title: str
    questions: int
    hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "released the drill %(title)s with %(questions)s questions (SHA-256 %(hash)s)",
            title=self.title,
            questions=self.questions,
            hash=self.hash,
        )


@dataclass(frozen=True)
class AttemptStarted(Fact):
    kind = "drills.attempt_started"
    title: str
    number: int

    def sentence(self) -> Sentence:
        return sentence(
            "started attempt %(number)s at the drill %(title)s", number=self.number, title=self.title
        )


@dataclass(frozen=True)
class AttemptSubmitted(Fact):
    """`late`: the time was over, so what had been saved was scored. `hasty`: under a second per question."""

    kind = "drills.attempt_submitted"
    title: str
    number: int
    score: str
    seconds: int
    answers_hash: str
    late: bool
    hasty: bool

    def sentence(self) -> Sentence:
        values = {"number": self.number, "title": self.title, "score": self.score, "seconds": self.seconds}
        if self.hasty:
            return sentence(
                "handed in attempt %(number)s at the drill %(title)s: %(score)s points in %(seconds)s seconds, "
                "faster than the questions can be read",
                **values,
            )
        if self.late:
            return sentence(
                "let the time of attempt %(number)s at the drill %(title)s run out: %(score)s points for the saved "
                "answers",
                **values,
            )
        return sentence(
            "handed in attempt %(number)s at the drill %(title)s: %(score)s points in %(seconds)s seconds",
            **values,
        )


@dataclass(frozen=True)
class DrillClosed(Fact):
    kind = "drills.drill_closed"
    title: str
    ranked: int
    hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "closed the drill %(title)s with %(ranked)s people ranked (SHA-256 %(hash)s)",
            title=self.title,
            ranked=self.ranked,
            hash=self.hash,
        )


@dataclass(frozen=True)
class BestEntered(Fact):
    kind = "drills.best_entered"
    title: str
    entered: int
    passed_over: int

    def sentence(self) -> Sentence:
        return sentence(
            "entered the best %(entered)s of the drill %(title)s into the event; %(passed_over)s were passed over",
            entered=self.entered,
            title=self.title,
            passed_over=self.passed_over,
        )
