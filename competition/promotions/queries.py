"""Read promotion tables and cases, and decide what an event's certificates lead to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from competition.certificates.models import Certificate, CertificateStatus
from competition.certificates.queries import contradicted_by
from competition.competitions.models import Competition, Event
from competition.competitions.queries import scope_of_event
from competition.database import session
from competition.errors import NotFound
from competition.organisations.models import Organisation
from competition.organisations.queries import ancestors_of, reachable_clause
from competition.orm import read_json
from competition.promotions.models import STATE_LABELS, CaseState, CaseStep, PromotionCase, PromotionTable
from competition.registration.models import Entrant, EntrantState
from competition.results import queries as results
from competition.results.models import Publication, ResultLine, ResultRevision
from competition.rules.access import Actor, Permission, Scope, ScopeKind
from competition.rules.grades import Grade
from competition.rules.names import search_key
from competition.rules.promotion import Decision, PromotionFacts, decide
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import GradeRecord, Worker
from competition.workers.services import PROMOTION

_CHINA = timezone(timedelta(hours=8))
APPLY, APPROVE = Permission.PROMOTIONS_CASE_APPLY, Permission.PROMOTIONS_CASE_APPROVE


def day_of(at: datetime) -> date:
    """The calendar day of a moment in China, by which the rule tables count."""
    return at.astimezone(_CHINA).date()


# --- tables ---------------------------------------------------------------------------------------


def table_by_id(table_id: UUID) -> PromotionTable:
    """The table, or NotFound. Published tables are for everybody to read."""
    found: PromotionTable | None = session.get(PromotionTable, table_id)
    if found is None:
        raise NotFound()
    return found


def tables() -> list[PromotionTable]:
    """Every published table: by authority, the newest first."""
    return list(
        session.scalars(
            select(PromotionTable)
            .join(PromotionTable.authority)
            .options(joinedload(PromotionTable.authority))
            .order_by(
                func.length(Organisation.path),
                Organisation.name,
                PromotionTable.valid_from.desc(),
                PromotionTable.published_at.desc(),
                PromotionTable.id,
            )
        )
    )


def tables_of(authority: Organisation) -> list[PromotionTable]:
    """The tables of one authority, the newest first."""
    return [table for table in tables() if table.authority_id == authority.id]


def same_table(authority: Organisation, fingerprint: str) -> PromotionTable | None:
    """A table of this authority with exactly this content."""
    found: PromotionTable | None = session.scalars(
        select(PromotionTable).where(
            PromotionTable.authority_id == authority.id, PromotionTable.hash == fingerprint
        )
    ).first()
    return found


def table_in_force(host: Organisation, on: date) -> PromotionTable | None:
    """The table that counts for a host's contest on a day: of the host or the nearest organisation above it that has
    one in force; of several the one that came into force last."""
    above = ancestors_of(host)
    known = defaultdict(list)
    for table in session.scalars(
        select(PromotionTable)
        .where(PromotionTable.authority_id.in_([one.id for one in above]), PromotionTable.valid_from <= on)
        .order_by(PromotionTable.valid_from.desc(), PromotionTable.published_at.desc())
    ):
        until = table.document.get("valid_until")
        if until is None or on <= date.fromisoformat(until):
            known[table.authority_id].append(table)
    return next((known[one.id][0] for one in reversed(above) if known[one.id]), None)


@dataclass(frozen=True)
class Starter:
    """A table to begin with."""

    name: str
    document: dict[str, Any]


@cache
def starters() -> tuple[Starter, ...]:
    """The tables that come with the house, by name."""
    folder = files("competition.promotions").joinpath("tables")
    return tuple(
        Starter(file.name.removesuffix(".json"), read_json(file.read_text(encoding="utf-8")))
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(".json")
    )


def starter_table(name: str) -> dict[str, Any]:
    """A copy of a starter's document. Raises KeyError for a name there is none of."""
    return dict({one.name: one.document for one in starters()}[name])


# --- decisions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What one certificate leads to: the decision of the table in force on the facts, and the case there is already."""

    certificate: Certificate
    line: ResultLine | None
    table: PromotionTable | None
    facts: PromotionFacts | None
    decision: Decision | None
    reasons: tuple[Sentence, ...]
    case: PromotionCase | None = None

    @property
    def is_eligible(self) -> bool:
        return self.decision is not None and self.decision.eligible


def verdicts_of(event: Event) -> list[Verdict]:
    """What every valid certificate of an event leads to, in the order of the result."""
    certificates = list(
        session.scalars(
            select(Certificate)
            .where(Certificate.event_id == event.id, Certificate.status == CertificateStatus.VALID)
            .options(selectinload(Certificate.worker))
        )
    )
    lines = {
        (line.revision_id, line.entrant_id): line
        for line in session.scalars(
            select(ResultLine).where(
                ResultLine.event_id == event.id,
                ResultLine.revision_id.in_({certificate.revision_id for certificate in certificates}),
            )
        )
    }
    cases = {case.worker_id: case for case in cases_of_event(event)}
    records = _records_of([certificate.worker_id for certificate in certificates])
    size, barred = field_size(event), _without_claim(event)
    is_final = results.final_revision(event) is not None
    found = []
    for certificate in certificates:
        line = lines.get((certificate.revision_id, certificate.entrant_id))
        verdict = _verdict(
            event,
            certificate,
            line,
            records[certificate.worker_id],
            field_size=size,
            award_eligible=certificate.entrant_id not in barred,
            held_on=day_of(certificate.issued_at),
            is_final=is_final,
            case=cases.get(certificate.worker_id),
        )
        found.append(verdict)
    return sorted(found, key=lambda one: (one.line.position if one.line else 1 << 30, one.certificate.number))


def verdict_today(case: PromotionCase, at: datetime) -> Verdict:
    """The decision on a case once more, with the grade the person holds on that day."""
    certificate, event = case.certificate, case.certificate.event
    key = (event.id, certificate.revision_id, certificate.entrant_id)
    return _verdict(
        event,
        certificate,
        session.get(ResultLine, key),
        _records_of([case.worker_id])[case.worker_id],
        field_size=field_size(event),
        award_eligible=certificate.entrant_id not in _without_claim(event),
        held_on=day_of(at),
        is_final=results.final_revision(event) is not None,
        case=case,
        table=case.table,
    )


def _verdict(
    event: Event,
    certificate: Certificate,
    line: ResultLine | None,
    records: Sequence[GradeRecord],
    *,
    field_size: int,
    award_eligible: bool,
    held_on: date,
    is_final: bool,
    case: PromotionCase | None,
    table: PromotionTable | None = None,
) -> Verdict:
    published = published_on(event.id, certificate.revision_id)
    if line is None or published is None:
        reason = sentence("The result that this certificate rests on is not published.")
        return Verdict(certificate, line, None, None, None, (reason,), case)
    if not is_final:
        reason = sentence(
            "The result of this event is not final yet: a correction of it is in its notice period."
        )
        return Verdict(certificate, line, None, None, None, (reason,), case)
    host = event.competition.host
    table = table or table_in_force(host, published)
    if table is None:
        reason = sentence(
            "Neither %(host)s nor an organisation above it has a promotion table in force on %(day)s. Publish one first.",
            host=host.name,
            day=published,
        )
        return Verdict(certificate, line, None, None, None, (reason,), case)
    facts = PromotionFacts(
        tier=event.competition.tier.value,
        contest_class=event.competition.competition_class.value,
        group=event.group.value,
        decided_on=published,
        place=line.place,
        field_size=field_size,
        award=line.award,
        grade_held=grade_held(records, event.occupation_code, held_on),
        occupation_ceiling=event.occupation.ceiling,
        promoted_in_years=_years_of_promotions(records, but=case),
        award_eligible=award_eligible,
    )
    decision = decide(table.document, facts)
    return Verdict(certificate, line, table, facts, decision, decision.steps, case)


def grade_held(records: Iterable[GradeRecord], occupation_code: str, on: date) -> Grade | None:
    """The highest grade on record for an occupation on a day."""
    held = [
        Grade(line.grade)
        for line in records
        if line.occupation_code == occupation_code and line.effective_on <= on
    ]
    return max(held, key=lambda grade: grade.order, default=None)


def published_on(event_id: UUID, revision_id: UUID) -> date | None:
    """The day on which a revision was published, in China."""
    at = session.scalar(
        select(Publication.at).where(Publication.event_id == event_id, Publication.revision_id == revision_id)
    )
    return day_of(at) if at else None


def field_size(event: Event) -> int:
    """How many approved entrants the event has."""
    counted = select(func.count(Entrant.id)).where(
        Entrant.event_id == event.id, Entrant.state == EntrantState.APPROVED
    )
    return session.scalar(counted) or 0


def _without_claim(event: Event) -> frozenset[UUID]:
    query = select(Entrant.id).where(Entrant.event_id == event.id, Entrant.award_eligible.is_(False))
    return frozenset(session.scalars(query))


def _records_of(worker_ids: Sequence[UUID]) -> dict[UUID, list[GradeRecord]]:
    found: dict[UUID, list[GradeRecord]] = defaultdict(list)
    for start in range(0, len(worker_ids), 500):
        query = select(GradeRecord).where(GradeRecord.worker_id.in_(worker_ids[start : start + 500]))
        for line in session.scalars(query.order_by(GradeRecord.effective_on, GradeRecord.id)):
            found[line.worker_id].append(line)
    return found


def _years_of_promotions(records: Iterable[GradeRecord], *, but: PromotionCase | None) -> frozenset[int]:
    """The calendar years of the contests that led to earlier promotions; without a known contest, of the promotion."""
    years = set()
    for line in records:
        if line.source != PROMOTION or (but is not None and line.source_id == but.id):
            continue
        case = session.get(PromotionCase, line.source_id) if line.source_id else None
        contest = published_on(case.certificate.event_id, case.certificate.revision_id) if case else None
        years.add((contest or line.effective_on).year)
    return frozenset(years)


# --- cases ----------------------------------------------------------------------------------------


def case_by_id(case_id: UUID) -> PromotionCase:
    """The case, or NotFound."""
    found: PromotionCase | None = session.get(PromotionCase, case_id)
    if found is None:
        raise NotFound()
    return found


def scopes_of(case: PromotionCase, permission: Permission) -> tuple[Scope, ...]:
    """Where a case stands: to be approved, with the table's authority; else with the event and with the employer."""
    if permission is APPROVE:
        return (Scope(organisation_path=case.table.authority.path),)
    return (
        scope_of_event(case.certificate.event),
        Scope(organisation_path=case.worker.employer.path),
    )


def may(actor: Actor, permission: Permission, case: PromotionCase) -> bool:
    """Whether the actor's roles reach the case."""
    return any(actor.may(permission, scope) for scope in scopes_of(case, permission))


def is_own(actor: Actor, case: PromotionCase) -> bool:
    """Whether the case is the person's own."""
    return actor.account_id is not None and case.worker.account_id == actor.account_id


def case_for(actor: Actor, case_id: UUID, permission: Permission) -> PromotionCase:
    """The case when the actor's roles reach it, else NotFound. Everybody may apply for the own case."""
    case = case_by_id(case_id)
    if may(actor, permission, case) or (permission is APPLY and is_own(actor, case)):
        return case
    raise NotFound()


def case_seen_by(actor: Actor, case_id: UUID) -> PromotionCase:
    """The case, for the person it is about, the organiser side and the authority; else NotFound."""
    case = case_by_id(case_id)
    if is_own(actor, case) or may(actor, APPLY, case) or may(actor, APPROVE, case):
        return case
    raise NotFound()


def cases_of(worker: Worker) -> list[PromotionCase]:
    """Every case of a person, the newest first."""
    return list(
        session.scalars(
            select(PromotionCase)
            .where(PromotionCase.worker_id == worker.id)
            .order_by(PromotionCase.created_at.desc(), PromotionCase.id.desc())
        )
    )


def case_of_certificate(certificate_id: UUID) -> PromotionCase | None:
    """The case that rests on a certificate."""
    found: PromotionCase | None = session.scalar(
        select(PromotionCase).where(PromotionCase.certificate_id == certificate_id)
    )
    return found


def cases_of_event(event: Event) -> list[PromotionCase]:
    """Every case that rests on a certificate of an event, also of one that no longer holds."""
    return list(
        session.scalars(
            select(PromotionCase)
            .join(PromotionCase.certificate)
            .where(Certificate.event_id == event.id)
            .options(selectinload(PromotionCase.certificate))
            .order_by(PromotionCase.id)
        )
    )


def consequences(event: Event, _released: ResultRevision, waiting: ResultRevision) -> tuple[Sentence, ...]:
    """Which cases rest on a certificate that the waiting revision would not bear out; nothing is changed by it."""
    contradicted = {each.certificate.id for each in contradicted_by(waiting)}
    return tuple(
        sentence(
            "The case of %(name)s (%(state)s) rests on the certificate %(number)s and is to be decided again.",
            name=case.worker.name,
            state=STATE_LABELS[case.state],
            number=case.certificate.number,
        )
        for case in cases_of_event(event)
        if case.certificate_id in contradicted
    )


def steps_of(case: PromotionCase) -> list[CaseStep]:
    """Every move of a case, first to last."""
    return list(
        session.scalars(
            select(CaseStep).where(CaseStep.case_id == case.id).order_by(CaseStep.at, CaseStep.id)
        )
    )


def applicant_of(case: PromotionCase) -> CaseStep | None:
    """The step by which somebody applied."""
    return next((step for step in reversed(steps_of(case)) if step.after is CaseState.APPLIED), None)


@dataclass(frozen=True)
class CaseFilter:
    """What the list of cases is narrowed to; None is everything."""

    state: CaseState | None = None
    text: str = ""


def cases_page(actor: Actor, wanted: CaseFilter, *, page: int, size: int) -> tuple[list[PromotionCase], int]:
    """The cases the actor's roles reach, the newest first, and how many there are."""
    authority, host = aliased(Organisation), aliased(Organisation)
    query = (
        select(PromotionCase)
        .join(PromotionCase.worker)
        .join(Worker.employer)
        .join(PromotionCase.certificate)
        .join(Certificate.event)
        .join(Event.competition)
        .join(host, host.id == Competition.host_id)
        .join(PromotionCase.table)
        .join(authority, authority.id == PromotionTable.authority_id)
        .where(
            or_(
                reachable_clause(actor, APPLY, Organisation.path),
                reachable_clause(actor, APPROVE, authority.path),
                _events_in_reach(actor, APPLY, host.path),
            )
        )
    )
    if wanted.state is not None:
        query = query.where(PromotionCase.state == wanted.state)
    if key := search_key(wanted.text):
        query = query.where(
            or_(
                Worker.search_key.contains(key, autoescape=True),
                Certificate.number.contains(wanted.text.strip(), autoescape=True),
                PromotionCase.document_number.contains(wanted.text.strip(), autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.options(
            joinedload(PromotionCase.worker).joinedload(Worker.employer),
            joinedload(PromotionCase.certificate).joinedload(Certificate.event).joinedload(Event.competition),
        )
        .order_by(PromotionCase.created_at.desc(), PromotionCase.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return list(rows), total


def events_with_certificates(actor: Actor) -> list[tuple[Event, int, int]]:
    """The events in reach with valid certificates: how many certificates, and how many cases rest on them."""
    counted = (
        select(
            Certificate.event_id,
            func.count(Certificate.id).label("certificates"),
            func.count(PromotionCase.id).label("cases"),
        )
        .outerjoin(PromotionCase, PromotionCase.certificate_id == Certificate.id)
        .where(Certificate.status == CertificateStatus.VALID)
        .group_by(Certificate.event_id)
        .subquery()
    )
    query: Select[Any] = (
        select(Event, counted.c.certificates, counted.c.cases)
        .join(counted, counted.c.event_id == Event.id)
        .join(Event.competition)
        .join(Competition.host)
        .where(_events_in_reach(actor, APPLY, Organisation.path))
        .options(joinedload(Event.competition))
        .order_by(Competition.starts_on.desc(), Competition.code, Event.code)
        .limit(100)
    )
    return [(event, certificates, cases) for event, certificates, cases in session.execute(query)]


def _events_in_reach(actor: Actor, permission: Permission, host_path: Any) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [reachable_clause(actor, permission, host_path)]
    for grant in actor.grants_with(permission):
        if grant.scope_kind is ScopeKind.COMPETITION:
            parts.append(Event.competition_id == grant.scope_id)
        elif grant.scope_kind is ScopeKind.EVENT:
            parts.append(Event.id == grant.scope_id)
    return or_(false(), *parts)
