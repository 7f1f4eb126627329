"""Appeals and objections: file them in time, receive, hear, rule, take further, carry out, withdraw, forfeit.

Source: docs/sources.md, domain §6. The server's clock decides whether something is in time; the moment of the deadline is
still in time. A ruling never changes a mark: it names the sheets that are opened again, and the result that
follows is a new signed one. Nobody rules in both tiers, and nobody rules on the own case.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from competition import tokens, vault
from competition.appeals import facts, queries
from competition.appeals.models import Appeal, AppealStep, Evidence
from competition.appeals.queries import Case
from competition.appeals.uploads import Clean
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.database import lock, session
from competition.errors import RuleBroken, given_reason
from competition.registration.models import Delegation
from competition.results import finality
from competition.rules import appeals as rules
from competition.rules.access import Actor
from competition.rules.appeals import AppealKind, AppealMove, Effect, Ground, Rerun, Ruling, Window
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Sheet

MOST_OPEN = 5
"""How many unsettled papers one person may have in one event."""

finality.register(queries.open_matters)


# --- file -----------------------------------------------------------------------------------------


def file_appeal(
    event: Event,
    delegation: Delegation,
    *,
    grounds: Sequence[Ground],
    text: str,
    concerns: str = "",
    evidence: Sequence[Clean] = (),
    by: Actor,
    at: datetime,
) -> Appeal:
    """The leader appeals for a delegation, in writing, on named grounds, with evidence, within the window of the rules.

    `evidence` was made fit to be kept by `uploads.cleaned` before the transaction began: pictures take their time, and
    everybody else would wait. Raises RuleBroken with every reason: no appeals in these rules, the window is not open
    yet or over (with the deadline), somebody else's delegation, no ground, nothing written.
    """
    lock(event)
    window = queries.appeal_window(event)
    reasons = _window_problems(event, AppealKind.APPEAL, window, at)
    if delegation.id not in {each.id for each in queries.delegations_led(by, event)}:
        reasons.append(sentence("Only the leader of the delegation may appeal for it."))
    if not grounds:
        reasons.append(sentence("Choose at least one ground."))
    reasons += _text_problems(event, text, by, at)
    if reasons:
        raise RuleBroken(*reasons)
    assert window is not None
    return _file(
        event, AppealKind.APPEAL, delegation, window, evidence, by=by, at=at,
        grounds=[ground.value for ground in grounds], concerns=concerns.strip()[:200], text=text.strip(),
    )  # fmt: skip


def file_objection(
    event: Event, *, text: str, evidence: Sequence[Clean] = (), by: Actor, at: datetime
) -> Appeal:
    """Anybody with an account objects to a published result in its notice period; the name goes to the organisers only."""
    lock(event)
    window = queries.notice_window(event)
    reasons = _window_problems(event, AppealKind.OBJECTION, window, at)
    reasons += _text_problems(event, text, by, at)
    if reasons:
        raise RuleBroken(*reasons)
    assert window is not None
    return _file(
        event, AppealKind.OBJECTION, None, window, evidence, by=by, at=at,
        grounds=[], concerns="", text=text.strip(),
    )  # fmt: skip


def _window_problems(event: Event, kind: AppealKind, window: Window | None, at: datetime) -> list[Sentence]:
    rule, publication = queries.rule_of(event), queries.procedure_of(event).publication
    if kind is AppealKind.APPEAL and rule is None:
        return [sentence("The rules of this event know no appeals by form.")]
    if kind is AppealKind.OBJECTION and not publication.notice_days:
        return [sentence("The rules of this event know no notice period.")]
    if window is None:
        return [sentence("It is too early: the time for this has not begun.")]
    if window.is_over(at):
        return [
            sentence(
                "Too late: the time for this ended at %(deadline)s, and it was received at %(now)s by the clock of the"
                " server. It cannot be accepted.",
                deadline=window.closes_at,
                now=at,
            )
        ]
    return []


def _text_problems(event: Event, text: str, by: Actor, at: datetime) -> list[Sentence]:
    reasons = []
    if not text.strip():
        reasons.append(sentence("Write down what happened and what you ask for."))
    mine = [case for case in queries.open_cases(event, at) if case.appeal.filed_by == by.account_id]
    if len(mine) >= MOST_OPEN:
        reasons.append(
            sentence(
                "%(count)s papers of yours are not settled yet. Wait for a ruling first.", count=len(mine)
            )
        )
    return reasons


def _file(
    event: Event,
    kind: AppealKind,
    delegation: Delegation | None,
    window: Window,
    evidence: Sequence[Clean],
    *,
    by: Actor,
    at: datetime,
    **written: object,
) -> Appeal:
    number = session.scalar(select(func.count()).select_from(Appeal).where(Appeal.event_id == event.id)) or 0
    assert by.account_id is not None, "a paper is filed by a person"
    appeal = Appeal(
        event_id=event.id,
        id=tokens.new_id(),
        number=number + 1,
        kind=kind,
        delegation_id=delegation.id if delegation else None,
        opened_at=window.opens_at,
        deadline=window.closes_at,
        filed_at=at,
        filed_by=by.account_id,
        filed_by_name=by.name,
        **written,
    )
    appeal.text_hash = queries.receipt_hash(appeal, [file.sha256 for file in evidence])
    session.add(appeal)
    session.flush()
    session.add_all(
        Evidence(
            event_id=event.id,
            id=tokens.new_id(),
            appeal_id=appeal.id,
            position=position,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=file.sha256,
            content=vault.seal(b64encode(file.content).decode(), place=queries.SEAL),
        )
        for position, file in enumerate(evidence, 1)
    )
    session.flush()
    fact = facts.AppealFiled(
        event_id=event.id,
        subject_id=appeal.id,
        number=appeal.number,
        sort=kind.value,
        delegation=delegation.organisation.name if delegation else "",
        files=len(evidence),
        text_hash=appeal.text_hash,
        deadline=window.closes_at.isoformat(),
    )
    record(fact, by=_unnamed(by, appeal), at=at)
    return appeal


# --- on the way to a ruling -----------------------------------------------------------------------


def receive_appeal(appeal: Appeal, *, by: Actor, at: datetime) -> AppealStep:
    """Confirm that it has arrived and is looked into."""
    case = _case(appeal, AppealMove.RECEIVE)
    if queries.is_party(by, appeal):
        raise RuleBroken(sentence("You are a party to this, so another person must deal with it."))
    return _step(case, AppealMove.RECEIVE, "", by=by, at=at)


def record_hearing(appeal: Appeal, *, note: str, by: Actor, at: datetime) -> AppealStep:
    """Record who was heard, what was looked at, and what was said."""
    case = _case(appeal, AppealMove.HEAR)
    _refuse_arbiter(case, by)
    return _step(case, AppealMove.HEAR, _written(note), by=by, at=at)


def rule_on(
    appeal: Appeal,
    *,
    ruling: Ruling,
    effect: Effect,
    reason: str,
    codes: Sequence[str] = (),
    module: str = "",
    by: Actor,
    at: datetime,
) -> AppealStep:
    """Rule, with the arbiter's name under it. `codes` are those whose sheets (in one module, or all) are opened again.

    In the first of two tiers the leader may go further within the window of the rules, unless everything was granted.
    """
    case = _case(appeal, AppealMove.RULE)
    _refuse_arbiter(case, by)
    event = event_by_id(appeal.event_id)
    sheets, unknown = queries.sheets_named(event, codes, module)
    reasons = list(rules.ruling_problems(ruling, effect, reason, len(codes)))
    if unknown:
        reasons.append(sentence("There is no sheet of the code %(codes)s here.", codes=", ".join(unknown)))
    if reasons:
        raise RuleBroken(*reasons)
    rule = queries.rule_of(event)
    is_first = appeal.kind is AppealKind.APPEAL and case.tier == 1 and rule is not None
    step = _step(
        case,
        AppealMove.RULE,
        reason.strip(),
        by=by,
        at=at,
        ruling=ruling,
        effect=effect,
        sheets=sheets,
        further_until=rule.second_deadline(at) if rule is not None and is_first else None,
    )
    fact = facts.AppealRuled(
        event_id=event.id,
        subject_id=appeal.id,
        number=appeal.number,
        sort=appeal.kind.value,
        tier=step.tier,
        ruling=ruling.value,
        effect=effect.value,
        sheets=[f"{sheet.module} · {sheet.code} · {sheet.seat_label}" for sheet in sheets],
        reason=step.reason,
    )
    record(fact, by=by, at=at)
    return step


def take_further(appeal: Appeal, *, reason: str, by: Actor, at: datetime) -> AppealStep:
    """The leader takes a first ruling to the second tier, in time and with the reason."""
    case = _case(appeal, AppealMove.TAKE_FURTHER)
    if not queries.is_party(by, appeal):
        raise RuleBroken(sentence("Only who appealed can take the ruling further."))
    ruling = case.ruling
    if ruling is None or ruling.further_until is None:
        raise RuleBroken(sentence("This ruling is the last one: the rules know no further tier."))
    if ruling.ruling == Ruling.UPHELD:
        raise RuleBroken(sentence("Everything was granted, so there is nothing to take further."))
    if at > ruling.further_until:
        raise RuleBroken(
            sentence(
                "Too late: the time for this ended at %(deadline)s, and it was received at %(now)s by the clock of the"
                " server. It cannot be accepted.",
                deadline=ruling.further_until,
                now=at,
            )
        )
    return _step(case, AppealMove.TAKE_FURTHER, _written(reason), by=by, at=at, tier=case.tier + 1)


def carry_out(
    appeal: Appeal, *, note: str, rerun: Rerun | None = None, by: Actor, at: datetime
) -> AppealStep:
    """Record that the effect of a ruling has been carried out; refused, with every reason, while it has not.

    Where a part of the contest was to be held again, `rerun` says which, when and what came of it.
    """
    case = _case(appeal, AppealMove.CARRY_OUT)
    ruling, event = case.ruling, event_by_id(appeal.event_id)
    if ruling is None or ruling.effect == Effect.NONE:
        raise RuleBroken(sentence("This ruling asks for nothing that could be carried out."))
    if ruling.effect == Effect.RERUN and rerun is not None:
        return _record_rerun(case, ruling, rerun, _written(note), by=by, at=at)
    if reasons := queries.unfinished(event, ruling):
        raise RuleBroken(*reasons)
    return _step(case, AppealMove.CARRY_OUT, _written(note), by=by, at=at)


def _record_rerun(
    case: Case, ruling: AppealStep, rerun: Rerun, note: str, *, by: Actor, at: datetime
) -> AppealStep:
    event, appeal = event_by_id(case.appeal.event_id), case.appeal
    reasons, sheets = queries.rerun_problems(event, ruling, rerun, at)
    if reasons:
        raise RuleBroken(*reasons)
    step = _step(case, AppealMove.CARRY_OUT, note, by=by, at=at, sheets=sheets, rerun=rerun)
    fact = facts.PartHeldAgain(
        event_id=event.id,
        subject_id=appeal.id,
        number=appeal.number,
        sort=appeal.kind.value,
        module=rerun.module,
        held_at=rerun.held_at.isoformat(),
        outcome=rerun.outcome.value,
        sheets=[f"{sheet.module} · {sheet.code} · {sheet.seat_label}" for sheet in sheets],
        reason=note,
    )
    record(fact, by=_unnamed(by, appeal), at=at)
    return step


def withdraw_appeal(appeal: Appeal, *, reason: str, by: Actor, at: datetime) -> AppealStep:
    """Who filed it takes it back before a ruling."""
    case = _case(appeal, AppealMove.WITHDRAW)
    if not queries.is_party(by, appeal):
        raise RuleBroken(sentence("Only who filed it can withdraw it."))
    return _step(case, AppealMove.WITHDRAW, _written(reason), by=by, at=at)


def forfeit_appeal(appeal: Appeal, *, reason: str, by: Actor, at: datetime) -> AppealStep:
    """Declare it forfeited (弃权): the contest was stopped or a ruling disturbed; needs the reason."""
    case = _case(appeal, AppealMove.FORFEIT)
    _refuse_arbiter(case, by)
    return _step(case, AppealMove.FORFEIT, _written(reason), by=by, at=at)


# --- all of them ----------------------------------------------------------------------------------


def _case(appeal: Appeal, move: AppealMove) -> Case:
    """The appeal as it is now, locked, when the move is possible."""
    lock(event_by_id(appeal.event_id))
    case = queries.case_of(appeal)
    if refused := rules.refusal(case.state, move):
        raise RuleBroken(refused)
    return case


def _refuse_arbiter(case: Case, by: Actor) -> None:
    event = event_by_id(case.appeal.event_id)
    if refused := queries.arbiter_refusal(event, case, by):
        raise RuleBroken(refused, next_step=sentence("Ask another arbiter or the supervisor."))


def _written(text: str) -> str:
    return given_reason(text, most=4000)


def _step(
    case: Case,
    move: AppealMove,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    tier: int | None = None,
    ruling: Ruling | None = None,
    effect: Effect | None = None,
    sheets: Sequence[Sheet] = (),
    rerun: Rerun | None = None,
    further_until: datetime | None = None,
) -> AppealStep:
    assert by.account_id is not None, "a step needs a person"
    appeal = case.appeal
    step = AppealStep(
        event_id=appeal.event_id,
        id=tokens.new_id(),
        appeal_id=appeal.id,
        number=len(case.steps) + 1,
        move=move.value,
        tier=case.tier if tier is None else tier,
        reason=reason,
        ruling=ruling.value if ruling else None,
        effect=effect.value if effect else None,
        sheets=[str(sheet.id) for sheet in sheets],
        rerun=None if rerun is None else _kept(rerun),
        further_until=further_until,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(step)
    session.flush()
    if move is not AppealMove.RULE and rerun is None:
        fact = facts.AppealMoved(
            event_id=appeal.event_id,
            subject_id=appeal.id,
            number=appeal.number,
            sort=appeal.kind.value,
            move=move.value,
            tier=step.tier,
            reason=reason,
        )
        record(fact, by=_unnamed(by, appeal), at=at)
    return step


def _kept(rerun: Rerun) -> dict[str, str]:
    return {
        "module": rerun.module,
        "held_at": rerun.held_at.isoformat(),
        "outcome": rerun.outcome.value,
    }


def _unnamed(by: Actor, appeal: Appeal) -> Actor:
    """Who objects goes into the record without a name: supervisors read the record, and rule on it.

    The page of the record says “name withheld” there, in the language of its reader.
    """
    if appeal.kind is AppealKind.APPEAL or by.account_id != appeal.filed_by:
        return by
    return Actor(by.account_id, "", by.grants)
