"""Facts about workers. The record is kept for ever, so it holds names masked and no number at all."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.grades import Grade
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class OccupationOpened(Fact):
    kind = "workers.occupation_opened"
    code: str
    name: str

    def sentence(self) -> Sentence:
        return sentence("added the occupation %(code)s %(name)s", code=self.code, name=self.name)


@dataclass(frozen=True)
class WorkerRegistered(Fact):
    kind = "workers.worker_registered"
    masked_name: str
    employer: str

    def sentence(self) -> Sentence:
        return sentence(
            "registered the worker %(name)s of %(employer)s", name=self.masked_name, employer=self.employer
        )


@dataclass(frozen=True)
class WorkersRegistered(Fact):
    kind = "workers.workers_registered"
    count: int

    def sentence(self) -> Sentence:
        return sentence("registered %(count)s workers from a list", count=self.count)


@dataclass(frozen=True)
class WorkerChanged(Fact):
    kind = "workers.worker_changed"
    masked_name: str
    fields: list[str]

    def sentence(self) -> Sentence:
        return sentence("changed the details of the worker %(name)s", name=self.masked_name)


@dataclass(frozen=True)
class WorkerAccountGiven(Fact):
    kind = "workers.account_given"
    masked_name: str
    username: str

    def sentence(self) -> Sentence:
        return sentence(
            "gave the worker %(name)s the account %(username)s", name=self.masked_name, username=self.username
        )


@dataclass(frozen=True)
class GradeRecorded(Fact):
    kind = "workers.grade_recorded"
    masked_name: str
    grade: str
    effective_on: str
    source: str

    def sentence(self) -> Sentence:
        return sentence(
            "recorded the grade “%(grade)s” of %(name)s from %(day)s on",
            grade=Grade(self.grade).label,
            name=self.masked_name,
            day=self.effective_on,
        )
