"""Reckoning: the values of all nodes of a marking scheme for one entrant, and what is missing."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from competition.rules.marking.given import Given, MarkKind
from competition.rules.marking.working import Notes, Working
from competition.rules.numbers import (
    Rounding,
    RoundingMode,
    as_decimal,
    fixed,
    rounded,
    spelled,
)
from competition.rules.scheme import (
    LEVELS,
    Aspect,
    Binary,
    Branch,
    Combine,
    Count,
    Deduction,
    Group,
    Judgement,
    Panel,
    PanelCombine,
    Part,
    Time,
    Tolerance,
)
from competition.rules.sentences import Sentence, sentence

_ZERO = Fraction(0)
_NOTHING = Given()


class Reckoning:
    """The values of all nodes for one entrant. `required` are the times without which there is no place.

    `values` holds the exact value of every node, None where marks are missing; `blockers` says what is missing.
    """

    def __init__(
        self,
        entrant: str,
        marks: Mapping[str, Given],
        required: frozenset[str] = frozenset(),
    ) -> None:
        self.entrant = entrant
        self.values: dict[str, Fraction | None] = {}
        self.blockers: list[Sentence] = []
        self._marks = marks
        self._required = required

    def value(self, branch: Branch) -> Fraction | None:
        """The value of this node; it and those below it are kept in `values`."""
        return self._value(branch, None)

    def working(self, branch: Branch) -> Working:
        """The value of this node with its working, by the same arithmetic."""
        notes = Notes()
        children = (
            tuple(self.working(child) for child in branch.children) if isinstance(branch, Group) else ()
        )
        value = self._value(branch, notes)
        return Working(
            node=branch.id,
            title=branch.title,
            inputs=tuple(notes.inputs),
            steps=tuple(notes.steps),
            rounded=notes.rounded,
            value=None if value is None else as_decimal(value),
            exact=value,
            children=children,
        )

    def _value(self, branch: Branch, notes: Notes | None) -> Fraction | None:
        if isinstance(branch, Group):
            value = self._combined(branch, notes)
        else:
            given = self._marks.get(branch.id, _NOTHING)
            if given.state is not None or _nobody_saw_an_attempt(given):
                value = None if branch.part is Part.RECORD else _ZERO
                if notes is not None:
                    _note_inputs(given, notes)
                    notes.step("not_attempted", value, sentence("Not attempted."))
                self.values[branch.id] = value
                return value
            value = self._marked(branch, given, notes)
        value = None if value is None else _finished(branch, value, notes)
        self.values[branch.id] = value
        return value

    def _marked(self, aspect: Aspect, given: Given, notes: Notes | None) -> Fraction | None:
        method = aspect.method
        if isinstance(method, Panel):
            return self._panel(aspect, method, given, notes)
        if isinstance(method, Judgement):
            return self._judgement(aspect, method, given, notes)
        if isinstance(method, Deduction):
            return _deducted(aspect, given, notes)
        if given.measured is None:
            if not isinstance(method, Time) or aspect.id in self._required:
                self._block(
                    sentence(
                        "%(entrant)s, %(aspect)s: nothing is recorded yet.",
                        entrant=self.entrant,
                        aspect=aspect.title,
                    )
                )
            return None
        if notes is not None:
            notes.input(MarkKind.MARK, None, given.measured)
        return _measured(method, given.measured, notes)

    def _judgement(
        self, aspect: Aspect, method: Judgement, given: Given, notes: Notes | None
    ) -> Fraction | None:
        if given.agreed is not None:
            if notes is not None:
                notes.input(MarkKind.AGREED, None, given.agreed)
            value = method.max * given.agreed / LEVELS
            if notes is not None:
                said = sentence(
                    "The judges agreed on level %(level)s: %(max)s × %(level)s ÷ 3 = %(value)s.",
                    level=spelled(given.agreed),
                    max=spelled(method.max),
                    value=spelled(value),
                )
                notes.step("agreed", value, said)
            return value
        if notes is not None:
            _note_inputs(given, notes)
        levels = self._scores(aspect, given, method.judges, method.judges)
        if levels is None:
            return None
        if max(levels) - min(levels) > method.max_spread:
            self._block(
                sentence(
                    "%(entrant)s, %(aspect)s: the levels %(levels)s lie more than %(spread)s apart;"
                    " the judges discuss them and judge again.",
                    entrant=self.entrant,
                    aspect=aspect.title,
                    levels=", ".join(spelled(level) for level in levels),
                    spread=method.max_spread,
                )
            )
            return None
        total = _sum(levels)
        value = method.max * total / (LEVELS * method.judges)
        if notes is not None:
            said = sentence(
                "%(max)s × the sum of the levels %(sum)s ÷ %(possible)s = %(value)s.",
                max=spelled(method.max),
                sum=spelled(total),
                possible=LEVELS * method.judges,
                value=spelled(value),
            )
            notes.step("judgement", value, said)
        return value

    def _panel(self, aspect: Aspect, method: Panel, given: Given, notes: Notes | None) -> Fraction | None:
        value = self._panel_value(aspect, method, given, notes)
        if method.declared and given.declared is None:
            self._block(
                sentence(
                    "%(entrant)s, %(aspect)s: the declared value is missing.",
                    entrant=self.entrant,
                    aspect=aspect.title,
                )
            )
            return None
        if value is None:
            return None
        if method.rounding is not None:
            value = rounded(value, method.rounding)
            _note_rounding("panel_rounding", value, method.rounding, notes)
        if given.declared is not None:
            value += given.declared
            if notes is not None:
                notes.input(MarkKind.DECLARED, None, given.declared)
                said = sentence(
                    "The declared value %(declared)s is added: %(value)s.",
                    declared=spelled(given.declared),
                    value=spelled(value),
                )
                notes.step("declared", value, said)
        return value

    def _panel_value(
        self, aspect: Aspect, method: Panel, given: Given, notes: Notes | None
    ) -> Fraction | None:
        if given.agreed is not None:
            if notes is not None:
                notes.input(MarkKind.AGREED, None, given.agreed)
                said = sentence(
                    "One agreed value stands for the marks of the judges: %(value)s.",
                    value=spelled(given.agreed),
                )
                notes.step("agreed", given.agreed, said)
            return given.agreed
        scores = self._scores(aspect, given, method.minimum, method.judges)
        if scores is None:
            if notes is not None:
                _note_inputs(given, notes)
            return None
        kept = sorted(scores)[method.trim_low : len(scores) - method.trim_high]
        if notes is not None:
            _note_panel_inputs(method, given, notes)
            _note_trim(method, scores, notes)
        return _combined_panel(method, kept, notes)

    def _scores(self, aspect: Aspect, given: Given, minimum: int, seats: int) -> list[Fraction] | None:
        """The marks of the judges, or None and a blocker where they are too few, too many or of two minds."""
        scores = [score for score in given.scores.values() if score is not None]
        if len(scores) == len(given.scores) and minimum <= len(scores) <= seats:
            return scores
        if len(scores) < len(given.scores):
            self._block(
                sentence(
                    "%(entrant)s, %(aspect)s: some judges gave a mark and others “not attempted”; they must agree.",
                    entrant=self.entrant,
                    aspect=aspect.title,
                )
            )
        elif len(scores) > seats:
            self._block(
                sentence(
                    "%(entrant)s, %(aspect)s: %(given)s judges gave a mark, but the panel has %(seats)s seats.",
                    entrant=self.entrant,
                    aspect=aspect.title,
                    given=len(scores),
                    seats=seats,
                )
            )
        else:
            self._block(
                sentence(
                    "%(entrant)s, %(aspect)s: %(given)s of at least %(minimum)s judges have given a mark.",
                    entrant=self.entrant,
                    aspect=aspect.title,
                    given=len(scores),
                    minimum=minimum,
                )
            )
        return None

    def _combined(self, group: Group, notes: Notes | None) -> Fraction | None:
        for child in group.children:
            if child.id not in self.values:
                self._value(child, None)
        if group.part is Part.RECORD:
            return None
        values = [self.values[child.id] for child in group.marked]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            if notes is not None:
                notes.step(
                    "incomplete",
                    None,
                    sentence("Marks are missing, so there is no value yet."),
                )
            return None
        total = _combine(group, known, notes) if known else _ZERO
        return self._less_deductions(group, total, notes)

    def _less_deductions(self, group: Group, total: Fraction, notes: Notes | None) -> Fraction:
        taken = _sum([value for child in group.deductions if (value := self.values[child.id]) is not None])
        if taken and notes is not None:
            said = sentence(
                "Deductions of %(deductions)s are taken off: %(value)s.",
                deductions=spelled(-taken),
                value=spelled(total + taken),
            )
            notes.step("deductions", total + taken, said)
        return total + taken

    def _block(self, reason: Sentence) -> None:
        self.blockers.append(reason)


def _nobody_saw_an_attempt(given: Given) -> bool:
    return bool(given.scores) and all(score is None for score in given.scores.values())


def _sum(values: Sequence[Fraction]) -> Fraction:
    """The exact sum, with one common denominator instead of one per addition."""
    common = lcm(*(value.denominator for value in values))
    return Fraction(sum(value.numerator * (common // value.denominator) for value in values), common)


def _median(values: Sequence[Fraction]) -> Fraction:
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _combined_panel(method: Panel, kept: Sequence[Fraction], notes: Notes | None) -> Fraction:
    if method.combine is PanelCombine.MEDIAN:
        value = _median(kept)
        if notes is not None:
            said = sentence(
                "Median of %(count)s marks: %(value)s.",
                count=len(kept),
                value=spelled(value),
            )
            notes.step("median", value, said)
        return value
    total = _sum(kept)
    if method.combine is PanelCombine.SUM:
        if notes is not None:
            notes.step(
                "sum",
                total,
                sentence(
                    "Sum of %(count)s marks: %(value)s.",
                    count=len(kept),
                    value=spelled(total),
                ),
            )
        return total
    value = total / len(kept)
    if notes is not None:
        said = sentence(
            "Mean of %(count)s marks: %(sum)s ÷ %(count)s = %(value)s.",
            count=len(kept),
            sum=spelled(total),
            value=spelled(value),
        )
        notes.step("mean", value, said)
    return value


def _measured(method: object, measured: Fraction, notes: Notes | None) -> Fraction:
    match method:
        case Binary():
            value = method.max if measured else _ZERO
            said = sentence("Fulfilled: full marks.") if measured else sentence("Not fulfilled: no marks.")
        case Count():
            value = method.max * measured / method.possible
            said = sentence(
                "%(max)s × %(done)s completed ÷ %(possible)s possible = %(value)s.",
                max=spelled(method.max),
                done=spelled(measured),
                possible=method.possible,
                value=spelled(value),
            )
        case Tolerance():
            deviation = abs(measured - method.target)
            value = next((band.award for band in method.bands if deviation <= band.up_to), _ZERO)
            said = sentence(
                "%(measured)s deviates by %(deviation)s from %(target)s: %(value)s.",
                measured=spelled(measured),
                deviation=spelled(deviation),
                target=spelled(method.target),
                value=spelled(value),
            )
        case Time():
            value = measured
            said = sentence("Time recorded: %(seconds)s seconds.", seconds=spelled(measured))
        case _:
            value = measured
            said = sentence("Mark recorded: %(value)s.", value=spelled(measured))
    if notes is not None:
        notes.step("measurement", value, said)
    return value


def _deducted(aspect: Aspect, given: Given, notes: Notes | None) -> Fraction:
    """Minus the sum of the entries; the cap of a deduction is the most that can be taken off."""
    total = _sum([entry for _, entry in given.entries])
    if notes is not None:
        for judge, entry in given.entries:
            notes.input(MarkKind.ENTRY, judge, entry)
        said = (
            sentence(
                "Entries: %(count)s. To deduct: %(sum)s.",
                count=len(given.entries),
                sum=spelled(total),
            )
            if given.entries
            else sentence("Nothing to deduct.")
        )
        notes.step("entries", -total, said)
    return -total


def _combine(group: Group, values: Sequence[Fraction], notes: Notes | None) -> Fraction:
    match group.combine:
        case Combine.SUM:
            value = _sum(values)
        case Combine.WEIGHTED:
            weights = [child.weight or _ZERO for child in group.marked]
            value = _sum([each * weight for each, weight in zip(values, weights, strict=True)]) / 100
        case Combine.MEAN:
            value = _sum(values) / len(values)
        case Combine.BEST:
            value = max(values)
    if notes is not None:
        notes.step(group.combine.value, value, _said_of_parts(group, values, value))
    return value


def _said_of_parts(group: Group, values: Sequence[Fraction], value: Fraction) -> Sentence:
    shown = [spelled(each) for each in values]
    result = spelled(value)
    if len(shown) == 1 and group.combine is not Combine.WEIGHTED:
        return sentence("One part carries marks: %(value)s.", value=result)
    match group.combine:
        case Combine.SUM:
            return sentence(
                "Sum of the parts: %(parts)s = %(value)s.",
                parts=" + ".join(shown),
                value=result,
            )
        case Combine.WEIGHTED:
            weights = [spelled(child.weight or _ZERO) for child in group.marked]
            terms = " + ".join(f"{each} × {weight}%" for each, weight in zip(shown, weights, strict=True))
            return sentence(
                "Weighted sum of the parts: %(parts)s = %(value)s.",
                parts=terms,
                value=result,
            )
        case Combine.MEAN:
            return sentence(
                "Mean of the parts %(parts)s: %(value)s.",
                parts=", ".join(shown),
                value=result,
            )
        case Combine.BEST:
            return sentence(
                "Best of the parts %(parts)s: %(value)s.",
                parts=", ".join(shown),
                value=result,
            )


def _finished(node: Branch, value: Fraction, notes: Notes | None) -> Fraction:
    """Factor, floor and cap, rounding: the last steps of every node, in this order."""
    if node.factor != 1:
        value *= node.factor
        if notes is not None:
            said = sentence(
                "Times the factor %(factor)s: %(value)s.",
                factor=spelled(node.factor),
                value=spelled(value),
            )
            notes.step("factor", value, said)
    value = _bounded(node, value, notes)
    if node.rounding is not None:
        value = rounded(value, node.rounding)
        _note_rounding("rounding", value, node.rounding, notes)
        if notes is not None:
            notes.rounded = fixed(value, node.rounding.digits)
    return value


def _bounded(node: Branch, value: Fraction, notes: Notes | None) -> Fraction:
    cap = node.cap
    if cap is not None and node.part is Part.DEDUCTION:
        if value < -cap:
            value = -cap
            if notes is not None:
                notes.step(
                    "cap",
                    value,
                    sentence("No more than %(cap)s can be deducted.", cap=spelled(cap)),
                )
        return value
    if cap is not None and value > cap:
        value = cap
        if notes is not None:
            notes.step("cap", value, sentence("Limited to the cap %(cap)s.", cap=spelled(cap)))
    if node.floor is not None and value < node.floor:
        value = node.floor
        if notes is not None:
            notes.step(
                "floor",
                value,
                sentence("Raised to the floor %(floor)s.", floor=spelled(node.floor)),
            )
    return value


_ROUNDED: Mapping[RoundingMode, Callable[[int, str], Sentence]] = {
    RoundingMode.HALF_UP: lambda digits, value: sentence(
        "Rounded to %(digits)s decimal places, half up: %(value)s.",
        digits=digits,
        value=value,
    ),
    RoundingMode.HALF_EVEN: lambda digits, value: sentence(
        "Rounded to %(digits)s decimal places, half to even: %(value)s.",
        digits=digits,
        value=value,
    ),
    RoundingMode.DOWN: lambda digits, value: sentence(
        "Rounded down to %(digits)s decimal places: %(value)s.",
        digits=digits,
        value=value,
    ),
    RoundingMode.UP: lambda digits, value: sentence(
        "Rounded up to %(digits)s decimal places: %(value)s.",
        digits=digits,
        value=value,
    ),
}


def _note_rounding(kind: str, value: Fraction, rounding: Rounding, notes: Notes | None) -> None:
    if notes is not None:
        notes.step(kind, value, _ROUNDED[rounding.mode](rounding.digits, spelled(value)))


def _note_inputs(given: Given, notes: Notes) -> None:
    for judge, score in sorted(given.scores.items()):
        notes.input(MarkKind.MARK, judge, score)


def _note_panel_inputs(method: Panel, given: Given, notes: Notes) -> None:
    """The marks in the order of the seats; of equal marks, it makes no difference which one is shown as left out."""
    order = sorted((score, judge) for judge, score in given.scores.items() if score is not None)
    kept = {judge for _, judge in order[method.trim_low : len(order) - method.trim_high]}
    for judge, score in sorted(given.scores.items()):
        notes.input(MarkKind.MARK, judge, score, counts=judge in kept)


def _note_trim(method: Panel, scores: Sequence[Fraction], notes: Notes) -> None:
    order = sorted(scores)
    low = ", ".join(spelled(score) for score in order[: method.trim_low])
    high = ", ".join(spelled(score) for score in order[len(order) - method.trim_high :])
    if low and high:
        said = sentence(
            "Highest %(high)s and lowest %(low)s of %(count)s marks are left out.",
            high=high,
            low=low,
            count=len(order),
        )
    elif high:
        said = sentence(
            "Highest %(high)s of %(count)s marks is left out.",
            high=high,
            count=len(order),
        )
    elif low:
        said = sentence("Lowest %(low)s of %(count)s marks is left out.", low=low, count=len(order))
    else:
        return
    notes.step("trim", None, said)
