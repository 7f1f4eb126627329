"""Read what was set aside, what somebody has dealt with, and what still waits for the chief judge."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.competitions.queries import event_for
from competition.database import session
from competition.errors import NotFound
from competition.rules.access import Actor, Permission
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import DealtWith, MarkOperation
from competition.scoring.queries.progress import set_aside
from competition.scoring.queries.sheets import marks_by_sheet


def dealt_with(event: Event, ids: Iterable[UUID]) -> dict[UUID, DealtWith]:
    """What somebody noted about these operations."""
    rows = session.scalars(
        select(DealtWith).where(DealtWith.event_id == event.id, DealtWith.op_id.in_(list(ids)))
    )
    return {row.op_id: row for row in rows}


def operation_set_aside(actor: Actor, event_id: UUID, op_id: UUID) -> MarkOperation:
    """An operation that does not count, for the chief judge of its event; else NotFound."""
    event = event_for(actor, event_id, Permission.SCORING_SHEET_CONFIRM)
    operation: MarkOperation | None = session.get(MarkOperation, (event.id, op_id))
    if operation is None or operation.answer not in ("conflict", "rejected"):
        raise NotFound()
    return operation


def waiting_aside(event: Event) -> list[MarkOperation]:
    """What was set aside and nobody has seen to: not dealt with, and its cell was not marked again since."""
    operations = set_aside(event)
    noted = dealt_with(event, [one.op_id for one in operations])
    marks = marks_by_sheet(event.id, {one.sheet_id for one in operations})
    found = []
    for one in operations:
        mark = marks.get(one.sheet_id, {}).get((one.aspect, str(one.body["kind"])))
        is_settled = mark is not None and mark.marked_at > one.received_at
        if one.op_id not in noted and not is_settled:
            found.append(one)
    return found


def waits_aside(event: Event, _actor: Actor) -> Sentence | None:
    """What the list of entries set aside says on the page of the event and on the home page of the chief judge."""
    count = len(waiting_aside(event))
    return sentence("Entries that wait for the chief judge: %(count)s", count=count) if count else None
