"""How somebody stands for a sheet: what a drawn name may be, who asked for a reopening, and whether the contestant has signed."""

import re
from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.database import session
from competition.panels.queries import is_shadow
from competition.rules.procedure import ProcessSignature
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Sheet, SheetState, Signature
from competition.scoring.queries.sheets import REOPENED, SIGNED, event_of, signatures_of

PIN = "pin"
DRAWN = "drawn"
PASSWORD = "password"  # noqa: S105 -- the word for the way, and no password
PAPER = "paper"
"""Signed on the paper of the sheet; the reason of the signature names who read it from there."""

ASKED = "asked"
DECLINED = "declined"
CONTESTANT_SIGNED = "contestant_signed"
CONTESTANT_REFUSED = "contestant_refused"
RULED = "ruled"
REASSIGNED = "reassigned"

WIDTH, HEIGHT = 600, 200
"""The field in which a name is drawn; a drawing is a path of whole numbers in it: M12,40L15,44L20,51M…"""
MOST_DRAWN = 12_000
LEAST_INK = 60
_PATH = re.compile(r"(?:M\d{1,3},\d{1,3}(?:L\d{1,3},\d{1,3})*)+")
_POINT = re.compile(r"([ML])(\d{1,3}),(\d{1,3})")


def drawing_problem(path: str) -> Sentence | None:
    """Why this is no drawn name, or None: nothing but lines within the field, and enough of them to be a name."""
    if not path:
        return sentence("Draw your name in the field.")
    if len(path) > MOST_DRAWN or not _PATH.fullmatch(path):
        return sentence("The drawing cannot be read. Draw your name again.")
    points = [(way, int(x), int(y)) for way, x, y in _POINT.findall(path)]
    if any(x > WIDTH or y > HEIGHT for _way, x, y in points):
        return sentence("The drawing cannot be read. Draw your name again.")
    if _ink(points) < LEAST_INK:
        return sentence("This is too little for a signature. Draw your name.")
    return None


def _ink(points: Sequence[tuple[str, int, int]]) -> int:
    pairs = pairwise(points)
    return sum(abs(x - u) + abs(y - v) for (_one, u, v), (way, x, y) in pairs if way == "L")


def reassigned_in(event: Event) -> set[UUID]:
    """The sheets that the chief judge gave to another judge than their seat's."""
    query = select(Signature.sheet_id).where(Signature.event_id == event.id, Signature.act == REASSIGNED)
    return set(session.scalars(query))


def reopening_asked(sheet: Sheet) -> Signature | None:
    """The judge's wish to have the signed sheet opened again, while nobody has answered it."""
    if sheet.state not in (SheetState.SIGNED, SheetState.CONFIRMED):
        return None
    for one in reversed(signatures_of(sheet)):
        if one.act == ASKED:
            return one
        if one.act in (SIGNED, REOPENED, DECLINED):
            return None
    return None


def reopenings_asked(event: Event) -> list[tuple[Sheet, Signature]]:
    """The sheets whose judges wait for a reopening, the longest waiting first."""
    ids = select(Signature.sheet_id).where(Signature.event_id == event.id, Signature.act == ASKED)
    sheets = session.scalars(select(Sheet).where(Sheet.event_id == event.id, Sheet.id.in_(ids)))
    waiting = [(sheet, asked) for sheet in sheets if (asked := reopening_asked(sheet)) is not None]
    return sorted(waiting, key=lambda pair: pair[1].at)


def asked_among(sheets: Sequence[Sheet]) -> set[UUID]:
    """Which of these sheets, all of one event, wait for a reopening."""
    if not sheets:
        return set()
    rows = session.scalars(
        select(Signature.sheet_id).where(
            Signature.event_id == sheets[0].event_id,
            Signature.act == ASKED,
            Signature.sheet_id.in_([sheet.id for sheet in sheets]),
        )
    )
    found = set(rows)
    return {sheet.id for sheet in sheets if sheet.id in found and reopening_asked(sheet) is not None}


def needs_contestant(sheet: Sheet) -> bool:
    """Whether the contestant signs this sheet: the rules say so, and it is the lead's, which records what happened."""
    rules = rule_set_of(event_of(sheet)).procedure
    is_process = rules.process_signature is ProcessSignature.CONTESTANT
    return is_process and sheet.lead and not is_shadow(sheet.seat_label)


def contestant_stands(sheet: Sheet, content_hash: str) -> Signature | None:
    """The contestant's signature, or the note that the contestant would not sign, for the sheet as it is now."""
    acts = (CONTESTANT_SIGNED, CONTESTANT_REFUSED)
    return next(
        (
            one
            for one in reversed(signatures_of(sheet))
            if one.act in acts and one.content_hash == content_hash
        ),
        None,
    )


def signed_before(sheet: Sheet) -> Signature | None:
    """The latest signature of the judge on a sheet that was opened again since; None on one that was not."""
    last = next((one for one in reversed(signatures_of(sheet)) if one.act in (SIGNED, REOPENED)), None)
    if last is None or last.act == SIGNED:
        return None
    return next((one for one in reversed(signatures_of(sheet)) if one.act == SIGNED), None)
