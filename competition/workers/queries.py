"""Read workers, their grades and the occupations."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from competition import vault
from competition.database import session
from competition.errors import NotFound
from competition.organisations.models import Organisation
from competition.organisations.queries import reachable_clause, within
from competition.organisations.queries import scope_of as scope_of_organisation
from competition.rules.access import Actor, Permission, Scope
from competition.rules.identity import normalise_id_number
from competition.rules.names import search_key
from competition.workers.models import GradeRecord, Occupation, Worker

ID_NUMBER = "worker.id_number"


def worker_by_id(worker_id: UUID) -> Worker:
    """The worker, or NotFound."""
    found: Worker | None = session.get(Worker, worker_id)
    if found is None:
        raise NotFound()
    return found


def worker_for(actor: Actor, worker_id: UUID, permission: Permission) -> Worker:
    """The worker when the actor's roles reach the employer, else NotFound."""
    found = worker_by_id(worker_id)
    if not actor.may(permission, scope_of(found)):
        raise NotFound()
    return found


def scope_of(worker: Worker) -> Scope:
    """A worker stands where the employer stands."""
    return scope_of_organisation(worker.employer)


def worker_of(actor: Actor) -> Worker | None:
    """The signed-in person as a worker, or None."""
    if actor.account_id is None:
        return None
    found: Worker | None = session.scalar(select(Worker).where(Worker.account_id == actor.account_id))
    return found


def worker_by_id_number(text: str) -> Worker | None:
    """The worker with exactly this number, by the keyed index; typed in any width, with or without blanks."""
    found: Worker | None = session.scalar(
        select(Worker).where(Worker.id_number_index == id_number_index(text))
    )
    return found


def id_number_index(text: str) -> bytes:
    """The keyed fingerprint under which an ID number is found again."""
    return vault.blind_index(normalise_id_number(text), place=ID_NUMBER)


def workers_page(
    actor: Actor, text: str, page: int, size: int, *, employer: Organisation | None = None
) -> tuple[list[Worker], int]:
    """The workers the actor may read whose name contains the text, by pinyin, and how many there are."""
    query = (
        select(Worker)
        .join(Worker.employer)
        .options(contains_eager(Worker.employer), joinedload(Worker.occupation))
        .where(reachable_clause(actor, Permission.WORKERS_WORKER_READ, Organisation.path))
    )
    if key := search_key(text):
        query = query.where(Worker.search_key.contains(key, autoescape=True))
    if employer is not None:
        query = query.where(within(employer.path))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Worker.sort_key, Worker.id).limit(size).offset((page - 1) * size))
    return list(rows), total


def number_of_workers(organisation: Organisation) -> int:
    """How many workers the organisation and everything below it employ."""
    query = select(func.count(Worker.id)).join(Worker.employer).where(within(organisation.path))
    return session.scalar(query) or 0


def grade_history(worker: Worker) -> list[GradeRecord]:
    """The grades a worker held, the latest first."""
    return list(
        session.scalars(
            select(GradeRecord)
            .where(GradeRecord.worker_id == worker.id)
            .order_by(GradeRecord.effective_on.desc(), GradeRecord.recorded_at.desc(), GradeRecord.id.desc())
        )
    )


def occupations() -> list[Occupation]:
    """Every occupation of the installation, by code."""
    return list(session.scalars(select(Occupation).order_by(Occupation.code)))


def occupation_by_code(code: str) -> Occupation | None:
    """The occupation with this (normalised) code."""
    found: Occupation | None = session.get(Occupation, code)
    return found
