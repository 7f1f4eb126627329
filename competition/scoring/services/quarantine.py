"""Keep what a device hands over that may not send any more: seen by the chief judge, never counted.

Source: docs/sources.md, reliability §6 fault 36. The device proves by its key that the operations are its own; whose account it was,
and whether that account may still mark, does not matter, because nothing changes a mark.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from competition.audit.services import record
from competition.database import connection
from competition.orm import fingerprint
from competition.rules.access import Actor
from competition.scoring import facts
from competition.scoring.queries import batches
from competition.scoring.queries.answers import DUPLICATE, REASONS, REJECTED
from competition.scoring.queries.batches import OPERATIONS, DeviceRow
from competition.scoring.services.operations import Answer, Sent, Taken, move_on, operation_row

QUARANTINED = "quarantined"


def quarantine_operations(device: DeviceRow, *, operations: Sequence[Sent], by: Actor, at: datetime) -> Taken:
    """Keep every operation that is new as it was sent, and answer it `rejected: quarantined`; what is known is a duplicate.

    The order of the device's sequence does not matter here. That the device sent them must have been checked.
    """
    ordered = sorted(operations, key=lambda sent: sent.seq)
    known = batches.kept_rows(device.event_id, [sent.op_id for sent in ordered])
    rows: dict[Any, dict[str, Any]] = {}
    answers = []
    for sent in ordered:
        body = sent.body()
        body_hash = fingerprint({"device": device.id, **body})
        before = known.get(sent.op_id)
        if before is None and sent.op_id not in rows:
            rows[sent.op_id] = operation_row(
                device, sent, body, body_hash, REJECTED, QUARANTINED, version=0, at=at
            )
            answers.append(_answer(sent, REJECTED, REJECTED, QUARANTINED, 0))
        elif before is None or before.body_hash != body_hash:
            answers.append(_answer(sent, REJECTED, REJECTED, "op-id-reuse", before.version if before else 0))
        else:
            answers.append(_answer(sent, DUPLICATE, before.answer, before.reason, before.version))
    if rows:
        last = max(device.last_sequence, *(row["sequence"] for row in rows.values()))
        connection().execute(_KEEP, list(rows.values()))
        move_on(device, last_sequence=last, last_seen_at=at, queue_length=None)
        fact = facts.OperationsQuarantined(
            event_id=device.event_id, subject_id=device.id, device=device.label, count=len(rows)
        )
        record(fact, by=by, at=at)
    return Taken(tuple(answers), max([device.last_sequence, *(sent.seq for sent in ordered)]) + 1)


def _answer(sent: Sent, answer: str, outcome: str, reason: str, version: int) -> Answer:
    return Answer(sent.op_id, answer, outcome, reason, version, REASONS[reason])


_KEEP = insert(OPERATIONS)
