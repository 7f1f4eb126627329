"""Pages of judges and panels."""

import pytest
from sqlalchemy import inspect

from competition.accounts.queries import account_by_username
from competition.accounts.services import grant_role, system_actor
from competition.database import session
from competition.panels import queries
from competition.rules.access import Role, ScopeKind
from competition.transactions import transaction
from tests.builders import competitions, panels, registration
from tests.conftest import NOON


class Again:
    """A row that is read again whenever something of it is asked for: every request ends the session."""

    def __init__(self, row):
        self._model, self._key = type(row), inspect(row).identity

    @property
    def row(self):
        return session.get(self._model, self._key)

    def __getattr__(self, name):
        return getattr(self.row, name)


@pytest.fixture
def event(app):
    with transaction():
        made = competitions.open_event(rule_set=competitions.rule_set("pairs"), team_size=2)
        registration.approved(made)
        return Again(made)


@pytest.fixture
def organiser(browser, event):
    with transaction():
        account = panels.account("组织者")
        host = event.competition.host
        grant_role(
            account,
            role=Role.ORGANISER,
            scope_kind=ScopeKind.ORGANISATION,
            scope_id=host.id,
            path=host.path,
            by=system_actor(),
            at=NOON,
        )
    browser.sign_in(account)
    return browser


def test_a_judge_is_registered_with_a_new_account(organiser):
    organiser.get("/judges/new")
    fields = {
        "username": "newjudge",
        "name": "李裁判",
        "password": "a long enough secret",
        "organisation": "",
        "level": "一级",
    }
    organiser.post("/judges/new", fields, expect=303)
    assert queries.judge_of_account(account_by_username("newjudge")).level == "一级"
    assert "李裁判" in organiser.get("/judges?q=李").get_data(as_text=True)


def test_a_judge_without_an_account_needs_name_and_password(organiser):
    organiser.get("/judges/new")
    refused = organiser.post("/judges/new", {"username": "nobody", "organisation": ""}, expect=422)
    assert "没有账号nobody" in refused.get_data(as_text=True)


def test_the_organisation_of_a_judge_is_corrected(organiser, event):
    with transaction():
        judge = Again(panels.judge())
    organiser.get(f"/judges/{judge.id}")
    organiser.post(
        f"/judges/{judge.id}", {"organisation": str(event.competition.host_id), "level": ""}, expect=303
    )
    assert queries.judge_by_id(judge.id).organisation_id == event.competition.host_id


def test_the_panels_name_what_is_missing(organiser, event):
    page = organiser.get(f"/events/{event.id}/panels").get_data(as_text=True)
    assert "尚未任命裁判长" in page and "J1, J2, J3" in page


def test_a_seat_is_assigned_and_released(organiser, event):
    with transaction():
        judge = Again(panels.judge("李裁判"))
    organiser.get(f"/events/{event.id}/panels/A/J1")
    organiser.post(f"/events/{event.id}/panels/A/J1", {"judge": str(judge.id)}, expect=303)
    seat = Again(*queries.seats_of(event))
    assert "李裁判" in organiser.get(f"/events/{event.id}/panels").get_data(as_text=True)
    organiser.post(f"/events/{event.id}/seats/{seat.id}/release", expect=303)
    assert queries.seats_of(event) == []


def test_the_consequence_of_an_own_delegation_is_shown_before_the_seat_is_given(organiser, event):
    with transaction():
        panels.seat(event, "A", "A1")
        judge = Again(panels.judge("李裁判", of=registration.workshop_of(event.competition.host)))
    address, fields = f"/events/{event.id}/panels/A/J1", {"judge": str(judge.id)}
    organiser.get(address)
    asked = organiser.post(address, fields).get_data(as_text=True)
    assert "须回避" in asked and len(queries.seats_of(event)) == 1
    organiser.post(address, {**fields, "consequence_seen": "y"}, expect=303)
    assert len(queries.seats_of(event)) == 2


def test_without_an_alternate_the_seat_is_refused_with_the_reason(organiser, event):
    with transaction():
        judge = Again(panels.judge("李裁判", of=registration.workshop_of(event.competition.host)))
    address = f"/events/{event.id}/panels/A/J1"
    organiser.get(address)
    refused = organiser.post(address, {"judge": str(judge.id), "consequence_seen": "y"}, expect=422)
    assert "请先安排替补裁判" in refused.get_data(as_text=True)


@pytest.mark.parametrize("place", ["A/X1", "Z/J1", "A/J1x"])
def test_a_place_there_is_none_of_is_not_found(organiser, event, place):
    organiser.get(f"/events/{event.id}/panels/{place}", expect=404)


def test_a_chief_judge_is_appointed_and_released(organiser, event):
    with transaction():
        account = Again(panels.account("郑裁判长"))
    address = f"/events/{event.id}/chief-judges/new"
    organiser.get(address)
    assert "没有此用户名的账号" in organiser.post(address, {"username": "nobody"}, expect=422).get_data(
        as_text=True
    )
    organiser.post(address, {"username": account.username}, expect=303)
    assert queries.chiefs_of(event) == [account_by_username(account.username)]
    organiser.get(f"/events/{event.id}/panels")
    organiser.post(f"/events/{event.id}/chief-judges/{account.id}/release", expect=303)
    assert queries.chiefs_of(event) == []


def test_a_judge_has_no_business_on_the_pages_of_panels(browser, event):
    with transaction():
        judge = Again(panels.seat(event, "A", "J1").judge)
    browser.sign_in(judge.account)
    browser.get(f"/events/{event.id}/panels", expect=403)
    browser.get("/judges", expect=403)
