"""The names under which entrants stand in a result list."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.organisations.models import Organisation
from competition.registration.models import Delegation, Entrant, EntrantMember
from competition.workers.models import Worker

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """One entrant as printed: the name (张三, or 张三、李四 for a pair), the delegation, and how the name sorts."""

    name: str
    delegation: str
    sort_keys: tuple[str, ...]


def listed(event: Event) -> dict[str, Listed]:
    """Every entrant of an event by id; two statements however many there are."""
    sent_by = session.execute(
        select(Entrant.id, Organisation.name)
        .join(Delegation, Delegation.id == Entrant.delegation_id)
        .join(Organisation, Organisation.id == Delegation.organisation_id)
        .where(Entrant.event_id == event.id)
    )
    delegations: dict[UUID, str] = dict(sent_by.all())
    people: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    members = (
        select(EntrantMember.entrant_id, Worker.name, Worker.sort_key)
        .join(Worker, Worker.id == EntrantMember.worker_id)
        .where(EntrantMember.event_id == event.id)
        .order_by(EntrantMember.entrant_id, EntrantMember.position)
    )
    for entrant_id, name, sort_key in session.execute(members):
        people[entrant_id].append((name, sort_key))
    return {
        str(entrant_id): Listed(
            "、".join(name for name, _ in people[entrant_id]),
            delegation,
            tuple(key for _, key in people[entrant_id]),
        )
        for entrant_id, delegation in delegations.items()
    }


def entrants_among(event: Event, names: Collection[str]) -> dict[str, Entrant]:
    """These entrants of an event by id, and no others."""
    found: dict[str, Entrant] = {}
    for part in _parts(sorted(names)):
        query = select(Entrant).where(Entrant.event_id == event.id, Entrant.id.in_(map(UUID, part)))
        found |= {str(entrant.id): entrant for entrant in session.scalars(query)}
    return found


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), CHUNK):
        yield names[start : start + CHUNK]
