"""Read the record, and scan its chains."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from competition.audit.facts import read_fact
from competition.audit.models import INSTALLATION_CHAIN, AuditChain, AuditEntry
from competition.database import session
from competition.orm import fingerprint
from competition.rules.sentences import Sentence, sentence


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over every column but the hash itself, in canonical JSON."""
    return fingerprint(
        {
            "chain": entry.chain,
            "number": entry.number,
            "at": entry.at,
            "by_id": entry.by_id,
            "by_name": entry.by_name,
            "kind": entry.kind,
            "subject_id": entry.subject_id,
            "payload": entry.payload,
            "previous": entry.previous,
        }
    )


def sentence_of(entry: AuditEntry) -> Sentence:
    """What the entry says happened, ready for the reader's language."""
    event_id = None if entry.chain == INSTALLATION_CHAIN else UUID(entry.chain)
    return read_fact(entry.kind, event_id, entry.subject_id, entry.payload).sentence()


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    chain: str
    number: int
    sentence: Sentence


def chain_breaks() -> Iterator[Break]:
    """Scan every chain from its start: edits, deletions, insertions, reorderings and a cut tail are found."""
    for head in session.scalars(select(AuditChain).order_by(AuditChain.chain)):
        yield from _breaks_of(head)


def _breaks_of(head: AuditChain) -> Iterator[Break]:
    previous, number = "", 0
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.chain == head.chain)
        .order_by(AuditEntry.number)
        .execution_options(yield_per=1000)
    )
    for entry in entries:
        number += 1
        if entry.number != number:
            yield Break(
                head.chain,
                number,
                sentence("Entry %(number)s is missing.", number=number),
            )
            number = entry.number
        if entry.previous != previous:
            yield Break(
                head.chain,
                number,
                sentence("Entry %(number)s does not follow the one before it.", number=number),
            )
        if entry_hash(entry) != entry.hash:
            yield Break(
                head.chain,
                number,
                sentence("Entry %(number)s was altered.", number=number),
            )
        previous = entry.hash
    if head.length != number or head.head != previous:
        yield Break(
            head.chain,
            number,
            sentence("The end of the chain was cut off or replaced."),
        )


def entries_for(
    *,
    event_id: UUID | None = None,
    subject_id: UUID | None = None,
    page: int = 1,
    size: int = 50,
) -> list[AuditEntry]:
    """The newest entries first, of one event, one subject, or all."""
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.chain, AuditEntry.number.desc())
    if event_id is not None:
        query = query.where(AuditEntry.chain == str(event_id))
    if subject_id is not None:
        query = query.where(AuditEntry.subject_id == subject_id)
    return list(session.scalars(query.limit(size).offset((page - 1) * size)))


def length_of_record() -> tuple[int, int]:
    """How many chains and how many entries there are."""
    lengths = list(session.scalars(select(AuditChain.length)))
    return len(lengths), sum(lengths)
