"""Calibration: judges mark the same piece and see afterwards how far they are apart."""

from decimal import Decimal

import pytest

from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.errors import RuleBroken
from competition.judge_statistics import queries, services
from competition.judge_statistics.models import CalibrationPiece
from competition.panels.models import Judge
from competition.panels.queries import seats_of
from competition.transactions import transaction
from tests.builders import scoring as a
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("app")

BY = {"by": system_actor(), "at": NOON}


def _piece() -> tuple[Event, CalibrationPiece, list[Judge]]:
    event = a.scoring_event(1)
    rules = rule_set_of(event)
    module = next(each for each in modules_of(rules) if queries.judged_aspects(rules, each.id))
    piece = services.open_piece(event, module=module.id, title="样件", **BY)
    return event, piece, [seat.judge for seat in seats_of(event, module.id)]


def _marks(event: Event, piece: CalibrationPiece, value: str) -> dict[str, Decimal]:
    return {aspect.id: Decimal(value) for aspect in queries.judged_aspects(rule_set_of(event), piece.module)}


def test_judges_are_compared_with_the_reference_and_who_is_missing_is_named() -> None:
    with transaction():
        event, piece, judges = _piece()
        services.mark_piece(piece, marks=_marks(event, piece, "2"), judge=None, **BY)
        services.mark_piece(piece, marks=_marks(event, piece, "1"), judge=judges[0], **BY)
    found = queries.calibrated(piece, event)

    assert [(name, deviation is not None and deviation < 0) for name, _, deviation in found.judges] == [
        (judges[0].account.name, True)
    ]
    assert set(found.waiting) == {judge.account.name for judge in judges[1:]}


def test_a_mark_out_of_range_or_missing_is_refused_with_its_reason() -> None:
    with transaction():
        event, piece, judges = _piece()
        with pytest.raises(RuleBroken):
            services.mark_piece(piece, marks=_marks(event, piece, "-1"), judge=judges[0], **BY)
        with pytest.raises(RuleBroken):
            services.mark_piece(piece, marks={}, judge=judges[0], **BY)


def test_a_closed_piece_keeps_its_marks() -> None:
    with transaction():
        event, piece, judges = _piece()
        services.mark_piece(piece, marks=_marks(event, piece, "1"), judge=judges[0], **BY)
        services.close_piece(piece, **BY)
        with pytest.raises(RuleBroken):
            services.mark_piece(piece, marks=_marks(event, piece, "2"), judge=judges[0], **BY)


def test_a_piece_needs_a_name_and_a_module_that_judges_mark_one_by_one() -> None:
    with transaction():
        event = a.scoring_event(1)
        with pytest.raises(RuleBroken) as refused:
            services.open_piece(event, module="nowhere", title=" ", **BY)
    assert len(refused.value.sentences) == 2
