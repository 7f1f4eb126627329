"""A morning on the floor: the chief judge starts the clock, the hall sees it, and a judge's word waits for the network."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.builders import results
from tests.journeys.inspection import too_wide, violations
from tests.journeys.venue import PATIENCE, NewTablet, Tablet, Venue, a_venue


def blind_rules() -> dict[str, Any]:
    """One item and a deduction, under codes."""
    document = results.one_mark_rules()
    document["draw"] = {"blind_layers": 1}
    document["floor_work"] = {"late_cut_off_minutes": 15}
    safety = {"kind": "aspect", "id": "safety", "title": {"zh": "安全"}, "type": "deduction"}
    document["scheme"]["children"].append(safety)
    return document


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    folder: Path = tmp_path_factory.mktemp("floor")
    with a_venue(folder, entrants=3, document=blind_rules()) as made:
        yield made


def chief_of(venue: Venue) -> str:
    ((username,), *_rest) = venue.rows(
        "SELECT a.username FROM account a JOIN role_grant g ON g.account_id = a.id WHERE g.role = 'chief_judge'"
    )
    return str(username)


def floor(venue: Venue) -> str:
    return f"/events/{venue.event}/floor"


def plans(page: Page, venue: Venue) -> None:
    """Three stations at once, six minutes: the last five begin after one."""
    page.goto(floor(venue))
    page.select_option("[name=part]", index=0)
    page.fill("[name=stations]", "3")
    page.fill("[name=minutes]", "6")
    page.click("form[action$='/plans'] button")


def test_the_clock_runs_in_the_hall_and_says_when_it_is_cut_off(
    venue: Venue, tablet: Tablet, new_tablet: NewTablet
) -> None:
    chief, hall = tablet, new_tablet()
    chief.signs_in(chief_of(venue))
    plans(chief.page, venue)
    chief.page.get_by_role("link", name="第1场").click()
    hall.page.goto(
        chief.page.get_by_role("link", name="大屏计时").get_attribute("href") or "", wait_until="load"
    )
    chief.page.get_by_role("button", name="开始").click()
    expect(hall.page.locator("[data-clock-state]").first).to_have_text("进行中", timeout=PATIENCE)
    expect(hall.page.locator("[data-clock-time]").first).to_have_text(
        re.compile(r"0:05:[0-5]\d"), timeout=PATIENCE
    )
    hall.context.set_offline(True)
    expect(hall.page.locator("[data-connection]")).to_contain_text("连接中断", timeout=PATIENCE)
    before = hall.page.locator("[data-clock-time]").first.inner_text()
    expect(hall.page.locator("[data-clock-time]").first).not_to_have_text(before, timeout=PATIENCE)
    chief.page.fill("[name=cause] >> nth=0", "停电")
    chief.page.get_by_role("button", name="暂停").click()
    hall.context.set_offline(False)
    expect(hall.page.locator("[data-clock-state]").first).to_have_text("已暂停", timeout=PATIENCE)
    expect(hall.page.locator("[data-connection]")).to_be_empty(timeout=PATIENCE)
    assert list(violations(hall.page)) == []
    assert list(too_wide(hall.page)) == []


def test_a_judge_reports_an_exposed_identity_without_a_network_and_the_chief_judge_sees_it(
    venue: Venue, tablet: Tablet, new_tablet: NewTablet
) -> None:
    tablet.signs_in(venue.judges[0])
    tablet.opens_desk()
    tablet.context.set_offline(True)
    tablet.page.locator("[data-focus=exposed]").click()
    expect(tablet.page.locator("[data-exposed=waiting]")).to_contain_text("已报告裁判长", timeout=PATIENCE)
    code = tablet.code
    tablet.context.set_offline(False)
    expect(tablet.page.locator("[data-exposed=sent]")).to_be_visible(timeout=3 * PATIENCE)
    chief = new_tablet()
    chief.signs_in(chief_of(venue))
    chief.page.goto(floor(venue))
    waiting = chief.page.locator("[aria-labelledby=cases-title]")
    expect(waiting).to_contain_text("身份暴露")
    expect(waiting).to_contain_text(code)
    waiting.get_by_role("link").first.click()
    chief.page.fill("[name=cause] >> nth=0", "已遮盖姓名")
    chief.page.get_by_role("button", name="作出决定").click()
    expect(chief.page.locator("main")).to_contain_text("已遮盖姓名")
    assert list(violations(chief.page)) == []
