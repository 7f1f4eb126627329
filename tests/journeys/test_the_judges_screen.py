"""The judge's screen on a tablet: statements 15 to 17 and 23 to 32 of the acceptance list, with the real server and a real browser.

Named in docs/sources.md as experience §7. Offline work, conflicts and lost sessions (18 to 22) are told in test_tablet_offline.
"""

import io
import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Playwright, ViewportSize, expect

from tests.builders import results
from tests.journeys.inspection import too_wide, violations
from tests.journeys.venue import PASSWORD, PATIENCE, TABLET, Tablet, Venue, a_venue, browsers

UPRIGHT: ViewportSize = {"width": 768, "height": 1024}


def weld_rules() -> dict[str, Any]:
    """Items of every kind a judge meets: marks of a range, levels, measurements alone and together, deductions."""

    def aspect(name: str, zh: str, en: str, **rest: Any) -> dict[str, Any]:
        return {"kind": "aspect", "id": name, "title": {"zh": zh, "en": en}, **rest}

    def group(name: str, zh: str, en: str, *children: dict[str, Any]) -> dict[str, Any]:
        return {
            "kind": "group",
            "id": name,
            "title": {"zh": zh, "en": en},
            "combine": "sum",
            "children": list(children),
        }

    document = results.one_mark_rules()
    bands = [{"up_to": 0.02, "award": 10}, {"up_to": 0.05, "award": 6}]
    panel = {"type": "panel", "range": {"low": 0, "high": 10, "step": 0.5}, "judges": 3, "combine": "mean"}
    document["scheme"]["children"] = [
        group(
            "W",
            "焊缝外观",
            "Weld",
            aspect("W1", "焊缝宽度均匀", "Even width", **panel),
            aspect("W2", "焊缝余高", "Excess metal", type="measurement", mode="value", max=100),
            aspect("W3", "起弧收弧质量", "Start and stop", type="judgement", max=6, judges=3),
            aspect("W4", "未按图施焊", "Not as drawn", type="deduction", effect="percent"),
        ),
        group(
            "M",
            "尺寸测量",
            "Dimensions",
            aspect(
                "M1",
                "板厚",
                "Thickness",
                type="measurement",
                mode="tolerance",
                target=20,
                bands=bands,
                judges=3,
            ),
            aspect("M2", "清理干净", "Cleaned", type="measurement", mode="binary", max=2),
        ),
    ]
    return document


@pytest.fixture(scope="module")
def engine() -> Iterator[Playwright]:
    with browsers() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """Thirty items of ten points for every judge."""
    with a_venue(tmp_path_factory.mktemp("thirty"), entrants=4, items=30) as venue:
        yield venue


@pytest.fixture(scope="module")
def weld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with a_venue(tmp_path_factory.mktemp("weld"), entrants=6, items=5, document=weld_rules()) as venue:
        yield venue


@pytest.fixture
def hands(engine: Playwright, tmp_path: Path) -> Iterator[Any]:
    """Gives a tablet to the judge of a seat: hands(venue, 0) is the lead's."""
    with ExitStack() as stack:

        def give(venue: Venue, seat: int, code: str = "") -> Tablet:
            venue_folder, venue.folder = venue.folder, tmp_path
            tablet = Tablet(engine, venue, f"tablet-{seat}-{time.monotonic_ns()}")
            venue.folder = venue_folder
            stack.callback(tablet.close)
            tablet.signs_in(venue.judges[seat])
            tablet.page.evaluate("localStorage.setItem('skillsladder-practised', 'yes')")
            tablet.opens_desk(code)
            return tablet

        yield give


def press(page: Page, keys: str) -> None:
    """Tap keys of the sheet's own keypad."""
    for key in keys:
        page.locator(f'.keypad [data-key="{key}"]').click()


def go_on(page: Page) -> None:
    page.locator('[data-key="Enter"]').click()


def value_of(page: Page, item: str) -> Locator:
    return page.locator(f'[data-item="{item}"] .item-value')


def code_of(venue: Venue, seat: int, number: int) -> str:
    return sorted(venue.sheets[venue.judges[seat]])[number]


# --- marking --------------------------------------------------------------------------------------


def test_15_the_sheet_is_three_taps_from_signing_in(
    engine: Playwright, thirty: Venue, tmp_path: Path
) -> None:
    folder, thirty.folder = thirty.folder, tmp_path
    tablet = Tablet(engine, thirty, "taps")
    thirty.folder = folder
    tablet.signs_in(thirty.judges[0])
    page = tablet.page
    taps = ["nav a[href='/judging']", "a.button[href*='/judging/']"]
    for tap in taps:
        page.locator(tap).first.click()
    tablet.is_ready()
    assert len(taps) <= 3
    tablet.close()


@pytest.mark.long
@pytest.mark.parametrize("screen", [TABLET, UPRIGHT], ids=["landscape", "upright"])
def test_16_twenty_items_by_the_keypad_and_the_total_is_never_covered(
    hands: Any, thirty: Venue, screen: ViewportSize
) -> None:
    page = hands(thirty, 1, code_of(thirty, 1, 0 if screen is TABLET else 1)).page
    page.set_viewport_size(screen)
    for _item in range(20):
        press(page, "8.5")
        go_on(page)
        assert is_uncovered(page, "[data-total]") and is_uncovered(page, ".keypad [data-key='Enter']")
    expect(page.locator("[data-total]")).to_have_text("170")
    assert page.locator("[data-number]").get_attribute("inputmode") == "none", (
        "no keyboard of the system comes up"
    )


def test_taps_ahead_of_the_storage_reach_the_items_they_were_meant_for(hands: Any, thirty: Venue) -> None:
    page = hands(thirty, 0, code_of(thirty, 0, 2)).page
    page.evaluate(
        """keys => keys.forEach(key => document.querySelector(`.keypad [data-key="${key}"]`).click())""",
        ["8", "Enter", "7", "Enter", "9", "Enter"],
    )
    for item, value in (("i1", "8"), ("i2", "7"), ("i3", "9")):
        expect(value_of(page, f"{item}/mark")).to_have_text(value, timeout=PATIENCE)


def test_a_finger_on_a_key_counts_although_the_screen_is_drawn_again_under_it(
    hands: Any, weld: Venue
) -> None:
    page = hands(weld, 2, code_of(weld, 2, 1)).page

    def tap(wanted: str) -> None:
        page.locator(wanted).hover()
        page.mouse.down()
        page.evaluate("dispatchEvent(new Event('online'))")  # draws the sheet again
        page.mouse.up()

    tap('.keypad [data-key="9"]')
    expect(page.locator("[data-number]")).to_have_value("9")
    tap('[data-item="W3/mark"]')
    tap('[data-level="2"]')
    expect(page.locator('[data-level="2"]')).to_have_attribute("aria-pressed", "true")
    assert value_of(page, "W1/mark").inner_text() == "9"
    tap("[data-way=next_code]")
    expect(page.locator("[data-code]")).to_have_text(f"加密号{code_of(weld, 2, 2)}")


def is_uncovered(page: Page, wanted: str) -> bool:
    """Whether the middle of an element is on the screen with nothing over it."""
    return bool(
        page.evaluate(
            """wanted => {
              const element = document.querySelector(wanted);
              const box = element.getBoundingClientRect();
              const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
              return top !== null && element.contains(top);
            }""",
            wanted,
        )
    )


@pytest.mark.long
@pytest.mark.parametrize("typed", ["8.5", "８．５", "8。5", "8,5"])
def test_17_every_way_to_type_eight_and_a_half_is_taken(hands: Any, thirty: Venue, typed: str) -> None:
    page = hands(thirty, 2, code_of(thirty, 2, 0)).page
    page.locator('[data-item="i1/mark"]').click()
    page.locator("[data-number]").fill(typed)
    page.keyboard.press("Enter")
    expect(value_of(page, "i1/mark")).to_have_text("8.5")


def test_17_eleven_of_ten_shows_the_range_and_keeps_the_typing(hands: Any, thirty: Venue) -> None:
    page = hands(thirty, 2, code_of(thirty, 2, 1)).page
    press(page, "11")
    go_on(page)
    expect(page.locator(".entry-refused")).to_contain_text("0至10")
    expect(page.locator("[data-number]")).to_have_value("11")
    expect(value_of(page, "i1/mark")).to_have_text("未评")


@pytest.mark.long
def test_23_twenty_steps_are_taken_back_and_done_again(hands: Any, thirty: Venue) -> None:
    tablet = hands(thirty, 0, code_of(thirty, 0, 0))
    page = tablet.page
    for number in range(20):
        page.keyboard.type(f"{number % 9 + 1}")
        page.keyboard.press("Enter")
        expect(page.locator("[data-done]")).to_have_attribute("data-done", f"{number + 1}/30")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-done]")).to_have_attribute("data-done", "19/30")
    for left in range(18, -1, -1):
        page.locator("[data-tool=undo]").click()
        expect(page.locator("[data-done]")).to_have_attribute("data-done", f"{left}/30")
    for done in range(1, 21):
        page.keyboard.press("Control+y")
        expect(page.locator("[data-done]")).to_have_attribute("data-done", f"{done}/30")
    assert tablet.values()[:20] == [f"{number % 9 + 1}" for number in range(20)]
    tablet.shows("server")
    code = code_of(thirty, 0, 0)
    assert {thirty.marks_of(thirty.judges[0])[code, f"i{number}"] for number in (1, 10, 19)} == {"1"}


def test_23_what_is_pressed_at_once_waits_for_what_is_being_written(hands: Any, thirty: Venue) -> None:
    page = hands(thirty, 1, code_of(thirty, 1, 3)).page
    for key in ("7", "Enter", "8", "Enter", "Control+z", "9", "Enter", "6", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-done]")).to_have_attribute("data-done", "3/30")
    expect(page.locator(".item[aria-current]")).to_have_attribute("data-item", "i4/mark")
    assert [value_of(page, f"i{number}/mark").inner_text() for number in (1, 2, 3)] == ["7", "9", "6"]


COUNT_KEPT_STEPS = """() => {
  window.keptSteps = 0;
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === "typing" && String(given[1]).startsWith("steps "))
      this.transaction.addEventListener("complete", () => { window.keptSteps += 1; });
    return put.apply(this, given);
  };
}"""


def test_23_what_was_done_can_be_taken_back_after_a_reload_too(hands: Any, weld: Venue) -> None:
    tablet = hands(weld, 2, code_of(weld, 2, 3))
    page = tablet.page
    page.evaluate(COUNT_KEPT_STEPS)
    tablet.types("7")
    page.locator('[data-level="2"]').click()
    expect(value_of(page, "W3/mark")).to_have_text("2")
    page.keyboard.press("Control+z")
    expect(value_of(page, "W3/mark")).to_have_text("未评")
    tablet.until("() => window.keptSteps === 3")  # the screen shows a step a moment before it is kept
    kept = tablet.stored("typing")
    tablet.reloads()
    page.keyboard.press("Control+y")
    expect(value_of(page, "W3/mark")).to_have_text("2")
    for item in ("W3", "W1"):
        page.locator("[data-tool=undo]").click()
        expect(value_of(page, f"{item}/mark")).to_have_text("未评")
    assert kept and "before" not in json.dumps(kept), "the steps lie there sealed"


@pytest.mark.long
def test_26_turning_the_tablet_keeps_the_item_and_what_is_typed(hands: Any, thirty: Venue) -> None:
    page = hands(thirty, 0, code_of(thirty, 0, 1)).page
    page.locator('[data-item="i7/mark"]').click()
    press(page, "6.")
    for screen in (UPRIGHT, TABLET):
        page.set_viewport_size(screen)
        expect(page.locator("[data-number]")).to_have_value("6.")
        expect(page.locator('[data-item="i7/mark"]')).to_have_attribute("aria-current", "true")


@pytest.mark.long
def test_27_the_total_is_visible_wherever_the_page_is_scrolled_to(hands: Any, thirty: Venue) -> None:
    page = hands(thirty, 0, code_of(thirty, 0, 1)).page
    for screen in (TABLET, UPRIGHT):
        page.set_viewport_size(screen)
        for share in (0, 0.3, 0.6, 1):
            page.evaluate("share => scrollTo(0, document.documentElement.scrollHeight * share)", share)
            assert is_uncovered(page, "[data-total]") and is_uncovered(page, "[data-done]")


@pytest.mark.long
def test_28_the_left_hand_has_the_keypad_on_its_side_and_the_device_remembers(
    hands: Any, thirty: Venue
) -> None:
    page = hands(thirty, 0, code_of(thirty, 0, 1)).page

    def sides() -> tuple[float, float]:
        keypad, items = page.locator(".keypad").bounding_box(), page.locator(".items").bounding_box()
        assert keypad and items
        return keypad["x"], items["x"]

    assert sides()[0] > sides()[1]
    page.locator("[data-open=comfort]").click()
    page.locator("[data-comfort=left]").click()
    assert sides()[0] < sides()[1]
    page.reload()
    expect(page.locator(".keypad")).to_be_visible(timeout=PATIENCE)
    assert sides()[0] < sides()[1]


@pytest.mark.long
def test_29_in_the_sun_every_word_stands_out_seven_to_one(hands: Any, thirty: Venue) -> None:
    page = hands(thirty, 0, code_of(thirty, 0, 1)).page
    page.locator("[data-open=comfort]").click()
    page.locator("[data-comfort=sun]").click()
    page.emulate_media(color_scheme="dark")
    enhanced = {"type": "rule", "values": ["color-contrast-enhanced"]}
    assert not list(violations(page, enhanced))


@pytest.mark.long
def test_30_the_screen_is_asked_to_stay_on_and_a_refusal_is_said(hands: Any, thirty: Venue) -> None:
    tablet = hands(thirty, 0, code_of(thirty, 0, 1))
    tablet.context.add_init_script(
        "navigator.wakeLock.request = kind => { window.asked = kind; return Promise.reject(new Error('no')) }"
    )
    tablet.page.reload()
    expect(tablet.page.locator("[data-awake-notice]")).to_contain_text("熄屏")
    assert tablet.page.evaluate("window.asked") == "screen"


@pytest.mark.long
def test_32_thirty_items_and_the_signature_within_a_minute(hands: Any, thirty: Venue) -> None:
    tablet = hands(thirty, 1, code_of(thirty, 1, 2))
    page, began = tablet.page, time.monotonic()
    tablet.marks(*["7.5"] * 30)
    page.locator("[data-foot] a[data-focus=sign]").click()
    draw_a_name(page)
    page.locator("[data-way=drawn] button[type=submit]").click()
    expect(page.locator(".flash, .notice").first).to_be_visible()
    assert time.monotonic() - began < 60


def draw_a_name(page: Page, form: str = "[data-way=drawn]") -> None:
    """With a finger, across the field."""
    page.locator(f"{form} canvas").scroll_into_view_if_needed()
    box = page.locator(f"{form} canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 120)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + step * 40, box["y"] + (40 if step % 2 else 120))
    page.mouse.up()
    assert page.locator(f"{form} [name=drawing]").input_value().startswith("M")


# --- one item, many entrants ------------------------------------------------------------------------


@pytest.mark.long
def test_many_entrants_are_marked_on_one_item_by_the_keyboard_alone(hands: Any, weld: Venue) -> None:
    page = hands(weld, 1, code_of(weld, 1, 0)).page
    page.locator("[data-mode=group]").click()
    for value in ("7", "7.5", "8", "7", "6.5", "8"):
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    codes = sorted(weld.sheets[weld.judges[1]])
    for code, value in zip(codes, ("7", "7.5", "8", "7", "6.5", "8"), strict=True):
        expect(page.locator(f'[data-row="{code}"] .item-value')).to_have_text(value, timeout=PATIENCE)
    page.keyboard.press("PageDown")
    expect(page.locator("#group-item")).to_have_value("1")
    page.locator("[data-open=ordering]").click()
    expect(page.locator("[data-ordered]").first).to_contain_text("8")


@pytest.mark.long
def test_a_value_far_from_the_others_is_asked_about_and_recorded_with_a_reason(
    hands: Any, weld: Venue
) -> None:
    page = hands(weld, 0, code_of(weld, 0, 0)).page
    page.locator('[data-item="W2/mark"]').click()
    press(page, "8")
    go_on(page)
    expect(page.locator("[data-odd]")).to_contain_text("漏输")
    expect(value_of(page, "W2/mark")).to_have_text("未评")
    page.locator("#odd-reason").fill("余高极小，已复测")
    page.locator("[data-anyway]").click()
    expect(value_of(page, "W2/mark")).to_have_text("8")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "server", timeout=PATIENCE)
    assert weld.rows("SELECT count(*) FROM mark_operation WHERE body LIKE '%已复测%'") == [(1,)]


@pytest.mark.long
def test_what_judges_measure_together_names_who_agrees(hands: Any, weld: Venue) -> None:
    page = hands(weld, 0, code_of(weld, 0, 1)).page
    page.locator('[data-item="M1/mark"]').click()
    press(page, "20.01")
    go_on(page)
    expect(page.locator(".entry-refused")).to_contain_text("3名裁判员")
    for seat in ("J1", "J2", "J3"):
        page.locator(f"[data-agree={seat}]").click()
    go_on(page)
    expect(value_of(page, "M1/mark")).to_have_text("20.01")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "server", timeout=PATIENCE)
    assert weld.rows(
        """SELECT count(*) FROM mark_operation WHERE body LIKE '%"agreed":["J1","J2","J3"]%'"""
    ) == [(1,)]


@pytest.mark.long
def test_the_running_total_takes_percentages_off(hands: Any, weld: Venue) -> None:
    page = hands(weld, 0, code_of(weld, 0, 2)).page
    page.locator('[data-item="W2/mark"]').click()
    press(page, "80")
    go_on(page)
    page.locator('[data-item="W4/entry"]').click()
    page.locator("#entry-value").fill("25")
    page.locator("#entry-reason").fill("坡口角度错误")
    page.locator("[data-focus=add]").click()
    expect(page.locator("[data-total]")).to_have_text("60")


def test_add_that_is_tapped_twice_is_one_entry_and_a_tap_waits_for_the_mark_before_it(
    hands: Any, weld: Venue
) -> None:
    page = hands(weld, 0, code_of(weld, 0, 3)).page
    page.locator('[data-item="W4/entry"]').click()
    page.locator("#entry-value").fill("25")
    page.locator("#entry-reason").fill("坡口角度错误")
    page.locator("[data-focus=add]").dblclick()
    expect(page.locator("#entry-reason")).to_have_value("")
    expect(value_of(page, "W4/entry")).to_have_text("−25 %")
    page.locator('[data-item="W2/mark"]').click()
    press(page, "80")
    page.evaluate(
        """() => {
          document.querySelector('[data-key="Enter"]').click();
          document.querySelector('[data-item="W4/entry"]').click();
        }"""
    )
    expect(page.locator('[data-item="W4/entry"]')).to_have_attribute("aria-current", "true")
    expect(value_of(page, "W2/mark")).to_have_text("80")


def test_what_was_added_does_not_stand_in_the_field_again_after_a_reload(hands: Any, weld: Venue) -> None:
    page = hands(weld, 0, code_of(weld, 0, 4)).page
    page.locator('[data-item="W4/entry"]').click()
    page.locator("#entry-value").fill("25")
    page.locator("#entry-reason").fill("坡口角度错误")
    page.locator("[data-focus=add]").click()
    expect(value_of(page, "W4/entry")).to_have_text("−25 %")
    for _ in range(10):  # what was typed is forgotten a moment after the mark is kept
        page.reload()
        expect(page.locator('[data-item="W4/entry"]')).to_have_attribute("aria-current", "true")
        if page.locator("#entry-value").input_value() == "":
            break
    expect(page.locator("#entry-value")).to_have_value("")


# --- notes and photos -------------------------------------------------------------------------------


def photo() -> bytes:
    picture, exif = Image.new("RGB", (3000, 2000), "gray"), Image.Exif()
    exif[0x010F] = "Camera of a person"
    content = io.BytesIO()
    picture.save(content, format="JPEG", exif=exif)
    return content.getvalue()


@pytest.mark.long
def test_a_note_and_a_photo_wait_without_a_network_and_reach_the_chief_judge(hands: Any, weld: Venue) -> None:
    tablet = hands(weld, 2, code_of(weld, 2, 0))
    page = tablet.page
    tablet.context.set_offline(True)
    page.locator("[data-focus=remarks]").click()
    page.locator("#remark-note").fill("左端咬边")
    page.locator("[data-focus=keep-note]").click()
    page.locator("#remark-photo").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(page.locator(".preview img")).to_be_visible()
    page.locator("[data-focus=keep-photo]").click()
    expect(page.locator("[data-waiting]")).to_have_count(2)
    tablet.shows("local", "2")
    tablet.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_have_count(0, timeout=PATIENCE)
    tablet.shows("server")
    assert weld.rows("SELECT kind FROM sheet_remark ORDER BY kind") == [("note",), ("photo",)]


# --- signing ----------------------------------------------------------------------------------------


def test_24_a_sheet_with_blanks_lists_them_with_links_and_cannot_be_signed(hands: Any, weld: Venue) -> None:
    page = hands(weld, 1, code_of(weld, 1, 3)).page
    page.locator("[data-foot] a[data-focus=sign]").click()
    blank = page.locator(".notice a").filter(has_text="W3")
    expect(blank).to_be_visible()
    assert page.locator("canvas, [name=content_hash]").count() == 0
    blank.click()
    expect(page.locator('[data-item="W3/mark"]')).to_have_attribute("aria-current", "true", timeout=PATIENCE)


@pytest.mark.long
def test_without_a_network_signing_says_what_it_waits_for(hands: Any, weld: Venue) -> None:
    tablet = hands(weld, 1, code_of(weld, 1, 3))
    tablet.shows("server")
    tablet.context.set_offline(True)
    tablet.page.locator("[data-foot] button[data-focus=sign]").click(force=True)
    expect(tablet.page.locator(".entry-refused")).to_contain_text("签名需要网络")
    tablet.context.set_offline(False)
    expect(tablet.page.locator("[data-foot] a[data-focus=sign]")).to_be_visible()


def test_25_a_signed_sheet_is_text_and_is_asked_back_with_a_reason(hands: Any, thirty: Venue) -> None:
    tablet = hands(thirty, 2, code_of(thirty, 2, 2))
    page = tablet.page
    tablet.marks(*["6"] * 30)
    page.locator("[data-foot] a[data-focus=sign]").click()
    page.locator("[data-otherwise] summary").click()
    page.locator("[name=name]").fill(page.locator("[data-otherwise] p").first.inner_text().split("：")[1])
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[data-way=password] button[type=submit]").click()
    page.wait_for_url(re.compile("/judging/[^/]+/[^/]+$"))
    tablet.opens_desk(code_of(thirty, 2, 2))
    expect(page.locator("[data-locked=signed]")).to_be_visible()
    assert page.locator(".entry input, .entry textarea, .keypad").count() == 0
    page.locator("[data-focus=ask]").click()
    page.locator("form[action$='/reopening'] button").click()
    assert page.locator("#asking-reason").evaluate("field => field.validity.valueMissing")
    page.locator("#asking-reason").fill("抄错行")
    page.locator("form[action$='/reopening'] button").click()
    expect(page.locator("main")).to_contain_text("抄错行")


# --- what a judge may not see -----------------------------------------------------------------------


def test_31_no_name_or_unit_reaches_the_screen_the_title_or_the_wire(hands: Any, weld: Venue) -> None:
    secrets = {str(name) for (name,) in weld.rows("SELECT name FROM organisation")} | {
        str(name) for (name,) in weld.rows("SELECT name FROM worker")
    }
    tablet = hands(weld, 0)
    bodies: list[str] = []
    own = str(weld.rows("SELECT name FROM account WHERE username = :who", who=weld.judges[0])[0][0])
    tablet.page.on("response", lambda answer: bodies.append(text_of(answer)))
    tablet.opens_desk(code_of(weld, 0, 0))
    tablet.page.wait_for_load_state("networkidle")  # an answer cannot be read once its page has gone
    tablet.reloads()  # a desk that is open already is not asked for again
    tablet.page.locator("[data-mode=group]").click()
    tablet.page.locator("[data-open=ordering]").click()
    tablet.page.wait_for_load_state("networkidle")
    bodies += [tablet.page.content(), tablet.page.title(), tablet.page.url]
    assert len(bodies) > 4 and len(secrets) > 6
    assert not [secret for secret in secrets - {own} for body in bodies if secret in body]


def text_of(answer: Any) -> str:
    kind = answer.headers.get("content-type", "")
    return answer.text() if answer.ok and ("html" in kind or "json" in kind) else ""


# --- the first time, the chief judge, everybody -------------------------------------------------------


@pytest.mark.long
def test_practice_is_offered_once_and_writes_nothing(hands: Any, weld: Venue) -> None:
    tablet = hands(weld, 0)
    page = tablet.page
    page.evaluate("localStorage.removeItem('skillsladder-practised')")
    page.reload()
    page.locator("[data-practice-offer] a").click()
    page.wait_for_url("**/judging/practice")
    tablet.is_ready()
    before, sent = weld.rows("SELECT count(*) FROM mark_operation"), list[str]()
    page.on("request", lambda request: sent.append(request.url))
    press(page, "8.5")
    go_on(page)
    expect(value_of(page, "P1/mark")).to_have_text("8.5")
    assert not sent and weld.rows("SELECT count(*) FROM mark_operation") == before
    tablet.opens_desk()
    assert page.locator("[data-practice-offer]").count() == 0


@pytest.mark.long
def test_the_chief_judges_page_follows_the_marking_by_itself(
    engine: Playwright, hands: Any, weld: Venue, tmp_path: Path
) -> None:
    chief = weld.rows(
        "SELECT username FROM account JOIN role_grant ON account_id = account.id WHERE role = 'chief_judge'"
    )[0][0]
    folder, weld.folder = weld.folder, tmp_path
    desk = Tablet(engine, weld, "chief")
    weld.folder = folder
    desk.signs_in(str(chief))
    desk.page.goto(f"/events/{weld.event}/scoring")
    blanks = desk.page.locator("[data-live^=module] p").first
    before = blanks.inner_text()
    judge = hands(weld, 1, code_of(weld, 1, 4))
    judge.page.locator('[data-item="W3/mark"]').click()
    judge.page.keyboard.press("2")
    judge.shows("server")
    expect(blanks).not_to_have_text(before, timeout=PATIENCE)
    desk.close()


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("screen", [TABLET, UPRIGHT], ids=["landscape", "upright"])
def test_the_screen_has_no_barrier(hands: Any, weld: Venue, screen: ViewportSize, language: str) -> None:
    tablet = hands(weld, 0)
    tablet.context.add_cookies([{"name": "language", "value": language, "url": weld.home}])
    page = tablet.page
    page.set_viewport_size(screen)
    tablet.opens_desk(code_of(weld, 0, 5))
    found = list(violations(page))
    page.locator("[data-open=comfort]").click()
    page.locator('[data-item="M1/mark"]').click()
    page.locator("[data-focus=remarks]").click()
    found += violations(page)
    page.locator("[data-mode=group]").click()
    page.locator("[data-open=ordering]").click()
    found += violations(page)
    found += too_small(page)
    page.goto("/judging/practice")
    tablet.is_ready()
    found += [*violations(page), *too_wide(page)]
    assert not found, "\n".join(found)


def too_small(page: Page) -> list[str]:
    """Keys of marks below 56 px, other controls of the sheet below 44."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".key, .level, .tool, .item, [data-foot] button, [data-foot] a")]
          .filter(each => each.checkVisibility())
          .map(each => [each, each.getBoundingClientRect().height, each.matches(".key, .level, .item") ? 56 : 48])
          .filter(([, height, least]) => height < least - 0.5)
          .map(([each, height]) => `${Math.round(height)} px: ${each.outerHTML.slice(0, 100)}`)"""
    )
    return found
