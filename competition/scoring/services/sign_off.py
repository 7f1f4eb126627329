"""Sign, confirm, reopen and void sheets. Source: docs/sources.md, domain §5.10 (sign-off chain), reliability I6 (signed means frozen)."""

from dataclasses import dataclass
from datetime import datetime

from competition import tokens
from competition.audit.facts import Fact
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.database import lock, session
from competition.errors import Conflict, RuleBroken, given_reason
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence
from competition.scoring import facts, queries
from competition.scoring.models import Sheet, SheetState, Signature
from competition.scoring.queries import signing
from competition.scoring.queries.sheets import CONFIRMED, REOPENED, SIGNED, VOIDED
from competition.scoring.services.sheets import name_of


@dataclass(frozen=True)
class Proof:
    """How a person showed who they are: by PIN or password, which were checked, or by drawing the name."""

    way: str
    drawing: str = ""


NO_PROOF = Proof("")
"""The services of the house need none; the pages ask for one."""


def sign_sheet(
    sheet: Sheet, *, by: Actor, at: datetime, content_hash: str | None = None, proof: Proof = NO_PROOF
) -> Signature:
    """The judge stands for the sheet; from now on it changes only through a reopening by somebody else.

    Refused while needed cells are blank, a level of the own is under discussion, or the contestant has not signed a sheet
    that the rules let the contestant sign. `content_hash` is what the judge saw: Conflict when the sheet is another one
    by now. `proof` is kept with the signature; a drawing must be one (queries.signing).
    """
    event = lock_for_marking(sheet)
    _refuse_to_sign(sheet, by)
    siblings = queries.siblings_of(sheet)
    marks = queries.marks_by_sheet(sheet.event_id, [one.id for one in siblings])
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    reasons = [
        sentence("%(aspect)s is blank.", aspect=item.aspect.title)
        for item in queries.blanks_of(items, sheet, siblings, marks)
    ]
    reasons += [
        sentence("%(aspect)s is under discussion: the levels lie too far apart.", aspect=levels.aspect.title)
        for levels in queries.discussions_of(items, siblings, marks)
    ]
    if reasons:
        raise RuleBroken(*reasons)
    found = _refuse_changed(sheet, content_hash)
    if signing.needs_contestant(sheet) and signing.contestant_stands(sheet, found) is None:
        raise RuleBroken(
            sentence("The contestant signs this sheet before its judge does."),
            next_step=sentence("Let the contestant sign on this tablet, or note why they do not."),
        )
    _refuse_bad(proof)
    sheet.state = SheetState.SIGNED
    fact = facts.SheetSigned(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), content_hash=found
    )
    return stand_for(sheet, SIGNED, found, fact, by=by, at=at, proof=proof)


def sign_as_contestant(
    sheet: Sheet, *, drawing: str, content_hash: str, by: Actor, at: datetime
) -> Signature:
    """The contestant stands for what a process sheet says, by drawing the name on the judge's tablet. No name is kept but the drawing.

    A mark changed afterwards needs a new signature. Raises RuleBroken where the rules ask for none, Conflict when the
    sheet has changed since it was looked at.
    """
    _refuse_no_process_sheet(sheet, by)
    found = _refuse_changed(sheet, content_hash)
    proof = Proof(signing.DRAWN, drawing)
    _refuse_bad(proof)
    fact = facts.ContestantSigned(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), content_hash=found
    )
    return stand_for(sheet, signing.CONTESTANT_SIGNED, found, fact, by=by, at=at, proof=proof)


def note_contestant_refused(
    sheet: Sheet, *, reason: str, content_hash: str, by: Actor, at: datetime
) -> Signature:
    """The contestant does not sign: the judge notes why, and may sign without it; the chief judge sees it."""
    _refuse_no_process_sheet(sheet, by)
    found = _refuse_changed(sheet, content_hash)
    reason = given_reason(reason)
    fact = facts.ContestantRefused(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), reason=reason
    )
    return stand_for(sheet, signing.CONTESTANT_REFUSED, found, fact, by=by, at=at, reason=reason)


def ask_reopening(sheet: Sheet, *, reason: str, by: Actor, at: datetime) -> Signature:
    """The judge asks the chief judge to open the signed sheet again, and says why. Nothing of the sheet changes."""
    lock_for_marking(sheet)
    if sheet.judge.account_id != by.account_id:
        raise RuleBroken(sentence("Only the judge of this sheet can ask for that."))
    if sheet.state not in (SheetState.SIGNED, SheetState.CONFIRMED):
        raise RuleBroken(sentence("The sheet is open already."))
    if signing.reopening_asked(sheet) is not None:
        raise RuleBroken(sentence("You have asked already; the chief judge sees it."))
    reason = given_reason(reason)
    fact = facts.ReopeningAsked(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), reason=reason
    )
    return stand_for(sheet, signing.ASKED, queries.hash_of_sheet(sheet), fact, by=by, at=at, reason=reason)


def decline_reopening(sheet: Sheet, *, reason: str, by: Actor, at: datetime) -> Signature:
    """The chief judge leaves a sheet as it is signed although its judge asked for a reopening, and says why."""
    lock_for_marking(sheet)
    if signing.reopening_asked(sheet) is None:
        raise RuleBroken(sentence("Nobody waits for a reopening of this sheet."))
    reason = given_reason(reason)
    _refuse_signer(sheet, by)
    fact = facts.ReopeningDeclined(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), reason=reason
    )
    return stand_for(sheet, signing.DECLINED, queries.hash_of_sheet(sheet), fact, by=by, at=at, reason=reason)


def confirm_sheet(sheet: Sheet, *, by: Actor, at: datetime, content_hash: str | None = None) -> Signature:
    """The chief judge confirms a signed sheet; nobody confirms the own signature."""
    lock_for_marking(sheet)
    if sheet.state != SheetState.SIGNED:
        raise RuleBroken(sentence("Only a signed sheet can be confirmed."))
    _refuse_signer(sheet, by)
    found = _refuse_changed(sheet, content_hash)
    sheet.state = SheetState.CONFIRMED
    fact = facts.SheetConfirmed(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), content_hash=found
    )
    return stand_for(sheet, CONFIRMED, found, fact, by=by, at=at)


def reopen_sheet(sheet: Sheet, *, reason: str, by: Actor, at: datetime) -> Signature:
    """Let the judge change a signed, confirmed or void sheet again. Needs a reason and a person who did not sign it."""
    lock_for_marking(sheet)
    if sheet.state == SheetState.OPEN:
        raise RuleBroken(sentence("The sheet is open already."))
    reason = given_reason(reason)
    _refuse_signer(sheet, by)
    sheet.state = SheetState.OPEN
    fact = facts.SheetReopened(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), reason=reason
    )
    return stand_for(sheet, REOPENED, queries.hash_of_sheet(sheet), fact, by=by, at=at, reason=reason)


def void_sheet(sheet: Sheet, *, reason: str, by: Actor, at: datetime) -> Signature:
    """Declare that a sheet does not count. Its marks stay readable and stay out of the result."""
    lock_for_marking(sheet)
    if sheet.state == SheetState.VOID:
        raise RuleBroken(sentence("The sheet is void already."))
    reason = given_reason(reason)
    _refuse_signer(sheet, by)
    sheet.state = SheetState.VOID
    fact = facts.SheetVoided(
        event_id=sheet.event_id, subject_id=sheet.id, sheet=name_of(sheet), reason=reason
    )
    return stand_for(sheet, VOIDED, queries.hash_of_sheet(sheet), fact, by=by, at=at, reason=reason)


_STATES: dict[SheetState, Sentence] = {
    SheetState.SIGNED: sentence("The sheet is signed already."),
    SheetState.CONFIRMED: sentence("The sheet is signed and confirmed already."),
    SheetState.VOID: sentence("The sheet was declared void."),
}


def lock_for_marking(sheet: Sheet) -> Event:
    """Lock the sheet and give its event. Raises RuleBroken while the marking is not open."""
    lock(sheet)
    event = queries.event_of(sheet)
    if event.state != EventState.SCORING:
        raise RuleBroken(
            sentence("Sheets change only while the marking is open."),
            next_step=sentence("Have the marking reopened, with a reason."),
        )
    return event


def _refuse_bad(proof: Proof) -> None:
    if proof.way == signing.DRAWN and (problem := signing.drawing_problem(proof.drawing)):
        raise RuleBroken(problem)


def _refuse_to_sign(sheet: Sheet, by: Actor) -> None:
    if sheet.judge.account_id != by.account_id:
        raise RuleBroken(sentence("Only the judge of this sheet can sign it."))
    if sheet.state != SheetState.OPEN:
        raise RuleBroken(_STATES[SheetState(sheet.state)])


def _refuse_no_process_sheet(sheet: Sheet, by: Actor) -> None:
    lock_for_marking(sheet)
    _refuse_to_sign(sheet, by)
    if not signing.needs_contestant(sheet):
        raise RuleBroken(sentence("The rules of this event ask for no signature of the contestant."))


def _refuse_changed(sheet: Sheet, seen: str | None) -> str:
    found = queries.hash_of_sheet(sheet)
    if seen is not None and seen != found:
        raise Conflict(
            sentence("The sheet has changed since you looked at it."),
            next_step=sentence("Look at it again before you stand for it."),
        )
    return found


def _refuse_signer(sheet: Sheet, by: Actor) -> None:
    signature = queries.signer_of(sheet)
    if signature is not None and signature.by_id == by.account_id:
        raise RuleBroken(
            sentence("You signed this sheet yourself, so another person must do this."),
            next_step=sentence("Ask another chief judge of the event."),
        )


def stand_for(
    sheet: Sheet,
    act: str,
    content_hash: str,
    fact: Fact,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    proof: Proof = NO_PROOF,
) -> Signature:
    """Keep that a person stood for a sheet as it is, and record the fact."""
    assert by.account_id is not None, "a signature needs a person"
    signature = Signature(
        event_id=sheet.event_id,
        id=tokens.new_id(),
        sheet_id=sheet.id,
        act=act,
        content_hash=content_hash,
        reason=reason,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
        way=proof.way,
        drawing=proof.drawing,
    )
    session.add(signature)
    session.flush()
    record(fact, by=by, at=at)
    return signature
