"""An organiser writes the rules of an event that nobody foresaw, with the forms alone: pairs repair drones in two stages.

Theory decides who comes to the final and is not carried over; the final has timed tries, five judges whose mark a declared
difficulty multiplies, and a violation that voids it all. Then the rules are rehearsed, saved, compared, and frozen.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from competition.demonstration.cast import PASSWORD
from tests.demonstration import copy_of, settings_for
from tests.journeys.inspection import NARROWEST, too_low, too_wide, violations_in_both_themes
from tests.journeys.telling import DESK, PATIENCE, Person, Story, sentence
from tests.live import chromium, served

STARTERS = Path(__file__).resolve().parents[2] / "competition/competitions/rule_sets"


class Writing(Story):
    """The organiser at the desk, and the event whose rules are written."""

    event = ""

    @property
    def organiser(self) -> Person:
        return self.somebody("孙组委")

    @property
    def page(self) -> Page:
        return self.organiser.page


@pytest.fixture
def writing(demonstration_database: Path, tmp_path: Path) -> Iterator[Writing]:
    """The demonstration, served."""
    database, keys = copy_of(demonstration_database, tmp_path), tmp_path / "keys.json"
    keys.write_text(json.dumps(settings_for(tmp_path, database).keyring.as_json()), "utf-8")
    with ExitStack() as stack:
        home = stack.enter_context(served(tmp_path, database=database, keys=keys))
        yield Writing(stack.enter_context(chromium()), home, tmp_path)


# --- the hand at the form ---------------------------------------------------------------------------


def at(page: Page, place: str) -> Locator:
    """The field, or the offer to set it, at a place of the document."""
    return page.locator(f'[id="at{place}"]')


def write(page: Page, place: str, **values: str) -> None:
    """Fill in fields of the object at this place by the names of its members; of a list the option with these words."""
    for name, value in values.items():
        field = at(page, f"{place}/{name.replace('__', '/')}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
            field.blur()


def clear(page: Page, place: str) -> None:
    """State nothing at this place."""
    field = at(page, place)
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(index=0)
    else:
        field.fill("")
        field.blur()


def turn(page: Page, place: str, kind: str) -> None:
    """Choose the kind of what stands at this place."""
    page.locator(f'[id="kind{place}"]').select_option(label=kind)


def begin(page: Page, place: str) -> None:
    """Set what is not stated yet."""
    at(page, place).get_by_role("button").first.click()


def add(page: Page, place: str) -> None:
    """One more entry of the list at this place."""
    page.locator(f'[data-focus="add{place}"]').click()


def press(page: Page, words: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=words, exact=True).click()


def branch(page: Page, words: str) -> Locator:
    return page.get_by_role("treeitem").filter(has_text=words)


def section(page: Page, words: str) -> None:
    page.locator(".editor-section").filter(has_text=words).first.click()


# --- the story ------------------------------------------------------------------------------------


@sentence
def the_organiser_opens_an_event_for_pairs(story: Writing) -> None:
    organiser = story.organiser
    organiser.opens("/sign-in")
    organiser.fills_in(username="organiser", password=PASSWORD)
    organiser.presses()
    organiser.opens("/competitions/mine")
    organiser.page.locator('main a[href^="/competitions/"]:not([href$="/new"])').first.click()
    organiser.follows("/events/new")
    organiser.fills_in(
        code="DR1", name="无人机维修（双人）", name_en="Drone repair (pairs)", occupation="6-18-02-04",
        group="worker", team_size="2", starter="blank",
    )  # fmt: skip
    organiser.presses()
    story.event = organiser.path
    organiser.opens(f"{story.event}/rule-set/edit")
    expect(organiser.page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)


@sentence
def theory_decides_who_comes_to_the_final(story: Writing) -> None:
    page = story.page
    write(page, "/scheme", combine="逐阶段进行", max="")
    branch(page, "模块A").click()
    place = "/scheme/children/0"
    write(page, place, title__zh="理论预赛", title__en="Theory", id="prelim", role="阶段")
    branch(page, "评分点1").click()
    write(
        page, f"{place}/children/0", title__zh="理论试卷", title__en="Written paper", id="paper", step="0.5"
    )


@sentence
def the_final_is_a_stage_of_its_own_for_the_best_ten(story: Writing) -> None:
    page, place = story.page, "/scheme/children/1"
    branch(page, "总成绩").click()
    press(page, "添加评分组")
    write(
        page, place, id="final", title__zh="维修决赛", title__en="Repair final", role="阶段", carry_over="否"
    )
    begin(page, f"{place}/qualify")
    turn_if_offered(page, f"{place}/qualify", "前若干名")
    write(page, f"{place}/qualify", count="10", ties="全部")


def turn_if_offered(page: Page, place: str, kind: str) -> None:
    if page.locator(f'[id="kind{place}"]').count():
        turn(page, place, kind)


@sentence
def in_the_final_tries_are_timed_five_judges_mark_and_a_violation_voids_it_all(story: Writing) -> None:
    page, place = story.page, "/scheme/children/1/children"
    press(page, "添加评分点")
    turn(page, f"{place}/0", "多次尝试")
    write(page, f"{place}/0", id="repair", title__zh="修复用时（秒）", title__en="Repair time (s)", attempts="3",
          better="越低越好", counts="最好的一次", range__low="30", range__high="1800", range__step="1")  # fmt: skip
    press(page, "添加评分点")
    turn(page, f"{place}/1", "裁判组打分")
    write(page, f"{place}/1", id="flight", title__zh="试飞", title__en="Test flight", range__low="0", range__high="10",
          range__step="0.5", judges="5", minimum="5", combine="去掉最高最低分后平均", declared="与合成分相乘")  # fmt: skip
    begin(page, f"{place}/1/trim")
    write(page, f"{place}/1/trim", low="1", high="1")
    press(page, "添加评分点")
    turn(page, f"{place}/2", "扣分")
    write(
        page,
        f"{place}/2",
        id="safety",
        title__zh="严重违规",
        title__en="Grave violation",
        effect="本组得分作废",
    )


@sentence
def the_keyboard_moves_a_part_and_takes_the_step_back(story: Writing) -> None:
    page = story.page
    branch(page, "严重违规").click()
    page.get_by_role("tree").locator('[tabindex="0"]').focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(branch(page, "严重违规")).to_contain_text("2.2")
    expect(branch(page, "严重违规")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(branch(page, "严重违规")).to_contain_text("2.3")
    page.keyboard.press("Home")
    expect(branch(page, "总成绩")).to_have_attribute("aria-selected", "true")


@sentence
def ties_are_broken_by_everything_that_can_be_compared_then_by_people(story: Writing) -> None:
    page = story.page
    section(page, "名次排序")
    write(page, "/ranking/by/0", direction="由高到低")
    steps = (
        ("倒序比较各部分", "total"), ("两者相互比较", "total"), ("某部分的分值", "repair"),
        ("逐次减少的最好几项之和", "total"), ("计回被去掉的分", "flight"), ("某一次尝试", "repair"),
    )  # fmt: skip
    for index, (kind, node) in enumerate(steps, 1):
        add(page, "/ranking/by")
        turn(page, f"/ranking/by/{index}", kind)
        at(page, f"/ranking/by/{index}/node").select_option(value=node)
    write(
        page,
        "/ranking",
        by__3__direction="由低到高",
        by__6__rank="2",
        ties="凭书面决定区分先后",
        guests="不占名次",
    )
    expect(page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)


AWARD_MODELS: tuple[tuple[str, dict[str, str], tuple[dict[str, str], ...]], ...] = (
    ("固定数量", {}, ({"count": "1"}, {"count": "2"})),
    ("百分比", {"denominator": "完赛数", "rounding": "四舍五入"}, ({"percent": "10"}, {"percent": "20"})),
    ("名次区间", {}, ({"from": "1", "to": "1"}, {"from": "2", "to": "3"})),
    (
        "前若干比例",
        {"denominator": "报名数", "rounding": "进一"},
        ({"fraction": "1/10"}, {"fraction": "1/5"}),
    ),
    ("奖牌（窗口内并列）", {"window": "0.5", "node": "总成绩 (total)"}, ({}, {}, {})),
    (
        "总比例内按比例",
        {"share": "20", "denominator": "到场数", "rounding": "舍去"},
        ({"parts": "1"}, {"parts": "2"}, {"parts": "3"}),
    ),
)
"""The six models: what each states for all awards, and for each of them. The last one stays."""
AWARDS = (("gold", "一等奖"), ("silver", "二等奖"), ("bronze", "三等奖"))


@sentence
def each_model_of_awards_is_tried_and_the_ratio_stays(story: Writing) -> None:
    page = story.page
    section(page, "奖项")
    begin(page, "/awards")
    page.locator(".editor-trial > summary").click()
    for model, stated, awards in AWARD_MODELS:
        turn(page, "/awards", model)
        write(page, "/awards", **stated)
        for index, (award, (name, title)) in enumerate(zip(awards, AWARDS, strict=False)):
            if not at(page, f"/awards/awards/{index}").count():
                add(page, "/awards/awards")
            write(page, f"/awards/awards/{index}", id=name, title__zh=title, **award)
        expect(page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)
        expect(page.locator(".editor-preview")).to_contain_text("一等奖", timeout=PATIENCE)
    page.locator(".editor-trial > summary").click()


@sentence
def a_small_field_has_fewer_awards(story: Writing) -> None:
    page = story.page
    begin(page, "/awards/field")
    write(page, "/awards/field/0", below="12")
    if not at(page, "/awards/field/0/awards/0").count():
        add(page, "/awards/field/0/awards")
    at(page, "/awards/field/0/awards/0").select_option(value="gold")


@sentence
def a_balance_of_workers_is_watched(story: Writing) -> None:
    page = story.page
    section(page, "比例监测")
    begin(page, "/balances")
    write(page, "/balances/0", id="workers", title__zh="一线职工占比", at_least="35", categories__0="职工")
    at(page, "/balances/0/of/0").select_option(value="gold")
    add(page, "/balances/0/of")
    at(page, "/balances/0/of/1").select_option(value="silver")


ADVANCING: tuple[dict[str, str], ...] = (
    {"model": "按比例", "fraction": "1/3", "rounding": "进一", "ties": "按比较顺序决定"},
    {"model": "达到分数线者", "node": "总成绩 (total)", "at_least": "60", "most": "1/2", "ties": "全部晋级"},
    {"model": "与上级赛项约定的名额", "ties": "不超过上限则全部，否则均不", "cap": "3"},
    {"model": "与上级赛项约定的名额", "ties": "均不晋级", "delegation_cap": "2", "reserves": "2"},
)
"""The ways on and the answers to a tie at the line. The last one stays."""


@sentence
def each_way_on_is_tried_and_one_with_a_cap_and_a_place_for_women_stays(story: Writing) -> None:
    page = story.page
    section(page, "晋级")
    begin(page, "/advancement")
    for way in ADVANCING:
        write(page, "/advancement", **way)
        expect(page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)
        for name in set(way) - {"model", "ties", "delegation_cap", "reserves"}:
            clear(page, f"/advancement/{name}")
    begin(page, "/advancement/categories")
    write(page, "/advancement/categories/0", id="women", quota="1", categories__0="女性")


@sentence
def the_quota_table_limits_a_delegation_and_a_category(story: Writing) -> None:
    page = story.page
    begin(page, "/advancement/quotas")
    write(page, "/advancement/quotas/0", delegation="厦门代表队", quota="3")
    add(page, "/advancement/quotas")
    write(page, "/advancement/quotas/1", category="职工", quota="6")
    expect(page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)


@sentence
def sheets_are_checked_again_and_people_may_appeal_twice_within_five_working_days(story: Writing) -> None:
    page = story.page
    section(page, "成绩复核")
    begin(page, "/recheck")
    turn(page, "/recheck/top", "参赛人数")
    write(page, "/recheck", top__count="10", sample_percent="15", error_threshold_percent="5")
    section(page, "申诉")
    begin(page, "/appeals")
    write(page, "/appeals", base="成绩公布", minutes="120", tiers="2")
    write(page, "/appeals", second_minutes="60")
    section(page, "公布与公示")
    begin(page, "/publication")
    write(page, "/publication", notice_days="5", working_days="是", breakdown="各模块")
    expect(page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)


@sentence
def a_slip_is_said_at_its_field_and_in_the_summary(story: Writing) -> None:
    page = story.page
    branch(page, "试飞").click()
    place = "/scheme/children/1/children/1"
    write(page, place, minimum="9")
    expect(page.locator(".editor-problems li")).to_have_count(1, timeout=PATIENCE)
    section(page, "显示")
    page.locator(".editor-problems a").first.click()
    expect(page.locator(f'[id="problem{place}/minimum"]')).to_be_visible()
    found = list(violations_in_both_themes(page))
    assert not found, "\n".join(found)
    write(page, place, minimum="5")
    expect(page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)


@sentence
def a_file_is_taken_in_and_given_back_for_what_was_written(story: Writing) -> None:
    page = story.page
    page.locator('[name="file"]').set_input_files(STARTERS / "panel_of_five.json")
    expect(branch(page, "讲解")).to_be_visible(timeout=PATIENCE)
    press(page, "撤销")
    expect(branch(page, "试飞")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载当前内容").click()
    written = json.loads(taken.value.path().read_text("utf-8"))
    assert [stage["id"] for stage in written["scheme"]["children"]] == ["prelim", "final"]
    expect(page.get_by_role("status")).to_contain_text("没有问题", timeout=PATIENCE)


@sentence
def made_up_entrants_show_what_the_rules_do(story: Writing) -> None:
    page = story.page
    page.locator(".editor-trial > summary").click()
    expect(page.locator("#rehearsed")).to_contain_text("E003", timeout=PATIENCE)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="试算当前内容").click()
    rehearsal = opened.value
    expect(rehearsal.locator("main")).to_contain_text("一线职工占比", timeout=PATIENCE)
    expect(rehearsal.locator("#rehearsed")).to_contain_text("维修决赛")
    found = list(violations_in_both_themes(rehearsal))
    assert not found, "\n".join(found)
    rehearsal.close()


@sentence
def the_editor_fits_the_narrowest_phone(story: Writing) -> None:
    page = story.page
    found = [*violations_in_both_themes(page), *too_wide(page)]
    page.set_viewport_size(NARROWEST)
    section(page, "奖项")
    found += [*too_wide(page), *too_low(page)]
    assert not found, "\n".join(found)
    page.set_viewport_size(DESK)


@sentence
def the_rules_are_saved_said_in_words_and_compared(story: Writing) -> None:
    organiser, page = story.organiser, story.page
    with page.expect_navigation():
        page.get_by_role("button", name="保存为草稿").click()
    assert organiser.path == f"{story.event}/rule-set"
    organiser.sees("维修决赛", "3 次尝试", "一线职工占比", "公示天数：5", "前 10 名进入")
    organiser.follows("/difference")
    organiser.fills_in(old="starter-blank", new="draft")
    page.get_by_role("button", name="对比", exact=True).click()
    organiser.sees("维修决赛", "新增“final”")


@sentence
def registration_opens_with_the_rules_frozen(story: Writing) -> None:
    organiser = story.organiser
    organiser.opens(story.event)
    form = organiser.page.locator('main form:has(input[name=move][value="open_registration"])')
    with organiser.page.expect_navigation():
        form.locator("button[type=submit]").click()
    organiser.opens(f"{story.event}/rule-set")
    organiser.sees("已冻结", "冻结的版本")
    document = json.loads(organiser.page.request.get(f"{story.event}/rule-set.json").text())
    assert document["scheme"]["children"][1]["carry_over"] is False
    assert [step.get("by") for step in document["ranking"]["by"]][1:3] == ["count_back", "head_to_head"]


def test_an_organiser_writes_rules_that_nobody_foresaw_with_the_forms_alone(writing: Writing) -> None:
    the_organiser_opens_an_event_for_pairs(writing)
    theory_decides_who_comes_to_the_final(writing)
    the_final_is_a_stage_of_its_own_for_the_best_ten(writing)
    in_the_final_tries_are_timed_five_judges_mark_and_a_violation_voids_it_all(writing)
    the_keyboard_moves_a_part_and_takes_the_step_back(writing)
    ties_are_broken_by_everything_that_can_be_compared_then_by_people(writing)
    each_model_of_awards_is_tried_and_the_ratio_stays(writing)
    a_small_field_has_fewer_awards(writing)
    a_balance_of_workers_is_watched(writing)
    each_way_on_is_tried_and_one_with_a_cap_and_a_place_for_women_stays(writing)
    the_quota_table_limits_a_delegation_and_a_category(writing)
    sheets_are_checked_again_and_people_may_appeal_twice_within_five_working_days(writing)
    a_slip_is_said_at_its_field_and_in_the_summary(writing)
    a_file_is_taken_in_and_given_back_for_what_was_written(writing)
    made_up_entrants_show_what_the_rules_do(writing)
    the_editor_fits_the_narrowest_phone(writing)
    the_rules_are_saved_said_in_words_and_compared(writing)
    registration_opens_with_the_rules_frozen(writing)
