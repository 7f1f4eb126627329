"""Write promotions: publish rule tables, open cases, and take a case from eligible to issued."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.certificates.models import CertificateStatus
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.jobs.words import written
from competition.organisations.models import Organisation
from competition.orm import fingerprint
from competition.promotions import facts, queries
from competition.promotions.models import STATE_LABELS, CaseState, CaseStep, PromotionCase, PromotionTable
from competition.promotions.queries import Verdict
from competition.results import consequences
from competition.rules.access import Actor
from competition.rules.grades import Grade
from competition.rules.promotion import table_problems
from competition.rules.sentences import Sentence, sentence
from competition.workers.services import PROMOTION, record_grade

# --- tables ---------------------------------------------------------------------------------------


def publish_table(
    authority: Organisation, *, document: dict[str, Any], by: Actor, at: datetime
) -> PromotionTable:
    """Publish a rule table (“skillsladder.promotion/1”) of an authority; from then on it never changes.

    It counts for the contests of the authority and of everything below it that has no table of its own, from its
    `valid_from` on. Raises RuleBroken with every problem and its place in the document.
    """
    problems = [
        sentence("%(path)s: %(why)s", path=path or "/", why=why) for path, why in table_problems(document)
    ]
    if not problems and len(str(document["title"])) > 200:
        problems.append(sentence("The title of a table has at most %(most)s characters.", most=200))
    if not problems and queries.same_table(authority, fingerprint(document)):
        problems.append(
            sentence("%(authority)s has published exactly this table already.", authority=authority.name)
        )
    if problems:
        raise RuleBroken(*problems)
    table = PromotionTable(
        id=tokens.new_id(),
        authority=authority,
        title=document["title"].strip(),
        valid_from=date.fromisoformat(document["valid_from"]),
        document=document,
        hash=fingerprint(document),
        published_at=at,
        published_by=by.account_id,
    )
    session.add(table)
    session.flush()
    fact = facts.TablePublished(
        event_id=None,
        subject_id=table.id,
        title=table.title,
        authority=authority.name,
        valid_from=table.valid_from.isoformat(),
        hash=table.hash,
    )
    record(fact, by=by, at=at)
    return table


# --- open -----------------------------------------------------------------------------------------


def open_cases(event: Event, *, by: Actor, at: datetime) -> list[PromotionCase]:
    """Open a case for everybody whose valid certificate leads to a grade; returns the new ones.

    Doing it again opens nothing twice: cases nobody has applied for are decided again (a grade recorded late may change
    them), a case follows its certificate when that was replaced. Why the others get nothing: queries.verdicts_of.
    """
    lock(event)
    opened = []
    for verdict in queries.verdicts_of(event):
        if verdict.case is not None:
            _follow(verdict, verdict.case, by=by, at=at)
        elif verdict.is_eligible:
            opened.append(_open(verdict, by=by, at=at))
    return opened


def _open(verdict: Verdict, *, by: Actor, at: datetime) -> PromotionCase:
    certificate = verdict.certificate
    case = PromotionCase(
        id=tokens.new_id(),
        worker=certificate.worker,
        certificate=certificate,
        occupation_code=certificate.event.occupation_code,
        state=CaseState.ELIGIBLE,
        created_at=at,
        **_decided(verdict),
    )
    session.add(case)
    session.flush()
    _step(case, before=CaseState.ELIGIBLE, by=by, at=at)
    fact = facts.CaseOpened(
        event_id=certificate.event_id,
        subject_id=case.id,
        certificate=certificate.number,
        target=case.target.value,
        table=case.table.title,
        row=case.table_row,
    )
    record(fact, by=by, at=at)
    return case


def _follow(verdict: Verdict, case: PromotionCase, *, by: Actor, at: datetime) -> None:
    if case.state not in (CaseState.ELIGIBLE, CaseState.APPLIED):
        return
    case.certificate = verdict.certificate
    if case.state is CaseState.ELIGIBLE and verdict.is_eligible:
        wanted = _decided(verdict)
        changed = [field for field, value in wanted.items() if getattr(case, field) != value]
        for field in changed:
            setattr(case, field, wanted[field])
        session.flush()
        if changed:
            fact = facts.CaseDecidedAgain(
                event_id=verdict.certificate.event_id,
                subject_id=case.id,
                certificate=verdict.certificate.number,
                target=case.target.value,
            )
            record(fact, by=by, at=at)
    session.flush()


def _decided(verdict: Verdict) -> dict[str, Any]:
    decision, table, known = verdict.decision, verdict.table, verdict.facts
    assert decision is not None and table is not None and known is not None
    return {
        "table": table,
        "table_row": decision.row,
        "grade_before": known.grade_held,
        "target": decision.target,
        "working": [written(step) for step in decision.steps],
    }


# --- move -----------------------------------------------------------------------------------------


def apply_for(case: PromotionCase, *, by: Actor, at: datetime) -> PromotionCase:
    """Apply for the promotion: the person concerned, or the organiser side for them."""
    lock(case)
    _refuse_unless(case, CaseState.ELIGIBLE)
    _refuse(_certificate_problems(case))
    _move(case, CaseState.APPLIED, by=by, at=at)
    fact = facts.CaseApplied(event_id=_chain(case), subject_id=case.id, target=case.target.value)
    record(fact, by=by, at=at)
    return case


def approve_case(case: PromotionCase, *, document_number: str, by: Actor, at: datetime) -> PromotionCase:
    """Approve an application: the grade becomes a line of the worker's record, from this day on, with the document.

    Somebody else than the applicant and the person concerned must do it. The rules are asked again with the grade held
    today; when they lead elsewhere now, or the certificate no longer holds, the approval is refused.
    """
    lock(case)
    _refuse_unless(case, CaseState.APPLIED)
    number = document_number.strip()
    problems = [*_certificate_problems(case), *_person_problems(case, by)]
    if not number or len(number) > 100:
        problems.append(sentence("Enter the number of the approval document, at most 100 characters."))
    _refuse(problems or _changed_since(case, at))
    case.grade_record = record_grade(
        case.worker,
        occupation_code=case.occupation_code,
        grade=case.target,
        effective_on=queries.day_of(at),
        source=PROMOTION,
        source_id=case.id,
        document_number=number,
        by=by,
        at=at,
    )
    case.document_number = number
    _move(case, CaseState.APPROVED, by=by, at=at)
    fact = facts.CaseApproved(
        event_id=_chain(case), subject_id=case.id, target=case.target.value, document_number=number
    )
    record(fact, by=by, at=at)
    return case


def issue_case(case: PromotionCase, *, by: Actor, at: datetime) -> PromotionCase:
    """Note that the grade document was handed out."""
    lock(case)
    _refuse_unless(case, CaseState.APPROVED)
    _refuse(_certificate_problems(case))
    _move(case, CaseState.ISSUED, by=by, at=at)
    fact = facts.CaseIssued(event_id=_chain(case), subject_id=case.id, document_number=case.document_number)
    record(fact, by=by, at=at)
    return case


def reject_case(case: PromotionCase, *, reason: str, by: Actor, at: datetime) -> PromotionCase:
    """Reject a case that is not approved yet, for good; the person reads the reason."""
    lock(case)
    _refuse_unless(case, CaseState.ELIGIBLE, CaseState.APPLIED)
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise RuleBroken(sentence("Give the reason, in at most 500 characters; the person will read it."))
    _move(case, CaseState.REJECTED, by=by, at=at, reason=reason)
    fact = facts.CaseRejected(
        event_id=_chain(case), subject_id=case.id, target=case.target.value, reason=reason
    )
    record(fact, by=by, at=at)
    return case


def _certificate_problems(case: PromotionCase) -> list[Sentence]:
    lock(case.certificate, read=True)
    match case.certificate.status:
        case CertificateStatus.REVOKED:
            return [
                sentence(
                    "Certificate %(number)s was revoked, so nothing rests on it any more. Reject the case.",
                    number=case.certificate.number,
                )
            ]
        case CertificateStatus.REPLACED:
            return [
                sentence(
                    "Certificate %(number)s was replaced. Check the awards of the event again; the case then follows the "
                    "new certificate.",
                    number=case.certificate.number,
                )
            ]
        case _:
            return []


def _person_problems(case: PromotionCase, by: Actor) -> list[Sentence]:
    found = []
    applied = queries.applicant_of(case)
    if applied is not None and applied.by_id == by.account_id:
        found.append(sentence("You applied for this promotion yourself. Somebody else has to approve it."))
    if queries.is_own(by, case):
        found.append(sentence("This is your own promotion. Somebody else has to approve it."))
    return found


def _changed_since(case: PromotionCase, at: datetime) -> list[Sentence]:
    today = queries.verdict_today(case, at)
    if today.decision is not None and today.decision.target == case.target:
        return []
    held = today.facts.grade_held if today.facts else None
    return [
        sentence(
            "With what is on record today (grade held: %(held)s) the rules no longer lead to “%(target)s”: %(why)s "
            "Reject the case with this reason.",
            held=Grade(held).label if held else sentence("none"),
            target=case.target.label,
            why=today.reasons[-1],
        )
    ]


def _refuse_unless(case: PromotionCase, *states: CaseState) -> None:
    if case.state not in states:
        raise RuleBroken(
            sentence(
                "This case is in the state “%(state)s”; this step is not possible now.",
                state=STATE_LABELS[case.state],
            )
        )


def _refuse(problems: list[Sentence]) -> None:
    if problems:
        raise RuleBroken(*problems)


def _move(case: PromotionCase, after: CaseState, *, by: Actor, at: datetime, reason: str = "") -> None:
    before, case.state = case.state, after
    session.flush()
    _step(case, before=before, by=by, at=at, reason=reason)


def _step(case: PromotionCase, *, before: CaseState, by: Actor, at: datetime, reason: str = "") -> None:
    step = CaseStep(
        id=tokens.new_id(),
        case_id=case.id,
        before=before,
        after=case.state,
        reason=reason,
        at=at,
        by_id=by.account_id,
    )
    session.add(step)
    session.flush()


def _chain(case: PromotionCase) -> UUID:
    return case.certificate.event_id


consequences.register(queries.consequences, title=sentence("Promotions"))
