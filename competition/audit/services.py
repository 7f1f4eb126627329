"""Write facts."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from competition.audit.facts import Fact, TailAccepted, TailMissing
from competition.audit.models import INSTALLATION_CHAIN, AuditChain, AuditEntry
from competition.audit.queries import Missing, heads, missing_from, missing_tails
from competition.audit.witness import Seen, Witness, use, witness_of
from competition.database import session
from competition.errors import RuleBroken
from competition.orm import fingerprint
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.transactions import after_commit

log = structlog.get_logger()


def record(fact: Fact, *, by: Actor, at: datetime) -> None:
    """Append a fact to its chain, in the caller's transaction. `by` and `at` have no defaults on purpose.

    What was changed before is written first. Plain statements: every batch of marks passes here.
    """
    session.flush()
    connection = session.connection()
    chain = str(fact.event_id) if fact.event_id else INSTALLATION_CHAIN
    length, head = _locked_head(connection, chain)
    entry = {
        "chain": chain,
        "number": length + 1,
        "at": at,
        "by_id": by.account_id,
        "by_name": by.name,
        "kind": fact.kind,
        "subject_id": fact.subject_id,
        "payload": fact.payload(),
        "previous": head,
    }
    entry["hash"] = fingerprint(entry)
    connection.execute(_MOVE_ON, {"of": chain, "length": length + 1, "head": entry["hash"]})
    connection.execute(_APPEND, entry)
    _note_after_commit(chain, length + 1, str(entry["hash"]))


_HEADS, _ENTRIES = cast(Table, AuditChain.__table__), cast(Table, AuditEntry.__table__)
_HEAD = select(_HEADS.c.length, _HEADS.c.head).where(_HEADS.c.chain == bindparam("of")).with_for_update()
_MOVE_ON = update(_HEADS).where(_HEADS.c.chain == bindparam("of"))
_APPEND = insert(_ENTRIES)


def _locked_head(connection: Connection, chain: str) -> tuple[int, str]:
    found = connection.execute(_HEAD, {"of": chain}).one_or_none()
    length, head = _begun(connection, chain) if found is None else found
    return length, head


def _begun(connection: Connection, chain: str) -> Any:
    """The head of a new chain; of two who begin it at the same moment, the second waits and takes the first one's."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(_HEADS).values(chain=chain, length=0, head="").on_conflict_do_nothing())
    return connection.execute(_HEAD, {"of": chain}).one()


def _note_after_commit(chain: str, number: int, digest: str) -> None:
    witness = witness_of(session.get_bind())
    if witness is not None:
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
