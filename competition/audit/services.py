"""Write facts."""

from collections.abc import Sequence
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
from competition.database import connection, session
from competition.errors import RuleBroken, given_reason
from competition.orm import fingerprint
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.transactions import after_commit

log = structlog.get_logger()


def record(fact: Fact, *, by: Actor, at: datetime) -> None:
    """Append a fact to its chain, in the caller's transaction. `by` and `at` have no defaults on purpose.

    What was changed before is written first.
    """
    record_together(fact.event_id, [fact], by=by, at=at)


def record_together(event_id: UUID | None, told: Sequence[Fact], *, by: Actor, at: datetime) -> None:
    """Append facts of one event (None: of the installation) to its chain, in this order; as `record` does one by one.

    Plain statements, and the head of the chain moves once: every batch of marks passes here.
    """
    session.flush()
    chain = str(event_id) if event_id else INSTALLATION_CHAIN
    number, head = _locked_head(connection(), chain)
    entries: list[dict[str, Any]] = []
    for fact in told:
        assert fact.event_id == event_id, "the facts of one chain"
        number += 1
        entry = {
            "chain": chain,
            "number": number,
            "at": at,
            "by_id": by.account_id,
            "by_name": by.name,
            "kind": fact.kind,
            "subject_id": fact.subject_id,
            "payload": fact.payload(),
            "previous": head,
        }
        head = entry["hash"] = fingerprint(entry)
        entries.append(entry)
    connection().execute(_MOVE_ON, {"of": chain, "length": number, "head": head})
    connection().execute(_APPEND, entries)
    _note_after_commit(chain, number, head)


_HEADS, _ENTRIES = cast(Table, AuditChain.__table__), cast(Table, AuditEntry.__table__)
_HEAD = select(_HEADS.c.length, _HEADS.c.head).where(_HEADS.c.chain == bindparam("of")).with_for_update()
_MOVE_ON = update(_HEADS).where(_HEADS.c.chain == bindparam("of"))
_APPEND = insert(_ENTRIES)


def _locked_head(link: Connection, chain: str) -> tuple[int, str]:
    found = link.execute(_HEAD, {"of": chain}).one_or_none()
    length, head = _begun(link, chain) if found is None else found
    return length, head


def _begun(link: Connection, chain: str) -> Any:
    """The head of a new chain; of two who begin it at the same moment, the second waits and takes the first one's."""
    insert = sqlite.insert if link.dialect.name == "sqlite" else postgresql.insert
    link.execute(insert(_HEADS).values(chain=chain, length=0, head="").on_conflict_do_nothing())
    return link.execute(_HEAD, {"of": chain}).one()


def _note_after_commit(chain: str, number: int, digest: str) -> None:
    witness = witness_of(connection().engine)
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
    record(TailAccepted(event_id=None, subject_id=event_id, reason=given_reason(reason)), by=by, at=at)
