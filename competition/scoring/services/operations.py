"""Take what devices send: one transaction per batch, in the order of the device's sequence, an answer per operation.

Source: docs/sources.md, reliability §5.1 and I1–I8. An operation id has at most one effect; a value that another device changed in
between is a conflict that keeps both; a signed sheet does not change; device clocks decide nothing. Every operation
that was looked at is kept as it was sent, with its answer. Rows are read and written by plain statements: this is the
one place where hundreds of people write at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm.util import identity_key

from competition.audit.facts import Fact
from competition.audit.services import record_together
from competition.database import connection, session
from competition.orm import CanonicalText, canonical_json, fingerprint
from competition.panels.queries import is_shadow
from competition.rules.access import Actor
from competition.rules.contest import EntrantStatus
from competition.rules.lifecycle import EventState
from competition.rules.marking import MarkKind, MarkState, mark_refusal, state_refusal
from competition.rules.numbers import NumberRefused, as_decimal
from competition.rules.sentences import Sentence
from competition.scoring import facts, queries
from competition.scoring.models import Mark, SheetState
from competition.scoring.queries import batches
from competition.scoring.queries.answers import (
    APPLIED,
    CONFLICT,
    DUPLICATE,
    OUT_OF_RANGE,
    REASONS,
    REJECTED,
    UNCHANGED,
    said,
    value_of,
)
from competition.scoring.queries.batches import (
    DEVICES,
    MARKS,
    OPERATIONS,
    Cell,
    DeviceRow,
    EventRow,
    KeptRow,
)
from competition.scoring.queries.items import Item, base_kind, is_ruled
from competition.scoring.queries.levels import BLANK, VALUE
from competition.scoring.queries.sheets import SheetRow
from competition.scoring.queries.taking_part import status_of
from competition.scoring.services.sheets import name_of
from competition.tablets.models import Device, DeviceKind

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
    agreed: tuple[str, ...] = ()
    """The seats that stand behind a value the judges measured together; left out of the body where there are none."""

    def body(self) -> dict[str, Any]:
        plain = {**vars(self), "op_id": str(self.op_id), "sheet": str(self.sheet)}
        agreed = plain.pop("agreed")
        return {**plain, "agreed": list(agreed)} if agreed else plain


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


class Sending(Protocol):
    """A device, as a row or as an object."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def id(self) -> UUID: ...
    @property
    def account_id(self) -> UUID: ...


@dataclass(frozen=True)
class Taken:
    """What became of a batch, and the number with which the device goes on."""

    answers: tuple[Answer, ...]
    next_sequence: int


def apply_operations(
    device: Sending, *, operations: Sequence[Sent], by: Actor, at: datetime
) -> tuple[Answer, ...]:
    """Take a batch from a device, in the order of its sequence, and answer every operation: applied, duplicate, conflict
    or rejected with a reason. Refused for a device that was turned off or is not the sender's."""
    session.flush()
    locked = batches.sending_device(by, device.event_id, device.id)
    return take_batch(batches.event_row(device.event_id), locked, operations=operations, by=by, at=at).answers


def take_batch(
    event: EventRow, device: DeviceRow, *, operations: Sequence[Sent], by: Actor, at: datetime
) -> Taken:
    """`apply_operations` with what was read already: the sender may mark in the event, and the device is the sender's."""
    ordered = sorted(operations, key=lambda sent: sent.seq)
    batch = _Batch(event, device, ordered, by, at)
    answers = tuple(batch.take(sent) for sent in ordered)
    batch.write_down()
    return Taken(answers, batch.last_sequence + 1)


def _is_state_refused(sent: Sent, item: Item) -> bool:
    """Whether what was sent instead of a number cannot be said of this item."""
    if sent.state in (VALUE, BLANK):
        return False
    refusal = state_refusal(item.aspect, MarkState(sent.state), attempt=item.attempt)
    return item.kind is not MarkKind.MARK or refusal is not None


class _Batch:
    """The state of one batch while it is taken: locked device and sheets, their marks, what was sent before."""

    def __init__(
        self, event: EventRow, device: DeviceRow, sent: Sequence[Sent], by: Actor, at: datetime
    ) -> None:
        self.event, self.device, self.by, self.at = event, device, by, at
        self.last_sequence = device.last_sequence
        self.judge_id = device.judge_id
        self.known = batches.kept_rows(event.id, [one.op_id for one in sent])
        self.sheets = batches.locked_sheets(event.id, {one.sheet for one in sent})
        self.cells = batches.cells_of(event.id, self.sheets)
        self.seated: dict[str, frozenset[str]] = {}
        self.unwritten: list[dict[str, Any]] = []
        self.facts: list[Fact] = []
        self.counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    # --- one operation ----------------------------------------------------------------------------

    def take(self, sent: Sent) -> Answer:
        body = sent.body()
        body_hash = fingerprint({"device": self.device.id, **body})
        if before := self.known.get(sent.op_id):
            return self._again(sent, before, body_hash)
        expected = self.last_sequence + 1
        if sent.seq > expected:
            return self._answer(sent, REJECTED, GAP, self._version(sent))
        if sent.seq < expected:
            return self._keep(sent, body, body_hash, REJECTED, "sequence-used")
        self.last_sequence = sent.seq
        answer, reason = self._decide(sent)
        return self._keep(sent, body, body_hash, answer, reason)

    def _again(self, sent: Sent, before: KeptRow, body_hash: str) -> Answer:
        if before.body_hash == body_hash:
            return self._answer(sent, DUPLICATE, before.reason, before.version, outcome=before.answer)
        if sent.seq == self.last_sequence + 1:
            self.last_sequence = sent.seq
        fact = facts.OperationIdReused(
            event_id=self.event.id,
            subject_id=self.device.id,
            device=self.device.label,
            op_id=str(sent.op_id),
            first_hash=before.body_hash,
            second_hash=body_hash,
        )
        self.facts.append(fact)
        return self._answer(sent, REJECTED, "op-id-reuse", before.version)

    def _decide(self, sent: Sent) -> tuple[str, str]:
        sheet = self.sheets.get(sent.sheet)
        if sheet is None or self.judge_id is None or sheet.judge_id != self.judge_id:
            return REJECTED, "not-yours"
        if self.event.state != EventState.SCORING:
            return REJECTED, "closed"
        if sheet.state == SheetState.VOID:
            return REJECTED, "void"
        if sheet.state != SheetState.OPEN:
            return REJECTED, "signed"
        if status_of(sheet.entrant_state, True) is EntrantStatus.WITHDRAWN:
            return REJECTED, "withdrawn"
        items = self.event.items(sheet.module, sheet.seat_label).get(sent.aspect, ())
        item = next((one for one in items if one.holds(sent.kind)), None)
        if item is None or _is_state_refused(sent, item):
            return REJECTED, "not-on-sheet"
        if is_ruled(sent.kind):
            return REJECTED, "ruled"
        try:
            value = _value(sent, item)
        except (NumberRefused, _OutOfRange):
            return REJECTED, OUT_OF_RANGE
        if sent.state == VALUE and item.is_list and not sent.reason.strip():
            return REJECTED, (
                "entry-needs-reason" if item.kind is MarkKind.ENTRY else "adjustment-needs-reason"
            )
        return self._record(sent, sheet, item, value)

    def _record(self, sent: Sent, sheet: SheetRow, item: Item, value: Decimal | None) -> tuple[str, str]:
        mark = self.cells[sheet.id].get((sent.aspect, sent.kind))
        is_same = mark is not None and (mark.state, mark.value) == (sent.state, value)
        knows_it = sent.base_version == (mark.version if mark else 0)
        if mark is not None and mark.state == VALUE == sent.state and item.is_list and not knows_it:
            return (
                CONFLICT,
                "changed-elsewhere",
            )  # two entries made apart: a person says whether both are meant
        if is_same and not (knows_it and sent.reason.strip()):
            return APPLIED, UNCHANGED
        if sent.state == VALUE and not self._is_agreed(sent, sheet, item):
            return REJECTED, "agreement-needed"
        if not knows_it and not self._only_own_since(sent, mark):
            return CONFLICT, "changed-elsewhere"
        if mark is not None and item.is_level and self._are_shown(sheet, item):
            if sent.round != mark.round + 1 or not sent.reason.strip():
                return REJECTED, "reason-needed"
        elif sent.round != (mark.round if mark else 1):
            return REJECTED, "reason-needed"
        self._change(sent, value)
        return APPLIED, ""

    def _is_agreed(self, sent: Sent, sheet: SheetRow, item: Item) -> bool:
        """Whether enough different judges who are seated stand behind a value that is measured together. A sheet of paper
        carries their signatures itself."""
        needed = len(item.conferring)
        if needed == 0 or self.device.kind is DeviceKind.PAPER:
            return True
        if sheet.module not in self.seated:
            self.seated[sheet.module] = batches.seated(self.event.id, sheet.module)
        return len(self.seated[sheet.module] & set(sent.agreed)) >= needed

    def _only_own_since(self, sent: Sent, mark: Cell | None) -> bool:
        """Whether everything recorded in the cell since the version the device knows came from the device itself.

        A judge who changes a mark again before the first change was acknowledged is not in conflict with anybody.
        """
        if mark is None or mark.version < sent.base_version:
            return False
        self._write_operations()
        later = batches.changes_of_cell(self.event.id, sent.sheet, sent.aspect, sent.kind, sent.base_version)
        return all(one.device_id == self.device.id for one in later)

    def _are_shown(self, sheet: SheetRow, item: Item) -> bool:
        siblings = [sheet] if is_shadow(sheet.seat_label) else batches.sibling_rows(self.event.id, sheet)
        missing = [one.id for one in siblings if one.id not in self.cells]
        beside = batches.cells_of(self.event.id, missing) if missing else {}
        return queries.levels_of(item.aspect, siblings, {**beside, **self.cells}).are_shown

    def _change(self, sent: Sent, value: Decimal | None) -> None:
        cell = self.cells[sent.sheet].setdefault((sent.aspect, sent.kind), Cell())
        cell.value, cell.state, cell.round = value, sent.state, sent.round
        cell.version += 1
        cell.op_id = sent.op_id
        cell.is_changed = True

    # --- answers ----------------------------------------------------------------------------------

    def _version(self, sent: Sent) -> int:
        cell = self.cells.get(sent.sheet, {}).get((sent.aspect, sent.kind))
        return cell.version if cell else 0

    def _keep(self, sent: Sent, body: dict[str, Any], body_hash: str, answer: str, reason: str) -> Answer:
        version = self._version(sent) if reason != "not-yours" else 0
        self.unwritten.append(
            operation_row(self.device, sent, body, body_hash, answer, reason, version=version, at=self.at)
        )
        self.known[sent.op_id] = KeptRow(sent.op_id, body_hash, answer, reason, version)
        self.counts[sent.sheet]["not-yours" if reason == "not-yours" else answer] += 1
        return self._answer(sent, answer, reason, version)

    def _answer(self, sent: Sent, answer: str, reason: str, version: int, *, outcome: str = "") -> Answer:
        outcome = outcome or answer
        words = (
            said(reason, sent.body(), self.event.rule_set()) if reason == OUT_OF_RANGE else REASONS[reason]
        )
        return Answer(sent.op_id, answer, outcome, reason, version, words, self._theirs(sent, outcome))

    def _theirs(self, sent: Sent, outcome: str) -> Theirs | None:
        if outcome != CONFLICT:
            return None
        sheet = self.sheets.get(sent.sheet)
        mark = self.cells.get(sent.sheet, {}).get((sent.aspect, sent.kind))
        if sheet is None or mark is None or sheet.judge_id != self.judge_id:
            return None
        assert mark.op_id is not None, "a mark was made by an operation"
        self._write_operations()
        made = batches.maker_of(self.event.id, mark.op_id)
        return Theirs(mark.value, mark.state, made.device, made.device_time, made.received_at)

    # --- writing ----------------------------------------------------------------------------------

    def write_down(self) -> None:
        """Operations, marks, the device's number; and one fact for each sheet: the marks are attributed by their operations."""
        self._write_operations()
        self._write_marks()
        move_on(self.device, last_sequence=self.last_sequence, last_seen_at=self.at, last_sync_at=self.at)
        _forget(Device, (self.event.id, self.device.id))
        for sheet_id, counts in self.counts.items():
            if refused := counts.pop("not-yours", 0):
                fact = facts.MarksRefused(
                    event_id=self.event.id,
                    subject_id=self.device.id,
                    device=self.device.label,
                    count=refused,
                )
                self.facts.append(fact)
            if counts:
                self.facts.append(self._received(sheet_id, counts))
        if self.facts:
            record_together(self.event.id, self.facts, by=self.by, at=self.at)

    def _write_operations(self) -> None:
        if self.unwritten:
            connection().execute(_KEEP, self.unwritten)
            self.unwritten = []

    def _write_marks(self) -> None:
        made, changed = [], []
        for sheet_id, cells in self.cells.items():
            for (aspect, kind), cell in cells.items():
                if not cell.is_changed:
                    continue
                key = {"event_id": self.event.id, "sheet_id": sheet_id, "aspect": aspect, "kind": kind}
                values = {
                    "value": cell.value,
                    "state": cell.state,
                    "round": cell.round,
                    "version": cell.version,
                    "op_id": cell.op_id,
                    "marked_at": self.at,
                }
                if cell.is_new:
                    made.append({**key, **values})
                else:
                    changed.append({**{f"of_{name}": value for name, value in key.items()}, **values})
                    _forget(Mark, (self.event.id, sheet_id, aspect, kind))
        if made:
            connection().execute(_MAKE, made)
        if changed:
            connection().execute(_CHANGE, changed)

    def _received(self, sheet_id: UUID, counts: dict[str, int]) -> Fact:
        sheet = self.sheets.get(sheet_id)
        return facts.MarksReceived(
            event_id=self.event.id,
            subject_id=sheet_id,
            sheet=name_of(sheet) if sheet else "–",
            device=self.device.label,
            applied=counts.get(APPLIED, 0),
            conflicts=counts.get(CONFLICT, 0),
            rejected=counts.get(REJECTED, 0),
        )


_KEEP = insert(OPERATIONS)
_MAKE = insert(MARKS)
_CHANGE = update(MARKS).where(
    *(MARKS.c[name] == bindparam(f"of_{name}") for name in ("event_id", "sheet_id", "aspect", "kind"))
)
_MOVE_ON = update(DEVICES).where(
    DEVICES.c.event_id == bindparam("of_event"), DEVICES.c.id == bindparam("of_device")
)


class _OutOfRange(Exception):
    """A number that the scale of its aspect does not know."""


def _value(sent: Sent, item: Item) -> Decimal | None:
    """The number that was sent, typed in any width. Raises NumberRefused for none, _OutOfRange for one off the scale."""
    if sent.state != VALUE:
        return None
    assert sent.value is not None, "the form of the request asks for it"
    value, kept = _number(sent.value)
    if mark_refusal(item.aspect, base_kind(sent.kind), value):
        raise _OutOfRange
    return kept


@lru_cache(maxsize=4096)
def _number(typed: str) -> tuple[Fraction, Decimal]:
    """The number of a spelling, exact and as it is kept: a venue sends few spellings, thousands of times."""
    value = value_of(typed)
    return value, as_decimal(value)


def move_on(device: Sending, **values: object) -> None:
    """Keep how far a device has come."""
    connection().execute(_MOVE_ON, {"of_event": device.event_id, "of_device": device.id, **values})


def operation_row(
    device: Sending,
    sent: Sent,
    body: dict[str, Any],
    body_hash: str,
    answer: str,
    reason: str,
    *,
    version: int,
    at: datetime,
) -> dict[str, Any]:
    """What is kept of an operation: as it was sent, and what it was answered."""
    return {
        "event_id": device.event_id,
        "op_id": sent.op_id,
        "device_id": device.id,
        "sequence": sent.seq,
        "sheet_id": sent.sheet,
        "aspect": sent.aspect,
        "body": CanonicalText(canonical_json(body)),
        "body_hash": body_hash,
        "device_time": sent.device_time,
        "received_at": at,
        "by_id": device.account_id,
        "answer": answer,
        "reason": reason,
        "version": version,
    }


def _forget(model: type[Mark] | type[Device], key: tuple[object, ...]) -> None:
    """An object of this row that somebody holds is read again when it is asked."""
    held = session().identity_map
    if held and (found := held.get(identity_key(model, key))) is not None:
        session.expire(found)
