"""Take what devices send: one transaction per batch, in the order of the device's sequence, an answer per operation.

Source: docs/sources.md, reliability §5.1 and I1–I8. An operation id has at most one effect; a value that another device changed in
between is a conflict that keeps both; a signed sheet does not change; device clocks decide nothing. Every operation
that was looked at is kept as it was sent, with its answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, rule_set_of
from competition.database import session
from competition.orm import fingerprint
from competition.panels.queries import judge_of
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState
from competition.rules.marking import MarkKind, MarkState, state_refusal
from competition.rules.numbers import as_decimal
from competition.rules.sentences import Sentence
from competition.scoring import facts, queries
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState
from competition.scoring.queries.answers import (
    APPLIED,
    CONFLICT,
    DUPLICATE,
    OUT_OF_RANGE,
    REJECTED,
    UNCHANGED,
    said,
    value_of,
    value_refusal,
)
from competition.scoring.queries.items import Item
from competition.scoring.queries.levels import BLANK, VALUE
from competition.scoring.services.sheets import name_of
from competition.tablets.models import Device
from competition.tablets.queries import devices_by_id

GAP = "gap"


@dataclass(frozen=True)
class Sent:
    """One operation as a device sent it. `base_version` is the version of the cell the device last had from the server."""

    op_id: UUID
    seq: int
    sheet: UUID
    aspect: str
    kind: str
    base_version: int
    value: str | None
    state: str
    round: int
    reason: str
    device_time: str

    def body(self) -> dict[str, Any]:
        return {**vars(self), "op_id": str(self.op_id), "sheet": str(self.sheet)}


@dataclass(frozen=True)
class Theirs:
    """What another device recorded in the cell of a conflict."""

    value: Decimal | None
    state: str
    device: str
    device_time: str
    received_at: datetime


@dataclass(frozen=True)
class Answer:
    """What became of an operation. `outcome` is what it was answered the first time (a duplicate repeats it)."""

    op_id: UUID
    answer: str
    outcome: str
    reason: str
    version: int
    sentence: Sentence
    theirs: Theirs | None = None


def apply_operations(
    device: Device, *, operations: Sequence[Sent], by: Actor, at: datetime
) -> tuple[Answer, ...]:
    """Take a batch from a device, in the order of its sequence, and answer every operation: applied, duplicate, conflict
    or rejected with a reason. Whose device it is must have been checked."""
    event = event_by_id(device.event_id)
    ordered = sorted(operations, key=lambda sent: sent.seq)
    batch = _Batch(event, device, ordered, by, at)
    answers = tuple(batch.take(sent) for sent in ordered)
    session.flush()
    batch.write_down()
    return answers


def _is_state_refused(sent: Sent, item: Item) -> bool:
    """Whether what was sent instead of a number cannot be said of this item."""
    if sent.state in (VALUE, BLANK):
        return False
    refusal = state_refusal(item.aspect, MarkState(sent.state), attempt=item.attempt)
    return item.kind is not MarkKind.MARK or refusal is not None


class _Batch:
    """The state of one batch while it is taken: locked device and sheets, their marks, what was sent before."""

    def __init__(self, event: Event, device: Device, sent: Sequence[Sent], by: Actor, at: datetime) -> None:
        self.event, self.by, self.at = event, by, at
        self.device = device
        session.refresh(device, with_for_update={"of": Device})
        device.last_seen_at = at
        self.rule_set = rule_set_of(event)
        self.judge = judge_of(by)
        self.known = queries.operations_by_id(event.id, [one.op_id for one in sent])
        self.sheets = self._locked_sheets({one.sheet for one in sent})
        self.marks = queries.marks_by_sheet(event.id, self.sheets)
        self.items: dict[tuple[str, str], dict[str, list[Item]]] = {}
        self.counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def _locked_sheets(self, ids: Iterable[UUID]) -> dict[UUID, Sheet]:
        rows = session.scalars(
            select(Sheet)
            .where(Sheet.event_id == self.event.id, Sheet.id.in_(list(ids)))
            .order_by(Sheet.id)
            .with_for_update(of=Sheet)
            .execution_options(populate_existing=True)
        )
        return {sheet.id: sheet for sheet in rows}

    # --- one operation ----------------------------------------------------------------------------

    def take(self, sent: Sent) -> Answer:
        body_hash = fingerprint({"device": self.device.id, **sent.body()})
        if before := self.known.get(sent.op_id):
            return self._again(sent, before, body_hash)
        expected = self.device.last_sequence + 1
        if sent.seq > expected:
            return self._answer(sent, REJECTED, GAP, self._version(sent))
        if sent.seq < expected:
            return self._keep(sent, body_hash, REJECTED, "sequence-used")
        self.device.last_sequence = sent.seq
        answer, reason = self._decide(sent)
        return self._keep(sent, body_hash, answer, reason)

    def _again(self, sent: Sent, before: MarkOperation, body_hash: str) -> Answer:
        if before.body_hash == body_hash:
            return self._answer(sent, DUPLICATE, before.reason, before.version, outcome=before.answer)
        if sent.seq == self.device.last_sequence + 1:
            self.device.last_sequence = sent.seq
        fact = facts.OperationIdReused(
            event_id=self.event.id,
            subject_id=self.device.id,
            device=self.device.label,
            op_id=str(sent.op_id),
            first_hash=before.body_hash,
            second_hash=body_hash,
        )
        record(fact, by=self.by, at=self.at)
        return self._answer(sent, REJECTED, "op-id-reuse", before.version)

    def _decide(self, sent: Sent) -> tuple[str, str]:
        sheet = self.sheets.get(sent.sheet)
        if sheet is None or self.judge is None or sheet.judge_id != self.judge.id:
            return REJECTED, "not-yours"
        if self.event.state != EventState.SCORING:
            return REJECTED, "closed"
        if sheet.state == SheetState.VOID:
            return REJECTED, "void"
        if sheet.state != SheetState.OPEN:
            return REJECTED, "signed"
        items = self._items(sheet).get(sent.aspect, ())
        item = next((one for one in items if one.holds(sent.kind)), None)
        if item is None or _is_state_refused(sent, item):
            return REJECTED, "not-on-sheet"
        if refusal := self._content_refusal(sent, item):
            return REJECTED, refusal
        return self._record(sent, sheet, item)

    def _items(self, sheet: Sheet) -> Mapping[str, list[Item]]:
        key = sheet.module, sheet.seat_label
        if key not in self.items:
            self.items[key] = defaultdict(list)
            for item in queries.items_of(self.rule_set, *key):
                self.items[key][item.aspect.id].append(item)
        return self.items[key]

    def _content_refusal(self, sent: Sent, item: Item) -> str:
        if sent.state == VALUE:
            assert sent.value is not None, "the form of the request asks for it"
            if value_refusal(self.rule_set, sent.aspect, sent.kind, sent.value):
                return OUT_OF_RANGE
            if item.is_list and not sent.reason.strip():
                return "entry-needs-reason" if item.kind is MarkKind.ENTRY else "adjustment-needs-reason"
        return ""

    def _record(self, sent: Sent, sheet: Sheet, item: Item) -> tuple[str, str]:
        mark = self.marks[sheet.id].get((sent.aspect, sent.kind))
        value = as_decimal(value_of(sent.value or "")) if sent.state == VALUE else None
        is_same = mark is not None and (mark.state, mark.value) == (sent.state, value)
        knows_it = sent.base_version == (mark.version if mark else 0)
        if is_same and not (knows_it and sent.reason.strip()):
            return APPLIED, UNCHANGED
        if not knows_it and not self._only_own_since(sent, mark):
            return CONFLICT, "changed-elsewhere"
        if mark is not None and item.is_level and self._are_shown(sheet, item):
            if sent.round != mark.round + 1 or not sent.reason.strip():
                return REJECTED, "reason-needed"
        elif sent.round != (mark.round if mark else 1):
            return REJECTED, "reason-needed"
        self._write(sent, sheet, mark, value)
        return APPLIED, ""

    def _only_own_since(self, sent: Sent, mark: Mark | None) -> bool:
        """Whether everything recorded in the cell since the version the device knows came from the device itself.

        A judge who changes a mark again before the first change was acknowledged is not in conflict with anybody.
        """
        if mark is None or mark.version < sent.base_version:
            return False
        session.flush()
        later = queries.operations_of_cell(self.event.id, sent.sheet, sent.aspect, sent.kind)
        return all(
            one.device_id == self.device.id
            for one in later
            if one.answer == APPLIED and one.reason != UNCHANGED and one.version > sent.base_version
        )

    def _are_shown(self, sheet: Sheet, item: Item) -> bool:
        siblings = queries.siblings_of(sheet)
        missing = [one.id for one in siblings if one.id not in self.marks]
        if missing:
            self.marks.update(queries.marks_by_sheet(self.event.id, missing))
        return queries.levels_of(item.aspect, siblings, self.marks).are_shown

    def _write(self, sent: Sent, sheet: Sheet, mark: Mark | None, value: Decimal | None) -> None:
        if mark is None:
            mark = Mark(
                event_id=self.event.id, sheet_id=sheet.id, aspect=sent.aspect, kind=sent.kind, version=0
            )
            session.add(mark)
            self.marks[sheet.id][sent.aspect, sent.kind] = mark
        mark.value, mark.state, mark.round = value, sent.state, sent.round
        mark.version += 1
        mark.op_id, mark.marked_at = sent.op_id, self.at

    # --- answers ----------------------------------------------------------------------------------

    def _version(self, sent: Sent) -> int:
        mark = self.marks[sent.sheet].get((sent.aspect, sent.kind)) if sent.sheet in self.sheets else None
        return mark.version if mark else 0

    def _keep(self, sent: Sent, body_hash: str, answer: str, reason: str) -> Answer:
        version = self._version(sent) if reason != "not-yours" else 0
        operation = MarkOperation(
            event_id=self.event.id,
            op_id=sent.op_id,
            device_id=self.device.id,
            sequence=sent.seq,
            sheet_id=sent.sheet,
            aspect=sent.aspect,
            body=sent.body(),
            body_hash=body_hash,
            device_time=sent.device_time,
            received_at=self.at,
            by_id=self.device.account_id,
            answer=answer,
            reason=reason,
            version=version,
        )
        session.add(operation)
        self.known[sent.op_id] = operation
        self.counts[sent.sheet]["not-yours" if reason == "not-yours" else answer] += 1
        return self._answer(sent, answer, reason, version)

    def _answer(self, sent: Sent, answer: str, reason: str, version: int, *, outcome: str = "") -> Answer:
        outcome = outcome or answer
        words = said(reason, sent.body(), self.rule_set)
        return Answer(sent.op_id, answer, outcome, reason, version, words, self._theirs(sent, outcome))

    def _theirs(self, sent: Sent, outcome: str) -> Theirs | None:
        sheet = self.sheets.get(sent.sheet)
        mark = self.marks[sent.sheet].get((sent.aspect, sent.kind)) if sheet else None
        is_own = sheet is not None and self.judge is not None and sheet.judge_id == self.judge.id
        if outcome != CONFLICT or mark is None or not is_own:
            return None
        session.flush()
        made = queries.operations_by_id(self.event.id, [mark.op_id])[mark.op_id]
        label = devices_by_id(self.event.id, [made.device_id])[made.device_id].label
        return Theirs(mark.value, mark.state, label, made.device_time, made.received_at)

    def write_down(self) -> None:
        """One fact for each sheet of the batch; the marks themselves are attributed by their operations."""
        for sheet_id, counts in self.counts.items():
            if refused := counts.pop("not-yours", 0):
                fact = facts.MarksRefused(
                    event_id=self.event.id,
                    subject_id=self.device.id,
                    device=self.device.label,
                    count=refused,
                )
                record(fact, by=self.by, at=self.at)
            if counts:
                self._write_down_sheet(sheet_id, counts)

    def _write_down_sheet(self, sheet_id: UUID, counts: dict[str, int]) -> None:
        sheet = self.sheets.get(sheet_id)
        fact = facts.MarksReceived(
            event_id=self.event.id,
            subject_id=sheet_id,
            sheet=name_of(sheet) if sheet else "–",
            device=self.device.label,
            applied=counts.get(APPLIED, 0),
            conflicts=counts.get(CONFLICT, 0),
            rejected=counts.get(REJECTED, 0),
        )
        record(fact, by=self.by, at=self.at)
