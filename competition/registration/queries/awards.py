"""Who competes outside the awards (不参与评奖) because the organiser decided so, as the record of facts has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from competition.audit.models import AuditEntry
from competition.database import session
from competition.registration.facts import PutOutsideAwards, ReturnedToAwards
from competition.registration.models import Entrant
from competition.registration.queries.eligibility import chunks

_KINDS = (PutOutsideAwards.kind, ReturnedToAwards.kind)


@dataclass(frozen=True)
class AwardDecision:
    """The organiser puts an entrant outside the awards, or takes that back: when, by whom and why."""

    at: datetime
    by_id: UUID | None
    is_outside: bool
    reason: str


def award_decisions_of(entrant: Entrant) -> list[AwardDecision]:
    """Every such decision about an entrant, oldest first."""
    return [
        AwardDecision(
            entry.at, entry.by_id, entry.kind == PutOutsideAwards.kind, str(entry.payload["reason"])
        )
        for entry in _entries([entrant])
    ]


def put_outside_awards(entrants: Sequence[Entrant]) -> frozenset[UUID]:
    """Which of these entrants of one event compete outside the awards by a decision; the latest one counts."""
    latest = {entry.subject_id: entry.kind for entry in _entries(entrants)}
    return frozenset(
        entrant_id
        for entrant_id, kind in latest.items()
        if entrant_id is not None and kind == PutOutsideAwards.kind
    )


def has_award_by_conditions(entrant: Entrant) -> bool:
    """Whether the answers kept with the entry leave the award open: every condition is met."""
    return all(answer["finding"] == "met" for answer in entrant.answers)


def _entries(entrants: Sequence[Entrant]) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    for some in chunks(entrant.id for entrant in entrants):
        query = select(AuditEntry).where(
            AuditEntry.chain == str(entrants[0].event_id),
            AuditEntry.kind.in_(_KINDS),
            AuditEntry.subject_id.in_(some),
        )
        found += session.scalars(query.order_by(AuditEntry.number))
    return found
