"""Read calibration pieces: who marked them how, against the reference and the mean."""

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, select

from competition.competitions.models import Event
from competition.competitions.queries import aspects_of, event_for, modules_of, rule_set_of
from competition.database import session
from competition.errors import NotFound
from competition.judge_statistics.models import CalibrationMark, CalibrationPiece
from competition.judge_statistics.queries.statistics import range_of
from competition.panels.models import Judge
from competition.panels.queries import judge_of, seats_of, seats_of_judge
from competition.rules.access import Actor, Permission
from competition.rules.numbers import read_number
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect

REFERENCE = "reference"


def judged_aspects(rule_set: RuleSet, module: str) -> tuple[Aspect, ...]:
    """What several judges mark in a module, in the order of the rule set; () for a module there is none of."""
    found = next((group for group in modules_of(rule_set) if group.id == module), None)
    return tuple(aspect for aspect in aspects_of(found) if range_of(aspect) is not None) if found else ()


def pieces_of(event: Event) -> list[CalibrationPiece]:
    """The pieces of an event, the latest first."""
    return list(
        session.scalars(
            select(CalibrationPiece)
            .where(CalibrationPiece.event_id == event.id)
            .order_by(CalibrationPiece.opened_at.desc(), CalibrationPiece.id.desc())
        )
    )


def piece_for(actor: Actor, event_id: UUID, piece_id: UUID, permission: Permission) -> CalibrationPiece:
    """A piece of an event within the actor's reach, or NotFound."""
    event_for(actor, event_id, permission)
    piece: CalibrationPiece | None = session.get(CalibrationPiece, (event_id, piece_id))
    if piece is None:
        raise NotFound()
    return piece


def pieces_for_judge(judge: Judge, event: Event) -> list[CalibrationPiece]:
    """The pieces of the modules in which the judge has a seat, alternates and shadows included."""
    modules = {seat.module for seat in seats_of_judge(judge, event)}
    return [piece for piece in pieces_of(event) if piece.module in modules]


def piece_for_judge(actor: Actor, event_id: UUID, piece_id: UUID) -> tuple[CalibrationPiece, Judge]:
    """A piece that this person may mark as a judge, or NotFound."""
    event, judge = event_for(actor, event_id, Permission.SCORING_SHEET_MARK), judge_of(actor)
    if judge is None:
        raise NotFound()
    piece = next((each for each in pieces_for_judge(judge, event) if each.id == piece_id), None)
    if piece is None:
        raise NotFound()
    return piece, judge


def own_marks(piece: CalibrationPiece, giver: str) -> dict[str, Fraction]:
    """What somebody gave, by aspect."""
    return _marks_of(piece, CalibrationMark.giver == giver).get(giver, {})


def _marks_of(piece: CalibrationPiece, *narrowed: ColumnElement[bool]) -> dict[str, dict[str, Fraction]]:
    """What was given to a piece, by giver and aspect."""
    rows = session.execute(
        select(CalibrationMark.giver, CalibrationMark.aspect, CalibrationMark.value).where(
            CalibrationMark.event_id == piece.event_id, CalibrationMark.piece_id == piece.id, *narrowed
        )
    )
    found: dict[str, dict[str, Fraction]] = {}
    for giver, aspect, value in rows:
        found.setdefault(giver, {})[aspect] = read_number(value)
    return found


@dataclass(frozen=True)
class Calibrated:
    """A piece with everybody's marks. `deviations` are in percent of the range, from the reference or else the mean."""

    aspects: tuple[Aspect, ...]
    reference: dict[str, Fraction]
    means: dict[str, Fraction]
    judges: tuple[tuple[str, dict[str, Fraction], Fraction | None], ...]
    waiting: tuple[str, ...]


def calibrated(piece: CalibrationPiece, event: Event) -> Calibrated:
    """How the judges of the module marked the piece, the most severe first; who has not marked it yet is `waiting`."""
    aspects = judged_aspects(rule_set_of(event), piece.module)
    holders = {str(seat.judge_id): seat.judge.account.name for seat in seats_of(event, piece.module)}
    given = _marks_of(piece)
    reference = given.get(REFERENCE, {})
    marked = {giver: given[giver] for giver in holders if giver in given}
    means = {
        aspect.id: sum((marks[aspect.id] for marks in marked.values()), Fraction(0)) / len(marked)
        for aspect in aspects
        if marked
    }
    base = reference or means
    rows = [(holders[giver], marks, _deviation(aspects, marks, base)) for giver, marks in marked.items()]
    return Calibrated(
        aspects,
        reference,
        means,
        tuple(sorted(rows, key=lambda row: (row[2] is None, row[2] or Fraction(0), row[0]))),
        tuple(sorted(name for giver, name in holders.items() if giver not in marked)),
    )


def _deviation(
    aspects: tuple[Aspect, ...], marks: dict[str, Fraction], base: dict[str, Fraction]
) -> Fraction | None:
    parts = [
        (marks[aspect.id] - base[aspect.id]) * 100 / span
        for aspect in aspects
        if aspect.id in base and (span := range_of(aspect))
    ]
    return sum(parts, Fraction(0)) / len(parts) if parts else None
