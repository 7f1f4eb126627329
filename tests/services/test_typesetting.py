"""Printed documents, read back from the finished PDF and the finished workbook."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from competition.typesetting import lettering
from competition.typesetting.pages import many_pdf, pdf
from competition.typesetting.printed import Align, Column, Document, Proof, Signatures, Table, Text
from competition.typesetting.workbook import many_xlsx, xlsx
from tests.builders.certificates import fonts_of

ROWS = [(str(number), f"选手{number}", "88.78") for number in range(1, 81)]
LIST = Document(
    title="成绩公布表",
    subtitle="焊工",
    above=(("版次", "2"),),
    blocks=(
        Table((Column("名次", 1, Align.RIGHT), Column("参赛者", 4), Column("总成绩", 2, Align.RIGHT)), ROWS),
        Signatures((("裁判长", "赵立"), ("监督长", "")), "日期"),
    ),
    foot="江州市职业技能大赛",
    page_of="第%(page)s页，共%(pages)s页",
    made=datetime(2026, 11, 22, tzinfo=UTC),
    language="zh-CN",
    proof=Proof("SHA-256", "ab" * 32, "https://skills.example.cn/r/1", "扫码核对"),
)


@pytest.fixture(autouse=True)
def _rare_faces(tmp_path: Path) -> None:
    lettering.keep_rare_parts_in(tmp_path / "fonts")


def _pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_every_page_has_the_headings_its_number_and_the_hash() -> None:
    pages = _pages(pdf(LIST))

    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert f"第{number}页，共3页" in text
        assert "ab" * 32 in text
    assert all("参赛者" in text for text in pages[:2])


def test_every_row_is_printed_once() -> None:
    everything = "\n".join(_pages(pdf(LIST)))

    assert [everything.count(f"选手{number}\n") for number in (1, 40, 80)] == [1, 1, 1]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf(LIST) == pdf(LIST)


def test_every_face_is_embedded() -> None:
    assert fonts_of(pdf(LIST)) and all(fonts_of(pdf(LIST)).values())


def test_documents_in_one_file_are_numbered_each_for_itself() -> None:
    short = replace(LIST, blocks=(Text("说明", ("一段",)),))

    texts = _pages(many_pdf([short, LIST]))

    assert "第1页，共1页" in texts[0]
    assert "第1页，共3页" in texts[1]


def test_nothing_in_a_name_is_read_as_markup() -> None:
    named = replace(LIST, blocks=(Table(LIST.blocks[0].columns, [("1", "<b>A & B</b> " * 6, "")]),))  # type: ignore[union-attr]

    assert "<b>A & B</b>" in _pages(pdf(named))[0]


def test_a_character_that_no_face_has_is_named_below_instead_of_vanishing() -> None:
    text = _pages(pdf(replace(LIST, above=(("姓名", "张\U000323b0"),), blocks=())))[0]

    assert "张〓" in text
    assert "U+323B0" in text


def test_a_document_without_rows_says_so() -> None:
    table = replace(LIST.blocks[0], rows=[], empty="无人获奖。")  # type: ignore[type-var]

    assert "无人获奖。" in _pages(pdf(replace(LIST, blocks=(table,))))[0]  # type: ignore[arg-type]


def test_a_workbook_says_the_same_and_calculates_nothing() -> None:
    table = replace(LIST.blocks[0], rows=[("=1+1", "@SUM(A1)", "https://x.example")])  # type: ignore[type-var]

    content = xlsx(replace(LIST, blocks=(table,)), "成绩")  # type: ignore[arg-type]

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert ["=1+1", "@SUM(A1)", "https://x.example"] in rows
    assert "ab" * 32 in rows[3]
    assert not any(b"<f>" in part for part in _parts(content))


def _parts(content: bytes) -> list[bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_sheets_of_a_workbook_have_names_that_excel_takes_and_no_two_the_same():
    names = ["王/芳", "王-芳", "'", "History", "长" * 40, "长" * 50]
    file = many_xlsx([(name, LIST) for name in names])
    found = CalamineWorkbook.from_filelike(io.BytesIO(file)).sheet_names
    assert found == ["王-芳", "王-芳 (2)", "-", "History (2)", "长" * 31, "长" * 25 + " (2)"]
