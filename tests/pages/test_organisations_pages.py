"""The tree of organisations on pages."""

import pytest

from competition.database import session
from competition.organisations import queries
from competition.organisations.models import Organisation
from competition.rules.access import Role
from competition.transactions import transaction
from tests.builders import accounts, organisations


@pytest.fixture
def tree(app):
    """The ids of nation, province, city, enterprise and workshop."""
    with transaction():
        return [one.id for one in organisations.chain()]


@pytest.fixture
def admin(browser, tree):
    with transaction():
        accounts.administrator()
    browser.client.set_cookie("language", "en")
    browser.sign_in("admin")
    return browser


@pytest.fixture
def leader(browser, tree):
    """The leader of the enterprise."""
    with transaction():
        accounts.holder_at(Role.DELEGATION_LEADER, queries.organisation_by_id(tree[3]), "leader")
    browser.sign_in("leader")
    return browser


def text_of(response):
    return response.get_data(as_text=True)


def named(name):
    return session.query(Organisation).filter_by(name=name).one_or_none()


def test_the_tree_shows_every_level_by_its_english_name_where_it_has_one(admin):
    page = text_of(admin.get("/organisations"))
    assert all(name in page for name in ("China", "甘肃省", "兰州市", "焊接车间"))


def test_a_leader_sees_the_own_branch_only(leader, tree):
    page = text_of(leader.get("/organisations"))
    assert "焊接车间" in page and "兰州市" not in page
    leader.get(f"/organisations/{tree[4]}")
    leader.get(f"/organisations/{tree[2]}", expect=404)


def test_a_leader_changes_no_organisation(leader, tree):
    leader.get(f"/organisations/{tree[4]}/edit", expect=403)
    leader.get("/organisations/new", expect=403)


def test_an_organisation_is_added_below_another(admin, tree):
    admin.get(f"/organisations/new?parent={tree[3]}")
    fields = {"parent": str(tree[3]), "kind": "workshop", "name": "机修车间"}
    made = admin.post("/organisations/new", fields, expect=303)
    assert "机修车间" in text_of(admin.get(made.location))
    assert "机修车间" in text_of(admin.get(f"/organisations/{tree[3]}"))


def test_the_same_form_sent_twice_adds_one(admin, tree):
    fields = {"parent": str(tree[3]), "kind": "workshop", "name": "机修车间"}
    admin.get("/organisations/new")
    admin.post("/organisations/new", fields, expect=303)
    admin.get("/organisations/new")
    assert "already an organisation called" in text_of(admin.post("/organisations/new", fields, expect=422))


def test_refused_fields_come_back_with_all_reasons_and_what_was_typed(admin, tree):
    fields = {"parent": str(tree[1]), "kind": "city", "name": "西安市", "division_code": "610100"}
    admin.get("/organisations/new")
    page = text_of(admin.post("/organisations/new", {**fields, "credit_code": "1"}, expect=422))
    assert "does not lie inside" in page and "has 18 characters" in page and 'value="西安市"' in page


@pytest.mark.parametrize("name", ["", "厂\u202e", "厂\u200b", "厂" * 300, " "])
def test_names_nobody_can_read_add_nothing(admin, tree, name):
    admin.get("/organisations/new")
    admin.post("/organisations/new", {"parent": str(tree[3]), "kind": "workshop", "name": name}, expect=422)
    assert len(queries.subtree_of(queries.organisation_by_id(tree[3]))) == 2


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "{{7*7}}", "𬭎𠮷"])
def test_strange_names_are_shown_as_they_were_typed(admin, tree, name):
    admin.get("/organisations/new")
    made = admin.post(
        "/organisations/new", {"parent": str(tree[3]), "kind": "workshop", "name": name}, expect=303
    )
    shown = name.replace("<", "&lt;").replace(">", "&gt;")
    assert shown in text_of(admin.get(made.location)) and shown in text_of(admin.get("/organisations"))


@pytest.mark.parametrize(("field", "value"), [("kind", "galaxy"), ("parent", "x"), ("division_code", "６")])
def test_values_nobody_offers_are_refused(admin, tree, field, value):
    admin.get("/organisations/new")
    fields = {"parent": str(tree[3]), "kind": "workshop", "name": "机修车间", field: value}
    admin.post("/organisations/new", fields, expect=422)
    assert named("机修车间") is None


def test_a_correction_from_an_old_page_shows_both_values(admin, tree):
    admin.get(f"/organisations/{tree[4]}/edit")
    fields = {"name": "一车间", "name_en": "", "division_code": "", "credit_code": "", "version": "1"}
    admin.post(f"/organisations/{tree[4]}/edit", fields, expect=303)
    admin.get(f"/organisations/{tree[4]}/edit")
    page = text_of(admin.post(f"/organisations/{tree[4]}/edit", {**fields, "name": "二车间"}, expect=409))
    assert "一车间" in page and "二车间" in page
    assert named("二车间") is None


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_damaged_version_is_refused(admin, tree, version):
    admin.get(f"/organisations/{tree[4]}/edit")
    admin.post(f"/organisations/{tree[4]}/edit", {"name": "一车间", "version": version}, expect=422)


def test_an_unknown_organisation_is_not_found(admin):
    admin.get("/organisations/00000000-0000-7000-8000-000000000000", expect=404)
    admin.get("/organisations/17", expect=404)
