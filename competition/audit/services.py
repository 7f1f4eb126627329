"""Write facts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from competition.audit.facts import Fact
from competition.audit.models import INSTALLATION_CHAIN, AuditChain, AuditEntry
from competition.audit.queries import entry_hash
from competition.database import session
from competition.rules.access import Actor


def record(fact: Fact, *, by: Actor, at: datetime) -> AuditEntry:
    """Append a fact to its chain, in the caller's transaction. `by` and `at` have no defaults on purpose."""
    head = _locked_head(fact.event_id)
    entry = AuditEntry(
        chain=head.chain,
        number=head.length + 1,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
        kind=fact.kind,
        subject_id=fact.subject_id,
        payload=fact.payload(),
        previous=head.head,
    )
    entry.hash = entry_hash(entry)
    head.length, head.head = entry.number, entry.hash
    session.add(entry)
    return entry


def _locked_head(event_id: UUID | None) -> AuditChain:
    chain = str(event_id) if event_id else INSTALLATION_CHAIN
    return _locked(chain) or _begun(chain)


def _locked(chain: str) -> AuditChain | None:
    found: AuditChain | None = session.scalar(
        select(AuditChain)
        .where(AuditChain.chain == chain)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


def _begun(chain: str) -> AuditChain:
    """The head of a new chain; of two who begin it at the same moment, the second waits and takes the first one's."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(AuditChain).values(chain=chain, length=0, head="").on_conflict_do_nothing())
    head = _locked(chain)
    assert head is not None
    return head
