"""The page on which people decide about one award, and where everybody reads of it."""

from flask import Flask

from competition.accounts.queries import actor_of
from competition.competitions.queries import event_by_id
from competition.results import queries, services
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import results as a
from tests.conftest import NOON


def body(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def test_an_award_is_withheld_by_one_and_published_by_another(browser: Browser, app: Flask) -> None:
    with transaction():
        event = a.scored_event(["95", "90", "85"])
        event_id, organiser, supervisor = event.id, a.organiser(event).username, a.supervisor(event).username
        number = a.entrant(event, 2).entry_number
    browser.sign_in(organiser, a.PASSWORD)
    address = f"/events/{event_id}/award-decisions"
    assert "就某人的奖项作出决定" in body(browser, address)
    sent = {"entry_number": number, "award": "none", "decision_reason": "组委会纪要", "password": "wrong"}
    browser.post(address, sent, expect=422)
    browser.post(address, {**sent, "entry_number": 99, "password": a.PASSWORD}, expect=422)
    browser.post(address, {**sent, "password": a.PASSWORD}, expect=303)
    assert "经组委会决定不予授奖：组委会纪要" in body(browser, f"/events/{event_id}/publication")
    second = Browser(app)
    second.sign_in(supervisor, a.PASSWORD)
    assert "组委会纪要" in body(second, f"/events/{event_id}/publication")
    assert "组委会纪要" not in Browser(app).get(f"/events/{event_id}/results", expect=404).get_data(
        as_text=True
    )
    with transaction():
        revision = queries.newest_revision(event_by_id(event_id))
        services.approve_publication(revision, by=actor_of(a.supervisor(event_by_id(event_id))), at=NOON)
    for page in ("results", "awards"):
        assert "按规则应获“二等奖”，经组委会决定不予授奖：组委会纪要" in body(
            Browser(app), f"/events/{event_id}/{page}"
        )


def test_a_decision_is_taken_back_on_the_same_page(browser: Browser) -> None:
    with transaction():
        event = a.scored_event(["95", "90"])
        event_id, organiser = event.id, a.organiser(event).username
        number = a.entrant(event, 1).entry_number
    browser.sign_in(organiser, a.PASSWORD)
    address = f"/events/{event_id}/award-decisions"
    sent = {"entry_number": number, "decision_reason": "组委会纪要", "password": a.PASSWORD}
    browser.get(address)
    browser.post(address, {**sent, "award": "award:second"}, expect=303)
    assert "经组委会决定授予“二等奖”" in body(browser, address)
    browser.post(address, {**sent, "award": "rules"}, expect=303)
    assert "经组委会决定授予“二等奖”" not in body(browser, address)
