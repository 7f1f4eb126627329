"""Reading the record, and scanning its chains, on pages."""

from uuid import UUID

import pytest

from competition.organisations.queries import roots
from competition.rules.access import Role, ScopeKind
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import accounts, competitions, organisations


@pytest.fixture
def auditor(browser):
    with transaction():
        accounts.holder(Role.AUDITOR, "auditor", "审计员")
        organisations.chain()
    browser.client.set_cookie("language", "en")
    browser.sign_in("auditor")
    return browser


def text_of(response):
    return response.get_data(as_text=True)


def test_the_record_says_who_did_what_in_the_readers_language(auditor):
    page = text_of(auditor.get("/record"))
    assert "added the organisation 甘肃省 below 全国" in page
    auditor.client.set_cookie("language", "zh")
    assert "在 全国 之下新增了组织 甘肃省" in text_of(auditor.get("/record"))


def test_the_record_is_narrowed_to_a_room_or_a_thing(auditor):
    assert "added the organisation" not in text_of(auditor.get("/record?area=accounts"))
    page = text_of(auditor.get(f"/record?subject={roots()[0].id}"))
    assert "added the organisation 全国" in page and "甘肃省 below" not in page


@pytest.mark.parametrize("query", ["subject=x", "event=17", "by='%20OR%201=1"])
def test_what_is_no_number_is_not_found(auditor, query):
    auditor.get(f"/record?{query}", expect=404)


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=999999", "area=moon", f"event={UUID(int=4)}"])
def test_a_page_beyond_the_record_is_empty_and_not_an_error(auditor, query):
    auditor.get(f"/record?{query}")


def test_a_scan_says_how_many_entries_hold(auditor):
    assert "All chains hold" in text_of(auditor.get("/record/scan"))


def test_an_auditor_of_one_event_reads_nothing_else(browser):
    with transaction():
        organisations.chain()
        accounts.holder_in(Role.AUDITOR, ScopeKind.EVENT, UUID(int=4), "local")
    browser.sign_in("local")
    assert "甘肃省" not in text_of(browser.get("/record"))
    assert "甘肃省" not in text_of(browser.get("/record/scan"))


def test_an_auditor_of_an_organisation_reads_the_events_hosted_there(browser):
    with transaction():
        event = competitions.event()
        accounts.holder_at(Role.AUDITOR, event.competition.host, "province")
        stranger = organisations.enterprise()
        accounts.holder_at(Role.AUDITOR, stranger, "elsewhere")
        chain = str(event.id)
    for username, sees in (("province", True), ("elsewhere", False)):
        visitor = Browser(browser.app)
        visitor.sign_in(username)
        assert (chain in text_of(visitor.get("/record/scan"))) is sees


def test_who_is_no_auditor_is_refused(browser):
    with transaction():
        accounts.administrator()
    browser.sign_in("admin")
    browser.get("/record", expect=403)
    browser.get("/record/scan", expect=403)
