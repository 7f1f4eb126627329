"""Calibration: open a piece, mark it, close it. Nothing of it is ever in a result."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, rule_set_of
from competition.database import session
from competition.errors import RuleBroken
from competition.judge_statistics import facts
from competition.judge_statistics.models import CalibrationMark, CalibrationPiece
from competition.judge_statistics.queries import calibrations
from competition.panels.models import Judge
from competition.rules.access import Actor
from competition.rules.marking import MarkKind, mark_refusal
from competition.rules.numbers import read_number
from competition.rules.sentences import Sentence, sentence


def open_piece(event: Event, *, module: str, title: str, by: Actor, at: datetime) -> CalibrationPiece:
    """Offer a piece to all judges of a module. Raises RuleBroken where judges do not mark one by one, or without a title."""
    reasons = []
    if not calibrations.judged_aspects(rule_set_of(event), module):
        reasons.append(sentence("In this module nothing is marked by several judges."))
    if not title.strip():
        reasons.append(sentence("Say what the piece is, so that judges find it."))
    if reasons:
        raise RuleBroken(*reasons)
    piece = CalibrationPiece(
        event_id=event.id,
        id=tokens.new_id(),
        module=module,
        title=title.strip(),
        opened_at=at,
        opened_by=by.account_id,
    )
    session.add(piece)
    session.flush()
    record(facts.PieceOpened(event_id=event.id, subject_id=piece.id, title=piece.title), by=by, at=at)
    return piece


def mark_piece(
    piece: CalibrationPiece, *, marks: Mapping[str, Decimal], judge: Judge | None, by: Actor, at: datetime
) -> None:
    """Write down what a judge gives the piece, aspect by aspect; without a judge it is the reference of the experts.

    Until the piece is closed, marks may be changed. Raises RuleBroken with every mark that cannot be, and when it is
    closed or marks are missing.
    """
    if piece.closed_at is not None:
        raise RuleBroken(sentence("This piece is closed; its marks stay as they are."))
    aspects = calibrations.judged_aspects(rule_set_of(event_by_id(piece.event_id)), piece.module)
    reasons: list[Sentence] = []
    for aspect in aspects:
        if aspect.id not in marks:
            reasons.append(sentence("%(aspect)s: the mark is missing.", aspect=aspect.title))
        elif refused := mark_refusal(aspect, MarkKind.MARK, read_number(marks[aspect.id])):
            reasons.append(refused)
    if reasons:
        raise RuleBroken(*reasons)
    giver = str(judge.id) if judge else calibrations.REFERENCE
    for aspect in aspects:
        found = session.get(CalibrationMark, (piece.event_id, piece.id, giver, aspect.id))
        if found is None:
            found = CalibrationMark(
                event_id=piece.event_id,
                piece_id=piece.id,
                giver=giver,
                aspect=aspect.id,
                value=marks[aspect.id],
                at=at,
            )
            session.add(found)
        found.value, found.at = marks[aspect.id], at
    session.flush()
    record(facts.PieceMarked(event_id=piece.event_id, subject_id=piece.id, title=piece.title), by=by, at=at)


def close_piece(piece: CalibrationPiece, *, by: Actor, at: datetime) -> None:
    """End the marking of a piece; from then on its judges see everybody's marks."""
    if piece.closed_at is None:
        piece.closed_at = at
        session.flush()
        record(
            facts.PieceClosed(event_id=piece.event_id, subject_id=piece.id, title=piece.title), by=by, at=at
        )
