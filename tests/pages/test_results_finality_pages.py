"""From public to final on the pages: the road, the next action, the notice, the changes, and how much anybody sees."""

import re

import pytest
from flask import Flask, template_rendered

from competition import clock
from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.competitions.queries import event_by_id
from competition.results import queries, services
from competition.results.queries import StandingKind
from competition.transactions import transaction
from competition.workers.services import give_account
from tests.browser import Browser
from tests.builders import results as a
from tests.conftest import NOON
from tests.pages.test_results_pages import Made, text_of

WEEK = {"publication": {"notice_days": 7}}


def noticed(at=NOON) -> Made:
    """A published event with a week of notice, from a moment on."""
    with transaction():
        event = a.scored_event(["80", "90"], rules=a.one_mark_rules(**WEEK))
        revision = a.prepared(event)
        services.approve_publication(revision, by=actor_of(a.supervisor(event)), at=at)
    return Made(event.id)


def signed_in(app: Flask, event: Made, who=a.supervisor) -> Browser:
    with transaction():
        account = who(event.event, "郑某")
    browser = Browser(app)
    browser.sign_in(account)
    return browser


def test_the_public_page_says_until_when_objections_can_be_raised(browser: Browser) -> None:
    event = noticed(at=clock.now())
    said = text_of(browser.get(f"/events/{event.id}/results"))
    until = queries.standing_of(event.event).until.astimezone(services.publications.VENUE)
    assert "公示中，尚非最终成绩" in said and f"{until:%Y-%m-%d %H:%M}" in said


def test_the_road_says_how_long_the_notice_still_runs(app: Flask) -> None:
    event = noticed(at=clock.now())
    said = text_of(signed_in(app, event).get(f"/events/{event.id}/publication"))
    until = queries.standing_of(event.event).until.astimezone(services.publications.VENUE)
    assert re.search(rf"公示期至{until:%Y-%m-%d} 00:00，还剩\d天\d+小时", said)
    assert "宣布第1版为最终成绩" not in said


def test_after_the_notice_the_result_is_declared_final_with_one_press(app: Flask) -> None:
    event = noticed()
    browser = signed_in(app, event)
    assert "宣布第1版为最终成绩" in text_of(browser.get(f"/events/{event.id}/publication"))
    browser.post(f"/events/{event.id}/result-final", {}, expect=303)
    assert "最终成绩" in text_of(browser.get(f"/events/{event.id}/publication"))
    assert queries.standing_of(event.event).kind is StandingKind.FINAL


def test_declaring_too_early_is_refused_in_words(app: Flask) -> None:
    event = noticed(at=clock.now())
    browser = signed_in(app, event)
    browser.get(f"/events/{event.id}/publication")
    assert "公示期至" in text_of(browser.post(f"/events/{event.id}/result-final", {}, expect=422))
    assert queries.standing_of(event.event).kind is StandingKind.NOTICE


def test_an_approver_adds_days_to_the_notice(app: Flask) -> None:
    with transaction():
        made = a.scored_event(["80"], rules=a.one_mark_rules(**WEEK))
        revision = a.prepared(made)
    event, revision_id = Made(made.id), revision.id
    browser = signed_in(app, event)
    browser.get(f"/events/{event.id}/publication")
    fields = {"revision": str(revision_id), "password": a.PASSWORD, "extra_days": "2"}
    browser.post(f"/events/{event.id}/publication", fields, expect=303)
    standing = queries.standing_of(event.event)
    assert (standing.until - standing.at).days in (9, 10)


def test_a_page_asked_for_again_is_answered_without_rendering_it(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90"])
    client = app.test_client()
    tag = client.get(f"/events/{event.id}/results").headers["ETag"]
    rendered: list[object] = []
    with template_rendered.connected_to(lambda *args, **kwargs: rendered.append(args), app):
        again = client.get(f"/events/{event.id}/results", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)
    assert rendered == []


@pytest.mark.parametrize("change", ["language", "query", "final"])
def test_what_would_change_the_page_changes_its_tag(browser: Browser, change: str) -> None:
    event = noticed()
    address = f"/events/{event.id}/results"
    tag = browser.get(address).headers["ETag"]
    if change == "language":
        browser.client.set_cookie("language", "en")
    if change == "query":
        address += "?q=x"
    if change == "final":
        with transaction():
            services.declare_final(event.event, by=system_actor(), at=clock.now())
    assert browser.get(address, headers={"If-None-Match": tag}).headers["ETag"] != tag


# --- changes --------------------------------------------------------------------------------------


def test_everybody_reads_what_changed_and_nothing_of_what_is_not_public(browser: Browser) -> None:
    with transaction():
        event = a.published_event(["80", "90"])
        a.correct(event, a.entrant(event, 1), "95")
        revision = a.prepared(event, reason="抄写错误")
        event_id, revision_id = event.id, revision.id
    address = f"/events/{event_id}/results/changes"
    before = text_of(browser.get(address))
    assert "抄写错误" not in before and "变为" not in before
    with transaction():
        revision = queries.newest_revision(event_by_id(event_id))
        assert revision.id == revision_id
        by = actor_of(a.supervisor(event_by_id(event_id)))
        services.approve_publication(revision, by=by, at=NOON)
    after = text_of(browser.get(address))
    assert "抄写错误" in after and "王建国：名次由2变为1。" in after
    assert "成绩更正记录" in text_of(browser.get(f"/events/{event_id}/results"))


def test_what_a_correction_would_change_stands_above_the_approval(app: Flask) -> None:
    with transaction():
        made = a.published_event(["80", "90"])
        a.correct(made, a.entrant(made, 1), "95")
        a.prepared(made, reason="抄写错误")
    event = Made(made.id)
    said = text_of(signed_in(app, event).get(f"/events/{event.id}/publication"))
    assert "名次由2变为1" in said and "查看第2版并批准" in said


# --- how much anybody sees ------------------------------------------------------------------------


def why(browser: Browser, breakdown: str) -> tuple[Made, str]:
    def values(entry: int, aspect: str, seat: str) -> str | None:
        if aspect == "seam":
            return {"J1": "88", "J2": "90", "J3": "91", "J4": "85", "J5": "95"}[seat]
        return {"paper": "80", "time": str(9000 + entry), "safety": "2" if entry == 1 else None}[aspect]

    with transaction():
        rules = a.trade_rules(publication={"breakdown": breakdown})
        event = Made(a.published_event(values, number=2, rules=rules).id)
    return event, text_of(browser.get(f"/events/{event.id}/results/{event.entrant(1)}"))


def test_the_public_sees_the_modules_where_the_rules_say_so(browser: Browser) -> None:
    _, said = why(browser, "modules")
    assert "× 30%" in said and "85.37" in said
    assert "J4" not in said and "269 ÷ 3" not in said and "安全扣分" not in said


def test_the_public_sees_only_the_total_where_the_rules_say_so(browser: Browser) -> None:
    _, said = why(browser, "total")
    assert "85.37" in said
    assert "× 30%" not in said and not re.search(r"\b24\b", said) and "实操" not in said


def test_contestants_see_the_own_marks_down_to_the_sheet(browser: Browser) -> None:
    event, _ = why(browser, "total")
    with transaction():
        worker = a.entrant(event.event, 1).members[0].worker
        give_account(
            worker, username="wang", password=a.PASSWORD, by=system_actor(), at=NOON, must_change=False
        )
    address = f"/events/{event.id}/results/{event.entrant(1)}"
    browser.sign_in("wang", a.PASSWORD)
    assert "269 ÷ 3" in text_of(browser.get(address))
    assert "269 ÷ 3" not in text_of(browser.get(f"/events/{event.id}/results/{event.entrant(2)}"))
