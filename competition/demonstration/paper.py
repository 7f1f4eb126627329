"""Sheets that were marked on paper: two clerks type what the judge wrote, and a photo of the paper lies beside it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO

from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.demonstration.cast import Cast
from competition.demonstration.marks import mark_for
from competition.paper.readings import Line, Reading, Typed, lines_of, numbered, read_line
from competition.paper.services import attach_photo, print_sheets, take_reading
from competition.rules.marking import MarkKind
from competition.rules.scheme import Panel, Value
from competition.scoring.models import Sheet
from competition.scoring.queries import items_of, sheets_of

CLERKS = ("clerk", "clerk2")


def typed_from_paper(sheet: Sheet, event: Event, people: str, *, cast: Cast, at: datetime) -> None:
    """A sheet from the print to the count: typed twice, the same."""
    first, second = (cast.actor(name) for name in CLERKS)
    print_sheets(event, [sheet], with_marks=False, by=first, at=at)
    attach_photo(sheet, _paper(), by=first, at=at + timedelta(minutes=1))
    reading = _reading(sheet, event, people)
    take_reading(sheet, reading, by=first, at=at + timedelta(minutes=2))
    take_reading(sheet, reading, by=second, at=at + timedelta(minutes=3))


def leave_on_the_desk(event: Event, people: dict[str, str], *, cast: Cast, at: datetime) -> None:
    """What the clerks find in the event that is being marked: prints, a sheet for the second person, and one that differs."""
    open_sheets = [sheet for sheet in sheets_of(event) if sheet.state == "open"]
    first, second = (cast.actor(name) for name in CLERKS)
    print_sheets(event, open_sheets[:12], with_marks=False, by=first, at=at)
    waiting, differing = _two_to_type(event, open_sheets)
    take_reading(waiting, _reading(waiting, event, people[waiting.code]), by=second, at=at)
    reading = _reading(differing, event, people[differing.code])
    take_reading(differing, reading, by=first, at=at)
    take_reading(differing, _misread(reading), by=second, at=at + timedelta(minutes=4))
    attach_photo(differing, _paper(), by=second, at=at + timedelta(minutes=5))


def _two_to_type(event: Event, sheets: Sequence[Sheet]) -> tuple[Sheet, Sheet]:
    """Two sheets on which a figure can be misread."""
    rule_set = rule_set_of(event)
    found = [
        sheet
        for sheet in sheets
        if any(
            isinstance(item.aspect.method, Panel | Value) and item.kind is MarkKind.MARK
            for item in items_of(rule_set, sheet.module, sheet.seat_label)
        )
    ]
    return found[0], found[1]


def _misread(reading: Reading) -> Reading:
    """The same with one figure read wrongly: a smaller one, which no scale refuses."""
    number = next(index for index, mark in enumerate(reading.marks) if mark.value is not None and mark.number)
    marks = [*reading.marks]
    wrong = marks[number]
    marks[number] = type(wrong)(wrong.aspect, wrong.kind, "0", wrong.state, wrong.reason)
    return Reading(tuple(marks))


def _reading(sheet: Sheet, event: Event, people: str) -> Reading:
    lines = lines_of(items_of(rule_set_of(event), sheet.module, sheet.seat_label))
    marks = [read_line(line, _typed(line, sheet, people)) for line in lines if line.is_first]
    return Reading(numbered([mark for mark in marks if mark is not None]))


def _typed(line: Line, sheet: Sheet, people: str) -> Typed:
    value = mark_for(line.item.aspect, line.item.kind, people, sheet.seat_label)
    if value is None:
        return Typed()
    is_entry = line.item.kind is MarkKind.ENTRY
    return Typed(value, reason="未戴护目镜" if is_entry else "")


@cache
def _paper() -> bytes:
    """A sheet of paper with boxes and strokes in them, as a picture."""
    from PIL import Image, ImageDraw  # slow to import, and only this picture needs it

    picture = Image.new("RGB", (620, 877), "#f7f5ef")
    pen = ImageDraw.Draw(picture)
    for row in range(12):
        top = 160 + row * 48
        pen.rectangle((60, top, 560, top + 48), outline="#5b6166")
        pen.line((440, top, 440, top + 48), fill="#5b6166")
        pen.line((80, top + 26, 220 + row * 13 % 150, top + 26), fill="#b4b8bb", width=6)
        pen.arc((470, top + 8, 496, top + 40), 40 + row * 25, 330, fill="#1d3f8a", width=3)
        pen.line((512, top + 38, 530, top + 10), fill="#1d3f8a", width=3)
    pen.line((90, 800, 260, 780), fill="#1d3f8a", width=4)
    content = BytesIO()
    picture.save(content, format="JPEG", quality=80)
    return content.getvalue()
