"""Pages of draws, as organisers, code keepers and the public meet them."""

import io
import zipfile
from uuid import UUID

import pytest
from flask import Flask

from competition.accounts.models import Account
from competition.accounts.services import grant_role, open_account, system_actor
from competition.competitions.models import Event
from competition.database import session
from competition.draws import queries
from competition.registration.queries import display_name
from competition.rules.access import Role, ScopeKind
from competition.rules.lifecycle import EventState
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import competitions
from tests.builders import draws as a
from tests.conftest import NOON

BLIND = {"draw": {"blind_layers": 1}}


def person(username: str, role: Role, event: Event) -> Account:
    """Somebody with one role for one event."""
    by = system_actor()
    account = open_account(
        username=username, name=username, password="correct horse battery", by=by, at=NOON, must_change=False
    )
    grant_role(account, role=role, scope_kind=ScopeKind.EVENT, scope_id=event.id, by=by, at=NOON)
    return account


@pytest.fixture
def event(app: Flask) -> UUID:
    """Three approved entrants, registration closed, an organiser and a code keeper."""
    with transaction():
        made = a.closed_event(3, rule_set=competitions.rule_set(**BLIND))
        person("sun.organiser", Role.ORGANISER, made)
        person("qian.keeper", Role.CODE_KEEPER, made)
    return made.id


def test_an_organiser_draws_and_sees_codes_without_names(browser: Browser, event: UUID) -> None:
    path = f"/events/{event}/draw"
    browser.sign_in("sun.organiser")
    browser.get(path)
    browser.post(path, expect=303)
    body = browser.get(path).get_data(as_text=True)
    draw = queries.current_draw(session.get(Event, event))
    assert all(place.code in body for place in draw.places)
    assert display_name(draw.places[0].entrant) not in body
    assert draw.seed not in body
    assert queries.seed_hash(draw) in body


def test_a_code_keeper_sees_names_and_the_seed(browser: Browser, event: UUID) -> None:
    with transaction():
        draw = a.draw(session.get(Event, event))
    seed, name = draw.seed, display_name(draw.places[0].entrant)
    browser.sign_in("qian.keeper")
    body = browser.get(f"/events/{event}/draw").get_data(as_text=True)
    assert seed in body
    assert name in body
    browser.get(f"/draws/{draw.id}")
    assert name in browser.get(f"/draws/{draw.id}/record").get_data(as_text=True)


def test_a_second_draw_asks_for_the_reason_and_keeps_the_first(browser: Browser, event: UUID) -> None:
    path = f"/events/{event}/draw"
    browser.sign_in("sun.organiser")
    browser.get(path)
    browser.post(path, expect=303)
    browser.get(path)
    browser.post(path, expect=422)
    browser.post(path, {"reason": "名单更正"}, expect=303)
    body = browser.get(path).get_data(as_text=True)
    assert "第 2 次抽签" in body
    assert "第 1 次抽签记录" in body


def test_nothing_is_drawn_before_registration_is_closed(browser: Browser, app: Flask) -> None:
    with transaction():
        event = competitions.open_event()
        person("sun.organiser", Role.ORGANISER, event)
        event_id = event.id
    browser.sign_in("sun.organiser")
    assert "截止报名后才能抽签" in browser.get(f"/events/{event_id}/draw").get_data(as_text=True)
    browser.post(f"/events/{event_id}/draw", expect=422)


def test_the_public_checks_a_draw_once_the_result_is_published(browser: Browser, event: UUID) -> None:
    with transaction():
        draw = a.draw(session.get(Event, event))
    draw_id, seed = draw.id, draw.seed
    browser.get(f"/draws/{draw_id}", expect=404)
    browser.get(f"/events/{event}/draw/check", expect=404)
    with transaction():
        session.get(Event, event).state = EventState.PUBLISHED
    body = browser.get(f"/events/{event}/draw/check").get_data(as_text=True)
    assert seed in body
    assert "与记录完全一致" in body
    browser.get(f"/draws/{draw_id}")


def test_only_the_code_keeper_takes_the_list_and_it_holds_no_formula(browser: Browser, event: UUID) -> None:
    with transaction():
        draw = a.draw(session.get(Event, event))
    draw_id, name = draw.id, display_name(draw.places[0].entrant)
    browser.sign_in("sun.organiser")
    browser.get(f"/events/{event}/draw")
    browser.post(f"/draws/{draw_id}/lists", expect=403)
    other = Browser(browser.app)
    other.sign_in("qian.keeper")
    other.get(f"/events/{event}/draw")
    answer = other.post(f"/draws/{draw_id}/lists", expect=200)
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert name in words
    assert "<f>" not in sheet


def test_a_draw_of_elsewhere_is_not_there(browser: Browser, event: UUID) -> None:
    with transaction():
        other = a.drawn_event(2)
    other_id, draw_id = other.id, queries.current_draw(other).id
    browser.sign_in("sun.organiser")
    browser.get(f"/events/{other_id}/draw", expect=404)
    browser.get(f"/draws/{draw_id}/record", expect=404)
