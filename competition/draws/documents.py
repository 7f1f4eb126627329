"""The list of a draw as a spreadsheet, for the code keeper."""

import io
from collections.abc import Iterable

from competition.rules.sentences import Sentence, sentence
from competition.web.language import say

HEADINGS: tuple[Sentence, ...] = (
    sentence("Start order"),
    sentence("Blind code"),
    sentence("Entry number"),
    sentence("Entrant"),
    sentence("Delegation"),
)


Row = tuple[int, str, int | None, str | None, str | None]
"""Start order, code, entry number, names, delegation: as the headings say."""


def draw_list(title: str, rows: Iterable[Row]) -> bytes:
    """The rows as XLSX. Names are text: never read as a formula or a link."""
    import xlsxwriter  # slow to import, and needed for this page only

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(say(sentence("Draw")))
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, title, bold)
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(2, column, say(heading), bold)
        for place, (start_order, code, entry_number, people, delegation) in enumerate(rows, 3):
            sheet.write_number(place, 0, start_order)
            sheet.write_string(place, 1, code)
            sheet.write(place, 2, entry_number)
            sheet.write_string(place, 3, people or "")
            sheet.write_string(place, 4, delegation or "")
        sheet.freeze_panes(3, 0)
        sheet.set_column(0, 2, 14)
        sheet.set_column(3, 4, 32)
    return buffer.getvalue()
