"""Tablets on a bad day: portals, flapping and slow networks, sessions that end, two tablets at one sheet, and the judge after this one."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.inspection import violations_in_both_themes
from tests.journeys.venue import PATIENCE, NewTablet, Tablet, Venue, a_venue


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with a_venue(tmp_path_factory.mktemp("venue"), entrants=14, items=3) as found:
        yield found


def _page_of_a_portal(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Venue Wi-Fi: log in</h1>")


def _to_another_host(route: Route) -> None:
    route.fulfill(status=302, headers={"Location": "http://portal.invalid/login"})


def _forged_json(route: Route) -> None:
    route.fulfill(status=200, content_type="application/json", body='{"ok": true}')


@pytest.mark.parametrize(
    ("portal", "code"), [(_page_of_a_portal, "01"), (_to_another_host, "02"), (_forged_json, "03")]
)
def test_statement_20_and_fault_24_a_portal_acknowledges_nothing(
    venue: Venue, tablet: Tablet, portal: Callable[[Route], None], code: str
) -> None:
    judge = venue.judges[0]
    tablet.signs_in(judge)
    tablet.opens_desk(code)
    tablet.page.route("**/operations", portal)
    tablet.types("8")
    expect(tablet.page.locator(".banner", has_text="需要登录场地网络")).to_be_visible(timeout=PATIENCE)
    tablet.shows("local", "待上传 1 条")
    assert (code, "i1") not in venue.marks_of(judge)
    tablet.page.unroute_all()
    tablet.page.get_by_role("button", name="立即发送").click()
    tablet.shows("server")
    assert venue.marks_of(judge)[code, "i1"] == "8"


def test_statement_21_and_fault_28_two_tablets_at_one_cell_show_both_values_the_device_and_the_time(
    venue: Venue, new_tablet: NewTablet
) -> None:
    judge = venue.judges[0]
    one, other = new_tablet(), new_tablet()
    for tablet in (one, other):
        tablet.signs_in(judge)
        tablet.opens_desk("04")
        tablet.is_known()
    expect(other.page.locator("[data-notice=beside]")).to_contain_text("也在Linux", timeout=PATIENCE)
    other.context.set_offline(True)
    one.types("8")
    one.shows("server")
    other.types("7")
    other.shows("local", "1")
    other.context.set_offline(False)
    other.shows("attention", "有 1 条需处理")
    conflict = other.page.locator(".attention li")
    for words in ("8", "7", "Linux", ":"):
        expect(conflict).to_contain_text(words)
    conflict.locator("[data-mine]").click()
    other.shows("server")
    assert venue.marks_of(judge)["04", "i1"] == "7"


def test_only_what_was_typed_is_recorded_when_a_mark_changes_under_the_field(
    venue: Venue, new_tablet: NewTablet
) -> None:
    judge = venue.judges[2]
    one, other = new_tablet(), new_tablet()
    one.signs_in(judge)
    one.opens_desk("13")
    one.marks("7", "6", "9")
    one.page.locator(".item").nth(2).click()
    one.page.keyboard.press("/")
    one.page.locator(".item").nth(0).click()
    one.uploads()
    other.signs_in(judge)
    other.opens_desk("13")
    other.page.locator(".item").nth(0).click()
    other.types("8.5")
    other.uploads()
    one.page.evaluate("() => { document.dispatchEvent(new Event('visibilitychange')); }")
    expect(one.page.locator("[data-focus=number]")).to_have_value("8.5", timeout=PATIENCE)
    one.page.locator(".item").nth(1).click()
    one.uploads()
    assert {cell: value for cell, value in venue.marks_of(judge).items() if cell[0] == "13"} == {
        ("13", "i1"): "8.5",
        ("13", "i2"): "6",
    }


def test_statement_22_and_fault_35_a_session_that_ends_is_opened_again_over_the_sheet(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[0]
    tablet.signs_in(judge)
    tablet.opens_desk("05")
    tablet.marks("8")
    tablet.uploads()
    tablet.context.clear_cookies()
    tablet.types("7")
    dialog = tablet.page.locator("dialog[data-sign-in-again]")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    assert list(violations_in_both_themes(tablet.page)) == []
    dialog.locator("[data-later]").click()
    tablet.types("9")
    tablet.shows("local", "待上传 2 条")
    assert tablet.values() == ["8", "7", "9"]
    tablet.page.get_by_role("button", name="重新登录").click()
    tablet.signs_in_again(judge, "a wrong password")
    expect(dialog).to_contain_text("用户名与密码不符", timeout=PATIENCE)
    tablet.signs_in_again(judge)
    tablet.shows("server")
    expect(dialog).to_be_hidden()
    assert [venue.marks_of(judge)["05", f"i{item}"] for item in (1, 2, 3)] == ["8", "7", "9"]


_WATCH_THE_BANNER = """() => {
  window.banners = [];
  window.away = 0;
  let since = 0;
  const gone = () => { since ||= performance.now(); };
  const back = () => {
    if (since) window.away = Math.max(window.away, performance.now() - since);
    since = 0;
  };
  addEventListener("offline", gone);
  const plain = window.fetch;
  window.fetch = async (...given) => {
    try {
      const answer = await plain.apply(window, given);
      if (answer.ok && String(given[0]).endsWith("/operations")) back();
      return answer;
    } catch (problem) {
      gone();
      throw problem;
    }
  };
  const banner = document.querySelector("[data-marking] .banner");
  new MutationObserver(() => window.banners.push(banner.textContent)).observe(banner, {childList: true, subtree: true});
}"""


@pytest.mark.parametrize("minutes", [0.1, pytest.param(10, marks=pytest.mark.long)])
def test_fault_22_a_network_that_flaps_every_second_neither_flickers_nor_loses(
    venue: Venue, tablet: Tablet, minutes: float
) -> None:
    """A second away, a second there. It may be spoken of only where a slow machine had no answer for two seconds."""
    judge = venue.judges[0]
    tablet.signs_in(judge)
    tablet.opens_desk("06")
    tablet.shows("server")
    tablet.page.evaluate(_WATCH_THE_BANNER)
    typed = ["", "", ""]
    for second in range(0, round(minutes * 60), 2):
        item, value = second // 2 % 3, f"{7 + second // 6 % 9 / 4:g}"
        tablet.page.locator(".item").nth(item).click()
        tablet.context.set_offline(True)
        tablet.types(value)
        typed[item] = value
        expect(tablet.page.locator(".item .item-value").nth(item)).to_have_text(value, timeout=PATIENCE)
        tablet.page.wait_for_timeout(1000)
        tablet.context.set_offline(False)
        tablet.page.wait_for_timeout(1000)
    tablet.uploads()
    assert [venue.marks_of(judge)["06", f"i{item}"] for item in (1, 2, 3)] == typed == tablet.values()
    said = [words for words in tablet.page.evaluate("() => window.banners") if words]
    assert said == [] or tablet.page.evaluate("() => window.away") > 1900
    sheet = venue.sheets[judge]["06"].replace("-", "")
    counted = venue.rows("SELECT count(*) FROM mark_operation WHERE sheet_id = :sheet", sheet=sheet)
    assert counted == [(round(minutes * 30),)] and tablet.log.acknowledged


def test_fault_23_a_slow_network_that_drops_every_tenth_request_empties_the_queue(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[0]
    tablet.signs_in(judge)
    tablet.opens_desk("07")
    session = tablet.context.new_cdp_session(tablet.page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 800, "downloadThroughput": 20_000, "uploadThroughput": 10_000},
    )
    count = iter(range(1, 10_000))
    tablet.page.route(
        "**/api/**", lambda route: route.abort() if next(count) % 10 == 3 else route.continue_()
    )
    typed = tablet.marks_sheets(3)
    tablet.shows("server")
    assert typed.items() <= venue.marks_of(judge).items()


@pytest.mark.long
def test_a_batch_that_is_too_large_for_somebody_on_the_way_is_halved(venue: Venue, tablet: Tablet) -> None:
    judge = venue.judges[0]
    tablet.signs_in(judge)
    tablet.opens_desk("11")
    tablet.context.set_offline(True)
    typed = tablet.marks_sheets(2)
    sizes: list[int] = []

    def narrow(route: Route) -> None:
        sizes.append(len(json.loads(route.request.post_data or "")["operations"]))
        if sizes[-1] > 2:
            route.fulfill(status=413, content_type="text/html", body="Request Entity Too Large")
        else:
            route.continue_()

    tablet.page.route("**/operations", narrow)
    tablet.context.set_offline(False)
    tablet.shows("server")
    assert sizes[:3] == [6, 3, 2] and typed.items() <= venue.marks_of(judge).items()


@pytest.mark.long
def test_nobody_signs_out_while_something_is_only_here(venue: Venue, tablet: Tablet) -> None:
    judge = venue.judges[1]
    tablet.signs_in(judge)
    tablet.opens_desk("01")
    tablet.shows("server")
    tablet.page.route("**/operations", lambda route: route.abort())
    tablet.types("8")
    tablet.shows("local", "1")
    tablet.page.goto("/judging")
    tablet.page.locator("details.menu summary").last.click()
    tablet.page.locator('form[action$="/sign-out"] button').click()
    dialog = tablet.page.locator("dialog[data-hand-over]")
    expect(dialog).to_contain_text("暂不能退出登录", timeout=PATIENCE)
    assert dialog.locator("[data-do=hand_over_now]").count() == 0
    assert list(violations_in_both_themes(tablet.page)) == []
    tablet.page.unroute_all()
    dialog.locator("[data-do=send_now]").click()
    expect(dialog).to_contain_text("可以交接平板", timeout=PATIENCE)
    dialog.locator("[data-do=hand_over_now]").click()
    tablet.page.wait_for_url("**/sign-in")
    assert tablet.page.request.get(f"/api/scoring/events/{venue.event}/desk").status == 401
    assert tablet.stored("desks") == [] and venue.marks_of(judge)["01", "i1"] == "8"


def test_fault_29_the_next_judge_neither_sees_nor_sends_what_the_one_before_left(
    venue: Venue, tablet: Tablet
) -> None:
    first, second = venue.judges[1], venue.judges[2]

    def of_the_second() -> dict[str, str]:
        return {item: value for (code, item), value in venue.marks_of(second).items() if code == "02"}

    tablet.signs_in(first)
    tablet.opens_desk("02")
    tablet.marks("8", "7")
    tablet.uploads()
    tablet.page.route("**/operations", lambda route: route.abort())
    tablet.types("9")
    tablet.page.locator("[data-hand-over-open]").click()
    dialog = tablet.page.locator("dialog[data-hand-over]")
    dialog.locator("summary").click()
    dialog.locator("[data-do=hand_over_anyway]").click()
    expect(dialog).to_contain_text("请填写监督员姓名和原因")
    dialog.locator("#supervisor-name").fill("钱监督")
    dialog.locator("#supervisor-reason").fill("换班")
    dialog.locator("[data-do=hand_over_anyway]").click()
    tablet.page.wait_for_url("**/sign-in")
    tablet.page.unroute_all()

    tablet.signs_in(second)
    tablet.opens_desk("02")
    assert tablet.values() == ["未评", "未评", "未评"]
    expect(tablet.page.locator("[data-notice=held]")).to_contain_text("未上传的1条评分", timeout=PATIENCE)
    tablet.marks("6.5")
    venue.waits_for(second, ("02", "i1"))
    tablet.shows("server")
    assert of_the_second() == {"i1": "6.5"}
    assert ("02", "i3") not in venue.marks_of(first)

    tablet.context.clear_cookies()
    tablet.signs_in(first)
    tablet.opens_desk("02")
    tablet.shows("server")
    assert tablet.values() == ["8", "7", "9"] and venue.marks_of(first)["02", "i3"] == "9"
    ((told,),) = venue.rows("SELECT payload FROM audit_entry WHERE kind = 'tablets.handed_over'")
    assert "钱监督" in json.loads(told)["supervisor"]
    assert of_the_second() == {"i1": "6.5"}


KEEP_CONNECTIONS = """
window.connections = [];
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...given) {
  const request = open.apply(this, given);
  request.addEventListener("success", () => window.connections.push(request.result));
  return request;
};
"""


def test_fault_40_a_database_that_the_system_closes_is_opened_again(venue: Venue, tablet: Tablet) -> None:
    judge = venue.judges[1]
    tablet.page.add_init_script(KEEP_CONNECTIONS)
    tablet.signs_in(judge)
    tablet.opens_desk("03")
    tablet.marks("8")
    tablet.uploads()
    tablet.page.evaluate(
        "() => window.connections.forEach(one => { one.close(); one.dispatchEvent(new Event('close')); })"
    )
    tablet.types("7")
    tablet.page.evaluate("() => window.connections.forEach(one => one.close())")
    tablet.marks("9")
    tablet.uploads()
    assert [venue.marks_of(judge)["03", f"i{item}"] for item in (1, 2, 3)] == ["8", "7", "9"]


UNSAFE = "本机无法保存，请用纸质评分表并联系技术员"


def test_fault_40_a_full_device_says_so_and_records_nothing_in_silence(venue: Venue, tablet: Tablet) -> None:
    tablet.signs_in(venue.judges[1])
    tablet.opens_desk("04")
    tablet.page.evaluate(
        """() => {
          window.put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function () { throw new DOMException("full", "QuotaExceededError"); };
        }"""
    )
    tablet.types("8")
    tablet.shows("unsafe", UNSAFE)
    assert tablet.values()[0] == "未评"
    expect(tablet.page.locator("[data-focus=number]")).to_have_value("8")
    tablet.page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    tablet.page.keyboard.press("Enter")
    tablet.shows("server")
    assert tablet.values()[0] == "8"


SLOW_STORAGE = """() => {
  const encrypt = SubtleCrypto.prototype.encrypt;
  const held = new Promise(done => { window.release = done; });
  SubtleCrypto.prototype.encrypt = async function (...given) { await held; return await encrypt.apply(this, given); };
}"""


def test_a_slow_device_says_that_it_is_writing_and_asks_before_the_page_is_left(
    venue: Venue, tablet: Tablet
) -> None:
    tablet.signs_in(venue.judges[1])
    tablet.opens_desk("12")
    tablet.shows("server")
    page = tablet.page
    page.evaluate(SLOW_STORAGE)
    tablet.types("8")
    tablet.shows("writing", "正在保存")
    assert tablet.values()[0] == "8"
    with page.expect_event("dialog") as asked:
        page.evaluate("() => { setTimeout(() => location.reload()); }")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.evaluate("() => window.release()")
    tablet.uploads()
    tablet.reloads()
    assert tablet.values()[0] == "8"


def test_fault_40_a_browser_that_keeps_nothing_is_unsafe_from_the_start(venue: Venue, tablet: Tablet) -> None:
    tablet.page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); };"
    )
    tablet.signs_in(venue.judges[1])
    tablet.opens_desk("05")
    tablet.shows("unsafe", UNSAFE)
    tablet.types("8")
    assert tablet.values()[0] == "未评"
    tablet.shows("unsafe", UNSAFE)


@pytest.mark.long
def test_fault_37_a_clock_that_is_days_off_is_said_and_changes_nothing(venue: Venue, tablet: Tablet) -> None:
    judge = venue.judges[1]
    tablet.page.add_init_script("const now = Date.now; Date.now = () => now() + 3 * 24 * 3600 * 1000;")
    tablet.signs_in(judge)
    tablet.opens_desk("06")
    expect(tablet.page.locator("[data-notice=clock]")).to_contain_text("分钟", timeout=PATIENCE)
    tablet.marks("8")
    tablet.uploads()
    assert venue.marks_of(judge)["06", "i1"] == "8"
