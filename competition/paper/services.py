"""Write paper: print sheets, type what stands on them, decide on differences, count what two people read the same.

Source: docs/sources.md, reliability I6, I11 and RG14. Nothing typed is ever overwritten: a second entry is a row
beside the first, a decision a third, and only the moment of a withdrawal is added to a row.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from competition import pictures, tokens, vault
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.database import lock, session
from competition.errors import RuleBroken, given_reason
from competition.orm import fingerprint
from competition.paper import facts, queries
from competition.paper.models import (
    EntryMode,
    OutcomeKind,
    PaperEntry,
    PaperOutcome,
    PaperPhoto,
    PrintedSheet,
    Verdict,
)
from competition.paper.queries import Standing
from competition.paper.readings import CONTESTANT, Reading, differences
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet, SheetState
from competition.scoring.queries import CellKey
from competition.scoring.queries.paper import (
    PaperMark,
    blank_on_paper,
    marked_otherwise,
    paper_refusal,
)
from competition.scoring.services import OnPaper, count_paper_sheet
from competition.scoring.services.sheets import name_of

MOST_AT_ONCE = 1000
"""Half a minute of drawing."""
MOST_PHOTOS = 10


# --- printing ---------------------------------------------------------------------------------------


def print_sheets(
    event: Event, sheets: Sequence[Sheet], *, with_marks: bool, by: Actor, at: datetime
) -> list[PrintedSheet]:
    """Note that these sheets are printed, each under a random id of its own, with the fingerprint of what stands on it.

    Blank, or with the marks that are recorded so far. Raises RuleBroken for none, for too many at once, and once the marking
    is over.
    """
    if event.state != EventState.SCORING:
        raise RuleBroken(
            sentence("Sheets are printed while the marking is open."),
            next_step=sentence("Open the marking first; the sheets are made then."),
        )
    if not sheets:
        raise RuleBroken(sentence("There is no sheet to print here: all of them are signed or void."))
    if len(sheets) > MOST_AT_ONCE:
        raise RuleBroken(
            sentence("At most %(most)s sheets are printed at once.", most=MOST_AT_ONCE),
            next_step=sentence("Print one module after the other."),
        )
    assert by.account_id is not None, "somebody prints"
    rule_set = rule_set_of(event)
    marks = scoring.marks_by_sheet(event.id, [sheet.id for sheet in sheets]) if with_marks else {}
    made = []
    for sheet in sheets:
        own = tokens.random_id()
        items = scoring.items_of(rule_set, sheet.module, sheet.seat_label)
        content = {
            "print": own,
            "sheet": [sheet.module, sheet.code, sheet.seat_label],
            "items": [item.key for item in items],
            "marks": scoring.content_hash(sheet, marks.get(sheet.id, {})) if with_marks else None,
        }
        made.append(
            PrintedSheet(
                id=own,
                event_id=event.id,
                sheet_id=sheet.id,
                with_marks=with_marks,
                document_hash=fingerprint(content),
                at=at,
                by_id=by.account_id,
                by_name=by.name,
            )
        )
    session.add_all(made)
    session.flush()
    fact = facts.SheetsPrinted(event_id=event.id, subject_id=event.id, count=len(made), with_marks=with_marks)
    record(fact, by=by, at=at)
    return made


# --- typing -----------------------------------------------------------------------------------------


def take_reading(
    sheet: Sheet, reading: Reading, *, by: Actor, at: datetime, confirms: PaperEntry | None = None
) -> PaperEntry:
    """Keep what somebody read from the paper: the first entry, or the second, which is compared with it.

    `confirms` is the first entry when the reader had it on screen; without it the reader has seen none, so that whoever typed at
    the same time as the first is the second. Two equal entries are counted at once; where something stands in the way, they are
    kept and wait. Raises RuleBroken for the judge of the sheet, for somebody who typed it before, when two have typed it, for
    blanks, and while nothing can be taken; Conflict when the entry to confirm was withdrawn.
    """
    lock(sheet)
    standing = queries.standing_of(sheet)
    if refusal := queries.typing_refusal(standing, by):
        raise RuleBroken(refusal)
    _refuse_closed(standing)
    if confirms is not None and (not standing.entries or standing.entries[0].id != confirms.id):
        raise queries.withdrawn_meanwhile()
    if blanks := blank_on_paper(sheet, reading.marks):
        raise RuleBroken(
            *(sentence("%(aspect)s is blank.", aspect=item.aspect.title) for item in blanks),
            next_step=sentence(
                "Type “/” where nothing was attempted; where the judge forgot a mark, give the paper back to the judge."
            ),
        )
    ordinal = len(standing.entries) + 1
    verdict = Verdict.FIRST if ordinal == 1 else _verdict(standing.readings[0], reading)
    mode = EntryMode.TYPED if confirms is None else EntryMode.CONFIRMED
    entry = _keep(standing, reading, ordinal, mode, verdict, by=by, at=at)
    fact = facts.SheetTyped(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        ordinal=ordinal,
        mode=mode.value,
        verdict=verdict.value,
    )
    record(fact, by=by, at=at)
    if verdict is Verdict.EQUAL:
        _count_if_nothing_is_in_the_way(sheet, by=by, at=at)
    return entry


def withdraw_entry(sheet: Sheet, *, by: Actor, at: datetime) -> None:
    """Take the own first entry back, as long as nobody has typed a second. It is kept, and counts for nothing."""
    lock(sheet)
    standing = queries.standing_of(sheet)
    own = [entry for entry in standing.entries if entry.by_id == by.account_id]
    if not own:
        raise RuleBroken(sentence("There is no entry of yours to withdraw."))
    if len(standing.entries) > 1:
        raise RuleBroken(
            sentence("Somebody has typed this sheet a second time, so nothing is withdrawn any more."),
            next_step=sentence("If the two differ, a third person decides."),
        )
    own[0].withdrawn_at = at
    session.flush()
    fact = facts.EntryWithdrawn(event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet))
    record(fact, by=by, at=at)


def _refuse_closed(standing: Standing) -> None:
    refusal = paper_refusal(standing.sheet)
    if refusal is None:
        return
    is_open = scoring.event_of(standing.sheet).state == EventState.SCORING
    if is_open and standing.entries and standing.sheet.state in (SheetState.SIGNED, SheetState.CONFIRMED):
        return  # the second reading completes what the chief judge has to compare
    raise RuleBroken(
        refusal,
        next_step=sentence("Give the paper to the chief judge. What you typed is still here."),
    )


def _verdict(first: Reading, second: Reading) -> Verdict:
    return Verdict.DIFFERENT if differences(first, second) else Verdict.EQUAL


def _keep(
    standing: Standing,
    reading: Reading,
    ordinal: int,
    mode: EntryMode,
    verdict: Verdict,
    *,
    by: Actor,
    at: datetime,
) -> PaperEntry:
    assert by.account_id is not None, "an entry needs a person"
    entry = PaperEntry(
        event_id=standing.sheet.event_id,
        sheet_id=standing.sheet.id,
        round=standing.round,
        ordinal=ordinal,
        mode=mode,
        verdict=verdict,
        reading=reading.document(),
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(entry)
    session.flush()
    return entry


# --- the third look ---------------------------------------------------------------------------------


def decide_differences(
    sheet: Sheet,
    *,
    choices: Mapping[CellKey, PaperMark | None],
    reasons: Mapping[CellKey, str],
    contestant_refused: str = "",
    by: Actor,
    at: datetime,
) -> PaperEntry:
    """A third person says for every difference what the paper says, each with a reason; the two entries stay as they are.

    `choices` has every cell that differs (None: nothing stands there). Raises RuleBroken for the judge, for whoever typed one of
    the two, for a difference without a decision or a reason, and for blanks that the decision would leave.
    """
    lock(sheet)
    standing = queries.standing_of(sheet)
    if refusal := queries.deciding_refusal(standing, by):
        raise RuleBroken(refusal)
    _refuse_closed(standing)
    first, second = standing.readings
    open_cells = differences(first, second)
    missing = [cell for cell in open_cells if cell != CONTESTANT and cell not in choices]
    if missing or any(not reasons.get(cell, "").strip() for cell in open_cells):
        raise RuleBroken(sentence("Every difference needs a decision and its reason."))
    marks = _chosen(first, second, choices)
    if CONTESTANT not in open_cells:
        contestant_refused = first.contestant_refused
    why = {f"{aspect} {kind}".strip(): reasons[aspect, kind].strip()[:300] for aspect, kind in open_cells}
    if blanks := blank_on_paper(sheet, marks):
        raise RuleBroken(*(sentence("%(aspect)s is blank.", aspect=item.aspect.title) for item in blanks))
    reading = Reading(marks, contestant_refused, why)
    entry = _keep(standing, reading, 3, EntryMode.CHOSEN, Verdict.DECIDED, by=by, at=at)
    fact = facts.DifferencesDecided(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), count=len(open_cells)
    )
    record(fact, by=by, at=at)
    _count_if_nothing_is_in_the_way(sheet, by=by, at=at)
    return entry


def _chosen(
    first: Reading, second: Reading, choices: Mapping[CellKey, PaperMark | None]
) -> tuple[PaperMark, ...]:
    """The reading with every choice in its place, in the order of the sheet."""
    cells = {**second.cells, **first.cells}
    order = dict.fromkeys([*first.cells, *second.cells, *choices])
    found = [choices[cell] if cell in choices else cells[cell] for cell in order]
    return tuple(mark for mark in found if mark is not None)


# --- counting ---------------------------------------------------------------------------------------


def count_sheet(sheet: Sheet, *, by: Actor, at: datetime) -> PaperOutcome:
    """Count a sheet that two people read the same and that something held up. Raises RuleBroken with what still does."""
    lock(sheet)
    standing = queries.standing_of(sheet)
    if standing.agreed is None:
        raise RuleBroken(sentence("Two people have not read the same from this sheet yet."))
    if reasons := queries.held_up_by(standing):
        raise RuleBroken(*reasons)
    return _count(standing, "", by=by, at=at)


def prefer_paper(sheet: Sheet, *, reason: str, by: Actor, at: datetime) -> PaperOutcome:
    """The chief judge decides that the paper counts where a tablet says otherwise. Both stay on the record, with the reason."""
    lock(sheet)
    standing, reason = queries.standing_of(sheet), given_reason(reason)
    if standing.agreed is None:
        raise RuleBroken(sentence("Two people have not read the same from this sheet yet."))
    _refuse_judge(sheet, by)
    others = marked_otherwise(sheet, standing.agreed.marks)
    fact = facts.PaperPreferred(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        count=len(others),
        reason=reason,
    )
    record(fact, by=by, at=at)
    return _count(standing, reason, by=by, at=at, instead_of_tablet=True)


def set_aside(sheet: Sheet, *, reason: str, by: Actor, at: datetime) -> PaperOutcome:
    """The chief judge decides that what was typed does not count: a tablet's marks do, or the paper is typed anew."""
    lock(sheet)
    standing, reason = queries.standing_of(sheet), given_reason(reason)
    if not standing.entries:
        raise RuleBroken(sentence("Nothing of this sheet was typed from paper."))
    _refuse_judge(sheet, by)
    fact = facts.EntriesSetAside(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), reason=reason
    )
    record(fact, by=by, at=at)
    return _end(standing, OutcomeKind.SET_ASIDE, reason, "", by=by, at=at)


def _count_if_nothing_is_in_the_way(sheet: Sheet, *, by: Actor, at: datetime) -> None:
    standing = queries.standing_of(sheet)
    if not queries.held_up_by(standing):
        _count(standing, "", by=by, at=at)


def _count(
    standing: Standing, reason: str, *, by: Actor, at: datetime, instead_of_tablet: bool = False
) -> PaperOutcome:
    reading = standing.agreed
    assert reading is not None, "two people read the same, or a third has decided"
    paper = OnPaper(reading.marks, standing.typed_by, reading.contestant_refused)
    signature = count_paper_sheet(standing.sheet, paper, by=by, at=at, instead_of_tablet=instead_of_tablet)
    return _end(standing, OutcomeKind.COUNTED, reason, signature.content_hash, by=by, at=at)


def _end(
    standing: Standing, kind: OutcomeKind, reason: str, content_hash: str, *, by: Actor, at: datetime
) -> PaperOutcome:
    assert by.account_id is not None, "somebody ends a round"
    outcome = PaperOutcome(
        event_id=standing.sheet.event_id,
        sheet_id=standing.sheet.id,
        round=standing.round,
        kind=kind,
        reason=reason,
        content_hash=content_hash,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(outcome)
    session.flush()
    return outcome


def _refuse_judge(sheet: Sheet, by: Actor) -> None:
    if sheet.judge.account_id == by.account_id:
        raise RuleBroken(sentence("You marked this sheet as its judge, so another person must do this."))


# --- photos -----------------------------------------------------------------------------------------


def attach_photo(sheet: Sheet, content: bytes, *, by: Actor, at: datetime) -> PaperPhoto:
    """Keep a photo of the paper, drawn anew from its pixels and sealed. Raises RuleBroken for what is no photo or one too many."""
    query = select(func.count()).where(PaperPhoto.event_id == sheet.event_id, PaperPhoto.sheet_id == sheet.id)
    if (session.scalar(query) or 0) >= MOST_PHOTOS:
        raise RuleBroken(sentence("This sheet has %(most)s photos already.", most=MOST_PHOTOS))
    picture = pictures.photo(content)
    assert by.account_id is not None, "somebody took the photo"
    digest = hashlib.sha256(content).hexdigest()
    photo = PaperPhoto(
        event_id=sheet.event_id,
        sheet_id=sheet.id,
        sha256=digest,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
        content=vault.seal(b64encode(picture.content).decode(), place=queries.SEAL),
    )
    session.add(photo)
    session.flush()
    fact = facts.PaperPhotographed(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), sha256=digest
    )
    record(fact, by=by, at=at)
    return photo
