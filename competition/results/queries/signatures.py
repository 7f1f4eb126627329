"""The signed sheets behind a result: when each was signed, and every cell that the signature covers."""

from collections import defaultdict
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.orm import CanonicalText, canonical_json
from competition.results.models import ResultRevision, SignedSheets
from competition.scoring.models import Signature
from competition.scoring.queries.recorded import Recorded
from competition.scoring.queries.sheets import CONFIRMED, SIGNED, cells_of, hash_of_cells
from competition.scoring.queries.taking_part import RECEIVED

SheetKey = dict[str, Any]
"""A signed sheet: module, code, entrant, judge (module.seat), signed_at, confirmed_at, hash and cells."""


def signed_sheets(event: Event, recorded: Recorded) -> CanonicalText:
    """The received sheets that count in the reconciliation, by module, code and seat, as the list that is stored.

    `hash` is what the judge signed: the SHA-256 of sheet, module, code and cells; a cell is aspect, kind, value, state,
    round and version. Judges go by their seats, as in the contest document. Equal sheets give equal texts.
    """
    entrants = {one.code: one.entrant_id for one in recorded.drawn}
    signed = _moments(event)
    found: list[SheetKey] = []
    for sheet in sorted(recorded.sheets, key=attrgetter("module", "code", "seat_label")):
        if sheet.state in RECEIVED and sheet.code in entrants:
            cells = cells_of(recorded.marks.get(sheet.id, {}))
            found.append(
                {
                    "sheet": sheet.id,
                    "module": sheet.module,
                    "code": sheet.code,
                    "entrant": entrants[sheet.code],
                    "judge": f"{sheet.module}.{sheet.seat_label}",
                    "signed_at": signed[sheet.id].get(SIGNED),
                    "confirmed_at": signed[sheet.id].get(CONFIRMED),
                    "hash": hash_of_cells(sheet, cells),
                    "cells": cells,
                }
            )
    return CanonicalText(canonical_json(found))


def sheets_behind(revision: ResultRevision) -> list[SheetKey] | None:
    """The signed sheets as they were when the revision was prepared; None for one older than this record of them."""
    found: SignedSheets | None = session.get(SignedSheets, (revision.event_id, revision.id))
    return None if found is None else found.sheets


def _moments(event: Event) -> dict[Any, dict[str, datetime]]:
    """The latest moment of every act by sheet; a confirmation from before the last signature does not count."""
    rows = session.execute(
        select(Signature.sheet_id, Signature.act, Signature.at)
        .where(Signature.event_id == event.id)
        .order_by(Signature.at, Signature.id)
    )
    found: dict[Any, dict[str, datetime]] = defaultdict(dict)
    for sheet, act, at in rows:
        if act == SIGNED:
            found[sheet].pop(CONFIRMED, None)
        found[sheet][act] = at
    return found
