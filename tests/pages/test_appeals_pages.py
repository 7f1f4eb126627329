"""The pages of appeals and objections: deadlines in words, nothing typed is lost, and nobody reads what is not theirs."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import FileStorage

from competition import clock
from competition.accounts.queries import account_by_username, actor_of
from competition.appeals import queries, routes, services
from competition.appeals.uploads import cleaned
from competition.competitions.presenters import tasks_of
from competition.competitions.queries import event_by_id, modules_of, rule_set_of
from competition.database import session
from competition.gate.language import translated
from competition.results import services as publishing
from competition.rules.access import Role
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import appeals, results

WORDS = {"grounds": ["equipment"], "text": "3号工位焊机电流不稳。"}


def published(*, minutes: int = 60, late: int = 0, **parts) -> tuple[UUID, str]:
    """An event published a moment ago (or `late` minutes before its deadline passed), and its leader."""
    rules = results.one_mark_rules(appeals={"base": "published", "minutes": minutes}, **parts)
    at = clock.now() - timedelta(minutes=(minutes + late) if late else 0)
    with transaction():
        event = results.scored_event(["70", "90"], rules=rules)
        revision = results.prepared(event)
        publishing.approve_publication(revision, by=actor_of(results.supervisor(event)), at=at)
        leader = appeals.leader_of(appeals.delegation_of(event))
    return event.id, leader.username


def file_of(upload) -> FileStorage:
    return FileStorage(BytesIO(upload.content), filename=upload.name)


def test_anybody_reads_the_rules_and_the_time_left_in_words(browser: Browser) -> None:
    event_id, _leader = published()
    body = browser.get(f"/events/{event_id}/appeals").get_data(as_text=True)
    assert "还剩59分" in body
    assert "以服务器时间为准" in body


def test_the_leader_files_with_evidence_and_gets_a_receipt(browser: Browser) -> None:
    event_id, leader = published()
    browser.sign_in(leader, results.PASSWORD)
    path = f"/events/{event_id}/appeals/new"
    browser.get(path)
    delegation = appeals.delegation_of(event_by_id(event_id)).id
    answer = browser.post(
        path,
        {**WORDS, "delegation": str(delegation), "concerns": "3号工位", "evidence": [file_of(appeals.PDF), file_of(appeals.picture())]},
        expect=303,
    )  # fmt: skip
    (case,) = queries.cases_of(event_by_id(event_id))
    receipt = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert case.appeal.text_hash in receipt
    assert len(queries.evidence_of(case.appeal)) == 2


def test_nobody_is_asked_to_write_an_appeal_after_its_time(browser: Browser) -> None:
    event_id, leader = published(late=1)
    browser.sign_in(leader, results.PASSWORD)
    body = browser.get(f"/events/{event_id}/appeals/new").get_data(as_text=True)
    assert "已逾期" in body or "时间已到" in body
    assert 'name="text"' not in body


def test_an_appeal_that_is_too_late_keeps_what_was_typed(browser: Browser) -> None:
    event_id, leader = published(late=1)
    browser.sign_in(leader, results.PASSWORD)
    path = f"/events/{event_id}/appeals/new"
    browser.get(path)
    delegation = appeals.delegation_of(event_by_id(event_id)).id
    body = browser.post(path, {**WORDS, "delegation": str(delegation)}, expect=422).get_data(as_text=True)
    assert "已逾期" in body
    assert WORDS["text"] in body
    assert queries.cases_of(event_by_id(event_id)) == []


def test_a_file_that_is_no_evidence_is_refused_and_the_text_stays(browser: Browser) -> None:
    event_id, leader = published()
    browser.sign_in(leader, results.PASSWORD)
    path = f"/events/{event_id}/appeals/new"
    browser.get(path)
    delegation = appeals.delegation_of(event_by_id(event_id)).id
    svg = FileStorage(BytesIO(b"<svg onload=alert(1)>"), filename="a.png")
    body = browser.post(path, {**WORDS, "delegation": str(delegation), "evidence": [svg]}, expect=422)
    assert "第1个文件不是可读的" in body.get_data(as_text=True)
    assert WORDS["text"] in body.get_data(as_text=True)


def test_a_leader_without_people_in_the_event_finds_no_form(browser: Browser) -> None:
    event_id, _leader = published()
    with transaction():
        other = results.marking_event(1)
        stranger = appeals.leader_of(appeals.delegation_of(other))
    browser.sign_in(stranger.username, results.PASSWORD)
    browser.get(f"/events/{event_id}/appeals/new", expect=404)


@pytest.fixture
def filed(browser: Browser) -> tuple[UUID, UUID, str, str]:
    """A filed appeal with one file: event, appeal, leader and arbiter."""
    event_id, leader = published()
    with transaction():
        event = event_by_id(event_id)
        by = appeals.arbiter(event)
        appeal = services.file_appeal(
            event, appeals.delegation_of(event), grounds=[appeals.Ground.EQUIPMENT], text="电流不稳",
            evidence=appeals.kept(appeals.PDF), by=actor_of(account(leader)), at=clock.now(),
        )  # fmt: skip
    return event_id, appeal.id, leader, by.username


def account(username: str):
    found = account_by_username(username)
    assert found is not None
    return found


def test_evidence_is_given_out_to_be_kept_and_only_to_the_parties(browser: Browser, filed) -> None:
    event_id, appeal_id, leader, _arbiter = filed
    path = f"/events/{event_id}/appeals/{appeal_id}/evidence/1"
    browser.sign_in(leader, results.PASSWORD)
    answer = browser.get(path)
    assert answer.data == appeals.PDF.content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with transaction():
        stranger = results.person("外人", Role.CODE_KEEPER, event_by_id(event_id))
    browser.sign_in(stranger.username, results.PASSWORD)
    browser.get(path, expect=404)


def test_the_arbiter_receives_hears_and_rules(browser: Browser, filed) -> None:
    event_id, appeal_id, _leader, arbiter = filed
    path = f"/events/{event_id}/appeals/{appeal_id}"
    browser.sign_in(arbiter, results.PASSWORD)
    browser.get(path)
    browser.post(f"{path}/reception", expect=303)
    browser.post(f"{path}/hearing", {"reason": "听取陈述"}, expect=303)
    browser.get(path)
    ruling = {"ruling": "dismissed", "effect": "none", "codes": "", "module": "", "reason": "设备正常"}
    browser.post(f"{path}/ruling", ruling, expect=303)
    assert "设备正常" in browser.get(path).get_data(as_text=True)


def test_a_ruling_that_names_an_unknown_code_keeps_what_was_typed(browser: Browser, filed) -> None:
    event_id, appeal_id, _leader, arbiter = filed
    path = f"/events/{event_id}/appeals/{appeal_id}"
    browser.sign_in(arbiter, results.PASSWORD)
    browser.get(path)
    browser.post(f"{path}/reception", expect=303)
    browser.post(f"{path}/hearing", {"reason": "听取陈述"}, expect=303)
    ruling = {"ruling": "upheld", "effect": "new_marks", "codes": "zz99", "module": "", "reason": "录像属实"}
    body = browser.post(f"{path}/ruling", ruling, expect=422).get_data(as_text=True)
    assert "没有加密号ZZ99" in body
    assert "录像属实" in body


def test_the_leader_sees_the_state_on_the_event_page_and_takes_it_back(browser: Browser, filed) -> None:
    event_id, appeal_id, leader, _arbiter = filed
    browser.sign_in(leader, results.PASSWORD)
    assert "您的第1号：已提交" in browser.get(f"/events/{event_id}").get_data(as_text=True)
    path = f"/events/{event_id}/appeals/{appeal_id}"
    browser.get(path)
    browser.post(f"{path}/withdrawal", {"reason": "已说明"}, expect=303)
    assert "已撤回" in browser.get(path).get_data(as_text=True)


def test_an_objection_shows_its_author_to_the_organiser_and_not_to_the_arbiter(browser: Browser) -> None:
    event_id, _leader = published(publication={"notice_days": 3})
    with transaction():
        event = event_by_id(event_id)
        author = results.person("异议之人", Role.CODE_KEEPER, event)
        readers = {"yes": results.organiser(event).username, "no": appeals.arbiter(event).username}
    browser.sign_in(author.username, results.PASSWORD)
    browser.get(f"/events/{event_id}/objections/new")
    answer = browser.post(f"/events/{event_id}/objections/new", {"text": "名次有误"}, expect=303)
    path = answer.headers["Location"].removesuffix("/receipt")
    for knows, reader in readers.items():
        browser.sign_in(reader, results.PASSWORD)
        body = browser.get(path).get_data(as_text=True)
        assert ("异议之人" in body) == (knows == "yes")
        assert "名次有误" in body


def test_pictures_are_drawn_anew_before_the_database_is_held(browser: Browser, monkeypatch) -> None:
    event_id, _leader = published(publication={"notice_days": 3})
    with transaction():
        author = results.person("异议之人", Role.CODE_KEEPER, event_by_id(event_id))
    browser.sign_in(author.username, results.PASSWORD)
    browser.get(f"/events/{event_id}/objections/new")
    held: list[bool] = []
    monkeypatch.setattr(routes, "cleaned", lambda files: held.append(is_writing()) or cleaned(files))
    sent = {"text": "名次有误", "evidence": [file_of(appeals.picture())]}
    browser.post(f"/events/{event_id}/objections/new", sent, expect=303)
    assert held == [False]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "文档属性"), ("en", "properties may carry your name")]
)
def test_the_form_warns_that_a_pdf_may_name_its_author(browser: Browser, language: str, words: str) -> None:
    event_id, _leader = published(publication={"notice_days": 3})
    with transaction():
        author = results.person("异议之人", Role.CODE_KEEPER, event_by_id(event_id))
    browser.sign_in(author.username, results.PASSWORD)
    browser.client.set_cookie("language", language)
    assert words in browser.get(f"/events/{event_id}/objections/new").get_data(as_text=True)


def is_writing() -> bool:
    return bool(session().info.get("competition.writing"))


def test_the_organiser_records_what_was_held_again(browser: Browser, filed) -> None:
    event_id, appeal_id, _leader, arbiter = filed
    path = f"/events/{event_id}/appeals/{appeal_id}"
    with transaction():
        event = event_by_id(event_id)
        by, at = actor_of(account(arbiter)), clock.now()
        appeal = queries.case_for(by, event_id, appeal_id).appeal
        services.receive_appeal(appeal, by=by, at=at)
        services.record_hearing(appeal, note="听取陈述", by=by, at=at)
        services.rule_on(
            appeal, ruling=appeals.Ruling.UPHELD, effect=appeals.Effect.RERUN, reason="设备故障", by=by, at=at
        )
        organiser = results.organiser(event).username
        module = modules_of(rule_set_of(event))[0].id
    browser.sign_in(organiser, results.PASSWORD)
    assert "记录已重新进行" in browser.get(path).get_data(as_text=True)
    said = {"module": module, "outcome": "statement", "codes": "", "reason": "重做后评分相同"}
    held = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    late = (held + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    body = browser.post(f"{path}/completion", {**said, "held_at": late}, expect=422).get_data(as_text=True)
    assert "不晚于现在" in body
    assert "重做后评分相同" in body
    now = held.strftime("%Y-%m-%dT%H:%M")
    browser.post(f"{path}/completion", {**said, "held_at": now}, expect=303)
    body = browser.get(path).get_data(as_text=True)
    assert "评分未变，理由见说明" in body
    assert now.replace("T", " ") in body


@pytest.mark.parametrize(("late", "word"), [(0, "进行中"), (1, "已完成")])
def test_the_task_list_shows_appeals_as_completed_when_they_are_over(
    browser: Browser, late: int, word: str
) -> None:
    event_id, _leader = published(late=late)
    with transaction():
        organiser = results.organiser(event_by_id(event_id)).username
    browser.sign_in(organiser, results.PASSWORD)
    event, person = event_by_id(event_id), actor_of(account(organiser))
    with browser.app.test_request_context():
        (task,) = [each for each in tasks_of(event, person) if str(each.title) == "Appeals"]
    assert translated()[str(task.status)][0] == word


def test_an_event_without_appeals_has_no_such_page(browser: Browser) -> None:
    with transaction():
        event = results.scored_event(["70", "90"])
    browser.get(f"/events/{event.id}/appeals", expect=404)
