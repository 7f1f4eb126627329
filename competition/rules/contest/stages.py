"""Who enters which stage: decided stage by stage, over all entrants, by the value reached so far.

Source: docs/sources.md, domain §5.1.1 (theory first, the first 60 go on to the practical final), judging §4 (18 → 12, a tie at
the line all go on, who withdraws keeps the partial sum). Assumptions: who was absent, has withdrawn or was disqualified
takes a place in a stage only if something is recorded for them there; who has no value never enters by a line. While
marks of the stages before are missing, the line is open: who has marks in the stage counts as having entered it.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from competition.rules.contest.document import Contest, Entrant, EntrantStatus
from competition.rules.contest.outcome import reckoning_of
from competition.rules.marking import Reckoning
from competition.rules.numbers import whole_number
from competition.rules.ranking import Direction
from competition.rules.scheme import Group, LineTies, Qualify


def decide_stages(contest: Contest, reckonings: Mapping[str, Reckoning]) -> None:
    """Note in each reckoning which stage was the last that the entrant reached."""
    scheme, entered = contest.ruleset.scheme, list(contest.entrants)
    for reckoning in reckonings.values():
        reckoning.reached = 0
    for index in range(1, len(scheme.stages)):
        entered = _entering(contest, entered, index, reckonings)
        for entrant in entered:
            reckonings[entrant.id].reached = index


def entered_so_far(contest: Contest) -> tuple[frozenset[str], ...]:
    """The entrants of each stage that is decided by the marks there are: one set for each, the first stage first.

    A stage is decided once nobody who is present misses anything in the stages before it; the tuple ends before the first
    stage that is not. A rule set without stages has one, with everybody in it.
    """
    scheme, entered = contest.ruleset.scheme, list(contest.entrants)
    reckonings = {entrant.id: reckoning_of(contest, entrant.id) for entrant in entered}
    found = [frozenset(reckonings)]
    for index in range(1, len(scheme.stages)):
        here = [reckonings[entrant.id] for entrant in entered if entrant.status is EntrantStatus.PRESENT]
        for reckoning in here:
            reckoning.reached_value(scheme, index - 1)
        if any(reckoning.blockers for reckoning in here):
            break
        entered = _entering(contest, entered, index, reckonings)
        found.append(frozenset(entrant.id for entrant in entered))
    return tuple(found)


def _entering(
    contest: Contest, before: Sequence[Entrant], index: int, reckonings: Mapping[str, Reckoning]
) -> list[Entrant]:
    """Those of the stage before who enter this one."""
    ruleset, stage = contest.ruleset, contest.ruleset.scheme.stages[index]
    candidates = [entrant for entrant in before if _takes_part(contest, entrant, stage)]
    reached = {
        entrant.id: reckonings[entrant.id].reached_value(ruleset.scheme, index - 1) for entrant in candidates
    }
    if stage.qualify is None:
        return candidates
    values = {entrant: value for entrant, value in reached.items() if value is not None}
    inside = qualified(stage.qualify, values, ruleset.direction)
    is_open = any(reckonings[entrant.id].blockers for entrant in candidates)
    return [
        entrant
        for entrant in candidates
        if entrant.id in inside or (is_open and _has_marks(contest, entrant, stage))
    ]


def _takes_part(contest: Contest, entrant: Entrant, stage: Group) -> bool:
    return entrant.status is EntrantStatus.PRESENT or _has_marks(contest, entrant, stage)


def _has_marks(contest: Contest, entrant: Entrant, stage: Group) -> bool:
    marks = contest.marks.get(entrant.id, {})
    return any(name in marks and not marks[name].is_empty for name in stage.aspect_ids)


def qualified(rule: Qualify, values: Mapping[str, Fraction], direction: Direction) -> frozenset[str]:
    """Who is on the right side of the line. A tie at the line goes in or stays out as a whole, as the rule says."""
    sign = 1 if direction is Direction.DESC else -1
    if rule.at_least is not None:
        least = rule.at_least
        return frozenset(name for name, value in values.items() if sign * (value - least) >= 0)
    number = rule.count
    if number is None:
        number = whole_number((rule.fraction or Fraction(0)) * len(values), rule.rounding)
    if number >= len(values):
        return frozenset(values)
    order = sorted((sign * value for value in values.values()), reverse=True)
    if number < 1:
        return frozenset()
    line, is_tied = order[number - 1], order[number] == order[number - 1]
    includes_line = not is_tied or rule.ties is LineTies.ALL
    return frozenset(
        name
        for name, value in values.items()
        if sign * value > line or (includes_line and sign * value == line)
    )
