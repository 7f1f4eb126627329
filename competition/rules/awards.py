"""Awards: who receives which, from the places.

Source: docs/sources.md, domain §7.1 (percentages of entrants, fixed numbers, bands of ranks, medals and then an award of excellence up
to the top half) and §5.12 (47 entrants at 10/20/30: the rounding must be stated). Assumptions: the denominator counts
everybody of the stated kind, with or without award eligibility; an award line falls between places, so a shared place
that crosses it is on one side of it as a whole, as `ties` says.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

from competition.rules.numbers import RoundingMode, whole_number
from competition.rules.titles import Title


class AwardModel(StrEnum):
    """How the number of awards is found."""

    COUNTS = "counts"
    PERCENT = "percent"
    BANDS = "bands"
    TOP_FRACTION = "top_fraction"


class Denominator(StrEnum):
    """Of whom a share is taken: everybody registered, everybody who came, everybody with complete marks."""

    REGISTERED = "registered"
    PRESENT = "present"
    COMPLETED = "completed"


class AwardTies(StrEnum):
    """Whether a shared place that crosses the line receives the higher award or not."""

    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Award:
    """One award. `amount` is a number of awards, a percentage or a fraction, as the model says; bands have two ends."""

    id: str
    title: Title
    amount: Fraction = Fraction(0)
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class AwardRule:
    """The award part of a rule set. `merit` is the award for everybody else within a top fraction (优胜奖)."""

    model: AwardModel
    awards: tuple[Award, ...]
    denominator: Denominator
    rounding: RoundingMode
    ties: AwardTies
    merit: Award | None

    def title_of(self, award: str) -> Title | None:
        every = (*self.awards, self.merit) if self.merit else self.awards
        return next((each.title for each in every if each.id == award), None)


@dataclass(frozen=True, slots=True)
class AwardLine:
    """What the awards need to know of an entrant: the place, if any, and whether awards are open to them."""

    entrant: str
    place: int | None
    eligible: bool
    is_present: bool
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Awarded:
    """The place among those to whom awards are open, and the award, if one is reached."""

    award_place: int
    award: str | None


@dataclass(frozen=True, slots=True)
class _Reach:
    """An award with the last award place that it reaches."""

    award: str
    first: int
    last: int


def awards(lines: Iterable[AwardLine], rule: AwardRule) -> Mapping[str, Awarded]:
    """The awards by entrant. Who has no place, or may not receive an award, is not among them.

    Whoever competes without award eligibility keeps their place; the award ranking moves up, shared places staying
    shared (1, 2, 2, 4).
    """
    everybody = tuple(lines)
    reaches = _reaches(rule, _denominator(everybody, rule.denominator))
    eligible = sorted(
        (line.place, line.entrant) for line in everybody if line.eligible and line.place is not None
    )
    awarded: dict[str, Awarded] = {}
    for _, group in groupby(eligible, key=lambda pair: pair[0]):
        tied = [entrant for _, entrant in group]
        first = len(awarded) + 1
        award = _award(reaches, first, len(awarded) + len(tied), rule.ties)
        awarded.update({entrant: Awarded(first, award) for entrant in tied})
    return MappingProxyType(awarded)


def numbers_of_awards(rule: AwardRule, denominator: int) -> tuple[tuple[str, int], ...]:
    """How many of each award there are for so many entrants, ties aside: (award, number), for people who plan."""
    return tuple((reach.award, max(0, reach.last - reach.first + 1)) for reach in _reaches(rule, denominator))


def _denominator(lines: Sequence[AwardLine], denominator: Denominator) -> int:
    if denominator is Denominator.REGISTERED:
        return len(lines)
    if denominator is Denominator.PRESENT:
        return sum(line.is_present for line in lines)
    return sum(line.is_present and line.is_complete for line in lines)


def _reaches(rule: AwardRule, denominator: int) -> tuple[_Reach, ...]:
    reaches: list[_Reach] = []
    last = 0
    for award in rule.awards:
        first = award.first if rule.model is AwardModel.BANDS else last + 1
        last = _last(award, rule, denominator, last)
        reaches.append(_Reach(award.id, first, last))
    if rule.merit is not None:
        reaches.append(
            _Reach(
                rule.merit.id,
                last + 1,
                whole_number(rule.merit.amount * denominator, rule.rounding),
            )
        )
    return tuple(reaches)


def _last(award: Award, rule: AwardRule, denominator: int, before: int) -> int:
    match rule.model:
        case AwardModel.COUNTS:
            return before + int(award.amount)
        case AwardModel.PERCENT:
            return before + whole_number(award.amount * denominator / 100, rule.rounding)
        case AwardModel.BANDS:
            return award.last
        case AwardModel.TOP_FRACTION:
            return whole_number(award.amount * denominator, rule.rounding)


def _award(reaches: Sequence[_Reach], first: int, last: int, ties: AwardTies) -> str | None:
    """The award of those who share the award places `first` to `last`."""
    decisive = first if ties is AwardTies.ALL else last
    return next(
        (reach.award for reach in reaches if reach.first <= decisive <= reach.last),
        None,
    )
