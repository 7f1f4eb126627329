"""A printed document as data: what stands above, tables, paragraphs, lines to sign on, and how anybody can check it.

Rooms fill it with finished texts in the reader's language; `pages` makes a PDF of it and `workbook` an Excel file, so
that both always say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Align(StrEnum):
    LEFT = "LEFT"
    RIGHT = "RIGHT"
    CENTRE = "CENTER"


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the width, and where its texts stand."""

    heading: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Table:
    """Rows of texts under headings that are repeated on every page. `empty` is printed instead of no rows."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    title: str = ""
    notes: tuple[str, ...] = ()
    empty: str = ""
    ruled: bool = False
    """Lines between all cells, and room to write: for worksheets."""
    roomy: bool = False
    """Every row is high enough to write in by hand."""


@dataclass(frozen=True)
class Text:
    """Paragraphs under a heading; an empty title has none."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on: who signs, in which role; the name is printed where it is known."""

    lines: tuple[tuple[str, str], ...]
    date: str


@dataclass(frozen=True)
class Proof:
    """How a reader checks the paper: the hash of what it was printed from, and the address behind the QR code."""

    label: str
    hash: str
    address: str
    scan: str


Block = Table | Text | Signatures


@dataclass(frozen=True)
class Document:
    """One document. `page_of` is the sentence of the page number with %(page)s and %(pages)s."""

    title: str
    subtitle: str
    above: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    foot: str
    page_of: str
    made: datetime
    language: str
    proof: Proof | None = None
    landscape: bool = False
