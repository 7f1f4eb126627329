"""Re-checks: draw the scope, look at signed sheets again, report errors in writing, decide on them, sign.

Source: docs/sources.md, domain §5.9 (all of the top group, a sample of the rest; errors go to the chief judge in
writing and are corrected and signed; too many, and everything is checked) and §5.10 (the order of signatures).
The denominator of the share of errors, which no source defines, is the number of sheets in the drawn scope; a sheet
is wrong once, however many errors are accepted on it.
"""

from datetime import datetime

from competition import tokens
from competition.audit.services import record
from competition.competitions import blockers, correction_checks
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.database import lock, session
from competition.errors import NO_REASON, Conflict, RuleBroken
from competition.rechecks import facts, queries
from competition.rechecks.models import (
    ErrorDecision,
    Recheck,
    RecheckSignature,
    RecheckWidening,
    SheetCheck,
    SigningRole,
    Widening,
)
from competition.rechecks.queries import ItemState
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState, Move
from competition.rules.ruleset import RuleSet
from competition.rules.sentences import Sentence, sentence
from competition.scoring import services as scoring_services
from competition.scoring.models import Sheet, SheetState
from competition.scoring.queries.bases import basis_of
from competition.scoring.services.sheets import name_of

SEED_LENGTHS = range(6, 129)

blockers.register(Move.PUBLISH, queries.blockers)


def _drawn_by_the_frozen_rules(event: Event, _corrected: RuleSet) -> tuple[Sentence, ...]:
    """The scope of a re-check is drawn from places that corrected rules may give otherwise: it is drawn again then."""
    drawn = queries.rechecks_of(event)
    if not drawn or not queries.is_current(event, drawn[-1]):
        return ()
    return (
        sentence(
            "The re-check was drawn by the places that the frozen rules give. Reopen the marking first; once it is closed "
            "again the re-check is drawn anew, and what was checked stays checked."
        ),
    )


correction_checks.register(_drawn_by_the_frozen_rules)


# --- the scope ------------------------------------------------------------------------------------


def draw_scope(
    event: Event,
    *,
    seed: str | None = None,
    order: queries.OrderNow | None = None,
    by: Actor,
    at: datetime,
) -> Recheck:
    """Draw who is checked again: the top group by the provisional order, and a sample of the rest by a stored seed.

    `seed` is any text of 6 to 128 characters (dice thrown in public, say), or nothing; the system adds a part of its
    own that nobody knows before, and the sample is drawn with both. After the marking was closed once more the scope is
    drawn again with the seeds of the first draw, whatever is given: what was checked stays checked, and only what
    changed is added. `order` is what `queries.order_now` computed before the transaction; without it, it is computed
    here. Raises RuleBroken with every reason: no rule, marking not closed, the chief judge draws, drawn already, an
    unusable seed, something changed since the order was computed.
    """
    lock(event)
    rule, drawn = queries.rule_of(event), queries.rechecks_of(event)
    if rule is None:
        raise RuleBroken(sentence("The rules of this event know no re-check."))
    reasons = _draw_problems(event, drawn, seed, by)
    if reasons:
        raise RuleBroken(*reasons)
    if order is None:
        order = queries.order_now(event)
    elif order.basis != basis_of(event):
        raise RuleBroken(
            sentence("Marks, sheets or entrants changed while the provisional order was being computed."),
            next_step=sentence("Draw once more."),
        )
    assert by.account_id is not None, "a scope is drawn by a person"
    made = Recheck(
        event_id=event.id,
        id=tokens.new_id(),
        number=len(drawn) + 1,
        seed=drawn[0].seed if drawn else (seed or "").strip(),
        system_seed=drawn[0].system_seed if drawn else tokens.new_seed(),
        ranked=list(order.codes),
        drawn_at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    scope = queries.drawn_again(made, rule)
    made.top, made.sample = len(scope.top), list(scope.sample)
    session.add(made)
    session.flush()
    fact = facts.ScopeDrawn(
        event_id=event.id,
        subject_id=made.id,
        number=made.number,
        seed=made.seed,
        entrants=scope.entrants,
        top=len(scope.top),
        sample=len(scope.sample),
        system_seed=made.system_seed or "",
    )
    record(fact, by=by, at=at)
    return made


def _draw_problems(event: Event, drawn: list[Recheck], seed: str | None, by: Actor) -> list[Sentence]:
    reasons = []
    if event.state != EventState.SCORED:
        reasons.append(sentence("The scope of the re-check is drawn when the marking is closed."))
    elif drawn and queries.is_current(event, drawn[-1]):
        reasons.append(sentence("The scope is drawn already, and nothing has changed since."))
    if refused := queries.checker_refusal(event, by):
        reasons.append(refused)
    if seed and seed.strip() and len(seed.strip()) not in SEED_LENGTHS:
        reasons.append(sentence("A seed has 6 to 128 characters."))
    return reasons


def widen_scope(event: Event, *, reason: str, by: Actor, at: datetime) -> RecheckWidening:
    """Have everything checked again though the rules do not ask for it; needs the reason."""
    lock(event)
    standing = _standing(event)
    reasons = []
    if standing.widening is not None:
        reasons.append(sentence("Every sheet is checked again already."))
    if refused := queries.checker_refusal(event, by):
        reasons.append(refused)
    if not reason.strip():
        reasons.append(NO_REASON)
    if reasons:
        raise RuleBroken(*reasons)
    return _widen(event, standing, Widening.DECISION, reason.strip()[:500], by=by, at=at)


def _widen(
    event: Event, standing: queries.Standing, why: Widening, reason: str, *, by: Actor, at: datetime
) -> RecheckWidening:
    assert by.account_id is not None, "a scope is widened by a person"
    made = RecheckWidening(
        event_id=event.id,
        id=tokens.new_id(),
        why=why.value,
        errors=standing.wrong_of_drawn,
        sheets=standing.drawn,
        reason=reason,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(made)
    session.flush()
    fact = facts.ScopeWidened(
        event_id=event.id,
        subject_id=standing.recheck.id,
        errors=made.errors,
        sheets=made.sheets,
        reason=reason,
    )
    record(fact, by=by, at=at)
    return made


# --- the sheets -----------------------------------------------------------------------------------


def find_sheet_right(sheet: Sheet, *, content_hash: str, by: Actor, at: datetime) -> SheetCheck:
    """Record that a sheet was re-added and compared, and is right as it stands."""
    _check_problems(sheet, content_hash, by)
    check = _keep_check(sheet, content_hash, by=by, at=at, is_right=True)
    fact = facts.SheetFoundRight(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), content_hash=content_hash
    )
    record(fact, by=by, at=at)
    return check


def report_error(
    sheet: Sheet,
    *,
    content_hash: str,
    aspect: str,
    found: str,
    should_be: str,
    note: str,
    by: Actor,
    at: datetime,
) -> SheetCheck:
    """Tell the chief judge in writing what is wrong on a sheet: where, what was found, what it should be.

    `aspect` is the id of an item on the sheet, or "" for the sheet as a whole (a sum, a code, a signature).
    """
    _check_problems(sheet, content_hash, by)
    titles = queries.aspect_titles(sheet)
    reasons = []
    if aspect not in titles:
        reasons.append(sentence("Choose an item that is on this sheet, or the sheet as a whole."))
    if not found.strip() or not should_be.strip():
        reasons.append(sentence("Write down what was found and what it should be."))
    if reasons:
        raise RuleBroken(*reasons)
    check = _keep_check(
        sheet,
        content_hash,
        by=by,
        at=at,
        is_right=False,
        aspect=aspect,
        found=found.strip()[:200],
        should_be=should_be.strip()[:200],
        note=note.strip()[:1000],
    )
    fact = facts.ErrorReported(
        event_id=sheet.event_id,
        subject_id=sheet.id,
        sheet=name_of(sheet),
        aspect=titles[aspect],
        found=check.found,
        should_be=check.should_be,
    )
    record(fact, by=by, at=at)
    return check


def _check_problems(sheet: Sheet, content_hash: str, by: Actor) -> None:
    event = event_by_id(sheet.event_id)
    lock(event)
    session.refresh(sheet)
    item = queries.item_of(event, sheet)
    if event.state not in (EventState.SCORED, EventState.SCORING) or item is None:
        raise RuleBroken(sentence("This sheet is not in the scope of the re-check."))
    if sheet.state != SheetState.CONFIRMED:
        raise RuleBroken(
            sentence("The sheet is open for correction; it is checked when it is signed and confirmed again.")
        )
    if refused := queries.checker_refusal(event, by, sheet):
        raise RuleBroken(refused)
    if item.content_hash != content_hash:
        raise Conflict(
            sentence("The sheet has changed since you looked at it."),
            next_step=sentence("Open the worksheet again and check what it holds now."),
        )
    if item.state is not ItemState.WAITING:
        raise RuleBroken(sentence("This sheet was checked by somebody else a moment ago."))


def _keep_check(sheet: Sheet, content_hash: str, *, by: Actor, at: datetime, **said: object) -> SheetCheck:
    assert by.account_id is not None, "a check needs a person"
    check = SheetCheck(
        event_id=sheet.event_id,
        id=tokens.new_id(),
        sheet_id=sheet.id,
        content_hash=content_hash,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
        **said,
    )
    session.add(check)
    session.flush()
    return check


# --- the errors -----------------------------------------------------------------------------------


def accept_error(check: SheetCheck, *, reason: str, by: Actor, at: datetime) -> ErrorDecision:
    """The chief judge accepts a reported error: the sheet goes back to its judge, to be corrected, signed and confirmed.

    Opens the marking again where it is closed. When now more sheets of the drawn scope are wrong than the rules
    allow, everything is checked again from here on.
    """
    event, sheet = _decide_problems(check, reason, by)
    if event.state == EventState.SCORED:
        scoring_services.reopen_scoring(event, reason=_why(check, reason), by=by, at=at)
    if sheet.state != SheetState.OPEN:
        scoring_services.reopen_sheet(sheet, reason=_why(check, reason), by=by, at=at)
    decision = _keep_decision(check, True, reason, by=by, at=at)
    fact = facts.ErrorAccepted(
        event_id=event.id, subject_id=sheet.id, sheet=name_of(sheet), reason=decision.reason
    )
    record(fact, by=by, at=at)
    standing = _standing(event)
    if standing.widening is None and standing.rule.is_exceeded(standing.wrong_of_drawn, standing.drawn):
        _widen(event, standing, Widening.ERRORS, "", by=by, at=at)
    return decision


def reject_error(check: SheetCheck, *, reason: str, by: Actor, at: datetime) -> ErrorDecision:
    """The chief judge keeps the sheet as it is, and says why."""
    event, sheet = _decide_problems(check, reason, by)
    decision = _keep_decision(check, False, reason, by=by, at=at)
    fact = facts.ErrorRejected(
        event_id=event.id, subject_id=sheet.id, sheet=name_of(sheet), reason=decision.reason
    )
    record(fact, by=by, at=at)
    return decision


def _decide_problems(check: SheetCheck, reason: str, by: Actor) -> tuple[Event, Sheet]:
    event, sheet = event_by_id(check.event_id), queries.sheet_of(check)
    lock(event)
    lock(sheet)
    item = queries.item_of(event, sheet)
    reasons = []
    if queries.decision_on(check) is not None:
        reasons.append(sentence("There is a decision on this error already."))
    elif item is None or item.last is None or item.last.id != check.id:
        reasons.append(sentence("The sheet has changed since the error was reported; it is checked again."))
    if check.by_id == by.account_id:
        reasons.append(sentence("You reported this error yourself, so another person must decide on it."))
    if not reason.strip():
        reasons.append(NO_REASON)
    if reasons:
        raise RuleBroken(*reasons)
    return event, sheet


def _why(check: SheetCheck, reason: str) -> str:
    """The reason under which a sheet goes back to its judge: signs and what people wrote, so any reader may read it."""
    return f"{check.found} → {check.should_be}: {reason.strip()}"[:500]


def _keep_decision(
    check: SheetCheck, is_accepted: bool, reason: str, *, by: Actor, at: datetime
) -> ErrorDecision:
    assert by.account_id is not None, "a decision needs a person"
    decision = ErrorDecision(
        event_id=check.event_id,
        check_id=check.id,
        is_accepted=is_accepted,
        reason=reason.strip()[:500],
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(decision)
    session.flush()
    return decision


# --- the signatures -------------------------------------------------------------------------------


def sign_recheck(event: Event, *, role: SigningRole, by: Actor, at: datetime) -> RecheckSignature:
    """Stand for a finished re-check, as its supervisor or as the chief judge: two different people.

    Refused while a sheet of the scope is unchecked, an error undecided or uncorrected, or the marking open.
    """
    lock(event)
    standing = _standing(event)
    reasons = list(_signing_problems(event, standing, role, by))
    if reasons:
        raise RuleBroken(*reasons)
    assert by.account_id is not None, "a signature needs a person"
    counts = {
        "scope": len(standing.items),
        "checked": standing.checked,
        "wrong": standing.wrong,
        "drawn": standing.drawn,
        "wrong_of_drawn": standing.wrong_of_drawn,
    }
    made = RecheckSignature(
        event_id=event.id,
        id=tokens.new_id(),
        recheck_id=standing.recheck.id,
        role=role.value,
        counts=counts,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(made)
    session.flush()
    fact = facts.RecheckSigned(
        event_id=event.id,
        subject_id=standing.recheck.id,
        number=standing.recheck.number,
        role=role.value,
        checked=standing.checked,
        errors=standing.wrong,
    )
    record(fact, by=by, at=at)
    return made


def _signing_problems(
    event: Event, standing: queries.Standing, role: SigningRole, by: Actor
) -> list[Sentence]:
    if standing.signature(role) is not None:
        return [sentence("The re-check is signed in this place already.")]
    if not standing.is_current:
        return list(queries.blockers(event))
    if not standing.is_complete:
        return list(queries.unfinished(standing.counts, standing.signed))
    if any(each.by_id == by.account_id for each in standing.signatures):
        return [sentence("You signed this re-check already; the other signature is another person's.")]
    refused = queries.checker_refusal(event, by) if role is SigningRole.SUPERVISOR else None
    return [refused] if refused else []


# --- all of them ----------------------------------------------------------------------------------


def _standing(event: Event) -> queries.Standing:
    standing = queries.standing_of(event)
    if standing is None:
        raise RuleBroken(sentence("The scope of the re-check has not been drawn yet."))
    return standing
