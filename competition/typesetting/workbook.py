"""A printed document as an Excel file: texts in every cell, so that nothing in it calculates or links."""

import io
import re
from collections.abc import Sequence
from typing import Any

from competition.typesetting.printed import Document, Signatures, Table, Text

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def xlsx(document: Document, sheet_name: str) -> bytes:
    """The document, one block below the other, the headings of the first table kept in sight."""
    return many_xlsx([(sheet_name, document)])


def many_xlsx(documents: Sequence[tuple[str, Document]]) -> bytes:
    """Several documents in one file, each on a sheet of this name; what a sheet must not be called is changed.

    Raises ValueError when there is none.
    """
    if not documents:
        raise ValueError("there is no document to write")
    import xlsxwriter  # slow to import, and only exports need it

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    _, first = documents[0]
    book.set_properties({"title": first.title, "created": first.made.replace(tzinfo=None)})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for name, (_, document) in zip(_sheet_names([name for name, _ in documents]), documents, strict=True):
        _Writer(book.add_worksheet(name), bold, wrapped).write(document)
    book.close()
    return file.getvalue()


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names as Excel takes them: at most 31 characters, some of which it forbids, and no two the same."""
    names: list[str] = []
    taken: set[str] = {"history"}
    for wish in wanted:
        plain = _FORBIDDEN.sub("-", wish).strip("'") or "-"
        name, number = plain[:_LONGEST].rstrip("'"), 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: _LONGEST - 6]} ({number})"
        taken.add(name.casefold())
        names.append(name)
    return names


class _Writer:
    def __init__(self, sheet: Any, bold: Any, wrapped: Any) -> None:
        self._sheet, self._bold, self._wrapped = sheet, bold, wrapped
        self._row = 0
        self._is_frozen = False

    def write(self, document: Document) -> None:
        self._line(document.title, bold=True)
        if document.subtitle:
            self._line(document.subtitle)
        for label, value in (*document.above, *self._proof(document)):
            self._sheet.write_string(self._row, 0, label, self._bold)
            self._sheet.write_string(self._row, 1, value)
            self._row += 1
        for block in document.blocks:
            self._row += 1
            match block:
                case Table():
                    self._table(block)
                case Text(title, paragraphs):
                    for number, text in enumerate((title, *paragraphs)):
                        self._line(text, bold=number == 0)
                case Signatures():
                    for role, name in block.lines:
                        self._line(f"{role} {name}".strip())

    def _proof(self, document: Document) -> tuple[tuple[str, str], ...]:
        proof = document.proof
        return ((proof.label, proof.hash), (proof.scan, proof.address)) if proof else ()

    def _table(self, table: Table) -> None:
        if table.title:
            self._line(table.title, bold=True)
        widest = max(column.width for column in table.columns)
        for number, column in enumerate(table.columns):
            self._sheet.write_string(self._row, number, column.heading, self._bold)
            if not self._is_frozen:
                self._sheet.set_column(number, number, max(10, 36 * column.width / widest))
        self._row += 1
        if not self._is_frozen:
            self._sheet.freeze_panes(self._row, 0)
            self._is_frozen = True
        for row in table.rows:
            for number, text in enumerate(row):
                self._sheet.write_string(self._row, number, text, self._wrapped if "\n" in text else None)
            self._row += 1
        for note in (*table.notes, *((table.empty,) if not table.rows and table.empty else ())):
            self._line(note)

    def _line(self, text: str, *, bold: bool = False) -> None:
        if text:
            self._sheet.write_string(self._row, 0, text, self._bold if bold else None)
        self._row += 1
