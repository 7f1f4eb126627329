"""Missing sheets on pages: the list by name, the two people who accept it, and what everybody reads afterwards."""

import io

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from competition.accounts.queries import actor_of
from competition.database import session
from competition.panels import queries as panels_queries
from competition.results import services as results_services
from competition.scoring import queries as scoring
from competition.scoring import services
from competition.transactions import transaction
from competition.verification import verify_results
from tests.builders import results
from tests.conftest import NOON
from tests.pages.test_scoring_pages import Again
from tests.services.test_results_missing import REASON, code_of, published, sign_all_but

PASSWORD = results.PASSWORD


@pytest.fixture
def event(app):
    """Three entrants with a mark each; the sheet of number 3 was never signed."""
    with transaction():
        made = results.marking_event(3)
        sign_all_but(made, 3)
        return Again(made)


@pytest.fixture
def organiser(event):
    with transaction():
        return Again(results.organiser(event.row))


@pytest.fixture
def supervisor(event):
    with transaction():
        return Again(results.supervisor(event.row))


def listing(event):
    return f"/events/{event.id}/scoring/missing"


def text_of(browser, address):
    return browser.get(address).get_data(as_text=True)


def propose(browser, event, expect=303, **fields):
    browser.get(listing(event))
    seen = scoring.hash_of_names(scoring.missing_names(event.row))
    sent = {"seen": seen, "reason": REASON, "password": PASSWORD, **fields}
    return browser.post(listing(event), sent, expect=expect)


def accept(browser, event, expect=303, **fields):
    browser.get(listing(event))
    proposal = scoring.acceptance_of(event.row)
    sent = {"proposal": str(proposal.id), "password": PASSWORD, **fields}
    return browser.post(f"{listing(event)}/acceptance", sent, expect=expect)


def test_the_missing_sheet_is_named_where_the_reconciliation_is_shown(browser, event, organiser):
    browser.sign_in(organiser.row)
    code = code_of(event.row, 3)
    for address in (f"/events/{event.id}/scoring", f"/events/{event.id}/publication"):
        shown = text_of(browser, address)
        assert f"{code} · J1" in shown and "未签名" in shown
        assert f"/events/{event.id}/scoring/missing" in shown
    assert code in text_of(browser, listing(event))


def test_judges_are_named_to_those_who_assign_seats_and_to_nobody_else(browser, event, organiser, supervisor):
    (missing,) = scoring.missing_sheets(event.row)
    browser.sign_in(organiser.row)
    assert missing.judge in text_of(browser, listing(event))
    browser.sign_in(supervisor.row)
    assert missing.judge not in text_of(browser, listing(event))


def test_the_void_sheets_are_listed_with_their_reasons(browser, event, organiser):
    with transaction():
        sheet = next(each for each in scoring.sheets_of(event.row) if each.state == "open")
        chief = actor_of(panels_queries.chiefs_of(event.row)[0])
        services.void_sheet(sheet, reason="试卷作废", by=chief, at=NOON)
    browser.sign_in(organiser.row)
    shown = text_of(browser, listing(event))
    assert "试卷作废" in shown and "没有缺失的评分表" in shown


def test_two_people_with_their_passwords_open_the_way(browser, event, organiser, supervisor):
    browser.sign_in(organiser.row)
    propose(browser, event)
    assert "须由另一人认可" in text_of(browser, listing(event))
    browser.sign_in(supervisor.row)
    assert "等待第二人" in text_of(browser, f"/events/{event.id}")
    accept(browser, event)
    assert "已由两人认可" in text_of(browser, listing(event))
    assert scoring.closing_blockers(event.row) == ()


def test_neither_acts_without_the_own_password(browser, event, organiser):
    browser.sign_in(organiser.row)
    refused = propose(browser, event, expect=422, password="something else").get_data(as_text=True)
    assert "密码不正确" in refused and REASON in refused
    assert scoring.acceptance_of(event.row) is None


def test_whoever_proposed_is_refused_as_the_second_person(browser, event, organiser):
    browser.sign_in(organiser.row)
    propose(browser, event)
    assert "须由另一人认可" in accept(browser, event, expect=422).get_data(as_text=True)


def test_a_list_that_changed_meanwhile_is_a_conflict(browser, event, organiser):
    browser.sign_in(organiser.row)
    browser.get(listing(event))
    propose(browser, event, expect=409, seen="0" * 64)


def test_a_withdrawn_acceptance_blocks_again_and_stays_on_the_page(browser, event, organiser, supervisor):
    browser.sign_in(organiser.row)
    propose(browser, event)
    browser.post(f"{listing(event)}/withdrawal", {}, expect=303)
    shown = text_of(browser, listing(event))
    assert "此前的决定" in shown and REASON in shown
    assert scoring.acceptance_of(event.row) is None


# --- what everybody reads -------------------------------------------------------------------------


@pytest.fixture
def released(event, organiser, supervisor):
    """The result is public without the sheet of number 3."""
    with transaction():
        return Again(published(event.row, (actor_of(organiser.row), actor_of(supervisor.row))))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("缺评分表1张", "无成绩（缺评分表）")),
        ("en", ("Missing sheets: 1", "No result: sheets are missing")),
    ],
)
def test_everybody_reads_how_many_which_codes_why_and_who(browser, event, released, language, words):
    browser.client.set_cookie("language", language)
    shown = text_of(browser, f"/events/{event.id}/results")
    for said in (*words, code_of(event.row, 3), REASON, "何组委", "邓监督"):
        assert said in shown


def test_the_page_of_the_entrant_says_it_too_and_gives_no_total(browser, event, released):
    with_sheet, without = (results.entrant(event.row, number).id for number in (1, 3))
    assert "缺评分表1张" in text_of(browser, f"/events/{event.id}/results/{without}")
    assert "缺评分表1张" not in text_of(browser, f"/events/{event.id}/results/{with_sheet}")


def test_the_bundle_that_anybody_downloads_holds(browser, event, released):
    bundle = browser.get(f"/events/{event.id}/results/bundle.json").get_json()
    assert bundle["reconciliation"]["accepted"]["reason"] == REASON
    assert verify_results.check(bundle) == []


def test_the_printed_list_and_the_workbook_say_it(browser, event, released):
    pdf = browser.get(f"/events/{event.id}/results.pdf").data
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"/events/{event.id}/results.xlsx").data))
    cells = "".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)
    for said in (printed.replace("\n", ""), cells):
        assert REASON in said and "缺评分表1张" in said and "无成绩" in said


def test_nothing_of_it_is_public_before_the_result_is(browser, event, organiser, supervisor):
    with transaction():
        people = actor_of(organiser.row), actor_of(supervisor.row)
        proposal = services.propose_missing(event.row, reason=REASON, by=people[0], at=NOON)
        services.accept_missing(proposal, event.row, by=people[1], at=NOON)
        results.close(event.row)
        results_services.prepare_revision(event.row, by=people[0], at=NOON)
    session.remove()
    assert REASON not in text_of(browser, f"/events/{event.id}")
    browser.get(f"/events/{event.id}/results", expect=404)
