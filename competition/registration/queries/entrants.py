"""Read entrants (参赛者)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from competition.competitions.models import Competition, Event
from competition.competitions.queries import scope_of_event
from competition.database import session
from competition.errors import NotFound
from competition.organisations.queries import reachable_clause, within
from competition.registration.models import (
    Delegation,
    Entrant,
    EntrantDecision,
    EntrantMember,
    EntrantState,
    EntrySource,
)
from competition.registration.queries.eligibility import chunks
from competition.registration.reserves import passed_over as why_passed_over
from competition.rules.access import Actor, Permission, Scope
from competition.rules.lifecycle import EventState
from competition.rules.names import search_key
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import Worker

UNDO = timedelta(minutes=10)
"""How long an approval can be taken back."""


def entrant_by_id(entrant_id: UUID) -> Entrant:
    entrant: Entrant | None = session.get(Entrant, entrant_id)
    if entrant is None:
        raise NotFound()
    return entrant


def entrant_for(actor: Actor, entrant_id: UUID, permission: Permission) -> Entrant:
    """The entrant, when the actor's role reaches its event; else NotFound."""
    entrant = entrant_by_id(entrant_id)
    if not actor.may(permission, scope_of_event(entrant.event)):
        raise NotFound()
    return entrant


def entrant_seen_by(actor: Actor, entrant_id: UUID) -> Entrant:
    """The entrant, for those who may read it.

    They are the organiser side of the event, the leader of its delegation, and its own people; else NotFound.
    """
    entrant = entrant_by_id(entrant_id)
    if actor.may(Permission.REGISTRATION_ENTRY_READ, scope_of_event(entrant.event)):
        return entrant
    if leads(actor, entrant):
        return entrant
    if actor.account_id and any(m.worker.account_id == actor.account_id for m in entrant.members):
        return entrant
    raise NotFound()


def leads(actor: Actor, entrant: Entrant) -> bool:
    """Whether the actor may nominate for the entrant's delegation."""
    sender = Scope(organisation_path=entrant.delegation.organisation.path)
    return actor.may(Permission.REGISTRATION_ENTRY_NOMINATE, sender)


def entrants_of(event: Event, states: Iterable[EntrantState] | None = None) -> list[Entrant]:
    """The entrants of an event by entry number, those without one after them in the order of entry."""
    query = _in_order(select(Entrant).where(Entrant.event_id == event.id)).options(*_loaded())
    if states is not None:
        query = query.where(Entrant.state.in_(list(states)))
    return list(session.scalars(query))


def approved_entrants(event: Event) -> list[Entrant]:
    """Who may be drawn, by entry number."""
    return entrants_of(event, [EntrantState.APPROVED])


def entries_of_worker(worker: Worker) -> list[Entrant]:
    """Every entry a person ever was part of, the newest first."""
    query = (
        select(Entrant)
        .join(Entrant.members)
        .where(EntrantMember.worker_id == worker.id)
        .order_by(Entrant.submitted_at.desc(), Entrant.id.desc())
        .options(joinedload(Entrant.event).joinedload(Event.competition), *_loaded())
    )
    return list(session.scalars(query).unique())


def entries_of_delegations(event: Event, paths: Sequence[str]) -> list[Entrant]:
    """The entries of an event whose delegation stands in one of the subtrees, in the order of entrants_of."""
    every = entrants_of(event)
    return [e for e in every if e.delegation.organisation.path.startswith(tuple(paths))]


def display_name(entrant: Entrant) -> str:
    """The name under which an entrant is shown: 张三, or 张三、李四 for a pair."""
    return "、".join(member.worker.name for member in entrant.members)


def members_of_team(event: Event, team: str) -> list[Entrant]:
    """Who counts for a team of an event, in the order within it; without those who were rejected or have withdrawn."""
    gone = (EntrantState.REJECTED, EntrantState.WITHDRAWN)
    query = select(Entrant).where(
        Entrant.event_id == event.id, Entrant.team == team, Entrant.state.not_in(gone)
    )
    return list(session.scalars(query.order_by(Entrant.team_order.is_(None), Entrant.team_order, Entrant.id)))


def events_to_nominate_for(paths: Sequence[str]) -> list[Event]:
    """Events whose registration is open and whose host stands above, at or below one of the places."""
    query = (
        select(Event)
        .join(Event.competition)
        .where(Event.state == EventState.REGISTRATION)
        .options(joinedload(Event.competition).joinedload(Competition.host))
        .order_by(Competition.starts_on, Competition.code, Event.code)
    )
    return [
        event
        for event in session.scalars(query)
        if any(_related(event.competition.host.path, path) for path in paths)
    ]


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def nominees_page(actor: Actor, event: Event, text: str, *, page: int, size: int) -> tuple[list[Worker], int]:
    """Workers the actor may put forward for an event, by pinyin, and how many there are.

    They work below the competition's host, within the actor's reach, and are not bound by an entry of the event.
    """
    bound = select(EntrantMember.worker_id).where(
        EntrantMember.event_id == event.id, EntrantMember.active.is_(True)
    )
    query = (
        select(Worker)
        .join(Worker.employer)
        .where(
            reachable_clause(actor, Permission.REGISTRATION_ENTRY_NOMINATE),
            within(event.competition.host.path),
            Worker.id.not_in(bound),
        )
        .options(joinedload(Worker.employer))
    )
    if key := search_key(text):
        query = query.where(Worker.search_key.contains(key, autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Worker.sort_key, Worker.id).limit(size).offset((page - 1) * size))
    return list(rows), total


def nominee_for(actor: Actor, event: Event, worker_id: UUID) -> Worker:
    """One worker whom the actor may put forward for the event; else NotFound."""
    worker: Worker | None = session.get(Worker, worker_id)
    if (
        worker is None
        or not worker.employer.path.startswith(event.competition.host.path)
        or not actor.may(
            Permission.REGISTRATION_ENTRY_NOMINATE, Scope(organisation_path=worker.employer.path)
        )
    ):
        raise NotFound()
    return worker


def entrant_of_worker(event: Event, worker: Worker) -> Entrant | None:
    """The entry of an event a person is bound by now."""
    entrant: Entrant | None = session.scalar(
        select(Entrant)
        .join(Entrant.members)
        .where(
            Entrant.event_id == event.id, EntrantMember.worker_id == worker.id, EntrantMember.active.is_(True)
        )
    )
    return entrant


def entered_worker_ids(event: Event, worker_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these people are bound by an entry of the event now."""
    entered: set[UUID] = set()
    for some in chunks(worker_ids):
        entered |= set(
            session.scalars(
                select(EntrantMember.worker_id).where(
                    EntrantMember.event_id == event.id,
                    EntrantMember.active.is_(True),
                    EntrantMember.worker_id.in_(some),
                )
            )
        )
    return entered


@dataclass(frozen=True)
class EntrantFilter:
    """What a list of entrants is narrowed to; None and "" mean: everything."""

    state: EntrantState | None = None
    delegation_id: UUID | None = None
    text: str = ""


def entrants_page(
    event: Event, wanted: EntrantFilter, *, page: int, size: int | None
) -> tuple[list[Entrant], int]:
    """One page of the filtered list (size None: all of it) and the number of entrants in the whole list."""
    query = select(Entrant).where(Entrant.event_id == event.id)
    if wanted.state is not None:
        query = query.where(Entrant.state == wanted.state)
    if wanted.delegation_id is not None:
        query = query.where(Entrant.delegation_id == wanted.delegation_id)
    if wanted.text:
        query = query.where(_matches(wanted.text))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = _in_order(query).options(*_loaded())
    if size is not None:
        query = query.limit(size).offset((page - 1) * size)
    return list(session.scalars(query)), total


def counts_of(event: Event) -> dict[EntrantState, int]:
    """How many entrants of the event stand in each state; every state is there."""
    rows = session.execute(
        select(Entrant.state, func.count()).where(Entrant.event_id == event.id).group_by(Entrant.state)
    )
    found = {EntrantState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in EntrantState}


def undecided_reasons(event: Event) -> tuple[Sentence, ...]:
    """What stands in the way of closing registration: entries nobody has decided about."""
    waiting = counts_of(event)[EntrantState.SUBMITTED]
    if not waiting:
        return ()
    return (sentence("%(count)s entries wait for a decision. Approve or reject them first.", count=waiting),)


def undecided_eligible(event: Event) -> list[Entrant]:
    """Who waits for a decision and passed every barring condition, in the order of entry."""
    waiting = entrants_of(event, [EntrantState.SUBMITTED])
    return [entrant for entrant in waiting if not barring_answers(entrant)]


def barring_answers(entrant: Entrant) -> list[dict[str, object]]:
    """The stored answers that bar the entrant."""
    return [a for a in entrant.answers if a["finding"] != "met" and a["effect"] == "bar"]


def decisions_of(entrant: Entrant) -> list[EntrantDecision]:
    """What was decided about an entrant, in order."""
    return list(
        session.scalars(
            select(EntrantDecision)
            .where(EntrantDecision.entrant_id == entrant.id)
            .order_by(EntrantDecision.at, EntrantDecision.id)
        )
    )


def approved_at(entrants: Sequence[Entrant]) -> dict[UUID, datetime]:
    """When each of these entrants was approved last; who is not approved is not there."""
    moments: dict[UUID, datetime] = {}
    for some in chunks(e.id for e in entrants if e.state == EntrantState.APPROVED):
        rows = session.execute(
            select(EntrantDecision.entrant_id, func.max(EntrantDecision.at))
            .where(EntrantDecision.entrant_id.in_(some), EntrantDecision.after == EntrantState.APPROVED)
            .group_by(EntrantDecision.entrant_id)
        )
        moments |= dict(rows.all())
    return moments


def recent_approvals(event: Event, at: datetime) -> list[tuple[datetime, list[Entrant]]]:
    """The groups of entrants approved together in the last ten minutes, the latest first."""
    rows = session.execute(
        select(EntrantDecision.at, Entrant)
        .join(Entrant, Entrant.id == EntrantDecision.entrant_id)
        .where(
            Entrant.event_id == event.id,
            Entrant.state == EntrantState.APPROVED,
            EntrantDecision.after == EntrantState.APPROVED,
            EntrantDecision.at >= at - UNDO,
        )
        .order_by(EntrantDecision.at.desc(), Entrant.entry_number)
    )
    groups: dict[datetime, list[Entrant]] = {}
    for moment, entrant in rows:
        groups.setdefault(moment, []).append(entrant)
    return list(groups.items())


def source_of(entrant: Entrant) -> Entrant | None:
    """The entrant of the event below whose place brought this one here."""
    if entrant.source != EntrySource.ADVANCED or entrant.source_id is None:
        return None
    found: Entrant | None = session.get(Entrant, entrant.source_id)
    return found


def next_reserve(entrant: Entrant) -> Entrant | None:
    """The reserve who may take this entrant's place.

    The first in order among the reserves of the same event who came from the same event below, those left out whom the
    rules pass over as places are now (a delegation that has all its places).
    """
    reserves = [
        other
        for other in _siblings(entrant)
        if other.state == EntrantState.RESERVE and other.reserve_order is not None
    ]
    passed_over = why_passed_over(reserves)
    waiting = (other for other in reserves if other.id not in passed_over)
    return min(waiting, key=lambda other: (other.reserve_order or 0, other.id), default=None)


def vacancies_before(reserve: Entrant) -> int:
    """How many places of the event below stand empty: who left (or was rejected) and was not yet replaced."""
    siblings = _siblings(reserve)
    places = sum(1 for other in siblings if other.reserve_order is None)
    taken = sum(1 for other in siblings if other.state in (EntrantState.SUBMITTED, EntrantState.APPROVED))
    return max(0, places - taken)


def _siblings(entrant: Entrant) -> list[Entrant]:
    """The entrants of the event who came the same way: advanced from the same event below, or not advanced."""
    source = source_of(entrant)
    below = aliased(Entrant)
    query = select(Entrant).where(Entrant.event_id == entrant.event_id)
    if source is not None:
        query = query.join(below, below.id == Entrant.source_id).where(below.event_id == source.event_id)
    else:
        query = query.where(Entrant.source == entrant.source)
    return list(session.scalars(query.order_by(Entrant.id)))


def _matches(text: str) -> ColumnElement[bool]:
    """People by part of their name (or of its pinyin initials' spelling), or an entry by its number."""
    key = search_key(text)
    escaped = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    named = (
        select(EntrantMember.entrant_id)
        .join(Worker, Worker.id == EntrantMember.worker_id)
        .where(Worker.search_key.like(f"%{escaped}%", escape="\\"))
    )
    by_name = Entrant.id.in_(named)
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return by_name | (Entrant.entry_number == int(text))
    return by_name


def _in_order(query: Select[Entrant]) -> Select[Entrant]:
    return query.order_by(
        Entrant.entry_number.is_(None),
        Entrant.entry_number,
        Entrant.reserve_order.is_not(None),
        Entrant.reserve_order,
        Entrant.submitted_at,
        Entrant.id,
    )


def _loaded() -> tuple[ExecutableOption, ...]:
    return (
        selectinload(Entrant.members).joinedload(EntrantMember.worker).joinedload(Worker.employer),
        joinedload(Entrant.delegation).joinedload(Delegation.organisation),
    )
