"""Why an award, and the scales beside the total: on the pages, on paper, and no further than the rules tell."""

import io

import pypdf
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import results as a
from tests.pages.test_results_pages import Made, made, text_of

SCALE = {
    "id": "ws",
    "title": {"zh": "标准分", "en": "Standard"},
    "kind": "worldskills_style",
    "node": "total",
}
REFUSED = {"id": "t", "title": {"zh": "T分", "en": "T-score"}, "kind": "t_score", "node": "seam"}


def scaled() -> Made:
    return made(rules=a.one_mark_rules(scales=[SCALE]))


def trade(breakdown: str = "full", *, pass_mark: int = 0, scales=()) -> Made:
    """Two entrants who reach 84 in practice."""

    def values(entry: int, aspect: str, seat: str) -> str | None:
        if aspect == "seam":
            return {"J1": "88", "J2": "90", "J3": "91", "J4": "85", "J5": "95"}[seat]
        return {"paper": "80", "time": str(9000 + entry), "safety": "2"}[aspect]

    rules = a.trade_rules(publication={"breakdown": breakdown}, scales=list(scales))
    rules["scheme"]["children"][1]["pass_mark"] = pass_mark
    with transaction():
        return Made(a.published_event(values, number=2, rules=rules).id)


def pdf_of(browser: Browser, path: str) -> str:
    pages = pypdf.PdfReader(io.BytesIO(browser.get(path).data)).pages
    return "\n".join(page.extract_text() for page in pages)


# --- awards ---------------------------------------------------------------------------------------


def test_the_page_says_down_to_which_place_the_award_goes(app: Flask, browser: Browser) -> None:
    event = made()
    said = text_of(browser.get(f"/events/{event.id}/results/{event.entrant(2)}"))
    assert "获此奖项的原因" in said and "一等奖" in said
    assert "“一等奖”到获奖名次第 1 名为止" in said


def test_the_score_report_says_why_there_is_no_award(app: Flask, browser: Browser) -> None:
    event = made()
    printed = pdf_of(browser, f"/events/{event.id}/results/{event.entrant(1)}/report.pdf")
    assert "未获奖的原因" in printed


@pytest.mark.parametrize(("breakdown", "named"), [("full", True), ("modules", True), ("total", False)])
def test_a_pass_mark_names_its_part_only_where_the_rules_tell_it(
    app: Flask, browser: Browser, breakdown: str, named: bool
) -> None:
    event = trade(breakdown, pass_mark=90)
    said = text_of(browser.get(f"/events/{event.id}/results/{event.entrant(1)}"))
    assert "未获奖的原因" in said
    assert ("实操" in said) is named


# --- scales ---------------------------------------------------------------------------------------


def test_the_list_has_the_scale_with_its_label_beside_the_total(app: Flask, browser: Browser) -> None:
    said = text_of(browser.get(f"/events/{scaled().id}/results"))
    assert "标准分 世赛式换算分，常数非官方" in said
    assert "95.00 724 一等奖" in said


def test_paper_and_workbook_have_the_scale_too(app: Flask, browser: Browser) -> None:
    event = scaled()
    printed = pdf_of(browser, f"/events/{event.id}/results.pdf")
    assert "724" in printed and "并非官方" in printed
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"/events/{event.id}/results.xlsx").data))
    assert ["总成绩", "标准分", "奖项"] in [row[3:6] for row in book.get_sheet_by_index(0).to_python()]


def test_a_refused_scale_is_a_sentence_and_no_column(app: Flask, browser: Browser) -> None:
    event = trade(scales=[REFUSED])
    body = browser.get(f"/events/{event.id}/results").text
    assert "T分<br>" not in body and "每名裁判至少要评8名参赛者" in body


def test_scales_of_parts_that_are_not_told_are_not_shown(app: Flask, browser: Browser) -> None:
    event = trade("modules", scales=[REFUSED, SCALE])
    for path in ("", f"/{event.entrant(1)}"):
        said = text_of(browser.get(f"/events/{event.id}/results{path}"))
        assert "标准分" in said and "T分" not in said


def test_why_this_place_shows_the_scale_of_the_entrant(app: Flask, browser: Browser) -> None:
    event = scaled()
    said = text_of(browser.get(f"/events/{event.id}/results/{event.entrant(2)}"))
    assert "标准分 724 · 世赛式换算分" in said
    assert "724" in pdf_of(browser, f"/events/{event.id}/results/{event.entrant(2)}/report.pdf")
