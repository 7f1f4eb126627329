"""Read drills: who may take them, attempts, rankings."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from competition.competitions.models import Competition, Event
from competition.database import session
from competition.drills.models import Attempt, Drill, DrillRank, DrillState, Question
from competition.drills.paper import PaperItem, Standing, read_paper
from competition.errors import NotFound
from competition.organisations.models import Organisation
from competition.organisations.queries import reachable_clause
from competition.rules.access import Actor, Permission, Scope
from competition.rules.lifecycle import EventState
from competition.workers.models import Worker
from competition.workers.queries import worker_of

GRACE = timedelta(seconds=30)
"""How long after the end of the time answers still arrive: the way from the phone to the server."""


# --- drills ---------------------------------------------------------------------------------------


def drill_by_id(drill_id: UUID) -> Drill:
    """The drill, or NotFound."""
    found: Drill | None = session.get(Drill, drill_id)
    if found is None:
        raise NotFound()
    return found


def scope_of(drill: Drill) -> Scope:
    """A drill stands where its organisation stands."""
    return Scope(organisation_path=drill.organisation.path)


def drill_for(actor: Actor, drill_id: UUID, permission: Permission) -> Drill:
    """The drill, for the organiser of its organisation or, to be taken, for its people; else NotFound."""
    drill = drill_by_id(drill_id)
    if not actor.may(permission, scope_of(drill)):
        raise NotFound()
    if permission is Permission.DRILLS_DRILL_TAKE:
        worker = worker_of(actor)
        if worker is None or drill.state is DrillState.DRAFT or not is_for(drill, worker):
            raise NotFound()
    return drill


def is_for(drill: Drill, worker: Worker) -> bool:
    """A drill is for everybody employed by its organisation or below it."""
    return worker.employer.path.startswith(drill.organisation.path)


def drills_page(actor: Actor, *, page: int, size: int) -> tuple[list[Drill], int]:
    """The drills this person prepares, the latest to close first, and how many there are."""
    query = (
        select(Drill)
        .join(Drill.organisation)
        .where(reachable_clause(actor, Permission.DRILLS_DRILL_MANAGE, Organisation.path))
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.options(joinedload(Drill.organisation), joinedload(Drill.event))
        .order_by(Drill.closes_at.desc(), Drill.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return list(rows), total


def drills_open_to(worker: Worker, *, at: datetime) -> list[Drill]:
    """The drills this worker may begin or go on with now, the first to close first."""
    handed_in = (
        select(func.count(Attempt.id))
        .where(
            Attempt.drill_id == Drill.id, Attempt.worker_id == worker.id, Attempt.submitted_at.is_not(None)
        )
        .scalar_subquery()
    )
    return list(
        session.scalars(
            _for_worker(worker)
            .where(
                Drill.state == DrillState.OPEN,
                Drill.opens_at <= at,
                Drill.closes_at > at,
                handed_in < Drill.attempts_allowed,
            )
            .order_by(Drill.closes_at, Drill.id)
        )
    )


def drills_known_to(worker: Worker) -> list[Drill]:
    """Every released drill for this worker, the latest to close first."""
    return list(
        session.scalars(
            _for_worker(worker)
            .where(Drill.state != DrillState.DRAFT)
            .order_by(Drill.closes_at.desc(), Drill.id)
            .limit(100)
        )
    )


def _for_worker(worker: Worker) -> Select[Drill]:
    above = [UUID(part) for part in worker.employer.path.split("/") if part]
    return select(Drill).where(Drill.organisation_id.in_(above)).options(joinedload(Drill.organisation))


def possible_events(actor: Actor) -> list[Event]:
    """The events a drill of this person can feed: for single people, entries not closed, hosted within reach."""
    query = (
        select(Event)
        .join(Event.competition)
        .join(Competition.host)
        .where(
            Event.team_size == 1,
            Event.state.in_((EventState.DRAFT, EventState.REGISTRATION)),
            reachable_clause(actor, Permission.DRILLS_DRILL_MANAGE, Organisation.path),
        )
        .options(joinedload(Event.competition))
        .order_by(Competition.starts_on.desc(), Competition.code, Event.code)
        .limit(200)
    )
    return list(session.scalars(query))


# --- questions ------------------------------------------------------------------------------------


def questions_of(drill: Drill) -> list[Question]:
    """The questions by number."""
    return list(
        session.scalars(select(Question).where(Question.drill_id == drill.id).order_by(Question.number))
    )


def question_for(drill: Drill, question_id: UUID) -> Question:
    """A question of this drill, or NotFound."""
    found: Question | None = session.get(Question, question_id)
    if found is None or found.drill_id != drill.id:
        raise NotFound()
    return found


def full_points(drill: Drill) -> Decimal:
    """What somebody who answers everything right receives."""
    return sum((question.points for question in questions_of(drill)), Decimal(0))


# --- attempts -------------------------------------------------------------------------------------


def attempts_of(drill: Drill, worker: Worker) -> list[Attempt]:
    """The attempts of one worker, first to last."""
    return list(
        session.scalars(
            select(Attempt)
            .where(Attempt.drill_id == drill.id, Attempt.worker_id == worker.id)
            .order_by(Attempt.number)
        )
    )


def attempt_for(actor: Actor, attempt_id: UUID) -> Attempt:
    """The person's own attempt; anybody else's is NotFound."""
    found: Attempt | None = session.get(Attempt, attempt_id)
    if found is None or actor.account_id is None or found.worker.account_id != actor.account_id:
        raise NotFound()
    return found


def is_over(attempt: Attempt, at: datetime) -> bool:
    """Whether answers that arrive now come too late."""
    return at > attempt.due_at + GRACE


def paper_of(attempt: Attempt) -> list[PaperItem]:
    """The questions and options in the order in which this attempt shows them."""
    return read_paper(attempt.paper)


def unfinished_attempts(drill: Drill) -> list[Attempt]:
    """Attempts nobody has handed in, in the order in which they were begun."""
    return list(
        session.scalars(
            select(Attempt)
            .where(Attempt.drill_id == drill.id, Attempt.submitted_at.is_(None))
            .order_by(Attempt.started_at, Attempt.id)
        )
    )


def counts_of(drills: Sequence[Drill]) -> dict[UUID, tuple[int, int]]:
    """For every drill: how many people have begun it, and how many have handed in."""
    done = case((Attempt.submitted_at.is_not(None), Attempt.worker_id))
    rows = session.execute(
        select(Attempt.drill_id, func.count(Attempt.worker_id.distinct()), func.count(done.distinct()))
        .where(Attempt.drill_id.in_([drill.id for drill in drills]))
        .group_by(Attempt.drill_id)
    )
    return {drill_id: (begun, handed_in) for drill_id, begun, handed_in in rows}


def standings_of(drill: Drill) -> list[Standing]:
    """Every attempt handed in, as the ranking reads it."""
    rows = session.execute(
        select(Attempt.worker_id, Attempt.id, Attempt.score, Attempt.started_at, Attempt.submitted_at)
        .where(Attempt.drill_id == drill.id, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.number)
    )
    return [
        Standing(worker_id, attempt_id, score, seconds_between(started, submitted))
        for worker_id, attempt_id, score, started, submitted in rows
        if score is not None and submitted is not None
    ]


def seconds_between(started: datetime, submitted: datetime) -> int:
    """Whole seconds, rounded down."""
    return int((submitted - started).total_seconds())


# --- the ranking ----------------------------------------------------------------------------------


def ranks_page(drill: Drill, *, page: int, size: int) -> tuple[list[DrillRank], int]:
    """The final ranking by place, equals by the order of names, and how many are ranked."""
    query = _ranks(drill)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(session.scalars(query.limit(size).offset((page - 1) * size))), total


def ranks_of(drill: Drill) -> list[DrillRank]:
    """The whole final ranking."""
    return list(session.scalars(_ranks(drill)))


def rank_of(drill: Drill, worker: Worker) -> DrillRank | None:
    """One worker's line of the final ranking."""
    found: DrillRank | None = session.get(DrillRank, (drill.id, worker.id))
    return found


def entered_count(drill: Drill) -> int:
    """How many of the ranking were entered into the event."""
    entered = select(func.count()).where(DrillRank.drill_id == drill.id, DrillRank.entrant_id.is_not(None))
    return session.scalar(entered) or 0


def _ranks(drill: Drill) -> Select[DrillRank]:
    return (
        select(DrillRank)
        .join(DrillRank.worker)
        .where(DrillRank.drill_id == drill.id)
        .options(joinedload(DrillRank.worker).joinedload(Worker.employer))
        .order_by(DrillRank.place, Worker.sort_key, Worker.id)
    )
