"""Count a sheet that was marked and signed on paper: through the same path as every tablet, with the judge as the one who signed.

Source: docs/sources.md, reliability I6, I11 and RG14. The room of paper has made sure that two people read the same; here the values
become operations of the event's paper desk, in its sequence, and the sheet is signed. A sheet that is signed already is never touched.
"""

from dataclasses import dataclass
from datetime import datetime

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import Conflict, RuleBroken
from competition.panels.queries import is_shadow
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.scoring import facts, queries
from competition.scoring.models import Mark, Sheet, SheetState, Signature
from competition.scoring.queries import batches, signing
from competition.scoring.queries.answers import APPLIED
from competition.scoring.queries.items import is_ruled
from competition.scoring.queries.levels import BLANK, is_given
from competition.scoring.queries.paper import PaperMark, marked_otherwise, paper_blockers
from competition.scoring.queries.sheets import REOPENED, SIGNED
from competition.scoring.services.operations import Sent, take_batch
from competition.scoring.services.sheets import name_of
from competition.tablets.services import desk_for_paper


@dataclass(frozen=True)
class OnPaper:
    """What the paper of a sheet says, and who read it. `contestant_refused` is why the contestant did not sign, "" when they did."""

    marks: tuple[PaperMark, ...]
    typed_by: tuple[str, ...]
    contestant_refused: str = ""

    @property
    def readers(self) -> str:
        return "、".join(self.typed_by)


def count_paper_sheet(
    sheet: Sheet, paper: OnPaper, *, by: Actor, at: datetime, instead_of_tablet: bool = False
) -> Signature:
    """Record what stands on the paper and sign the sheet in its judge's name, as signed on paper.

    Raises RuleBroken with everything that keeps it from being counted (queries.paper), and Conflict when a tablet gave other
    marks, unless the chief judge has decided that the paper counts instead of them. All of it is recorded or nothing.
    """
    lock(sheet)
    if blockers := paper_blockers(sheet, paper.marks):
        raise RuleBroken(*blockers)
    if not instead_of_tablet and marked_otherwise(sheet, paper.marks):
        raise Conflict(sentence("A tablet gave this sheet other marks than the paper."))
    _record(queries.event_of(sheet), sheet, paper, by=by, at=at)
    found = queries.hash_of_sheet(sheet)
    if signing.needs_contestant(sheet):
        act = signing.CONTESTANT_REFUSED if paper.contestant_refused else signing.CONTESTANT_SIGNED
        _stand_for(sheet, act, found, reason=paper.contestant_refused or paper.readers, at=at)
    sheet.state = SheetState.SIGNED
    signature = _stand_for(sheet, SIGNED, found, reason=paper.readers, at=at)
    session.flush()
    fact = facts.SheetSignedOnPaper(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        readers=paper.readers,
        content_hash=found,
    )
    record(fact, by=by, at=at)
    return signature


def _record(event: Event, sheet: Sheet, paper: OnPaper, *, by: Actor, at: datetime) -> None:
    assert by.account_id is not None, "paper is counted by a person"
    desk = desk_for_paper(event, by=by, at=at)
    row = batches.device_row(event.id, desk.id)
    assert row is not None, "the desk was made a moment ago"
    row = row._replace(account_id=by.account_id, judge_id=sheet.judge_id)
    operations = _operations(sheet, paper, row.last_sequence, at)
    taken = take_batch(batches.event_row(event.id), row, operations=operations, by=by, at=at)
    if refused := [one.sentence for one in taken.answers if one.answer != APPLIED]:
        raise RuleBroken(*dict.fromkeys(refused))


def _operations(sheet: Sheet, paper: OnPaper, last: int, at: datetime) -> list[Sent]:
    """What has to change so that the sheet says what the paper says; equal marks stay, and so does what the chief judge ruled."""
    current = queries.marks_of_sheet(sheet)
    said = [mark for mark in paper.marks if (now := current.get(mark.cell)) is None or not mark.says(now)]
    on_paper = {mark.cell for mark in paper.marks}
    cleared = [
        PaperMark(mark.aspect, mark.kind, None, BLANK)
        for cell, mark in current.items()
        if cell not in on_paper and is_given(mark) and not is_ruled(mark.kind)
    ]
    rounds = _rounds(sheet, current)
    return [
        _sent(sheet, mark, current.get(mark.cell), rounds.get(mark.cell), last + number, at)
        for number, mark in enumerate([*said, *cleared], 1)
    ]


def _sent(
    sheet: Sheet, mark: PaperMark, now: Mark | None, reason: str | None, sequence: int, at: datetime
) -> Sent:
    return Sent(
        op_id=tokens.new_id(),
        seq=sequence,
        sheet=sheet.id,
        aspect=mark.aspect,
        kind=mark.kind,
        base_version=now.version if now else 0,
        value=mark.value,
        state=mark.state,
        round=(now.round if now else 1) + (reason is not None),
        reason=mark.reason or reason or "",
        device_time=at.isoformat(),
    )


def _rounds(sheet: Sheet, current: dict[queries.CellKey, Mark]) -> dict[queries.CellKey, str]:
    """The levels that are shown to all judges already: who changes one opens a new round, for the reason of the reopening."""
    if is_shadow(sheet.seat_label):
        return {}
    siblings = queries.siblings_of(sheet)
    marks = queries.marks_by_sheet(sheet.event_id, [one.id for one in siblings])
    event = batches.event_row(sheet.event_id)
    opened = next((one for one in reversed(queries.signatures_of(sheet)) if one.act == REOPENED), None)
    return {
        item.key: opened.reason if opened else "paper"
        for items in event.items(sheet.module, sheet.seat_label).values()
        for item in items
        if item.is_level and item.key in current and queries.levels_of(item.aspect, siblings, marks).are_shown
    }


def _stand_for(sheet: Sheet, act: str, content_hash: str, *, reason: str, at: datetime) -> Signature:
    """The judge's signature, given on paper; the reason names who read it from there."""
    account = sheet.judge.account
    signature = Signature(
        event_id=sheet.event_id,
        id=tokens.new_id(),
        sheet_id=sheet.id,
        act=act,
        content_hash=content_hash,
        reason=reason[:500],
        at=at,
        by_id=account.id,
        by_name=account.name,
        way=signing.PAPER,
    )
    session.add(signature)
    return signature
