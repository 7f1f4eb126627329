"""Cells and landmarks of a CIS sheet: what is written in a cell, and which column a heading names.

Headings hold line breaks, numbers stand as numbers or as texts, and columns move between versions of the sheet; so
everything is found by its words on one line.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from competition.workbooks.opening import Cell

_EIGHT_PLACES = Decimal("1e-8")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,8})?")


def plain(text: str) -> str:
    """Words as one line: line breaks and runs of blanks become one blank, what cannot be seen goes."""
    seen = "".join(each for each in text if each.isspace() or unicodedata.category(each)[0] != "C")
    return " ".join(seen.split())


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell that somebody filled: its place and its words on one line."""

    column: int
    row: int
    text: str

    @property
    def place(self) -> str:
        return place_of(self.row, self.column)

    @property
    def words(self) -> str:
        return unicodedata.normalize("NFKC", self.text).casefold()

    @property
    def number(self) -> Decimal | None:
        """The number, whether the cell holds it as a number or as text (12.5, also 12,5)."""
        written = unicodedata.normalize("NFKC", self.text).replace(" ", "").replace(",", ".")
        return Decimal(written) if _NUMBER.fullmatch(written) else None

    @property
    def key(self) -> str:
        """What names a section or a criterion, the same whether it is a number or text: 1, 1.0 and “1”."""
        number = self.number
        return self.text if number is None else shown(number)


def shown(number: Decimal) -> str:
    """A number without trailing zeros, never in powers of ten."""
    return f"{number.normalize():f}" if number else "0"


def filled(row: int, cells: Sequence[Cell]) -> list[Filled]:
    found = []
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        kind, text = cell
        if kind == "number":
            text = shown(Decimal(text).quantize(_EIGHT_PLACES)) if abs(Decimal(text)) < 10**9 else text
        if text := plain(text):
            found.append(Filled(column, row, text))
    return found


def place_of(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


# Landmarks: what a heading says, for each column.

_BLOCK = {
    "id": re.compile(r"sub[- ]?criteri\w+( id)?"),
    "name": re.compile(r"sub[- ]?criteri\w+ .*(name|description).*"),
    "day": re.compile(r".*\bday\b.*"),
    "type": re.compile(r"aspect type\b.*"),
    "text": re.compile(r"aspect\b.*description.*"),
    "level": re.compile(r"judge?\w* score"),
    "extra": re.compile(r"(extra\b|judge?\w* score description).*"),
    "requirement": re.compile(r"(requirement|nominal).*"),
    "section": re.compile(r".*\b(wsos|wsss|section)\b.*"),
    "calculation": re.compile(r"calculation.*"),
    "max": re.compile(r"max\w*\.? ?marks?"),
}
_SECTIONS = {
    "carried": re.compile(r".*\baspects?\b.*marks?.*"),
    "declared": re.compile(r".*\b(declared|marks?)\b.*"),
    "difference": re.compile(r".*(variation|difference).*"),
    "number": re.compile(r".*\b(section|wsos|wsss)\b.*"),
    "name": re.compile(r".*\b(name|description)\b.*"),
}
_CRITERIA = {
    "letter": re.compile(r"(criteri(on|a)( id)?|id)"),
    "name": re.compile(r".*\b(name|description)\b.*"),
    "mark": re.compile(r"(.* )?marks?"),
}
_TOTAL_MARK = re.compile(r"total marks?")
CRITERION_LABEL = re.compile(r"criteri(?:on|a) ([a-z])")

Columns = Mapping[str, int]


def _columns(found: Sequence[Filled], headings: Mapping[str, re.Pattern[str]]) -> dict[str, int]:
    """For every heading the column whose words say it; each column says one thing."""
    columns: dict[str, int] = {}
    for each in found:
        for name, pattern in headings.items():
            if name not in columns and pattern.fullmatch(each.words):
                columns[name] = each.column
                break
    return columns


def block_columns(found: Sequence[Filled]) -> Columns | None:
    columns = _columns(found, _BLOCK)
    return columns if "type" in columns and ("max" in columns or "text" in columns) else None


def section_columns(found: Sequence[Filled]) -> Columns | None:
    columns = _columns(found, _SECTIONS)
    return {"name": columns["number"] + 1, **columns} if {"number", "declared"} <= set(columns) else None


def criteria_columns(found: Sequence[Filled]) -> Columns | None:
    columns = _columns(found, _CRITERIA)
    return {"name": columns["letter"] + 1, **columns} if {"letter", "mark"} <= set(columns) else None


def beside_total(found: Sequence[Filled]) -> Decimal | None:
    """The number to the right of the words “Total Mark”."""
    label = next((each for each in found if _TOTAL_MARK.fullmatch(each.words)), None)
    if label is None:
        return None
    return next((each.number for each in found if each.column > label.column), None)
