"""The pages of the floor: one tap and its undo, clear refusals, codes only, and a clock that anybody may look at."""

import io
import re
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import time_machine
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.draws.queries import place_of_code
from competition.floor import queries
from competition.panels.queries import chiefs_of
from competition.registration.queries import display_name, entrants_of
from competition.registration.services import mark_presence
from competition.rules.access import Role, ScopeKind
from competition.rules.floor import Kind
from competition.scoring import queries as scoring
from competition.scoring.queries.sheets import sheets_of
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import accounts
from tests.builders import floor as builder
from tests.builders import scoring as sheets
from tests.builders.draws import is_told
from tests.builders.floor import PART, at

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Made:
    """An event with its chief judge and a supervisor, read afresh whenever asked for."""

    id: UUID
    codes: list[str]
    chief: str

    @property
    def event(self) -> Event:
        return event_by_id(self.id)

    @property
    def path(self) -> str:
        return f"/events/{self.id}/floor"

    @property
    def batch(self) -> str:
        return f"{self.path}/{PART}/1"

    @property
    def station(self) -> str:
        return f"{self.path}/{PART}/stations/{self.codes[0]}"

    def entry(self, kind: Kind) -> str:
        row = next(row for row in reversed(queries.log_of(self.event)) if row.kind == kind)
        return f"{self.path}/log/{row.id}"


@pytest.fixture
def made(app) -> Made:
    with transaction():
        event = builder.planned_event()
        accounts.holder_in(Role.SUPERVISOR, ScopeKind.EVENT, event.id, "dudao", "钱监督")
    return Made(event.id, builder.codes(event), chiefs_of(event)[0].username)


def at_work(browser: Browser, who: str, made: Made) -> Browser:
    """Signed in, with the page of the floor open."""
    browser.sign_in(who)
    browser.get(made.path)
    return browser


@pytest.fixture
def chief(browser: Browser, made: Made) -> Browser:
    return at_work(browser, made.chief, made)


@pytest.fixture
def supervisor(browser: Browser, made: Made) -> Browser:
    return at_work(browser, "dudao", made)


def entry(**fields: str) -> dict[str, str]:
    return {"ticket": str(uuid4()), "device_time": "", **fields}


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def start(browser: Browser, made: Made) -> None:
    browser.post(f"{made.batch}/entries", entry(kind="start"), expect=303)


def test_one_tap_starts_a_batch_and_another_takes_it_back(supervisor, made):
    body = supervisor.get(made.path).get_data(as_text=True)
    assert f'action="{made.batch}/entries"' in body
    supervisor.post(f"{made.batch}/entries", entry(kind="start", back="floor"), expect=303)
    assert "进行中" in text(supervisor.get(made.path))
    supervisor.post(f"{made.entry(Kind.START)}/withdrawal", entry(), expect=303)
    shown = text(supervisor.get(made.path))
    assert "已由第2号撤回" in shown
    assert "未开始" in shown


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "stop"}, "计时尚未开始"),
        ({"kind": "pause", "cause": "停电"}, "计时尚未开始"),
        ({"kind": "resume", "back": "floor"}, "计时尚未开始"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_written(supervisor, made, fields, says):
    assert says in text(supervisor.post(f"{made.batch}/entries", entry(**fields), expect=422))
    assert queries.log_of(made.event) == []


def test_a_double_tap_writes_once(supervisor, made):
    same = entry(kind="start")
    supervisor.post(f"{made.batch}/entries", same, expect=303)
    supervisor.post(f"{made.batch}/entries", same, expect=303)
    assert len(queries.log_of(made.event)) == 1


@pytest.mark.parametrize("minutes", ["-5", "10000", "abc", ""])
def test_extra_minutes_out_of_bounds_come_back_with_what_was_typed(chief, made, minutes):
    start(chief, made)
    body = chief.post(
        f"{made.station}/extra-time", entry(minutes=minutes, cause="焊机故障"), expect=422
    ).get_data(as_text=True)
    assert 'value="焊机故障"' in body
    assert 'id="extra-minutes-error"' in body


def test_a_clock_of_a_device_that_is_days_off_is_told_and_decides_nothing(supervisor, made):
    supervisor.post(
        f"{made.batch}/entries", entry(kind="start", device_time="1999-01-01T00:00:00Z"), expect=303
    )
    assert "设备时钟相差" in text(supervisor.get(made.path))


def test_the_pages_know_codes_and_no_names(chief, made):
    start(chief, made)
    people = [display_name(entrant) for entrant in entrants_of(made.event)]
    units = {entrant.delegation.organisation.name for entrant in entrants_of(made.event)}
    for path in (made.path, made.batch, made.station, f"{made.batch}/clock", f"{made.path}/clocks.json"):
        body = chief.get(path).get_data(as_text=True)
        assert not [name for name in (*people, *units) if name in body], path


def test_the_big_clock_is_for_everybody_and_tells_no_code(browser, chief, made):
    start(chief, made)
    chief.post(f"{made.station}/extra-time", entry(minutes="5", cause="焊机故障"), expect=303)
    browser.post("/sign-out")
    for path in (f"{made.batch}/clock", f"{made.path}/clocks.json"):
        body = browser.get(path).get_data(as_text=True)
        assert not [code for code in made.codes if is_told(code, body)]
    clocks = browser.get(f"{made.path}/clocks.json").get_json()["clocks"]
    assert {key: clock["extra"] for key, clock in clocks.items()} == {
        "practice.1": 0,
        "practice.1.1": 5,
        "practice.2": 0,
    }


def test_the_clock_goes_by_the_servers_time(browser, made):
    with transaction():
        builder.clock(made.event, Kind.START, 0)
    with time_machine.travel(at(56), tick=False):
        clock = browser.get(f"{made.path}/clocks.json").get_json()["clocks"]["practice.1"]
        assert (clock["state"], clock["elapsed"]) == ("running", 56 * 60_000)
        assert "0:04:00" in text(browser.get(f"{made.batch}/clock"))
        assert "即将结束" in text(browser.get(f"{made.batch}/clock"))


def test_only_the_chief_judge_rules(supervisor, made):
    noted = entry(ruling="deduction", aspect="S1", points="2", cause="未戴护目镜")
    supervisor.post(f"{made.station}/violations", noted, expect=303)
    ruling = entry(ruling="deduction", aspect="S1", points="2", cause="核实")
    supervisor.post(f"{made.entry(Kind.VIOLATION)}/decision", ruling, expect=403)
    assert "裁判长的决定" not in text(supervisor.get(made.entry(Kind.VIOLATION)))
    supervisor.post(f"{made.station}/extra-time", entry(minutes="5", cause="x"), expect=403)


def test_a_violation_waits_for_the_chief_judge_whose_ruling_is_on_the_sheet(chief, made):
    noted = entry(ruling="deduction", aspect="S1", points="2", cause="未戴护目镜")
    chief.post(f"{made.station}/violations", noted, expect=303)
    assert "待处理 (1)" in text(chief.get(made.path))
    page = f"{made.entry(Kind.VIOLATION)}/decision"
    assert "须大于0" in text(
        chief.post(page, entry(ruling="deduction", aspect="S1", points="", cause="核实"), expect=422)
    )
    chief.post(page, entry(ruling="deduction", aspect="S1", points="2", cause="核实"), expect=303)
    assert "扣2分" in text(chief.get(made.entry(Kind.VIOLATION)))
    assert [one["value"] for one in scoring.marks_of(made.event) if one["aspect"] == "S1"] == ["2"]


def test_a_late_arrival_beyond_the_cut_off_is_decided_on_its_page(chief, made):
    with transaction():
        builder.clock(made.event, Kind.START, 0)
    with time_machine.travel(at(20), tick=False):
        at_work(chief, made.chief, made)
        chief.post(f"{made.station}/entries", entry(kind="late"), expect=303)
        page = f"{made.entry(Kind.LATE)}/decision"
        chief.post(page, entry(answer="yes", minutes="300", cause="道路封闭"), expect=422)
        chief.post(page, entry(answer="yes", minutes="10", cause="道路封闭"), expect=303)
        assert "准许入场" in text(chief.get(made.station))


def test_who_is_not_let_in_is_told_with_the_rule_and_with_what_comes_next(chief, made):
    with transaction():
        builder.clock(made.event, Kind.START, 0)
    with time_machine.travel(at(20), tick=False):
        at_work(chief, made.chief, made)
        chief.post(f"{made.station}/entries", entry(kind="late"), expect=303)
        rule, next_step = (
            "开赛后20分钟到场；按规则，开赛15分钟后不准入场。",
            "由组委会在该编号的报名页面“标记缺席”",
        )
        for page in (made.station, made.batch):
            assert f"{rule} 裁判长决定之前，不得放行。" in text(chief.get(page))
        decided = entry(answer="no", cause="道路封闭")
        chief.post(f"{made.entry(Kind.LATE)}/decision", decided, expect=303)
        for page in (made.station, made.batch, made.path):
            said = text(chief.get(page))
            assert "不准入场" in said and rule in said and next_step in said


def test_once_the_refused_contestant_is_marked_absent_nothing_is_left_to_do(chief, made):
    with transaction():
        builder.clock(made.event, Kind.START, 0)
        noted = builder.late(made.event, made.codes[0], 20)
        builder.decide_late(noted, admitted=False, minute=21)
    assert "标记缺席" in text(chief.get(made.station))
    with transaction():
        place = place_of_code(made.event, made.codes[0])
        mark_presence(place.entrant, present=False, by=builder.chief(made.event), at=at(25))
    said = text(chief.get(made.station))
    assert "开赛15分钟后不准入场" in said and "标记缺席" not in said


def test_an_incident_leads_to_extra_time_that_the_chief_judge_gives(chief, made):
    with transaction():
        builder.clock(made.event, Kind.START, 0)
    with time_machine.travel(at(10), tick=False) as clock:
        at_work(chief, made.chief, made)
        chief.post(f"{made.station}/incidents", entry(about="equipment", cause="焊机故障"), expect=303)
        clock.move_to(at(16))
        chief.post(f"{made.entry(Kind.INCIDENT)}/end", entry(), expect=303)
        assert 'value="6"' in chief.get(made.entry(Kind.OVER)).get_data(as_text=True)
        chief.post(
            f"{made.entry(Kind.OVER)}/decision", entry(answer="yes", minutes="6", cause="故障"), expect=303
        )
        assert "补时6分钟" in text(chief.get(made.station))


def test_who_left_is_noted_and_comes_back(supervisor, made):
    start(supervisor, made)
    supervisor.post(f"{made.station}/entries", entry(kind="left"), expect=303)
    assert "已返回赛场" in text(supervisor.get(made.station))
    supervisor.post(f"{made.entry(Kind.LEFT)}/end", entry(), expect=303)
    assert "离开赛场" in text(supervisor.get(made.station))


def test_the_judge_reports_an_exposed_identity_and_the_chief_judge_gives_the_sheet_away(browser, made):
    sheet = next(one for one in sheets_of(made.event) if (one.code, one.module) == (made.codes[0], "S"))
    address = f"/api/scoring/events/{made.id}/sheets/{sheet.id}/remarks"
    sent = {"id": str(uuid4()), "aspect": "S1", "kind": "exposed", "device_time": "2026-06-01T12:00:00Z"}
    browser.sign_in(sheet.judge.account)
    browser.get("/judging")
    for _again in range(2):
        assert browser.post(address, sent, expect=200).get_json()["id"] == sent["id"]
    at_work(browser, made.chief, made)
    assert "身份暴露" in text(browser.get(made.entry(Kind.EXPOSED)))
    browser.post(
        f"{made.entry(Kind.EXPOSED)}/decision",
        entry(cause="已遮盖", sheet="", judge=""),
        expect=303,
    )
    assert "已遮盖" in text(browser.get(made.entry(Kind.EXPOSED)))


def test_the_log_is_printed_and_exported_whole(supervisor, made):
    start(supervisor, made)
    supervisor.post(f"{made.entry(Kind.START)}/withdrawal", entry(cause="误按"), expect=303)
    pdf = PdfReader(io.BytesIO(supervisor.get(f"{made.path}/log.pdf").get_data()))
    assert "误按" in "".join(page.extract_text() for page in pdf.pages)
    book = CalamineWorkbook.from_filelike(io.BytesIO(supervisor.get(f"{made.path}/log.xlsx").get_data()))
    cells = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert any("已由第2号撤回" in cell for cell in cells)


def test_the_log_is_filtered_by_what_and_by_code(chief, made):
    start(chief, made)
    chief.post(f"{made.station}/entries", entry(kind="left"), expect=303)
    assert "计时开始" not in text(chief.get(f"{made.path}?kind=outside"))
    only = text(chief.get(f"{made.path}?code={made.codes[0].lower()}"))
    assert "离开赛场" in only
    assert "计时开始" not in only


@pytest.mark.parametrize(
    "end", ["/practice/9", "/nowhere/1", "/practice/stations/XXXX", f"/log/{UUID(int=7)}"]
)
def test_what_is_not_there_is_not_found(chief, made, end):
    chief.get(f"{made.path}{end}", expect=404)


def test_an_event_without_a_plan_says_what_to_do_first(app, browser):
    with transaction():
        event = sheets.scoring_event(2, rule_set=builder.competitions.rule_set("welding"))
    browser.sign_in(chiefs_of(event)[0])
    path = f"/events/{event.id}/floor"
    assert "赛场尚未安排" in text(browser.get(path))
    browser.post(f"{path}/plans", {"part": PART, "stations": "0", "minutes": "60"}, expect=422)
    browser.post(f"{path}/plans", {"part": PART, "stations": "2", "minutes": "60"}, expect=303)
    assert "第1场" in text(browser.get(path))
