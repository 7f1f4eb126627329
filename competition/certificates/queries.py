"""Read certificates."""

import hmac
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from competition import vault
from competition.certificates.models import (
    Certificate,
    CertificateChange,
    CertificateSeries,
    CertificateStatus,
    VerificationMiss,
)
from competition.certificates.numbering import read_number, read_verification_id
from competition.competitions.models import Event
from competition.competitions.queries import scope_of_event
from competition.database import session
from competition.errors import NotFound, RuleBroken
from competition.organisations.queries import full_name
from competition.orm import canonical_json, fingerprint, read_json
from competition.registration.models import EntrantMember
from competition.results import queries as results
from competition.results.models import ResultLine, ResultRevision
from competition.rules.access import Actor, Permission
from competition.rules.names import normalise_name
from competition.rules.ruleset import RuleSet, parse
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.typesetting import lettering
from competition.workers.models import Worker
from competition.workers.queries import worker_of

MISSES_A_MINUTE = 60
"""How often one address may ask for certificates that are not there; answers that are found are not counted."""


# --- certificates ---------------------------------------------------------------------------------


def certificate_by_id(certificate_id: UUID) -> Certificate | None:
    return session.get(Certificate, certificate_id)


def certificate_for(actor: Actor, certificate_id: UUID, permission: Permission) -> Certificate:
    """The certificate, when the actor has the permission for its event; else NotFound."""
    certificate = session.get(Certificate, certificate_id)
    if certificate is None or not actor.may(permission, scope_of_event(certificate.event)):
        raise NotFound()
    return certificate


def printable_certificate_for(actor: Actor, certificate_id: UUID) -> Certificate:
    """The certificate, for its holder and for who issues certificates of its event; else NotFound."""
    certificate = session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound()
    holder = worker_of(actor)
    if holder is not None and holder.id == certificate.worker_id:
        return certificate
    return certificate_for(actor, certificate_id, Permission.CERTIFICATES_CERTIFICATE_ISSUE)


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


def certificates_page(
    event: Event, *, status: CertificateStatus | None = None, text: str = "", page: int, size: int
) -> tuple[list[Certificate], int]:
    """The certificates of an event by number, those of one status or with a part of number or name; and how many."""
    query = select(Certificate).where(Certificate.event_id == event.id)
    if status is not None:
        query = query.where(Certificate.status == status)
    if text:
        named = select(Worker.id).where(func.lower(Worker.name).contains(text.lower(), autoescape=True))
        query = query.where(
            Certificate.number.contains(text.upper(), autoescape=True) | Certificate.worker_id.in_(named)
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Certificate.id).limit(size).offset((page - 1) * size))
    return list(rows), total


def counts_by_status(event: Event) -> dict[CertificateStatus, int]:
    """How many certificates of an event stand how."""
    rows = session.execute(
        select(Certificate.status, func.count())
        .where(Certificate.event_id == event.id)
        .group_by(Certificate.status)
    )
    counted = {CertificateStatus(status): number for status, number in rows}
    return {status: counted.get(status, 0) for status in CertificateStatus}


def valid_certificates(event: Event, *, offset: int, limit: int) -> list[Certificate]:
    """A part of the valid certificates of an event, in the order in which they were issued."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.event_id == event.id, Certificate.status == CertificateStatus.VALID)
            .order_by(Certificate.id)
            .offset(offset)
            .limit(limit)
        )
    )


def snapshot_of(certificate: Certificate) -> dict[str, Any]:
    """What is printed. RuleBroken when it is not what was issued: a certificate altered in the database is not drawn."""
    if not is_intact(certificate):
        raise RuleBroken(
            sentence("The certificate %(number)s was altered in the database.", number=certificate.number),
            next_step=sentence("Tell the auditor; the record says when it was issued."),
        )
    return certificate.snapshot


def changes_of(certificate: Certificate) -> list[CertificateChange]:
    """What happened to a certificate, oldest first."""
    return list(
        session.scalars(
            select(CertificateChange)
            .where(CertificateChange.certificate_id == certificate.id)
            .order_by(CertificateChange.at, CertificateChange.id)
        )
    )


def last_change(certificate: Certificate) -> CertificateChange:
    return changes_of(certificate)[-1]


def replaced_by_this(certificate: Certificate) -> Certificate | None:
    """The certificate that this one replaces."""
    return session.scalar(select(Certificate).where(Certificate.replaced_by_id == certificate.id))


def is_intact(certificate: Certificate) -> bool:
    """Whether the snapshot is the one that was issued."""
    return fingerprint(certificate.snapshot) == certificate.snapshot_hash


# --- verifying ------------------------------------------------------------------------------------


def by_verification_id(text: str) -> Certificate | None:
    """The certificate with this secret id."""
    wanted = read_verification_id(text)
    return (
        session.scalar(select(Certificate).where(Certificate.verification_id == wanted)) if wanted else None
    )


def by_number_and_name(number: str, name: str) -> Certificate | None:
    """The certificate with this number, for who knows whose it is; one answer for a wrong number and a wrong name."""
    wanted = read_number(number)
    found = session.scalar(select(Certificate).where(Certificate.number == wanted)) if wanted else None
    known = _comparable(found.snapshot["name"] if found else "")
    fits = hmac.compare_digest(known.encode(), _comparable(name).encode())
    return found if found is not None and fits else None


def misses_now(address: str, at: datetime) -> int:
    """How often this address asked in this minute for what is not there."""
    found = session.scalar(
        select(VerificationMiss.misses).where(
            VerificationMiss.address_key == address_key(address), VerificationMiss.minute == minute_of(at)
        )
    )
    return found or 0


def address_key(address: str) -> bytes:
    """A keyed fingerprint: the address itself is not kept."""
    return vault.blind_index(address, place="verification_miss.address")


def minute_of(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFC", normalise_name(name)).replace(" ", "").casefold()


@dataclass(frozen=True)
class Standing:
    """What a certificate rests on: its revision's number, the released one's, and whether that one says otherwise."""

    revision: int
    released: int | None
    is_contradicted: bool

    @property
    def is_earlier(self) -> bool:
        return self.released is not None and self.released != self.revision


def standing_of(certificate: Certificate) -> Standing:
    """Compare the result the certificate rests on with the released one."""
    released = results.released_revision(certificate.event)
    number = int(certificate.snapshot["revision"]["number"])
    if released is None or released.id == certificate.revision_id:
        return Standing(number, released.number if released else None, is_contradicted=False)
    line = results.line_of(released, certificate.entrant_id)
    printed = (certificate.snapshot["award"]["id"], certificate.snapshot["place"])
    return Standing(number, released.number, line is None or (line.award, line.place) != printed)


# --- after a correction ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Contradicted:
    """A valid certificate that a revision does not bear out: what was printed, and the line of the revision, if any."""

    certificate: Certificate
    line: ResultLine | None

    @property
    def is_to_be_revoked(self) -> bool:
        """Whether nothing is left to certify; else it is replaced."""
        return self.line is None or self.line.award is None


def contradicted_by(revision: ResultRevision, *, limit: int | None = None) -> list[Contradicted]:
    """The valid certificates of an event whose award or place is another in this revision, by number of issue."""
    printed, now = aliased(ResultLine), aliased(ResultLine)
    query = (
        select(Certificate, now)
        .join(
            printed,
            and_(
                printed.event_id == Certificate.event_id,
                printed.revision_id == Certificate.revision_id,
                printed.entrant_id == Certificate.entrant_id,
            ),
        )
        .outerjoin(
            now,
            and_(
                now.event_id == Certificate.event_id,
                now.revision_id == revision.id,
                now.entrant_id == Certificate.entrant_id,
            ),
        )
        .where(
            Certificate.event_id == revision.event_id,
            Certificate.status == CertificateStatus.VALID,
            or_(now.award.is_distinct_from(printed.award), now.place.is_distinct_from(printed.place)),
        )
        .order_by(Certificate.id)
        .limit(limit)
    )
    return [Contradicted(certificate, line) for certificate, line in session.execute(query)]


def consequences(event: Event, _released: ResultRevision, waiting: ResultRevision) -> tuple[Sentence, ...]:
    """What the waiting revision would mean for certificates, told before it is approved; nothing is changed by it."""
    said = [consequence(each, waiting) for each in contradicted_by(waiting)]
    if said and (first := count_without_certificate(waiting)):
        said.append(
            sentence(
                "People who would receive their first certificate of this event: %(count)s.", count=first
            )
        )
    return tuple(said)


def consequence(each: Contradicted, waiting: ResultRevision) -> Sentence:
    """What a correction means for one certificate."""
    name, number = each.certificate.snapshot["name"], each.certificate.number
    if each.line is None or each.line.award is None:
        return sentence("%(number)s (%(name)s): no award any more, to be revoked.", number=number, name=name)
    return sentence(
        "%(number)s (%(name)s): to be replaced: award “%(award)s”, place %(place)s.",
        number=number,
        name=name,
        award=award_title(waiting, each.line.award),
        place=each.line.place or "–",
    )


# --- issuing --------------------------------------------------------------------------------------


def awarded_without_certificate(
    revision: ResultRevision, *, among: Collection[UUID] | None = None
) -> list[tuple[ResultLine, Worker]]:
    """Who (among these workers) received an award and never had a certificate of this event, in the result's order."""
    query = _missing(revision) if among is None else _missing(revision).where(Worker.id.in_(among))
    rows = session.execute(
        query.with_only_columns(ResultLine, Worker).order_by(ResultLine.position, EntrantMember.position)
    )
    return [(line, worker) for line, worker in rows]


def count_without_certificate(revision: ResultRevision) -> int:
    return session.scalar(_missing(revision).with_only_columns(func.count())) or 0


def _missing(revision: ResultRevision) -> Select[ResultLine]:
    had = exists().where(
        Certificate.event_id == ResultLine.event_id, Certificate.worker_id == EntrantMember.worker_id
    )
    return (
        select(ResultLine)
        .join(
            EntrantMember,
            and_(
                EntrantMember.event_id == ResultLine.event_id,
                EntrantMember.entrant_id == ResultLine.entrant_id,
            ),
        )
        .join(Worker, Worker.id == EntrantMember.worker_id)
        .where(
            ResultLine.event_id == revision.event_id,
            ResultLine.revision_id == revision.id,
            ResultLine.award.is_not(None),
            EntrantMember.active,
            ~had,
        )
    )


def printing_problem(line: ResultLine, worker: Worker) -> Sentence | None:
    """Which characters of this person's certificate no face can draw, or None. Asked before anything is issued."""
    event = line.entrant.event
    printed = [
        *(member.worker.name for member in line.entrant.members if member.active),
        full_name(worker.employer),
        event.competition.name,
        event.competition.name_en,
        event.name,
        event.name_en,
        event.competition.host.name,
    ]
    lost = lettering.undrawable("".join(printed))
    if not lost:
        return None
    return sentence(
        "Entry %(entry)s cannot be printed: no font has %(characters)s. "
        "Check the spelling; a character of the standard GB 18030-2022 can be printed.",
        entry=line.entrant.entry_number or "–",
        characters=lettering.described(lost),
    )


def valid_certificate(event_id: UUID, worker_id: UUID) -> Certificate | None:
    return session.scalar(
        select(Certificate).where(
            Certificate.event_id == event_id,
            Certificate.worker_id == worker_id,
            Certificate.status == CertificateStatus.VALID,
        )
    )


def has_number(number: str) -> bool:
    return session.scalar(select(Certificate.id).where(Certificate.number == number)) is not None


def series_of(event_id: UUID) -> CertificateSeries | None:
    """The running number of an event, held until the transaction ends."""
    return session.scalar(
        select(CertificateSeries)
        .where(CertificateSeries.event_id == event_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def award_title(revision: ResultRevision, award: str) -> Title:
    """The award's name as the rule set of the revision writes it."""
    rule = _rule_set(canonical_json(revision.rule_set_version.document)).awards
    title = rule.title_of(award) if rule else None
    return title or Title(award, award)


@lru_cache(maxsize=16)
def _rule_set(document: str) -> RuleSet:
    return parse(read_json(document))
