"""What the judges of an event did before it: they marked the same piece, and looked at how far they were apart."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.demonstration.cast import Cast
from competition.demonstration.marks import mark_for
from competition.judge_statistics.queries import judged_aspects
from competition.judge_statistics.services import close_piece, mark_piece, open_piece
from competition.panels.queries import seats_of
from competition.rules.marking import MarkKind
from competition.rules.scheme import Aspect

TITLE = "校准样件1号"
EXPERTS = "专家组"


def calibrate(event: Event, *, cast: Cast, at: datetime) -> None:
    """One piece of the first module that judges mark one by one: the reference, everybody's marks, the closing."""
    rules = rule_set_of(event)
    module = next((each for each in modules_of(rules) if judged_aspects(rules, each.id)), None)
    if module is None:
        return
    chief, aspects = cast.actor("chief"), judged_aspects(rules, module.id)
    piece = open_piece(event, module=module.id, title=TITLE, by=chief, at=at)
    mark_piece(piece, marks=_marks(aspects, EXPERTS), judge=None, by=chief, at=at + timedelta(minutes=5))
    for seat in seats_of(event, module.id):
        by = cast.actor(seat.judge.account.username)
        mark_piece(
            piece, marks=_marks(aspects, seat.label), judge=seat.judge, by=by, at=at + timedelta(minutes=20)
        )
    close_piece(piece, by=chief, at=at + timedelta(minutes=40))


def _marks(aspects: Sequence[Aspect], who: str) -> dict[str, Decimal]:
    found = {aspect.id: mark_for(aspect, MarkKind.MARK, TITLE, who) for aspect in aspects}
    return {aspect: Decimal(value) for aspect, value in found.items() if value is not None}
