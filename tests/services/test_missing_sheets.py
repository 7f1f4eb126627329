"""The sheets behind a reconciliation, by name."""

from contextlib import contextmanager

import pytest
from sqlalchemy.event import listen as listen_to
from sqlalchemy.event import remove

from competition.accounts.queries import actor_of
from competition.competitions.queries import rule_set_of
from competition.database import session
from competition.panels import queries as panels_queries
from competition.scoring import queries, services
from competition.scoring.queries import Lack
from competition.transactions import transaction
from tests.builders import competitions, scoring
from tests.conftest import NOON


@pytest.fixture
def event(app):
    """Two entrants, two modules with three judges each, sheets open."""
    with transaction():
        yield scoring.scoring_event(2, rule_set=competitions.rule_set("pairs"), team_size=2)


def missing(event):
    return {each.name: each for each in queries.missing_sheets(event)}


def name_of(sheet):
    return sheet.module, sheet.code, sheet.seat_label


def test_every_sheet_is_missing_when_the_marking_opens_and_none_is_begun(event):
    found = queries.missing_sheets(event)
    assert len(found) == queries.reconciliation(event).missing == len(queries.sheets_of(event))
    assert {each.lacks for each in found} == {Lack.BEGINNING}
    assert all(each.judge and each.last_seen_at is None for each in found)


def test_a_sheet_that_was_begun_says_how_many_items_are_blank_and_when_its_tablet_was_seen(event):
    sheet = queries.sheets_of(event)[0]
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    scoring.mark_sheet(sheet, lambda one, item: scoring.fair_value(one, item) if item == items[0] else None)
    found = missing(event)[name_of(sheet)]
    assert (found.lacks, found.blanks) == (Lack.ITEMS, sum(item.needed for item in items) - 1)
    assert (found.judge, found.last_seen_at) == (sheet.judge.account.name, NOON)


def test_a_complete_sheet_lacks_its_signature_and_a_signed_one_nothing(event):
    sheet = queries.sheets_of(event)[0]
    scoring.mark_sheet(sheet)
    assert missing(event)[name_of(sheet)].lacks is Lack.SIGNATURE
    scoring.sign(sheet)
    assert name_of(sheet) not in missing(event)


def test_a_sheet_that_was_never_made_is_missing_and_has_no_judge(event):
    sheet = queries.sheets_of(event)[0]
    session.delete(sheet)
    session.flush()
    found = missing(event)[name_of(sheet)]
    assert (found.sheet_id, found.judge, found.lacks) == (None, None, Lack.SHEET)


def test_a_void_sheet_is_listed_with_its_reason_and_not_missing(event):
    sheet, chief = queries.sheets_of(event)[0], actor_of(panels_queries.chiefs_of(event)[0])
    services.void_sheet(sheet, reason="重复的评分表", by=chief, at=NOON)
    (void,) = queries.void_sheets(event)
    assert (void.sheet_id, void.reason, void.by_name) == (sheet.id, "重复的评分表", chief.name)
    assert name_of(sheet) not in missing(event)
    assert queries.reconciliation(event).void == 1


def test_the_lists_go_by_module_code_and_seat(event):
    names = queries.missing_names(event)
    assert names == sorted(names) == [each.name for each in queries.missing_sheets(event)]


def test_the_number_of_questions_does_not_grow_with_the_sheets(event):
    def number() -> int:
        session.expire_all()
        with statements() as asked:
            queries.missing_sheets(event)
        return len(asked)

    many = number()
    for sheet in queries.sheets_of(event)[1:]:
        scoring.mark_sheet(sheet)
        scoring.sign(sheet)
    assert number() <= many


@contextmanager
def statements():
    asked: list[object] = []
    engine = session.get_bind()

    def listen(*details: object) -> None:
        asked.append(details)

    listen_to(engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        remove(engine, "before_cursor_execute", listen)
