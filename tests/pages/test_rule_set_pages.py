"""The editor of rule sets, the rehearsal and the comparison, as organisers and visitors meet them."""

import html
import io
import json
from typing import Any

import pytest

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import cis_workbooks as w
from tests.builders import competitions as a
from tests.builders import registration, results
from tests.pages.test_competitions_pages import organiser_of


@pytest.fixture
def event(app) -> Event:
    with transaction():
        competition = a.competition(name="机械厂技能竞赛")
        organiser_of(competition)
        return a.event(competition)


@pytest.fixture
def path(event: Event, browser: Browser) -> str:
    """The address of the rule set; the organiser is signed in."""
    found = f"/events/{event.id}/rule-set"
    browser.sign_in("li.organiser")
    browser.get(found + "/edit")
    return found


def checked(browser: Browser, path: str, document: Any) -> dict[str, Any]:
    text = document if isinstance(document, str) else json.dumps(document, default=str)
    found: dict[str, Any] = browser.post_json(path + "/check", {"text": text}, expect=200).get_json()
    return found


def test_the_editor_works_without_scripts_and_carries_the_form_for_those_who_have_them(browser, path) -> None:
    body = browser.get(path + "/edit").get_data(as_text=True)
    assert "<textarea" in body
    data = body.split('id="rule-set-form">')[1].split("</script>")[0]
    assert "总数" in data or "评分方案" in json.loads(data)["words"]["scheme"]


def test_who_opens_the_editor_of_frozen_rules_is_told_before_writing(browser, path, event) -> None:
    event_id = event.id
    assert "保存为草稿" in browser.get(path + "/edit").get_data(as_text=True)
    with transaction():
        results.move(event_by_id(event_id), "open_registration")
    body = browser.get(path + "/edit").get_data(as_text=True)
    assert "规则已冻结" in body
    assert "保存为草稿" not in body


def test_a_sound_document_comes_back_with_its_numbers_as_exact_text(browser, path) -> None:
    document = a.rule_set()
    document["scheme"]["children"][0]["pass_mark"] = 1
    text = json.dumps(document, default=str).replace('"pass_mark": 1', '"pass_mark": 0.10000000')
    answer = checked(browser, path, text)
    assert answer["problems"] == []
    assert answer["document"]["scheme"]["children"][0]["pass_mark"] == "0.10000000"


def test_what_is_missing_is_said_at_the_field_that_misses_it(browser, path) -> None:
    document = a.rule_set()
    del document["scheme"]["children"][0]["children"][0]["max"]
    problems = checked(browser, path, document)["problems"]
    assert {"path": "/scheme/children/0/children/0/max", "words": "请填写，此项必填。"} in problems


@pytest.mark.parametrize("text", ["{", "[]", '{"a": ' * 5000, "", "null"])
def test_what_is_no_rule_set_is_answered_with_a_sentence(browser, path, text) -> None:
    answer = checked(browser, path, text)
    assert answer["document"] is None
    assert answer["problems"][0]["words"]


def test_the_check_writes_nothing(browser, path, event) -> None:
    before = browser.get(path + ".json").get_data()
    checked(browser, path, a.rule_set("pairs"))
    assert browser.get(path + ".json").get_data() == before


def test_the_preview_shows_made_up_entrants_with_their_working(browser, path) -> None:
    answer = browser.post_json(path + "/preview", {"text": json.dumps(a.rule_set(), default=str)}, expect=200)
    body = answer.get_data(as_text=True)
    assert "E003" in body
    assert "计算过程" in body


def test_a_preview_of_broken_rules_says_what_is_wrong(browser, path) -> None:
    browser.post_json(path + "/preview", {"text": "{}"}, expect=422)


def test_a_rehearsal_is_the_same_for_the_same_seed_and_stores_nothing(browser, path) -> None:
    first, again, other = (
        browser.get(f"{path}/rehearsal?entrants=15&seed={seed}").get_data(as_text=True)
        for seed in ("a", "a", "b")
    )
    assert table(first) == table(again)
    assert table(first) != table(other)


def table(body: str) -> str:
    return body.split('id="rehearsed"')[1].split("</table>")[0]


def test_a_rehearsal_of_too_many_is_refused_at_its_field(browser, path) -> None:
    body = browser.get(path + "/rehearsal?entrants=5000&seed=1", expect=422).get_data(as_text=True)
    assert "500" in body


def test_what_is_written_can_be_rehearsed_before_it_is_saved(browser, path) -> None:
    text = json.dumps(a.rule_set("ratio_guangdong"), default=str)
    fields = {"text": text, "version": "1", "starter": "", "entrants": "12", "seed": "x", "quota": ""}
    body = browser.post(path + "/rehearsal", fields, expect=200).get_data(as_text=True)
    assert "尚未保存" in body
    assert "一线职工占比" in body


def test_the_editor_can_send_its_text_to_the_rehearsal_as_it_stands(browser, path) -> None:
    fields = {"text": json.dumps(a.rule_set(), default=str), "version": "1", "starter": ""}
    browser.post(path + "/rehearsal", fields, expect=200)
    browser.post(path + "/rehearsal", {**fields, "text": "{}"}, expect=422)


def test_a_draft_that_was_saved_meanwhile_is_shown_beside_the_own_one_which_is_kept(browser, path) -> None:
    mine, theirs = a.rule_set("pairs"), a.rule_set("welding")
    fields = {"starter": "", "version": "1"}
    browser.post(path + "/edit", {**fields, "text": json.dumps(theirs, default=str)}, expect=303)
    answer = browser.post(path + "/edit", {**fields, "text": json.dumps(mine, default=str)}, expect=409)
    body = answer.get_data(as_text=True)
    assert "尚未保存" in body
    assert "双人赛" in body.split("<textarea")[1]
    version = body.split('name="version"')[1].split('value="')[1].split('"')[0]
    browser.post(
        path + "/edit", {"starter": "", "version": version, "text": json.dumps(mine, default=str)}, expect=303
    )
    assert "双人赛" in browser.get(path).get_data(as_text=True)


def test_anybody_can_compare_the_frozen_versions_and_the_starters_but_not_see_a_later_draft(
    app, browser
) -> None:
    with transaction():
        event = a.open_event(rule_set=a.rule_set("welding"))
    path = f"/events/{event.id}/rule-set/difference"
    body = browser.get(path + "?old=starter-workshop&new=1").get_data(as_text=True)
    assert "40 → 30" in body
    assert 'value="draft"' not in body
    same = browser.get(path + "?old=1&new=1").get_data(as_text=True)
    assert "两者相同" in same


def test_a_file_is_compared_with_the_draft(browser, path) -> None:
    browser.get(path + "/difference")
    file = (io.BytesIO(json.dumps(a.rule_set("welding"), default=str).encode()), "other.json")
    fields = {"known": "draft", "file": file}
    answer = browser.post(path + "/difference", fields, expect=200, content_type="multipart/form-data")
    assert "40 → 30" in answer.get_data(as_text=True)
    broken = {"known": "draft", "file": (io.BytesIO(b"{"), "broken.json")}
    browser.post(path + "/difference", broken, expect=422, content_type="multipart/form-data")


def test_starters_are_there_for_anybody(browser, app) -> None:
    assert browser.get("/rule-set-starters/blank.json").get_json(force=True)["scheme"]["id"] == "total"
    browser.get("/rule-set-starters/unknown.json", expect=404)


def test_only_who_manages_the_event_may_check_preview_and_rehearse(browser, event) -> None:
    path = f"/events/{event.id}/rule-set"
    browser.get("/sign-in")
    for each in ("/check", "/preview", "/rehearsal"):
        browser.post(path + each, {}, expect=303)
    browser.get(path + "/rehearsal", expect=303)


def send_workbook(
    browser: Browser, path: str, content: bytes, *, name: str = "scheme.xlsx", expect: int = 200
) -> str:
    fields = {"starter": "", "version": "1", "text": "", "file": (io.BytesIO(content), name)}
    answer = browser.post(path + "/edit", fields, expect=expect, content_type="multipart/form-data")
    return html.unescape(answer.get_data(as_text=True))


def text_on(body: str) -> str:
    """The scheme that the page offers to the editor."""
    return body.split('name="text" value="')[1].split('">\n')[0]


def test_a_cis_workbook_is_shown_with_its_findings_and_sections_and_nothing_is_stored(browser, path) -> None:
    before = browser.get(path + ".json").get_data()
    blocks = {**w.whole(), "A": (41, w.whole()["A"][1])}
    body = send_workbook(browser, path, w.workbook(blocks))
    assert "评分项 A 申报 41 分，其评分点合计 40 分，相差 1 分。" in body
    assert "总偏差" in body.split('id="sections"')[1]
    assert browser.get(path + ".json").get_data() == before


def test_the_scheme_of_a_workbook_goes_into_the_editor_and_is_saved_from_there(browser, path) -> None:
    text = text_on(send_workbook(browser, path, w.workbook(w.whole())))
    fields = {"starter": "", "version": "1", "text": text}
    opened = browser.post(path + "/edit", {**fields, "only_open": "scheme"}, expect=200).get_data(
        as_text=True
    )
    assert "尚未保存" in opened and "Goggles worn" in opened.split("<textarea")[1]
    assert "Goggles worn" not in browser.get(path).get_data(as_text=True)
    browser.post(path + "/edit", fields, expect=303)
    assert "Goggles worn" in browser.get(path).get_data(as_text=True)


def test_a_workbook_that_is_sent_again_shows_what_changes_in_the_draft(browser, path) -> None:
    text = text_on(send_workbook(browser, path, w.workbook(w.whole())))
    browser.post(path + "/edit", {"starter": "", "version": "1", "text": text}, expect=303)
    blocks = w.whole()
    blocks["A"][1][1] = w.aspect("M", "Goggles worn", 29)
    body = send_workbook(browser, path, w.workbook(blocks))
    assert "30 → 29" in body


def test_a_workbook_with_an_aspect_that_cannot_be_read_offers_no_scheme(browser, path) -> None:
    rows = [w.sub("A1", "All"), w.aspect("S", "Taste", 100)]
    body = send_workbook(browser, path, w.workbook({"A": (100, rows)}))
    assert "D13" in body
    assert 'value="scheme"' not in body


def test_what_was_in_the_editor_when_a_workbook_was_sent_is_not_lost(browser, path) -> None:
    file = (io.BytesIO(w.workbook(w.whole())), "scheme.xlsx")
    fields = {"starter": "", "version": "1", "text": '{"mine": 1}', "file": file}
    answer = browser.post(path + "/edit", fields, expect=200, content_type="multipart/form-data")
    assert '{"mine": 1}' in html.unescape(answer.get_data(as_text=True)).split('value="written"')[1]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (w.empty_workbook(), "empty.xlsx"),
        (w.workbook(w.whole(), sheet="Tabelle1"), "other.xlsx"),
        (b"{}", "no.xlsx"),
        (b"{}", "macros.xlsm"),
    ],
)
def test_what_is_no_cis_workbook_is_refused_on_the_page_of_the_editor(browser, path, content, name) -> None:
    assert "<textarea" in send_workbook(browser, path, content, name=name, expect=422)


def test_a_category_that_nobody_can_be_in_is_said_while_somebody_writes_and_refused_on_saving(
    browser, path
) -> None:
    honour = {"id": "w", "title": {"zh": "巾帼标兵"}, "places": 1, "categories": ["women"]}
    document = {**a.rule_set(), "honours": [honour]}
    (problem,) = checked(browser, path, document)["problems"]
    assert problem["path"] == "/honours/0/categories/0"
    assert "women" in problem["words"] and "woman, youth" in problem["words"]
    fields = {"text": json.dumps(document, default=str), "version": "1", "starter": ""}
    assert "woman, youth" in browser.post(path + "/edit", fields, expect=422).get_data(as_text=True)


def test_the_form_offers_the_known_categories(browser, path) -> None:
    data = browser.get(path + "/edit").get_data(as_text=True).split('id="rule-set-form">')[1]
    form = json.loads(data.split("</script>")[0])["form"]["document"]
    honours = next(each for each in form["members"] if each["name"] == "honours")["form"]["items"]
    items = next(each for each in honours["members"] if each["name"] == "categories")["form"]["items"]
    assert {"value": "woman", "label": "女性"} in items["options"]


def test_a_quota_for_a_delegation_that_is_not_there_is_said_to_the_organiser_only(browser, app) -> None:
    with transaction():
        competition = a.competition(name="机械厂技能竞赛")
        organiser_of(competition)
        rows = [{"delegation": "装配", "quota": 1}, {"delegation": "装配车间", "quota": 1}]
        event = a.open_event(competition, rule_set=a.rule_set(advancement={"quotas": rows}))
        registration.entrant(event)
        found = f"/events/{event.id}/rule-set"
    assert "不会限制任何人" not in browser.get(found).get_data(as_text=True)
    browser.sign_in("li.organiser")
    body = browser.get(found).get_data(as_text=True)
    assert "不会限制任何人：装配。能够匹配的名称：装配车间。" in body
