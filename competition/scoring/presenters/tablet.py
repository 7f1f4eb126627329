"""What the script of the sheet is given and told: sheets, answers, receipts, and every word it shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, url_for

from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.orm import canonical_json
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries
from competition.scoring.models import Mark, Sheet
from competition.scoring.presenters.items import items_json
from competition.scoring.presenters.labels import STATE_LABELS
from competition.scoring.queries import CellKey
from competition.scoring.services import Answer
from competition.web.language import say

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
    families = {sheet.id: queries.family_of(sheet, by_code) for sheet in sheets}
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
    "dnf": sentence("Did not finish"),
    "dns": sentence("Did not start"),
    "dsq": sentence("Disqualified"),
    "no_number": sentence("Instead of a number"),
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
    "no_adjustments": sentence("No penalty, pause or bonus"),
    "add_entry": sentence("Add entry"),
    "kind": sentence("Kind of entry"),
    "seconds": sentence("Seconds"),
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
