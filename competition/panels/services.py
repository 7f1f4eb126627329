"""Write panels: register judges, give and take seats, appoint the chief judge."""

from datetime import datetime

from competition import tokens
from competition.accounts.models import Account
from competition.accounts.services import grant_role, withdraw_role
from competition.audit.services import record
from competition.competitions import blockers, correction_checks
from competition.competitions import queries as competitions
from competition.competitions.models import Event
from competition.database import session
from competition.errors import RuleBroken
from competition.organisations.models import Organisation
from competition.panels import facts, queries
from competition.panels.models import Judge, Seat, SeatKind
from competition.registration import queries as registration
from competition.rules.access import Actor, Role, ScopeKind
from competition.rules.lifecycle import STATE_TITLES, EventState, Move
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Group
from competition.rules.sentences import Sentence, sentence

SEATS_CHANGE_IN = frozenset(
    {EventState.REGISTRATION, EventState.ENTRIES_CLOSED, EventState.DRAWN, EventState.SCORING}
)
"""The states in which seats are given and taken: from the frozen rule set to the end of marking."""


def register_judge(
    account: Account,
    *,
    organisation: Organisation | None = None,
    level: str = "",
    by: Actor,
    at: datetime,
) -> Judge:
    """Make a person a judge; `organisation` is whose delegation the judge belongs to (None: nobody's).

    Raises RuleBroken when the account is a judge already or is disabled.
    """
    if account.disabled_at is not None:
        raise RuleBroken(sentence("The account %(username)s is disabled.", username=account.username))
    if queries.judge_of_account(account) is not None:
        raise RuleBroken(sentence("%(name)s is a judge already.", name=account.name))
    judge = Judge(
        id=tokens.new_id(),
        account=account,
        organisation=organisation,
        level=level.strip(),
        registered_at=at,
    )
    session.add(judge)
    session.flush()
    record(
        facts.JudgeRegistered(
            event_id=None,
            subject_id=judge.id,
            name=account.name,
            organisation=organisation.name if organisation else None,
        ),
        by=by,
        at=at,
    )
    return judge


def change_judge(
    judge: Judge, *, organisation: Organisation | None, level: str, by: Actor, at: datetime
) -> Judge:
    """Correct a judge's organisation or level. Sheets already made keep their judge; readiness is asked anew."""
    before = judge.organisation
    if before is organisation and judge.level == level.strip():
        return judge
    judge.organisation, judge.level = organisation, level.strip()
    record(
        facts.JudgeChanged(
            event_id=None,
            subject_id=judge.id,
            name=judge.account.name,
            before=before.name if before else None,
            after=organisation.name if organisation else None,
        ),
        by=by,
        at=at,
    )
    return judge


def assign_seat(
    event: Event, *, module: str, label: str, kind: SeatKind, judge: Judge, by: Actor, at: datetime
) -> Seat:
    """Give a judge a seat on the panel of a module, and with it the role of a judge in the event.

    J1 is the lead, J2 … are members, A1 … are alternates, S1 … are shadows whose marks count nowhere. A judge whose organisation sends an entrant may take a seat as
    long as an alternate can mark that entrant; otherwise RuleBroken says who is missing.
    """
    reasons = _seat_problems(event, module, label, SeatKind(kind), judge)
    if reasons:
        raise RuleBroken(*reasons)
    seat = Seat(
        id=tokens.new_id(),
        event_id=event.id,
        module=module,
        label=label,
        kind=SeatKind(kind),
        judge=judge,
        assigned_at=at,
        assigned_by=by.account_id,
    )
    session.add(seat)
    session.flush()
    grant_role(
        judge.account,
        role=Role.JUDGE,
        scope_kind=ScopeKind.EVENT,
        scope_id=event.id,
        place=event.name,
        by=by,
        at=at,
    )
    fact = facts.SeatAssigned(
        event_id=event.id, subject_id=seat.id, module=module, label=label, name=judge.account.name
    )
    record(fact, by=by, at=at)
    return seat


def release_seat(seat: Seat, *, by: Actor, at: datetime) -> None:
    """Take a judge off a seat; with the last seat in the event goes the role."""
    event = session.get_one(Event, seat.event_id)
    if refused := _closed(event):
        raise RuleBroken(refused)
    if seat.released_at is not None:
        return
    seat.released_at = at
    session.flush()
    if not queries.seats_of_judge(seat.judge, event):
        _withdraw(seat.judge.account, Role.JUDGE, event, by=by, at=at)
    fact = facts.SeatReleased(
        event_id=event.id,
        subject_id=seat.id,
        module=seat.module,
        label=seat.label,
        name=seat.judge.account.name,
    )
    record(fact, by=by, at=at)


def appoint_chief(event: Event, account: Account, *, by: Actor, at: datetime) -> None:
    """Make a person chief judge of the event; there may be several (deputies)."""
    if account.disabled_at is not None:
        raise RuleBroken(sentence("The account %(username)s is disabled.", username=account.username))
    if account in queries.chiefs_of(event):
        return
    grant_role(
        account,
        role=Role.CHIEF_JUDGE,
        scope_kind=ScopeKind.EVENT,
        scope_id=event.id,
        place=event.name,
        by=by,
        at=at,
    )
    record(
        facts.ChiefAppointed(event_id=event.id, subject_id=account.id, name=account.name),
        by=by,
        at=at,
    )


def release_chief(event: Event, account: Account, *, by: Actor, at: datetime) -> None:
    """Take the office of chief judge back. What the person confirmed stays confirmed."""
    if account in queries.chiefs_of(event):
        _withdraw(account, Role.CHIEF_JUDGE, event, by=by, at=at)
        record(
            facts.ChiefReleased(event_id=event.id, subject_id=account.id, name=account.name),
            by=by,
            at=at,
        )


def _withdraw(account: Account, role: Role, event: Event, *, by: Actor, at: datetime) -> None:
    for grant in account.grants:
        if (grant.role, grant.scope_kind, grant.scope_id) == (role, ScopeKind.EVENT, event.id):
            withdraw_role(grant, by=by, at=at)


def _closed(event: Event) -> Sentence | None:
    if event.state in SEATS_CHANGE_IN:
        return None
    return sentence(
        "Seats are given and taken from the opening of registration to the end of marking; the event is in the"
        " state “%(state)s”.",
        state=STATE_TITLES[EventState(event.state)],
    )


def _seat_problems(event: Event, module: str, label: str, kind: SeatKind, judge: Judge) -> list[Sentence]:
    if refused := _closed(event):
        return [refused]
    modules = {group.id: group for group in competitions.modules_of(competitions.rule_set_of(event))}
    if module not in modules:
        return [sentence("The rule set has no module “%(module)s”.", module=module)]
    if refused := _label_problem(modules[module], label, kind):
        return [refused]
    seats = queries.seats_of(event, module)
    problems = []
    if holder := next((seat for seat in seats if seat.label == label), None):
        problems.append(
            sentence(
                "The seat %(label)s is taken by %(name)s. Release it first.",
                label=label,
                name=holder.judge.account.name,
            )
        )
    if other := next((seat for seat in seats if seat.judge_id == judge.id), None):
        problems.append(
            sentence(
                "%(name)s already has the seat %(label)s of this module.",
                name=judge.account.name,
                label=other.label,
            )
        )
    if judge.account.disabled_at is not None:
        problems.append(sentence("The account %(username)s is disabled.", username=judge.account.username))
    return problems or _coverage_problems(event, seats, module, label, kind, judge)


def _label_problem(module: Group, label: str, kind: SeatKind) -> Sentence | None:
    if kind is SeatKind.ALTERNATE:
        known = tuple(f"A{number}" for number in range(1, queries.ALTERNATES + 1))
    elif kind is SeatKind.SHADOW:
        known = tuple(f"S{number}" for number in range(1, queries.SHADOWS + 1))
    elif kind is SeatKind.LEAD:
        known = ("J1",)
    else:
        known = queries.panel_size(module).labels[1:]
    if label in known:
        return None
    if not known:
        return sentence("Everything in this module is measured: it has the one seat J1.")
    return sentence(
        "There is no such seat. This kind of seat has the labels %(labels)s.", labels=", ".join(known)
    )


def _seats_unknown_to(event: Event, corrected: RuleSet) -> tuple[Sentence, ...]:
    """The seats that are taken and that corrected rules have no place for: they are released before."""
    modules = {group.id: group for group in competitions.modules_of(corrected)}
    return tuple(
        sentence(
            "The seat %(label)s of the module “%(module)s” is taken by %(name)s, and these rules have no such seat. "
            "Release it first.",
            label=seat.label,
            module=seat.module,
            name=seat.judge.account.name,
        )
        for seat in queries.seats_of(event)
        if seat.module not in modules or _label_problem(modules[seat.module], seat.label, SeatKind(seat.kind))
    )


def _coverage_problems(
    event: Event, seats: list[Seat], module: str, label: str, kind: SeatKind, judge: Judge
) -> list[Sentence]:
    if kind in (SeatKind.ALTERNATE, SeatKind.SHADOW):
        return []
    entrants = registration.approved_entrants(event)
    before = queries.panel_of(seats, module)
    known = {(pair.label, pair.entrant.id) for pair in queries.uncovered(before, entrants)}
    pairs = [
        pair
        for pair in queries.uncovered(before.with_judge(label, judge), entrants)
        if (pair.label, pair.entrant.id) not in known
    ]
    if not pairs:
        return []
    delegations = dict.fromkeys(pair.entrant.delegation.organisation.name for pair in pairs)
    return [
        sentence(
            "%(judge)s must not mark %(count)s entrants (%(delegations)s), and no alternate of this module could mark"
            " them instead. Assign an alternate first.",
            judge=pairs[0].judge.account.name,
            count=len(pairs),
            delegations="、".join(delegations),
        )
    ]


blockers.register(Move.START_SCORING, queries.readiness)
correction_checks.register(_seats_unknown_to)
