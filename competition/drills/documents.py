"""The ranking of a drill as a file."""

import io

from flask_babel import gettext as _

from competition.drills import queries
from competition.drills.models import Drill
from competition.drills.paper import duration
from competition.web.templating import mark


def ranking_workbook(drill: Drill) -> bytes:
    """The whole ranking as .xlsx: text in every cell, so that nothing in it can calculate."""
    import xlsxwriter  # slow to load, and only needed here

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {"title": drill.title, "created": (drill.closed_at or drill.created_at).replace(tzinfo=None)}
    )
    sheet = book.add_worksheet(_("Ranking")[:31])
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, drill.title, bold)
    titles = (
        _("Place"),
        _("Full name"),
        _("Unit"),
        _("Score"),
        _("Time (minutes)"),
        _("Entered into the event"),
    )
    for column, title in enumerate(titles):
        sheet.write_string(2, column, title, bold)
    for number, rank in enumerate(queries.ranks_of(drill), start=3):
        entered = _("yes") if rank.entrant_id else _("no")
        values = (
            str(rank.place),
            rank.worker.name,
            rank.worker.employer.name,
            mark(rank.score),
            duration(rank.seconds),
            entered,
        )
        for column, text in enumerate(values):
            sheet.write_string(number, column, text)
    sheet.set_column(1, 2, 28)
    sheet.freeze_panes(3, 0)
    book.close()
    return file.getvalue()
