"""What a single judge changes: the places as they would be if the marks of this judge were like the others'.

Source: docs/sources.md, judging §5 (leave-one-out). Every mark of the judge is replaced by the mean of the other marks of
the same panel, so that panels keep their size and their trimming; where there is no other mark, it stays.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from competition.rules.contest import Contest, Outcome, outcome_of
from competition.rules.marking import Given

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Moved:
    """An entrant whose place or award the judge decides: as it is, and as it would be."""

    entrant: str
    place: int | None
    place_without: int | None
    award: str | None
    award_without: str | None


def moved_by(outcome: Outcome, judge: str) -> tuple[Moved, ...]:
    """Everybody whose place or award would be another without this judge, in the order of the result."""
    without = outcome_of(without_judge(outcome.contest, judge))
    found = []
    for line in outcome.lines:
        other = without.line(line.entrant)
        if (line.place, line.award) != (other.place, other.award):
            found.append(Moved(line.entrant, line.place, other.place, line.award, other.award))
    return tuple(found)


def without_judge(contest: Contest, judge: str) -> Contest:
    """The contest with the marks of this judge replaced by the mean of the others."""
    marks = {
        entrant: MappingProxyType({aspect: _neutral(given, judge) for aspect, given in aspects.items()})
        for entrant, aspects in contest.marks.items()
    }
    return replace(contest, marks=MappingProxyType(marks))


def _neutral(given: Given, judge: str) -> Given:
    standing = given.standing
    others = [mark for name, mark in standing.items() if name != judge and isinstance(mark, Fraction)]
    if not others or not isinstance(standing.get(judge), Fraction):
        return given
    changed = {**standing, judge: sum(others, _ZERO) / len(others)}
    if given.rounds is None:
        return replace(given, scores=changed)
    return replace(given, rounds={**given.rounds, max(given.rounds): changed})
