"""Facts about long work."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.jobs.registry import kind_of
from competition.rules.sentences import Sentence, sentence


def _title(operation_kind: str) -> Sentence | str:
    known = kind_of(operation_kind)
    return known.title if known else operation_kind


@dataclass(frozen=True)
class OperationQueued(Fact):
    kind = "jobs.operation_queued"
    operation_kind: str

    def sentence(self) -> Sentence:
        return sentence("gave the work “%(work)s” to the background", work=_title(self.operation_kind))


@dataclass(frozen=True)
class OperationCancelled(Fact):
    kind = "jobs.operation_cancelled"
    operation_kind: str

    def sentence(self) -> Sentence:
        return sentence("cancelled the work “%(work)s”", work=_title(self.operation_kind))


@dataclass(frozen=True)
class OperationRetried(Fact):
    kind = "jobs.operation_retried"
    operation_kind: str

    def sentence(self) -> Sentence:
        return sentence("had the failed work “%(work)s” tried again", work=_title(self.operation_kind))
