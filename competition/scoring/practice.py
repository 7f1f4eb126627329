"""The practice sheet: made-up entrants and items of every kind, marked as on the day. Nothing of it is stored or sent."""

from typing import Any

from flask import current_app, url_for

from competition import clock
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import SheetState
from competition.scoring.presenters.labels import STATE_LABELS
from competition.scoring.presenters.screen_texts import EVERY_TEXT
from competition.web.language import say

CODES = ("101", "102", "103")


def practice_desk() -> dict[str, Any]:
    """What the sheet's script needs to show the practice sheet, in the form of a desk (docs/tablets.md)."""
    back = url_for("scoring.list_own_events")
    return {
        "practice": True,
        "event": "practice",
        "account": "practice",
        "module": "P",
        "title": say(sentence("Practice sheet")),
        "current": "101",
        "server_time": clock.now().isoformat(),
        "time_zone": current_app.config["SETTINGS"].time_zone,
        "csrf_token": "",
        "is_open": True,
        "modules": [{"id": "P", "title": say(sentence("Practice sheet"))}],
        "addresses": dict.fromkeys(
            (
                "desk",
                "data",
                "devices",
                "presence",
                "operations",
                "state",
                "sheet",
                "sign",
                "sign_in",
                "home",
            ),
            back,
        ),
        "order": [{"id": code, "code": code, "module": "P"} for code in CODES],
        "items": {"P": {"J1": [_item(*each) for each in _ITEMS]}},
        "sheets": [_sheet(code) for code in CODES],
        "texts": {name: say(words) for name, words in EVERY_TEXT.items()},
    }


def _sheet(code: str) -> dict[str, Any]:
    return {
        "id": code,
        "module": "P",
        "code": code,
        "seat": "J1",
        "state": SheetState.OPEN,
        "state_says": say(STATE_LABELS[SheetState.OPEN][0]),
        "marks": [],
        "levels": {},
        "notes": [],
        "photos": [],
        "asked": False,
    }


def _item(aspect: str, title: Sentence, hint: Sentence, kind: str, method: dict[str, Any]) -> dict[str, Any]:
    return {
        "aspect": aspect,
        "kind": kind,
        "title": say(title),
        "heading": say(sentence("Practice sheet")),
        "path": ["P"],
        "judges": None,
        "needed": kind == "mark",
        "extra": "" if kind == "mark" else say(sentence("deductions")),
        "hint": say(hint),
        "states": ["not_attempted"] if kind == "mark" else [],
        "method": method,
    }


_TEN = {"type": "range", "low": "0", "high": "10", "step": "0.5"}
_ITEMS: tuple[tuple[str, Sentence, Sentence, str, dict[str, Any]], ...] = (
    (
        "P1",
        sentence("Type a mark on the keypad: 8.5, then Next"),
        sentence("0 to 10 in steps of 0.5"),
        "mark",
        _TEN,
    ),
    (
        "P2",
        sentence("Type 11: the range is shown and nothing is recorded; then type 9"),
        sentence("0 to 10 in steps of 0.5"),
        "mark",
        _TEN,
    ),
    (
        "P3",
        sentence("Press Undo, look at the item above, press Redo; then mark this one"),
        sentence("0 to 10 in steps of 0.5"),
        "mark",
        _TEN,
    ),
    (
        "P4",
        sentence("Choose a level from 0 to 3"),
        sentence("level 0 to 3"),
        "mark",
        {"type": "level", "max": "6", "descriptors": []},
    ),
    (
        "P5",
        sentence("Fulfilled or not; “/” says: not attempted"),
        sentence("fulfilled or not"),
        "mark",
        {"type": "binary", "max": "2"},
    ),
    (
        "P6",
        sentence("A measurement: type 2 and see that you are asked; then type 20.01"),
        sentence("measured value, target 20"),
        "mark",
        {"type": "tolerance", "target": "20", "bands": [["0.02", "10"], ["0.05", "6"]]},
    ),
    (
        "P7",
        sentence("Add a deduction with its reason, and remove it again"),
        sentence("each entry with its reason"),
        "entry",
        {"type": "deduction", "effect": "points", "high": "5", "step": "0.5", "cap": None},
    ),
)
