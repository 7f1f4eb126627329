"""The categories of entrants that a rule set asks for, from the records of their members."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.registration.models import EntrantMember
from competition.rules.categories import Person, categories_of
from competition.workers.models import Worker


def members_by_entrant(event: Event) -> Mapping[UUID, list[Person]]:
    """What the records say of the members of each entrant of an event; one query, and no names in it."""
    found: dict[UUID, list[Person]] = defaultdict(list)
    rows = session.execute(
        select(EntrantMember.entrant_id, Worker.status, Worker.sex, Worker.birth_date)
        .join(Worker, Worker.id == EntrantMember.worker_id)
        .where(EntrantMember.event_id == event.id)
    )
    for entrant_id, status, sex, born in rows:
        found[entrant_id].append(Person(status, sex, born))
    return found


def entrant_traits(
    event: Event, asked: Collection[str], *, with_sizes: bool
) -> Mapping[UUID, dict[str, object]]:
    """What a contest document says of each entrant because its rule set asks: `categories` on the first day of the
    competition, and `team_size` where there is more than one member. Empty when nothing is asked."""
    if not asked and not with_sizes:
        return {}
    first_day = event.competition.starts_on
    found: dict[UUID, dict[str, object]] = {}
    for entrant_id, members in members_by_entrant(event).items():
        categories = sorted(categories_of(members, first_day, asked))
        traits: dict[str, object] = {"categories": categories} if categories else {}
        if with_sizes and len(members) > 1:
            traits["team_size"] = len(members)
        found[entrant_id] = traits
    return found
