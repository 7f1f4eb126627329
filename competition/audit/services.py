"""Write facts."""

from datetime import datetime
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from competition.audit.facts import Fact, TailAccepted, TailMissing
from competition.audit.models import INSTALLATION_CHAIN, AuditChain, AuditEntry
from competition.audit.queries import Missing, entry_hash, heads, missing_from, missing_tails
from competition.audit.witness import Seen, Witness, use, witness_of
from competition.database import session
from competition.errors import RuleBroken
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.transactions import after_commit

log = structlog.get_logger()


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
    _note_after_commit(entry)
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


def _note_after_commit(entry: AuditEntry) -> None:
    witness = witness_of(session.get_bind())
    if witness is not None:
        chain, number, digest = entry.chain, entry.number, entry.hash
        after_commit(lambda: witness.note(chain, number, digest))


def watch_record(witness: Witness, *, by: Actor, at: datetime) -> list[Missing]:
    """Compare every chain with what was seen of it, put down what is missing, and note every fact from now on.

    A missing tail is put down once; results of its event are published again after `accept_missing`.
    """
    missing = missing_tails(witness.seen())
    for one in missing:
        log.critical(
            "the record is shorter than what was seen", chain=one.chain, seen=one.seen, found=one.found
        )
        subject = None if one.chain == INSTALLATION_CHAIN else UUID(one.chain)
        fact = TailMissing(event_id=None, subject_id=subject, chain=one.chain, seen=one.seen, found=one.found)
        record(fact, by=by, at=at)
    session.flush()
    witness.begin({head.chain: Seen(head.length, head.head) for head in heads()})
    use(cast(Engine, session.get_bind()), witness)
    return missing


def accept_missing(event_id: UUID | None, *, reason: str, by: Actor, at: datetime) -> None:
    """Say that somebody looked at what was missing from the record of an event (None: of the installation)."""
    if not missing_from(event_id):
        raise RuleBroken(sentence("Nothing is missing from this record."))
    if not reason.strip():
        raise RuleBroken(sentence("Give the reason; it is kept for good."))
    record(TailAccepted(event_id=None, subject_id=event_id, reason=reason.strip()[:500]), by=by, at=at)
