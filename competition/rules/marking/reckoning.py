"""Reckoning: the values of all nodes of a marking scheme for one entrant, and what is missing."""

from collections.abc import Mapping
from fractions import Fraction

from competition.rules.marking import parts
from competition.rules.marking.given import Given, MarkState
from competition.rules.marking.judges import judgement_value, panel_value
from competition.rules.marking.measured import deducted, measured_value
from competition.rules.marking.tries import tries_value
from competition.rules.marking.working import Desk, Notes, Working
from competition.rules.numbers import as_decimal, fixed, rounded, spelled, total_of
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Branch,
    Combine,
    Deduction,
    Group,
    Judgement,
    Panel,
    Part,
    Parts,
    walk,
)
from competition.rules.sentences import Sentence, sentence

_ZERO = Fraction(0)
_NOTHING = Given()
_STATES: Mapping[MarkState, Sentence] = {
    MarkState.NOT_ATTEMPTED: sentence("Not attempted."),
    MarkState.DNF: sentence("Did not finish."),
    MarkState.DNS: sentence("Did not start."),
    MarkState.DSQ: sentence("Disqualified."),
}


class Reckoning:
    """The values of all nodes for one entrant. `required` are the records without which there is no place.

    `values` holds the exact value of every node, None where marks are missing; `blockers` says what is missing. `reached`
    is the index of the last stage that was reached, where the whole combines stages; None means the last one.
    """

    def __init__(
        self,
        entrant: str,
        marks: Mapping[str, Given],
        required: frozenset[str] = frozenset(),
        *,
        reached: int | None = None,
    ) -> None:
        self.entrant = entrant
        self.values: dict[str, Fraction | None] = {}
        self.blockers: list[Sentence] = []
        self.reached = reached
        self._marks = marks
        self._required = required
        self._desk = Desk(entrant, self.blockers)

    def value(self, branch: Branch) -> Fraction | None:
        """The value of this node; it and those below it are kept in `values`."""
        return self._value(branch, None)

    def reached_value(self, scheme: Group, index: int) -> Fraction | None:
        """The value reached after this stage (the first is 0): its own, and what was reached before where that is
        carried over. None while marks are missing. Only for stages that the entrant entered."""
        stage = scheme.stages[index]
        own = self.values[stage.id] if stage.id in self.values else self._value(stage, None)
        if not index:
            return own
        before = self.reached_value(scheme, index - 1)
        if own is None or before is None:
            return None
        return own + before if stage.carry_over else own

    def working(self, branch: Branch) -> Working:
        """The value of this node with its working, by the same arithmetic."""
        notes = Notes()
        children = self._workings_below(branch) if isinstance(branch, Group) else ()
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
            left_out=notes.left_out,
        )

    def _workings_below(self, group: Group) -> tuple[Working, ...]:
        unreached = group.stages[self._last_stage(group) + 1 :]
        return tuple(
            _empty_working(child, _NOT_REACHED)
            if child in unreached
            else _empty_working(child, _NOT_RECORDED)
            if self._is_left_out(group, child)
            else self.working(child)
            for child in group.children
        )

    def _value(self, branch: Branch, notes: Notes | None) -> Fraction | None:
        if isinstance(branch, Group):
            value = self._staged(branch, notes) if branch.stages else self._combined(branch, notes)
        else:
            given = self._marks.get(branch.id, _NOTHING)
            if given.state is not None or _nobody_saw_an_attempt(given):
                value = None if branch.part is Part.RECORD else _ZERO
                if notes is not None:
                    notes.scores(given)
                    notes.step("not_attempted", value, _STATES[given.state or MarkState.NOT_ATTEMPTED])
                self.values[branch.id] = value
                return value
            value = self._marked(branch, given, notes)
        value = None if value is None else _finished(branch, value, notes)
        self.values[branch.id] = value
        return value

    def _marked(self, aspect: Aspect, given: Given, notes: Notes | None) -> Fraction | None:
        method = aspect.method
        if isinstance(method, Panel):
            return panel_value(self._desk, aspect, method, self._marks, notes)
        if isinstance(method, Judgement):
            return judgement_value(self._desk, aspect, method, given, notes)
        if isinstance(method, Deduction):
            return deducted(method, given, notes)
        is_required = aspect.id in self._required
        if isinstance(method, Attempts):
            return tries_value(self._desk, aspect, method, given, notes, is_required=is_required)
        if given.measured is not None:
            return measured_value(aspect, given, given.measured, notes)
        if is_required or aspect.part is not Part.RECORD:
            self._block_unrecorded(aspect)
        return None

    # --- groups -----------------------------------------------------------------------------------

    def _combined(self, group: Group, notes: Notes | None) -> Fraction | None:
        left_out = self._left_out(group, notes) if group.parts is Parts.GIVEN else ()
        for child in group.children:
            if child.id not in self.values:
                self._value(child, None)
        if group.part is Part.RECORD:
            return self._of_records(group, left_out, notes)
        known = [(child, value) for child in group.marked if (value := self.values[child.id]) is not None]
        if len(known) < len(group.marked) - len(left_out):
            if notes is not None:
                notes.step("incomplete", None, sentence("Marks are missing, so there is no value yet."))
            return None
        if group.marked and not self._is_enough(group, known):
            return None
        total = parts.combined(group, known, notes) if known else _ZERO
        return self._less_deductions(group, total, notes)

    def _of_records(self, group: Group, left_out: tuple[Branch, ...], notes: Notes | None) -> Fraction | None:
        """What the records of a group make together: nothing where one that counts has no value."""
        known = [(child, value) for child in group.children if (value := self.values[child.id]) is not None]
        is_choice = group.combine in (Combine.BEST, Combine.LAST)
        least = min(group.count, len(group.children)) if is_choice else len(group.children) - len(left_out)
        if group.combine is Combine.WEIGHTED or len(known) < max(least, parts.needed(group)):
            return None
        return parts.combined(group, known, notes)

    def _is_enough(self, group: Group, known: list[tuple[Branch, Fraction]]) -> bool:
        """Whether the parts are as many as the group needs: where parts may be left out, one or more must be there."""
        if len(known) >= parts.needed(group):
            return True
        if not known:
            self._block_unrecorded(group)
        else:
            self._desk.block(
                sentence(
                    "%(entrant)s, %(group)s: %(given)s parts are recorded, and at least %(needed)s are needed.",
                    entrant=self.entrant,
                    group=group.title,
                    given=len(known),
                    needed=parts.needed(group),
                )
            )
        return False

    def _less_deductions(self, group: Group, total: Fraction, notes: Notes | None) -> Fraction:
        if group.voids or group.percents:
            total = parts.less_proportional(
                total,
                [self.values[child.id] or _ZERO for child in group.voids],
                [self.values[child.id] or _ZERO for child in group.percents],
                notes,
            )
        if notes is None and not group.deductions:
            return total
        taken = total_of(
            [value for child in group.deductions if (value := self.values[child.id]) is not None]
        )
        if taken and notes is not None:
            said = sentence(
                "Deductions of %(deductions)s are taken off: %(value)s.",
                deductions=spelled(-taken),
                value=spelled(total + taken),
            )
            notes.step("deductions", total + taken, said)
        elif notes is not None and not group.marked:
            notes.step("deductions", total, sentence("Nothing to deduct."))
        return total + taken

    def _left_out(self, group: Group, notes: Notes | None) -> tuple[Branch, ...]:
        """The parts in which nothing is recorded; they and all below them have no value and block nothing."""
        found = tuple(child for child in group.combined if self._is_left_out(group, child))
        for child in found:
            self._clear(child)
        if found and notes is not None:
            notes.left_out = tuple(child.id for child in found)
        return found

    def _is_left_out(self, group: Group, child: Branch) -> bool:
        return group.parts is Parts.GIVEN and child in group.combined and not self._is_recorded(child)

    def _is_recorded(self, branch: Branch) -> bool:
        aspects = branch.aspect_ids if isinstance(branch, Group) else (branch.id,)
        return any(name in self._marks and not self._marks[name].is_empty for name in aspects)

    def _clear(self, branch: Branch) -> None:
        self.values.update((each.id, None) for each in walk(branch))

    # --- stages -----------------------------------------------------------------------------------

    def _last_stage(self, scheme: Group) -> int:
        return len(scheme.stages) - 1 if self.reached is None else self.reached

    def _staged(self, scheme: Group, notes: Notes | None) -> Fraction | None:
        """The value reached after the last stage that was reached."""
        last = self._last_stage(scheme)
        for stage in scheme.stages[last + 1 :]:
            self._clear(stage)
            if self._is_recorded(stage):
                self._desk.block(
                    sentence(
                        "%(entrant)s has marks in a stage that was not reached, %(stage)s.",
                        entrant=self.entrant,
                        stage=stage.title,
                    )
                )
        values = [self.reached_value(scheme, index) for index in range(last + 1)]
        if any(value is None for value in values):
            if notes is not None:
                notes.step("incomplete", None, sentence("Marks are missing, so there is no value yet."))
            return None
        if notes is not None:
            self._note_stages(scheme, values, notes)
        return values[-1]

    def _note_stages(self, scheme: Group, values: list[Fraction | None], notes: Notes) -> None:
        before: Fraction = _ZERO
        for index, (stage, value) in enumerate(zip(scheme.stages, values, strict=False)):
            own = self.values[stage.id]
            assert own is not None and value is not None, "only stages with a value are told"
            words = {"stage": stage.title, "own": spelled(own), "value": spelled(value)}
            if index and stage.carry_over:
                said = sentence(
                    "%(stage)s: %(before)s is carried over, + %(own)s = %(value)s.",
                    before=spelled(before),
                    **words,
                )
            elif index:
                said = sentence("%(stage)s: %(value)s, nothing is carried over.", **words)
            else:
                said = sentence("%(stage)s: %(value)s.", **words)
            notes.step("stage", value, said)
            before = value
        notes.left_out = tuple(stage.id for stage in scheme.stages[len(values) :])

    def _block_unrecorded(self, branch: Branch) -> None:
        self._desk.block(
            sentence(
                "%(entrant)s, %(aspect)s: nothing is recorded yet.",
                entrant=self.entrant,
                aspect=branch.title,
            )
        )


def _nobody_saw_an_attempt(given: Given) -> bool:
    return bool(given.scores) and all(score is None for score in given.standing.values())


_NOT_REACHED = sentence("This stage was not reached.")
_NOT_RECORDED = sentence("Nothing is recorded here, so it is left out.")


def _empty_working(branch: Branch, said: Sentence) -> Working:
    """The working of a node that takes no part, and of all below it."""
    notes = Notes()
    notes.step("left_out", None, said)
    children = branch.children if isinstance(branch, Group) else ()
    below = tuple(_empty_working(child, said) for child in children)
    return Working(branch.id, branch.title, (), tuple(notes.steps), None, None, None, below)


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
        if notes is not None:
            notes.rounding("rounding", value, node.rounding)
            notes.rounded = fixed(value, node.rounding.digits)
    return value


def _bounded(node: Branch, value: Fraction, notes: Notes | None) -> Fraction:
    cap = node.cap
    if cap is not None and node.part is Part.DEDUCTION:
        if value < -cap:
            value = -cap
            if notes is not None:
                notes.step("cap", value, sentence("No more than %(cap)s can be deducted.", cap=spelled(cap)))
    elif cap is not None and value > cap:
        value = cap
        if notes is not None:
            notes.step("cap", value, sentence("Limited to the cap %(cap)s.", cap=spelled(cap)))
    if node.floor is not None and value < node.floor:
        value = node.floor
        if notes is not None:
            notes.step("floor", value, sentence("Raised to the floor %(floor)s.", floor=spelled(node.floor)))
    return value
