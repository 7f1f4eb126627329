"""The floor log on paper: every entry in its order, withdrawn ones marked, with lines to sign."""

from datetime import datetime

from flask_babel import get_timezone
from flask_babel import gettext as _

from competition.competitions.names import name_with_competition
from competition.floor import presenters
from competition.floor.presenters import Line
from competition.floor.queries import Floor
from competition.orm import fingerprint
from competition.typesetting.printed import Align, Column, Document, Proof, Signatures, Table
from competition.web.language import language, say
from competition.web.templating import venue_second


def log_document(floor: Floor, *, made: datetime, address: str) -> Document:
    """The whole log; `address` is where the floor is, for the code on the paper."""
    tag = language()
    lines = presenters.lines_of(floor, floor.rows, made)
    table = Table(
        (
            Column(_("No."), 0.8, Align.RIGHT),
            Column(_("Time"), 2.3),
            Column(_("Where"), 2.6),
            Column(_("Kind of entry"), 2.4),
            Column(_("Details and cause"), 4.6),
            Column(_("Written by"), 1.8),
        ),
        [_row(line) for line in lines],
        notes=(_("Withdrawn entries stay on the log and do not count. The times are those of the server."),),
        empty=_("Nothing is written on the floor log."),
    )
    content = [
        [row.number, row.kind, row.part, row.batch, row.code, row.at, row.minutes, row.cause, row.refers_to]
        for row in floor.rows
    ]
    title = name_with_competition(floor.event)
    return Document(
        title=_("Floor log"),
        subtitle=title,
        above=(),
        blocks=(table, Signatures(((_("Chief judge"), ""), (_("Supervisor"), "")), _("Date"))),
        foot=title,
        page_of=_("Page %(page)s of %(pages)s"),
        made=made,
        language="zh-CN" if tag == "zh" else "en",
        proof=Proof(_("Log, SHA-256"), fingerprint(content), address, _("Scan to open the floor")),
    )


def _row(line: Line) -> tuple[str, ...]:
    entry = line.entry
    said = [say(each) for each in line.details]
    if line.refers:
        said.insert(0, _("on no. %(number)s", number=line.refers.number))
    if line.withdrawn_by:
        said.insert(0, _("WITHDRAWN by no. %(number)s", number=line.withdrawn_by.number))
    if entry.cause:
        said.append(entry.cause)
    return (
        str(entry.number),
        venue_second(entry.at, get_timezone()),
        say(line.place),
        say(line.label),
        " · ".join(said),
        entry.by_name,
    )
