"""Pages of registration, as organisers, leaders, workers and strangers meet them."""

import io
import re
from datetime import date

import pytest

from competition.accounts.models import Account
from competition.accounts.services import grant_role, open_account, system_actor
from competition.competitions.models import Event, Tier
from competition.competitions.queries import event_by_id
from competition.competitions.services import move_event
from competition.database import session
from competition.organisations.models import Organisation
from competition.registration import queries
from competition.registration.models import EntrantState, EntrySource
from competition.rules.access import Role, ScopeKind
from competition.rules.lifecycle import Move
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import competitions, organisations, registration, workers
from tests.builders.registration import row, workbook
from tests.conftest import NOON

BY = {"by": system_actor(), "at": NOON}


def account(username: str, role: Role, place: Organisation) -> Account:
    made = open_account(
        username=username, name=username, password="correct horse battery", must_change=False, **BY
    )
    grant_role(made, role=role, scope_kind=ScopeKind.ORGANISATION, scope_id=place.id, path=place.path, **BY)
    return made


class Stage:
    """An event by its id: requests end sessions, so its row is read again when it is needed."""

    def __init__(self, event: Event) -> None:
        self.id, self.competition_id = event.id, event.competition_id

    @property
    def event(self) -> Event:
        return event_by_id(self.id)

    @property
    def path(self) -> str:
        return f"/events/{self.id}"


@pytest.fixture
def stage(app) -> Stage:
    """A city's event with open registration; an enterprise below it has a leader."""
    with transaction():
        host = organisations.city()
        plant = organisations.enterprise(host, name="兰州机械厂")
        account("organiser", Role.ORGANISER, host)
        account("leader", Role.DELEGATION_LEADER, plant)
        return Stage(competitions.open_event(competitions.competition(host, tier=Tier.CITY)))


def plant() -> Organisation:
    found: Organisation = session.query(Organisation).filter_by(name="兰州机械厂").one()
    return found


def text_of(response) -> str:
    return response.get_data(as_text=True)


def test_an_organiser_sees_filters_and_exports_the_entries(browser: Browser, stage: Stage) -> None:
    with transaction():
        registration.entrant(stage.event, workers.worker("张三丰", employer=plant()))
        registration.entrant(stage.event, workers.worker("李四光", employer=plant()))
    browser.sign_in("organiser")
    path = f"{stage.path}/entries"
    body = text_of(browser.get(path))
    assert "张三丰" in body and "李四光" in body
    assert "李四光" not in text_of(browser.get(path + "?text=三丰&state=submitted"))
    assert "没有符合的报名" in text_of(browser.get(path + "?state=rejected"))
    export = browser.get(path + ".xlsx?text=三丰")
    assert export.data[:2] == b"PK"


def test_an_export_keeps_formulas_as_text_and_masks_numbers(browser: Browser, stage: Stage) -> None:
    from python_calamine import CalamineWorkbook

    with transaction():
        person = workers.worker(employer=plant())
        registration.entrant(stage.event, person)
        number = person.id_number
    browser.sign_in("organiser")
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"{stage.path}/entries.xlsx").data))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[0][1] == "姓名" and "*" in cells[1][2] and cells[1][2] != number


def test_entries_are_approved_one_by_one_with_their_answers_in_sight(browser: Browser, stage: Stage) -> None:
    with transaction():
        entrant = registration.entrant(stage.event, workers.worker(employer=plant())).id
    browser.sign_in("organiser")
    browser.get(f"/entries/{entrant}")
    browser.post(f"/entries/{entrant}/approval", expect=303)
    assert "已通过" in text_of(browser.get(f"/entries/{entrant}"))
    assert "已不在待审核状态" in text_of(browser.post(f"/entries/{entrant}/approval", expect=422))


def test_many_are_approved_after_count_and_names_and_taken_back(browser: Browser, stage: Stage) -> None:
    with transaction():
        for name in ("王一", "王二", "王三"):
            registration.entrant(stage.event, workers.worker(name, employer=plant()))
    browser.sign_in("organiser")
    path = f"{stage.path}/approvals"
    body = text_of(browser.get(path))
    assert "将通过3项报名" in body and "王二" in body
    seen = re.search(r'name="seen" value="(\w+)"', body)[1]
    browser.post(path, {"seen": seen}, expect=303)
    body = text_of(browser.get(path))
    moment = re.search(r'name="at" value="([^"]+)"', body)[1]
    browser.post(path + "/taken-back", {"at": moment}, expect=303)
    assert queries.counts_of(stage.event)[EntrantState.SUBMITTED] == 3


def test_a_list_that_changed_since_is_not_approved(browser: Browser, stage: Stage) -> None:
    with transaction():
        registration.entrant(stage.event, workers.worker(employer=plant()))
    browser.sign_in("organiser")
    browser.get(f"{stage.path}/approvals")
    browser.post(f"{stage.path}/approvals", {"seen": "0" * 64}, expect=409)
    assert queries.counts_of(stage.event)[EntrantState.APPROVED] == 0


def test_only_the_ticked_are_chosen(browser: Browser, stage: Stage) -> None:
    with transaction():
        chosen = registration.entrant(stage.event, workers.worker("王一", employer=plant())).id
        registration.entrant(stage.event, workers.worker("王二", employer=plant()))
    browser.sign_in("organiser")
    body = text_of(browser.get(f"{stage.path}/approvals?entrant={chosen}&entrant=nonsense"))
    assert "将通过1项报名" in body and "王二" not in body


def test_a_rejection_without_reason_is_refused(browser: Browser, stage: Stage) -> None:
    with transaction():
        entrant = registration.entrant(stage.event, workers.worker(employer=plant())).id
    browser.sign_in("organiser")
    browser.get(f"/entries/{entrant}")
    browser.post(f"/entries/{entrant}/rejection", {"reason": " "}, expect=422)
    browser.post(f"/entries/{entrant}/rejection", {"reason": "x" * 501}, expect=422)
    browser.post(f"/entries/{entrant}/rejection", {"reason": "重复报名"}, expect=303)
    assert "重复报名" in text_of(browser.get(f"/entries/{entrant}"))


def test_a_withdrawn_winner_offers_the_next_reserve(browser: Browser, stage: Stage) -> None:
    with transaction():
        below = competitions.open_event(competitions.competition(plant()), parent=stage.event, parent_quota=1)
        sources = [registration.entrant(below, workers.worker(employer=plant())) for _ in range(2)]
        first, reserve = (
            registration.entrant(
                stage.event,
                source.members[0].worker,
                source=EntrySource.ADVANCED,
                source_id=source.id,
                reserve_order=order,
            ).id
            for source, order in zip(sources, (None, 1), strict=True)
        )
        below_id = sources[0].id
    browser.sign_in("organiser")
    browser.get(f"/entries/{first}")
    browser.post(f"/entries/{first}/withdrawal", {"reason": "因病"}, expect=303)
    body = text_of(browser.get(f"/entries/{first}"))
    assert "下一位候补" in body and str(reserve) in body and str(below_id) in body
    browser.get(f"/entries/{reserve}")
    browser.post(f"/entries/{reserve}/move-up", expect=303)
    assert queries.entrant_by_id(reserve).state == EntrantState.SUBMITTED


def test_a_worker_checks_enters_and_gets_a_receipt_once(browser: Browser, stage: Stage) -> None:
    with transaction():
        worker = workers.worker("周小燕", employer=plant())
        workers.account_of(worker, "zhou")
        number = worker.id_number
    browser.sign_in("zhou")
    path = f"{stage.path}/enter"
    body = text_of(browser.get(path))
    assert "兰州机械厂" in body and number not in body
    browser.post(path, {}, expect=422)
    receipt = browser.post(path, {"right": "y"}, expect=303).location
    assert "回执编号" in text_of(browser.get(receipt))
    assert "已报名该赛项" in text_of(browser.post(path, {"right": "y"}, expect=422))
    assert "您已报名" in text_of(browser.get(path))


def test_a_worker_who_is_not_eligible_reads_why_and_finds_no_button(browser: Browser, stage: Stage) -> None:
    with transaction():
        rules = competitions.rule_set(eligibility=[{"kind": "grade", "at_least": "senior"}])
        strict = competitions.open_event(stage.event.competition, code="W02", rule_set=rules).id
        workers.account_of(workers.worker(employer=plant()), "zhou")
        workers.account_of(workers.worker(), "stranger")
    browser.sign_in("zhou")
    body = text_of(browser.get(f"/events/{strict}/enter"))
    assert "不符合" in body and 'name="right"' not in body
    browser.post(f"/events/{strict}/enter", {"right": "y"}, expect=422)
    browser.client.delete_cookie("session")
    browser.sign_in("stranger")
    assert "不属于主办单位" in text_of(browser.get(f"{stage.path}/enter"))


def test_a_worker_sees_the_own_entry_and_nobody_elses(browser: Browser, stage: Stage) -> None:
    with transaction():
        mine, other = workers.worker(employer=plant()), workers.worker(employer=plant())
        workers.account_of(mine, "zhou")
        own, foreign = (registration.entrant(stage.event, each).id for each in (mine, other))
    browser.sign_in("zhou")
    browser.get(f"/entries/{own}")
    browser.get(f"/entries/{foreign}", expect=404)
    browser.post(f"/entries/{foreign}/withdrawal", {"reason": "x"}, expect=404)
    browser.post(f"/entries/{own}/approval", expect=403)
    browser.post(f"/entries/{own}/withdrawal", {"reason": "出差"}, expect=303)


def test_a_leader_ticks_workers_of_the_own_unit_only(browser: Browser, stage: Stage) -> None:
    with transaction():
        mine = [str(workers.worker(name, employer=plant()).id) for name in ("王一", "王二")]
        foreign = workers.worker("外人", employer=organisations.enterprise(stage.event.competition.host)).id
    browser.sign_in("leader")
    assert "焊接" in text_of(browser.get("/nominations"))
    path = f"{stage.path}/nominate"
    body = text_of(browser.get(path))
    assert "王一" in body and "外人" not in body
    browser.post(path, {}, expect=422)
    browser.post(path, {"worker": str(foreign)}, expect=422)
    browser.post(path, {"worker": mine}, expect=303)
    body = text_of(browser.get(path))
    assert "本单位已报名" in body and "没有可推荐的人员" in body
    assert queries.counts_of(stage.event)[EntrantState.SUBMITTED] == 2


def test_a_leader_names_a_pair_in_order(browser: Browser, stage: Stage) -> None:
    with transaction():
        pairs = competitions.open_event(stage.event.competition, code="P01", team_size=2).id
        one, two = (str(workers.worker(name, employer=plant()).id) for name in ("甲", "乙"))
    browser.sign_in("leader")
    path = f"/events/{pairs}/nominate"
    browser.get(path)
    browser.post(path, {"member_1": two, "member_2": two}, expect=422)
    browser.post(path, {"member_1": two, "member_2": one}, expect=303)
    (made,) = queries.entrants_of(event_by_id(pairs))
    assert queries.display_name(made) == "乙、甲"


def test_a_leader_reads_the_entries_of_the_own_delegation_only(browser: Browser, stage: Stage) -> None:
    with transaction():
        own = registration.entrant(stage.event, workers.worker(employer=plant())).id
        elsewhere = organisations.enterprise(stage.event.competition.host)
        foreign = registration.entrant(stage.event, workers.worker(employer=elsewhere)).id
    browser.sign_in("leader")
    browser.get(f"/entries/{own}")
    browser.get(f"/entries/{foreign}", expect=404)
    browser.get(f"{stage.path}/entries", expect=403)


def test_a_list_is_uploaded_previewed_and_taken_over_once(browser: Browser, stage: Stage) -> None:
    number = workers.id_number(77, date(1988, 8, 8))
    content = workbook([row("钱七", number, "兰州机械厂", phone="13800138000")])
    browser.sign_in("organiser")
    path = f"{stage.path}/imports/new"
    browser.get(path)
    preview = browser.post(path, {"file": (io.BytesIO(content), "名单.xlsx")}, expect=303).location
    body = text_of(browser.get(preview))
    assert "钱七" in body and number not in body and "13800138000" not in body
    browser.post(preview + "/entries", expect=303)
    browser.get(preview)
    browser.post(preview + "/entries", expect=303)
    assert "名单已于" in text_of(browser.get(preview))
    assert queries.counts_of(stage.event)[EntrantState.SUBMITTED] == 1


def test_a_list_with_errors_names_row_column_and_cause(browser: Browser, stage: Stage) -> None:
    browser.sign_in("organiser")
    path = f"{stage.path}/imports/new"
    browser.get(path)
    content = workbook([row("<b>名</b>", "123", "不存在的厂")])
    preview = browser.post(path, {"file": (io.BytesIO(content), "list.xlsx")}, expect=303).location
    body = text_of(browser.get(preview))
    assert "需要更正" in body and "<b>名" not in body and "立即报名" not in body
    browser.post(preview + "/entries", expect=422)


def test_a_file_that_is_no_workbook_is_refused_beside_the_field(browser: Browser, stage: Stage) -> None:
    browser.sign_in("organiser")
    path = f"{stage.path}/imports/new"
    browser.get(path)
    assert "请选择文件" in text_of(browser.post(path, {}, expect=422))
    refused = browser.post(path, {"file": (io.BytesIO(b"name,id\n"), "list.csv")}, expect=422)
    assert "不是 Excel 工作簿" in text_of(refused)


def test_the_template_comes_back_as_a_list(browser: Browser, stage: Stage) -> None:
    browser.sign_in("organiser")
    template = browser.get(f"{stage.path}/imports/template.xlsx").data
    browser.get(f"{stage.path}/imports/new")
    refused = browser.post(
        f"{stage.path}/imports/new", {"file": (io.BytesIO(template), "t.xlsx")}, expect=422
    )
    assert "没有人员" in text_of(refused)


def test_an_organiser_appoints_a_leader(browser: Browser, stage: Stage) -> None:
    browser.sign_in("organiser")
    path = f"/competitions/{stage.competition_id}/delegations"
    browser.get(path)
    organisation = str(plant().id)
    browser.post(path, {"organisation": organisation, "username": "nobody"}, expect=422)
    browser.post(path, {"organisation": organisation, "username": "leader"}, expect=303)
    assert "leader" in text_of(browser.get(path))


def test_a_stranger_is_asked_to_sign_in(browser: Browser, stage: Stage) -> None:
    for path in ("entries", "enter", "nominate", "imports/new", "approvals", "entries.xlsx"):
        browser.get(f"{stage.path}/{path}", expect=303)


def test_presence_is_marked_on_the_page_of_the_entry(browser: Browser, stage: Stage) -> None:
    with transaction():
        entrant = registration.approved(stage.event, workers.worker(employer=plant())).id
        move_event(stage.event, Move.CLOSE_REGISTRATION, **BY)
    browser.sign_in("organiser")
    browser.get(f"/entries/{entrant}")
    browser.post(f"/entries/{entrant}/presence", {"present": "no"}, expect=303)
    assert "已标记缺席" in text_of(browser.get(f"/entries/{entrant}"))


def test_the_leader_names_the_team_and_the_order_on_the_page_of_the_entry(
    browser: Browser, stage: Stage
) -> None:
    with transaction():
        entrant = registration.entrant(stage.event, workers.worker(employer=plant())).id
    browser.sign_in("leader")
    browser.get(f"/entries/{entrant}")
    browser.post(f"/entries/{entrant}/team", {"team": "甲队", "order": "２"}, expect=303)
    assert "甲队" in text_of(browser.get(f"/entries/{entrant}"))
    refused = browser.post(f"/entries/{entrant}/team", {"team": "", "order": "2"})
    assert "请填写该顺序所属的团队名称" in text_of(refused)


def test_the_organiser_disqualifies_and_lifts_it_on_the_page_of_the_entry(
    browser: Browser, stage: Stage
) -> None:
    with transaction():
        entrant = registration.approved(stage.event, workers.worker(employer=plant())).id
        move_event(stage.event, Move.CLOSE_REGISTRATION, **BY)
    browser.sign_in("organiser")
    browser.get(f"/entries/{entrant}")
    browser.post(f"/entries/{entrant}/disqualification", {"reason": "冒名顶替"}, expect=303)
    assert "冒名顶替" in text_of(browser.get(f"/entries/{entrant}"))
    assert queries.entrant_by_id(entrant).state == EntrantState.DISQUALIFIED
    browser.post(f"/entries/{entrant}/disqualification/lifted", {"reason": "申诉成立"}, expect=303)
    assert queries.entrant_by_id(entrant).state == EntrantState.APPROVED


def test_the_organiser_puts_an_entrant_outside_the_awards_and_the_entrant_reads_why(
    browser: Browser, stage: Stage
) -> None:
    with transaction():
        worker = workers.worker("周小燕", employer=plant())
        workers.account_of(worker, "zhou")
        entrant = registration.approved(stage.event, worker).id
    browser.sign_in("organiser")
    page = f"/entries/{entrant}"
    assert "/outside-awards" in browser.get(page).get_data(as_text=True)
    browser.post(page + "/outside-awards", {"reason": ""}, expect=422)
    browser.post(page + "/outside-awards", {"reason": "外省观摩选手"}, expect=303)
    assert "否：不参与评奖（外省观摩选手）" in text_of(browser.get(page))
    assert "不参与评奖" in text_of(browser.get(f"{stage.path}/entries"))
    browser.client.delete_cookie("session")
    browser.sign_in("zhou")
    assert "外省观摩选手" in text_of(browser.get(page)) and "不参与评奖" in text_of(browser.get("/"))
    browser.post(page + "/outside-awards/lifted", {"reason": "x"}, expect=403)
    browser.client.delete_cookie("session")
    browser.sign_in("organiser")
    browser.get(page)
    browser.post(page + "/outside-awards/lifted", {"reason": "资格已核实"}, expect=303)
    assert "否：不参与评奖" not in text_of(browser.get(page))
    assert "恢复参与评奖" in text_of(browser.get(page))
