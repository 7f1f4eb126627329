"""Results on paper, read back: the list, the awards, the list to sign, the score report."""

import io

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from competition.results import queries
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
