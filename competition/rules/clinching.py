"""Clinching: who goes on for certain while marks are still coming, who no longer can, and whose prospects are open.

Source: docs/sources.md, judging §4 (a board shows provisional and clinched advancement apart). An entrant's value lies
between what is certain already and what is still possible: a missing aspect is worth at least the least and at most the
most it can give, deductions may still be made up to their cap. Nothing is called certain that a mark could undo.

Assumptions: whoever has all marks is settled, deductions included, unless the caller says who is; an equal value may
still be told apart, so it counts as ahead when something is to be certain; disqualifications and withdrawals are not
marks. Where no limits can be stated (a declared value, stages, parts that may be left out, deductions without a cap)
there are none, and nothing is certain.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from competition.rules.contest.document import Contest, Entrant, EntrantStatus
from competition.rules.marking import Given, Reckoning
from competition.rules.numbers import rounded
from competition.rules.ranking import By, Comparator, Direction
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Branch,
    Combine,
    Counts,
    CutOff,
    Deduction,
    Effect,
    Group,
    Judgement,
    Linear,
    Panel,
    PanelCombine,
    Part,
    Parts,
    Record,
    Time,
    walk,
)
from competition.rules.sentences import Sentence, sentence

_ZERO = Fraction(0)
_NOTHING = Given()
_LAST = Fraction(-(10**18))  # no value, and none can come: behind everybody who has one

Limit = Fraction | None
"""One end of what is possible; None where there is no limit."""


class Standing(StrEnum):
    """Goes on for certain; would go on as marks stand; would not, but still can; can no longer."""

    CLINCHED = "clinched"
    PROVISIONAL = "provisional"
    OPEN = "open"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Bound:
    """Between what values an entrant can still end, and where the entrant stands now; the higher the better.

    Where the lower value is the better one all three are taken negative. None: there is no limit, or no value yet.
    """

    entrant: str
    lowest: Limit
    highest: Limit
    now: Fraction | None = None
    delegation: str = ""

    @property
    def stands_at(self) -> Fraction | None:
        return self.lowest if self.now is None else self.now


@dataclass(frozen=True, slots=True)
class Prospect:
    """The prospects of one entrant, and why."""

    entrant: str
    standing: Standing
    sentence: Sentence


def prospects(
    bounds: Iterable[Bound], quota: int, *, delegation_cap: int | None = None
) -> tuple[Prospect, ...]:
    """The prospects of everybody by the general quota, in the order given. Nobody certain can lose that to a mark within
    the bounds, nobody who is out can come in by one. Raises ValueError for a quota below 0."""
    if quota < 0:
        raise ValueError(str(sentence("The quota is the number of entrants who go on: 0 or more.")))
    everybody = tuple(bounds)
    field = _Field(everybody)
    by_delegation: dict[str, list[Bound]] = defaultdict(list)
    for bound in everybody:
        by_delegation[bound.delegation].append(bound)
    fields = {name: _Field(own) for name, own in by_delegation.items() if name}
    return tuple(_prospect(bound, quota, delegation_cap, field, fields) for bound in everybody)


class _Field:
    """How many can be, are, and certainly are ahead of a value."""

    def __init__(self, bounds: Sequence[Bound]) -> None:
        self.size = len(bounds)
        self._highest = sorted(each.highest for each in bounds if each.highest is not None)
        self._lowest = sorted(each.lowest for each in bounds if each.lowest is not None)
        self._now = sorted(at for each in bounds if (at := each.stands_at) is not None)

    def others_who_can_reach(self, bound: Bound) -> int:
        """How many others can still end level with the least this entrant ends with, or above."""
        if bound.lowest is None:
            return self.size - 1
        return self.size - bisect_left(self._highest, bound.lowest) - 1

    def certainly_ahead(self, bound: Bound) -> int:
        """How many others end above the most this entrant can end with."""
        return 0 if bound.highest is None else len(self._lowest) - bisect_right(self._lowest, bound.highest)

    def ahead_now(self, bound: Bound) -> int:
        at = bound.stands_at
        return len(self._now) if at is None else len(self._now) - bisect_right(self._now, at)


def _prospect(
    bound: Bound, quota: int, cap: int | None, field: _Field, fields: Mapping[str, _Field]
) -> Prospect:
    own = fields.get(bound.delegation) if cap is not None else None
    threats = field.others_who_can_reach(bound)
    ahead = _ahead_within_caps(bound, cap, field, fields)
    if own is not None and cap is not None and (of_own := own.certainly_ahead(bound)) >= cap:
        why = sentence(
            "Can no longer go on: %(ahead)s others of the delegation end ahead whatever marks still come, and"
            " %(cap)s of a delegation go on.",
            ahead=of_own,
            cap=cap,
        )
        return Prospect(bound.entrant, Standing.OUT, why)
    if ahead >= quota:
        why = sentence(
            "Can no longer go on: %(ahead)s others end ahead whatever marks still come, and %(quota)s go on.",
            ahead=ahead,
            quota=quota,
        )
        return Prospect(bound.entrant, Standing.OUT, why)
    if threats < quota and (own is None or cap is None or own.others_who_can_reach(bound) < cap):
        why = sentence(
            "Goes on whatever marks still come: no more than %(others)s others can still be level or ahead, and"
            " %(quota)s go on.",
            others=threats,
            quota=quota,
        )
        return Prospect(bound.entrant, Standing.CLINCHED, why)
    place = field.ahead_now(bound) + 1
    if place <= quota and (own is None or cap is None or own.ahead_now(bound) < cap):
        why = sentence(
            "Stands in place %(place)s as marks are now, and %(quota)s go on; %(others)s others can still be level"
            " or ahead.",
            place=place,
            quota=quota,
            others=threats,
        )
        return Prospect(bound.entrant, Standing.PROVISIONAL, why)
    why = sentence(
        "Stands in place %(place)s as marks are now, and %(quota)s go on; only %(ahead)s others end ahead for"
        " certain, so it is still possible.",
        place=place,
        quota=quota,
        ahead=ahead,
    )
    return Prospect(bound.entrant, Standing.OPEN, why)


def _ahead_within_caps(bound: Bound, cap: int | None, field: _Field, fields: Mapping[str, _Field]) -> int:
    """How many others certainly fill places before this entrant: of each delegation no more than its cap."""
    ahead = field.certainly_ahead(bound)
    if cap is None or not ahead:
        return ahead
    counted = [each.certainly_ahead(bound) for each in fields.values()]
    return ahead - sum(counted) + sum(min(each, cap) for each in counted)


# --- what is still possible -------------------------------------------------------------------------


def bounds(contest: Contest, *, settled: Collection[str] | None = None) -> tuple[Bound, ...]:
    """Between which values everybody who can go on can still end, by the value that places are decided by first.

    Only who is present and eligible is among them. `settled` are those for whom nothing more is recorded; without it,
    everybody whose marks are complete.
    """
    first = contest.ruleset.ranking[0]
    scope = _Scope.of(contest, first)
    return tuple(
        _bound(contest, entrant, scope, first, settled)
        for entrant in contest.entrants
        if entrant.status is EntrantStatus.PRESENT and entrant.award_eligible
    )


@dataclass(frozen=True)
class _Scope:
    """The node that is compared first, the aspects it is made of, and whether limits can be stated at all."""

    node: Branch
    aspects: tuple[Aspect, ...]
    has_limits: bool

    @classmethod
    def of(cls, contest: Contest, first: Comparator) -> "_Scope":
        ruleset = contest.ruleset
        node = ruleset.nodes[first.node] if first.by is By.VALUE else ruleset.scheme
        below = tuple(walk(node))
        is_open = any(
            isinstance(each, Group) and (each.parts is Parts.GIVEN or each.combine is Combine.STAGES)
            for each in below
        )
        aspects = tuple(each for each in below if isinstance(each, Aspect))
        counted = tuple(each for each in aspects if node.part is Part.RECORD or each.part is not Part.RECORD)
        return cls(node, counted, first.by is By.VALUE and not is_open)


def _bound(
    contest: Contest, entrant: Entrant, scope: _Scope, first: Comparator, settled: Collection[str] | None
) -> Bound:
    marks = contest.marks.get(entrant.id, {})
    reckoning = Reckoning(entrant.id, marks, contest.ruleset.ranked_by)
    value = reckoning.value(scope.node)
    is_full = all(_is_full(aspect, marks.get(aspect.id, _NOTHING)) for aspect in scope.aspects)
    is_settled = is_full if settled is None else entrant.id in settled
    is_record = scope.node.part is Part.RECORD
    if is_settled and value is not None:
        return _directed(entrant, first.direction, value, value, value)
    if is_settled and is_record:
        return Bound(entrant.id, _LAST, _LAST, None, entrant.delegation)
    if not scope.has_limits:
        return _directed(entrant, first.direction, None, None, value)
    ends = {aspect.id: _ends(aspect, marks.get(aspect.id, _NOTHING), reckoning) for aspect in scope.aspects}
    lowest = _with(entrant, scope, {name: low for name, (low, _) in ends.items()})
    highest = _with(entrant, scope, {name: high for name, (_, high) in ends.items()})
    bound = _directed(entrant, first.direction, lowest, highest, value)
    return (
        replace(bound, lowest=None) if is_record else bound
    )  # who does not finish has no value, and comes last


def _directed(entrant: Entrant, direction: Direction, lowest: Limit, highest: Limit, now: Limit) -> Bound:
    if direction is Direction.ASC:
        lowest, highest = _negative(highest), _negative(lowest)
        now = _negative(now)
    return Bound(entrant.id, lowest, highest, now, entrant.delegation)


def _negative(value: Limit) -> Limit:
    return None if value is None else -value


def _with(entrant: Entrant, scope: _Scope, ends: Mapping[str, Limit]) -> Limit:
    """What the whole comes to with these values of all aspects, by the same reckoning as ever."""
    if any(value is None for value in ends.values()):
        return None
    reckoning = Reckoning(entrant.id, {})
    reckoning.values.update(ends)
    return ends[scope.node.id] if isinstance(scope.node, Aspect) else reckoning.value(scope.node)


def _ends(aspect: Aspect, given: Given, reckoning: Reckoning) -> tuple[Limit, Limit]:
    """The least and the most this aspect can still come to, for somebody to whom marks may still come."""
    value = reckoning.values.get(aspect.id)
    method = aspect.method
    if isinstance(method, Deduction):
        return _worst_deduction(aspect, method), value
    if value is not None and _is_full(aspect, given) and not isinstance(method, Time):
        return value, value
    low, high = (_finished(aspect, end) for end in _range(aspect))
    if aspect.part is Part.MARKS and low is not None and high is not None:
        return min(_ZERO, low), max(_ZERO, high)  # not attempted is worth 0, whatever the floor
    return low, high


def _is_full(aspect: Aspect, given: Given) -> bool:
    """Whether no further mark is awaited here: every seat has marked, every try is made, or there is a state."""
    if given.state is not None or given.agreed is not None:
        return True
    match aspect.method:
        case Panel(judges=judges) | Judgement(judges=judges):
            return len(given.standing) >= judges
        case Attempts(attempts=attempts):
            return len(given.attempts or ()) >= attempts
        case Deduction():
            return True
        case _:
            return given.measured is not None


def _worst_deduction(aspect: Aspect, method: Deduction) -> Limit:
    match method.effect:
        case Effect.VOID:
            return Fraction(-1)
        case Effect.PERCENT:
            return Fraction(-100)
        case Effect.POINTS:
            return None if aspect.cap is None else -aspect.cap


def _range(aspect: Aspect) -> tuple[Limit, Limit]:
    """What the method allows, before factor, floor and cap."""
    match aspect.method:
        case Panel(declared=declared) if declared is not None:
            return None, None
        case Panel(low=low, high=high, judges=judges, combine=combine, rounding=rounding):
            seats = judges if combine is PanelCombine.SUM else 1
            ends = low * seats, high * seats
            return ends if rounding is None else (rounded(ends[0], rounding), rounded(ends[1], rounding))
        case Attempts(low=low, high=high, attempts=attempts, counts=counts):
            tries = attempts if counts is Counts.SUM else 1
            return low * tries, high * tries
        case Time(cut_off=cut_off, cut_off_effect=effect):
            return _ZERO, cut_off if effect is CutOff.CAP else None
        case Record(low=low, high=high):
            return low, high
        case Linear() if aspect.floor is not None:
            return aspect.floor / aspect.factor, _most(aspect)
        case _:
            return _ZERO, _most(aspect)


def _most(aspect: Aspect) -> Limit:
    """The highest mark before the factor."""
    return None if aspect.attainable is None else aspect.attainable / aspect.factor


def _finished(aspect: Aspect, value: Limit) -> Limit:
    """Factor, floor, cap and rounding, as for every mark."""
    if value is None:
        return None
    value *= aspect.factor
    value = value if aspect.cap is None else min(value, aspect.cap)
    value = value if aspect.floor is None else max(value, aspect.floor)
    return value if aspect.rounding is None else rounded(value, aspect.rounding)
