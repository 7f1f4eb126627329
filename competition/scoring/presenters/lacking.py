"""Marks that were acknowledged and are not here, as a page shows them and as a workbook: codes and seats, for who asks for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import get_timezone
from flask_babel import gettext as _

from competition.audit.queries import missing_from
from competition.competitions.models import Event
from competition.competitions.names import name_with_competition
from competition.competitions.queries import scope_of_event
from competition.rules.access import Actor, Permission
from competition.rules.marking import STATE_WORDS, MarkState
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries
from competition.scoring.models import Mark
from competition.scoring.presenters.pages import module_titles
from competition.scoring.queries import LackingMark, Since
from competition.scoring.queries.levels import BLANK
from competition.scoring.wording import extra
from competition.typesetting.printed import Align, Column, Document, Table
from competition.web.language import language, say
from competition.web.paging import Page
from competition.web.templating import device_second, venue_second

PAGE_SIZE = 100

SINCE_WORDS: dict[Since, tuple[Sentence, str]] = {
    Since.GONE: (sentence("not here: ask the judge"), "danger"),
    Since.BACK: (sentence("here again"), "success"),
    Since.CHANGED: (sentence("another mark since"), "info"),
}


@dataclass(frozen=True)
class Line:
    """One mark in words and figures. `judge` is for the readers who may know who sits where."""

    module: str
    code: str
    seat: str
    item: str
    value: str
    device: str
    device_time: str
    told_at: datetime
    now: str
    since: Since
    judge: str


def to_ask_for(event: Event) -> int:
    """How many marks were acknowledged, are not here, and nothing came in their place."""
    return sum(one.since is Since.GONE for one in queries.lacking_marks(event))


def view_of(event: Event, person: Actor, *, number: int) -> dict[str, Any]:
    """Everything the page shows: what is to be asked for first, then what is settled."""
    lines = _lines(event)
    shown = lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return {
        "shown": Page(shown, number, PAGE_SIZE, len(lines)),
        "to_ask_for": sum(line.since is Since.GONE for line in lines),
        "entries": queries.lacking_entries(event),
        "record": missing_from(event.id),
        "words": SINCE_WORDS,
        "may_know_judges": person.may(Permission.PANELS_SEAT_ASSIGN, scope_of_event(event)),
    }


def document_of(event: Event, *, made: datetime) -> Document:
    """The list as a document, without anybody's name."""
    zone, tag, title = get_timezone(), language(), name_with_competition(event)
    table = Table(
        (
            Column(_("Module"), 2.0),
            Column(_("Blind code"), 1.2),
            Column(_("Seat"), 0.8),
            Column(_("Item"), 3.4),
            Column(_("Acknowledged value"), 1.6, Align.RIGHT),
            Column(_("Tablet"), 2.2),
            Column(_("Time on the tablet"), 2.2),
            Column(_("Told at"), 2.2),
            Column(_("Recorded now"), 1.4, Align.RIGHT),
            Column(_("Since then"), 2.0),
        ),
        [
            (
                *(line.module, line.code, line.seat, line.item, line.value, line.device),
                device_second(line.device_time, zone) if line.device_time else "–",
                venue_second(line.told_at, zone),
                line.now,
                say(SINCE_WORDS[line.since][0]),
            )
            for line in _lines(event)
        ],
        empty=_("No tablet holds a mark that is not here."),
    )
    return Document(
        title=_("Marks that were acknowledged and are not here"),
        subtitle=title,
        above=(),
        blocks=(table,),
        foot=title,
        page_of=_("Page %(page)s of %(pages)s"),
        made=made,
        language="zh-CN" if tag == "zh" else "en",
    )


def _lines(event: Event) -> list[Line]:
    titles = module_titles(event)
    lines = [_line(one, titles[one.sheet.module]) for one in queries.lacking_marks(event)]
    return sorted(lines, key=lambda line: line.since is not Since.GONE)


def _line(one: LackingMark, module: str) -> Line:
    parts = (one.item.aspect.id, one.item.aspect.title.in_language(language()), extra(one.item))
    return Line(
        module=module,
        code=one.sheet.code,
        seat=one.sheet.seat_label,
        item=" ".join(part for part in parts if part),
        value=one.value if one.value is not None else _state(one.state),
        device=one.device,
        device_time=one.device_time,
        told_at=one.told_at,
        now=_recorded(one.now),
        since=one.since,
        judge=one.sheet.judge.account.name,
    )


def _state(state: str) -> str:
    return say(sentence("cleared")) if state == BLANK else say(STATE_WORDS[MarkState(state)])


def _recorded(mark: Mark | None) -> str:
    if mark is None or mark.state == BLANK:
        return "–"
    return _state(mark.state) if mark.value is None else format(mark.value, "f")
