"""Write certificates: issue, revoke, replace. Nothing is drawn here; a certificate is its snapshot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from competition import tokens
from competition.audit.services import record
from competition.certificates import facts, queries, wording
from competition.certificates.models import (
    Certificate,
    CertificateChange,
    CertificateSeries,
    CertificateStatus,
    VerificationMiss,
)
from competition.certificates.numbering import certificate_number
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.jobs import queries as jobs
from competition.jobs.models import Operation
from competition.jobs.services import queue_operation
from competition.organisations.queries import full_name
from competition.orm import fingerprint
from competition.results import consequences
from competition.results import queries as results
from competition.results.models import ResultLine, ResultRevision
from competition.rules.access import Actor
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.workers.models import Worker

BATCH = "certificates.batch"
FORMAT = "skillsladder.certificate/1"
MOST_AT_ONCE = 200
"""How many certificates follow a correction in one action; the page says when more are left."""


@dataclass(frozen=True)
class Followed:
    """How many certificates a correction revoked and replaced."""

    revoked: int
    replaced: int


def queue_batch(event: Event, *, by: Actor, at: datetime) -> Operation:
    """Queue the certificates of everybody who received an award in the final result and has none yet.

    One batch at a time: while one waits or runs, that one is returned.
    """
    revision = _final(event)
    if waiting := jobs.open_operation(BATCH, event.id):
        return waiting
    missing = queries.count_without_certificate(revision)
    if missing == 0:
        raise RuleBroken(
            sentence("Everybody who received an award in this event already has a certificate."),
            next_step=sentence("To change one, open it in the list and replace it."),
        )
    issued = sum(queries.counts_by_status(event).values())
    return queue_operation(
        BATCH,
        args={"revision_id": str(revision.id), "issued_before": issued},
        idempotency_key=f"{BATCH}:{event.id}:{jobs.count_of_operations(BATCH, event.id) + 1}",
        event_id=event.id,
        total=missing,
        by=by,
        at=at,
    )


def issue_certificate(line: ResultLine, worker: Worker, *, by: Actor, at: datetime) -> Certificate:
    """Issue the certificate of one person for a line of the final result.

    Refused when the line carries no award or is not of the final result, when the person is not in the entrant or
    already has a valid certificate of this event, and when a character of what is printed cannot be drawn.
    """
    event = line.entrant.event
    revision = _final(event)
    reasons = list(_reasons_against(line, worker, revision))
    if queries.valid_certificate(event.id, worker.id):
        reasons.append(sentence("This person already has a valid certificate of this event."))
    if reasons:
        raise RuleBroken(*reasons)
    certificate = _write(line, worker, revision, replaces="", by=by, at=at)
    record(
        facts.CertificateIssued(event_id=event.id, subject_id=certificate.id, number=certificate.number),
        by=by,
        at=at,
    )
    return certificate


def revoke_certificate(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> Certificate:
    """Declare a certificate void from now on; whoever verifies it is told so, with the date."""
    _still_valid(certificate, reason)
    _change(certificate, CertificateStatus.REVOKED, reason, by=by, at=at)
    record(
        facts.CertificateRevoked(
            event_id=certificate.event_id,
            subject_id=certificate.id,
            number=certificate.number,
            reason=reason.strip(),
        ),
        by=by,
        at=at,
    )
    return certificate


def reissue_certificate(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> Certificate:
    """Replace a valid certificate by a new one, with a number of its own, resting on the final result.

    The two name each other. Refused when the final result gives the person no award: then it is revoked instead.
    """
    _still_valid(certificate, reason)
    revision = _final(certificate.event)
    line = results.line_of(revision, certificate.entrant_id)
    if line is None or line.award is None:
        raise RuleBroken(
            sentence("The result that is released now gives no award here, so there is nothing to certify."),
            next_step=sentence("Revoke the certificate instead."),
        )
    if reasons := list(_reasons_against(line, certificate.worker, revision)):
        raise RuleBroken(*reasons)
    _change(certificate, CertificateStatus.REPLACED, reason, by=by, at=at)
    session.flush()
    made = _write(line, certificate.worker, revision, replaces=certificate.number, by=by, at=at)
    certificate.replaced_by_id = made.id
    record(
        facts.CertificateReplaced(
            event_id=certificate.event_id,
            subject_id=made.id,
            former=certificate.number,
            number=made.number,
            reason=reason.strip(),
        ),
        by=by,
        at=at,
    )
    return made


def follow_correction(event: Event, *, reason: str, by: Actor, at: datetime) -> Followed:
    """Revoke or replace the certificates that the final result no longer bears out, at most `MOST_AT_ONCE` of them.

    Whoever has no award any more: revoked. Whose award or place is another: replaced, with a number of its own. Raises
    RuleBroken when the result is not final, the reason is missing, or there is nothing to follow.
    """
    revision = _final(event)
    found = queries.contradicted_by(revision, limit=MOST_AT_ONCE)
    if not found:
        raise RuleBroken(sentence("Every certificate of this event agrees with the final result."))
    revoked = 0
    for each in found:
        if each.is_to_be_revoked:
            revoke_certificate(each.certificate, reason=reason, by=by, at=at)
            revoked += 1
        else:
            reissue_certificate(each.certificate, reason=reason, by=by, at=at)
    return Followed(revoked, len(found) - revoked)


def count_miss(address: str, *, at: datetime) -> None:
    """Count a question for a certificate that is not there; the counts of the last hour are kept."""
    minute, key = queries.minute_of(at), queries.address_key(address)
    session.execute(delete(VerificationMiss).where(VerificationMiss.minute < minute - 60))
    if _count_again(key, minute):
        return
    try:
        with session.begin_nested():
            session.add(VerificationMiss(id=tokens.new_id(), address_key=key, minute=minute, misses=1))
    except IntegrityError:  # another request of this address began the minute
        _count_again(key, minute)


def _count_again(key: bytes, minute: int) -> bool:
    known = session.execute(
        update(VerificationMiss)
        .where(VerificationMiss.address_key == key, VerificationMiss.minute == minute)
        .values(misses=VerificationMiss.misses + 1)
        .returning(VerificationMiss.id)
        .execution_options(synchronize_session=False)
    ).first()
    return known is not None


def _final(event: Event) -> ResultRevision:
    revision = results.final_revision(event)
    if revision is not None:
        return revision
    if results.published_revision(event) is None:
        raise RuleBroken(
            sentence("The result of this event is not published, so there is nothing to certify."),
            next_step=sentence("Publish the result first."),
        )
    raise RuleBroken(
        sentence(
            "The result of this event is public and not final yet; certificates rest on the final result."
        ),
        next_step=sentence("Wait for the end of its notice; the publication page says when."),
    )


def _reasons_against(line: ResultLine, worker: Worker, revision: ResultRevision) -> list[Sentence]:
    reasons = []
    if line.revision_id != revision.id:
        reasons.append(sentence("This line is not of the result that is released now."))
    if line.award is None:
        reasons.append(sentence("There is no award in this line of the result."))
    if worker.id not in {member.worker_id for member in line.entrant.members if member.active}:
        reasons.append(sentence("This person is not in the entrant that received the award."))
    if problem := queries.printing_problem(line, worker):
        reasons.append(problem)
    return reasons


def _still_valid(certificate: Certificate, reason: str) -> None:
    lock(certificate)
    reasons = []
    if certificate.status != CertificateStatus.VALID:
        reasons.append(sentence("This certificate is no longer valid, so it cannot be changed again."))
    if not reason.strip():
        reasons.append(sentence("Write the reason; it is kept with the certificate."))
    if reasons:
        raise RuleBroken(*reasons)


def _write(
    line: ResultLine, worker: Worker, revision: ResultRevision, *, replaces: str, by: Actor, at: datetime
) -> Certificate:
    event = line.entrant.event
    award = line.award or ""
    number = _next_number(event, award)
    verification_id = tokens.new_verification_id()
    snapshot = {
        **_snapshot(line, worker, revision, at),
        "number": number,
        "verification_id": verification_id,
        "replaces": replaces,
    }
    certificate = Certificate(
        id=tokens.new_id(),
        number=number,
        verification_id=verification_id,
        event=event,
        revision_id=revision.id,
        entrant_id=line.entrant_id,
        worker=worker,
        snapshot=snapshot,
        snapshot_hash=fingerprint(snapshot),
        status=CertificateStatus.VALID,
        issued_at=at,
        issued_by=by.account_id,
    )
    session.add(certificate)
    session.flush()
    _note(certificate, CertificateStatus.VALID, "", by=by, at=at)
    return certificate


def _snapshot(line: ResultLine, worker: Worker, revision: ResultRevision, at: datetime) -> dict[str, Any]:
    """Everything that is printed, and what it rests on. What can be derived from other rows later is not looked up again."""
    event = line.entrant.event
    competition = event.competition
    award = queries.award_title(revision, line.award or "")
    contest, skill = Title(competition.name, competition.name_en), Title(event.name, event.name_en)
    partners = [
        member.worker.name
        for member in line.entrant.members
        if member.active and member.worker_id != worker.id
    ]
    return {
        "format": FORMAT,
        "name": worker.name,
        "unit": full_name(worker.employer),
        "delegation": line.delegation_name,
        "partners": partners,
        "competition": dict(contest.as_json()),
        "event": dict(skill.as_json()),
        "occupation": {"zh": event.occupation.name, "en": event.occupation.name_en},
        "award": {"id": line.award, **award.as_json()},
        "place": line.place,
        "issuers": [{"zh": competition.host.name, "en": competition.host.name_en}],
        "issued_on": wording.legal_date(at),
        "revision": {"number": revision.number, "hash": revision.hash},
        "texts": wording.texts(
            competition=contest,
            event=skill,
            award=award,
            place=line.place,
            partners=partners,
            group=event.group,
        ),
    }


def _next_number(event: Event, award: str) -> str:
    """The next number of the event's series. The series is held until the transaction ends, so none is given twice."""
    series = _series(event.id)
    while True:
        series.last_number += 1
        number = certificate_number(
            competition=event.competition.code,
            year=event.competition.starts_on.year,
            event=event.code,
            award=award,
            sequence=series.last_number,
        )
        if number is not None and not queries.has_number(number):
            return number


def _series(event_id: UUID) -> CertificateSeries:
    known = queries.series_of(event_id)
    if known is not None:
        return known
    session.execute(select(Event.id).where(Event.id == event_id).with_for_update())
    known = queries.series_of(event_id)
    if known is None:
        known = CertificateSeries(event_id=event_id, last_number=0)
        session.add(known)
        session.flush()
    return known


def _change(
    certificate: Certificate, after: CertificateStatus, reason: str, *, by: Actor, at: datetime
) -> None:
    certificate.status = after
    _note(certificate, after, reason.strip(), by=by, at=at)


def _note(
    certificate: Certificate, after: CertificateStatus, reason: str, *, by: Actor, at: datetime
) -> None:
    session.add(
        CertificateChange(
            id=tokens.new_id(),
            certificate_id=certificate.id,
            after=after,
            reason=reason,
            at=at,
            by_id=by.account_id,
        )
    )


consequences.register(queries.consequences, title=sentence("Certificates"))
