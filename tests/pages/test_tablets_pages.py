"""Pages of tablets: the card that opens one event's sheets and nothing else, the list of devices, the late list, the emergency file, and
the list of what a restored server lacks."""

import io
import json
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from competition.accounts.services import grant_role, system_actor
from competition.audit.queries import entries_for
from competition.database import session
from competition.panels import queries as panels_queries
from competition.panels.models import Seat
from competition.rules.access import Role, ScopeKind
from competition.scoring import queries
from competition.tablets.services import revoke_card
from competition.transactions import transaction
from tests.builders import competitions, panels, scoring, tablets
from tests.conftest import NOON
from tests.pages.test_scoring_pages import Again, api, operation

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def event(app):
    with transaction():
        return Again(scoring.scoring_event(2, rule_set=competitions.rule_set("pairs"), team_size=2))


@pytest.fixture
def lead(event):
    return Again(next(sheet for sheet in queries.sheets_of(event, "A") if sheet.lead))


@pytest.fixture
def card(event, lead):
    with transaction():
        made = tablets.card(event, lead.judge)
        return made.token, made.pin, Again(made.card)


@pytest.fixture
def organiser(browser, event):
    with transaction():
        account = panels.account("组织者")
        grant_role(
            account,
            role=Role.ORGANISER,
            scope_kind=ScopeKind.EVENT,
            scope_id=event.id,
            by=system_actor(),
            at=NOON,
        )
    browser.sign_in(account)
    return browser


@pytest.fixture
def chief(browser, event):
    browser.sign_in(panels_queries.chiefs_of(event)[0])
    return browser


def open_with(browser, token, pin, expect=303):
    browser.get("/tablet")
    return browser.post("/tablet", {"token": token, "pin": pin}, expect=expect, headers=SAME_ORIGIN)


def test_a_card_leads_to_the_sheets_of_its_event(browser, event, card):
    answer = open_with(browser, *card[:2])
    assert answer.headers["Location"].endswith(f"/judging/{event.id}/desk")
    desk = browser.get(api(event, "desk")).get_json()
    assert desk["sheets"] and desk["account"] == str(card[2].judge.account_id)


def test_a_session_of_a_card_marks_and_does_nothing_else(browser, event, lead, card):
    open_with(browser, *card[:2])
    browser.get("/judging")
    device = browser.post_json(api(event, "devices"), {"label": "平板"}, expect=200).get_json()["device"]
    browser.post_json(
        api(event, "operations"), {"device": device, "operations": [operation(lead)]}, expect=200
    )
    for path in (
        "/my-account",
        "/password",
        f"/events/{event.id}/scoring",
        "/accounts",
        f"/events/{event.id}/tablets",
    ):
        browser.get(path, expect=403)


def test_a_revoked_card_ends_its_sessions_with_their_next_request(browser, event, card):
    open_with(browser, *card[:2])
    with transaction():
        revoke_card(card[2].row, by=system_actor(), at=NOON)
    assert browser.client.get(api(event, "desk")).status_code == 401


def test_a_wrong_pin_says_so_and_keeps_the_card_on_the_page(browser, card):
    token, pin, _ = card
    page = open_with(browser, token, "123" if pin != "123" else "124", expect=422).get_data(as_text=True)
    assert "PIN码不符" in page and token in page


def test_the_page_without_a_card_says_what_to_do(browser):
    page = open_with(browser, "", "123456", expect=422).get_data(as_text=True)
    assert "请重新扫描" in page and "<noscript>" in page


def test_a_card_is_not_taken_from_another_site(browser, card):
    answer = browser.client.post(
        "/tablet", data={"token": card[0], "pin": card[1]}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_the_script_signs_in_again_with_the_card(browser, event, card):
    token, pin, _ = card
    wrong = browser.client.post(
        "/api/tablets/sessions", json={"token": token, "pin": "0"}, headers=SAME_ORIGIN
    )
    assert (wrong.status_code, wrong.get_json()["code"]) == (403, "card-refused")
    right = browser.client.post(
        "/api/tablets/sessions", json={"token": token, "pin": pin}, headers=SAME_ORIGIN
    )
    assert right.get_json()["event"] == str(event.id) and right.headers["Cache-Control"] == "no-store"
    assert (
        browser.client.post("/api/tablets/sessions", json={"token": token}, headers=SAME_ORIGIN).status_code
        == 400
    )


def test_without_seats_the_page_says_what_comes_first_and_offers_no_cards(organiser, event):
    with transaction():
        for seat in session.scalars(select(Seat).where(Seat.event_id == event.id)):
            seat.released_at = NOON
    shown = organiser.get(f"/events/{event.id}/tablets").get_data(as_text=True)
    assert "请先为裁判员安排席位" in shown and f"/events/{event.id}/panels" in shown
    assert "tablets/cards" not in shown
    refused = organiser.post(f"/events/{event.id}/tablets/cards", expect=422).get_data(as_text=True)
    assert "席位" in refused


def test_printed_cards_are_a_file_that_is_kept_nowhere(organiser, event):
    organiser.get(f"/events/{event.id}/tablets")
    answer = organiser.post(f"/events/{event.id}/tablets/cards", expect=200)
    assert answer.data.startswith(b"%PDF") and answer.headers["Cache-Control"] == "no-store"
    organiser.post(f"/events/{event.id}/tablets/cards", expect=422)
    again = organiser.get(f"/events/{event.id}/tablets").get_data(as_text=True)
    assert "每位裁判员都有登录卡" in again
    judge = panels_queries.seats_of(event)[0].judge_id
    organiser.post(f"/events/{event.id}/tablets/cards", {"judge": str(judge)}, expect=200)


def test_a_tablet_is_turned_off_and_allowed_again_in_one_tap(chief, event, lead):
    with transaction():
        device = scoring.device(event, lead.judge.account, "甲").id
    address = f"/events/{event.id}/tablets"
    assert "停用" in chief.get(address).get_data(as_text=True)
    chief.post(f"{address}/{device}/revocation", expect=303)
    assert "重新允许" in chief.get(address).get_data(as_text=True)
    chief.post(f"{address}/{device}/permission", expect=303)
    assert "重新允许" not in chief.get(address).get_data(as_text=True)


def test_a_device_that_was_turned_off_hands_over_what_it_holds(browser, event, lead):
    key = tablets.TabletKey()
    browser.sign_in(lead.judge.account)
    browser.get("/judging")
    device = browser.post_json(api(event, "devices"), {"label": "平板", "public_key": key.public}).get_json()[
        "device"
    ]
    body = json.dumps({"schema": 2, "device": device, "operations": [operation(lead)]}).encode()
    stranger = browser.app.test_client()

    def hand_over(signature):
        headers = {**SAME_ORIGIN, "Content-Type": "application/json", "X-Device-Signature": signature}
        return stranger.post(api(event, "quarantine"), data=body, headers=headers)

    assert hand_over(tablets.TabletKey().sign(body)).get_json()["code"] == "signature-invalid"
    (answer,) = hand_over(key.sign(body)).get_json()["answers"]
    assert (answer["answer"], answer["reason"]) == ("rejected", "quarantined")


def test_the_late_list_shows_both_values_and_is_worked_off(chief, event, lead):
    with transaction():
        scoring.mark_sheet(lead)
        scoring.sign(lead.row)
        scoring.send(scoring.device(event, lead.judge.account), scoring.sent(lead, "A1", "42"))
    (operation,) = queries.waiting_aside(event)
    address = f"/events/{event.id}/scoring/operations"
    page = chief.get(address).get_data(as_text=True)
    assert "42" in page and lead.judge.account.name in page
    assert "1条待处理" in chief.get(f"/events/{event.id}/scoring").get_data(as_text=True)
    chief.get(address)
    chief.post(f"{address}/{operation.op_id}", {"reason": "维持原分"}, expect=303)
    assert "维持原分" in chief.get(address).get_data(as_text=True)


def test_an_emergency_file_is_looked_at_before_it_counts(organiser, event, lead):
    with transaction():
        device = scoring.device(event, lead.judge.account).id
    text = tablets.emergency_text(event, device, [operation(lead)])
    address = f"/events/{event.id}/scoring/emergency"
    organiser.get(address)
    assert "文件内容" in organiser.post(address, {"text": text}, expect=200).get_data(as_text=True)
    assert queries.marks_of_sheet(lead) == {}
    unexplained = organiser.post(address, {"text": text, "confirmed": "yes"}, expect=422)
    assert "采信理由" in unexplained.get_data(as_text=True) and queries.marks_of_sheet(lead) == {}
    organiser.post(address, {"text": text, "confirmed": "yes", "reason": "J1当面送交"}, expect=303)
    assert queries.marks_of_sheet(lead)["A1", "mark"].version == 1
    assert re.search(
        "已有|截断", organiser.post(address, {"text": text[:-9]}, expect=422).get_data(as_text=True)
    )


def test_only_the_page_of_the_emergency_file_may_look_through_a_camera(organiser, event):
    asked = {
        tail: organiser.get(f"/events/{event.id}/scoring{tail}").headers["Permissions-Policy"]
        for tail in ("", "/emergency", "/missing")
    }
    assert [tail for tail, policy in asked.items() if "camera=(self)" in policy] == ["/emergency"]


def test_who_let_a_judge_go_is_told_with_the_words_that_nobody_checked_it(browser, event, lead):
    left = {"supervisor": "钱监督", "reason": "换班", "left_at": "2026-07-15T04:00:00.000Z"}
    browser.sign_in(lead.judge.account)
    browser.get("/")
    browser.post_json(api(event, "devices"), {"label": "平板", "left": left}, expect=200)
    browser.sign_in(panels_queries.chiefs_of(event)[0])
    said = browser.get(f"/events/{event.id}/tablets").get_data(as_text=True)
    assert "见证人钱监督（按平板上填写，未经核对）：换班" in said


def test_told_twice_a_hand_over_is_on_record_once(browser, event, lead):
    left = {"supervisor": "钱监督", "reason": "换班", "left_at": "2026-07-15T04:00:00.000Z"}
    browser.sign_in(lead.judge.account)
    browser.get("/")
    sent = {"label": "平板", "public_key": tablets.TabletKey().public, "left": left}
    for _twice in range(2):
        browser.post_json(api(event, "devices"), sent, expect=200)
    kept = [one for one in entries_for(event_id=event.id) if one.kind == "tablets.handed_over"]
    assert [one.payload["supervisor"] for one in kept] == ["钱监督"]


# --- what a restored server lacks ---------------------------------------------------------------------


def lacking(sheet, value="57", **details):
    mark = {
        "sheet": str(sheet.id),
        "aspect": "A1",
        "kind": "mark",
        "value": value,
        "state": "value",
        "version": 3,
    }
    return {**mark, "device_time": "2026-06-01T11:58:00+08:00", **details}


@pytest.fixture
def told(browser, event, lead):
    """A tablet has said which mark it was told is recorded, and how many entries it cannot send again."""
    browser.sign_in(lead.judge.account)
    browser.get("/")
    device = browser.post_json(api(event, "devices"), {"label": "平板7"}, expect=200).get_json()["device"]
    body = {"acknowledged": 250, "again": 200, "marks": [lacking(lead)]}
    answer = browser.post_json(api(event, f"devices/{device}/lacking"), body, expect=200)
    assert answer.get_json()["noted"] == 1
    return device


def test_the_organiser_sees_which_marks_to_ask_for(told, organiser, event, lead):
    progress = organiser.get(f"/events/{event.id}/scoring").get_data(as_text=True)
    assert "1项评分曾获确认、现已缺失" in progress
    said = organiser.get(f"/events/{event.id}/scoring/lacking").get_data(as_text=True)
    for words in (f"{lead.code} · J1", "57", "平板7", "2026-06-01 11:58:00", "服务器上没有", "250条曾获确认"):
        assert words in said, words
    organiser.post("/preferences", {"language": "en", "next": "/"}, expect=303, headers=SAME_ORIGIN)
    assert "1 mark to ask for" in organiser.get(f"/events/{event.id}/scoring/lacking").get_data(as_text=True)


def test_the_list_is_a_workbook_of_codes_and_seats_without_names(told, organiser, event, lead):
    answer = organiser.get(f"/events/{event.id}/scoring/lacking.xlsx")
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name(sheet).to_python()
    assert [lead.code, "J1"] == next(row for row in rows if "57" in row)[1:3]
    assert lead.judge.account.name not in str(rows) and "平板7" in str(rows)


def test_only_the_own_tablet_tells_and_a_bound_one_signs_what_it_tells(told, browser, event, lead):
    other = next(one for one in queries.sheets_of(event) if one.judge_id != lead.judge_id)
    browser.sign_in(lead.judge.account)
    browser.get("/")
    browser.post_json(api(event, f"devices/{told}/lacking"), {"marks": [{"sheet": 1}]}, expect=400)
    key = tablets.TabletKey()
    bound = {"label": "平板8", "public_key": key.public}
    device = browser.post_json(api(event, "devices"), bound, expect=200).get_json()["device"]
    unsigned = browser.post_json(api(event, f"devices/{device}/lacking"), {"marks": []}, expect=403)
    assert unsigned.get_json()["code"] == "signature-invalid"
    browser.sign_in(other.judge.account)
    browser.get("/")
    browser.post_json(api(event, f"devices/{told}/lacking"), {"marks": [lacking(lead)]}, expect=403)


def test_a_tablet_learns_on_which_others_the_sheets_are_open(browser, event, lead):
    browser.sign_in(lead.judge.account)
    browser.get("/")
    first, second = (
        browser.post_json(api(event, "devices"), {"label": label}, expect=200).get_json()
        for label in ("平板A", "平板B")
    )
    assert (first["beside"], [one["label"] for one in second["beside"]]) == ([], ["平板A"])
    here = browser.post_json(api(event, f"devices/{first['device']}/presence"), {"queue": 0}, expect=200)
    assert here.get_json()["beside"] == [{"device": second["device"], "label": "平板B"}]
