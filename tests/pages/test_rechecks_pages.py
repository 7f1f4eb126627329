"""The pages of a re-check: codes only, errors in writing, and two signatures."""

import io
import re
from dataclasses import dataclass
from uuid import UUID

from python_calamine import CalamineWorkbook

from competition.accounts.models import Account
from competition.accounts.queries import account_by_username
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.panels.queries import chiefs_of
from competition.rechecks import queries
from competition.registration.queries import display_name, entrants_of
from competition.scoring import queries as scoring
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import rechecks, results

TOTALS = [str(100 - number) for number in range(10)]


@dataclass(frozen=True)
class Made:
    """An event with its supervisor and chief judge, read afresh whenever asked for."""

    id: UUID
    supervisor: str
    chief: str

    @property
    def event(self) -> Event:
        return event_by_id(self.id)

    @property
    def path(self) -> str:
        return f"/events/{self.id}/recheck"

    def sheet(self, position: int = 0) -> UUID:
        return rechecks.sheet_in(self.event, position).id


def made(*, drawn: bool = True) -> Made:
    with transaction():
        event = rechecks.scored_event(TOTALS)
        supervisor: Account = results.supervisor(event)
        if drawn:
            rechecks.services.draw_scope(
                event, seed=rechecks.SEED, by=rechecks.actor_of(supervisor), at=rechecks.later(1)
            )
    return Made(event.id, supervisor.username, chiefs_of(event)[0].username)


def as_supervisor(browser: Browser, event: Made) -> Browser:
    browser.sign_in(event.supervisor, results.PASSWORD)
    return browser


def fields(body: str) -> dict[str, str]:
    return {"content_hash": re.findall(r'name="content_hash" value="([0-9a-f]{64})"', body)[0]}


def test_the_supervisor_draws_with_dice_and_the_record_names_the_seed(browser: Browser) -> None:
    event = made(drawn=False)
    as_supervisor(browser, event).get(event.path)
    browser.post(event.path, {"seed": "6-5-4-3-2-1"}, expect=303)
    assert "6-5-4-3-2-1" in browser.get(f"{event.path}/record").get_data(as_text=True)


def test_a_seed_that_is_too_short_is_refused_and_stays_in_the_field(browser: Browser) -> None:
    event = made(drawn=False)
    as_supervisor(browser, event).get(event.path)
    body = browser.post(event.path, {"seed": "666"}, expect=422).get_data(as_text=True)
    assert 'value="666"' in body
    assert "6至128" in body


def test_no_page_of_a_re_check_knows_a_name_of_a_contestant(browser: Browser) -> None:
    event = made()
    names = [display_name(entrant) for entrant in entrants_of(event.event)]
    as_supervisor(browser, event)
    for path in ("", "/record", "/worksheets", f"/sheets/{event.sheet()}"):
        body = browser.get(event.path + path).get_data(as_text=True)
        assert not [name for name in names if name in body], path


def test_the_worksheet_shows_every_value_and_the_module(browser: Browser) -> None:
    event = made()
    sheet = event.sheet()
    body = as_supervisor(browser, event).get(f"{event.path}/sheets/{sheet}").get_data(as_text=True)
    (mark,) = scoring.marks_by_sheet(event.id, [sheet])[sheet].values()
    assert f'<td class="number">{mark.value}</td>' in body


def test_a_right_sheet_leads_to_the_next_one_and_at_last_to_the_signature(browser: Browser) -> None:
    event = made()
    as_supervisor(browser, event)
    for _ in range(4):
        path = f"{event.path}/sheets/{event.sheet()}"
        browser.post(path, fields(browser.get(path).get_data(as_text=True)), expect=303)
    assert queries.standing_of(event.event).is_complete
    browser.get(event.path)
    browser.post(f"{event.path}/signatures/supervisor", expect=303)
    browser.sign_in(event.chief, results.PASSWORD)
    browser.get(event.path)
    browser.post(f"{event.path}/signatures/chief", expect=303)
    assert queries.blockers(event.event) == ()


def test_an_error_in_writing_reaches_the_chief_judge_who_accepts_it(browser: Browser) -> None:
    event = made()
    sheet = event.sheet()
    path = f"{event.path}/sheets/{sheet}"
    body = as_supervisor(browser, event).get(path).get_data(as_text=True)
    said = {"aspect": "piece", "found": "80", "should_be": "90", "note": "纸质表为90"}
    browser.post(f"{path}/errors", {**fields(body), **said}, expect=303)
    (check,) = queries.checks_of(event.event)
    browser.sign_in(event.chief, results.PASSWORD)
    assert "纸质表为90" in browser.get(f"{event.path}/errors/{check.id}").get_data(as_text=True)
    browser.post(f"{event.path}/errors/{check.id}/acceptance", {"reason": "属实"}, expect=303)
    assert event.event.state == "scoring"


def test_an_error_without_its_values_keeps_what_was_typed(browser: Browser) -> None:
    event = made()
    path = f"{event.path}/sheets/{event.sheet()}"
    body = as_supervisor(browser, event).get(path).get_data(as_text=True)
    said = {**fields(body), "aspect": "piece", "found": "八十", "should_be": ""}
    answer = browser.post(f"{path}/errors", said, expect=422).get_data(as_text=True)
    assert 'value="八十"' in answer


def test_a_refused_decision_says_why(browser: Browser) -> None:
    event = made()
    with transaction():
        check_id = rechecks.wrong(rechecks.sheet_in(event.event), supervisor_of(event)).id
    browser.sign_in(event.chief, results.PASSWORD)
    browser.get(f"{event.path}/errors/{check_id}")
    body = browser.post(f"{event.path}/errors/{check_id}/rejection", {"reason": " "}, expect=422)
    assert "error-summary" in body.get_data(as_text=True)


def supervisor_of(event: Made) -> Account:
    found = account_by_username(event.supervisor)
    assert found is not None
    return found


def test_the_list_shows_one_state_at_a_time(browser: Browser) -> None:
    event = made()
    as_supervisor(browser, event)
    assert (
        browser.get(f"{event.path}?state=waiting").get_data(as_text=True).count('<tr><th scope="row">') == 4
    )
    assert browser.get(f"{event.path}?state=right").get_data(as_text=True).count('<tr><th scope="row">') == 0


def test_everything_is_checked_after_a_decision_with_its_reason(browser: Browser) -> None:
    event = made()
    as_supervisor(browser, event).get(event.path)
    browser.post(f"{event.path}/extension", {"reason": "人数少"}, expect=303)
    assert "人数少" in browser.get(event.path).get_data(as_text=True)


def test_an_event_without_the_rule_has_no_such_page(browser: Browser) -> None:
    with transaction():
        event = results.scored_event(["80", "90"])
        event_id, supervisor = event.id, results.supervisor(event).username
    browser.sign_in(supervisor, results.PASSWORD)
    browser.get(f"/events/{event_id}/recheck", expect=404)


def test_the_event_page_says_what_waits(browser: Browser) -> None:
    event = made(drawn=False)
    body = as_supervisor(browser, event).get(f"/events/{event.id}").get_data(as_text=True)
    assert "须由监督抽取复核范围" in body


def test_the_worksheets_are_a_workbook_with_a_sheet_for_each(browser: Browser) -> None:
    event = made()
    answer = as_supervisor(browser, event).get(f"{event.path}/worksheets.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    waiting = [item for item in queries.standing_of(event.event).items if item.state == "waiting"]
    assert len(book.sheet_names) == len(waiting) > 1
