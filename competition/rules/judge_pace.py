"""How fast a judge marks, and the order of the judge's day, as far as the tablets can tell.

The server's clock says when marks arrived: a tablet that was out of reach for an hour sends an hour's marks in one moment,
and paper is typed hours later. What tells when a mark was made is the clock of the tablet, which the mark carries. That clock
may be days off and a judge can set it, so it is evidence and no more: two of its readings are compared only with each
other, never with the server's or another tablet's, and nothing that counts is decided by it.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby, pairwise
from typing import TypeVar

from competition.rules.numbers import median_of

Key = TypeVar("Key", bound=Hashable)

LEAST_MARKS = 3
"""Marks on a sheet from which it says something about speed: a panel often has no more."""
LONGEST = timedelta(hours=12)
"""A sheet that took longer by the tablet's clock was left lying, or the clock was set."""

_TICK, _TICKS = timedelta(microseconds=1), 10**6


@dataclass(frozen=True, slots=True)
class Made:
    """A mark that stands, and how it came: `sequence` is its number on the tablet, `clock` what the tablet's clock said.

    `received_at` is the server's moment, the same for all marks of one batch.
    """

    judge: str
    code: str
    tablet: Hashable
    on_paper: bool
    sequence: int
    clock: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds from mark to mark (the median of the sheets' means), and the number of sheets that told it."""

    seconds: Fraction
    sheets: int


def paces(made: Iterable[Made]) -> Mapping[str, Pace]:
    """How fast each judge marks; judges of whom no sheet tells are not in it.

    A sheet tells with three marks and more, all made on one tablet, whose clock can be read at every one of them, never runs
    backwards in the tablet's own numbering, and passes more than nothing and at most twelve hours from the first to the
    last. Marks that all carry one moment were stamped, not timed. Paper tells nothing.
    """
    seconds: dict[str, list[Fraction]] = defaultdict(list)
    for (judge, _), sheet in _by(made, lambda each: (each.judge, each.code)).items():
        span = _span(sheet)
        if span is not None:
            seconds[judge].append(Fraction(span // _TICK, _TICKS * (len(sheet) - 1)))
    return {judge: Pace(median_of(sorted(found)), len(found)) for judge, found in seconds.items()}


def _span(sheet: Sequence[Made]) -> timedelta | None:
    clocks = _clocks(sheet) if len(sheet) >= LEAST_MARKS else None
    if clocks is None:
        return None
    span = clocks[-1] - clocks[0]
    return span if timedelta(0) < span <= LONGEST else None


def orders(made: Iterable[Made]) -> Mapping[tuple[str, str], Fraction]:
    """The place of every sheet in its judge's day, by judge and code, from the first of its marks that stand.

    A judge who used one tablet is ordered by its clock. Clocks of several tablets cannot be compared: whoever used several,
    or one whose clock cannot be read or runs backwards, is ordered by the moments at which the server received the sheets.
    Sheets of one moment (one batch) share the middle of their places, so that no order is made up among them. Paper
    has no place: the order in which clerks type it is not the judge's.
    """
    on_tablets = (each for each in made if not each.on_paper)
    return {
        (judge, code): order
        for judge, marks in _by(on_tablets, lambda each: each.judge).items()
        for code, order in _places(_moments(marks)).items()
    }


def _moments(marks: Sequence[Made]) -> dict[str, datetime]:
    """When each sheet was begun, by one clock for all of them."""
    sheets = _by(marks, lambda each: each.code)
    firsts = sorted((min(sheet, key=_number) for sheet in sheets.values()), key=_number)
    clocks = _clocks(firsts) if len({mark.tablet for mark in marks}) == 1 else None
    if clocks is not None:
        return {first.code: clock for first, clock in zip(firsts, clocks, strict=True)}
    return {code: min(mark.received_at for mark in sheet) for code, sheet in sheets.items()}


def _places(moments: Mapping[str, datetime]) -> dict[str, Fraction]:
    places: dict[str, Fraction] = {}
    for _, group in groupby(sorted(moments, key=moments.__getitem__), key=moments.__getitem__):
        together = list(group)
        middle = len(places) + Fraction(len(together) - 1, 2)
        places.update(dict.fromkeys(together, middle))
    return places


def _clocks(marks: Sequence[Made]) -> list[datetime] | None:
    """What the tablet's clock said, in the order of its numbers; None where that is no evidence."""
    if len({mark.tablet for mark in marks}) != 1 or any(mark.on_paper for mark in marks):
        return None
    read = [_read(mark.clock) for mark in sorted(marks, key=_number)]
    clocks = [clock for clock in read if clock is not None]
    if len(clocks) < len(read) or any(later < earlier for earlier, later in pairwise(clocks)):
        return None
    return clocks


def _read(clock: str) -> datetime | None:
    """A moment of the clock; without its zone it is none, for the zone may have changed under way."""
    try:
        found = datetime.fromisoformat(clock)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _number(mark: Made) -> int:
    return mark.sequence


def _by(made: Iterable[Made], key: Callable[[Made], Key]) -> dict[Key, list[Made]]:
    groups: dict[Key, list[Made]] = defaultdict(list)
    for each in made:
        groups[key(each)].append(each)
    return groups
