"""Pages of competitions, events and rule sets, as visitors and organisers meet them."""

import io
import json

import pytest

from competition.accounts.models import Account
from competition.accounts.services import grant_role, open_account, system_actor
from competition.competitions import queries
from competition.competitions.models import Competition, Tier
from competition.organisations.models import Organisation
from competition.orm import fingerprint
from competition.rules.access import Role, ScopeKind
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import competitions as a
from tests.builders import organisations, workers
from tests.conftest import NOON


def organiser_at(host: Organisation) -> Account:
    """An account that organises everything below the host."""
    by = system_actor()
    account = open_account(
        username="li.organiser",
        name="李组织",
        password="correct horse battery",
        by=by,
        at=NOON,
        must_change=False,
    )
    grant_role(
        account,
        role=Role.ORGANISER,
        scope_kind=ScopeKind.ORGANISATION,
        scope_id=host.id,
        path=host.path,
        by=by,
        at=NOON,
    )
    return account


def organiser_of(competition: Competition) -> Account:
    """An account that organises everything below the competition's host."""
    return organiser_at(competition.host)


@pytest.fixture
def competition(app) -> Competition:
    with transaction():
        made = a.competition(name="机械厂技能竞赛")
        organiser_of(made)
    return made


def test_visitors_see_public_competitions_and_no_drafts(browser: Browser, competition: Competition) -> None:
    with transaction():
        a.event(competition, code="D1", name="未公开赛项")
        a.open_event(competition, code="P1", name="公开赛项")
    body = browser.get("/competitions").get_data(as_text=True)
    assert "公开赛项" in body
    assert "未公开赛项" not in body


def test_the_list_can_be_narrowed_and_says_when_nothing_fits(
    browser: Browser, competition: Competition
) -> None:
    with transaction():
        a.open_event(competition)
    assert "机械厂技能竞赛" in browser.get("/competitions?tier=enterprise&text=机械厂").get_data(as_text=True)
    narrowed = browser.get("/competitions?tier=nation&page=7").get_data(as_text=True)
    assert "机械厂技能竞赛" not in narrowed
    assert "没有符合的竞赛" in narrowed


def test_an_empty_list_says_what_comes_next_to_the_public_and_to_the_organiser(browser: Browser) -> None:
    assert "竞赛的赛项开放报名后" in browser.get("/competitions").get_data(as_text=True)
    with transaction():
        organiser_at(organisations.enterprise())
    browser.sign_in("li.organiser")
    assert "创建第一个竞赛" in browser.get("/competitions/mine").get_data(as_text=True)


def test_a_draft_is_not_there_for_visitors(browser: Browser, competition: Competition) -> None:
    with transaction():
        event_id = a.event(competition).id
    for path in ("", "/rule-set", "/rule-set.json", "/rule-set/versions/1.json"):
        browser.get(f"/events/{event_id}{path}", expect=404)


def test_an_organiser_opens_a_competition_an_event_and_registration(
    browser: Browser, competition: Competition
) -> None:
    host_id = str(competition.host_id)
    with transaction():
        workers.welder()
    browser.sign_in("li.organiser")
    browser.get("/competitions/new")
    fields = {
        "host": host_id,
        "code": "QS-2026",
        "name": "第二届技能竞赛",
        "name_en": "",
        "tier": "enterprise",
        "competition_class": "none",
        "edition": "２",
        "starts_on": "2026-07-01",
        "ends_on": "2026-07-02",
        "version": "0",
    }
    where = browser.post("/competitions/new", fields, expect=303).location
    browser.get(where + "/events/new")
    fields = {
        "code": "W01",
        "name": "焊接",
        "name_en": "Welding",
        "occupation": "6-18-02-04",
        "group": "worker",
        "team_size": "1",
        "starter": "welding",
        "version": "0",
    }
    event = browser.post(where + "/events/new", fields, expect=303).location
    assert "草稿" in browser.get(event).get_data(as_text=True)
    browser.post(event + "/moves", {"move": "open_registration"}, expect=303)
    body = browser.get(event).get_data(as_text=True)
    assert "报名中" in body
    assert browser.get(event + "/rule-set").status_code == 200


def test_a_refused_form_keeps_what_was_typed(browser: Browser, competition: Competition) -> None:
    path, version = f"/competitions/{competition.id}/edit", str(competition.version)
    browser.sign_in("li.organiser")
    browser.get(path)
    fields = {
        "name": "改名了",
        "name_en": "",
        "tier": "enterprise",
        "competition_class": "I",
        "edition": "1",
        "starts_on": "2026-07-03",
        "ends_on": "2026-07-02",
        "version": version,
    }
    body = browser.post(path, fields, expect=422).get_data(as_text=True)
    assert "改名了" in body
    assert body.count("<li>") >= 2


def test_an_old_page_meets_both_values(browser: Browser, competition: Competition) -> None:
    path, version = f"/competitions/{competition.id}/edit", str(competition.version)
    browser.sign_in("li.organiser")
    browser.get(path)
    fields = {
        "name": "我的名字",
        "name_en": "",
        "tier": "enterprise",
        "competition_class": "none",
        "edition": "1",
        "starts_on": "2026-06-10",
        "ends_on": "2026-06-12",
        "version": version + "0",
    }
    body = browser.post(path, fields, expect=409).get_data(as_text=True)
    assert "我的名字" in body
    assert "机械厂技能竞赛" in body


def test_a_refused_move_answers_with_its_reasons(browser: Browser, competition: Competition) -> None:
    with transaction():
        event_id = a.open_event(competition).id
    browser.sign_in("li.organiser")
    browser.get(f"/events/{event_id}")
    assert "说明取消" in browser.post(f"/events/{event_id}/moves", {"move": "cancel"}, expect=422).get_data(
        as_text=True
    )
    browser.post(f"/events/{event_id}/moves", {"move": "publish"}, expect=422)
    browser.post(f"/events/{event_id}/moves", {"move": "cancel", "reason": "停电"}, expect=303)
    assert "停电" in browser.get(f"/events/{event_id}").get_data(as_text=True)


def test_every_problem_of_a_rule_set_is_said_with_its_place(
    browser: Browser, competition: Competition
) -> None:
    with transaction():
        event = a.event(competition)
    event_id, version = event.id, str(event.version)
    browser.sign_in("li.organiser")
    path = f"/events/{event_id}/rule-set/edit"
    browser.get(path)
    fields = {"starter": "", "text": '{"format": "x", "colour": 1}', "version": version}
    body = browser.post(path, fields, expect=422).get_data(as_text=True)
    assert "/format" in body
    assert "/colour" in body
    body = browser.post(path, {**fields, "text": '{"format": '}, expect=422).get_data(as_text=True)
    assert "JSON" in body


def test_a_rule_set_is_replaced_by_a_file_and_downloaded_again(
    browser: Browser, competition: Competition
) -> None:
    with transaction():
        event = a.event(competition)
    event_id, version = event.id, str(event.version)
    browser.sign_in("li.organiser")
    path = f"/events/{event_id}/rule-set"
    browser.get(path + "/edit")
    document = a.rule_set("pairs")
    file = (io.BytesIO(json.dumps(document, default=str).encode()), "pairs.json")
    fields = {"starter": "", "text": "", "version": version, "file": file}
    browser.post(path + "/edit", fields, expect=303, content_type="multipart/form-data")
    browser.get(path)
    answer = browser.get(path + ".json")
    assert json.loads(answer.get_data())["title"] == document["title"]


def test_a_frozen_version_is_served_as_the_bytes_that_were_hashed(
    browser: Browser, competition: Competition
) -> None:
    with transaction():
        event = a.open_event(competition, rule_set=a.rule_set("welding"))
    event_id, known = event.id, event.frozen.hash
    answer = browser.get(f"/events/{event_id}/rule-set/versions/1.json")
    assert fingerprint(json.loads(answer.get_data())) == known
    assert known in browser.get(f"/events/{event_id}/rule-set").get_data(as_text=True)
    browser.get(f"/events/{event_id}/rule-set/versions/2.json", expect=404)


def test_winners_are_led_to_the_event_above(browser: Browser, app) -> None:
    with transaction():
        _, _, town, plant, _ = organisations.chain()
        city = a.competition(town, tier=Tier.CITY, name="兰州市竞赛")
        organiser_of(city)
        above, below = a.open_event(city), a.event(a.competition(plant))
    above_id, below_id = above.id, below.id
    browser.sign_in("li.organiser")
    path = f"/events/{below_id}/parent"
    assert "兰州市竞赛" in browser.get(path).get_data(as_text=True)
    browser.post(path, {"parent": str(above_id), "quota": "0", "reserves": "1"}, expect=422)
    browser.post(path, {"parent": str(above_id), "quota": "2", "reserves": "1"}, expect=303)
    assert queries.event_by_id(below_id).parent_quota == 2
    assert "兰州市竞赛" in browser.get(f"/events/{below_id}").get_data(as_text=True)
    browser.get(f"/events/{above_id}")


def test_an_organiser_of_elsewhere_finds_nothing(browser: Browser, competition: Competition) -> None:
    with transaction():
        event_id = a.event().id
        other_id = a.competition().id
    browser.sign_in("li.organiser")
    for path in ("/edit", "/parent", "/rule-set/edit"):
        browser.get(f"/events/{event_id}{path}", expect=404)
    browser.get(f"/competitions/{other_id}/edit", expect=404)
    browser.get(f"/competitions/{other_id}/events/new", expect=404)


def test_my_competitions_shows_drafts_too(browser: Browser, competition: Competition) -> None:
    with transaction():
        a.event(competition, name="未公开赛项")
    competition_id = competition.id
    browser.sign_in("li.organiser")
    assert "未公开赛项" in browser.get("/competitions/mine").get_data(as_text=True)
    browser.get(f"/competitions/{competition_id}")


def test_the_schema_of_rule_sets_is_public(browser: Browser) -> None:
    assert browser.get("/rule-set-schema.json").get_json()["$id"] == "urn:skillsladder:ruleset:1"
