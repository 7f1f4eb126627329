"""One worker, from the drill in her workshop to a higher grade on record: every station, by the people who do it, in a browser.

The installation is new and empty. Everybody signs in on a device of their own: desks for the office, a phone for the
worker, tablets for the judges. The story is the function at the end; every line of it is one sentence.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import expect

from competition.rules.identity import credit_check_character, id_check_character
from competition.settings import write_keys
from tests.journeys.inspection import PHONE, TABLET
from tests.journeys.telling import PATIENCE, Person, Story, sentence
from tests.live import chromium, served

OWN_PASSWORD = "绕梁三日 welding all day"
NATION, PROVINCE, CITY = "全国职工技能竞赛组委会", "江苏省", "南京市"
ENTERPRISE, WORKSHOP = "金陵船舶工业", "焊接一车间"
CREDIT_CODE = "91320100MA0000001" + credit_check_character("91320100MA0000001")
HEROINE, RIVAL = "陈一弧", "沈二焊"
QUESTIONS = (
    ("焊条电弧焊时，电弧过长会造成什么？", "*气孔和飞溅增多\n焊缝更窄\n熔深更大"),
    ("离开焊接工位前，第一步做什么？", "收拾焊钳\n*关闭焊机电源\n打扫地面"),
)
GOOD, FAIR = ("96", "93.5", "94"), ("81", "80", "79.5")
"""Marks for the paper, and for the work by each of two judges."""


@dataclass
class Contest:
    """A competition with its one event, and where their pages are."""

    name: str
    competition: str = ""
    event: str = ""


class Climb(Story):
    """What the sentences have found out so far."""

    worker_page = ""
    drill = ""
    certificate = b""

    @property
    def heroine(self) -> Person:
        return self.somebody(HEROINE, PHONE)


@pytest.fixture
def climb(tmp_path: Path) -> Iterator[Climb]:
    """A new installation without anybody in it, served with its runner."""
    keys = tmp_path / "kept-elsewhere" / "keys.json"
    write_keys(keys)
    with ExitStack() as stack:
        home = stack.enter_context(served(tmp_path, database=tmp_path / "empty.sqlite3", keys=keys))
        yield Climb(stack.enter_context(chromium()), home, tmp_path)


# --- the house ------------------------------------------------------------------------------------


@sentence
def the_first_visitor_becomes_the_administrator(story: Climb) -> Person:
    admin = story.somebody("周管理")
    admin.opens("/")
    admin.opens("/sign-in")
    assert admin.path == "/setup"
    admin.fills_in(name=admin.name, username="admin", password=OWN_PASSWORD, again=OWN_PASSWORD)
    admin.presses()
    assert admin.path == "/"
    return admin


@sentence
def the_administrator_opens_the_tree_of_organisations(story: Climb, admin: Person) -> None:
    admin.chooses_from_the_menu("/organisations")
    above = ""
    for kind, name, codes in (
        ("nation", NATION, {"division_code": "100000"}),
        ("province", PROVINCE, {"division_code": "320000"}),
        ("city", CITY, {"division_code": "320100"}),
        ("enterprise", ENTERPRISE, {"credit_code": CREDIT_CODE}),
        ("workshop", WORKSHOP, {}),
    ):
        admin.opens("/organisations/new")
        if above:
            admin.fills_in(parent=above)
        admin.fills_in(kind=kind, name=name, **codes)
        admin.presses()
        admin.sees(name)
        above = name


@sentence
def the_administrator_opens_an_account(
    story: Climb, admin: Person, name: str, username: str, role: str = "", place: str = ""
) -> Person:
    """The first password is on the screen once, and is handed over."""
    admin.opens("/accounts/new")
    admin.fills_in(name=name, username=username)
    admin.presses()
    somebody = story.somebody(name)
    somebody.password = admin.page.locator("#first-password").inner_text()
    admin.page.reload()
    assert admin.page.locator("#first-password").count() == 0, "the first password was shown twice"
    with admin.page.expect_navigation():
        admin.page.locator("main a.button").click()
    if role:
        the_administrator_gives_the_role(story, admin, role, place)
    return somebody


@sentence
def the_administrator_gives_the_role(story: Climb, admin: Person, role: str, place: str) -> None:
    admin.follows("/roles/new")
    admin.follows(f"/{role}")
    admin.fills_in(place=place)
    admin.presses()
    admin.sees(place)


@sentence
def somebody_signs_in_for_the_first_time(story: Climb, somebody: Person, username: str) -> None:
    """Whoever has a password from somebody else must choose an own one before anything else."""
    somebody.opens("/sign-in")
    somebody.fills_in(username=username, password=somebody.password)
    somebody.presses()
    assert somebody.path.startswith("/password")
    somebody.opens("/results")
    assert somebody.path.startswith("/password"), "the first password still opens other pages"
    somebody.fills_in(old=somebody.password, new=OWN_PASSWORD, again=OWN_PASSWORD)
    somebody.presses()
    somebody.opens("/")
    somebody.sees(somebody.name)
    somebody.password = OWN_PASSWORD


# --- workers ----------------------------------------------------------------------------------------


@sentence
def the_organiser_adds_the_common_occupations(story: Climb, organiser: Person) -> None:
    organiser.opens("/occupations")
    organiser.presses("/occupations/starters")
    organiser.sees("焊工")


@sentence
def the_organiser_registers_a_worker(story: Climb, organiser: Person, name: str, serial: int) -> str:
    number = f"320106{date(1994, 3, 8):%Y%m%d}{serial:03}"
    organiser.opens("/workers/new")
    organiser.fills_in(
        name=name, id_number=number + id_check_character(number), employer=WORKSHOP, occupation="6-18-02-04",
        in_occupation_since="2014-07-01", grade="高级工", grade_since="2021-10-01",
    )  # fmt: skip
    organiser.presses()
    organiser.sees(name, "高级工")
    assert number not in organiser.page.content(), "the whole ID number is on the page"
    return organiser.path


@sentence
def the_organiser_gives_the_worker_an_account(story: Climb, organiser: Person, worker_page: str) -> Person:
    organiser.opens(worker_page)
    organiser.follows("/account")
    organiser.fills_in(username="welder")
    organiser.presses()
    story.heroine.password = organiser.page.locator("#first-password").inner_text()
    return story.heroine


# --- competitions -----------------------------------------------------------------------------------


@sentence
def the_organiser_opens_a_competition_with_an_event(
    story: Climb, organiser: Person, name: str, code: str, tier: str, host: str, its_class: str
) -> Contest:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    organiser.opens("/competitions/new")
    organiser.fills_in(
        host=host, code=code, name=name, tier=tier, competition_class=its_class, edition="3",
        starts_on=f"{today}", ends_on=f"{today + timedelta(days=30)}",
    )  # fmt: skip
    organiser.presses()
    contest = Contest(name, competition=organiser.path)
    organiser.follows("/events/new")
    organiser.fills_in(
        code="W01", name="焊接", occupation="6-18-02-04", group="worker", team_size="1", starter="workshop"
    )
    organiser.presses()
    contest.event = organiser.path
    return contest


@sentence
def the_best_two_shall_go_on_to(story: Climb, organiser: Person, below: Contest, above: Contest) -> None:
    organiser.opens(below.event)
    organiser.follows("/parent")
    organiser.fills_in(parent=above.event.rsplit("/", 1)[1], quota="2", reserves="1")
    organiser.presses()
    organiser.sees(above.name)


@sentence
def the_organiser_opens_registration(story: Climb, organiser: Person, contest: Contest) -> None:
    organiser.opens(contest.event)
    _move(organiser, "open_registration")


def _move(organiser: Person, move: str) -> None:
    """Press the button of a move on the page of the event."""
    form = organiser.page.locator(f'main form:has(input[name=move][value="{move}"])')
    with organiser.page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert organiser.page.locator(f'main form input[name=move][value="{move}"]').count() == 0, (
        f"{move} was not done"
    )


# --- the drill --------------------------------------------------------------------------------------


@sentence
def the_organiser_prepares_a_drill_for(story: Climb, organiser: Person, contest: Contest) -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, second=0, microsecond=0)
    organiser.chooses_from_the_menu("/drills")
    organiser.follows("/drills/new")
    organiser.fills_in(
        title="焊接一车间岗位练兵", organisation=WORKSHOP, opens_at=(now - timedelta(minutes=5)).isoformat("T", "minutes"),
        closes_at=(now + timedelta(days=2)).isoformat("T", "minutes"), minutes="20", attempts_allowed="1",
        event=contest.event.rsplit("/", 1)[1], feed_quota="1",
    )  # fmt: skip
    organiser.presses()
    for stem, options in QUESTIONS:
        organiser.fills_in(kind="single", stem=stem, options=options, points="5")
        organiser.presses()
        organiser.sees(stem)
    organiser.follows("/manage")
    story.drill = organiser.path.removesuffix("/manage")
    organiser.presses("/release")


@sentence
def the_worker_takes_the_drill_on_her_phone(story: Climb, worker: Person) -> None:
    worker.opens("/")
    worker.follows(story.drill)
    worker.presses("/attempts")
    for _stem, options in QUESTIONS:
        right = next(line[1:] for line in options.splitlines() if line.startswith("*"))
        worker.page.get_by_label(right, exact=True).check()
    with worker.page.expect_navigation():
        worker.page.locator("main form[data-once] button[type=submit]:not([formaction])").click()
    worker.sees("10", QUESTIONS[0][0])
    assert worker.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]


@sentence
def the_organiser_closes_the_drill_and_the_best_is_entered(
    story: Climb, organiser: Person, contest: Contest
) -> None:
    organiser.opens(f"{story.drill}/manage")
    organiser.follows("/closing")
    organiser.presses("/closing")
    organiser.sees(HEROINE)
    organiser.opens(contest.event)
    organiser.follows("/entries")
    organiser.sees(HEROINE)


# --- an event, from its entries to its result -------------------------------------------------------


@sentence
def the_organiser_nominates(story: Climb, organiser: Person, contest: Contest, name: str) -> None:
    organiser.opens(f"{contest.event}/nominate")
    organiser.page.get_by_role("row").filter(has_text=name).locator("input[name=worker]").check()
    organiser.presses()
    organiser.sees(name)


@sentence
def the_organiser_approves_the_entries_and_closes_registration(
    story: Climb, organiser: Person, contest: Contest
) -> None:
    organiser.opens(contest.event)
    organiser.follows("/entries")
    organiser.follows("/approvals")
    organiser.sees(HEROINE, RIVAL)
    organiser.presses("/approvals")
    organiser.opens(contest.event)
    _move(organiser, "close_registration")


@sentence
def the_code_keeper_draws(story: Climb, keeper: Person, contest: Contest) -> str:
    """Returns the heroine's code, which only the keeper of codes sees beside her name."""
    keeper.opens(contest.event)
    keeper.follows("/draw")
    keeper.presses("/draw")
    row = keeper.page.get_by_role("row").filter(has_text=HEROINE)
    return row.locator("strong").inner_text()


@sentence
def the_organiser_registers_a_judge(story: Climb, organiser: Person, name: str, username: str) -> Person:
    """The judge's account is opened on the way, with a first password that the organiser makes up."""
    judge = story.somebody(name, TABLET)
    judge.password = "to be changed at once"
    organiser.opens("/judges/new")
    organiser.fills_in(username=username, name=name, password=judge.password, level="国家级")
    organiser.presses()
    organiser.sees(name)
    return judge


@sentence
def the_organiser_fills_the_panels(
    story: Climb, organiser: Person, contest: Contest, *judges: Person
) -> None:
    """The first judge marks the paper; both mark the work."""
    organiser.opens(contest.event)
    organiser.follows("/panels")
    first, second = judges
    for module, label, judge in (
        ("theory", "J1", first),
        ("practice", "J1", first),
        ("practice", "J2", second),
    ):
        organiser.follows(f"/panels/{module}/{label}")
        organiser.fills_in(judge=judge.name)
        organiser.presses()
    organiser.follows("/chief-judges/new")
    organiser.fills_in(username="chief")
    organiser.presses()
    organiser.sees(*(judge.name for judge in judges), "郑裁判长")


@sentence
def the_chief_judge_starts_scoring(story: Climb, chief: Person, contest: Contest) -> None:
    chief.opens(f"{contest.event}/scoring")
    chief.presses("/scoring")


@sentence
def a_judge_marks_and_signs(
    story: Climb, judge: Person, contest: Contest, module: str, marks: dict[str, str]
) -> None:
    """By the keypad of the sheet, one code after the other."""
    judge.opens(f"/judging{contest.event.removeprefix('/events')}/{module}")
    for code, mark in marks.items():
        _open_sheet(judge, contest, module, code)
        _type(judge, mark)
        _sign(judge)


@sentence
def a_judge_goes_on_marking_while_the_network_is_away(
    story: Climb, judge: Person, contest: Contest, module: str, marks: dict[str, str]
) -> None:
    """The first sheet is marked, then the network goes; the second is marked all the same, and uploaded when it is back."""
    (first, mark), (second, other) = marks.items()
    _open_sheet(judge, contest, module, first)
    _type(judge, mark)
    _is_uploaded(judge)
    judge.context.set_offline(True)
    way = judge.page.locator(f"[data-foot] button.way:has-text('{second}')")
    way.click()
    expect(judge.page.locator("[data-code]")).to_contain_text(second)
    _type(judge, other)
    expect(judge.page.locator("[data-save-state]")).to_have_attribute("data-state", "local")
    judge.context.set_offline(False)
    _is_uploaded(judge)
    _sign(judge)
    _open_sheet(judge, contest, module, first)
    _sign(judge)


def _open_sheet(judge: Person, contest: Contest, module: str, code: str) -> None:
    judge.opens(f"/judging{contest.event.removeprefix('/events')}/{module}")
    judge.page.get_by_role("row").filter(has=judge.page.get_by_role("link", name=code, exact=True)).locator(
        "th a"
    ).click()
    expect(judge.page.locator("[data-code]")).to_contain_text(code)


def _type(judge: Person, mark: str) -> None:
    """Tap the mark on the keypad; nothing else is needed."""
    expect(judge.page.locator("[data-focus=number]")).to_be_visible()
    for key in mark:
        judge.page.locator(f'.keypad [data-key="{key}"]').click()
    judge.page.locator('.keypad [data-key="Enter"]').click()
    expect(judge.page.locator("[data-blanks]")).to_have_attribute("data-blanks", "0")


def _is_uploaded(judge: Person) -> None:
    expect(judge.page.locator("[data-save-state]")).to_have_attribute(
        "data-state", "server", timeout=PATIENCE
    )


def _sign(judge: Person) -> None:
    """The button is there once everything has arrived; the name is drawn with a finger."""
    page = judge.page
    page.locator("[data-foot] a[data-focus=sign]").click()
    field = page.locator("[data-way=drawn] canvas")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 90)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(box["x"] + 30 + step * 30, box["y"] + (30 if step % 2 else 90))
    page.mouse.up()
    with page.expect_navigation():
        page.locator("[data-way=drawn] button[type=submit]").click()


@sentence
def the_chief_judge_confirms_every_sheet_and_closes_scoring(
    story: Climb, chief: Person, contest: Contest
) -> None:
    chief.opens(f"{contest.event}/scoring")
    addresses = chief.page.locator('main a[href*="/scoring/sheets/"]').evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(addresses) == 6, "a sheet for the paper and two for the work of each of the two entrants"
    for address in addresses:
        chief.opens(address)
        with chief.page.expect_navigation():
            chief.page.locator("main form:has(input[name=content_hash]) button[type=submit]").click()
    chief.opens(f"{contest.event}/scoring")
    chief.presses("/scoring/closing")


@sentence
def the_organiser_prepares_the_result(story: Climb, organiser: Person, contest: Contest) -> None:
    organiser.opens(contest.event)
    organiser.follows("/publication")
    organiser.fills_in(password=OWN_PASSWORD)
    organiser.presses("/result-revisions")
    organiser.sees(organiser.name)
    stranger = story.somebody("路人", PHONE)
    answer = stranger.page.goto(f"{contest.event}/results")
    assert answer is not None and answer.status == 404, (
        "the result was public before the second person approved"
    )
    stranger.witness.take()


@sentence
def the_supervisor_publishes_it_with_the_password(story: Climb, supervisor: Person, contest: Contest) -> None:
    supervisor.opens(f"{contest.event}/publication")
    supervisor.fills_in(password=OWN_PASSWORD)
    supervisor.presses("/publication")
    stranger = story.somebody("路人", PHONE)
    stranger.opens(f"{contest.event}/results")
    stranger.sees(HEROINE, RIVAL)


@sentence
def the_worker_reads_why_she_came_first(story: Climb, worker: Person, contest: Contest, total: str) -> None:
    worker.opens("/")
    worker.page.locator(f'main a[href^="{contest.event}/results/"]').click()
    worker.sees(HEROINE, total, "93.75")
    expect(worker.page.locator("main .stat-number").first).to_contain_text("1")


@sentence
def publication_entered_her_in(story: Climb, worker: Person, contest: Contest) -> None:
    worker.opens("/")
    worker.page.locator(f'main a[href="{contest.event}"]').first.click()
    worker.sees(contest.name)


def an_event_is_held(
    story: Climb,
    contest: Contest,
    organiser: Person,
    keeper: Person,
    chief: Person,
    judges: list[Person],
    supervisor: Person,
) -> None:
    """From the entries to the published result, by everybody whose part it is."""
    the_organiser_approves_the_entries_and_closes_registration(story, organiser, contest)
    code = the_code_keeper_draws(story, keeper, contest)
    the_organiser_fills_the_panels(story, organiser, contest, *judges)
    the_chief_judge_starts_scoring(story, chief, contest)
    other = "02" if code == "01" else "01"
    paper, work, again = ({code: good, other: fair} for good, fair in zip(GOOD, FAIR, strict=True))
    a_judge_marks_and_signs(story, judges[0], contest, "theory", paper)
    a_judge_goes_on_marking_while_the_network_is_away(story, judges[0], contest, "practice", work)
    a_judge_marks_and_signs(story, judges[1], contest, "practice", again)
    the_chief_judge_confirms_every_sheet_and_closes_scoring(story, chief, contest)
    the_organiser_prepares_the_result(story, organiser, contest)
    the_supervisor_publishes_it_with_the_password(story, supervisor, contest)


# --- certificates and grades ------------------------------------------------------------------------


@sentence
def the_organiser_issues_the_certificates(story: Climb, organiser: Person, contest: Contest) -> None:
    """In the background; the page shows how far the work is, and moves on to the list by itself."""
    organiser.opens(contest.event)
    organiser.follows("/certificates")
    with organiser.page.expect_response("**/certificate-batches") as answer:
        organiser.presses("/certificate-batches")
    assert "/operations/" in answer.value.headers["location"]
    outcome = organiser.page.locator(f'main .notice a[href="{contest.event}/certificates"]')
    expect(outcome.or_(organiser.page.get_by_role("row").filter(has_text=HEROINE)).first).to_be_visible()
    if outcome.count():
        organiser.follows(f"{contest.event}/certificates")  # two certificates: done before the page was there
    assert organiser.path == f"{contest.event}/certificates"
    organiser.sees(HEROINE, RIVAL)


@sentence
def the_worker_downloads_her_certificate(story: Climb, worker: Person) -> None:
    worker.opens("/certificates")
    link = worker.page.locator('main a.button[href$=".pdf"]')
    answer = worker.context.request.get(str(link.get_attribute("href")), headers={"connection": "close"})
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    story.certificate = answer.body()


@sentence
def a_stranger_scans_the_code_on_the_paper(story: Climb, stranger: Person, contest: Contest) -> None:
    """With a phone, without an account; the name is masked, because the paper may lie anywhere."""
    paper = pypdfium2.PdfDocument(story.certificate)[0].render(scale=150 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(paper, formats=zxingcpp.BarcodeFormat.QRCode)
    assert code.text.startswith(f"{story.home}/c/")
    stranger.opens(code.text)
    expect(stranger.page.locator("main .notice[role=status]")).to_have_class(re.compile("tone-success"))
    stranger.sees("有效", contest.name, "陈*弧")
    assert HEROINE not in stranger.page.content(), "the whole name is shown to whoever scans the code"


@sentence
def the_officer_publishes_the_rule_table_of_the_province(story: Climb, officer: Person) -> None:
    officer.opens("/promotion-tables")
    officer.follows("/promotion-tables/new")
    officer.follows("starter=province")
    officer.fills_in(authority=PROVINCE)
    officer.presses()


@sentence
def the_organiser_opens_the_cases(story: Climb, organiser: Person, contest: Contest) -> None:
    organiser.opens(f"{contest.event}/promotions")
    organiser.presses("/promotions")
    organiser.sees(HEROINE, "技师")


@sentence
def the_worker_applies_for_the_grade(story: Climb, worker: Person) -> str:
    worker.opens("/promotions/mine")
    with worker.page.expect_navigation():
        worker.page.locator('main table a[href^="/promotions/"]').click()
    worker.presses("/application")
    return worker.path


@sentence
def the_officer_approves_and_hands_out_the_document(story: Climb, officer: Person, case: str) -> None:
    officer.opens(case)
    officer.fills_in(document_number="苏人社职鉴〔2026〕1号")
    officer.presses("/approval")
    officer.presses("/issue")


@sentence
def her_record_shows_the_new_grade_and_where_it_comes_from(story: Climb, worker: Person, case: str) -> None:
    worker.opens("/my-record")
    newest = worker.page.locator("main table tbody tr").first
    expect(newest).to_contain_text("技师")
    expect(newest).to_contain_text("苏人社职鉴〔2026〕1号")
    with worker.page.expect_navigation():
        newest.locator("td a").click()
    assert worker.path == case, "the source of the grade leads to its case"
    worker.page.locator('main a[href^="/c/"]').click()
    worker.sees("有效")


def test_a_welder_climbs_from_the_drill_of_her_workshop_to_a_grade_on_record(climb: Climb) -> None:
    story = climb
    admin = the_first_visitor_becomes_the_administrator(story)
    the_administrator_opens_the_tree_of_organisations(story, admin)
    organiser = the_administrator_opens_an_account(story, admin, "孙组委", "organiser", "organiser", NATION)
    supervisor = the_administrator_opens_an_account(
        story, admin, "钱监督", "supervisor", "supervisor", NATION
    )
    officer = the_administrator_opens_an_account(
        story, admin, "冯认定", "officer", "promotion_officer", NATION
    )
    chief = the_administrator_opens_an_account(story, admin, "郑裁判长", "chief")
    for somebody, username in (
        (organiser, "organiser"),
        (supervisor, "supervisor"),
        (officer, "officer"),
        (chief, "chief"),
    ):
        somebody_signs_in_for_the_first_time(story, somebody, username)

    the_organiser_adds_the_common_occupations(story, organiser)
    heroine_page = the_organiser_registers_a_worker(story, organiser, HEROINE, 26)
    the_organiser_registers_a_worker(story, organiser, RIVAL, 31)
    heroine = the_organiser_gives_the_worker_an_account(story, organiser, heroine_page)
    somebody_signs_in_for_the_first_time(story, heroine, "welder")

    province = the_organiser_opens_a_competition_with_an_event(
        story, organiser, "江苏省职工技能竞赛", "JS-2026", "province", PROVINCE, "I"
    )
    enterprise = the_organiser_opens_a_competition_with_an_event(
        story, organiser, "金陵船舶技术比武", "JL-2026", "enterprise", ENTERPRISE, "none"
    )
    the_organiser_opens_registration(story, organiser, province)
    the_best_two_shall_go_on_to(story, organiser, enterprise, province)
    the_organiser_opens_registration(story, organiser, enterprise)
    keeper = the_administrator_opens_an_account(
        story, admin, "吴加密", "codes", "code_keeper", "金陵船舶技术比武"
    )
    the_administrator_gives_the_role(story, admin, "code_keeper", "江苏省职工技能竞赛")
    somebody_signs_in_for_the_first_time(story, keeper, "codes")
    judges = [
        the_organiser_registers_a_judge(story, organiser, name, username)
        for name, username in (("卫明", "judge1"), ("蒋诚", "judge2"))
    ]
    for judge, username in zip(judges, ("judge1", "judge2"), strict=True):
        somebody_signs_in_for_the_first_time(story, judge, username)

    the_organiser_prepares_a_drill_for(story, organiser, enterprise)
    the_worker_takes_the_drill_on_her_phone(story, heroine)
    the_organiser_closes_the_drill_and_the_best_is_entered(story, organiser, enterprise)
    the_organiser_nominates(story, organiser, enterprise, RIVAL)

    an_event_is_held(story, enterprise, organiser, keeper, chief, judges, supervisor)
    the_worker_reads_why_she_came_first(story, heroine, enterprise, "94.65")
    publication_entered_her_in(story, heroine, province)
    an_event_is_held(story, province, organiser, keeper, chief, judges, supervisor)
    the_worker_reads_why_she_came_first(story, heroine, province, "94.65")

    the_organiser_issues_the_certificates(story, organiser, province)
    the_worker_downloads_her_certificate(story, heroine)
    a_stranger_scans_the_code_on_the_paper(story, story.somebody("路人", PHONE), province)
    the_officer_publishes_the_rule_table_of_the_province(story, officer)
    the_organiser_opens_the_cases(story, organiser, province)
    case = the_worker_applies_for_the_grade(story, heroine)
    the_officer_approves_and_hands_out_the_document(story, officer, case)
    her_record_shows_the_new_grade_and_where_it_comes_from(story, heroine, case)
