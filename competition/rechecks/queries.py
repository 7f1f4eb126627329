"""Read re-checks: the scope, how every sheet in it stands, and what keeps a result from being prepared.

A check holds for the content it saw (the hash that the judge signed). A sheet that was corrected afterwards is therefore
to be checked again, and one that was only opened and signed unchanged is not. What a confirmed sheet holds is what its
last signature stands for; so a whole event is read as a few columns of sheets, signatures and checks, without a mark.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, event_for, moves_of, rule_set_of
from competition.database import session
from competition.errors import NotFound
from competition.panels.models import Judge
from competition.panels.queries import chiefs_of
from competition.rechecks.models import (
    ErrorDecision,
    Recheck,
    RecheckSignature,
    RecheckWidening,
    SheetCheck,
    SigningRole,
)
from competition.rules import contest
from competition.rules.access import Actor, Permission
from competition.rules.lifecycle import EventState, Move
from competition.rules.procedure import RecheckRule, RecheckScope
from competition.rules.ruleset import RuleSetInvalid
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet, SheetState, Signature
from competition.scoring.queries.bases import basis_of
from competition.scoring.queries.sheets import CONFIRMED, ON_PANEL, SIGNED

CHUNK = 500
"""How many ids one question names."""

CHECK = Permission.RECHECKS_SHEET_CHECK


class Why(StrEnum):
    """Why a sheet is in the scope."""

    TOP = "top"
    SAMPLE = "sample"
    CHANGED = "changed"
    EVERYTHING = "everything"


class ItemState(StrEnum):
    """How one sheet of the scope stands."""

    WAITING = "waiting"
    RIGHT = "right"
    REPORTED = "reported"
    CORRECTING = "correcting"
    REJECTED = "rejected"


DONE = (ItemState.RIGHT, ItemState.REJECTED)

SheetRow = Any
"""A row with id, module, code, seat_label and state of a sheet: what a scope of thousands needs of each."""
CheckRow = Any
"""A row with id, sheet_id, content_hash and is_right of a check."""


@dataclass(frozen=True)
class Item:
    """A sheet of the scope: why it is there, what it holds now, and the checks so far, the oldest first.

    Of one sheet, sheet and checks are the rows themselves (`item_of`); in a whole scope, some of their columns.
    """

    sheet: Sheet | SheetRow
    why: Why
    content_hash: str
    checks: tuple[SheetCheck | CheckRow, ...]
    decisions: tuple[ErrorDecision, ...]

    @property
    def last(self) -> SheetCheck | CheckRow | None:
        """The check of what the sheet holds now."""
        if not self.checks or self.checks[-1].content_hash != self.content_hash:
            return None
        return self.checks[-1]

    @property
    def is_wrong(self) -> bool:
        """Whether the chief judge accepted an error on it, corrected by now or not."""
        return any(decision.is_accepted for decision in self.decisions)

    @cached_property
    def state(self) -> ItemState:
        """Accepting an error opens the sheet, so one that is confirmed with it was signed anew and waits once more."""
        last = self.last
        if self.sheet.state != SheetState.CONFIRMED:
            return ItemState.CORRECTING
        if last is None:
            return ItemState.WAITING
        if last.is_right:
            return ItemState.RIGHT
        decided = next((each for each in self.decisions if each.check_id == last.id), None)
        if decided is None:
            return ItemState.REPORTED
        return ItemState.WAITING if decided.is_accepted else ItemState.REJECTED


@dataclass(frozen=True)
class Standing:
    """The newest re-check of an event with everything in its scope. Counts are of sheets.

    `drawn` is the number of sheets in the drawn scope: the denominator of the share of errors, also after the scope
    has become everything. `is_current` is false once the marking was opened again or closed again after the draw.
    """

    rule: RecheckRule
    recheck: Recheck
    items: tuple[Item, ...]
    drawn: int
    wrong_of_drawn: int
    widening: RecheckWidening | None
    signatures: tuple[RecheckSignature, ...]
    is_current: bool

    @cached_property
    def counts(self) -> Counter[ItemState]:
        return Counter(item.state for item in self.items)

    @property
    def signed(self) -> set[str]:
        """The roles that signed it."""
        return {each.role for each in self.signatures}

    def count(self, *states: ItemState) -> int:
        return sum(self.counts[state] for state in states)

    @property
    def checked(self) -> int:
        """The sheets that somebody has looked at, in this content or an earlier one."""
        return sum(bool(item.checks) for item in self.items)

    @property
    def wrong(self) -> int:
        return sum(item.is_wrong for item in self.items)

    @property
    def is_complete(self) -> bool:
        """Whether every sheet of the scope is found right or its error rejected."""
        return all(item.state in DONE for item in self.items)

    def signature(self, role: SigningRole) -> RecheckSignature | None:
        return next((each for each in self.signatures if each.role == role), None)

    @property
    def is_signed(self) -> bool:
        return all(self.signature(role) is not None for role in SigningRole)

    @property
    def is_done(self) -> bool:
        return self.is_current and self.is_complete and self.is_signed

    @property
    def clean_sample(self) -> int:
        """How many sheets the draw met when none of them was wrong; 0 when one was."""
        drawn = [item for item in self.items if item.why is Why.SAMPLE]
        return len(drawn) if all(item.state is ItemState.RIGHT and not item.is_wrong for item in drawn) else 0


# --- the scope ------------------------------------------------------------------------------------


def rule_of(event: Event) -> RecheckRule | None:
    """The rule of the event's rule set; None where the rules know no re-check, and while a draft has problems."""
    try:
        return rule_set_of(event).procedure.recheck
    except RuleSetInvalid:
        return None


def applies(event: Event) -> bool:
    """Whether the rules of the event ask for a re-check."""
    return rule_of(event) is not None


def provisional_order(event: Event) -> list[str]:
    """The codes of those who take part, by the places their marks give now; who has no place yet comes last.

    Sharers of a place stand in the order of their codes, so that the order is the same whoever computes it.
    """
    codes = {str(place.entrant_id): place.code for place in scoring.places_marked(event)}
    outcome = contest.evaluate(scoring.contest_document(event))
    last = len(outcome.lines) + 1
    placed = [(line.place or last, codes[line.entrant]) for line in outcome.lines if line.entrant in codes]
    return [code for _, code in sorted(placed)]


@dataclass(frozen=True)
class OrderNow:
    """The provisional order, and the fingerprint of what it was computed from."""

    basis: str
    codes: tuple[str, ...]


def order_now(event: Event) -> OrderNow:
    """The provisional order of the marks as they stand, to be computed before anybody has to wait for it."""
    basis = basis_of(event)
    return OrderNow(basis, tuple(provisional_order(event)))


def rechecks_of(event: Event) -> list[Recheck]:
    """Every draw of the scope, the first one first."""
    return list(session.scalars(select(Recheck).where(Recheck.event_id == event.id).order_by(Recheck.number)))


def scope_of(recheck: Recheck) -> RecheckScope:
    """The scope as it was drawn."""
    return RecheckScope(tuple(recheck.ranked[: recheck.top]), tuple(recheck.sample), len(recheck.ranked))


def drawn_again(recheck: Recheck, rule: RecheckRule) -> RecheckScope:
    """The scope drawn once more from the stored order and seed; equal to `scope_of`, or something was altered."""
    return rule.scope(recheck.ranked, recheck.effective_seed)


def countable_sheets(event: Event) -> list[SheetRow]:
    """The sheets that make the result: not void, of somebody who takes part, and not missing; by start, module and seat."""
    left_out = scoring.codes_left_out(event)
    rows = session.execute(
        select(Sheet.id, Sheet.module, Sheet.code, Sheet.seat_label, Sheet.state)
        .where(Sheet.event_id == event.id, ON_PANEL, Sheet.state.not_in(_not_counted(event)))
        .order_by(*_IN_ORDER)
    )
    return [row for row in rows if row.code not in left_out]


def _not_counted(event: Event) -> tuple[SheetState, ...]:
    """Void sheets; once the marking is closed those nobody signed too: two people accepted that they are missing."""
    is_open = event.state == EventState.SCORING
    return (SheetState.VOID,) if is_open else (SheetState.VOID, SheetState.OPEN)


_IN_ORDER = (Sheet.start_order, Sheet.module, Sheet.seat_label)


# --- how it stands --------------------------------------------------------------------------------


def standing_of(event: Event) -> Standing | None:
    """The newest re-check and every sheet in its scope; None before the first draw or without a rule."""
    rule, drawn = rule_of(event), rechecks_of(event)
    if rule is None or not drawn:
        return None
    sheets = countable_sheets(event)
    signed = _contents(event)
    whys = _whys(drawn, sheets, _changed_since(event, drawn[0]))
    widening = widening_of(event)
    checks = _by_sheet(_check_rows(event))
    decisions = {decision.check_id: decision for decision in decisions_of(event)}
    items = tuple(
        _item(sheet, whys.get(sheet.id), signed.get(sheet.id, ""), checks.get(sheet.id, ()), decisions)
        for sheet in sheets
        if sheet.id in whys or widening is not None
    )
    scope = [item for item in items if item.sheet.id in whys]
    return Standing(
        rule=rule,
        recheck=drawn[-1],
        items=items,
        drawn=len(scope),
        wrong_of_drawn=sum(item.is_wrong for item in scope),
        widening=widening,
        signatures=tuple(signatures_of(drawn[-1])),
        is_current=is_current(event, drawn[-1]),
    )


def _whys(
    drawn: Sequence[Recheck], sheets: Iterable[Sheet | SheetRow], changed: set[UUID]
) -> dict[UUID, Why]:
    """Why each sheet is in the drawn scope: an earlier draw keeps what it met, and what was changed since is added."""
    top, sample = _codes(drawn)
    found: dict[UUID, Why] = {}
    for sheet in sheets:
        if sheet.code in top:
            found[sheet.id] = Why.TOP
        elif sheet.code in sample:
            found[sheet.id] = Why.SAMPLE
        elif sheet.id in changed:
            found[sheet.id] = Why.CHANGED
    return found


def _codes(drawn: Sequence[Recheck]) -> tuple[set[str], set[str]]:
    """The codes of the top groups and those of the samples of all draws."""
    scopes = [scope_of(recheck) for recheck in drawn]
    return {code for each in scopes for code in each.top}, {code for each in scopes for code in each.sample}


def _contents(event: Event) -> dict[UUID, str]:
    """The content that was signed last, by sheet."""
    query = (
        select(Signature.sheet_id, Signature.content_hash)
        .where(Signature.event_id == event.id, Signature.act == SIGNED)
        .order_by(Signature.at, Signature.id)
    )
    return {row.sheet_id: row.content_hash for row in session.execute(query)}


def _changed_since(event: Event, first: Recheck, among: Sequence[UUID] | None = None) -> set[UUID]:
    """The sheets signed with another content after the first draw than before it, and those made only afterwards.

    Asked of those alone that were signed after it, or of the sheets with these ids.
    """
    if among is None:
        signed_after = (
            select(Signature.sheet_id)
            .distinct()
            .where(Signature.event_id == event.id, Signature.act == SIGNED, Signature.at > first.drawn_at)
        )
        among = sorted(session.scalars(signed_after))
    before: dict[UUID, str] = {}
    after: dict[UUID, str] = {}
    for start in range(0, len(among), CHUNK):
        query = (
            select(Signature.sheet_id, Signature.content_hash, Signature.at)
            .where(Signature.event_id == event.id, Signature.act == SIGNED)
            .where(Signature.sheet_id.in_(among[start : start + CHUNK]))
            .order_by(Signature.at, Signature.id)
        )
        for sheet_id, content, at in session.execute(query):
            (before if at <= first.drawn_at else after)[sheet_id] = content
    return {each for each, content in after.items() if before.get(each) != content}


def _item(
    sheet: Sheet | SheetRow,
    why: Why | None,
    content: str,
    checks: Sequence[SheetCheck | CheckRow],
    decisions: Mapping[UUID, ErrorDecision],
) -> Item:
    return Item(
        sheet=sheet,
        why=why or Why.EVERYTHING,
        content_hash=content,
        checks=tuple(checks),
        decisions=tuple(decisions[check.id] for check in checks if check.id in decisions),
    )


def _check_rows(event: Event) -> Iterable[CheckRow]:
    """Every check of an event as plain rows, the oldest first."""
    query = (
        select(SheetCheck.id, SheetCheck.sheet_id, SheetCheck.content_hash, SheetCheck.is_right)
        .where(SheetCheck.event_id == event.id)
        .order_by(SheetCheck.at, SheetCheck.id)
    )
    return session.execute(query)


def _by_sheet(checks: Iterable[CheckRow]) -> dict[UUID, list[CheckRow]]:
    found: dict[UUID, list[CheckRow]] = {}
    for check in checks:
        found.setdefault(check.sheet_id, []).append(check)
    return found


def next_waiting(event: Event, actor: Actor) -> UUID | None:
    """The first sheet of the scope that waits and that this person may check; None when there is none.

    It waits when no check of what it holds now is right, rejected or undecided. One query, in the order of the list;
    it is read only up to the sheet that is found.
    """
    drawn = rechecks_of(event)
    if not drawn or rule_of(event) is None or checker_refusal(event, actor):
        return None
    left_out = scoring.codes_left_out(event)
    codes, everything = set().union(*_codes(drawn)), widening_of(event) is not None
    changed = set() if everything else _changed_since(event, drawn[0])
    found = session.execute(_waiting(event, actor).execution_options(yield_per=100))
    for sheet_id, code in found:
        if code not in left_out and (everything or code in codes or sheet_id in changed):
            found.close()
            waiting: UUID = sheet_id
            return waiting
    return None


def _waiting(event: Event, actor: Actor) -> Any:
    """Confirmed sheets without a check that holds, of which this person is not the judge and which they did not sign."""
    holds = (
        select(SheetCheck.id)
        .outerjoin(
            ErrorDecision,
            and_(ErrorDecision.event_id == SheetCheck.event_id, ErrorDecision.check_id == SheetCheck.id),
        )
        .where(
            SheetCheck.event_id == event.id,
            SheetCheck.sheet_id == Sheet.id,
            SheetCheck.content_hash == _content_now(event),
            or_(SheetCheck.is_right, ErrorDecision.is_accepted.is_(None), ~ErrorDecision.is_accepted),
        )
        .correlate(Sheet)
        .exists()
    )
    own = (
        select(Signature.id)
        .where(
            Signature.event_id == event.id,
            Signature.sheet_id == Sheet.id,
            Signature.act.in_((SIGNED, CONFIRMED)),
            Signature.by_id == actor.account_id,
        )
        .correlate(Sheet)
        .exists()
    )
    return (
        select(Sheet.id, Sheet.code)
        .join(Judge, Judge.id == Sheet.judge_id)
        .where(
            *(Sheet.event_id == event.id, ON_PANEL, Sheet.state == SheetState.CONFIRMED),
            *(Judge.account_id != actor.account_id, ~own, ~holds),
        )
        .order_by(*_IN_ORDER)
    )


def _content_now(event: Event) -> ScalarSelect[str]:
    """What the sheet of the outer query holds: the content that was signed last."""
    signed = aliased(Signature)
    return (
        select(signed.content_hash)
        .where(signed.event_id == event.id, signed.sheet_id == Sheet.id, signed.act == SIGNED)
        .order_by(signed.at.desc(), signed.id.desc())
        .limit(1)
        .correlate(Sheet)
        .scalar_subquery()
    )


def counts_of(event: Event, drawn: Sequence[Recheck]) -> Counter[ItemState]:
    """How many sheets of the scope stand how: as `Standing` has it, counted by the database without reading a sheet.

    `drawn` are all draws, the first one first. The database counts by code, so that its answer is a few numbers for
    each entrant; only sheets of others that were changed after the first draw are asked for by themselves.
    """
    left_out, codes = scoring.codes_left_out(event), set().union(*_codes(drawn))
    everything = widening_of(event) is not None
    counts: Counter[ItemState] = Counter()
    others: set[str] = set()
    for code, state, number in session.execute(_counted(event)):
        if code in left_out:
            continue
        if everything or code in codes:
            counts[ItemState(state)] += number
        else:
            others.add(code)
    if others:
        counts += _changed_counts(event, _changed_since(event, drawn[0]), others)
    return counts


def _changed_counts(event: Event, changed: set[UUID], codes: set[str]) -> Counter[ItemState]:
    """How the changed sheets of these codes stand."""
    counts: Counter[ItemState] = Counter()
    ids = sorted(changed)
    for start in range(0, len(ids), CHUNK):
        for code, state, number in session.execute(_counted(event, ids[start : start + CHUNK])):
            counts[ItemState(state)] += number if code in codes else 0
    return counts


def _counted(event: Event, among: Sequence[UUID] | None = None) -> Select[Any]:
    """How many countable sheets (or of those with these ids) of each code stand how, by the rules of `Item.state`."""
    last = _last_checks(event)
    state = case(
        (Sheet.state != SheetState.CONFIRMED, ItemState.CORRECTING.value),
        (last.c.id.is_(None), ItemState.WAITING.value),
        (last.c.content_hash != func.coalesce(_content_now(event), ""), ItemState.WAITING.value),
        (last.c.is_right, ItemState.RIGHT.value),
        (ErrorDecision.is_accepted.is_(None), ItemState.REPORTED.value),
        (ErrorDecision.is_accepted, ItemState.WAITING.value),
        else_=ItemState.REJECTED.value,
    ).label("standing")
    sheets = (
        select(Sheet.code, state)
        .outerjoin(last, last.c.sheet_id == Sheet.id)
        .outerjoin(
            ErrorDecision, and_(ErrorDecision.event_id == Sheet.event_id, ErrorDecision.check_id == last.c.id)
        )
        .where(Sheet.event_id == event.id, ON_PANEL, Sheet.state.not_in(_not_counted(event)))
    )
    if among is not None:
        sheets = sheets.where(Sheet.id.in_(among))
    each = sheets.subquery()
    return select(each.c.code, each.c.standing, func.count()).group_by(each.c.code, each.c.standing)


def _last_checks(event: Event) -> Subquery:
    """The last check of every sheet that was checked."""
    newest = func.row_number().over(
        partition_by=SheetCheck.sheet_id, order_by=(SheetCheck.at.desc(), SheetCheck.id.desc())
    )
    ranked = (
        select(
            SheetCheck.sheet_id,
            SheetCheck.id,
            SheetCheck.content_hash,
            SheetCheck.is_right,
            newest.label("rank"),
        )
        .where(SheetCheck.event_id == event.id)
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1).subquery()


def is_current(event: Event, recheck: Recheck) -> bool:
    """Whether the marking was not opened again after this draw."""
    if event.state == EventState.SCORING:
        return False
    closed = [move.at for move in moves_of(event) if move.move == Move.CLOSE_SCORING]
    return not closed or closed[-1] <= recheck.drawn_at


def checks_of(event: Event, sheet: Sheet | None = None) -> list[SheetCheck]:
    """Every check of an event, or of one of its sheets, the oldest first."""
    query = select(SheetCheck).where(SheetCheck.event_id == event.id)
    if sheet is not None:
        query = query.where(SheetCheck.sheet_id == sheet.id)
    return list(session.scalars(query.order_by(SheetCheck.at, SheetCheck.id)))


def errors_of(event: Event) -> list[tuple[SheetCheck, Sheet, ErrorDecision | None]]:
    """Every error that was reported, the oldest first: the check, its sheet, and the decision once there is one."""
    rows = session.execute(
        select(SheetCheck, Sheet, ErrorDecision)
        .join(Sheet, and_(Sheet.event_id == SheetCheck.event_id, Sheet.id == SheetCheck.sheet_id))
        .outerjoin(
            ErrorDecision,
            and_(ErrorDecision.event_id == SheetCheck.event_id, ErrorDecision.check_id == SheetCheck.id),
        )
        .where(SheetCheck.event_id == event.id, ~SheetCheck.is_right)
        .order_by(SheetCheck.at, SheetCheck.id)
    )
    return [(check, sheet, decision) for check, sheet, decision in rows]


def decisions_of(event: Event, sheet: Sheet | None = None) -> list[ErrorDecision]:
    """What was said to the errors of an event, or to those of one of its sheets."""
    query = select(ErrorDecision).where(ErrorDecision.event_id == event.id)
    if sheet is not None:
        checks = select(SheetCheck.id).where(SheetCheck.event_id == event.id, SheetCheck.sheet_id == sheet.id)
        query = query.where(ErrorDecision.check_id.in_(checks))
    return list(session.scalars(query))


def sheets_at(event: Event, ids: Sequence[UUID]) -> list[Sheet]:
    """These sheets of an event, in the order of their ids as given."""
    rows = session.scalars(select(Sheet).where(Sheet.event_id == event.id, Sheet.id.in_(ids)))
    found = {sheet.id: sheet for sheet in rows}
    return [found[each] for each in ids]


def widening_of(event: Event) -> RecheckWidening | None:
    """Why everything is checked, once it is: the first reason there was."""
    found: RecheckWidening | None = session.scalar(
        select(RecheckWidening)
        .where(RecheckWidening.event_id == event.id)
        .order_by(RecheckWidening.at, RecheckWidening.id)
        .limit(1)
    )
    return found


def signatures_of(recheck: Recheck) -> list[RecheckSignature]:
    return list(
        session.scalars(
            select(RecheckSignature)
            .where(RecheckSignature.event_id == recheck.event_id, RecheckSignature.recheck_id == recheck.id)
            .order_by(RecheckSignature.at, RecheckSignature.id)
        )
    )


# --- one sheet, one error -------------------------------------------------------------------------


def item_for(actor: Actor, event_id: UUID, sheet_id: UUID) -> Item:
    """A sheet of the scope, for whoever checks it; NotFound for anybody else and for a sheet outside the scope."""
    event = event_for(actor, event_id, CHECK)
    sheet: Sheet | None = session.get(Sheet, (event.id, sheet_id))
    found = None if sheet is None or sheet.state == SheetState.VOID else item_of(event, sheet)
    if found is None:
        raise NotFound()
    return found


def item_of(event: Event, sheet: Sheet) -> Item | None:
    """How one sheet stands in the re-check; None outside the scope. Reads this sheet, its marks and its checks only."""
    drawn = rechecks_of(event)
    if not drawn or rule_of(event) is None:
        return None
    why = _whys(drawn, [sheet], _changed_since(event, drawn[0], [sheet.id])).get(sheet.id)
    if why is None and widening_of(event) is None:
        return None
    content = scoring.hash_of_sheet(sheet)
    decisions = {decision.check_id: decision for decision in decisions_of(event, sheet)}
    return _item(sheet, why, content, checks_of(event, sheet), decisions)


def error_for(actor: Actor, event_id: UUID, check_id: UUID) -> SheetCheck:
    """A reported error, for those who may read results before the public; else NotFound."""
    event = event_for(actor, event_id, Permission.RESULTS_REVISION_READ)
    found: SheetCheck | None = session.get(SheetCheck, (event.id, check_id))
    if found is None or found.is_right:
        raise NotFound()
    return found


def decision_on(check: SheetCheck) -> ErrorDecision | None:
    found: ErrorDecision | None = session.get(ErrorDecision, (check.event_id, check.id))
    return found


def sheet_of(check: SheetCheck) -> Sheet:
    found: Sheet | None = session.get(Sheet, (check.event_id, check.sheet_id))
    assert found is not None  # a foreign key
    return found


def aspect_titles(sheet: Sheet) -> dict[str, str]:
    """The items of a sheet by id with their names in the organiser's words; "" is the whole sheet and has none."""
    rule_set = rule_set_of(event_by_id(sheet.event_id))
    items = scoring.items_of(rule_set, sheet.module, sheet.seat_label)
    return {"": ""} | {item.aspect.id: item.aspect.title.in_language("zh") for item in items}


def checker_refusal(event: Event, actor: Actor, sheet: Sheet | None = None) -> Sentence | None:
    """Why this person may not check here: the chief judge never, a judge not the own sheet; None when they may."""
    if actor.account_id in {chief.id for chief in chiefs_of(event)}:
        return sentence(
            "The chief judge cannot re-check: whoever confirmed the sheets does not check them again."
        )
    if sheet is None:
        return None
    stood = {each.by_id for each in scoring.signatures_of(sheet) if each.act in (SIGNED, CONFIRMED)}
    if actor.account_id == sheet.judge.account_id or actor.account_id in stood:
        return sentence("You signed or confirmed this sheet yourself, so another person must check it.")
    return None


# --- what stands in the way -----------------------------------------------------------------------


def blockers(event: Event) -> tuple[Sentence, ...]:
    """Why no result can be prepared yet; () when the rules ask for no re-check or it is finished and signed."""
    if rule_of(event) is None:
        return ()
    drawn = rechecks_of(event)
    if not drawn:
        return (sentence("The rules ask for a re-check. The supervisor has to draw its scope first."),)
    if not is_current(event, drawn[-1]):
        return (
            sentence(
                "The marking was opened again after the scope of the re-check was drawn. The supervisor has to bring"
                " the scope up to date."
            ),
        )
    if _stands(event, drawn[-1]):
        return ()
    signed = {signature.role for signature in signatures_of(drawn[-1])}
    return tuple(unfinished(counts_of(event, drawn), signed))


def _stands(event: Event, recheck: Recheck) -> bool:
    """Whether both signed the newest draw after the scope was last widened.

    Only a finished re-check is signed, and no sheet changes before the marking is opened again: so no sheet is looked at.
    """
    signatures, widening = signatures_of(recheck), widening_of(event)
    if {signature.role for signature in signatures} != set(SigningRole):
        return False
    return widening is None or all(signature.at > widening.at for signature in signatures)


def matter(event: Event, _actor: Actor) -> Sentence | None:
    """What waits in the re-check, for the page of the event: without a look at the single sheets."""
    drawn = rechecks_of(event)
    decided = select(ErrorDecision.check_id).where(ErrorDecision.event_id == event.id)
    undecided = select(func.count()).where(
        SheetCheck.event_id == event.id, ~SheetCheck.is_right, SheetCheck.id.not_in(decided)
    )
    if reported := session.scalar(undecided):
        return sentence(
            "Errors found in the re-check that wait for the chief judge: %(count)s.", count=reported
        )
    if event.state != EventState.SCORED:
        return None
    if not drawn or not is_current(event, drawn[-1]):
        return sentence("The supervisor has to draw the scope.")
    if len(signatures_of(drawn[-1])) < len(SigningRole):
        return sentence("Not finished and signed yet.")
    return None


def unfinished(counts: Mapping[ItemState, int], signed: Collection[str]) -> Iterable[Sentence]:
    """What is still to do in the newest re-check: `counts` of the sheets in its scope, and the roles that signed it."""
    if waiting := counts.get(ItemState.WAITING):
        yield sentence("Sheets still to be checked again: %(count)s.", count=waiting)
    if reported := counts.get(ItemState.REPORTED):
        yield sentence(
            "Errors found in the re-check that wait for the chief judge: %(count)s.", count=reported
        )
    if correcting := counts.get(ItemState.CORRECTING):
        yield sentence(
            "Sheets with an accepted error that are not corrected yet: %(count)s.", count=correcting
        )
    if waiting or reported or correcting:
        return
    if SigningRole.SUPERVISOR not in signed:
        yield sentence("The re-check is not signed by the supervisor.")
    if SigningRole.CHIEF not in signed:
        yield sentence("The re-check is not signed by the chief judge.")
