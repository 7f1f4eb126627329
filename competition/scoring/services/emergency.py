"""Bring in the emergency file of a tablet: the same way as every batch, with the organiser's name on the record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competition.accounts.queries import account_for, actor_of
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import scope_of_event
from competition.database import session
from competition.errors import RuleBroken
from competition.rules.access import Actor, Permission
from competition.rules.sentences import sentence
from competition.scoring import facts
from competition.scoring.queries import batches
from competition.scoring.queries.answers import APPLIED, DUPLICATE
from competition.scoring.queries.batches import DeviceRow
from competition.scoring.queries.emergency import EmergencyFile, judge_of_file
from competition.scoring.services.operations import Answer, Sent, move_on, take_batch
from competition.scoring.services.quarantine import quarantine_operations
from competition.tablets.services import Known, register_device

_AT_ONCE = 50


@dataclass(frozen=True)
class Imported:
    """What became of a file: how many entries were in it, known before, recorded now, and set aside."""

    count: int
    known: int
    applied: int

    @property
    def aside(self) -> int:
        return self.count - self.known - self.applied


def import_emergency_file(
    event: Event,
    file: EmergencyFile,
    *,
    operations: Sequence[Sent],
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Imported:
    """Take the entries of a file as if the tablet had sent them: duplicates are harmless, refusals go to the list of what was
    set aside. Numbers that are missing before the first new entry are passed over, because nobody has them. What the tablet or its
    judge may not send any more is kept in quarantine. One fact says who imported it. A file that no key could sign needs the
    reason why it is believed: RuleBroken without. A tablet that the server does not know is taken for the one of the judge whose
    sheets it fills, and stays known under the id it gave itself, so that what it sends later is not counted twice."""
    if not file.is_signed and not reason.strip():
        raise RuleBroken(sentence("Say why you believe a file that no known key has signed."))
    session.flush()
    device = file.device or _introduced(event, file.device_id, operations, by=by, at=at)
    judge = actor_of(account_for(device.account_id))
    answers: list[Answer] = []
    may_send = device.revoked_at is None and judge.may(Permission.SCORING_SHEET_MARK, scope_of_event(event))
    ordered = sorted(operations, key=lambda sent: sent.seq)
    for chunk in _runs(ordered):
        if may_send:
            device = _without_gap(device, chunk)
            taken = take_batch(batches.event_row(event.id), device, operations=chunk, by=judge, at=at)
        else:
            taken = quarantine_operations(device, operations=chunk, by=judge, at=at)
        device = device._replace(last_sequence=taken.next_sequence - 1)
        answers += taken.answers
    found = _counted(answers)
    fact = facts.EmergencyFileImported(
        event_id=event.id,
        subject_id=device.id,
        device=device.label,
        count=found.count,
        applied=found.applied,
        known=found.known,
        is_signed=file.is_signed,
        reason="" if file.is_signed else reason.strip(),
    )
    record(fact, by=by, at=at)
    return found


def _introduced(
    event: Event, device_id: UUID, operations: Sequence[Sent], *, by: Actor, at: datetime
) -> DeviceRow:
    account = judge_of_file(event, {sent.sheet for sent in operations}).account
    register_device(event, account, label="应急文件 Emergency file", known=Known(device_id), by=by, at=at)
    return batches.known_device(event.id, device_id)


def _runs(ordered: Sequence[Sent]) -> Iterator[Sequence[Sent]]:
    """The entries in parts that go into one batch, none of which has a gap."""
    first = 0
    for place in range(1, len(ordered) + 1):
        is_last = place == len(ordered) or ordered[place].seq > ordered[place - 1].seq + 1
        if is_last or place - first == _AT_ONCE:
            yield ordered[first:place]
            first = place


def _without_gap(device: DeviceRow, chunk: Sequence[Sent]) -> DeviceRow:
    """The device with its number moved up to the first entry of the part that is new."""
    known = batches.kept_rows(device.event_id, [sent.op_id for sent in chunk])
    fresh = [sent.seq for sent in chunk if sent.op_id not in known and sent.seq > device.last_sequence]
    if not fresh or fresh[0] == device.last_sequence + 1:
        return device
    move_on(device, last_sequence=fresh[0] - 1)
    return device._replace(last_sequence=fresh[0] - 1)


def _counted(answers: Sequence[Answer]) -> Imported:
    known = sum(one.answer == DUPLICATE for one in answers)
    return Imported(len(answers), known, sum(one.answer == APPLIED for one in answers))
