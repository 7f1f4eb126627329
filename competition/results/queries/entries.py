"""The entry of the record under which a revision was published."""

from sqlalchemy import select

from competition.audit.models import AuditEntry
from competition.database import session
from competition.results.models import ResultRevision


def publication_entry(revision: ResultRevision) -> AuditEntry | None:
    """The entry of the record that says this revision was published; its hash covers everything before it."""
    found: AuditEntry | None = session.scalar(
        select(AuditEntry).where(
            AuditEntry.chain == str(revision.event_id),
            AuditEntry.kind == "results.result_published",
            AuditEntry.subject_id == revision.id,
        )
    )
    return found
