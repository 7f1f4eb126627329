"""Pages of drills: a worker takes one, an organiser prepares and closes one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from competition.clock import now
from competition.database import session
from competition.drills import queries
from competition.drills.models import Attempt, Drill, DrillState
from competition.organisations.queries import organisation_by_id
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import drills as a
from tests.builders import organisations, promotions, workers

OPEN = {"opens_at": now() - timedelta(days=1), "closes_at": now() + timedelta(days=1)}
"""While these tests run; they may be collected long before."""


@pytest.fixture
def plant(app: Flask) -> UUID:
    with transaction():
        made = organisations.enterprise()
        promotions.organiser(made, "organiser")
        workers.account_of(workers.worker("张建国", employer=organisations.workshop(made)), "zhang")
    return made.id


def open_drill(plant: UUID, **details: Any) -> UUID:
    with transaction():
        made = a.drill(organisation_by_id(plant), **{**OPEN, **details})
    return made.id


def begin(browser: Browser, drill: UUID) -> str:
    browser.sign_in("zhang")
    browser.get(f"/drills/{drill}")
    return str(browser.post(f"/drills/{drill}/attempts", expect=303).headers["Location"])


def right_places(attempt: Attempt) -> dict[str, list[str]]:
    """What the form sends for a paper with every answer right."""
    questions = {question.id: question for question in queries.questions_of(attempt.drill)}
    return {
        f"q{number}": [str(place) for place, index in enumerate(item.options) if index in questions[item.question_id].correct]
        for number, item in enumerate(queries.paper_of(attempt), start=1)
    }  # fmt: skip


def the_attempt(path: str) -> Attempt:
    found = session.get(Attempt, UUID(path.rsplit("/", 1)[1]))
    assert found is not None
    return found


def test_a_worker_finds_the_open_drill_and_reads_the_rules(browser: Browser, plant: UUID) -> None:
    drill = open_drill(plant)
    browser.sign_in("zhang")
    assert f"/drills/{drill}" in browser.get("/drills/mine").text
    assert "多选、少选均不得分" in browser.get(f"/drills/{drill}").text


def test_the_paper_says_neither_what_is_right_nor_what_it_is_worth(browser: Browser, plant: UUID) -> None:
    paper = browser.get(begin(browser, open_drill(plant))).text
    assert "见教材" not in paper
    assert "正确答案" not in paper
    assert "分值" not in paper


def test_saved_answers_are_there_when_the_worker_comes_back(browser: Browser, plant: UUID) -> None:
    path = begin(browser, open_drill(plant))
    browser.post(path + "/answers", right_places(the_attempt(path)), expect=303)
    assert browser.get(path).text.count("checked") == 5
    assert len(the_attempt(path).answers) == 3


def test_handing_in_shows_the_score_and_the_explanations(browser: Browser, plant: UUID) -> None:
    path = begin(browser, open_drill(plant))
    browser.post(path + "/submission", right_places(the_attempt(path)), expect=303)
    result = browser.get(path).text
    assert "满分10分" in result
    assert "见教材" in result
    assert the_attempt(path).score == 10


def test_right_answers_stay_hidden_while_attempts_are_left(browser: Browser, plant: UUID) -> None:
    path = begin(browser, open_drill(plant, attempts_allowed=2))
    browser.post(path + "/submission", {"q1": "0"}, expect=303)
    result = browser.get(path).text
    assert "还有1次作答机会" in result
    assert "见教材" not in result


def test_an_option_that_is_not_on_the_paper_is_refused(browser: Browser, plant: UUID) -> None:
    path = begin(browser, open_drill(plant))
    browser.post(path + "/answers", {"q1": "9"}, expect=422)
    assert the_attempt(path).answers == {}


def test_another_workers_attempt_is_not_there(browser: Browser, plant: UUID) -> None:
    path = begin(browser, open_drill(plant))
    with transaction():
        workers.account_of(workers.worker("李四", employer=organisation_by_id(plant)), "li")
    other = Browser(browser.app)
    other.sign_in("li")
    other.get(path, expect=404)


def test_a_worker_of_another_enterprise_does_not_find_the_drill(browser: Browser, plant: UUID) -> None:
    drill = open_drill(plant)
    with transaction():
        workers.account_of(workers.worker("外人"), "stranger")
    browser.sign_in("stranger")
    browser.get(f"/drills/{drill}", expect=404)


def test_an_organiser_prepares_a_drill_from_title_to_release(browser: Browser, plant: UUID) -> None:
    browser.sign_in("organiser")
    browser.get("/drills/new")
    fields = {
        "title": "六月练兵", "organisation": str(plant), "opens_at": "2026-06-01T08:00",
        "closes_at": "2126-06-02T08:00", "minutes": "１０", "attempts_allowed": "2", "event": "", "feed_quota": "0", "version": "0",
    }  # fmt: skip
    path = str(browser.post("/drills/new", fields, expect=303).headers["Location"])
    question = {
        "kind": "multiple",
        "stem": "哪些是缺陷？",
        "options": "*气孔\n光滑\n＊裂纹",
        "truth": "",
        "points": "2.5",
        "explanation": "",
    }
    browser.get(path)
    browser.post(path, question, expect=303)
    drill = queries.drill_by_id(UUID(path.split("/")[2]))
    assert [(q.options, q.correct) for q in queries.questions_of(drill)] == [
        (["气孔", "光滑", "裂纹"], [0, 2])
    ]
    browser.get(f"/drills/{drill.id}/manage")
    browser.post(f"/drills/{drill.id}/release", expect=303)
    assert queries.drill_by_id(drill.id).state is DrillState.OPEN


def test_a_question_without_a_right_option_comes_back_with_the_reason(browser: Browser, plant: UUID) -> None:
    with transaction():
        drill = a.draft(organisation_by_id(plant), **OPEN).id
    browser.sign_in("organiser")
    browser.get(f"/drills/{drill}/questions")
    question = {
        "kind": "single",
        "stem": "甲还是乙？",
        "options": "甲\n乙",
        "truth": "",
        "points": "1",
        "explanation": "",
    }
    answer = browser.post(f"/drills/{drill}/questions", question, expect=422)
    assert "请标出正确选项" in answer.text
    assert "甲还是乙" in answer.text


def test_a_question_is_removed(browser: Browser, plant: UUID) -> None:
    with transaction():
        drill: Drill = a.draft(organisation_by_id(plant), **OPEN)
    first = queries.questions_of(drill)[0].id
    browser.sign_in("organiser")
    browser.get(f"/drills/{drill.id}/questions")
    browser.post(f"/drills/{drill.id}/questions/{first}/removal", expect=303)
    assert len(queries.questions_of(queries.drill_by_id(drill.id))) == 2


def test_closing_shows_what_will_happen_and_makes_the_ranking(browser: Browser, plant: UUID) -> None:
    drill = open_drill(plant)
    path = begin(browser, drill)
    browser.post(path + "/submission", right_places(the_attempt(path)), expect=303)
    organiser = Browser(browser.app)
    organiser.sign_in("organiser")
    assert "现在关闭" in organiser.get(f"/drills/{drill}/closing").text
    organiser.post(f"/drills/{drill}/closing", expect=303)
    assert "张建国" in organiser.get(f"/drills/{drill}/manage").text
    assert organiser.get(f"/drills/{drill}/ranking.xlsx").data.startswith(b"PK")


def test_a_draft_is_changed_and_a_released_drill_is_not(browser: Browser, plant: UUID) -> None:
    drill = open_drill(plant)
    browser.sign_in("organiser")
    browser.get(f"/drills/{drill}/edit")
    fields = {
        "title": "新标题", "organisation": str(plant), "opens_at": "2026-06-01T08:00", "closes_at": "2026-06-02T08:00",
        "minutes": "10", "attempts_allowed": "1", "event": "", "feed_quota": "0", "version": str(queries.drill_by_id(drill).version),
    }  # fmt: skip
    assert "已发布，不能再修改" in browser.post(f"/drills/{drill}/edit", fields, expect=422).text


def test_an_organiser_of_another_place_does_not_find_the_drill(browser: Browser, plant: UUID) -> None:
    drill = open_drill(plant)
    with transaction():
        promotions.organiser(organisations.enterprise(), "far")
    browser.sign_in("far")
    browser.get(f"/drills/{drill}/manage", expect=404)
    assert "还没有练兵" in browser.get("/drills").text
