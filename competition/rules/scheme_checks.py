"""What only shows when a marking scheme stands as a whole: weights that do not add up, a stated maximum that differs from
the parts, names that nothing has, branches that nothing reaches."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from competition.rules.numbers import spelled
from competition.rules.reading import Notebook, pointer
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Better,
    Branch,
    Combine,
    Deduction,
    Effect,
    Group,
    Panel,
    Part,
    Parts,
    Role,
    Time,
    walk,
)
from competition.rules.sentences import Sentence, sentence

_ZERO = Fraction(0)
_HUNDRED = Fraction(100)


@dataclass
class SchemeChecks:
    """Checks one tree; `paths` says where each node stands in the document."""

    notebook: Notebook
    paths: Mapping[int, str]
    tree: Group

    def check(self) -> None:
        """Notes every problem of the tree, top down."""
        tree = self.tree
        self._check_ids()
        if tree.weight is not None:
            self._note(tree, "weight", sentence("The whole has no weight: nothing stands above it."))
        if tree.part is Part.DEDUCTION or (tree.part is Part.RECORD and tree.combine is Combine.WEIGHTED):
            self._note(tree, "children", sentence("Nothing in this marking scheme gives marks."))
        for branch in self._branches:
            self._check_limits(branch)
            if isinstance(branch, Group):
                self._check_group(branch)
            else:
                self._check_aspect(branch)

    @cached_property
    def _branches(self) -> tuple[Branch, ...]:
        return tuple(walk(self.tree))

    @cached_property
    def _by_id(self) -> Mapping[str, Branch]:
        return {branch.id: branch for branch in self._branches}

    def _note(self, branch: Branch, key: str, reason: Sentence) -> None:
        self.notebook.note(pointer(self.paths[id(branch)], key), reason)

    def _check_ids(self) -> None:
        used: Counter[str] = Counter()
        for branch in self._branches:
            used[branch.id] += 1
            if used[branch.id] == 2:
                said = sentence("The identifier “%(id)s” is used twice.", id=branch.id)
                self._note(branch, "id", said)

    def _check_limits(self, branch: Branch) -> None:
        if branch.floor is not None and branch.cap is not None and branch.floor > branch.cap:
            self._note(branch, "floor", sentence("The floor is above the cap."))
        if branch.part is Part.DEDUCTION and branch.cap is not None and branch.cap < 0:
            said = sentence("The cap of a deduction is the most that can be taken off: not below 0.")
            self._note(branch, "cap", said)
        if branch.pass_mark is not None and branch.better is Better.LOWER:
            self._note(branch, "pass_mark", sentence("Less is better here, so there is no mark to reach."))
        highest = branch.attainable
        if highest is None:
            return
        if branch.pass_mark is not None and branch.pass_mark > highest:
            said = sentence(
                "The pass mark is above the highest possible mark, %(highest)s.",
                highest=spelled(highest),
            )
            self._note(branch, "pass_mark", said)
        if branch.part is Part.MARKS and branch.floor is not None and branch.floor > highest:
            said = sentence(
                "The floor is above the highest possible mark, %(highest)s: everybody would get the same.",
                highest=spelled(highest),
            )
            self._note(branch, "floor", said)

    # --- aspects ----------------------------------------------------------------------------------

    def _check_aspect(self, aspect: Aspect) -> None:
        method = aspect.method
        if isinstance(method, Panel) and method.majority_of is not None:
            self._check_majority(aspect, method.majority_of)
        if (
            isinstance(method, Time)
            and method.cut_off is not None
            and method.max_seconds is not None
            and method.cut_off > method.max_seconds
        ):
            said = sentence(
                "No time reaches the cut-off: it is longer than the longest time that is recorded."
            )
            self._note(aspect, "cut_off", said)
        if isinstance(method, Deduction) and method.effect is Effect.PERCENT:
            self._check_percent(aspect)
        if isinstance(method, Attempts) and aspect.part is Part.RECORD and aspect.max is not None:
            self._note(aspect, "max", sentence("Less is better here, so there is no highest mark."))

    def _check_majority(self, aspect: Aspect, of: str) -> None:
        other = self._by_id.get(of)
        if other is None:
            said = sentence("The marking scheme has no panel “%(id)s” whose majority could count.", id=of)
        elif other is aspect:
            said = sentence("The majority is that of another panel, not of this one.")
        elif not (isinstance(other, Aspect) and isinstance(other.method, Panel)):
            said = sentence("“%(id)s” is no panel, so it has no majority.", id=of)
        else:
            return
        self._note(aspect, "of", said)

    def _check_percent(self, aspect: Aspect) -> None:
        if aspect.cap is not None and aspect.cap > _HUNDRED:
            self._note(aspect, "cap", sentence("No more than 100 percent can be taken off."))

    # --- groups -----------------------------------------------------------------------------------

    def _check_group(self, group: Group) -> None:
        expected = group.children_max
        if group.max is not None and expected is not None and group.max != expected:
            said = sentence(
                "The maximum of “%(id)s” is stated as %(stated)s, but its parts make %(parts)s.",
                id=group.id,
                stated=spelled(group.max),
                parts=spelled(expected),
            )
            self._note(group, "max", said)
        self._check_stage_keys(group)
        self._check_children(group)
        if group.combine is Combine.STAGES:
            self._check_stages(group)
        else:
            self._check_combine(group)

    def _check_children(self, group: Group) -> None:
        for child in group.children:
            has_weight = group.combine is Combine.WEIGHTED and child.part is Part.MARKS
            if child.weight is not None and not has_weight:
                said = sentence("A weight has no effect here: only marks in a weighted group have one.")
                self._note(child, "weight", said)
        if group.part is Part.MARKS:
            return
        for child in (*group.voids, *group.percents):
            said = sentence(
                "There are no marks beside this deduction that it could void or lower in proportion."
            )
            self._note(child, "effect", said)

    def _check_combine(self, group: Group) -> None:
        parts = group.combined
        match group.combine:
            case Combine.WEIGHTED:
                self._check_weights(group)
            case Combine.BEST if parts and group.count > len(parts):
                said = sentence(
                    "The best %(count)s count, but there are only %(parts)s parts.",
                    count=group.count,
                    parts=len(parts),
                )
                self._note(group, "count", said)
            case Combine.MIDDLE_MEAN if group.drop_low + group.drop_high >= len(parts):
                said = sentence(
                    "%(drop)s of %(count)s are left out: none would be left.",
                    drop=group.drop_low + group.drop_high,
                    count=len(parts),
                )
                self._note(group, "drop", said)
            case Combine.BEST if group.part is Part.RECORD and _is_mixed(parts):
                said = sentence(
                    "Of some of these records more is better and of others less: none is the best."
                )
                self._note(group, "combine", said)
            case _:
                pass
        if group.parts is Parts.GIVEN and not parts:
            self._note(group, "parts", sentence("There are no parts here that could be left out."))

    def _check_weights(self, group: Group) -> None:
        for child in group.marked:
            if child.weight is None:
                said = sentence("Every part of a weighted group has a weight in percent; this one has none.")
                self._note(child, "weight", said)
        weights = [child.weight for child in group.marked if child.weight is not None]
        if len(weights) == len(group.marked) and sum(weights, _ZERO) != _HUNDRED:
            said = sentence(
                "The weights make %(sum)s; they must make 100.",
                sum=spelled(sum(weights, _ZERO)),
            )
            self._note(group, "children", said)
        highest = {child.attainable for child in group.marked} - {None}
        if len(highest) > 1:
            said = sentence(
                "The parts of a weighted group must be marked on the same scale; a factor brings them to one."
            )
            self._note(group, "children", said)

    # --- stages -----------------------------------------------------------------------------------

    @cached_property
    def _stages(self) -> frozenset[str]:
        return frozenset(child.id for child in self.tree.stages)

    def _check_stage_keys(self, group: Group) -> None:
        if group.id in self._stages:
            return
        for key, value in (("carry_over", group.carry_over), ("qualify", group.qualify)):
            if value is not None:
                said = sentence("Only a stage of a scheme that combines stages has “%(name)s”.", name=key)
                self._note(group, key, said)

    def _check_stages(self, group: Group) -> None:
        if group is not self.tree:
            said = sentence("Only the whole combines stages: who enters a stage depends on all entrants.")
            self._note(group, "combine", said)
            return
        if len(group.children) < 2:
            self._note(group, "children", sentence("There is only one stage; at least two are combined."))
        for index, stage in enumerate(group.children):
            if not isinstance(stage, Group) or stage.role is not Role.STAGE:
                self._note(stage, "role", sentence("Stages are groups with the role “stage”."))
            elif stage.part is Part.DEDUCTION:
                self._note(stage, "children", sentence("Nothing in this stage gives marks."))
            elif (stage.part, stage.better) != (group.children[0].part, group.children[0].better):
                said = sentence(
                    "The stages are not of one kind: marks cannot be compared or added to records."
                )
                self._note(stage, "children", said)
            else:
                self._check_stage(group, stage, index)

    def _check_stage(self, scheme: Group, stage: Group, index: int) -> None:
        if index == 0:
            for key, value in (("carry_over", stage.carry_over), ("qualify", stage.qualify)):
                if value is not None:
                    said = sentence("Nothing stands before the first stage.")
                    self._note(stage, key, said)
            return
        if stage.carry_over is None:
            said = sentence("Every stage after the first says whether what was reached before is added.")
            self._note(stage, "carry_over", said)
        line = stage.qualify.at_least if stage.qualify is not None else None
        before = scheme.reachable[index - 1] if len(scheme.reachable) >= index else None
        if line is not None and before is not None and line > before:
            said = sentence(
                "Nobody enters this stage: before it, at most %(highest)s can be reached.",
                highest=spelled(before),
            )
            self._note(stage, "qualify", said)


def _is_mixed(parts: Iterable[Branch]) -> bool:
    return len({part.better for part in parts}) > 1
