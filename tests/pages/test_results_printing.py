"""Results on paper, read back: the list, the awards, the list to sign, the score report."""

import io
from uuid import UUID

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from competition.results import queries, routes
from competition.transactions import transaction
from tests.builders import results as a
from tests.pages.test_results_pages import made


def _text(response) -> str:
    assert response.status_code == 200
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.data)).pages)


@pytest.fixture
def published(app):
    return made()


def test_the_printed_list_has_every_line_the_number_of_pages_and_the_hash(published, browser):
    text = _text(browser.get(f"/events/{published.id}/results.pdf"))

    revision = queries.released_revision(published.event)
    assert "第1页，共1页" in text
    assert revision.hash in text
    assert "95" in text


def test_the_workbook_says_what_the_printed_list_says(published, browser):
    response = browser.get(f"/events/{published.id}/results.xlsx")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.data)).get_sheet_by_index(0).to_python()
    assert queries.released_revision(published.event).hash in rows[4]


def test_the_award_list_names_winners_and_empty_places(published, browser):
    text = _text(browser.get(f"/events/{published.id}/awards.pdf"))

    assert "一等奖" in text


def test_a_score_report_shows_the_way_from_the_mark_to_the_place(published, browser):
    text = _text(browser.get(f"/events/{published.id}/results/{published.entrant(2)}/report.pdf"))

    assert "第1名" in text
    assert "95" in text


@pytest.mark.parametrize("path", ["results.pdf", "results.xlsx", "awards", "awards.pdf", "awards.xlsx"])
def test_nothing_is_printed_before_the_release(app, browser, path):
    scored = made("prepared")

    browser.get(f"/events/{scored.id}/{path}", expect=404)


# --- everything as a workbook too, and everybody's report at once ---------------------------------


def _book(response) -> CalamineWorkbook:
    assert response.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(response.data))


@pytest.fixture
def organiser(published, browser):
    """The browser of an organiser, and the address of the published revision."""
    with transaction():
        account = a.organiser(published.event)
    browser.sign_in(account)
    revision = queries.released_revision(published.event)
    return browser, f"/events/{published.id}/result-revisions/{revision.id}"


def test_the_score_report_is_a_workbook_too(published, browser):
    book = _book(browser.get(f"/events/{published.id}/results/{published.entrant(2)}/report.xlsx"))

    assert "李秀英" in str(book.get_sheet_by_index(0).to_python())


def test_the_list_to_sign_is_a_workbook_too(organiser):
    browser, revision = organiser

    assert "裁判长" in str(_book(browser.get(f"{revision}/sign-off.xlsx")).get_sheet_by_index(0).to_python())


def test_an_organiser_prints_the_reports_of_everybody_in_one_file(organiser):
    browser, revision = organiser

    assert f"{revision}/reports.pdf" in browser.get(revision).text
    assert _text(browser.get(f"{revision}/reports.pdf")).count("第1页，共1页") == 4
    assert len(_book(browser.get(f"{revision}/reports.xlsx")).sheet_names) == 4


def test_more_reports_than_fit_are_printed_by_delegation(organiser, monkeypatch):
    browser, revision = organiser
    monkeypatch.setattr(routes, "MOST_REPORTS", 3)

    assert "请在该版次的页面上选择一个代表队" in browser.get(f"{revision}/reports.pdf", expect=422).text
    assert "全部代表队" not in browser.get(revision).text


def test_the_reports_of_a_delegation_that_sent_nobody_are_not_there(organiser):
    browser, revision = organiser

    browser.get(f"{revision}/reports.pdf?delegation={UUID(int=7)}", expect=404)


def test_a_released_list_is_set_once_for_everybody(published, browser, monkeypatch):
    first = browser.get(f"/events/{published.id}/results.pdf").data
    monkeypatch.setattr(routes.pages, "pdf", None)

    assert browser.get(f"/events/{published.id}/results.pdf?again=1").data == first


def test_a_correction_is_set_anew(published, browser):
    first = _text(browser.get(f"/events/{published.id}/results.pdf"))
    with transaction():
        a.correct(published.event, a.entrant(published.event, 1), "98.76")
        a.published(published.event)

    assert "98.76" in _text(browser.get(f"/events/{published.id}/results.pdf")) and "98.76" not in first
