"""What the script of the sheet is given and told: sheets, answers, receipts, and every word it shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, url_for

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.orm import canonical_json
from competition.panels.models import Judge
from competition.rules.lifecycle import EventState
from competition.scoring import queries
from competition.scoring.models import RemarkKind, Sheet
from competition.scoring.presenters.labels import STATE_LABELS
from competition.scoring.presenters.screen_texts import EVERY_TEXT
from competition.scoring.queries import CellKey, Item, MarkRow, Words
from competition.scoring.services import Answer
from competition.scoring.wording import items_json
from competition.tablets.models import Device
from competition.tablets.queries import also_open
from competition.web.language import language, name_of, say

# --- one sheet as it stands -----------------------------------------------------------------------


def sheet_json(
    sheet: Sheet,
    items: Sequence[Item],
    siblings: Sequence[Sheet],
    marks: Mapping[UUID, Mapping[CellKey, MarkRow]],
    words: Mapping[UUID, Words],
) -> dict[str, Any]:
    """A sheet's cells, and the other judges' levels where they may be seen. `words` came with the operations behind the marks."""
    return {
        "id": str(sheet.id),
        "module": sheet.module,
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
                **_words_json(words.get(mark.op_id)),
            }
            for mark in marks.get(sheet.id, {}).values()
        ],
        "levels": {
            item.aspect.id: _levels_json(queries.levels_of(item.aspect, siblings, marks), sheet, words)
            for item in items
            if item.is_level
        },
    }


def _words_json(words: Words | None) -> dict[str, Any]:
    """The reason of a mark; and who stands behind a value that the judges measured together."""
    if words is None:
        return {"reason": ""}
    return {"reason": words.reason, **({"agreed": list(words.agreed)} if words.agreed else {})}


def _levels_json(levels: queries.Levels, own: Sheet, words: Mapping[UUID, Words]) -> dict[str, Any]:
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
                "reason": words[mark.op_id].reason if mark is not None and mark.op_id in words else "",
            }
            for seat, mark in levels.by_seat.items()
            if shown and seat != own.seat_label
        ],
    }


def sheets_json(event: Event, sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """Several sheets of one judge, each with what it holds."""
    by_code = queries.families_of(event, sheets)
    families = {sheet.id: queries.family_of(sheet, by_code) for sheet in sheets}
    ids = {sheet.id for sheet in sheets} | {one.id for family in families.values() for one in family}
    marks, words = queries.mark_rows(event, ids), queries.words_of(event.id, ids)
    rule_set, beside = rule_set_of(event), _beside(sheets)
    items = {
        (module, label): queries.items_of(rule_set, module, label)
        for module, label in {(sheet.module, sheet.seat_label) for sheet in sheets}
    }
    return [
        {
            **sheet_json(sheet, items[sheet.module, sheet.seat_label], families[sheet.id], marks, words),
            **beside[sheet.id],
        }
        for sheet in sheets
    ]


def _beside(sheets: Sequence[Sheet]) -> dict[UUID, dict[str, Any]]:
    """What lies beside the marks of each sheet: notes, photos, and whether its judge waits for a reopening."""
    remarks, asked = queries.remarks_of_sheets(sheets), queries.asked_among(sheets)

    def plain(sheet: Sheet, kind: RemarkKind) -> list[dict[str, Any]]:
        return [
            {"id": str(one.id), "aspect": one.aspect, "text": one.text, "at": one.received_at.isoformat()}
            for one in remarks[sheet.id]
            if one.kind == kind
        ]

    return {
        sheet.id: {
            "notes": plain(sheet, RemarkKind.NOTE),
            "photos": plain(sheet, RemarkKind.PHOTO),
            "exposed": plain(sheet, RemarkKind.EXPOSED),
            "asked": sheet.id in asked,
        }
        for sheet in sheets
    }


# --- answers --------------------------------------------------------------------------------------


def answers_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """What a device is told about its operations, in the reader's language."""
    tag = language()
    return [_answer_json(answer, tag) for answer in answers]


def _answer_json(answer: Answer, tag: str) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "op_id": str(answer.op_id),
        "answer": answer.answer,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "version": answer.version,
        "sentence": say(answer.sentence, tag),
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


SCHEMA = 2
"""The number of the contract between the server and its tablets (docs/tablets.md)."""


def desk_json(event: Event, judge: Judge, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """Everything a judge needs to mark all own sheets of an event without a network: codes only, and every word."""
    rule_set = rule_set_of(event)
    seats = sorted({(one.module, one.seat_label) for one in sheets})
    items: dict[str, dict[str, Any]] = {}
    for module, label in seats:
        items.setdefault(module, {})[label] = items_json(rule_set, module, label)
    return {
        "schema": SCHEMA,
        "event": str(event.id),
        "account": str(judge.account_id),
        "title": name_of(event),
        "is_open": event.state == EventState.SCORING,
        "time_zone": current_app.config["SETTINGS"].time_zone,
        "emergency_key": queries.emergency_key_of(event),
        "modules": [
            {"id": module.id, "title": module.title.in_language(language())}
            for module in modules_of(rule_set)
            if module.id in items
        ],
        "addresses": desk_addresses(event),
        "order": [{"id": str(one.id), "code": one.code, "module": one.module} for one in sheets],
        "items": items,
        "sheets": sheets_json(event, sheets),
        "texts": _texts(is_blind=rule_set.blind_layers > 0),
    }


def _texts(*, is_blind: bool) -> dict[str, str]:
    """Every word of the tablet; without a blind layer nobody's identity can be exposed, so there is no word for it."""
    return {name: say(words) for name, words in EVERY_TEXT.items() if is_blind or name != "exposed"}


def beside_json(device: Device, at: datetime) -> list[dict[str, str]]:
    """The other tablets on which the judge has the sheets open."""
    return [{"device": str(other.id), "label": other.label} for other in also_open(device, at)]


def desk_addresses(event: Event) -> dict[str, str]:
    """Where the script finds everything; {sheet} and {device} are filled in by it."""
    nothing = UUID(int=0)
    of: dict[str, Any] = {"event_id": event.id}

    def of_a(kind: str, endpoint: str) -> str:
        named: dict[str, Any] = {**of, f"{kind}_id": nothing}
        return url_for(endpoint, **named).replace(str(nothing), f"{{{kind}}}")

    return {
        "desk": url_for("scoring.show_desk", **of),
        "data": url_for("scoring_api.show_desk", **of),
        "devices": url_for("scoring_api.register_device", **of),
        "presence": of_a("device", "scoring_api.note_presence"),
        "lacking": of_a("device", "scoring_api.note_lacking"),
        "operations": url_for("scoring_api.take_operations", **of),
        "quarantine": url_for("scoring_api.quarantine_operations", **of),
        "state": of_a("sheet", "scoring_api.show_sheet"),
        "sheet": of_a("sheet", "scoring.show_sheet"),
        "sign": of_a("sheet", "scoring.sign_sheet"),
        "remarks": of_a("sheet", "scoring_api.take_remark"),
        "practice": url_for("scoring.practise"),
        "sign_in": url_for("accounts.sign_in"),
        "card": url_for("tablets_api.begin_session"),
        "home": url_for("scoring.list_own_events"),
    }
