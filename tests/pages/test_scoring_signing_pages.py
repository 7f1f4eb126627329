"""The pages on which sheets are signed, looked at and asked back; photos; the page that brings itself up to date."""

import io
import re
from uuid import uuid4

import pytest
from PIL import Image

from competition import clock
from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.panels import queries as panels_queries
from competition.scoring import queries, services
from competition.tablets.services import issue_cards
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import competitions, scoring
from tests.builders.scoring import DRAWN, NAME
from tests.conftest import NOON
from tests.pages.test_scoring_pages import (
    Again,
    address,
    api,
    chief,
    event,
    judge,
    lead,
    operation,
    register,
    review,
    send,
)

__all__ = ["chief", "event", "judge", "lead"]


@pytest.fixture
def marked(lead):
    with transaction():
        scoring.mark_sheet(lead)
    return lead


def seen_on(browser, sheet):
    page = browser.get(address(sheet, "/signature")).get_data(as_text=True)
    return re.search(r'name="content_hash" value="([0-9a-f]{64})"', page).group(1)


def sign(browser, sheet, expect=303, **fields):
    body = {"content_hash": seen_on(browser, sheet), **fields}
    return browser.post(address(sheet, "/signature"), body, expect=expect)


def test_a_button_alone_signs_nothing(judge, marked):
    sign(judge, marked, expect=422)
    assert marked.state == "open"


def test_a_drawn_name_signs_and_is_shown(judge, marked):
    sign(judge, marked, **DRAWN)
    assert NAME in judge.get(address(marked, "/signature")).get_data(as_text=True)


def test_name_and_password_sign_without_drawing(judge, marked):
    name = marked.judge.account.name
    sign(judge, marked, expect=422, way="password", name="别人", password="correct horse battery")
    sign(judge, marked, expect=422, way="password", name=name, password="wrong")
    sign(judge, marked, way="password", name=name, password="correct horse battery")
    assert marked.state == "signed"


def test_the_pin_of_the_login_card_signs(judge, event, marked):
    with transaction():
        (new,) = issue_cards(event.row, [marked.row.judge], by=system_actor(), at=NOON)
        pin = new.pin
    assert 'name="pin"' in judge.get(address(marked, "/signature")).get_data(as_text=True)
    sign(judge, marked, expect=422, way="pin", pin="not it")
    sign(judge, marked, way="pin", pin=pin)
    assert [one.way for one in queries.signatures_of(marked.row)] == ["pin"]


def test_without_a_card_no_pin_signs(judge, marked):
    sign(judge, marked, expect=422, way="pin", pin="123456")
    assert marked.state == "open"


def test_what_was_signed_stands_beside_what_is_changed_after_a_reopening(judge, event, marked):
    sign(judge, marked, **DRAWN)
    signed = format(queries.marks_of_sheet(marked.row)["A1", "mark"].value, "f")
    with transaction():
        chief = actor_of(panels_queries.chiefs_of(event)[0])
        services.reopen_sheet(marked.row, reason="抄错行", by=chief, at=clock.now())
    sent = operation(marked, value="41", base_version=1)
    (answer,) = send(judge, event, register(judge, event), sent)["answers"]
    assert answer["answer"] == "applied"
    page = judge.get(address(marked, "/signature")).get_data(as_text=True)
    assert re.search(rf"<s>{signed}</s>.*<strong>41</strong>", page, re.DOTALL)


def test_a_drawing_cannot_carry_markup(judge, marked):
    answer = sign(judge, marked, expect=422, way="drawn", drawing='M1,1"/><script>')
    assert "<script>" not in answer.get_data(as_text=True).split("</head>")[1]


def test_a_signed_sheet_is_read_and_asked_back_with_a_reason(judge, marked):
    sign(judge, marked, **DRAWN)
    page = judge.get(address(marked, "/signature")).get_data(as_text=True)
    assert 'name="drawing"' not in page and "已锁定" in page
    judge.post(address(marked, "/reopening"), {"reason": ""}, expect=422)
    judge.post(address(marked, "/reopening"), {"reason": "抄错行"}, expect=303)
    assert "抄错行" in judge.get(address(marked, "/signature")).get_data(as_text=True)
    desk = judge.get(f"/api/scoring/events/{marked.event_id}/desk").get_json()
    assert next(one for one in desk["sheets"] if one["id"] == str(marked.id))["asked"] is True


def test_the_chief_judge_sees_who_asks_and_answers(judge, event, marked, app):
    sign(judge, marked, **DRAWN)
    judge.post(address(marked, "/reopening"), {"reason": "抄错行"}, expect=303)
    chief = Browser(app)
    chief.sign_in(panels_queries.chiefs_of(event)[0])
    assert "抄错行" in chief.get(f"/events/{event.id}/scoring").get_data(as_text=True)
    chief.get(review(event, marked))
    chief.post(review(event, marked, "/declining"), {"reason": "与照片一致"}, expect=303)
    assert "与照片一致" in judge.get(address(marked, "/signature")).get_data(as_text=True)


def test_the_page_of_the_progress_answers_not_modified_until_something_changes(chief, event, lead):
    first = chief.get(f"/events/{event.id}/scoring")
    tag = first.headers["ETag"]
    chief.get(f"/events/{event.id}/scoring", headers={"If-None-Match": tag}, expect=304)
    with transaction():
        scoring.mark_sheet(lead)
    chief.get(f"/events/{event.id}/scoring", headers={"If-None-Match": tag}, expect=200)


def test_the_matrix_says_how_far_the_judges_lie_apart(chief, event):
    with transaction():
        for sheet in queries.sheets_of(event, "A"):
            scoring.mark_sheet(sheet)
    page = chief.get(f"/events/{event.id}/scoring").get_data(as_text=True)
    assert "最大分差" in page and re.search(r"\w+：[\d.]+至[\d.]+", page)


def picture():
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(content, format="JPEG")
    return content.getvalue()


def send_remark(browser, sheet, expect=200, **changes):
    fields = {
        "id": str(uuid4()),
        "aspect": "A1",
        "kind": "note",
        "text": "咬边",
        "device_time": "2026",
        **changes,
    }
    answer = browser.client.post(
        api(queries.event_of(sheet.row), f"sheets/{sheet.id}/remarks"),
        data=fields,
        headers={"X-CSRFToken": browser.token},
    )
    assert answer.status_code == expect, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_photo_reaches_the_judge_and_the_chief_judge_as_a_picture_only(judge, event, lead):
    kept = send_remark(judge, lead, kind="photo", text="", photo=(io.BytesIO(picture()), "IMG_0001.jpg"))
    answer = judge.get(address(lead, f"/photos/{kept['id']}"))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert kept["id"] in judge.get(address(lead, "/signature")).get_data(as_text=True)


def test_a_note_comes_with_the_sheet(judge, lead):
    send_remark(judge, lead)
    state = judge.get(api(queries.event_of(lead.row), f"sheets/{lead.id}")).get_json()
    assert [one["text"] for one in state["sheet"]["notes"]] == ["咬边"]


def test_a_remark_that_is_not_as_agreed_is_refused(judge, lead):
    send_remark(judge, lead, expect=400, kind="video")
    send_remark(judge, lead, expect=422, aspect="Z9")


def test_nobody_sends_remarks_for_a_sheet_of_somebody_else(judge, event):
    other = Again(next(sheet for sheet in queries.sheets_of(event, "A") if not sheet.lead))
    send_remark(judge, other, expect=404)


def test_the_practice_sheet_names_no_event(judge, event):
    page = judge.get("/judging/practice").get_data(as_text=True)
    assert str(event.id) not in page and "练习" in page


def test_a_process_sheet_is_signed_by_the_contestant_first(app, browser):
    document = {**competitions.rule_set("pairs"), "process_signature": "contestant"}
    with transaction():
        sheets = queries.sheets_of(scoring.scoring_event(1, rule_set=document, team_size=2), "A")
        sheet = next(one for one in sheets if one.lead)
        scoring.mark_sheet(sheet)
        account, sheet = sheet.judge.account, Again(sheet)
    browser.sign_in(account)
    seen = seen_on(browser, sheet)
    sign(browser, sheet, expect=422, **DRAWN)
    browser.post(address(sheet, "/contestant"), {"content_hash": seen, "drawing": NAME}, expect=303)
    sign(browser, sheet, **DRAWN)
    assert sheet.state == "signed"
