"""Sheets to mark on paper: a box for every value, lines to sign on, a code to scan. Blind codes and seats only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from competition.paper.presenters import Paper
from competition.typesetting.printed import Align, Block, Column, Document, Proof, Signatures, Table, Text
from competition.web.language import language, say


def sheets_on_paper(
    papers: Sequence[Paper], *, made: datetime, address: Callable[[UUID], str]
) -> list[Document]:
    """One document for each sheet; `address` is what the code on the paper opens."""
    return [_sheet(paper, made, address(paper.print_id)) for paper in papers]


def _sheet(paper: Paper, made: datetime, address: str) -> Document:
    columns = (
        Column(_("No."), 0.7, Align.RIGHT),
        Column(_("Item"), 5),
        Column(_("Expected"), 3),
        Column(_("Mark"), 1.8, Align.RIGHT),
    )
    tables = [
        Table(
            columns,
            [(line.number, line.title, line.expected, line.value) for line in lines],
            title=heading,
            ruled=True,
            roomy=True,
        )
        for heading, lines in paper.sections
    ]
    how = Text(
        "",
        (
            _(
                "One mark in each box; a stroke (/) where nothing was attempted. A mistake is crossed out so that it can still be read, and the"
                " right mark stands beside it with your initials. No name of a contestant or a unit anywhere."
            ),
        ),
    )
    signatures = Signatures(tuple((say(line), "") for line in paper.signs), _("Date"))
    blocks: tuple[Block, ...] = (how, *tables, signatures)
    return Document(
        title=_("Score sheet with the marks so far") if paper.with_marks else _("Score sheet"),
        subtitle=paper.event,
        above=((_("What is marked"), paper.module), (_("Blind code"), paper.code), (_("Seat"), paper.seat)),
        blocks=blocks,
        foot=f"{paper.module} · {paper.code} · {paper.seat}",
        page_of=_("Page %(page)s of %(pages)s"),
        made=made,
        language="zh-CN" if language() == "zh" else "en",
        proof=Proof(_("This print, SHA-256"), paper.document_hash, address, _("Scan to type it in")),
    )
