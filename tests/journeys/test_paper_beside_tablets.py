"""Paper beside tablets: a clerk types thirty items with nothing but the keyboard, a second person does it again, a third decides.

Named in docs/sources.md as reliability RG14: thirty items in ninety seconds by keyboard alone. What is asserted is how many keys that takes,
not how fast somebody presses them.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.inspection import too_low, too_wide, violations_in_both_themes
from tests.journeys.venue import PATIENCE, NewTablet, Venue, a_venue, sign_in

ITEMS = 30


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with a_venue(tmp_path_factory.mktemp("venue"), entrants=2, items=ITEMS) as found:
        yield found


class Keyboard:
    """Presses keys, and counts them. There is no mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def values(self, values: list[str]) -> None:
        """Each with Enter behind it, but the stroke for what was not attempted, which goes on by itself."""
        for value in values:
            self.press(*value, *([] if value == "/" else ["Enter"]))


def opens(page: Page, code: str) -> None:
    """From the desk, where the field of the code has the focus."""
    expect(page.locator("[data-paper-code]")).to_be_focused(timeout=PATIENCE)
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("[data-value]").first).to_be_focused(timeout=PATIENCE)


def test_thirty_items_are_typed_by_keyboard_alone_twice_and_decided_by_a_third(
    venue: Venue, new_tablet: NewTablet
) -> None:
    first, second, third = (new_tablet().page for _ in range(3))
    for page, clerk in zip((first, second, third), venue.clerks, strict=True):
        sign_in(page, clerk)
        page.click("a.step")  # what waits, on the home page
    values = [f"{number % 9}.5" for number in range(ITEMS - 1)] + ["/"]

    opens(first, "01 j1")
    keys = Keyboard(first)
    keys.values(values[:10])
    first.reload()
    expect(first.locator("[data-value]").nth(9)).to_have_value("0.5", timeout=PATIENCE)
    expect(first.locator("[data-value]").nth(10)).to_be_focused()  # the first blank
    keys.values(values[10:])
    expect(first.locator("[data-paper-sum]")).to_contain_text(f"{ITEMS}/{ITEMS}")
    keys.press(" ", "Enter")  # the judge has signed; hand in
    expect(first.locator("[data-paper-code]")).to_be_focused(timeout=PATIENCE)
    assert keys.pressed == 29 * 4 + 1 + 2  # three for a mark, one for Enter; one stroke; tick and hand in

    opens(second, "01 j1")
    assert "6.5" not in second.locator("main").inner_text()
    keys = Keyboard(second)
    keys.values(["9.5", *values[1:-1]])
    keys.press("F2")
    expect(second.locator("[data-value]").last).to_be_focused()
    keys.press("Enter", " ", "Enter")
    expect(second.locator("[data-value]").last).to_be_focused()  # a blank: said once, nothing lost
    keys.press("/", "Enter")
    expect(second.locator("[data-paper-code]")).to_be_focused(timeout=PATIENCE)
    assert "01" not in {code for code, _item in venue.marks_of(venue.judges[0])}

    third.reload()
    third.get_by_role("link", name="第三人核对").click()
    third.get_by_label("李录分").check()
    third.get_by_label("依据").fill("纸上写的是9.5")
    third.locator("main button[type=submit]").click()
    expect(third.locator("[data-paper-code]")).to_be_visible(timeout=PATIENCE)
    found = {item: value for (code, item), value in venue.marks_of(venue.judges[0]).items() if code == "01"}
    assert len(found) == ITEMS - 1 and found["i1"] == "9.5"
    sheet = venue.sheets[venue.judges[0]]["01"].replace("-", "")
    assert venue.rows("SELECT way FROM signature WHERE sheet_id = :sheet", sheet=sheet) == [("paper",)]


def test_a_first_entry_is_confirmed_with_one_key_for_each_item(venue: Venue, new_tablet: NewTablet) -> None:
    first, second = (new_tablet().page for _ in range(2))
    for page, clerk in zip((first, second), venue.clerks, strict=False):
        sign_in(page, clerk)
        page.goto(f"/events/{venue.event}/paper")
        opens(page, "02 j1")
    Keyboard(first).values(["8"] * ITEMS)
    Keyboard(first).press(" ", "Enter")
    expect(first.locator("[data-paper-code]")).to_be_focused(timeout=PATIENCE)
    second.reload()
    second.get_by_role("link", name="改为与第一遍核对").click()
    expect(second.locator("[data-value]").first).to_be_focused(timeout=PATIENCE)
    keys = Keyboard(second)
    keys.press(*["Enter"] * ITEMS, " ", "Enter")
    expect(second.locator(".flash, [role=status]").first).to_contain_text("两遍一致", timeout=PATIENCE)
    assert keys.pressed == ITEMS + 2
    assert venue.rows("SELECT count(*) FROM paper_entry WHERE mode = 'confirmed' AND verdict = 'equal'") == [
        (1,)
    ]


def test_the_pages_of_paper_are_good_for_everybody(venue: Venue, new_tablet: NewTablet) -> None:
    page = new_tablet().page
    sign_in(page, venue.clerks[0])
    for judge in venue.judges[1:2]:
        sheet = venue.sheets[judge]["02"]
        for path in ("/paper", f"/events/{venue.event}/paper", f"/events/{venue.event}/paper/sheets/{sheet}"):
            page.goto(path)
            found = [*violations_in_both_themes(page), *too_wide(page), *too_low(page)]
            assert found == [], path
            page.set_viewport_size({"width": 1024, "height": 768})
