"""Read certificates."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.certificates.models import Certificate
from competition.database import session
from competition.workers.models import Worker


def certificate_by_id(certificate_id: UUID) -> Certificate | None:
    return session.get(Certificate, certificate_id)


def certificates_of(worker: Worker) -> list[Certificate]:
    """Every certificate of a person, the newest first, those that no longer hold included."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.worker_id == worker.id)
            .options(joinedload(Certificate.event))
            .order_by(Certificate.id.desc())
        )
    )
