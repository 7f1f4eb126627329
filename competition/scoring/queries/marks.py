"""The marks of an event as the rules take them: for the contest document, and code by code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.draws.queries import current_draw
from competition.rules.lifecycle import EventState
from competition.rules.marking import Given, MarkKind, MarkState
from competition.rules.marking import record as record_mark
from competition.rules.numbers import read_number
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Judgement, Panel
from competition.scoring.models import Mark, Sheet, SheetState
from competition.scoring.queries.items import LISTED, attempt_of, base_kind
from competition.scoring.queries.levels import VALUE, is_given
from competition.scoring.queries.recorded import Recorded
from competition.scoring.queries.rounds import Discussed, discussed, earlier_levels
from competition.scoring.queries.sheets import (
    CellKey,
    MarkRow,
    SheetRow,
    marks_by_sheet,
    operations_by_id,
    shadow_sheets_of,
)
from competition.scoring.queries.taking_part import codes_drawn


def marks_of(event: Event, recorded: Recorded | None = None) -> list[dict[str, object]]:
    """The marks of an event as a contest document takes them, by entrant id; judges are "module.seat".

    Marks on void sheets and of the absent are left out; once the marking is closed, marks on sheets that nobody signed too:
    those sheets are missing. Of those who withdrew or were disqualified there is what was signed. What the group measures, declares or agrees on
    stands on the lead's sheet and names no judge. Nothing is said about blank cells: a missing mark is not zero. Where the
    judges discussed a judgement, the levels of all rounds are there, and the last round counts.
    """
    draw = current_draw(event)
    if draw is None:
        return []
    recorded = recorded or Recorded(event)
    entrants = {one.code: str(one.entrant_id) for one in recorded.drawn}
    left_out = {SheetState.VOID} if event.state == EventState.SCORING else {SheetState.VOID, SheetState.OPEN}
    sheets = {
        sheet.id: sheet
        for sheet in recorded.sheets
        if sheet.state not in left_out and sheet.draw_id == draw.id and sheet.code in entrants
    }
    found = recorded.marks
    entries = [mark for cells in found.values() for mark in cells.values() if base_kind(mark.kind) in LISTED]
    notes = _notes(event, entries)
    aspects = {aspect.id: aspect for aspect in rule_set_of(event).aspects}
    last = discussed(sheets, found)
    marks = [
        _mark(mark, sheet, entrants[sheet.code], aspects[mark.aspect], notes, last)
        for sheet_id, sheet in sheets.items()
        for mark in found.get(sheet_id, {}).values()
        if is_given(mark)
    ]
    earlier = earlier_levels(event, sheets, last) if last else ()
    for level in earlier:
        sheet = sheets[level.sheet_id]
        marks.append(_mark(level, sheet, entrants[sheet.code], aspects[level.aspect], notes))
    return marks


def _notes(event: Event, marks: Iterable[MarkRow]) -> dict[UUID, str]:
    made = operations_by_id(event.id, {mark.op_id for mark in marks})
    return {
        op_id: str(operation.body["reason"]) for op_id, operation in made.items() if operation.body["reason"]
    }


def _mark(
    mark: MarkRow,
    sheet: SheetRow,
    entrant: str,
    aspect: Aspect,
    notes: Mapping[UUID, str],
    last: Discussed = MappingProxyType({}),
) -> dict[str, object]:
    kind, attempt = base_kind(mark.kind), attempt_of(aspect, mark.kind)
    plain: dict[str, object] = {"entrant": entrant, "aspect": mark.aspect}
    if _names_judge(aspect, kind):
        plain["judge"] = f"{sheet.module}.{sheet.seat_label}"
    if attempt is not None:
        plain["attempt"] = attempt
    if kind is MarkKind.MARK and (number := _round(mark, sheet, last)) > 1:
        plain["round"] = number
    if mark.state != VALUE:
        return {**plain, "state": mark.state}
    assert mark.value is not None, "the table checks it"
    plain["value"] = format(mark.value, "f")
    if kind is not MarkKind.MARK:
        plain["kind"] = kind.value
    if mark.op_id in notes and kind in LISTED:
        plain["note"] = notes[mark.op_id]
    return plain


def _round(mark: MarkRow, sheet: SheetRow, last: Discussed) -> int:
    """A level that stands counts in the last round, whether or not its judge changed it there."""
    return last.get((sheet.code, mark.aspect), mark.round)


def _names_judge(aspect: Aspect, kind: MarkKind) -> bool:
    return kind in LISTED or (kind is MarkKind.MARK and isinstance(aspect.method, Judgement | Panel))


def shadow_marks_of(event: Event) -> list[dict[str, object]]:
    """The marks of shadow judges in the same form. No result is made of them."""
    draw = current_draw(event)
    entrants = {one.code: one.entrant_id for one in codes_drawn(event) if one.is_marked}
    aspects = {aspect.id: aspect for aspect in rule_set_of(event).aspects}
    sheets = [
        sheet
        for sheet in shadow_sheets_of(event)
        if draw is not None and sheet.draw_id == draw.id and sheet.code in entrants
    ]
    found = marks_by_sheet(event.id, [sheet.id for sheet in sheets])
    return [
        _mark(mark, sheet, str(entrants[sheet.code]), aspects[mark.aspect], {})
        for sheet in sheets
        for mark in found.get(sheet.id, {}).values()
        if is_given(mark)
    ]


def given_of(
    rule_set: RuleSet, sheets: Iterable[Sheet], marks: Mapping[UUID, Mapping[CellKey, Mark]]
) -> dict[str, Given]:
    """Everything recorded for one code by aspect, as the rules of marking take it; reasons stand in the document alone."""
    aspects = {aspect.id: aspect for aspect in rule_set.aspects}
    found: dict[str, Given] = defaultdict(Given)
    for sheet in sheets:
        for mark in marks.get(sheet.id, {}).values():
            if is_given(mark):
                _put(found[mark.aspect], aspects[mark.aspect], mark, f"{sheet.module}.{sheet.seat_label}")
    return dict(found)


def _put(given: Given, aspect: Aspect, mark: Mark, judge: str) -> None:
    value = MarkState(mark.state) if mark.value is None else read_number(mark.value)
    kind, attempt = base_kind(mark.kind), attempt_of(aspect, mark.kind)
    named = judge if _names_judge(aspect, kind) else None
    record_mark(given, aspect, value, kind=kind, judge=named, attempt=attempt)
