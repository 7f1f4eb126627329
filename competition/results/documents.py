"""Result lists as files."""

import io

from flask_babel import gettext as _

from competition.results import queries
from competition.results.models import ResultRevision
from competition.results.presenters import head_of, rows_of, rules_of
from competition.web.language import say
from competition.web.templating import mark


def result_workbook(revision: ResultRevision) -> bytes:
    """The whole result list as .xlsx: text in every cell, so that nothing in it can calculate or be recalculated."""
    import xlsxwriter  # slow to load, and only needed here

    rules = rules_of(revision)
    head = head_of(revision, rules)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made = (head.published_at or revision.prepared_at).replace(tzinfo=None)
    book.set_properties({"title": f"{head.competition} {head.name}", "created": made})
    sheet = book.add_worksheet(_("Result")[:31])
    bold = book.add_format({"bold": True})
    above = [
        (_("Competition"), head.competition),
        (_("Event"), head.name),
        (_("Revision"), str(revision.number)),
        ("SHA-256", revision.hash),
        (_("Approved by"), ", ".join(approval.by_name for approval in head.approvals)),
    ]
    for number, (label, value) in enumerate(above):
        sheet.write_string(number, 0, label, bold)
        sheet.write_string(number, 1, value)
    top = len(above) + 1
    titles = (_("Place"), _("Name"), _("Delegation"), _("Total"), _("Award"))
    for column, title in enumerate(titles):
        sheet.write_string(top, column, title, bold)
    lines = rows_of(revision, rules, queries.lines_of(revision))
    for number, row in enumerate(lines, start=top + 1):
        place = say(row.status) if row.place is None else str(row.place)
        total = "" if row.total is None else mark(row.total, head.digits)
        for column, text in enumerate((place, row.name, row.delegation, total, row.award or "")):
            sheet.write_string(number, column, text)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 2, 30)
    sheet.freeze_panes(top + 1, 0)
    book.close()
    return file.getvalue()
