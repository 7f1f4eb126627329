"""Frozen data for the pages and answers of scoring. What a judge gets speaks of codes only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import current_app, url_for

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.orm import canonical_json
from competition.panels.models import Judge
from competition.rules.lifecycle import EventState
from competition.rules.marking import MarkKind
from competition.rules.numbers import as_decimal
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import (
    Aspect,
    Binary,
    Count,
    Deduction,
    Group,
    Judgement,
    Panel,
    Time,
    Tolerance,
    Value,
)
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState, Signature
from competition.scoring.queries import CellKey, Item
from competition.scoring.queries.sheets import CONFIRMED, REOPENED, SIGNED, VOIDED
from competition.scoring.services import Answer
from competition.web.language import language, say

STATE_LABELS: dict[str, tuple[Sentence, str]] = {
    SheetState.OPEN: (sentence("Not signed yet"), "info"),
    SheetState.SIGNED: (sentence("Signed"), "warning"),
    SheetState.CONFIRMED: (sentence("Confirmed"), "success"),
    SheetState.VOID: (sentence("Void"), "neutral"),
}
ACT_LABELS: dict[str, Sentence] = {
    SIGNED: sentence("signed"),
    CONFIRMED: sentence("confirmed"),
    REOPENED: sentence("reopened"),
    VOIDED: sentence("declared void"),
}
ANSWER_LABELS: dict[str, tuple[Sentence, str]] = {
    "applied": (sentence("Recorded"), "success"),
    "conflict": (sentence("Conflict"), "warning"),
    "rejected": (sentence("Refused"), "danger"),
}


def number(value: Any) -> str:
    """An exact number of the rule set as text."""
    return format(as_decimal(value), "f")


# --- what stands on a sheet -----------------------------------------------------------------------


def item_json(item: Item, heading: str) -> dict[str, Any]:
    """An item as the sheet's script takes it."""
    return {
        "aspect": item.aspect.id,
        "kind": item.kind.value,
        "title": item.aspect.title.in_language(language()),
        "heading": heading,
        "needed": item.needed,
        "extra": _extra(item),
        "hint": say(hint(item)),
        "method": method_json(item),
    }


def _extra(item: Item) -> str:
    words = {
        MarkKind.AGREED: sentence("agreed value of the judges"),
        MarkKind.DECLARED: sentence("declared value"),
        MarkKind.ENTRY: sentence("deductions"),
    }
    return say(words.get(item.kind))


def hint(item: Item) -> Sentence:
    """What is expected in the cell, in a few words."""
    method = item.aspect.method
    if isinstance(method, Judgement):
        return sentence("level 0 to 3, at most %(max)s points", max=number(method.max))
    if item.kind is MarkKind.DECLARED:
        return sentence("a number that is added")
    match method:
        case Panel() if item.kind is MarkKind.AGREED:
            return _range_hint(method.low, method.high, None)
        case Panel():
            return _range_hint(method.low, method.high, method.step)
        case Binary():
            return sentence("fulfilled or not, %(max)s points", max=number(method.max))
        case Value():
            return _range_hint(Fraction(0), method.max, method.step)
        case Tolerance():
            return sentence("measured value, target %(target)s", target=number(method.target))
        case Count():
            return sentence(
                "how many of %(possible)s, at most %(max)s points",
                possible=method.possible,
                max=number(method.max),
            )
        case Time():
            return sentence("seconds")
        case _:
            return sentence("each entry with its reason")


def _range_hint(low: Fraction, high: Fraction, step: Fraction | None) -> Sentence:
    if step is None:
        return sentence("%(low)s to %(high)s", low=number(low), high=number(high))
    return sentence(
        "%(low)s to %(high)s in steps of %(step)s", low=number(low), high=number(high), step=number(step)
    )


def method_json(item: Item) -> dict[str, Any]:
    """How the value of an item is typed, checked and turned into points."""
    method = item.aspect.method
    if item.kind is MarkKind.DECLARED:
        return {"type": "free"}
    match method:
        case Judgement():
            words = [title.in_language(language()) for title in method.descriptors]
            return {"type": "level", "max": number(method.max), "descriptors": words}
        case Panel():
            step = None if method.step is None or item.kind is MarkKind.AGREED else number(method.step)
            return {"type": "range", "low": number(method.low), "high": number(method.high), "step": step}
        case Binary():
            return {"type": "binary", "max": number(method.max)}
        case Value():
            step = None if method.step is None else number(method.step)
            return {"type": "range", "low": "0", "high": number(method.max), "step": step}
        case Tolerance():
            bands = [[number(band.up_to), number(band.award)] for band in method.bands]
            return {"type": "tolerance", "target": number(method.target), "bands": bands}
        case Count():
            return {"type": "count", "max": number(method.max), "possible": str(method.possible)}
        case Time():
            most = None if method.max_seconds is None else number(method.max_seconds)
            return {"type": "time", "high": most}
        case Deduction():
            most = None if method.entry_max is None else number(method.entry_max)
            step = None if method.entry_step is None else number(method.entry_step)
            cap = None if item.aspect.cap is None else number(item.aspect.cap)
            return {"type": "deduction", "high": most, "step": step, "cap": cap}


def headings_of(module: Group) -> dict[str, str]:
    """The title of the group that holds each aspect, "" where it is the module itself."""
    found: dict[str, str] = {}

    def visit(group: Group, title: str) -> None:
        for child in group.children:
            if isinstance(child, Group):
                visit(child, child.title.in_language(language()))
            else:
                found[child.id] = title

    visit(module, "")
    return found


def items_json(rule_set: RuleSet, module: str, label: str) -> list[dict[str, Any]]:
    headings = headings_of(queries.module_of(rule_set, module))
    return [item_json(item, headings[item.aspect.id]) for item in queries.items_of(rule_set, module, label)]


# --- one sheet as it stands -----------------------------------------------------------------------


def sheet_json(
    event: Event,
    sheet: Sheet,
    siblings: Sequence[Sheet],
    marks: Mapping[UUID, Mapping[CellKey, Mark]],
    reasons: Mapping[UUID, str],
) -> dict[str, Any]:
    """A sheet's cells, and the other judges' levels where they may be seen."""
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    return {
        "id": str(sheet.id),
        "code": sheet.code,
        "seat": sheet.seat_label,
        "state": sheet.state,
        "state_says": say(STATE_LABELS[sheet.state][0]),
        "marks": [
            {
                "aspect": mark.aspect,
                "kind": mark.kind,
                "value": None if mark.value is None else format(mark.value, "f"),
                "state": mark.state,
                "round": mark.round,
                "version": mark.version,
                "reason": reasons.get(mark.op_id, ""),
            }
            for mark in marks.get(sheet.id, {}).values()
        ],
        "levels": {
            item.aspect.id: _levels_json(queries.levels_of(item.aspect, siblings, marks), sheet, reasons)
            for item in items
            if item.is_level
        },
    }


def _levels_json(levels: queries.Levels, own: Sheet, reasons: Mapping[UUID, str]) -> dict[str, Any]:
    given = sum(queries.is_given(mark) for mark in levels.by_seat.values())
    shown = levels.are_shown
    return {
        "given": given,
        "seats": len(levels.by_seat),
        "shown": shown,
        "discussion": levels.in_discussion,
        "agreed": levels.is_agreed,
        "others": [
            {
                "seat": seat,
                "level": None if mark is None or mark.value is None else format(mark.value, "f"),
                "reason": reasons.get(mark.op_id, "") if mark is not None else "",
            }
            for seat, mark in levels.by_seat.items()
            if shown and seat != own.seat_label
        ],
    }


def sheets_json(event: Event, sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """Several sheets of one judge, each with what it holds."""
    by_code = queries.families_of(event, sheets)
    families = {sheet.id: by_code[sheet.module, sheet.code] for sheet in sheets}
    ids = {sheet.id for sheet in sheets} | {one.id for family in families.values() for one in family}
    marks = queries.marks_by_sheet(event.id, ids)
    reasons = queries.reasons_of(event.id, [mark for cells in marks.values() for mark in cells.values()])
    return [sheet_json(event, sheet, families[sheet.id], marks, reasons) for sheet in sheets]


# --- answers --------------------------------------------------------------------------------------


def answer_json(answer: Answer) -> dict[str, Any]:
    """What a device is told about one operation, in the reader's language."""
    plain: dict[str, Any] = {
        "op_id": str(answer.op_id),
        "answer": answer.answer,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "version": answer.version,
        "sentence": say(answer.sentence),
    }
    if answer.theirs is not None:
        theirs = answer.theirs
        plain["theirs"] = {
            "value": None if theirs.value is None else format(theirs.value, "f"),
            "state": theirs.state,
            "device": theirs.device,
            "device_time": theirs.device_time,
            "received_at": theirs.received_at.isoformat(),
        }
    return plain


def receipt_parts(device_id: UUID, answers: Sequence[Answer], server_time: datetime) -> tuple[str, str, str]:
    """What the server signs: the device, every operation with its answer and version, and the moment."""
    said = [[str(one.op_id), one.answer, one.version] for one in answers]
    return str(device_id), canonical_json(said), server_time.isoformat()


# --- pages ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """An item of a sheet with what is recorded, for reading."""

    aspect: Aspect
    extra: str
    hint: Sentence
    shown: Sentence | str
    is_blank: bool
    reason: str
    round: int


def cells_of(event: Event, sheet: Sheet) -> list[Cell]:
    """A sheet as it is read before it is signed or confirmed."""
    siblings = queries.siblings_of(sheet)
    marks = queries.marks_by_sheet(event.id, {one.id for one in siblings} | {sheet.id})
    own = marks[sheet.id]
    reasons = queries.reasons_of(event.id, own.values())
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    blanks = {item.key for item in queries.blanks_of(items, sheet, siblings, marks)}
    found = []
    for item in items:
        kinds = sorted(
            (
                kind
                for aspect, kind in own
                if aspect == item.aspect.id and kind.partition(":")[0] == item.kind
            ),
            key=lambda kind: int(kind.partition(":")[2] or 0),
        )
        given: list[Mark | None] = [
            own[item.aspect.id, kind] for kind in kinds if queries.is_given(own[item.aspect.id, kind])
        ]
        for mark in given or [None]:
            found.append(_cell(item, mark, reasons, is_blank=item.key in blanks))
    return found


def _cell(item: Item, mark: Mark | None, reasons: Mapping[UUID, str], *, is_blank: bool) -> Cell:
    return Cell(
        aspect=item.aspect,
        extra=_extra(item),
        hint=hint(item),
        shown=shown_value(item, mark),
        is_blank=is_blank,
        reason=reasons.get(mark.op_id, "") if mark else "",
        round=mark.round if mark else 1,
    )


def shown_value(item: Item, mark: Mark | None) -> Sentence | str:
    """A recorded value in words and figures."""
    if mark is None:
        return sentence("blank") if item.needed else sentence("nothing recorded")
    if mark.value is None:
        return sentence("not attempted")
    if isinstance(item.aspect.method, Binary):
        return sentence("fulfilled") if mark.value else sentence("not fulfilled")
    return format(mark.value, "f")


@dataclass(frozen=True)
class SetAside:
    """An operation that does not count, for the chief judge's list."""

    operation: MarkOperation
    sheet: Sheet | None
    device: str
    sentence: Sentence
    is_settled: bool


def set_aside_of(event: Event) -> list[SetAside]:
    """Conflicts and refusals of an event, the latest first; settled ones are those whose cell was marked again since."""
    rule_set = rule_set_of(event)
    operations = queries.set_aside(event)
    sheets = {sheet.id: sheet for sheet in queries.sheets_of(event)}
    devices = queries.devices_of(event.id, {one.device_id for one in operations})
    marks = queries.marks_by_sheet(event.id, {one.sheet_id for one in operations})
    found = []
    for one in operations:
        mark = marks.get(one.sheet_id, {}).get((one.aspect, str(one.body["kind"])))
        found.append(
            SetAside(
                operation=one,
                sheet=sheets.get(one.sheet_id),
                device=devices[one.device_id].label,
                sentence=queries.sentence_of(one, rule_set),
                is_settled=mark is not None and mark.marked_at > one.received_at,
            )
        )
    return found


@dataclass(frozen=True)
class JudgingModule:
    """A module in which a judge has sheets, and how far they are."""

    module: str
    title: str
    sheets: int
    signed: int
    next_sheet: UUID | None


@dataclass(frozen=True)
class JudgingEvent:
    """An event in which a judge has sheets."""

    event: Event
    is_open: bool
    modules: tuple[JudgingModule, ...]


def judging_of(judge: Judge) -> list[JudgingEvent]:
    """A judge's events with their modules: those that can be marked now come first."""
    found = []
    for event in queries.events_for_judge(judge):
        rule_set, sheets = rule_set_of(event), queries.sheets_for_judge(judge, event)
        by_module = [
            (module, [one for one in sheets if one.module == module.id]) for module in modules_of(rule_set)
        ]
        modules = tuple(_judging_module(module, own) for module, own in by_module if own)
        found.append(JudgingEvent(event, event.state == EventState.SCORING, modules))
    return sorted(found, key=lambda one: not one.is_open)


def _judging_module(module: Group, sheets: Sequence[Sheet]) -> JudgingModule:
    waiting = [one for one in sheets if one.state == SheetState.OPEN]
    return JudgingModule(
        module.id,
        module.title.in_language(language()),
        sum(one.state != SheetState.VOID for one in sheets),
        sum(one.state in (SheetState.SIGNED, SheetState.CONFIRMED) for one in sheets),
        waiting[0].id if waiting else None,
    )


@dataclass(frozen=True)
class MatrixModule:
    """The sheets of a module as a table: a row for each code, a column for each seat."""

    id: str
    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[queries.SheetProgress | None, ...]], ...]
    confirmed: int
    total: int


def matrix_of(event: Event) -> list[MatrixModule]:
    """Every sheet of the event, module by module."""
    progress = queries.progress_of(event, queries.sheets_of(event))
    return [
        _matrix(module, own)
        for module in modules_of(rule_set_of(event))
        if (own := [one for one in progress if one.sheet.module == module.id])
    ]


def _matrix(module: Group, sheets: Sequence[queries.SheetProgress]) -> MatrixModule:
    labels = sorted({one.sheet.seat_label for one in sheets}, key=lambda label: int(label[1:]))
    cells = {(one.sheet.code, one.sheet.seat_label): one for one in sheets}
    codes = dict.fromkeys(one.sheet.code for one in sheets)
    counted = [one for one in sheets if one.sheet.state != SheetState.VOID]
    return MatrixModule(
        module.id,
        module.title.in_language(language()),
        tuple(labels),
        tuple((code, tuple(cells.get((code, label)) for label in labels)) for code in codes),
        sum(one.sheet.state == SheetState.CONFIRMED for one in counted),
        len(counted),
    )


def history_of(sheet: Sheet) -> list[Signature]:
    """Who stood for the sheet, the latest first."""
    return list(reversed(queries.signatures_of(sheet)))


@dataclass(frozen=True)
class Change:
    """One operation that was sent for a sheet, with the mark before it."""

    operation: MarkOperation
    aspect: str
    before: str
    after: str
    device: str
    sentence: Sentence


def changes_of(sheet: Sheet) -> list[Change]:
    """Everything that was sent for a sheet in order, old and new value of every cell."""
    event = queries.event_of(sheet)
    rule_set, operations = rule_set_of(event), queries.operations_of_sheet(sheet)
    titles = {aspect.id: aspect.title.in_language(language()) for aspect in rule_set.aspects}
    devices = queries.devices_of(event.id, {one.device_id for one in operations})
    current: dict[tuple[str, str], str] = {}
    found = []
    for one in operations:
        cell = one.aspect, str(one.body["kind"])
        after = _sent_value(one.body)
        found.append(
            Change(
                one,
                titles.get(one.aspect, one.aspect),
                current.get(cell, "–"),
                after,
                devices[one.device_id].label,
                queries.sentence_of(one, rule_set),
            )
        )
        if one.answer == "applied":
            current[cell] = after
    return found


def _sent_value(body: Mapping[str, Any]) -> str:
    words = {"not_attempted": sentence("not attempted"), "blank": sentence("cleared")}
    return say(words[body["state"]]) if body["state"] in words else str(body["value"])


# --- the sheet on the tablet ----------------------------------------------------------------------

WINDOW = 40
"""How many sheets before and after the open one come with the page, so that they can be marked without a network."""


def sheet_page(
    event: Event, sheet: Sheet, sheets: Sequence[Sheet], *, csrf_token: str, at: datetime
) -> dict[str, Any]:
    """Everything the sheet's script needs: codes only, and every word it shows."""
    here = next(index for index, one in enumerate(sheets) if one.id == sheet.id)
    window = sheets[max(0, here - WINDOW) : here + WINDOW + 1]
    rule_set = rule_set_of(event)
    address: dict[str, Any] = {"event_id": event.id, "sheet_id": UUID(int=0)}
    return {
        "event": str(event.id),
        "account": str(sheet.judge.account_id),
        "module": sheet.module,
        "current": str(sheet.id),
        "server_time": at.isoformat(),
        "time_zone": current_app.config["SETTINGS"].time_zone,
        "csrf_token": csrf_token,
        "is_open": event.state == EventState.SCORING,
        "addresses": {
            "devices": url_for("scoring_api.register_device", event_id=event.id),
            "operations": url_for("scoring_api.take_operations", event_id=event.id),
            "state": url_for("scoring_api.show_sheet", **address).replace(str(UUID(int=0)), "{sheet}"),
            "sheet": url_for("scoring.show_sheet", **address).replace(str(UUID(int=0)), "{sheet}"),
            "sign": url_for("scoring.sign_sheet", **address).replace(str(UUID(int=0)), "{sheet}"),
            "sign_in": url_for("accounts.sign_in"),
        },
        "order": [{"id": str(one.id), "code": one.code} for one in sheets],
        "items": {
            label: items_json(rule_set, sheet.module, label)
            for label in sorted({one.seat_label for one in window})
        },
        "sheets": sheets_json(event, window),
        "texts": {name: say(words) for name, words in TEXTS.items()},
    }


TEXTS: dict[str, Sentence] = {
    "writing": sentence("Saving…"),
    "local": sentence("Stored on this device · {n} to upload"),
    "server": sentence("Uploaded · {time}"),
    "attention": sentence("{n} need attention"),
    "unsafe": sentence("This device cannot save; use the paper sheet and call the technician"),
    "portal": sentence("Log in to the venue network; what you entered stays on this device until then."),
    "sign_in": sentence("Your session has ended. What you entered stays on this device."),
    "sign_in_again": sentence("Sign in again"),
    "offline": sentence("No connection. Go on marking; everything is stored on this device."),
    "refused": sentence("The server does not take marks from this device. Call the technician."),
    "send_now": sentence("Send now"),
    "blanks": sentence("{n} blank"),
    "no_blanks": sentence("no blanks"),
    "points": sentence("Points on this sheet"),
    "of": sentence("of {max}"),
    "previous": sentence("Previous code"),
    "next_code": sentence("Next code"),
    "next": sentence("Next item"),
    "delete": sentence("Delete"),
    "clear": sentence("Clear"),
    "not_attempted": sentence("Not attempted"),
    "fulfilled": sentence("Fulfilled"),
    "not_fulfilled": sentence("Not fulfilled"),
    "level": sentence("Level {n}"),
    "blank": sentence("blank"),
    "optional": sentence("optional"),
    "keypad": sentence("Keypad"),
    "items": sentence("Items"),
    "reason": sentence("Reason"),
    "add": sentence("Add deduction"),
    "remove": sentence("Remove"),
    "no_entries": sentence("No deduction"),
    "reason_first": sentence("Give the reason first."),
    "value_first": sentence("Type the value first."),
    "waiting": sentence("{given} of {seats} judges have given a level; levels are shown when all are in."),
    "together": sentence("All levels are in."),
    "discussion": sentence(
        "The levels lie too far apart. Talk about them; whoever changes a level gives the reason."
    ),
    "change_needs_reason": sentence("A change from here on needs its reason."),
    "agreed_stands": sentence("An agreed level stands for the levels of the judges."),
    "seat": sentence("Seat {seat}: {level}"),
    "range": sentence("{value} is outside the range {low} to {high}."),
    "step": sentence("{value} is not one of the steps of {step}."),
    "not_a_number": sentence("Type a number with digits and a point."),
    "sign": sentence("Check and sign"),
    "sign_wait": sentence("Signing waits until everything is uploaded."),
    "locked": sentence("This sheet is locked: {state}. It changes only when the chief judge reopens it."),
    "closed": sentence("The marking of this event is closed."),
    "attention_title": sentence("Needs attention"),
    "keep_mine": sentence("Keep mine: {value}"),
    "take_theirs": sentence("Take theirs: {value}"),
    "theirs": sentence("{value} from {device}, {time}"),
    "mine": sentence("Mine: {value}"),
    "understood": sentence("Understood"),
    "open_item": sentence("Go to the item"),
    "code": sentence("Code {code}"),
    "measured": sentence("Value"),
}
"""Every word of the sheet's script. Places are written {so}, because the script fills them in."""
