"""The working: what went into a node, what was done with it step by step, and what came out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from competition.rules.marking.given import Given, MarkKind, MarkState
from competition.rules.numbers import Rounding, RoundingMode, as_decimal, as_text, spelled
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title


@dataclass(frozen=True, slots=True)
class Input:
    """A number that went into an aspect. `counts` is false where it was left out.

    Without a value, `state` says why there is none. `attempt` is the number of a try, `round` of a round of judging.
    `note` is the recorded reason of an entry, a pause, a penalty or a bonus.
    """

    kind: MarkKind
    judge: str | None
    value: Decimal | None
    counts: bool = True
    state: MarkState | None = None
    attempt: int | None = None
    round: int = 1
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The input as plain JSON values; state, attempt, round and note where there is one to tell."""
        plain: dict[str, object] = {
            "kind": self.kind.value,
            "judge": self.judge,
            "value": as_text(self.value),
            "counts": self.counts,
        }
        if self.state is not None:
            plain["state"] = self.state.value
        if self.attempt is not None:
            plain["attempt"] = self.attempt
        if self.round != 1:
            plain["round"] = self.round
        if self.note:
            plain["note"] = self.note
        return plain


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the working: what was done, as a sentence, and the value after it."""

    kind: str
    sentence: Sentence
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Working:
    """How a node got its value: inputs, steps, rounding, value, and the same for its parts.

    `exact` is the value as an exact fraction, `value` the same for people; `rounded` is the value that a declared
    rounding made, None where none is declared. A node whose marks are missing has no value. `left_out` names the parts
    that do not count, because others do (the best ones, the middle ones, the last one) or because nothing is recorded in them.
    """

    node: str
    title: Title
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    rounded: Decimal | None
    value: Decimal | None
    exact: Fraction | None
    children: "tuple[Working, ...]"
    left_out: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The working as plain JSON values; numbers are texts, so that nothing is lost."""
        plain: dict[str, object] = {
            "node": self.node,
            "title": dict(self.title.as_json()),
            "inputs": [given.as_json() for given in self.inputs],
            "steps": [
                {
                    "kind": step.kind,
                    "says": str(step.sentence),
                    "value": as_text(step.value),
                }
                for step in self.steps
            ],
            "rounded": as_text(self.rounded),
            "value": as_text(self.value),
            "exact": None if self.exact is None else str(self.exact),
            "children": [child.as_json() for child in self.children],
        }
        return {**plain, "left_out": list(self.left_out)} if self.left_out else plain


_ROUNDED: Mapping[RoundingMode, Callable[[int, str], Sentence]] = {
    RoundingMode.HALF_UP: lambda digits, value: sentence(
        "Rounded to %(digits)s decimal places, half up: %(value)s.", digits=digits, value=value
    ),
    RoundingMode.HALF_EVEN: lambda digits, value: sentence(
        "Rounded to %(digits)s decimal places, half to even: %(value)s.", digits=digits, value=value
    ),
    RoundingMode.DOWN: lambda digits, value: sentence(
        "Rounded down to %(digits)s decimal places: %(value)s.", digits=digits, value=value
    ),
    RoundingMode.UP: lambda digits, value: sentence(
        "Rounded up to %(digits)s decimal places: %(value)s.", digits=digits, value=value
    ),
}


class Notes:
    """The inputs and steps of one node while its working is written."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.steps: list[Step] = []
        self.rounded: Decimal | None = None
        self.left_out: tuple[str, ...] = ()

    def step(self, kind: str, value: Fraction | None, said: Sentence) -> None:
        self.steps.append(Step(kind, said, None if value is None else as_decimal(value)))

    def input(
        self,
        kind: MarkKind,
        judge: str | None,
        value: Fraction | MarkState | None,
        *,
        counts: bool = True,
        attempt: int | None = None,
        round_: int = 1,
        note: str = "",
    ) -> None:
        state = value if isinstance(value, MarkState) else None
        number = as_decimal(value) if isinstance(value, Fraction) else None
        self.inputs.append(Input(kind, judge, number, counts, state, attempt, round_, note))

    def rounding(self, kind: str, value: Fraction, rounding: Rounding) -> None:
        self.step(kind, value, _ROUNDED[rounding.mode](rounding.digits, spelled(value)))

    def scores(self, given: Given, kept: frozenset[str] | None = None) -> None:
        """The marks of the judges: earlier rounds and shadow judges do not count, of the others only those `kept`."""
        last = 1 if given.rounds is None else max(given.rounds)
        for round_, scores in sorted({1: given.scores, **(given.rounds or {})}.items()):
            for judge, score in sorted(scores.items()):
                counts = round_ == last and (kept is None or judge in kept)
                self.input(MarkKind.MARK, judge, score, counts=counts, round_=round_)
        for judge, score in sorted((given.shadows or {}).items()):
            self.input(MarkKind.MARK, judge, score, counts=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the marks of one entrant are reckoned: whose they are, and what is found to stand in the way of a value."""

    entrant: str
    blockers: list[Sentence]

    def block(self, reason: Sentence) -> None:
        self.blockers.append(reason)
