"""Excel files that leave registration: the list of entries, and the template of a list to upload.

Every cell is written as text or number, never as a formula or a link, whatever people are called.
"""

import io
from collections.abc import Callable, Sequence

from competition.registration.models import Entrant
from competition.registration.presenters import entrant_row
from competition.registration.services.roster import COLUMNS
from competition.rules.identity import mask_id_number
from competition.rules.sentences import Sentence, sentence

Say = Callable[[Sentence | str], str]

_HEADINGS = (
    sentence("Entry number"),
    sentence("Full name"),
    sentence("ID number"),
    sentence("Delegation"),
    sentence("Employer"),
    sentence("State"),
    sentence("How entered"),
    sentence("May take an award"),
)


def entries_workbook(entrants: Sequence[Entrant], say: Say) -> bytes:
    """The list of entries, one row per person, ID numbers masked."""
    rows: list[list[object]] = [[say(heading) for heading in _HEADINGS]]
    for entrant in entrants:
        shown = entrant_row(entrant)
        rows += [
            [
                shown.number,
                member.worker.name,
                mask_id_number(member.worker.id_number),
                shown.delegation,
                member.worker.employer.name,
                say(shown.state),
                say(shown.source),
                say(sentence("yes") if shown.has_award else sentence("no")),
            ]
            for member in entrant.members
        ]
    return _workbook(say(sentence("Entries")), rows, widths=(12, 16, 22, 24, 28, 14, 20, 10))


def template_workbook(say: Say) -> bytes:
    """The template of a list: headings, one row of hints, and columns that keep digits as text."""
    headings = [say(c.heading) + (" *" if c.required else "") for c in COLUMNS]
    hints = [f"({say(column.hint)})" for column in COLUMNS]
    return _workbook(
        say(sentence("List of entries")), [headings, hints], widths=(22,) * len(COLUMNS), text=True
    )


def _workbook(
    title: str, rows: Sequence[Sequence[object]], *, widths: Sequence[int], text: bool = False
) -> bytes:
    import xlsxwriter  # slow to import, and only exports need it

    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = book.add_format({"num_format": "@"} if text else {})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, plain)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value), head if number == 0 else None)
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()
