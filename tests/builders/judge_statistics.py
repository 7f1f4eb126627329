"""Marks of whole panels for tests of judge statistics, with the clocks of the tablets they were made on."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from competition.competitions.models import Event
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet
from competition.tablets.models import Device
from tests.builders import paper, results
from tests.builders import scoring as marking
from tests.conftest import NOON

ASPECTS = ("form", "joint", "finish", "colour", "edge", "order")

Clock = Callable[[int], str]
"""What the tablet's clock says at its nth mark."""


def panel_rules(judges: int = 2, high: int = 100) -> dict[str, Any]:
    """Six aspects that so many judges mark from 0 to `high`; the mean counts."""
    panel = {"type": "panel", "range": {"low": 0, "high": high}, "judges": judges, "combine": "mean"}
    return {
        **results.one_mark_rules(),
        "scheme": {
            "kind": "group",
            "id": "total",
            "title": {"zh": "总成绩", "en": "Total"},
            "combine": "sum",
            "children": [
                {"kind": "aspect", "id": name, "title": {"zh": name, "en": name}, **panel} for name in ASPECTS
            ],
        },
    }


def panel_event(number: int, *, judges: int = 2, high: int = 100) -> Event:
    """An event with so many entrants, whose marking by a panel is open."""
    return results.marking_event(number, rules=panel_rules(judges, high))


def sheets_of(event: Event, seat: str) -> list[Sheet]:
    """The sheets of one seat in the order of the starts."""
    found = [sheet for sheet in scoring.sheets_of(event) if sheet.seat_label == seat]
    return sorted(found, key=lambda sheet: sheet.start_order)


def tablet(sheets: Iterable[Sheet], label: str = "平板1") -> Device:
    """A tablet of the judge of these sheets."""
    sheet = next(iter(sheets))
    return marking.device(scoring.event_of(sheet), sheet.judge.account, label)


def every(seconds: float, *, off: timedelta = timedelta(0)) -> Clock:
    """A clock that tells a mark every so many seconds, and is off by so much."""
    return lambda nth: (NOON + off + timedelta(seconds=seconds * nth)).isoformat()


def stopped(_nth: int) -> str:
    """A clock that says the same at every mark."""
    return NOON.isoformat()


def value_of(sheet: Sheet, nth: int) -> str:
    """Marks that differ from entrant to entrant and from aspect to aspect."""
    return str((37 * sheet.start_order + 11 * nth) % 100)


def mark(
    sheets: Iterable[Sheet],
    device: Device,
    clock: Clock = stopped,
    *,
    values: Callable[[Sheet, int], str] = value_of,
    aspects: Iterable[str] = ASPECTS,
    in_one_batch: bool = False,
) -> None:
    """Mark these sheets on the tablet; every sheet a batch of its own, a minute apart for the server, or all in one."""
    batches = [
        [
            partial(marking.sent, sheet, aspect, values(sheet, nth), kind="mark")
            for nth, aspect in enumerate(aspects)
        ]
        for sheet in sheets
    ]
    if in_one_batch:
        batches = [[one for batch in batches for one in batch]]
    number = device.last_sequence
    for minute, batch in enumerate(batches):
        sent = []
        for make in batch:
            number += 1
            sent.append(make(seq=number, device_time=clock(number)))
        answers = marking.send(device, *sent, at=NOON + timedelta(minutes=minute))
        assert all(answer.outcome == "applied" for answer in answers), answers


def mark_on_paper(sheets: Iterable[Sheet], clerks: Iterable[Any]) -> None:
    """The same marks, typed by two clerks from paper."""
    both = list(clerks)
    for sheet in sheets:
        texts = {aspect: value_of(sheet, nth) for nth, aspect in enumerate(ASPECTS)}
        for clerk in both:
            paper.typed(sheet, clerk, **texts)
