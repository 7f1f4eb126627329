"""Signing in and out, preferences, and the administrator's pages."""

import re

import pytest

from competition.accounts import queries
from competition.accounts.services import disable_account, system_actor
from competition.audit.queries import entries_for
from competition.database import session
from competition.orm import canonical_json
from competition.rules.access import Role
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import accounts, organisations
from tests.conftest import NOON

HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def admin(browser):
    """A browser signed in as administrator, in English."""
    with transaction():
        accounts.administrator()
    browser.client.set_cookie("language", "en")
    browser.sign_in("admin")
    return browser


def made(username="zhang", **details):
    with transaction():
        return accounts.account(username, **details).id


def text_of(response):
    return response.get_data(as_text=True)


# --- a new installation ---


def test_a_new_installation_asks_for_its_administrator(browser):
    assert browser.get("/sign-in", expect=303).location == "/setup"
    browser.get("/setup")
    fields = {"name": "管理员", "username": "root", "password": "a long sentence", "again": "a long sentence"}
    assert browser.post("/setup", fields).status_code == 303
    assert browser.get("/accounts").status_code == 200
    browser.get("/setup", expect=404)


def test_the_first_administrator_types_a_good_password_twice(browser):
    browser.get("/setup")
    fields = {"name": "管理员", "username": "root", "password": "short", "again": "short"}
    assert "10" in text_of(browser.post("/setup", fields, expect=422))
    browser.post("/setup", {**fields, "again": "other"}, expect=422)
    assert queries.is_new_installation()


# --- signing in ---


def test_signing_in_returns_to_the_page_that_was_wanted(browser):
    made()
    wanted = browser.get("/my-account", expect=303).location
    browser.get(wanted)
    answer = browser.post(
        "/sign-in", {"username": "ＺＨＡＮＧ", "password": accounts.PASSWORD, "next": "/my-account"}
    )
    assert (answer.status_code, answer.location) == (303, "/my-account")
    browser.get("/my-account")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil"]
)
def test_signing_in_never_leads_to_another_site(browser, elsewhere):
    made()
    browser.get("/sign-in")
    answer = browser.post(
        "/sign-in", {"username": "zhang", "password": accounts.PASSWORD, "next": elsewhere}, expect=303
    )
    assert answer.location == "/"


def test_unknown_wrong_and_disabled_are_answered_with_the_same_page(browser):
    with transaction():
        accounts.account("zhang")
        disable_account(accounts.account("gone"), by=system_actor(), at=NOON)
    browser.get("/sign-in")
    pages = set()
    for username, password in (("nobody", "x"), ("zhang", "x"), ("gone", accounts.PASSWORD)):
        answer = browser.post("/sign-in", {"username": username, "password": password}, expect=422)
        pages.add(re.sub(r'value="[^"]*"', "", text_of(answer)))
    assert len(pages) == 1


def test_too_many_failures_are_told_when_to_come_back(browser):
    made()
    browser.get("/sign-in")
    for _ in range(5):
        browser.post("/sign-in", {"username": "zhang", "password": "wrong"}, expect=422)
    answer = browser.post("/sign-in", {"username": "zhang", "password": accounts.PASSWORD}, expect=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 30


def test_a_forged_sign_in_is_refused(browser):
    made()
    answer = browser.client.post("/sign-in", data={"username": "zhang", "password": accounts.PASSWORD})
    assert answer.status_code == 400


def test_signing_out_ends_the_session(browser):
    made()
    browser.sign_in("zhang")
    browser.get("/my-account")
    browser.post("/sign-out", expect=303)
    browser.get("/my-account", expect=303)


def test_ending_all_sessions_ends_them_on_every_device(browser):
    made()
    browser.sign_in("zhang")
    other = Browser(browser.app)
    other.client.set_cookie("session", browser.client.get_cookie("session").value)
    other.get("/my-account")
    browser.get("/my-account")
    browser.post("/my-account/session-end", expect=303)
    other.get("/my-account", expect=303)


# --- passwords ---


def test_a_first_password_must_be_changed_before_anything_else(browser):
    made(must_change=True)
    browser.sign_in("zhang")
    assert browser.get("/my-account", expect=303).location == "/password?next=/my-account"
    browser.get("/password")
    fields = {"old": accounts.PASSWORD, "new": "four quiet welders", "again": "four quiet welders"}
    assert browser.post("/password", {**fields, "next": "/my-account"}, expect=303).location == "/my-account"
    browser.get("/my-account")


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "four quiet welders", "four quiet welders"),
        (accounts.PASSWORD, "four quiet welders", "four quiet weldres"),
        (accounts.PASSWORD, "password123", "password123"),
        (accounts.PASSWORD, accounts.PASSWORD, accounts.PASSWORD),
        (accounts.PASSWORD, "x" * 300, "x" * 300),
        (accounts.PASSWORD, "", ""),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(browser, old, new, again):
    made()
    browser.sign_in("zhang")
    browser.get("/password")
    answer = browser.post("/password", {"old": old, "new": new, "again": again}, expect=422)
    assert "error-summary" in text_of(answer)


# --- preferences ---


def test_a_visitor_chooses_a_language_without_a_session(browser):
    made()
    answer = browser.client.post("/preferences", data={"language": "en", "next": "/sign-in"}, headers=HERE)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert browser.client.get_cookie("session") is None
    assert '<html lang="en"' in text_of(browser.get("/sign-in"))


def test_a_page_that_needs_no_form_gives_a_visitor_no_session(browser):
    made()
    browser.get("/nowhere", expect=404)
    assert browser.client.get_cookie("session") is None


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_cannot_change_preferences(browser, headers):
    made()
    assert browser.client.post("/preferences", data={"theme": "dark"}, headers=headers).status_code == 403


def test_a_preference_nobody_offers_is_refused(browser):
    made()
    assert browser.client.post("/preferences", data={"theme": "pink"}, headers=HERE).status_code == 400


def test_the_language_is_remembered_with_the_account(browser):
    known = made()
    browser.sign_in("zhang")
    browser.post("/preferences", {"language": "en"}, headers={"Origin": "http://localhost"}, expect=303)
    assert queries.account_for(known).language == "en"


# --- the administrator ---


def test_a_new_account_shows_its_first_password_once(admin):
    admin.get("/accounts/new")
    answer = admin.post("/accounts/new", {"name": "李娜", "username": "lina"}, expect=303)
    shown = text_of(admin.get(answer.location))
    password = re.search(r'id="first-password">([^<]+)<', shown).group(1)
    assert password not in answer.location
    assert password not in text_of(admin.get(answer.location))
    admin.post("/sign-out")
    assert admin.sign_in("lina", password).status_code == 303


def test_a_user_name_is_taken_only_once(admin):
    admin.get("/accounts/new")
    admin.post("/accounts/new", {"name": "李娜", "username": "lina"}, expect=303)
    admin.get("/accounts/new")
    answer = admin.post("/accounts/new", {"name": "李娜", "username": "ＬＩＮＡ"}, expect=422)
    assert "The user name lina is taken" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("", "x1"),
        ("李\u202e娜", "x2"),
        ("李" * 300, "x3"),
        ("李娜", "a b"),
        ("李娜", "<b>"),
        ("李娜", "x" * 70),
    ],
)
def test_names_that_will_not_do_open_no_account(admin, name, username):
    admin.get("/accounts/new")
    admin.post("/accounts/new", {"name": name, "username": username}, expect=422)
    assert queries.accounts_matching("", page=1)[1] == 1


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "=HYPERLINK(1)", "{{7*7}}", "𬀩𠮷"])
def test_a_strange_name_is_shown_as_it_was_typed(admin, name):
    admin.get("/accounts/new")
    admin.post("/accounts/new", {"name": name, "username": "strange"}, expect=303)
    assert name.replace("<", "&lt;").replace(">", "&gt;") in text_of(admin.get("/accounts?q=strange"))


def test_a_field_nobody_asked_for_is_refused(admin):
    admin.get("/accounts/new")
    admin.post("/accounts/new", {"name": "李娜", "username": "lina", "role": "administrator"}, expect=400)


def test_a_role_is_given_for_an_organisation_and_taken_back(admin):
    known = made()
    with transaction():
        plant = organisations.enterprise()
        value = f"organisation:{plant.id}"
    assert plant.name in text_of(admin.get(f"/accounts/{known}/roles/new/delegation_leader"))
    admin.post(f"/accounts/{known}/roles/new/delegation_leader", {"place": value}, expect=303)
    [grant] = queries.account_for(known).grants
    assert (grant.role, grant.path) == (Role.DELEGATION_LEADER, plant.path)
    assert plant.name in text_of(admin.get(f"/accounts/{known}"))
    admin.post(f"/accounts/{known}/roles/{grant.id}/withdrawal", expect=303)
    session.expire_all()
    assert queries.actor_of(queries.account_for(known)).grants == ()


def test_a_role_is_not_given_for_a_place_it_does_not_know(admin):
    known = made()
    admin.get(f"/accounts/{known}/roles/new/delegation_leader")
    admin.post(f"/accounts/{known}/roles/new/delegation_leader", {"place": "installation:"}, expect=422)
    admin.get(f"/accounts/{known}/roles/new/emperor", expect=404)


def test_nobody_gives_a_role_to_the_own_account(admin):
    own = queries.account_by_username("admin").id
    admin.get(f"/accounts/{own}/roles/new/auditor")
    answer = admin.post(f"/accounts/{own}/roles/new/auditor", {"place": "installation:"}, expect=422)
    assert "You cannot give a role to your own account" in text_of(answer)


def test_the_last_administrator_stays(admin):
    account = queries.account_by_username("admin")
    own, grant = account.id, account.grants[0].id
    admin.get(f"/accounts/{own}")
    answer = admin.post(f"/accounts/{own}/roles/{grant}/withdrawal", expect=422)
    assert "last administrator" in text_of(answer)


def test_disabling_signs_out_and_is_recorded(admin):
    known = made()
    other = Browser(admin.app)
    other.sign_in("zhang")
    admin.get(f"/accounts/{known}")
    admin.post(f"/accounts/{known}/disabling", expect=303)
    other.get("/my-account", expect=303)
    assert entries_for(subject_id=known)[0].kind == "accounts.account_disabled"


def test_a_new_first_password_replaces_the_old_one_and_is_in_no_record(admin):
    known = made()
    admin.get(f"/accounts/{known}")
    answer = admin.post(f"/accounts/{known}/first-password", expect=303)
    password = re.search(r'id="first-password">([^<]+)<', text_of(admin.get(answer.location))).group(1)
    assert password not in canonical_json([entry.payload for entry in entries_for()])
    admin.post("/sign-out")
    assert admin.sign_in("zhang").status_code == 422
    assert admin.sign_in("zhang", password).status_code == 303


def test_an_account_that_does_not_exist_is_not_found(admin):
    for path in ("", "/roles/new", "/first-password"):
        admin.get(f"/accounts/00000000-0000-7000-8000-000000000000{path}", expect=404)


def test_who_is_no_administrator_is_refused(browser):
    made()
    browser.sign_in("zhang")
    browser.get("/accounts", expect=403)
