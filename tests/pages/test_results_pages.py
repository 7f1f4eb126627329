"""The pages of results: the same for everybody once released, not there before."""

import io
import re
import zipfile
from dataclasses import dataclass
from uuid import UUID, uuid4

import pypdf
import pytest
from flask import Flask

from competition.accounts.models import Account
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.registration.queries import entrants_of
from competition.results import queries
from competition.results.models import ResultRevision
from competition.rules.access import Role
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import panels
from tests.builders import results as a


@dataclass(frozen=True)
class Made:
    """An event of the database, read afresh whenever it is asked for: every page has a session of its own."""

    id: UUID

    @property
    def event(self) -> Event:
        return event_by_id(self.id)

    def entrant(self, number: int) -> UUID:
        return a.entrant(self.event, number).id


def made(kind: str = "published", totals: tuple[str, ...] = ("80", "95", "90", "90"), **details) -> Made:
    """An event whose result is scored, prepared or published."""
    with transaction():
        event = a.scored_event(list(totals), **details)
        if kind == "prepared":
            a.prepared(event)
        if kind == "published":
            a.published(event)
    return Made(event.id)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


# --- released -------------------------------------------------------------------------------------


def test_the_result_list_shows_shared_places_and_who_stands_for_it(browser: Browser) -> None:
    event = made()
    body = browser.get(f"/events/{event.id}/results").get_data(as_text=True)
    assert re.findall(r'<td class="number nowrap">(\d)', body) == ["1", "2", "2", "4"]
    assert body.count("（并列）") == 2
    assert "一等奖" in body
    for words in ("何组委", "邓监督", "95", "李秀英", "装配车间"):
        assert words in body


def test_the_list_never_shows_more_than_name_and_unit(browser: Browser) -> None:
    event, number = made(), "11010519491231002X"  # its end can be the end of no id, hash or time
    with transaction():
        entrants_of(event.event)[0].members[0].worker.id_number = number
    for path in (f"/events/{event.id}/results", f"/events/{event.id}/results/{event.entrant(1)}"):
        body = browser.get(path).get_data(as_text=True)
        assert number not in body and number[-4:] not in body


def test_an_anonymous_reader_gets_no_cookie_and_a_page_that_may_be_kept(browser: Browser) -> None:
    event = made()
    answer = browser.get(f"/events/{event.id}/results")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert queries.released_revision(event.event).hash[:16] in answer.headers["ETag"]
    again = browser.client.get(
        f"/events/{event.id}/results", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.get_data()) == (304, b"")


def test_somebody_signed_in_gets_a_page_that_nobody_keeps(browser: Browser) -> None:
    with transaction():
        account = panels.account("张三")
    event = made()
    browser.sign_in(account)
    assert browser.get(f"/events/{event.id}/results").headers["Cache-Control"] == "no-store"


def test_a_name_is_found_and_an_unknown_one_gets_an_answer(browser: Browser) -> None:
    event = made()
    found = text_of(browser.get(f"/events/{event.id}/results?q=秀英"))
    assert "李秀英" in found and "王建国" not in found
    assert "未找到" in text_of(browser.get(f"/events/{event.id}/results?q=无此人"))


def test_the_list_of_results_is_narrowed(browser: Browser) -> None:
    event = made()
    assert event.event.name in text_of(
        browser.get("/results?tier=enterprise&edition=1&occupation=6-18-02-04&q=焊")
    )
    assert "没有已公布的成绩" in text_of(browser.get("/results?tier=nation"))
    browser.get("/results?tier=nonsense&edition=x&page=-3")


def trade(entry: int, aspect: str, seat: str) -> str | None:
    """Five judges, and a deduction for the first entrant alone."""
    if aspect == "seam":
        return {"J1": "88", "J2": "90", "J3": "91", "J4": "85", "J5": "95"}[seat]
    return {"paper": "80", "time": str(9000 + entry), "safety": "2" if entry == 1 else None}[aspect]


def test_why_this_place_shows_marks_by_seat_and_adds_up(browser: Browser) -> None:
    with transaction():
        event = Made(a.published_event(trade, number=2, rules=a.trade_rules()).id)
    said = text_of(browser.get(f"/events/{event.id}/results/{event.entrant(1)}"))
    assert "J4 85 （已去掉）" in said.replace("  ", " ") and "J5 95" in said
    for words in ("269 ÷ 3", "89.67", "× 30%", "= 24", "× 70%", "= 61.369", "85.37", "李秀英"):
        assert words in said, words
    assert "裁判1" not in said


def test_a_deduction_stands_in_the_working_with_its_reason(browser: Browser) -> None:
    with transaction():
        event = Made(a.published_event(trade, number=2, rules=a.trade_rules()).id)
    page = f"/events/{event.id}/results/{event.entrant(1)}"
    assert "J1 2 （理由：未戴护目镜）" in text_of(browser.get(page))
    assert "理由" not in text_of(browser.get(f"/events/{event.id}/results/{event.entrant(2)}"))
    printed = pypdf.PdfReader(io.BytesIO(browser.get(f"{page}/report.pdf").data))
    assert "J1 2 （理由：未戴护目镜）" in "".join(sheet.extract_text() for sheet in printed.pages)
    browser.client.set_cookie("language", "en")
    assert "J1 2 (reason: 未戴护目镜)" in text_of(browser.get(page))


def test_where_single_marks_are_not_public_neither_is_the_reason_of_a_deduction(browser: Browser) -> None:
    rules = a.trade_rules(publication={"breakdown": "modules"})
    with transaction():
        event = Made(a.published_event(trade, number=2, rules=rules).id)
    assert "未戴护目镜" not in text_of(browser.get(f"/events/{event.id}/results/{event.entrant(1)}"))
    browser.get(f"/events/{event.id}/results/bundle.json", expect=404)


def test_every_page_reads_in_english_too(browser: Browser) -> None:
    event = made()
    browser.client.set_cookie("language", "en")
    for path in (
        "/results",
        f"/events/{event.id}/results",
        f"/events/{event.id}/results/{event.entrant(1)}",
    ):
        body = browser.get(path).get_data(as_text=True)
        assert 'lang="en"' in body
    assert "place 4 of 4 ranked entrants" in body


def test_the_workbook_has_text_in_every_cell(browser: Browser) -> None:
    event = made()
    answer = browser.get(f"/events/{event.id}/results.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert set(re.findall(r'<c [^>]*?t="(\w+)"', sheet)) == {"s"}
    assert "<f>" not in sheet and "李秀英" in words and queries.released_revision(event.event).hash in words
    assert "result-" in answer.headers["Content-Disposition"]


# --- not released ---------------------------------------------------------------------------------


def people(event: Made) -> dict[str, str | None]:
    """Everybody who might be curious."""
    winner = a.entrant(event.event, 2).members[0].worker
    from tests.builders.workers import account_of

    with transaction():
        found: dict[str, Account | None] = {
            "a visitor": None,
            "the winner": account_of(winner, "winner"),
            "a judge": panels.queries.seats_of(event.event)[0].judge.account,
            "the chief judge": panels.queries.chiefs_of(event.event)[0],
            "an organiser": a.organiser(event.event),
            "the supervisor": a.supervisor(event.event),
            "an arbiter": a.person("宋仲裁", Role.ARBITER, event.event),
            "a code keeper": a.person("钱保密", Role.CODE_KEEPER, event.event),
            "a stranger": panels.account("路人"),
        }
    return {who: account and account.username for who, account in found.items()}


def seen(browser: Browser, path: str, *hidden: UUID) -> tuple[int, str, str | None]:
    """Status, body and tag, with the ids of the address and the token of the sign-out button taken out."""
    answer = browser.get(path, expect=None)
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True))
    for number, each in enumerate(hidden):
        body = body.replace(str(each), f"id{number}")
    return answer.status_code, body, answer.headers.get("ETag")


@pytest.mark.parametrize("state", ["scored", "prepared"])
def test_before_release_a_result_looks_to_everybody_like_one_that_does_not_exist(
    app: Flask, state: str
) -> None:
    event = made(state)
    nowhere, nobody = uuid4(), uuid4()
    ranked, last = event.entrant(2), event.entrant(1)
    for who, account in people(event).items():
        browser = Browser(app)
        if account is not None:
            browser.sign_in(account)
        for end in ("/results", "/results?page=2", "/results.xlsx"):
            real = seen(browser, f"/events/{event.id}{end}", event.id)
            assert real == seen(browser, f"/events/{nowhere}{end}", nowhere), (who, end)
            assert real[0] == 404 and real[2] is None
        pages = [
            seen(browser, f"/events/{event.id}/results/{each}", event.id, each) for each in (ranked, last)
        ]
        assert (
            pages[0] == pages[1] == seen(browser, f"/events/{nowhere}/results/{nobody}", nowhere, nobody)
        ), who
        assert event.event.name not in browser.get("/results").get_data(as_text=True)


def test_a_prepared_revision_is_closed_to_everybody_but_the_organiser_side(app: Flask) -> None:
    event = made("prepared")
    revision = queries.newest_revision(event.event)
    allowed = {"the chief judge", "an organiser", "the supervisor", "an arbiter"}
    for who, account in people(event).items():
        browser = Browser(app)
        if account is not None:
            browser.sign_in(account)
        for end in ("", f"/{event.entrant(1)}", ".xlsx", "/bundle.json"):
            answer = browser.get(f"/events/{event.id}/result-revisions/{revision.id}{end}", expect=None)
            assert (answer.status_code == 200) == (who in allowed), (who, end)
            assert who in allowed or "装配车间" not in answer.get_data(as_text=True)


def test_an_organiser_of_another_event_finds_nothing(browser: Browser) -> None:
    event, other = made("prepared"), made("prepared", ("50",))
    with transaction():
        stranger = a.organiser(other.event)
    browser.sign_in(stranger)
    for end in ("publication", "result-revisions", "advancement"):
        browser.get(f"/events/{event.id}/{end}", expect=404)


# --- preparing and publishing ---------------------------------------------------------------------


def approve(browser: Browser, event: Made, revision: ResultRevision, password: str = a.PASSWORD, **kwargs):
    browser.get(f"/events/{event.id}/publication")
    fields = {"revision": str(revision.id), "password": password}
    return browser.post(f"/events/{event.id}/publication", fields, **kwargs)


def test_from_the_last_sheet_to_the_public_in_two_visits(app: Flask) -> None:
    event = made("scored")
    with transaction():
        organiser, supervisor = a.organiser(event.event).username, a.supervisor(event.event).username
    first = Browser(app)
    first.sign_in(organiser)
    assert "应有" in text_of(first.get(f"/events/{event.id}/publication"))
    first.post(f"/events/{event.id}/result-revisions", {"reason": "", "password": a.PASSWORD}, expect=303)
    assert "须由另一人批准" in text_of(first.get(f"/events/{event.id}/publication"))
    second = Browser(app)
    second.sign_in(supervisor)
    approve(second, event, queries.newest_revision(event.event), expect=303)
    assert "已于" in text_of(second.get(f"/events/{event.id}/publication"))
    assert "李秀英" in text_of(Browser(app).get(f"/events/{event.id}/results"))


def test_a_wrong_password_publishes_nothing(browser: Browser) -> None:
    event = made("prepared")
    with transaction():
        supervisor = a.supervisor(event.event)
    browser.sign_in(supervisor)
    answer = approve(browser, event, queries.newest_revision(event.event), "not the password", expect=422)
    assert "密码不正确" in text_of(answer)
    assert queries.released_revision(event.event) is None


def test_the_preparer_is_refused_in_words(browser: Browser) -> None:
    event = made("scored")
    with transaction():
        organiser = a.organiser(event.event)
    browser.sign_in(organiser)
    browser.get(f"/events/{event.id}/publication")
    browser.post(f"/events/{event.id}/result-revisions", {"reason": "", "password": a.PASSWORD}, expect=303)
    answer = approve(browser, event, queries.newest_revision(event.event), expect=422)
    assert "须由另一人批准" in text_of(answer)
    again = browser.post(
        f"/events/{event.id}/result-revisions", {"reason": "", "password": a.PASSWORD}, expect=422
    )
    assert "没有变化" in text_of(again)


def test_a_chief_judge_prepares_and_cannot_publish(browser: Browser) -> None:
    event = made("prepared")
    browser.sign_in(panels.queries.chiefs_of(event.event)[0])
    assert "批准并公布第" not in text_of(browser.get(f"/events/{event.id}/publication"))
    approve(browser, event, queries.newest_revision(event.event), expect=403)


def test_a_tie_is_decided_on_the_page(browser: Browser) -> None:
    rules = a.one_mark_rules(ranking={"by": [{"node": "total"}], "ties": "manual"})
    event = made("scored", ("90", "90"), rules=rules)
    with transaction():
        organiser = a.organiser(event.event)
    browser.sign_in(organiser)
    body = browser.get(f"/events/{event.id}/publication").get_data(as_text=True)
    names = re.findall(r'name="(order_[0-9a-f]{32})"', body)
    same = dict.fromkeys(names, "1") | {"tie_reason": "抽签", "password": a.PASSWORD}
    assert "各不相同" in text_of(browser.post(f"/events/{event.id}/tie-decisions", same, expect=422))
    orders = {name: str(number) for number, name in enumerate(names, 1)}
    orders |= {"tie_reason": "抽签", "password": a.PASSWORD}
    browser.post(f"/events/{event.id}/tie-decisions", orders, expect=303)
    assert [line.place for line in queries.lines_of(queries.newest_revision(event.event))] == [1, 2]


def test_the_history_says_what_changed_from_number_to_number(browser: Browser) -> None:
    event = made()
    with transaction():
        a.correct(event.event, a.entrant(event.event, 1), "99")
        a.published(event.event, reason="抄写错误")
        organiser = a.organiser(event.event)
    browser.sign_in(organiser)
    said = text_of(browser.get(f"/events/{event.id}/result-revisions"))
    assert "王建国：名次由4变为1。" in said
    old = next(each for each in queries.revisions_of(event.event) if each.number == 1)
    assert "80" in text_of(browser.get(f"/events/{event.id}/result-revisions/{old.id}"))
    assert "抄写错误" in text_of(browser.get(f"/events/{event.id}/results"))


def test_two_pages_of_a_long_result(browser: Browser) -> None:
    event = made("published", tuple(str(number) for number in range(1, 53)))
    first = browser.get(f"/events/{event.id}/results").get_data(as_text=True)
    second = browser.get(f"/events/{event.id}/results?page=2").get_data(as_text=True)
    assert len(re.findall(r'<td class="number nowrap">', first)) == 50
    assert re.findall(r'<td class="number nowrap">(\d+)', second) == ["51", "52"]


# --- who climbs -----------------------------------------------------------------------------------


def test_the_advancement_page_shows_who_climbs_and_settles_a_tie(browser: Browser) -> None:
    from tests.services.test_advancement import ladder

    with transaction():
        made_here, parent = ladder(["90", "80", "80", "70"], quota=2, reserves=1, ties="by_tie_break")
        a.published(made_here)
        organiser = a.organiser(made_here)
    event, above = Made(made_here.id), Made(parent.id)
    browser.sign_in(organiser)
    body = browser.get(f"/events/{event.id}/advancement").get_data(as_text=True)
    names = re.findall(r'name="(order_[0-9a-f]{32})"', body)
    assert len(names) == 2 and "晋级线上并列" in body
    orders = {name: str(number) for number, name in enumerate(names, 1)} | {"tie_reason": "加赛"}
    browser.post(f"/events/{event.id}/advancement/order", orders, expect=303)
    assert "晋级线上并列" not in text_of(browser.get(f"/events/{event.id}/advancement"))
    assert len(entrants_of(above.event)) == 3


def test_a_quota_that_matches_nobody_is_said_where_the_result_is_prepared_and_where_winners_climb(
    browser: Browser,
) -> None:
    from tests.services.test_advancement_rules import climbing

    with transaction():
        event, _above = climbing(["90", "80"], quota=2, quotas=[{"delegation": "装配", "quota": 1}])
        a.published(event)
        made_here, organiser = Made(event.id), a.organiser(event)
    browser.sign_in(organiser)
    for page in ("publication", "advancement"):
        body = text_of(browser.get(f"/events/{made_here.id}/{page}"))
        assert "不会限制任何人：装配。能够匹配的名称：装配车间。" in body


def test_without_a_result_nobody_climbs_yet(browser: Browser) -> None:
    event = made("scored")
    with transaction():
        organiser = a.organiser(event.event)
    browser.sign_in(organiser)
    assert "尚无人晋级" in text_of(browser.get(f"/events/{event.id}/advancement"))
