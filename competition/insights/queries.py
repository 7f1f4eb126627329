"""Reads across all rooms: the funnel of a chain, what waits for a person, what blocks publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from competition.certificates.models import Certificate, CertificateStatus
from competition.competitions import holds
from competition.competitions.event_links import EventLink, Step, links_for
from competition.competitions.models import Competition, Event, Tier
from competition.competitions.queries import scope_of_event
from competition.database import session
from competition.drills.models import Attempt, Drill
from competition.organisations.models import Organisation
from competition.panels.queries import judge_of
from competition.promotions.models import CaseState, PromotionCase
from competition.registration.models import Entrant, EntrantMember, EntrantState
from competition.results.models import Publication, PublicationApproval, ResultFinal, ResultRevision
from competition.rules.access import Actor, Permission, ScopeKind
from competition.rules.lifecycle import PUBLIC_STATES, EventState
from competition.rules.sentences import Sentence
from competition.scoring.models import Sheet, SheetState, Signature
from competition.scoring.queries import reopenings_asked
from competition.scoring.queries.signing import ASKED
from competition.workers.models import Worker

TIER_ORDER = (Tier.ENTERPRISE, Tier.CITY, Tier.PROVINCE, Tier.INDUSTRY, Tier.NATION)


@dataclass(frozen=True)
class Funnel:
    """How many people stood on each step of one chain; None is not known yet, which is not zero."""

    top: Event
    drilled: int | None
    by_tier: tuple[tuple[Tier, int | None], ...]
    certified: int | None
    promoted: int | None


@dataclass(frozen=True)
class Waiting:
    """Work that waits in one event: how much of it."""

    event: Event
    count: int


def chain_tops(actor: Actor) -> list[Event]:
    """The highest events of the chains a person may look at, the longest chain first."""
    tops = session.scalars(
        select(Event)
        .join(Competition)
        .join(Organisation, Organisation.id == Competition.host_id)
        .where(Event.parent_id.is_(None), events_in_reach(actor, Permission.INSIGHTS_FUNNEL_READ))
        .order_by(Competition.starts_on.desc(), Event.code, Event.id)
        .limit(200)
    )
    return sorted(tops, key=lambda top: -len(chain_below(top)))


def widest_public_chain() -> Event | None:
    """The chain with most events below a public top: what the public home shows in figures."""
    below = select(Event.parent_id).where(Event.parent_id.is_not(None))
    tops = session.scalars(
        select(Event)
        .where(Event.parent_id.is_(None), Event.id.in_(below), Event.state.in_(PUBLIC_STATES))
        .order_by(Event.created_at.desc(), Event.id)
        .limit(20)
    )
    return max(tops, key=lambda top: len(chain_below(top)), default=None)


def events_in_reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The events an actor's grants with the permission cover; to be joined with competition and host organisation."""
    clauses: list[ColumnElement[bool]] = []
    for grant in actor.grants_with(permission):
        match grant.scope_kind:
            case ScopeKind.INSTALLATION:
                return true()
            case ScopeKind.ORGANISATION:
                clauses.append(Organisation.path.startswith(grant.path, autoescape=True))
            case ScopeKind.COMPETITION:
                clauses.append(Competition.id == grant.scope_id)
            case ScopeKind.EVENT:
                clauses.append(Event.id == grant.scope_id)
    return or_(*clauses) if clauses else false()


def chain_below(top: Event) -> list[Event]:
    """The event and every event whose winners climb towards it."""
    found, level = [top], [top.id]
    while level:
        lower = list(
            session.scalars(select(Event).where(Event.parent_id.in_(level)).order_by(Event.code, Event.id))
        )
        found += lower
        level = [event.id for event in lower]
    return found


def funnel_of(top: Event) -> Funnel:
    """Count the people of a chain: different people in drills, approved entrants per tier, certificates, grades."""
    events = chain_below(top)
    ids = [event.id for event in events]
    tiers = [(tier, [e.id for e in events if e.competition.tier == tier]) for tier in TIER_ORDER]
    by_tier = tuple((tier, _people_in(members)) for tier, members in tiers if members)
    drills = list(session.scalars(select(Drill.id).where(Drill.event_id.in_(ids))))
    drilled = (
        session.scalar(
            select(func.count(Attempt.worker_id.distinct())).where(
                Attempt.drill_id.in_(drills), Attempt.submitted_at.is_not(None)
            )
        )
        if drills
        else None
    )
    certified = session.scalar(
        select(func.count(Certificate.worker_id.distinct())).where(
            Certificate.event_id.in_(ids), Certificate.status == CertificateStatus.VALID
        )
    )
    promoted = session.scalar(
        select(func.count(PromotionCase.worker_id.distinct()))
        .join(Certificate, Certificate.id == PromotionCase.certificate_id)
        .where(Certificate.event_id.in_(ids), PromotionCase.state.in_((CaseState.APPROVED, CaseState.ISSUED)))
    )
    return Funnel(top, drilled, by_tier, certified, promoted)


def _people_in(event_ids: Sequence[UUID]) -> int | None:
    entered = session.scalar(
        select(func.count(EntrantMember.worker_id.distinct()))
        .join(
            Entrant, and_(Entrant.event_id == EntrantMember.event_id, Entrant.id == EntrantMember.entrant_id)
        )
        .where(Entrant.event_id.in_(event_ids), Entrant.state == EntrantState.APPROVED)
    )
    return entered or None


def _waiting(
    actor: Actor,
    permission: Permission,
    counted: ColumnElement[int],
    *where: ColumnElement[bool],
    source: type,
) -> list[Waiting]:
    rows = session.execute(
        select(Event, counted)
        .join(source, source.event_id == Event.id)  # type: ignore[attr-defined]
        .join(Competition, Competition.id == Event.competition_id)
        .join(Organisation, Organisation.id == Competition.host_id)
        .where(events_in_reach(actor, permission), *where)
        .group_by(Event.id)
        .order_by(counted.desc(), Event.code, Event.id)
        .limit(20)
    )
    return [Waiting(event, count) for event, count in rows]


@dataclass(frozen=True)
class Judging:
    """A judge's sheets in one event: how many there are, and how many of them are signed."""

    event: Event
    sheets: int
    signed: int


def judging_of(actor: Actor) -> list[Judging]:
    """The events a judge has sheets in while they are scored, by name."""
    judge = judge_of(actor)
    if judge is None:
        return []
    signed = func.count(Sheet.id).filter(Sheet.state.in_((SheetState.SIGNED, SheetState.CONFIRMED)))
    rows = session.execute(
        select(Event, func.count(Sheet.id), signed)
        .join(Sheet, Sheet.event_id == Event.id)
        .where(Sheet.judge_id == judge.id, Sheet.state != SheetState.VOID, Event.state == EventState.SCORING)
        .group_by(Event.id)
        .order_by(Event.name, Event.id)
    )
    return [Judging(*row) for row in rows]


def entries_to_decide(actor: Actor) -> list[Waiting]:
    """Events in which entries wait for approval."""
    return _waiting(
        actor,
        Permission.REGISTRATION_ENTRY_APPROVE,
        func.count(Entrant.id),
        Entrant.state == EntrantState.SUBMITTED,
        source=Entrant,
    )


def sheets_to_confirm(actor: Actor) -> list[Waiting]:
    """Events in which signed sheets wait for the chief judge."""
    return _waiting(
        actor,
        Permission.SCORING_SHEET_CONFIRM,
        func.count(Sheet.id),
        Sheet.state == SheetState.SIGNED,
        source=Sheet,
    )


def reopenings_to_decide(actor: Actor) -> list[Waiting]:
    """Events in which judges ask for signed sheets to be opened again."""
    asked = select(Signature.event_id).where(Signature.act == ASKED)
    events = _events(actor, Permission.SCORING_SHEET_CONFIRM, _IN_WORK, Event.id.in_(asked))
    waiting = [Waiting(event, len(reopenings_asked(event))) for event in events]
    return [one for one in waiting if one.count]


def matters(actor: Actor) -> list[tuple[Event, EventLink, Sentence]]:
    """What the pages of events in work say waits for this person: on the floor, in the re-check, in appeals and so on."""
    events: dict[UUID, Event] = {}
    for permission in _WHO_ANSWERS:
        events |= {event.id: event for event in _events(actor, permission, _IN_WORK)}
    return [
        (event, link, words)
        for event in events.values()
        for link in links_for(event, actor)
        if link.matter and _answers(link, event, actor) and (words := link.matter(event, actor)) is not None
    ]


def _answers(link: EventLink, event: Event, actor: Actor) -> bool:
    """Many may read how appeals stand; they wait for whoever receives them and rules on them."""
    if link.step is not Step.APPEALS:
        return True
    scope = scope_of_event(event)
    return actor.may(Permission.APPEALS_APPEAL_RECEIVE, scope) or actor.may(
        Permission.APPEALS_APPEAL_RULE, scope
    )


_WHO_ANSWERS = (
    Permission.SCORING_SHEET_CONFIRM,
    Permission.RECHECKS_SHEET_CHECK,
    Permission.APPEALS_APPEAL_RULE,
    Permission.RESULTS_PUBLICATION_APPROVE,
)
"""Chief judges, supervisors, arbiters and whoever approves: an event waits for their answers."""
_IN_WORK = or_(
    Event.state.in_((EventState.SCORING, EventState.SCORED)),
    and_(Event.state == EventState.PUBLISHED, Event.id.not_in(select(ResultFinal.event_id))),
)
"""From the first sheet to the final result."""


def paper_to_type(actor: Actor) -> list[Waiting]:
    """Events in marking whose paper this clerk types, with the sheets that are not signed."""
    return _waiting(
        actor,
        Permission.SCORING_PAPER_ENTER,
        func.count(Sheet.id),
        Sheet.state == SheetState.OPEN,
        Event.state == EventState.SCORING,
        source=Sheet,
    )


def sheets_still_open(actor: Actor) -> list[Waiting]:
    """Events whose publication is held up by sheets that nobody has signed."""
    return _waiting(
        actor,
        Permission.RESULTS_REVISION_READ,
        func.count(Sheet.id),
        Sheet.state == SheetState.OPEN,
        Event.state == EventState.SCORING,
        source=Sheet,
    )


def revisions_to_approve(actor: Actor) -> list[ResultRevision]:
    """Prepared results that wait for a second person, and that this person may still approve."""
    published = select(Publication.revision_id)
    mine = select(PublicationApproval.revision_id).where(PublicationApproval.by_id == actor.account_id)
    newest = (
        select(ResultRevision.event_id, func.max(ResultRevision.number).label("number"))
        .group_by(ResultRevision.event_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(ResultRevision)
            .join(
                newest,
                and_(newest.c.event_id == ResultRevision.event_id, newest.c.number == ResultRevision.number),
            )
            .join(Event, Event.id == ResultRevision.event_id)
            .join(Competition, Competition.id == Event.competition_id)
            .join(Organisation, Organisation.id == Competition.host_id)
            .where(
                events_in_reach(actor, Permission.RESULTS_PUBLICATION_APPROVE),
                ResultRevision.id.not_in(published),
                ResultRevision.id.not_in(mine),
            )
            .order_by(ResultRevision.prepared_at, ResultRevision.id)
        )
    )


def results_to_prepare(actor: Actor) -> list[Event]:
    """Events whose scoring is closed and whose result nobody has prepared since."""
    prepared = select(ResultRevision.event_id)
    return _events(
        actor,
        Permission.RESULTS_REVISION_PREPARE,
        Event.state == EventState.SCORED,
        Event.id.not_in(prepared),
    )


def certificates_to_issue(actor: Actor) -> list[Event]:
    """Events with a final result and without a certificate."""
    return _events(
        actor,
        Permission.CERTIFICATES_CERTIFICATE_ISSUE,
        Event.state == EventState.PUBLISHED,
        Event.id.in_(select(ResultFinal.event_id)),
        Event.id.not_in(select(Certificate.event_id)),
    )


def event_of(revision: ResultRevision) -> Event:
    """The event whose result a revision is."""
    found: Event = session.get_one(Event, revision.event_id)
    return found


def drafts(actor: Actor) -> list[Event]:
    """Events that are still being set up."""
    return _events(actor, Permission.COMPETITIONS_EVENT_MANAGE, Event.state == EventState.DRAFT)


def _events(actor: Actor, permission: Permission, *where: ColumnElement[bool]) -> list[Event]:
    return list(
        session.scalars(
            select(Event)
            .join(Competition)
            .join(Organisation, Organisation.id == Competition.host_id)
            .where(events_in_reach(actor, permission), *where)
            .order_by(Competition.starts_on, Event.code, Event.id)
            .limit(20)
        )
    )


def cases_waiting(actor: Actor) -> dict[CaseState, int]:
    """Promotion cases by the state they wait in."""
    if not actor.may_ever(Permission.PROMOTIONS_CASE_APPROVE):
        return {}
    rows = session.execute(
        select(PromotionCase.state, func.count())
        .where(PromotionCase.state.in_((CaseState.ELIGIBLE, CaseState.APPLIED, CaseState.APPROVED)))
        .group_by(PromotionCase.state)
    )
    return {CaseState(state): count for state, count in rows}


def newest_publications(limit: int = 5) -> list[Publication]:
    """What was published last and can be seen by anybody: nothing that is held back."""
    newest = (
        select(Publication.event_id, func.max(Publication.at).label("at"))
        .where(Publication.event_id.not_in(holds.held_events()))
        .group_by(Publication.event_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(Publication)
            .join(newest, and_(newest.c.event_id == Publication.event_id, newest.c.at == Publication.at))
            .order_by(Publication.at.desc(), Publication.event_id)
            .limit(limit)
        )
    )


def events_open_for_entry(limit: int = 5) -> list[Event]:
    """Events whose registration is open."""
    return list(
        session.scalars(
            select(Event)
            .join(Competition)
            .where(Event.state == EventState.REGISTRATION)
            .order_by(Competition.starts_on, Event.code, Event.id)
            .limit(limit)
        )
    )


def events_for_worker(worker: Worker, limit: int = 5) -> list[Event]:
    """Events of the worker's occupation that take single entries, and that the worker has not entered."""
    entered = select(EntrantMember.event_id).where(EntrantMember.worker_id == worker.id, EntrantMember.active)
    return list(
        session.scalars(
            select(Event)
            .join(Competition)
            .where(
                Event.state == EventState.REGISTRATION,
                Event.occupation_code == worker.occupation_code,
                Event.team_size == 1,
                Event.id.not_in(entered),
            )
            .order_by(Competition.starts_on, Event.code, Event.id)
            .limit(limit)
        )
    )


def figures() -> tuple[int, int, int]:
    """For the public home: events anybody may know of, published results, valid certificates."""
    events = session.scalar(select(func.count(Event.id)).where(Event.state.in_(PUBLIC_STATES)))
    public = Publication.event_id.not_in(holds.held_events())
    published = session.scalar(select(func.count(Publication.event_id.distinct())).where(public))
    certificates = session.scalar(
        select(func.count(Certificate.id)).where(Certificate.status == CertificateStatus.VALID)
    )
    return events or 0, published or 0, certificates or 0
