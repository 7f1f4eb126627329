"""Result lists as files."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _


def result_workbook(
    *, title: str, made: datetime, above: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]
) -> bytes:
    """A result list as .xlsx: text in every cell, so that nothing in it calculates. `above` stands over the list."""
    import xlsxwriter  # slow to load, and only needed here

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
    sheet = book.add_worksheet(_("Result")[:31])
    bold = book.add_format({"bold": True})
    for number, (label, value) in enumerate(above):
        sheet.write_string(number, 0, label, bold)
        sheet.write_string(number, 1, value)
    top = len(above) + 1
    for column, heading in enumerate((_("Place"), _("Entrant"), _("Delegation"), _("Total"), _("Award"))):
        sheet.write_string(top, column, heading, bold)
    for number, row in enumerate(rows, start=top + 1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 2, 30)
    sheet.freeze_panes(top + 1, 0)
    book.close()
    return file.getvalue()
