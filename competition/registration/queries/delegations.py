"""Read delegations (代表队)."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from competition.competitions.models import Competition
from competition.competitions.queries import scope_of
from competition.database import session
from competition.errors import NotFound, RuleBroken
from competition.organisations.models import Organisation
from competition.registration.models import UNDER_WAY, Delegation, Entrant
from competition.rules.access import Actor, Permission
from competition.rules.sentences import sentence
from competition.workers.models import Worker


def delegation_by_id(delegation_id: UUID) -> Delegation:
    delegation: Delegation | None = session.get(Delegation, delegation_id)
    if delegation is None:
        raise NotFound()
    return delegation


def delegation_for(actor: Actor, delegation_id: UUID, permission: Permission) -> Delegation:
    """The delegation, when the actor's role reaches its competition; else NotFound."""
    delegation = delegation_by_id(delegation_id)
    if not actor.may(permission, scope_of(delegation.competition)):
        raise NotFound()
    return delegation


def delegation_of(competition: Competition, organisation: Organisation) -> Delegation | None:
    """The delegation an organisation sends to a competition, if it has one."""
    found: Delegation | None = session.scalar(
        select(Delegation).where(
            Delegation.competition_id == competition.id, Delegation.organisation_id == organisation.id
        )
    )
    return found


def delegations_of(competition: Competition) -> list[Delegation]:
    """Every delegation of a competition, by the name of its organisation."""
    return list(
        session.scalars(
            select(Delegation)
            .join(Organisation)
            .where(Delegation.competition_id == competition.id)
            .order_by(Organisation.name, Delegation.id)
            .options(joinedload(Delegation.organisation))
        )
    )


def entrants_by_delegation(competition: Competition) -> dict[UUID, int]:
    """How many entries under way each delegation of a competition has, over all events."""
    rows = session.execute(
        select(Entrant.delegation_id, func.count())
        .join(Delegation, Delegation.id == Entrant.delegation_id)
        .where(Delegation.competition_id == competition.id, Entrant.state.in_(UNDER_WAY))
        .group_by(Entrant.delegation_id)
    )
    return dict(rows.all())


def sending_organisation(competition: Competition, worker: Worker) -> Organisation:
    """The organisation that sends a worker to a competition.

    It is the employer or the organisation above it that stands directly below the host: a city competition is
    sent to by enterprises, a provincial one by cities. Who works for the host itself is sent by the host.
    Raises RuleBroken when the employer is not below the host.
    """
    return sent_by(competition, worker.employer)


def sent_by(competition: Competition, employer: Organisation) -> Organisation:
    """`sending_organisation`, for an employer."""
    host_path = competition.host.path
    if not employer.path.startswith(host_path):
        raise RuleBroken(
            sentence(
                "%(employer)s does not belong to %(host)s, which holds this competition.",
                employer=employer.name,
                host=competition.host.name,
            ),
            next_step=sentence(
                "Enter through the competition of the employer's own area, or correct the employer in the worker's record."
            ),
        )
    below = [part for part in employer.path[len(host_path) :].split("/") if part]
    if len(below) <= 1:
        return employer
    sender: Organisation | None = session.get(Organisation, UUID(below[0]))
    assert sender is not None  # a path names organisations that exist
    return sender
