"""Appeals (申诉) and objections (异议): what they may rest on, their way to a ruling, and what a ruling may do.

Source: docs/sources.md, domain §6 (the leader files in writing; non-conforming equipment, unfair judging or awards,
misconduct of staff; received, heard, ruled; stopping the contest or disturbance over a ruling forfeits it; a result
changes only through new signed marks). The table of moves is total: what it does not allow is refused with a sentence.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from competition.rules.procedure import DeadlineBase
from competition.rules.sentences import Sentence, sentence


class AppealKind(StrEnum):
    """By the leader of a delegation within the window of the rules, or by anybody in the notice period."""

    APPEAL = "appeal"
    OBJECTION = "objection"


class Ground(StrEnum):
    """What an appeal rests on."""

    EQUIPMENT = "equipment"
    JUDGING = "judging"
    AWARDS = "awards"
    STAFF = "staff"
    OTHER = "other"


class AppealState(StrEnum):
    FILED = "filed"
    RECEIVED = "received"
    HEARD = "heard"
    RULED = "ruled"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"
    FORFEITED = "forfeited"


class AppealMove(StrEnum):
    """What people do with an appeal."""

    RECEIVE = "receive"
    HEAR = "hear"
    RULE = "rule"
    TAKE_FURTHER = "take_further"
    CARRY_OUT = "carry_out"
    WITHDRAW = "withdraw"
    FORFEIT = "forfeit"


class Ruling(StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    DISMISSED = "dismissed"


class Effect(StrEnum):
    """What a ruling does to the result: nothing, new marks on named sheets, or a part of the contest once more."""

    NONE = "none"
    NEW_MARKS = "new_marks"
    RERUN = "rerun"


class RerunOutcome(StrEnum):
    """What became of a part that was held again: sheets were marked anew, or it changed no mark and a statement says why."""

    MARKED_AGAIN = "marked_again"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Rerun:
    """A part of the contest that was held again after a ruling. `codes` are those whose sheets were marked anew."""

    module: str
    held_at: datetime
    outcome: RerunOutcome
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transition:
    before: frozenset[AppealState]
    after: AppealState
    title: Sentence


_S, _M = AppealState, AppealMove
_UNDER_WAY = frozenset({_S.FILED, _S.RECEIVED, _S.HEARD})

TRANSITIONS: dict[AppealMove, Transition] = {
    _M.RECEIVE: Transition(frozenset({_S.FILED}), _S.RECEIVED, sentence("Confirm receipt")),
    _M.HEAR: Transition(frozenset({_S.RECEIVED}), _S.HEARD, sentence("Record the hearing")),
    _M.RULE: Transition(frozenset({_S.HEARD}), _S.RULED, sentence("Rule")),
    _M.TAKE_FURTHER: Transition(frozenset({_S.RULED}), _S.FILED, sentence("Take it to the second tier")),
    _M.CARRY_OUT: Transition(
        frozenset({_S.RULED}), _S.CARRIED_OUT, sentence("Record that it is carried out")
    ),
    _M.WITHDRAW: Transition(_UNDER_WAY, _S.WITHDRAWN, sentence("Withdraw the paper")),
    _M.FORFEIT: Transition(_UNDER_WAY | {_S.RULED}, _S.FORFEITED, sentence("Declare it forfeited")),
}

STATE_TITLES: dict[AppealState, Sentence] = {
    _S.FILED: sentence("Filed"),
    _S.RECEIVED: sentence("Being examined"),
    _S.HEARD: sentence("Heard"),
    _S.RULED: sentence("Ruled"),
    _S.CARRIED_OUT: sentence("Carried out"),
    _S.WITHDRAWN: sentence("Taken back"),
    _S.FORFEITED: sentence("Forfeited"),
}
KIND_TITLES: dict[AppealKind, Sentence] = {
    AppealKind.APPEAL: sentence("Appeal"),
    AppealKind.OBJECTION: sentence("Objection"),
}
GROUND_TITLES: dict[Ground, Sentence] = {
    Ground.EQUIPMENT: sentence("Equipment, tools, materials or software were not as required"),
    Ground.JUDGING: sentence("The judging was unfair"),
    Ground.AWARDS: sentence("The awards were decided unfairly"),
    Ground.STAFF: sentence("Misconduct of staff"),
    Ground.OTHER: sentence("Another reason"),
}
RULING_TITLES: dict[Ruling, Sentence] = {
    Ruling.UPHELD: sentence("Upheld"),
    Ruling.PARTLY: sentence("Upheld in part"),
    Ruling.DISMISSED: sentence("Dismissed"),
}
EFFECT_TITLES: dict[Effect, Sentence] = {
    Effect.NONE: sentence("The result stands as it is"),
    Effect.NEW_MARKS: sentence("Sheets are opened again and signed anew"),
    Effect.RERUN: sentence("A part of the contest is held again"),
}
RERUN_TITLES: dict[RerunOutcome, Sentence] = {
    RerunOutcome.MARKED_AGAIN: sentence("Sheets were opened again, marked anew, signed and confirmed"),
    RerunOutcome.STATEMENT: sentence("No mark changed; what was done says why"),
}
BASE_TITLES: dict[DeadlineBase, Sentence] = {
    DeadlineBase.SCORING_CLOSED: sentence("the end of the marking"),
    DeadlineBase.PUBLISHED: sentence("the publication of the result"),
}


def refusal(state: AppealState, move: AppealMove) -> Sentence | None:
    """Why the move cannot be made from this state, or None."""
    if state in TRANSITIONS[move].before:
        return None
    return sentence(
        "“%(move)s” is not possible any more or not yet: this is in the state “%(state)s”.",
        move=TRANSITIONS[move].title,
        state=STATE_TITLES[state],
    )


def moves_from(state: AppealState) -> tuple[AppealMove, ...]:
    """The moves a state allows, in the order of the table."""
    return tuple(move for move, transition in TRANSITIONS.items() if state in transition.before)


@dataclass(frozen=True)
class Window:
    """When something may be filed. Both ends belong to it: a paper handed in at the very last moment is in time."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, at: datetime) -> bool:
        return self.opens_at <= at <= self.closes_at

    def is_over(self, at: datetime) -> bool:
        return at > self.closes_at


def ruling_problems(ruling: Ruling, effect: Effect, reason: str, sheets: int) -> tuple[Sentence, ...]:
    """Everything that is wrong with a ruling; () when it can be signed.

    A ruling has reasons. What is dismissed changes nothing. New marks are given on named sheets, and only then.
    """
    problems = []
    if not reason.strip():
        problems.append(sentence("A ruling needs its reasons."))
    if ruling is Ruling.DISMISSED and effect is not Effect.NONE:
        problems.append(sentence("What is dismissed changes nothing: choose that the result stands."))
    if effect is Effect.NEW_MARKS and not sheets:
        problems.append(sentence("Name the codes whose sheets are to be opened again."))
    if effect is not Effect.NEW_MARKS and sheets:
        problems.append(sentence("Codes are named only where sheets are to be opened again."))
    return tuple(problems)


def rerun_problems(
    rerun: Rerun, *, modules: Collection[str], ruled_at: datetime, at: datetime
) -> tuple[Sentence, ...]:
    """Everything that is wrong with the record of a repetition; () when it can be kept.

    It names a module of the event and a moment between the minute of the ruling and now. Codes go with sheets that were
    marked anew, and only with those.
    """
    problems = []
    if rerun.module not in modules:
        problems.append(sentence("Choose the module that was held again."))
    if not ruled_at.replace(second=0, microsecond=0) <= rerun.held_at <= at:
        problems.append(
            sentence("It was held again after the ruling and not later than now: give that moment.")
        )
    if rerun.outcome is RerunOutcome.MARKED_AGAIN and not rerun.codes:
        problems.append(sentence("Name the codes whose sheets were marked anew."))
    if rerun.outcome is RerunOutcome.STATEMENT and rerun.codes:
        problems.append(sentence("Codes are named only where sheets were marked anew."))
    return tuple(problems)
