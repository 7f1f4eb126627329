"""Facts about boards. Places and numbers only: who stands there is in the result."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class BoardSwitchedOn(Fact):
    kind = "boards.board_switched_on"

    def sentence(self) -> Sentence:
        return sentence("switched the live board on")


@dataclass(frozen=True)
class BoardSwitchedOff(Fact):
    kind = "boards.board_switched_off"

    def sentence(self) -> Sentence:
        return sentence("switched the live board off")


@dataclass(frozen=True)
class BoardFrozen(Fact):
    kind = "boards.board_frozen"
    lines: int

    def sentence(self) -> Sentence:
        return sentence("froze the board with %(lines)s ranked lines", lines=self.lines)


@dataclass(frozen=True)
class FreezeLifted(Fact):
    kind = "boards.freeze_lifted"

    def sentence(self) -> Sentence:
        return sentence("lifted the freeze of the board")


@dataclass(frozen=True)
class CeremonyOpened(Fact):
    kind = "boards.ceremony_opened"
    order: str

    def sentence(self) -> Sentence:
        if self.order == "awards":
            return sentence("opened the award ceremony on the board, from the lowest award to the highest")
        return sentence("opened the award ceremony on the board, from the last place to the first")


@dataclass(frozen=True)
class LineRevealed(Fact):
    """The subject is the entrant."""

    kind = "boards.line_revealed"
    step: int
    place: int
    revision: int

    def sentence(self) -> Sentence:
        return sentence(
            "revealed place %(place)s of revision %(revision)s on the board (step %(step)s)",
            place=self.place,
            revision=self.revision,
            step=self.step,
        )


@dataclass(frozen=True)
class LineTakenBack(Fact):
    """The subject is the entrant."""

    kind = "boards.line_taken_back"
    step: int
    place: int
    note: str

    def sentence(self) -> Sentence:
        return sentence(
            "took place %(place)s back from the board (step %(step)s): %(note)s",
            place=self.place,
            step=self.step,
            note=self.note,
        )


@dataclass(frozen=True)
class TeamRevealed(Fact):
    """The subject is the step: teams have no record of their own."""

    kind = "boards.team_revealed"
    step: int
    place: int
    revision: int

    def sentence(self) -> Sentence:
        return sentence(
            "revealed the team in place %(place)s of revision %(revision)s on the board (step %(step)s)",
            place=self.place,
            revision=self.revision,
            step=self.step,
        )


@dataclass(frozen=True)
class TeamTakenBack(Fact):
    """The subject is the step."""

    kind = "boards.team_taken_back"
    step: int
    place: int
    note: str

    def sentence(self) -> Sentence:
        return sentence(
            "took the team in place %(place)s back from the board (step %(step)s): %(note)s",
            place=self.place,
            step=self.step,
            note=self.note,
        )


@dataclass(frozen=True)
class CeremonyEnded(Fact):
    kind = "boards.ceremony_ended"
    revealed: int
    left: int

    def sentence(self) -> Sentence:
        return sentence(
            "ended the award ceremony on the board: %(revealed)s lines revealed, %(left)s not",
            revealed=self.revealed,
            left=self.left,
        )
