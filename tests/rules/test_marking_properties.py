"""What holds of the marking of any contest: a better mark never hurts, and the working re-adds to the value."""

from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from competition.rules.contest import outcome_of, parse
from competition.rules.marking import Reckoning
from competition.rules.numbers import as_decimal
from competition.rules.scheme import (
    Attempts,
    Better,
    Combine,
    Group,
    Panel,
    PanelCombine,
    Part,
    Value,
    walk,
)
from tests.rules.generated_contests import generated_contest

documents = st.integers(0, 10**9).map(generated_contest)


def workings(working):
    yield working
    for child in working.children:
        yield from workings(child)


def rises(aspect, asked):
    """Whether a higher mark at this aspect is a better one, whatever the others gave."""
    method = aspect.method
    if isinstance(method, Panel):
        return method.combine is not PanelCombine.MAJORITY and aspect.id not in asked
    return isinstance(method, Value) or (isinstance(method, Attempts) and method.better is Better.HIGHER)


@given(documents, st.integers(0, 10**9))
def test_a_higher_mark_never_lowers_a_value_unless_less_is_better(document, seed):
    contest = parse(document)
    scheme, nodes = contest.ruleset.scheme, contest.ruleset.nodes
    asked = {leaf.method.majority_of for leaf in contest.ruleset.aspects if isinstance(leaf.method, Panel)}
    raisable = [
        (index, mark)
        for index, mark in enumerate(document["marks"])
        if "value" in mark and mark.get("kind", "mark") == "mark" and rises(nodes[mark["aspect"]], asked)
    ]
    assume(raisable)
    index, mark = Random(seed).choice(raisable)
    method: Any = nodes[mark["aspect"]].method  # type: ignore[union-attr]
    high = method.max if isinstance(method, Value) else method.high
    raised = list(document["marks"])
    raised[index] = {**mark, "value": str(as_decimal(high))}
    better = parse({**document, "marks": raised})
    who = mark["entrant"]
    before, after = (Reckoning(who, each.marks[who]) for each in (contest, better))
    before.value(scheme)
    after.value(scheme)
    for name, value in before.values.items():
        if value is not None and nodes[name].better is Better.HIGHER:
            assert after.values[name] >= value, name


@given(documents)
def test_the_working_has_the_same_values_as_the_outcome(document):
    outcome = outcome_of(parse(document))
    for line in outcome.lines:
        for working in workings(outcome.working(line.entrant)):
            assert working.exact == line.values[working.node]
            assert working.exact is None or working.steps[-1].value == as_decimal(working.exact)


def re_added(group, values):
    """The value of the parts that count, by plain arithmetic."""
    if group.combine is Combine.WEIGHTED:
        parts = [child for child in group.combined if child.id in values]
        return sum((values[child.id] * child.weight / 100 for child in parts), Fraction(0))
    total = sum(values.values(), Fraction(0))
    return total / len(values) if group.combine in (Combine.MEAN, Combine.MIDDLE_MEAN) else total


@given(documents)
def test_the_parts_that_count_re_add_to_what_the_group_makes_of_them(document):
    contest = parse(document)
    outcome = outcome_of(contest)
    groups = [each for each in walk(contest.ruleset.scheme) if isinstance(each, Group) and not each.stages]
    for line in outcome.lines:
        by_node = {working.node: working for working in workings(outcome.working(line.entrant))}
        for group in groups:
            working = by_node[group.id]
            made = [step for step in working.steps if step.kind == group.combine.value]
            if not made or group.part is Part.DEDUCTION:
                continue
            values = {
                child.id: by_node[child.id].exact
                for child in group.combined
                if child.id not in working.left_out and by_node[child.id].exact is not None
            }
            assert made[0].value == as_decimal(re_added(group, values)), group.id
