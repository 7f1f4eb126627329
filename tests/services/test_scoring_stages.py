"""An event in stages: sheets of the final for those who qualified, once the stage before is complete; on both databases."""

import pytest

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.draws.queries import current_draw, places_of
from competition.panels.queries import chiefs_of
from competition.registration.services import mark_presence
from competition.results import queries as results
from competition.rules import contest
from competition.scoring import queries, services
from competition.scoring.queries.stages import modules_reached
from competition.transactions import transaction
from tests.builders import results as a
from tests.conftest import NOON
from tests.rules.contests import group, panel, ruleset, value_aspect

BY = {"by": system_actor(), "at": NOON}
STAGES = group(
    "total",
    group("prelim", value_aspect("paper"), role="stage"),
    group("final", panel("work", 2), role="stage", carry_over=False, qualify={"count": 2}),
    combine="stages",
)
PAPER = {1: "90", 2: "80", 3: "70"}
WORK = {1: "50", 2: "60", 3: "40"}


@pytest.fixture
def event(app):
    """Three people before the first mark of a contest in two stages."""
    with transaction():
        yield a.marking_event(3, rules=ruleset(scheme=STAGES))


def numbers(event):
    return {place.code: place.entrant.entry_number for place in places_of(current_draw(event))}


def mark(event, module, values):
    """Fill, sign and confirm the open sheets of a module."""
    number = numbers(event)
    for sheet in queries.sheets_of(event, module):
        if sheet.state == "open":
            a.fill(event, sheet, lambda _aspect, _seat, own=values[number[sheet.code]]: own)
            a.sign_and_confirm(event, sheet)


def on_sheets(event, module):
    number = numbers(event)
    return sorted({number[sheet.code] for sheet in queries.sheets_of(event, module)})


def correct_paper(event, entry, value):
    """Reopen, change and sign again what one person got in the first stage."""
    number, chief = numbers(event), actor_of(chiefs_of(event)[0])
    sheet = next(each for each in queries.sheets_of(event, "prelim") if number[each.code] == entry)
    services.reopen_sheet(sheet, reason="抄写错误", by=chief, at=NOON)
    a.fill(event, sheet, lambda _aspect, _seat: value)
    a.sign_and_confirm(event, sheet)


def test_at_the_start_there_are_sheets_of_the_first_stage_only(event):
    assert (on_sheets(event, "prelim"), on_sheets(event, "final")) == ([1, 2, 3], [])
    assert queries.reconciliation(event).expected == 3


def test_a_stage_that_is_not_complete_opens_no_sheets_of_the_next(event):
    number = numbers(event)
    for sheet in queries.sheets_of(event, "prelim"):
        a.fill(event, sheet, lambda _aspect, _seat, own=PAPER[number[sheet.code]]: own)
    assert services.bring_sheets_up_to_date(event, **BY) == []
    assert set().union(*modules_reached(event).values()) == {"prelim"}


def test_those_who_qualified_get_their_sheets_when_the_stage_before_is_complete(event):
    mark(event, "prelim", PAPER)
    assert [str(each) for each in queries.closing_blockers(event)] == [
        "Sheets that were never made: 4. Bring the sheets up to date."
    ]
    services.bring_sheets_up_to_date(event, **BY)
    assert on_sheets(event, "final") == [1, 2]
    assert queries.reconciliation(event).expected == 3 + 4


def test_an_event_in_stages_is_published(event):
    mark(event, "prelim", PAPER)
    services.bring_sheets_up_to_date(event, **BY)
    mark(event, "final", WORK)
    a.close(event)
    a.published(event)
    lines = contest.evaluate(results.released_revision(event).contest).lines
    number = {str(key): value for key, value in a.numbers(event).items()}
    assert [(number[line.entrant], line.stage, line.place) for line in lines] == [
        (2, "final", 1),
        (1, "final", 2),
        (3, "prelim", 3),
    ]


def test_sheets_of_who_no_longer_qualifies_are_named_and_declared_void(event):
    mark(event, "prelim", PAPER)
    services.bring_sheets_up_to_date(event, **BY)
    mark(event, "final", WORK)
    correct_paper(event, 3, "85")
    services.bring_sheets_up_to_date(event, **BY)
    mark(event, "final", WORK)
    code = next(code for code, number in numbers(event).items() if number == 2)
    (reason,) = queries.closing_blockers(event)
    assert f"there are sheets of {code}, who did not reach this stage" in str(reason)
    for sheet in queries.sheets_of(event, "final"):
        if sheet.code == code:
            services.void_sheet(sheet, reason="未进入决赛", by=actor_of(chiefs_of(event)[0]), at=NOON)
    a.close(event)
    a.published(event)
    assert results.released_revision(event).reconciliation["void"] == 2


def test_who_is_absent_takes_no_place_in_the_final(event):
    mark_presence(a.entrant(event, 1), present=False, **BY)
    mark(event, "prelim", PAPER)
    services.bring_sheets_up_to_date(event, **BY)
    assert on_sheets(event, "final") == [2, 3]


def accept_what_is_missing(event):
    first, second = actor_of(a.organiser(event)), actor_of(a.supervisor(event))
    proposal = services.propose_missing(event, reason="评分表遗失", by=first, at=NOON)
    services.accept_missing(proposal, event, by=second, at=NOON)


def test_a_sheet_of_the_last_stage_can_be_left_out_by_two_people(event):
    mark(event, "prelim", PAPER)
    services.bring_sheets_up_to_date(event, **BY)
    number = numbers(event)
    for sheet in queries.sheets_of(event, "final"):
        if (number[sheet.code], sheet.seat_label) != (2, "J2"):
            a.fill(event, sheet, lambda _aspect, _seat, own=WORK[number[sheet.code]]: own)
            a.sign_and_confirm(event, sheet)
    accept_what_is_missing(event)
    a.close(event)
    a.published(event)
    lines = results.lines_of(results.released_revision(event))
    assert [(line.entrant.entry_number, line.place) for line in lines] == [(1, 1), (3, 2), (2, None)]


def test_without_a_sheet_of_an_earlier_stage_nobody_knows_who_goes_on(event):
    number = numbers(event)
    for sheet in queries.sheets_of(event, "prelim"):
        if number[sheet.code] != 3:
            a.fill(event, sheet, lambda _aspect, _seat, own=PAPER[number[sheet.code]]: own)
            a.sign_and_confirm(event, sheet)
    accept_what_is_missing(event)
    codes = {code for code, entry in number.items() if entry in (1, 2)}
    reasons = " ".join(map(str, queries.closing_blockers(event)))
    assert all(code in reasons for code in codes)
