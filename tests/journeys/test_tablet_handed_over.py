"""Tablets that are opened with a card, turned off, or have to give away what they hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from competition.gate.browser import browser_executable, launch_arguments
from tests.journeys.inspection import violations_in_both_themes
from tests.journeys.venue import PATIENCE, Tablet, Venue, a_venue, sign_in


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with a_venue(tmp_path_factory.mktemp("venue"), entrants=4, items=3) as found:
        yield found


def test_whoever_came_with_a_card_opens_the_session_again_with_the_pin_alone(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[0]
    token, pin = venue.cards[judge]
    tablet.page.goto(f"/tablet#{token}")
    tablet.page.fill("[name=pin]", pin)
    tablet.page.click("main form[data-card] button[type=submit]")
    tablet.is_ready()
    assert token not in tablet.page.url
    tablet.marks("8")
    tablet.uploads()
    tablet.context.clear_cookies()
    tablet.types("7")
    dialog = tablet.page.locator("dialog[data-sign-in-again]")
    expect(dialog.locator("[name=pin]")).to_be_visible(timeout=PATIENCE)
    expect(dialog.locator("[name=username]")).to_be_hidden()
    dialog.locator("[name=pin]").fill("000000" if pin != "000000" else "111111")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text("登录卡与PIN码不符", timeout=PATIENCE)
    assert list(violations_in_both_themes(tablet.page)) == []
    dialog.locator("[name=pin]").fill(pin)
    dialog.locator("button[type=submit]").click()
    tablet.shows("server")
    assert venue.marks_of(judge) == {("01", "i1"): "8", ("01", "i2"): "7"}


@pytest.mark.long
def test_fault_36_what_a_device_that_was_turned_off_still_holds_goes_to_the_chief_judge(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[1]
    tablet.signs_in(judge)
    tablet.opens_desk("01")
    tablet.marks("8")
    tablet.uploads()
    tablet.context.set_offline(True)
    tablet.types("7")
    tablet.shows("local", "1")
    venue.execute("UPDATE device SET revoked_at = '2026-06-01 04:00:00'")
    tablet.context.set_offline(False)
    tablet.shows("attention", "有 1 条需处理")
    expect(tablet.page.locator(".banner", has_text="本设备已停用")).to_be_visible(timeout=PATIENCE)
    assert tablet.stored("operations") == []
    assert venue.marks_of(judge) == {("01", "i1"): "8"}
    assert venue.rows("SELECT count(*) FROM mark_operation WHERE reason = 'quarantined'") == [(1,)]
    venue.execute("UPDATE device SET revoked_at = NULL")


def _emergency_file(tablet: Tablet) -> str:
    with tablet.page.expect_download() as saved:
        tablet.page.locator("[data-do=emergency_save]").click()
    return saved.value.path().read_text("utf-8")


def _codes_on_the_screen(page: Page) -> list[str]:
    """What a camera before the tablet reads, code after code."""
    page.locator("[data-do=emergency_show]").click()
    page.get_by_role("button", name="停在此码").click()
    found: dict[str, str] = {}
    for _ in range(int(page.locator("[data-codes]").get_attribute("data-codes") or "0")):
        picture = Image.open(BytesIO(page.locator(".codes-place").screenshot()))
        (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        found[code.text.split(" ")[0]] = code.text
        page.get_by_role("button", name="下一个", exact=True).click()
    return list(found.values())


@contextmanager
def _office(tablet: Tablet) -> Iterator[Page]:
    """The organiser's computer."""
    office = tablet.playwright.chromium.launch_persistent_context(
        tablet.venue.folder / "office",
        executable_path=browser_executable(),
        args=launch_arguments(),
        base_url=tablet.venue.home,
        locale="zh-CN",
    )
    page = office.new_page()
    sign_in(page, tablet.venue.organiser)
    try:
        yield page
    finally:
        office.close()


def _looks_into(page: Page, venue: Venue, given: str) -> None:
    page.goto(f"/events/{venue.event}/scoring/emergency")
    page.fill("[name=text]", given)
    page.locator("main form[method=post] button[type=submit]").click()


def _imports(page: Page) -> None:
    with page.expect_navigation(url="**/scoring"):
        page.locator("main form:has([name=confirmed]) button[type=submit]").click()


@pytest.mark.long
def test_fault_48_the_emergency_file_and_its_codes_bring_the_marks_home(venue: Venue, tablet: Tablet) -> None:
    judge = venue.judges[2]
    tablet.signs_in(judge)
    tablet.opens_desk("01")
    tablet.shows("server")
    tablet.is_known()
    tablet.context.set_offline(True)
    typed = tablet.marks_sheets(2)
    tablet.page.locator("[data-hand-over-open]").click()
    text, codes = _emergency_file(tablet), _codes_on_the_screen(tablet.page)
    assert "9.25" not in text and len(codes) >= 2

    with _office(tablet) as page:
        for given in (text, "\n".join(reversed(codes))):
            _looks_into(page, venue, given)
            expect(page.locator("main")).to_contain_text("6", timeout=PATIENCE)
            expect(page.locator("main")).not_to_contain_text("没有该平板的密钥")
            _imports(page)
            assert venue.marks_of(judge) == typed
    tablet.context.set_offline(False)
    tablet.shows("server")
    assert venue.marks_of(judge) == typed and tablet.stored("attentions") == []


def test_fault_48_the_file_of_a_tablet_that_never_reached_the_server_brings_its_marks_home(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[0]
    tablet.signs_in(judge)
    tablet.page.route("**/devices", lambda route: route.abort())
    tablet.opens_desk("03")
    before = venue.marks_of(judge)
    tablet.marks("6", "7.25")
    tablet.page.locator("[data-hand-over-open]").click()
    text = _emergency_file(tablet)
    tablet.page.keyboard.press("Escape")
    tablet.page.locator(".item").nth(2).click()
    tablet.marks("8")
    typed = {("03", "i1"): "6", ("03", "i2"): "7.25"}
    with _office(tablet) as page:
        _looks_into(page, venue, text)
        expect(page.locator("main")).to_contain_text("从未连接过服务器")
        page.fill("[name=reason]", "裁判员当面送交")
        _imports(page)
    assert venue.marks_of(judge) == before | typed
    tablet.page.unroute_all()
    tablet.uploads()
    assert venue.marks_of(judge) == before | typed | {("03", "i3"): "8"}
    assert tablet.stored("attentions") == []
