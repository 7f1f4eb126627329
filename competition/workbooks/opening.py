"""Open an uploaded Excel workbook without trusting it.

The directory of the archive is judged before anything is unpacked (a workbook of two megabytes can unpack to
eight hundred), then a process of its own with a cap on memory and time reads the cells. What is refused is refused
with a sentence that says what to do instead.
"""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from competition.errors import RuleBroken
from competition.rules.sentences import Sentence, sentence

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_ENTRIES = 200
MOST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 30
SECONDS = 30
_READER = Path(__file__).with_name("read_workbook.py")
_BEFORE_THE_ROWS = 10
"""Rows that may stand above the list: a title, the headings, the hints."""
_MOST_SHOWN = 200

Cell = tuple[str, str] | None
"""None, or the kind ("text", "number", "date", "truth") and the text of a cell."""


def cells_of(content: bytes, filename: str) -> list[list[Cell]]:
    """The cells of the first visible sheet. Raises RuleBroken when the file is not a harmless .xlsx workbook."""
    if problem := _problem(content, filename):
        raise RuleBroken(
            problem, next_step=sentence("Download the template, fill it in, and upload it as .xlsx.")
        )
    return _cells(_read(content, ""))


def cells_of_sheet(content: bytes, filename: str, sheet: str) -> list[list[Cell]]:
    """The cells of the sheet of this name. Raises RuleBroken when the file is no harmless .xlsx workbook or has no such sheet."""
    if problem := _problem(content, filename):
        raise RuleBroken(problem)
    document = _read(content, sheet)
    sheets = document["sheets"]
    assert isinstance(sheets, list)
    if sheet not in sheets:
        raise RuleBroken(
            sentence(
                "The workbook has no sheet “%(sheet)s”. Its sheets: %(known)s.",
                sheet=sheet,
                known=", ".join(sheets)[:_MOST_SHOWN],
            )
        )
    return _cells(document)


def _problem(content: bytes, filename: str) -> Sentence | None:
    ending = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    if len(content) > MOST_BYTES:
        return sentence(
            "The file has more than %(most)s MB. Split the list.", most=MOST_BYTES // (1024 * 1024)
        )
    if ending in ("xlsm", "xltm", "xlam"):
        return sentence("This workbook can hold macros (.%(ending)s), which are not accepted.", ending=ending)
    if content[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        return sentence("This is an old .xls workbook, or one with a password. Neither can be read.")
    if content[:4] != b"PK\x03\x04" or ending != "xlsx":
        return sentence("This is not an Excel workbook (.xlsx).")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _archive_problem(archive, len(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return _damaged()


def _archive_problem(archive: zipfile.ZipFile, size: int) -> Sentence | None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    swollen = any(
        entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        for entry in entries
    )
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or packed > size or swollen:
        return sentence("The file unpacks to far more than a list of entries needs, so it was not opened.")
    if any(entry.flag_bits & 1 for entry in entries):
        return sentence("The workbook is protected by a password. Remove it and save the file again.")
    names = {entry.filename.lower() for entry in entries}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        return sentence("This is not an Excel workbook (.xlsx).")
    if any(name.startswith("xl/externallinks/") for name in names):
        return sentence(
            "The workbook takes values from other files. Replace the links by their values and save it again."
        )
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        return sentence("The workbook contains macros, which are not accepted.")
    if any(_declares_a_type(archive, entry) for entry in entries):
        return _damaged()
    return None


def _declares_a_type(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """A document type declaration: Excel never writes one, attacks with entities need one."""
    if not entry.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(entry) as part:
        head = part.read(4096)
    return b"<!DOCTYPE" in head.replace(b"\x00", b"").upper()


def _read(content: bytes, sheet: str) -> dict[str, object]:
    limits = str(MOST_ROWS + _BEFORE_THE_ROWS), str(MOST_COLUMNS)
    command = [sys.executable, "-I", str(_READER), *limits, sheet]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as problem:
        raise RuleBroken(_too_much()) from problem
    if done.returncode < 0 or b"MemoryError" in done.stderr or b"memory allocation" in done.stderr:
        raise RuleBroken(_too_much())
    if done.returncode:
        raise RuleBroken(_damaged())
    document: dict[str, object] = json.loads(done.stdout)
    return document


def _cells(document: dict[str, object]) -> list[list[Cell]]:
    height, width, rows = document["height"], document["width"], document["rows"]
    assert isinstance(height, int) and isinstance(width, int) and isinstance(rows, list)
    if height > MOST_ROWS + _BEFORE_THE_ROWS:
        raise RuleBroken(
            sentence(
                "The sheet has %(count)s rows; a list has at most %(most)s. Split it, or delete empty rows at the end.",
                count=height,
                most=MOST_ROWS,
            )
        )
    if width > MOST_COLUMNS:
        raise RuleBroken(
            sentence(
                "The sheet has %(count)s columns; a list has at most %(most)s. Delete the columns that are not needed.",
                count=width,
                most=MOST_COLUMNS,
            )
        )
    return [[None if cell is None else (cell[0], cell[1]) for cell in row] for row in rows]


def _damaged() -> Sentence:
    return sentence(
        "The file is damaged or incomplete. Open it in Excel, save it again as .xlsx and upload that."
    )


def _too_much() -> Sentence:
    return sentence(
        "Reading the file took too much memory or time, so it was stopped. Copy the list into a new file."
    )
