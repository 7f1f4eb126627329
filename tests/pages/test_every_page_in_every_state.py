"""Every page of an event that has only just come to its state: what there will be one day is not there yet."""

import pytest
from flask import Flask

from competition.competitions.models import Event
from competition.rules.access import Role
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import competitions, draws, results, scoring
from tests.house import address, routes


def closed_event() -> Event:
    event = competitions.open_event()
    results.enter_people(event, 2)
    results.move(event, "close_registration")
    return event


STATES = {
    "draft": competitions.event,
    "registration": competitions.open_event,
    "entries_closed": closed_event,
    "drawn": draws.drawn_event,
    "scoring": scoring.scoring_event,
    "scored": lambda: results.scored_event(["90", "80"]),
    "published": lambda: results.published_event(["90", "80"]),
}
PEOPLE = (Role.ORGANISER, Role.CHIEF_JUDGE, Role.SUPERVISOR)


def of_an_event(app: Flask, event: Event) -> list[str]:
    known = {"event_id": event.id}
    return [
        address(app, rule, known)
        for method, rule in routes(app)
        if method == "GET" and set(rule.arguments) == set(known)
    ]


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("state", STATES)
def test_no_page_needs_what_is_not_there_yet(app: Flask, browser: Browser, state: str, role: Role) -> None:
    with transaction():
        event = STATES[state]()
        account = results.person("万能手", role, event)
        addresses = of_an_event(app, event)
        assert event.state == state
    browser.sign_in(account, results.PASSWORD)
    found = {path: browser.get(path, expect=None).status_code for path in addresses}
    assert 200 in found.values()
    assert not {path: status for path, status in found.items() if status >= 500}
