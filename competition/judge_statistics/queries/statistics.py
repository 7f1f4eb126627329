"""The marks of an event as the statistics of judges need them: by seat, by code, in the order of the judge's day."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.panels.models import Judge, Seat
from competition.results.queries import codes_of
from competition.rules import contest, judge_influence
from competition.rules.contest import Contest, Outcome
from competition.rules.judge_pace import Made, Pace, orders, paces
from competition.rules.judge_statistics import Score
from competition.rules.scheme import LEVELS, Aspect, Judgement, Panel
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState
from competition.scoring.queries import contest_document, shadow_marks_of
from competition.scoring.queries.levels import BLANK
from competition.tablets.models import Device, DeviceKind


@dataclass(frozen=True)
class Marked:
    """The scores of an event, with what people call seats and entrants."""

    contest: Contest
    scores: tuple[Score, ...]
    codes: dict[str, str]
    names: dict[str, str]
    paces: Mapping[str, Pace]

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """The aspects that several judges mark, in the order of the rule set."""
        return tuple(aspect for aspect in self.contest.ruleset.aspects if range_of(aspect) is not None)


def marked(event: Event) -> Marked:
    """Every mark that stands now at an aspect of several judges. Sheets declared void are left out of it."""
    found = contest.parse(_with_shadows(event))
    made = _made(event)
    codes = codes_of(event)
    return Marked(
        contest=found,
        scores=tuple(_scores(found, codes, orders(made))),
        codes=codes,
        names=_names(event),
        paces=paces(made),
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


def _scores(
    found: Contest, codes: Mapping[str, str], places: Mapping[tuple[str, str], Fraction]
) -> list[Score]:
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
                        order=places.get((judge, codes.get(entrant, ""))),
                        shadow=shadow,
                    )
                    for judge, mark in marks.items()
                    if isinstance(mark, Fraction)
                ]
    return scores


def _made(event: Event) -> list[Made]:
    """How the marks that stand came. Rulings are not the judge's, and cleared cells are no marks: both are left out."""
    rows = session.execute(
        select(
            Sheet.module,
            Sheet.seat_label,
            Sheet.code,
            Device.id,
            Device.kind,
            MarkOperation.sequence,
            MarkOperation.device_time,
            MarkOperation.received_at,
        )
        .join(Mark, (Mark.event_id == Sheet.event_id) & (Mark.sheet_id == Sheet.id))
        .join(MarkOperation, (MarkOperation.event_id == Mark.event_id) & (MarkOperation.op_id == Mark.op_id))
        .join(Device, (Device.event_id == MarkOperation.event_id) & (Device.id == MarkOperation.device_id))
        .where(
            Sheet.event_id == event.id,
            Sheet.state != SheetState.VOID,
            Mark.state != BLANK,
            Device.kind != DeviceKind.FLOOR,
        )
    )
    return [
        Made(f"{module}.{label}", code, device, kind == DeviceKind.PAPER, sequence, clock, received_at)
        for module, label, code, device, kind, sequence, clock, received_at in rows
    ]


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
