"""Facts about calibration."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class PieceOpened(Fact):
    kind = "judge_statistics.piece_opened"
    title: str

    def sentence(self) -> Sentence:
        return sentence("opened the calibration piece “%(title)s”", title=self.title)


@dataclass(frozen=True)
class PieceMarked(Fact):
    kind = "judge_statistics.piece_marked"
    title: str

    def sentence(self) -> Sentence:
        return sentence("marked the calibration piece “%(title)s”", title=self.title)


@dataclass(frozen=True)
class PieceClosed(Fact):
    kind = "judge_statistics.piece_closed"
    title: str

    def sentence(self) -> Sentence:
        return sentence("closed the calibration piece “%(title)s”", title=self.title)
