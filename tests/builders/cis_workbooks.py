"""CIS marking-scheme workbooks as Excel files, made in the test."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

SHEET = "CIS Marking Scheme Import"
HEADINGS = (
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Calculation Row \n(Export only)",
    "Max\nMark",
)
_MARK = 10
UNSAVED = object()
"""A total as a formula whose value was not saved."""

Row = Sequence[Any]


def sub(id_: str, name: str, day: object = 1) -> Row:
    return (id_, name, day)


def aspect(type_: str, text: str, mark: object, section: object = 1, **more: Any) -> Row:
    known = {"extra": None, "requirement": None, "calculation": None, **more}
    return (None, None, None, type_, text, None, known["extra"], known["requirement"], section, known["calculation"], mark)  # fmt: skip


def levels(*words: str | None) -> list[Row]:
    return [
        (None, None, None, None, None, level, said) for level, said in enumerate(words) if said is not None
    ]


def described(text: str, mark: object, section: object = 1) -> list[Row]:
    return [aspect("J", text, mark, section), *levels("poor", "fair", "good", "excellent")]


def workbook(
    blocks: Mapping[str, tuple[object, Sequence[Row]]],
    *,
    sections: Sequence[tuple[object, str, object]] = ((1, "Work organisation", 100),),
    sheet: str = SHEET,
    title: str = "10 Welding",
    blanks: int = 0,
) -> bytes:
    """The sheet: its title, the sections, the criteria with their declared marks, one block of rows for each."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet(sheet)
    rows: list[Row] = [(title,), (), *[()] * blanks]
    rows.append(("Section", "Name", *[None] * 6, "WSOS\nMarks", "Aspect\nMarks", "Variation"))
    rows += [(number, name, *[None] * 6, marks, UNSAVED, UNSAVED) for number, name, marks in sections]
    rows += [(None, None, *[None] * 7, "Total Variation", UNSAVED), (), *[()] * blanks]
    rows.append(("Criteria\nID", "Name", *[None] * 8, "Mark"))
    rows += [(letter, f"Part {letter}", *[None] * 8, declared) for letter, (declared, _) in blocks.items()]
    rows += [(*[None] * 10, UNSAVED), ()]
    for letter, (_, inside) in blocks.items():
        rows += [(*HEADINGS, f"Criterion\n{letter}", "Total\nMark", UNSAVED), *inside, ()]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is UNSAVED:
                page.write_formula(number, column, "=SUM(K1:K2)", None, "")
            else:
                page.write(number, column, value)
    book.close()
    return file.getvalue()


def empty_workbook() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.add_worksheet(SHEET)
    book.close()
    return file.getvalue()


def whole() -> dict[str, tuple[object, list[Row]]]:
    """A scheme of 100 marks with nothing wrong in it, but that its aspects carry more than two marks."""
    return {
        "A": (40, [sub("A1", "Safety"), aspect("M", "Goggles worn", 30), *described("Order", 10)]),
        "B": (60, [sub("B1", "Seam", 2), aspect("O", "Width", "60,00", "1", requirement="8.5 mm")]),
    }
