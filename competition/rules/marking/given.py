"""What is recorded for an entrant at an aspect, and which marks may be recorded there."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from competition.rules.numbers import spelled
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Binary,
    ConvertedTime,
    Count,
    Deduction,
    Effect,
    Judgement,
    Linear,
    Method,
    Panel,
    PanelCombine,
    Part,
    Record,
    Time,
    Tolerance,
    Value,
)
from competition.rules.sentences import Sentence, sentence

_ZERO = Fraction(0)


class MarkKind(StrEnum):
    """What a recorded number is: a mark, a value the entrant declared, one agreed value, an entry of a deduction, or
    what is taken off or added to a time."""

    MARK = "mark"
    DECLARED = "declared"
    AGREED = "agreed"
    ENTRY = "entry"
    PAUSE = "pause"
    PENALTY = "penalty"
    BONUS = "bonus"


ADJUSTMENTS = frozenset({MarkKind.PAUSE, MarkKind.PENALTY, MarkKind.BONUS})


class MarkState(StrEnum):
    """Why there is no number: nothing was attempted, did not finish, did not start, or was disqualified in this try."""

    NOT_ATTEMPTED = "not_attempted"
    DNF = "dnf"
    DNS = "dns"
    DSQ = "dsq"


Score = Fraction | None
Try = Fraction | MarkState


class Entry(NamedTuple):
    """One of several numbers at an aspect: an entry of a deduction, a pause, a penalty, a bonus. `note` is its recorded reason."""

    judge: str | None
    value: Fraction
    note: str = ""


@dataclass(slots=True)
class Given:
    """Everything recorded for one entrant at one aspect; `record` puts a mark where it belongs.

    `scores` are the marks of the judges in the first round, None is a judge's "not attempted"; `rounds` holds the later
    rounds by number, of which the last one counts. `shadows` are the marks of shadow judges, which never count.
    `attempts` are the tries by number, `adjustments` the pauses, penalties and bonuses of a time; `state` says that
    there is no number for the aspect as a whole. What is rare is None until there is some: contests have millions of these.
    """

    scores: dict[str, Score] = field(default_factory=dict)
    measured: Fraction | None = None
    declared: Fraction | None = None
    agreed: Fraction | None = None
    entries: list[Entry] = field(default_factory=list)
    state: MarkState | None = None
    attempts: dict[int, Try] | None = None
    rounds: dict[int, dict[str, Score]] | None = None
    shadows: dict[str, Score] | None = None
    adjustments: list[tuple[MarkKind, Entry]] | None = None

    @property
    def standing(self) -> dict[str, Score]:
        """The marks of the judges that count: those of the last round."""
        return self.scores if self.rounds is None else self.rounds[max(self.rounds)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing that could count is recorded."""
        return not (self.scores or self.entries or self.attempts or self.rounds or self.adjustments) and all(
            each is None for each in (self.measured, self.declared, self.agreed, self.state)
        )


_TWICE = sentence("This mark is there twice; which one counts must be decided first.")


def record(
    given: Given,
    aspect: Aspect,
    value: Try,
    *,
    kind: MarkKind = MarkKind.MARK,
    judge: str | None = None,
    attempt: int | None = None,
    round_: int = 1,
    shadow: bool = False,
    note: str = "",
) -> Sentence | None:
    """Put a mark (a number, or a state instead of one) where it belongs, or say why it has no place.

    Whether the number itself may be recorded is for `mark_refusal` and `state_refusal`.
    """
    method = aspect.method
    if attempt is not None and not isinstance(method, Attempts):
        return sentence("This aspect has no separate tries.")
    if round_ != 1 and not isinstance(method, Panel | Judgement):
        return sentence("Only judges who mark one by one mark in rounds.")
    if kind is MarkKind.ENTRY and isinstance(value, Fraction):
        given.entries.append(Entry(judge, value, note))
        return None
    if kind in ADJUSTMENTS and isinstance(value, Fraction):
        given.adjustments = [*(given.adjustments or ()), (kind, Entry(judge, value, note))]
        return None
    if kind is not MarkKind.MARK:
        return _record_one(given, kind, value)
    if isinstance(method, Panel | Judgement):
        return _record_score(given, value, judge, round_, shadow)
    if isinstance(method, Attempts) and (attempt is not None or isinstance(value, Fraction)):
        return _record_try(given, method, value, attempt)
    if given.state is not None or given.measured is not None or given.attempts:
        return _TWICE
    if isinstance(value, MarkState):
        given.state = value
    else:
        given.measured = value
    return None


def _record_one(given: Given, kind: MarkKind, value: Try) -> Sentence | None:
    if isinstance(value, MarkState):
        return sentence("Only a mark has a state instead of a value.")
    if kind is MarkKind.DECLARED:
        twice, given.declared = given.declared is not None, value
    else:
        twice, given.agreed = given.agreed is not None, value
    return _TWICE if twice else None


def _record_score(given: Given, value: Try, judge: str | None, round_: int, shadow: bool) -> Sentence | None:
    score = None if isinstance(value, MarkState) else value
    if judge is None:
        if score is not None:
            return sentence("This mark needs its judge.")
        twice, given.state = given.state is not None, MarkState.NOT_ATTEMPTED
        return _TWICE if twice else None
    if shadow:
        scores = given.shadows = given.shadows or {}
    elif round_ == 1:
        scores = given.scores
    else:
        given.rounds = given.rounds or {}
        scores = given.rounds.setdefault(round_, {})
    if judge in scores:
        return _TWICE
    scores[judge] = score
    return None


def _record_try(given: Given, method: Attempts, value: Try, attempt: int | None) -> Sentence | None:
    if attempt is None:
        return sentence("This mark needs the number of its try.")
    if not 1 <= attempt <= method.attempts:
        return sentence("There are %(count)s tries here.", count=method.attempts)
    given.attempts = given.attempts or {}
    if attempt in given.attempts or given.state is not None:
        return _TWICE
    given.attempts[attempt] = value
    return None


def state_refusal(aspect: Aspect, state: MarkState, *, attempt: int | None = None) -> Sentence | None:
    """Why this state cannot be recorded at this aspect, or None.

    "Not attempted" can be said of every aspect but a deduction; "did not finish" of a single try or of a record; "did not
    start" and "disqualified" of these and of all tries together.
    """
    method = aspect.method
    if isinstance(method, Deduction):
        return sentence("A deduction is recorded as entries, each with its own reason.")
    if state is MarkState.NOT_ATTEMPTED:
        return None
    if isinstance(method, Attempts):
        if attempt is None and state is MarkState.DNF:
            return sentence("This mark needs the number of its try.")
        return None
    if aspect.part is Part.RECORD:
        return None
    return sentence("Here a mark has either a value or the state “not attempted”.")


def mark_refusal(aspect: Aspect, kind: MarkKind, value: Fraction) -> Sentence | None:
    """Why this number cannot be recorded at this aspect, or None. For forms, imports and contest documents alike."""
    method = aspect.method
    if kind is MarkKind.ENTRY:
        return _entry_refusal(method, value)
    if kind in ADJUSTMENTS:
        return _adjustment_refusal(method, value)
    if isinstance(method, Deduction):
        return sentence("A deduction is recorded as entries, each with its own reason.")
    if kind is MarkKind.DECLARED:
        return _declared_refusal(method, value)
    if kind is MarkKind.AGREED:
        return _agreed_refusal(method, value)
    return _mark_refusal(method, value)


def _entry_refusal(method: Method, value: Fraction) -> Sentence | None:
    if not isinstance(method, Deduction):
        return sentence("Only a deduction has entries.")
    if value <= 0:
        return sentence("An entry of a deduction is greater than 0; it is subtracted by itself.")
    if method.effect is Effect.VOID and value != 1:
        return sentence("What voids the marks is recorded as 1 for each violation.")
    if method.entry_max is not None and value > method.entry_max:
        return sentence("At most %(most)s can be deducted in one entry.", most=spelled(method.entry_max))
    return _step_refusal(value, _ZERO, method.entry_step)


def _adjustment_refusal(method: Method, value: Fraction) -> Sentence | None:
    if not isinstance(method, Time):
        return sentence("Only a time has pauses, penalties and bonuses.")
    if value <= 0:
        return sentence("The seconds of a pause, a penalty or a bonus are greater than 0.")
    return None


def _declared_refusal(method: Method, value: Fraction) -> Sentence | None:
    if not isinstance(method, Panel) or method.declared is None:
        return sentence("No declared value is foreseen here.")
    if method.declared == "multiply" and value < 0:
        return sentence("The marks are multiplied by this value; it cannot be below 0.")
    return None


def _agreed_refusal(method: Method, value: Fraction) -> Sentence | None:
    if isinstance(method, Judgement) and method.agreed:
        return _level_refusal(value)
    if isinstance(method, Panel) and method.agreed:
        many = method.judges - method.trim_low - method.trim_high if method.combine is PanelCombine.SUM else 1
        return _range_refusal(
            value,
            min(method.low, method.low * many),
            max(method.high, method.high * many),
        )
    return sentence("No agreed value is foreseen here: the judges mark one by one.")


def _mark_refusal(method: Method, value: Fraction) -> Sentence | None:
    match method:
        case Judgement():
            return _level_refusal(value)
        case Panel() | Attempts():
            return _range_refusal(value, method.low, method.high) or _step_refusal(
                value, method.low, method.step
            )
        case Binary():
            return (
                None
                if value in (0, 1)
                else sentence("1 for fulfilled or 0 for not fulfilled is expected here.")
            )
        case Value():
            return _range_refusal(value, _ZERO, method.max) or _step_refusal(value, _ZERO, method.step)
        case Count():
            return _range_refusal(value, _ZERO, Fraction(method.possible)) or _step_refusal(
                value, _ZERO, Fraction(1)
            )
        case Linear() | Record():
            low = method.low if method.low is not None else _ZERO
            return _bounds_refusal(value, method.low, method.high) or _step_refusal(value, low, method.step)
        case ConvertedTime():
            return _seconds_refusal(value, None)
        case Time():
            return _seconds_refusal(value, method.max_seconds)
        case Tolerance() | Deduction():
            return None


def _seconds_refusal(value: Fraction, most: Fraction | None) -> Sentence | None:
    if value < 0:
        return sentence("A time cannot be below 0 seconds.")
    return None if most is None or value <= most else _range_refusal(value, _ZERO, most)


def _level_refusal(value: Fraction) -> Sentence | None:
    return None if value in (0, 1, 2, 3) else sentence("A level 0, 1, 2 or 3 is expected here.")


def _bounds_refusal(value: Fraction, low: Fraction | None, high: Fraction | None) -> Sentence | None:
    if low is not None and high is not None:
        return _range_refusal(value, low, high)
    if low is not None and value < low:
        return sentence("The number must be at least %(low)s.", low=spelled(low))
    if high is not None and value > high:
        return sentence("The number must be at most %(high)s.", high=spelled(high))
    return None


def _range_refusal(value: Fraction, low: Fraction, high: Fraction) -> Sentence | None:
    if low <= value <= high:
        return None
    return sentence(
        "%(value)s is outside the range %(low)s to %(high)s.",
        value=spelled(value),
        low=spelled(low),
        high=spelled(high),
    )


def _step_refusal(value: Fraction, low: Fraction, step: Fraction | None) -> Sentence | None:
    if step is None or not (value - low) % step:
        return None
    return sentence(
        "%(value)s is not one of the steps of %(step)s.",
        value=spelled(value),
        step=spelled(step),
    )
