"""Read the record, and scan its chains."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, scoped_session

from competition.audit.facts import TailAccepted, TailMissing, read_fact
from competition.audit.models import INSTALLATION_CHAIN, AuditChain, AuditEntry
from competition.audit.witness import Seen, missing_of
from competition.database import session
from competition.orm import fingerprint
from competition.rules.sentences import Sentence, sentence

Reading = Session | scoped_session[Any]


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
    try:
        return read_fact(entry.kind, event_id, entry.subject_id, entry.payload).sentence()
    except (KeyError, TypeError, ValueError):
        return sentence("did something whose entry cannot be read; scan the chains")


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    chain: str
    number: int
    sentence: Sentence


def chain_breaks(chains: frozenset[str] | None = None, *, within: Reading = session) -> Iterator[Break]:
    """Scan chains (all when None) from their start: edits, deletions, insertions, reorderings and a cut tail are found.

    `within` is the session of another database than the house's own, such as a backup.
    What a scan cannot see is a person who rewrites a whole chain with its head; for that, compare `heads` with a
    copy kept elsewhere.
    """
    query = select(AuditChain).order_by(AuditChain.chain)
    for head in within.scalars(query.execution_options(populate_existing=True)):
        if chains is None or head.chain in chains:
            try:
                yield from _breaks_of(head, within)
            except (ValueError, TypeError):
                yield Break(
                    head.chain, 0, sentence("An entry was altered so that it cannot be read any more.")
                )
    if chains is None:
        yield from _headless(within)


def _headless(within: Reading) -> Iterator[Break]:
    known = select(AuditChain.chain)
    orphaned = select(AuditEntry.chain).where(AuditEntry.chain.not_in(known)).distinct()
    for chain in within.scalars(orphaned.order_by(AuditEntry.chain)):
        yield Break(chain, 0, sentence("The head of the chain is missing."))


def _breaks_of(head: AuditChain, within: Reading) -> Iterator[Break]:
    previous, number = "", 0
    entries = within.scalars(
        select(AuditEntry)
        .where(AuditEntry.chain == head.chain)
        .order_by(AuditEntry.number)
        .execution_options(yield_per=1000, populate_existing=True)
    )
    for entry in entries:
        number += 1
        if entry.number != number:
            yield Break(head.chain, number, sentence("Entry %(number)s is missing.", number=number))
            number = entry.number
        if entry.previous != previous:
            yield Break(
                head.chain,
                number,
                sentence("Entry %(number)s does not follow the one before it.", number=number),
            )
        if entry_hash(entry) != entry.hash:
            yield Break(head.chain, number, sentence("Entry %(number)s was altered.", number=number))
        previous = entry.hash
    if head.length != number or head.head != previous:
        yield Break(head.chain, number, sentence("The end of the chain was cut off or replaced."))


@dataclass(frozen=True)
class Missing:
    """A chain that ends before what was seen of it, or goes another way there."""

    chain: str
    seen: int
    found: int


def missing_tails(seen: Mapping[str, Seen]) -> list[Missing]:
    """The chains that do not hold what was seen of them. A database without any record is a new one: nothing is missing."""
    lengths = {head.chain: head.length for head in heads()}
    there = {chain: _seen_today(chain, entry.number) for chain, entry in seen.items()} if lengths else {}
    missing = missing_of(seen, there) if lengths else ()
    return [Missing(chain, seen[chain].number, lengths.get(chain, 0)) for chain in missing]


def _seen_today(chain: str, number: int) -> Seen | None:
    entry = session.get(AuditEntry, (chain, number))
    return None if entry is None else Seen(number, entry.hash)


def missing_from(event_id: UUID | None) -> Missing | None:
    """What a start found missing from the record of an event, until somebody has looked at it."""
    newest = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.chain == INSTALLATION_CHAIN,
            AuditEntry.kind.in_((TailMissing.kind, TailAccepted.kind)),
            AuditEntry.subject_id == event_id,
        )
        .order_by(AuditEntry.number.desc())
        .limit(1)
    ).first()
    if newest is None or newest.kind == TailAccepted.kind:
        return None
    return Missing(**newest.payload)


@dataclass(frozen=True)
class Wanted:
    """What a reading of the record is narrowed to; None is everything.

    `chains` are the chains the reader may see, `area` is a room ("results"), the others are ids.
    """

    chains: frozenset[str] | None = None
    event_id: UUID | None = None
    subject_id: UUID | None = None
    by_id: UUID | None = None
    area: str | None = None


@dataclass(frozen=True)
class Line:
    """One entry as people read it: who, what, when."""

    at: datetime
    by_name: str
    by_id: UUID | None
    sentence: Sentence
    chain: str
    number: int
    subject_id: UUID | None


def record_page(wanted: Wanted, *, page: int = 1, size: int = 50) -> tuple[list[Line], int]:
    """The newest entries first, and how many there are."""
    query = _narrowed(select(AuditEntry), wanted)
    total = session.scalar(_narrowed(select(func.count()).select_from(AuditEntry), wanted)) or 0
    rows = session.scalars(query.order_by(*_NEWEST).limit(size).offset((page - 1) * size))
    return [line_of(entry) for entry in rows], total


def history_of(subject_id: UUID, *, most: int = 20) -> list[Line]:
    """What happened to one thing, newest first."""
    return record_page(Wanted(subject_id=subject_id), size=most)[0]


def entries_for(
    *, event_id: UUID | None = None, subject_id: UUID | None = None, page: int = 1, size: int = 50
) -> list[AuditEntry]:
    """The newest entries first, of one event, one subject, or all."""
    query = _narrowed(select(AuditEntry), Wanted(event_id=event_id, subject_id=subject_id))
    return list(session.scalars(query.order_by(*_NEWEST).limit(size).offset((page - 1) * size)))


def line_of(entry: AuditEntry) -> Line:
    """An entry as people read it."""
    return Line(
        entry.at, entry.by_name, entry.by_id, sentence_of(entry), entry.chain, entry.number, entry.subject_id
    )


def areas() -> list[str]:
    """The rooms that have something in the record, in alphabetical order."""
    return sorted({kind.partition(".")[0] for kind in session.scalars(select(AuditEntry.kind).distinct())})


def length_of_record(chains: frozenset[str] | None = None, *, within: Reading = session) -> tuple[int, int]:
    """How many chains and how many entries there are."""
    found = heads(chains, within=within)
    return len(found), sum(head.length for head in found)


def heads(chains: frozenset[str] | None = None, *, within: Reading = session) -> list[AuditChain]:
    """The chains with their length and newest hash."""
    query = select(AuditChain).order_by(AuditChain.chain)
    return list(
        within.scalars(query if chains is None else query.where(AuditChain.chain.in_(sorted(chains))))
    )


_NEWEST = (AuditEntry.at.desc(), AuditEntry.chain, AuditEntry.number.desc())


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.chains is not None:
        query = query.where(AuditEntry.chain.in_(sorted(wanted.chains)))
    if wanted.event_id is not None:
        query = query.where(AuditEntry.chain == str(wanted.event_id))
    if wanted.subject_id is not None:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.by_id is not None:
        query = query.where(AuditEntry.by_id == wanted.by_id)
    if wanted.area is not None:
        query = query.where(AuditEntry.kind.startswith(wanted.area + ".", autoescape=True))
    return query
