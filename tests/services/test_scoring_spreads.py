"""How far judges lie apart, for the chief judge's matrix: seen while the marking goes on, and never more than advice."""

from fractions import Fraction

import pytest

from competition.competitions.queries import rule_set_of
from competition.rules.scheme import Judgement, Panel
from competition.scoring import queries
from competition.transactions import transaction
from tests.builders import competitions, scoring


@pytest.fixture
def event(app):
    with transaction():
        yield scoring.scoring_event(1, rule_set=competitions.rule_set("pairs"), team_size=2)


def spreads(event, module="A"):
    sheets = queries.sheets_of(event, module)
    marks = queries.marks_by_sheet(event.id, [one.id for one in sheets])
    items = queries.items_of(rule_set_of(event), module, "J1")
    return {one.aspect.id: one for one in queries.spreads_of(items, sheets, marks)}


def levels(by_seat):
    """Every judgement gets the level of its seat, everything else something fair."""

    def mark(sheet, item):
        if isinstance(item.aspect.method, Judgement):
            return by_seat[sheet.seat_label]
        return scoring.fair_value(sheet, item)

    return mark


def test_nothing_lies_apart_before_two_judges_have_marked(event):
    assert spreads(event) == {}
    scoring.mark_sheet(queries.sheets_of(event, "A")[0])
    assert spreads(event) == {}


def test_levels_two_apart_are_wide_and_levels_one_apart_are_not(event):
    for sheet in queries.sheets_of(event, "A"):
        scoring.mark_sheet(sheet, levels({"J1": "0", "J2": "1", "J3": "2"}))
    found = [one for one in spreads(event).values() if isinstance(one.aspect.method, Judgement)]
    assert found and all((one.low, one.high, one.is_wide) == (0, 2, True) for one in found)


def test_equal_marks_have_no_spread_and_the_widest_comes_first(event):
    for sheet in queries.sheets_of(event, "A"):
        scoring.mark_sheet(sheet, levels({"J1": "2", "J2": "2", "J3": "2"}))
    found = list(spreads(event).values())
    assert all(not one.is_wide for one in found)
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)


def test_only_what_several_judges_mark_has_a_spread(event):
    for sheet in queries.sheets_of(event, "A"):
        scoring.mark_sheet(sheet)
    assert all(isinstance(one.aspect.method, Judgement | Panel) for one in spreads(event).values())
    assert all(one.share == Fraction(0) for one in spreads(event).values())
