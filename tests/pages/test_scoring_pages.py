"""Pages of scoring: the judge sees codes only, the chief judge sees every sheet, devices get receipts."""

import gzip
import json
import re
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import inspect

from competition import vault
from competition.accounts.services import grant_role, system_actor
from competition.database import session
from competition.orm import canonical_json
from competition.panels import queries as panels_queries
from competition.registration.queries import display_name
from competition.rules.access import Role, ScopeKind
from competition.scoring import queries
from competition.tablets.queries import devices_by_id
from competition.transactions import transaction
from competition.web.templating import device_second
from tests.builders import competitions, panels, scoring
from tests.builders.draws import is_told
from tests.builders.scoring import DRAWN
from tests.builders.tablets import TabletKey
from tests.conftest import NOON
from tests.rules.contests import ruleset
from tests.services.test_scoring_methods import BY_TOPS, MODULE


class Again:
    """A row that is read again whenever something of it is asked for: every request ends the session."""

    def __init__(self, row):
        self._model, self._key = type(row), inspect(row).identity

    @property
    def row(self):
        return session.get(self._model, self._key)

    def __getattr__(self, name):
        return getattr(self.row, name)


@pytest.fixture
def event(app):
    with transaction():
        return Again(scoring.scoring_event(2, rule_set=competitions.rule_set("pairs"), team_size=2))


@pytest.fixture
def lead(event):
    return Again(next(sheet for sheet in queries.sheets_of(event, "A") if sheet.lead))


@pytest.fixture
def judge(browser, lead):
    """The lead of the first sheet, signed in."""
    browser.sign_in(lead.judge.account)
    browser.get("/judging")
    return browser


@pytest.fixture
def chief(browser, event):
    browser.sign_in(panels_queries.chiefs_of(event)[0])
    return browser


def address(sheet, tail=""):
    return f"/judging/{sheet.event_id}/sheets/{sheet.id}{tail}"


def api(event, tail):
    return f"/api/scoring/events/{event.id}/{tail}"


def operation(sheet, aspect="A1", value="57", seq=1, **changes):
    body = scoring.sent(sheet, aspect, value, seq).body()
    return {**body, **changes}


def register(browser, event):
    return browser.post_json(api(event, "devices"), {"label": "平板1"}, expect=200).get_json()["device"]


def send(browser, event, device, *operations, expect=200):
    """What the server answers to a batch."""
    body = {"device": device, "operations": list(operations)}
    return browser.post_json(api(event, "operations"), body, expect=expect).get_json()


def test_the_judges_home_leads_to_the_sheets_in_two_steps(judge, event, lead):
    home = judge.get("/judging").get_data(as_text=True)
    assert f"/judging/{event.id}/A" in home
    assert lead.code in judge.get(f"/judging/{event.id}/A").get_data(as_text=True)


def test_no_name_or_unit_of_an_entrant_reaches_a_judge(judge, event, lead):
    secrets = set()
    for place in queries.places_marked(event):
        secrets |= {
            display_name(place.entrant),
            place.entrant.delegation.organisation.name,
            str(place.entrant_id),
        }
    tails = ("", "/signature")
    bodies = [judge.get(address(lead, tail)).get_data(as_text=True) for tail in tails]
    bodies += [
        judge.get(path).get_data(as_text=True)
        for path in ("/judging", f"/judging/{event.id}/A", api(event, f"sheets/{lead.id}"))
    ]
    assert not [secret for secret in secrets for body in bodies if secret in body]


def test_the_five_save_states_have_their_exact_words(judge, lead):
    page = judge.get(address(lead)).get_data(as_text=True)
    for words in (
        "正在保存…",
        "已存本机 · 待上传 {n} 条",
        "已上传 · {time}",
        "有 {n} 条需处理",
        "本机无法保存，请用纸质评分表并联系技术员",
    ):
        assert words in page


def test_a_sheet_of_another_judge_is_not_there(judge, event):
    other = Again(next(sheet for sheet in queries.sheets_of(event, "A") if sheet.seat_label == "J2"))
    judge.get(address(other), expect=404)
    judge.get(address(other, "/signature"), expect=404)
    judge.get(api(event, f"sheets/{other.id}"), expect=404)


def test_a_batch_is_answered_with_a_signed_receipt(judge, event, lead):
    device = register(judge, event)
    sent = operation(lead)
    reply = send(judge, event, device, sent)
    (answer,) = reply["answers"]
    assert (answer["op_id"], answer["answer"], answer["version"]) == (sent["op_id"], "applied", 1)
    said = canonical_json([[answer["op_id"], answer["answer"], answer["version"]]])
    assert vault.receipt_holds(reply["receipt"], device, said, reply["server_time"])


def test_the_answer_is_in_the_readers_language_and_never_cached(judge, event, lead):
    device = register(judge, event)
    response = judge.post_json(
        api(event, "operations"), {"device": device, "operations": [operation(lead, value="61")]}
    )
    (answer,) = response.get_json()["answers"]
    assert (answer["answer"], answer["reason"]) == ("rejected", "out-of-range")
    assert (
        re.search("[\u4e00-\u9fff]", answer["sentence"]) and response.headers["Cache-Control"] == "no-store"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"is_signed": 1},
        {"value": 57},
        {"value": 5.5},
        {"seq": "1"},
        {"kind": "total"},
        {"state": "signed"},
        {"value": None},
    ],
)
def test_a_field_that_is_not_agreed_refuses_the_whole_batch(judge, event, lead, changes):
    device = register(judge, event)
    send(judge, event, device, operation(lead, **changes), expect=400)
    assert queries.marks_of_sheet(lead) == {}


@pytest.mark.parametrize("raw", [b'{"device": "x", "oper', b"", b"[]", b'{"device":NaN,"operations":[]}'])
def test_half_a_body_changes_nothing(judge, event, raw):
    headers = {"X-CSRFToken": judge.token, "Content-Type": "application/json"}
    response = judge.client.post(api(event, "operations"), data=raw, headers=headers)
    assert response.status_code == 400 and response.is_json


def test_a_batch_is_limited_in_number_and_in_size(judge, event, lead):
    device = register(judge, event)
    send(judge, event, device, *(operation(lead, seq=number) for number in range(1, 52)), expect=400)
    headers = {"X-CSRFToken": judge.token, "Content-Type": "application/json"}
    response = judge.client.post(api(event, "operations"), data=b" " * (64 * 1024 + 1), headers=headers)
    assert response.status_code == 413


def test_without_the_token_nothing_is_taken(judge, event, lead):
    device = register(judge, event)
    judge.token = ""
    send(judge, event, device, operation(lead), expect=400)


def test_a_device_of_another_account_is_refused(judge, event, lead):
    with transaction():
        other = Again(next(sheet for sheet in queries.sheets_of(event, "A") if sheet.seat_label == "J2"))
        foreign = scoring.device(event, other.judge.account).id
    send(judge, event, str(foreign), operation(lead), expect=403)
    send(judge, event, str(uuid4()), operation(lead), expect=403)


def test_a_program_that_is_not_signed_in_gets_401(browser, event):
    browser.get("/sign-in")
    browser.post_json(api(event, "devices"), {"label": "x"}, expect=401)


def test_the_state_of_a_sheet_shows_what_was_recorded(judge, event, lead):
    send(judge, event, register(judge, event), operation(lead))
    sheet = judge.get(api(event, f"sheets/{lead.id}")).get_json()["sheet"]
    assert sheet["marks"][0] | {"version": 1} == {
        "aspect": "A1", "kind": "mark", "value": "57", "state": "value", "round": 1, "version": 1, "reason": "",
    }  # fmt: skip


def test_other_levels_travel_only_when_all_are_in(judge, event, lead):
    def others():
        levels = judge.get(api(event, f"sheets/{lead.id}")).get_json()["sheet"]["levels"]["A4"]
        return levels["others"]

    panel = [Again(one) for one in queries.sheets_of(event, "A") if one.code == lead.code]
    for sheet in panel[1:]:
        assert others() == []
        with transaction():
            scoring.mark_sheet(sheet)
    assert others() == []
    with transaction():
        scoring.mark_sheet(lead)
    assert [one["level"] for one in others()] == ["2", "2"]


def test_a_sheet_with_blanks_lists_them_and_offers_no_signature(judge, lead):
    page = judge.get(address(lead, "/signature")).get_data(as_text=True)
    assert "content_hash" not in page and "未评" in page


def test_what_was_looked_at_is_signed_and_then_read_only(judge, lead):
    with transaction():
        scoring.mark_sheet(lead)
    page = judge.get(address(lead, "/signature")).get_data(as_text=True)
    seen = re.search(r'name="content_hash" value="([0-9a-f]{64})"', page).group(1)
    judge.post(address(lead, "/signature"), {**DRAWN, "content_hash": seen}, expect=303)
    data = judge.get(f"/api/scoring/events/{lead.event_id}/desk").get_json()
    states = {one["id"]: one["state"] for one in data["sheets"]}
    assert states[str(lead.id)] == "signed"


def test_a_sheet_that_changed_meanwhile_is_a_conflict(judge, lead):
    with transaction():
        scoring.mark_sheet(lead)
    judge.get(address(lead, "/signature"))
    judge.post(address(lead, "/signature"), {**DRAWN, "content_hash": "0" * 64}, expect=409)


def review(event, sheet, tail=""):
    return f"/events/{event.id}/scoring/sheets/{sheet.id}{tail}"


def test_the_chief_judge_confirms_and_reopens(chief, event, lead):
    with transaction():
        scoring.mark_sheet(lead)
        scoring.sign(lead.row)
    page = chief.get(review(event, lead)).get_data(as_text=True)
    seen = re.search(r'name="content_hash" value="([0-9a-f]{64})"', page).group(1)
    chief.post(review(event, lead), {"content_hash": seen}, expect=303)
    chief.post(review(event, lead, "/reopening"), {"reason": ""}, expect=422)
    chief.post(review(event, lead, "/reopening"), {"reason": "抄错行"}, expect=303)
    assert "抄错行" in chief.get(review(event, lead)).get_data(as_text=True)


def test_a_sheet_is_declared_void_with_a_reason(chief, event, lead):
    chief.get(review(event, lead))
    chief.post(review(event, lead, "/voiding"), {"reason": "重复"}, expect=303)
    assert queries.sheets_of(event) and "重复" in chief.get(review(event, lead)).get_data(as_text=True)


def test_the_progress_shows_the_reconciliation_and_what_stands_in_the_way(chief, event):
    page = chief.get(f"/events/{event.id}/scoring").get_data(as_text=True)
    sheets = len(queries.sheets_of(event))
    assert f"应有{sheets}＝已收0＋作废0＋缺{sheets}" in page
    refused = chief.post(f"/events/{event.id}/scoring/closing", expect=422).get_data(as_text=True)
    assert f"有{sheets}张评分表未签名" in refused


def test_the_chief_judge_closes_and_reopens_the_marking(chief, event):
    with transaction():
        scoring.mark_all(event)
    chief.get(f"/events/{event.id}/scoring")
    chief.post(f"/events/{event.id}/scoring/closing", expect=303)
    chief.get(f"/events/{event.id}/scoring/reopening")
    chief.post(f"/events/{event.id}/scoring/reopening", {"reason": "复核"}, expect=303)
    chief.post(f"/events/{event.id}/scoring/sheets", expect=303)


def test_the_organiser_starts_the_marking(browser, app):
    with transaction():
        event = Again(scoring.draws.drawn_event(1))
        panels.full_panels(event)
        organiser = panels.account("组织者")
        grant_role(
            organiser,
            role=Role.ORGANISER,
            scope_kind=ScopeKind.EVENT,
            scope_id=event.id,
            by=system_actor(),
            at=NOON,
        )
    browser.sign_in(organiser)
    browser.get(f"/events/{event.id}/scoring")
    browser.post(f"/events/{event.id}/scoring", expect=303)
    assert queries.sheets_of(event)
    browser.get(review(event, queries.sheets_of(event)[0]), expect=403)


def test_what_was_refused_is_listed_for_the_chief_judge(chief, event, lead):
    with transaction():
        scoring.send(scoring.device(event, lead.judge.account), scoring.sent(lead, "A1", "61"))
    page = chief.get(f"/events/{event.id}/scoring/operations").get_data(as_text=True)
    assert "61" in page and lead.code in page


def test_a_stranger_sees_nothing_of_an_event(browser, event, lead):
    with transaction():
        other = scoring.scoring_event(1, rule_set=competitions.rule_set("pairs"), team_size=2)
        stranger = queries.sheets_of(other)[0].judge.account
    browser.sign_in(stranger)
    browser.get(address(lead), expect=404)
    browser.get(f"/events/{event.id}/scoring", expect=403)


def test_the_page_tells_its_script_how_every_method_is_typed_and_what_may_stand_instead(app, browser):
    with transaction():
        judged = Again(scoring.scoring_event(1, rule_set=ruleset(MODULE, ranking=BY_TOPS)))
        sheet = Again(queries.sheets_of(judged, "A")[0])
    browser.sign_in(sheet.judge.account)
    data = browser.get(f"/api/scoring/events/{sheet.event_id}/desk").get_json()
    items = {(item["aspect"], item["kind"]): item for item in data["items"]["A"]["J1"]}
    assert {
        key: item["method"]["type"] for key, item in items.items() if key[0] in ("lift", "length", "clock")
    } == {
        ("lift", "mark:1"): "try",
        ("lift", "mark:2"): "try",
        ("lift", "mark:3"): "try",
        ("length", "mark"): "linear",
        ("clock", "mark"): "time",
        ("clock", "penalty"): "adjustments",
    }
    assert items["lift", "mark:2"]["states"] == ["not_attempted", "dnf", "dns", "dsq"]
    assert items["paper", "mark"]["states"] == ["not_attempted"]
    assert "第2次" in browser.get(address(sheet, "/signature")).get_data(as_text=True)


# --- the desk: all sheets of a judge, for a day without a network ------------------------------------


def test_the_page_of_the_desk_holds_no_data(judge, event, lead):
    page = judge.get(f"/judging/{event.id}/desk").get_data(as_text=True)
    secrets = (str(lead.id), lead.judge.account.name, event.row.name, "csrf_token")
    assert not is_told(lead.code, page) and not [secret for secret in secrets if secret in page]
    assert f'data-desk="{api(event, "desk")}"' in page


def test_the_desk_answers_with_every_own_sheet_of_every_module(judge, event, lead):
    desk = judge.get(api(event, "desk")).get_json()
    own = [one for one in (*queries.sheets_of(event),) if one.judge_id == lead.judge_id]
    assert {one["id"] for one in desk["sheets"]} == {str(one.id) for one in own}
    assert {one["module"] for one in desk["order"]} == {one["id"] for one in desk["modules"]}
    assert all(desk["items"][one["module"]][one["seat"]] for one in desk["sheets"])
    assert desk["schema"] == 2 and desk["csrf_token"] and desk["texts"]["local"]


def test_a_desk_that_has_not_changed_is_not_sent_again(judge, event, lead):
    first = judge.get(api(event, "desk"))
    same = judge.client.get(api(event, "desk"), headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304 and first.headers["Cache-Control"] == "no-store"
    send(judge, event, register(judge, event), operation(lead))
    changed = judge.client.get(api(event, "desk"), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_a_desk_travels_packed_where_the_browser_unpacks_it(judge, event, lead):
    plain = judge.get(api(event, "desk")).get_json()
    packed = judge.client.get(api(event, "desk"), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data))["sheets"] == plain["sheets"]


def test_a_batch_names_its_schema_or_none(judge, event, lead):
    device = register(judge, event)
    for number, schema in enumerate(({}, {"schema": 1}, {"schema": 2}), start=1):
        body = {
            **schema,
            "device": device,
            "operations": [operation(lead, value=str(50 + number), seq=number, base_version=number - 1)],
        }
        judge.post_json(api(event, "operations"), body, expect=200)
    body = {"schema": 3, "device": device, "operations": [operation(lead, seq=4)]}
    judge.post_json(api(event, "operations"), body, expect=400)


def test_presence_tells_what_waits_and_learns_how_far_the_server_is(judge, event, lead):
    device = register(judge, event)
    send(judge, event, device, operation(lead))
    said = judge.post_json(api(event, f"devices/{device}/presence"), {"queue": 7, "battery": 42}, expect=200)
    assert said.get_json()["last_sequence"] == 1
    row = devices_by_id(event.id, [UUID(device)])[UUID(device)]
    assert (row.queue_length, row.battery) == (7, 42)


def test_a_registration_that_is_repeated_finds_the_same_device(judge, event, lead):
    key = TabletKey()
    first = judge.post_json(
        api(event, "devices"), {"label": "平板", "public_key": key.public}, expect=200
    ).get_json()
    again = judge.post_json(
        api(event, "devices"), {"label": "平板", "public_key": key.public}, expect=200
    ).get_json()
    assert (first["device"], first["bound"], first["last_sequence"]) == (again["device"], True, 0)


def test_a_device_the_server_lost_comes_back_under_its_own_number(judge, event, lead):
    lost = str(uuid4())
    body = {"label": "平板", "device": lost, "after": 41}
    assert judge.post_json(api(event, "devices"), body, expect=200).get_json() | {"server_time": ""} == {
        "device": lost, "last_sequence": 41, "bound": False, "receipts": 0, "server_time": "",
    }  # fmt: skip
    send(judge, event, lost, operation(lead, seq=42))


def test_a_bound_device_is_believed_by_its_signature_only(judge, event, lead):
    key = TabletKey()
    device = judge.post_json(api(event, "devices"), {"label": "平板", "public_key": key.public}).get_json()[
        "device"
    ]
    body = json.dumps({"schema": 2, "device": device, "operations": [operation(lead)]}).encode()

    def post(signature):
        headers = {
            "X-CSRFToken": judge.token,
            "Content-Type": "application/json",
            "X-Device-Signature": signature,
        }
        return judge.client.post(api(event, "operations"), data=body, headers=headers)

    for forged in ("", "A" * 86, "é", TabletKey().sign(body), key.sign(body + b" ")):
        refused = post(forged)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "signature-invalid")
    assert queries.marks_of_sheet(lead) == {}
    assert post(key.sign(body)).get_json()["answers"][0]["answer"] == "applied"


@pytest.mark.parametrize(
    "key", [{}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}]
)
def test_a_key_that_is_none_registers_nothing(judge, event, lead, key):
    judge.post_json(api(event, "devices"), {"label": "平板", "public_key": key}, expect=400)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2026-11-21T05:00:07.250Z", "2026-11-21 13:00:07"),
        ("2026-11-21T05:00:07", "2026-11-21T05:00:07"),
        ("soon", "soon"),
    ],
)
def test_the_clock_of_a_device_is_told_in_the_time_of_the_venue(said: str, shown: str) -> None:
    assert device_second(said, ZoneInfo("Asia/Shanghai")) == shown
