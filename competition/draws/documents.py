"""The list of a draw as a spreadsheet, for the code keeper."""

import io

from competition.draws.presenters import PlaceLine
from competition.rules.sentences import Sentence, sentence
from competition.web.language import say

HEADINGS: tuple[Sentence, ...] = (
    sentence("Start order"),
    sentence("Blind code"),
    sentence("Entry number"),
    sentence("Entrant"),
    sentence("Delegation"),
)


def draw_list(title: str, lines: list[PlaceLine]) -> bytes:
    """The lines as XLSX. Names are text: never read as a formula or a link."""
    import xlsxwriter  # slow to import, and needed for this page only

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(say(sentence("Draw")))
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, title, bold)
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(2, column, say(heading), bold)
        for row, line in enumerate(lines, 3):
            sheet.write_number(row, 0, line.start_order)
            sheet.write_string(row, 1, line.code)
            sheet.write_number(row, 2, line.entry_number or 0)
            sheet.write_string(row, 3, line.names or "")
            sheet.write_string(row, 4, line.delegation or "")
        sheet.freeze_panes(3, 0)
        sheet.set_column(0, 2, 14)
        sheet.set_column(3, 4, 32)
    return buffer.getvalue()
