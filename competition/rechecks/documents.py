"""Worksheets of a re-check on paper: one per sheet, with room for what the checker finds. Codes only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from competition.rechecks.presenters import Worksheet, WorksheetLine
from competition.typesetting.printed import Align, Column, Document, Proof, Signatures, Table, Text
from competition.web.language import language, say


def worksheets(
    sheets: Sequence[Worksheet], *, made: datetime, address: Callable[[UUID], str]
) -> list[Document]:
    """One document per sheet; `address` is where the page of a sheet is, for the code on the paper."""
    return [_worksheet(sheet, made, address(sheet.sheet_id)) for sheet in sheets]


def sheet_name(sheet: Worksheet) -> str:
    """What a worksheet is called in a workbook: code and seat."""
    return f"{sheet.code} {sheet.seat}"


def _worksheet(sheet: Worksheet, made: datetime, address: str) -> Document:
    tag = language()
    lines = Table(
        (
            Column(_("Item"), 4),
            Column(_("Recorded"), 2.2, Align.RIGHT),
            Column(_("Counts as"), 1.8, Align.RIGHT),
            Column(_("Found"), 2),
            Column(_("Remark"), 3),
        ),
        [_row(line, tag) for line in sheet.lines],
        notes=(_("“Counts as” is the value of the item with the marks of all judges of the code."),),
        empty=_("Nothing is recorded on this sheet."),
        ruled=True,
    )
    sums = Table(
        (
            Column(_("Value of the module"), 4),
            Column(_("Computed"), 2, Align.RIGHT),
            Column(_("Re-added"), 3),
        ),
        [(sheet.module.in_language(tag), sheet.module_value, "")],
        ruled=True,
    )
    finding = Text(
        _("Finding"), (_("□ right   □ error (item, what was found, what it should be):"), " ", " ")
    )
    return Document(
        title=_("Worksheet of the re-check"),
        subtitle=sheet.event,
        above=(
            (_("Module"), sheet.module.in_language(tag)),
            (_("Blind code"), sheet.code),
            (_("Seat"), sheet.seat),
        ),
        blocks=(lines, sums, finding, Signatures(((_("Checked by"), ""), (_("Chief judge"), "")), _("Date"))),
        foot=sheet.event,
        page_of=_("Page %(page)s of %(pages)s"),
        made=made,
        language="zh-CN" if tag == "zh" else "en",
        proof=Proof(_("Sheet, SHA-256"), sheet.content_hash, address, _("Scan to open the sheet")),
    )


def _row(line: WorksheetLine, tag: str) -> tuple[str, str, str, str, str]:
    title = line.title.in_language(tag)
    named = f"{title} ({line.entry})" if line.entry else title
    return named, say(line.recorded), line.counts_as, "", line.reason
