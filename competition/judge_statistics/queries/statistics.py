"""The marks of an event as the statistics of judges need them: by seat, by code, in the order of the judge's day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Any

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.panels.models import Judge, Seat
from competition.results.queries import codes_of
from competition.rules import contest, judge_influence
from competition.rules.contest import Contest, Outcome
from competition.rules.judge_statistics import Score
from competition.rules.scheme import LEVELS, Aspect, Judgement, Panel
from competition.scoring.models import Mark, Sheet, SheetState
from competition.scoring.queries import contest_document, shadow_marks_of

LEAST_FOR_SPEED = 5


@dataclass(frozen=True)
class Marked:
    """The scores of an event, with what people call seats and entrants."""

    contest: Contest
    scores: tuple[Score, ...]
    codes: dict[str, str]
    names: dict[str, str]
    seconds: dict[str, float]

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """The aspects that several judges mark, in the order of the rule set."""
        return tuple(aspect for aspect in self.contest.ruleset.aspects if range_of(aspect) is not None)


def marked(event: Event) -> Marked:
    """Every mark that stands now at an aspect of several judges. Sheets declared void are left out of it."""
    found = contest.parse(_with_shadows(event))
    moments = _moments(event)
    codes = codes_of(event)
    return Marked(
        contest=found,
        scores=tuple(_scores(found, _orders(moments, codes))),
        codes=codes,
        names=_names(event),
        seconds=_seconds(moments),
    )


def _with_shadows(event: Event) -> dict[str, Any]:
    """The contest document with the marks of shadow judges, which no result ever has."""
    document, marks = contest_document(event), shadow_marks_of(event)
    shadows = sorted({str(mark["judge"]) for mark in marks})
    return {
        **document,
        "judges": [*document["judges"], *({"id": name, "shadow": True} for name in shadows)],
        "marks": [*document["marks"], *marks],
    }


def outcome(marked: Marked) -> Outcome:
    """The result as the marks stand now; entrants with missing marks have no place in it."""
    return contest.outcome_of(marked.contest)


def moved_by(marked: Marked, seat: str) -> tuple[judge_influence.Moved, ...]:
    """Whose place or award this seat decides."""
    return judge_influence.moved_by(outcome(marked), seat)


def range_of(aspect: Aspect) -> Fraction | None:
    """Highest − lowest mark of an aspect of several judges; None for what is measured or counted."""
    if isinstance(aspect.method, Panel):
        return aspect.method.high - aspect.method.low
    return Fraction(LEVELS) if isinstance(aspect.method, Judgement) else None


def _scores(found: Contest, orders: dict[tuple[str, str], int]) -> list[Score]:
    delegations = {judge.id: judge.delegation for judge in found.judges}
    entrants = {entrant.id: entrant.delegation for entrant in found.entrants}
    ranges = {aspect.id: span for aspect in found.ruleset.aspects if (span := range_of(aspect)) is not None}
    scores = []
    for entrant, aspects in found.marks.items():
        for aspect, given in aspects.items():
            if aspect not in ranges:
                continue
            for shadow, marks in ((False, given.standing), (True, given.shadows or {})):
                scores += [
                    Score(
                        judge,
                        entrant,
                        aspect,
                        mark,
                        ranges[aspect],
                        own=bool(delegations.get(judge)) and delegations[judge] == entrants[entrant],
                        order=orders.get((judge, entrant), 0),
                        shadow=shadow,
                    )
                    for judge, mark in marks.items()
                    if isinstance(mark, Fraction)
                ]
    return scores


def _moments(event: Event) -> dict[tuple[str, str], list[datetime]]:
    """When the marks of each sheet were made, by seat and code, earliest first."""
    rows = session.execute(
        select(Sheet.module, Sheet.seat_label, Sheet.code, Mark.marked_at)
        .join(Mark, (Mark.event_id == Sheet.event_id) & (Mark.sheet_id == Sheet.id))
        .where(Sheet.event_id == event.id, Sheet.state != SheetState.VOID)
        .order_by(Mark.marked_at)
    )
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for module, label, code, at in rows:
        found[f"{module}.{label}", code].append(at)
    return found


def _orders(
    moments: dict[tuple[str, str], list[datetime]], codes: dict[str, str]
) -> dict[tuple[str, str], int]:
    """Which sheet of the judge's day each was, from the moment of its first mark."""
    entrants = {code: entrant for entrant, code in codes.items()}
    by_seat: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for (seat, code), times in moments.items():
        by_seat[seat].append((times[0], code))
    return {
        (seat, entrants[code]): order
        for seat, sheets in by_seat.items()
        for order, (_, code) in enumerate(sorted(sheets))
        if code in entrants
    }


def _seconds(moments: dict[tuple[str, str], list[datetime]]) -> dict[str, float]:
    """The median time between two marks of a sheet, by seat; only sheets with several marks say something."""
    gaps: dict[str, list[float]] = defaultdict(list)
    for (seat, _), times in moments.items():
        if len(times) >= LEAST_FOR_SPEED:
            gaps[seat].append((times[-1] - times[0]).total_seconds() / (len(times) - 1))
    return {seat: median(values) for seat, values in gaps.items()}


def _names(event: Event) -> dict[str, str]:
    """Who has or had each seat, the present holder first."""
    rows = session.execute(
        select(Seat, Judge)
        .join(Judge, Judge.id == Seat.judge_id)
        .where(Seat.event_id == event.id)
        .order_by(Seat.released_at.is_(None).desc(), Seat.assigned_at.desc())
    )
    names: dict[str, str] = {}
    for seat, judge in rows:
        names.setdefault(f"{seat.module}.{seat.label}", judge.account.name)
    return names
