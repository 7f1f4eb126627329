"""The signed sheets behind a result: when each was signed, and every cell that the signature covers."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.draws.models import Draw, DrawnPlace
from competition.orm import canonical_json, read_json
from competition.results.models import ResultRevision, SignedSheets
from competition.scoring import queries as scoring
from competition.scoring.models import Signature
from competition.scoring.queries.sheets import CONFIRMED, SIGNED
from competition.scoring.queries.taking_part import RECEIVED

SheetKey = dict[str, Any]
"""A signed sheet: module, code, entrant, judge (module.seat), signed_at, confirmed_at, hash and cells."""


def signed_sheets(event: Event) -> list[SheetKey]:
    """The received sheets that count in the reconciliation, by module, code and seat; equal sheets give equal documents.

    `hash` is what the judge signed: the SHA-256 of sheet, module, code and cells; a cell is aspect, kind, value, state,
    round and version. Judges go by their seats, as in the contest document.
    """
    entrants, signed = _entrants(event), _moments(event)
    counted = scoring.sheets_counted(scoring.codes_drawn(event), scoring.sheet_rows(event))
    sheets = [sheet for sheet in counted if sheet.state in RECEIVED and sheet.code in entrants]
    marks = scoring.mark_rows(event)
    found = [
        {
            "sheet": sheet.id,
            "module": sheet.module,
            "code": sheet.code,
            "entrant": entrants[sheet.code],
            "judge": f"{sheet.module}.{sheet.seat_label}",
            "signed_at": signed[sheet.id].get(SIGNED),
            "confirmed_at": signed[sheet.id].get(CONFIRMED),
            "hash": scoring.content_hash(sheet, marks.get(sheet.id, {})),
            "cells": [
                [mark.aspect, mark.kind, mark.value, mark.state, mark.round, mark.version]
                for _, mark in sorted(marks.get(sheet.id, {}).items())
            ],
        }
        for sheet in sheets
    ]
    plain: list[SheetKey] = read_json(canonical_json(found))
    return sorted(plain, key=lambda each: (each["module"], each["code"], each["judge"]))


def sheets_behind(revision: ResultRevision) -> list[SheetKey] | None:
    """The signed sheets as they were when the revision was prepared; None for one older than this record of them."""
    found: SignedSheets | None = session.get(SignedSheets, (revision.event_id, revision.id))
    return None if found is None else found.sheets


def _entrants(event: Event) -> dict[str, str]:
    rows = session.execute(
        select(DrawnPlace.code, DrawnPlace.entrant_id)
        .join(Draw, Draw.id == DrawnPlace.draw_id)
        .where(Draw.event_id == event.id, Draw.superseded_at.is_(None))
    )
    return {code: str(entrant_id) for code, entrant_id in rows}


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
