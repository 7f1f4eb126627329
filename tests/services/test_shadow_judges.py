"""Shadow judges: they mark what the panel marks, and nothing of it counts."""

import pytest

from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.judge_statistics.queries import marked
from competition.panels.presenters import judged
from competition.scoring import queries
from competition.scoring.models import SheetState
from competition.scoring.services.sheets import bring_sheets_up_to_date
from competition.transactions import transaction
from tests.builders import panels
from tests.builders import scoring as a
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("app")


def _with_shadow() -> Event:
    """An event being marked, with a shadow on its first module that judges mark one by one."""
    event = a.scoring_event(2)
    module = next(module for module in modules_of(rule_set_of(event)) if judged(module))
    panels.seat(event, module.id, "S1")
    bring_sheets_up_to_date(event, by=system_actor(), at=NOON)
    return event


def test_a_shadow_gets_a_sheet_for_everybody_and_none_of_them_is_expected() -> None:
    with transaction():
        event = _with_shadow()
    sheets = queries.shadow_sheets_of(event)

    assert {sheet.seat_label for sheet in sheets} == {"S1"}
    assert not {sheet.id for sheet in sheets} & {sheet.id for sheet in queries.sheets_of(event)}
    assert queries.reconciliation(event).expected == len(queries.sheets_of(event))


def test_the_marks_of_a_shadow_are_compared_and_never_in_a_result() -> None:
    with transaction():
        event = _with_shadow()
        a.mark_all(event)
        for sheet in queries.shadow_sheets_of(event):
            a.mark_sheet(sheet)
    document = queries.contest_document(event)

    assert queries.shadow_marks_of(event)
    assert not any(".S" in str(mark.get("judge")) for mark in document["marks"])
    assert any(score.shadow for score in marked(event).scores)


def test_a_shadow_sees_no_sheet_of_the_panel_beside_the_own() -> None:
    with transaction():
        event = _with_shadow()
    sheet = queries.shadow_sheets_of(event)[0]

    assert queries.siblings_of(sheet) == [sheet]


def test_unsigned_shadow_sheets_keep_nobody_from_closing() -> None:
    with transaction():
        event = _with_shadow()
        a.mark_all(event)

    assert queries.closing_blockers(event) == ()
    assert {sheet.state for sheet in queries.shadow_sheets_of(event)} == {SheetState.OPEN}
