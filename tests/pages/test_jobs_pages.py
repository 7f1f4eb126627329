"""Pages of long work."""

import pytest
from flask import Flask

from competition.accounts.services import grant_role, open_account, system_actor
from competition.errors import RuleBroken
from competition.jobs import registry, runner, services
from competition.jobs.models import Operation
from competition.jobs.run import Run
from competition.rules.access import Actor, Role
from competition.rules.sentences import sentence
from competition.transactions import transaction
from tests.browser import Browser
from tests.conftest import NOON

PASSWORD = "correct horse battery"


def account(username: str, role: Role | None = None) -> Actor:
    with transaction():
        made = open_account(
            username=username, name="林工", password=PASSWORD, by=system_actor(), at=NOON, must_change=False
        )
        if role:
            grant_role(made, role=role, by=system_actor(), at=NOON)
        return Actor(made.id, made.name)


def queued(by: Actor) -> Operation:
    with transaction():
        return services.queue_operation("test.work", args={}, idempotency_key="one", by=by, at=NOON, total=2)


@pytest.fixture(autouse=True)
def kind():
    refused: list[bool] = [True]

    def work(run: Run) -> None:
        if refused[0]:
            raise RuleBroken(sentence("Work"), sentence("Mine"))
        for _ in range(2):
            with run.step():
                pass

    registry.operation_kind("test.work", title=sentence("Work"), seconds=60)(work)
    yield refused
    del registry._kinds["test.work"]


def test_progress_is_shown_and_survives_reloading(browser: Browser) -> None:
    operation = queued(account("lin"))
    path = f"/operations/{operation.id}"
    browser.sign_in("lin")
    for _ in range(2):
        assert "0 / 2" in browser.get(path).text
    assert browser.get(f"{path}/state").json["state"] == "queued"


def test_failed_work_says_why_and_can_be_tried_again(app: Flask, browser: Browser, kind: list[bool]) -> None:
    path = f"/operations/{queued(account('lin')).id}"
    runner.run_due(app)
    browser.sign_in("lin")
    page = browser.get(path)
    assert "失败" in page.text and "重试" in page.text
    kind[0] = False
    browser.post(f"{path}/attempts", expect=303)
    runner.run_due(app)
    assert "任务已完成" in browser.get(path).text


def test_waiting_work_can_be_cancelled(app: Flask, browser: Browser) -> None:
    path = f"/operations/{queued(account('lin')).id}"
    browser.sign_in("lin")
    browser.get(path)
    browser.post(f"{path}/cancellation", expect=303)
    assert runner.run_due(app) == 0
    assert "已取消" in browser.get(path).text


def test_work_of_others_does_not_exist(browser: Browser) -> None:
    operation_id = queued(account("lin")).id
    account("stranger")
    browser.sign_in("stranger")
    for path in ("", "/state"):
        browser.get(f"/operations/{operation_id}{path}", expect=404)
    assert "没有后台任务" in browser.get("/operations?whose=all").text


def test_who_may_read_operations_sees_everybodys(browser: Browser) -> None:
    operation_id = str(queued(account("lin")).id)
    account("auditor", Role.AUDITOR)
    browser.sign_in("auditor")
    assert operation_id in browser.get("/operations?whose=all").text
    assert operation_id not in browser.get("/operations").text


def test_a_visitor_is_asked_to_sign_in(browser: Browser) -> None:
    assert "/sign-in" in browser.get("/operations", expect=303).headers["Location"]
