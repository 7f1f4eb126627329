"""Whose score reports a revision has, in all and by delegation."""

from uuid import UUID

from sqlalchemy import func, select

from competition.database import session
from competition.organisations.models import Organisation
from competition.registration.models import Delegation, Entrant
from competition.results.models import ResultLine, ResultRevision
from competition.results.queries.revisions import select_lines


def reported(revision: ResultRevision, *, delegation: UUID | None) -> list[UUID]:
    """The entrants of a revision, all or those of one delegation, in the order of the printed list."""
    query = select_lines(revision).with_only_columns(ResultLine.entrant_id)
    if delegation is not None:
        query = query.join(ResultLine.entrant).where(Entrant.delegation_id == delegation)
    return list(session.scalars(query.order_by(ResultLine.position)))


def delegations_reported(revision: ResultRevision) -> list[tuple[UUID, str, int]]:
    """The delegations in a revision by name, each with its number of entrants."""
    query = (
        select(Delegation.id, Organisation.name, func.count())
        .select_from(ResultLine)
        .join(ResultLine.entrant)
        .join(Delegation, Delegation.id == Entrant.delegation_id)
        .join(Organisation, Organisation.id == Delegation.organisation_id)
        .where(ResultLine.event_id == revision.event_id, ResultLine.revision_id == revision.id)
        .group_by(Delegation.id, Organisation.name)
        .order_by(Organisation.name, Delegation.id)
    )
    return [(delegation, name, count) for delegation, name, count in session.execute(query)]
