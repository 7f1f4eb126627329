"""Decide about entries: approve, reject, withdraw, disqualify, who takes awards, move a reserve up, mark who is there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.registration import facts
from competition.registration.models import UNDER_WAY, Entrant, EntrantDecision, EntrantState
from competition.registration.queries import (
    approved_at,
    check_entries,
    display_name,
    has_award_by_conditions,
    members_of_team,
    next_reserve,
    put_outside_awards,
    vacancies_before,
)
from competition.registration.queries.eligibility import members_of
from competition.registration.queries.entrants import UNDO, barring_answers
from competition.registration.reserves import passed_over
from competition.rules.access import Actor
from competition.rules.lifecycle import STATE_TITLES, EventState
from competition.rules.sentences import Sentence, sentence

_DECIDING = (EventState.REGISTRATION, EventState.ENTRIES_CLOSED)
_BEFORE_DRAW = (EventState.DRAFT, *_DECIDING)
_UNTIL_SCORED = (EventState.ENTRIES_CLOSED, EventState.DRAWN, EventState.SCORING)
COACH_STATES = (EventState.REGISTRATION, *_UNTIL_SCORED)
AWARD_STATES = (EventState.REGISTRATION, *_UNTIL_SCORED)
"""While the organiser decides who competes outside the awards: until the marking is closed."""
BEFORE_PUBLICATION = (*_UNTIL_SCORED, EventState.SCORED)


def approve_entrant(entrant: Entrant, *, by: Actor, at: datetime) -> Entrant:
    """Approve an entry and give it the next number of the event; see `approve_entrants`."""
    return approve_entrants([entrant], by=by, at=at)[0]


def approve_entrants(entrants: Sequence[Entrant], *, by: Actor, at: datetime) -> list[Entrant]:
    """Approve entries of one event, all or none, in the order given.

    Every one gets the next entry number; a number is never given twice, and an entry that had one keeps it. The
    conditions are asked again: an entry that passed when it was made and does not pass now is refused; one that
    came by a result and never passed is the approver's decision. Who was put outside the awards stays there. Raises
    RuleBroken with every reason.
    """
    if not entrants:
        return []
    event = entrants[0].event
    if any(entrant.event_id != event.id for entrant in entrants):
        raise ValueError("entrants of one event are approved together")
    lock(event)
    reasons = _state_reasons(event, _DECIDING)
    reasons += [_not_waiting(entrant) for entrant in entrants if entrant.state != EntrantState.SUBMITTED]
    people = members_of(entrants)
    checks = check_entries(event, [people[entrant.id] for entrant in entrants], at=at)
    for entrant, check in zip(entrants, checks, strict=True):
        if check.barring and not barring_answers(entrant):
            reasons += [
                sentence("%(name)s: %(reason)s", name=display_name(entrant), reason=reason)
                for reason in check.barring
            ]
    if reasons:
        raise RuleBroken(*reasons)
    number = session.scalar(select(func.max(Entrant.entry_number)).where(Entrant.event_id == event.id)) or 0
    outside = put_outside_awards(entrants)
    for entrant, check in zip(entrants, checks, strict=True):
        if entrant.entry_number is None:
            number += 1
            entrant.entry_number = number
        entrant.answers = check.document()
        entrant.award_eligible = check.award_eligible and entrant.id not in outside
        _decide(entrant, EntrantState.APPROVED, by=by, at=at)
    session.flush()
    numbers = sorted(entrant.entry_number or 0 for entrant in entrants)
    fact = (
        facts.EntrantApproved(event_id=event.id, subject_id=entrants[0].id, entry_number=numbers[0])
        if len(entrants) == 1
        else facts.EntrantsApproved(
            event_id=event.id,
            subject_id=event.id,
            count=len(entrants),
            first_number=numbers[0],
            last_number=numbers[-1],
        )
    )
    record(fact, by=by, at=at)
    return list(entrants)


def take_back_approvals(entrants: Sequence[Entrant], *, by: Actor, at: datetime) -> list[Entrant]:
    """Undo approvals not older than ten minutes: the entries wait for a decision again and keep their numbers."""
    if not entrants:
        return []
    event = entrants[0].event
    lock(event)
    reasons = _state_reasons(event, (EventState.REGISTRATION,))
    moments = approved_at(entrants)
    for entrant in entrants:
        if entrant.id not in moments or moments[entrant.id] + UNDO < at:
            reasons.append(
                sentence(
                    "The approval of %(name)s can no longer be taken back. Withdraw the entry instead.",
                    name=display_name(entrant),
                )
            )
    if reasons:
        raise RuleBroken(*reasons)
    for entrant in entrants:
        _decide(entrant, EntrantState.SUBMITTED, by=by, at=at)
    session.flush()
    record(facts.ApprovalTakenBack(event_id=event.id, subject_id=event.id, count=len(entrants)), by=by, at=at)
    return list(entrants)


def reject_entrant(entrant: Entrant, *, reason: str, by: Actor, at: datetime) -> Entrant:
    """Reject an entry that waits for a decision; its people are free to be entered again."""
    reasons = [*_state_reasons(entrant.event, _BEFORE_DRAW), *_reason_missing(reason)]
    if entrant.state not in (EntrantState.SUBMITTED, EntrantState.RESERVE):
        reasons.append(_not_waiting(entrant))
    if reasons:
        raise RuleBroken(*reasons)
    _decide(entrant, EntrantState.REJECTED, reason=reason.strip(), by=by, at=at)
    session.flush()
    record(
        facts.EntrantRejected(event_id=entrant.event_id, subject_id=entrant.id, reason=reason.strip()),
        by=by,
        at=at,
    )
    return entrant


def withdraw_entrant(entrant: Entrant, *, reason: str, by: Actor, at: datetime) -> Entrant:
    """Withdraw an entry: the record and its number stay, its people are free.

    Before the draw, or while the marking is open: who gives up then keeps what was signed and is not ranked.
    """
    reasons = _reason_missing(reason)
    if entrant.event.state not in (*_BEFORE_DRAW, EventState.SCORING):
        reasons.append(
            sentence("The draw has been made, so the entry stays. Mark the entrant as absent instead.")
        )
    if entrant.state not in UNDER_WAY:
        reasons.append(sentence("This entry was already withdrawn or rejected."))
    if reasons:
        raise RuleBroken(*reasons)
    _decide(entrant, EntrantState.WITHDRAWN, reason=reason.strip(), by=by, at=at)
    session.flush()
    record(
        facts.EntrantWithdrawn(event_id=entrant.event_id, subject_id=entrant.id, reason=reason.strip()),
        by=by,
        at=at,
    )
    return entrant


def disqualify_entrant(entrant: Entrant, *, reason: str, by: Actor, at: datetime) -> Entrant:
    """Disqualify an approved entrant (取消资格), until the result is published.

    The signed marks stay on record; the entrant is in the result without a place. After the publication the marking is
    reopened first, so that a new revision says so.
    """
    reasons = [*_state_reasons(entrant.event, BEFORE_PUBLICATION), *_reason_missing(reason)]
    if entrant.state != EntrantState.APPROVED:
        reasons.append(sentence("Only approved entrants can be disqualified."))
    if reasons:
        raise RuleBroken(*reasons)
    _decide(entrant, EntrantState.DISQUALIFIED, reason=reason.strip(), by=by, at=at)
    session.flush()
    fact = facts.EntrantDisqualified(event_id=entrant.event_id, subject_id=entrant.id, reason=reason.strip())
    record(fact, by=by, at=at)
    return entrant


def lift_disqualification(entrant: Entrant, *, reason: str, by: Actor, at: datetime) -> Entrant:
    """Take a disqualification back, after an appeal say, until the result is published: the entrant is ranked again."""
    reasons = [*_state_reasons(entrant.event, BEFORE_PUBLICATION), *_reason_missing(reason)]
    if entrant.state != EntrantState.DISQUALIFIED:
        reasons.append(sentence("This entrant is not disqualified."))
    if reasons:
        raise RuleBroken(*reasons)
    _decide(entrant, EntrantState.APPROVED, reason=reason.strip(), by=by, at=at)
    session.flush()
    fact = facts.DisqualificationLifted(
        event_id=entrant.event_id, subject_id=entrant.id, reason=reason.strip()
    )
    record(fact, by=by, at=at)
    return entrant


def compete_outside_awards(entrant: Entrant, *, reason: str, by: Actor, at: datetime) -> Entrant:
    """Let an approved entrant compete without a claim to awards (不参与评奖), until the marking is closed.

    The entrant is marked and ranked as the rules say of entrants without award eligibility, takes no award and does not
    advance; whether the award passes to the next or stays vacant is the rules' word too.
    """
    lock(entrant.event)
    reasons = [*_award_reasons(entrant), *_reason_missing(reason)]
    if entrant.state == EntrantState.APPROVED and not entrant.award_eligible:
        reasons.append(sentence("This entrant competes outside the awards already."))
    if reasons:
        raise RuleBroken(*reasons, next_step=_award_next_step(entrant))
    entrant.award_eligible = False
    session.flush()
    fact = facts.PutOutsideAwards(event_id=entrant.event_id, subject_id=entrant.id, reason=reason.strip())
    record(fact, by=by, at=at)
    return entrant


def return_to_awards(entrant: Entrant, *, reason: str, by: Actor, at: datetime) -> Entrant:
    """Take `compete_outside_awards` back, until the marking is closed; what a condition of entry withholds stays withheld."""
    lock(entrant.event)
    reasons = [*_award_reasons(entrant), *_reason_missing(reason)]
    if entrant.state == EntrantState.APPROVED and not put_outside_awards([entrant]):
        reasons.append(
            sentence("Nobody put this entrant outside the awards, so there is nothing to take back.")
        )
    if reasons:
        raise RuleBroken(*reasons, next_step=_award_next_step(entrant))
    entrant.award_eligible = has_award_by_conditions(entrant)
    session.flush()
    fact = facts.ReturnedToAwards(event_id=entrant.event_id, subject_id=entrant.id, reason=reason.strip())
    record(fact, by=by, at=at)
    return entrant


def _award_reasons(entrant: Entrant) -> list[Sentence]:
    reasons = _state_reasons(entrant.event, AWARD_STATES)
    if entrant.state != EntrantState.APPROVED:
        reasons.append(sentence("Whether an entrant takes awards is decided once the entry is approved."))
    return reasons


def _award_next_step(entrant: Entrant) -> Sentence | None:
    if entrant.event.state in (EventState.SCORED, EventState.PUBLISHED):
        return sentence(
            "Reopen the marking first; a new revision of the result with its own approvals says so then."
        )
    if entrant.state == EntrantState.SUBMITTED:
        return sentence("Approve the entry first.")
    return None


def move_up_reserve(entrant: Entrant, *, by: Actor, at: datetime) -> Entrant:
    """Let a reserve (候补) take the place of somebody who left (递补); it then waits for a decision like any entry.

    Reserves move up in their order, and only into a place that stands empty.
    """
    lock(entrant.event)
    reasons = _state_reasons(entrant.event, _BEFORE_DRAW)
    if entrant.state != EntrantState.RESERVE:
        reasons.append(sentence("This entrant does not stand in reserve."))
    else:
        reasons += _out_of_turn(entrant)
    if reasons:
        raise RuleBroken(*reasons)
    _decide(entrant, EntrantState.SUBMITTED, by=by, at=at)
    session.flush()
    record(
        facts.ReserveMovedUp(
            event_id=entrant.event_id, subject_id=entrant.id, reserve_order=entrant.reserve_order or 0
        ),
        by=by,
        at=at,
    )
    return entrant


def mark_presence(entrant: Entrant, *, present: bool, by: Actor, at: datetime) -> Entrant:
    """Write down whether an approved entrant has come (an absent one is not ranked)."""
    reasons = _state_reasons(entrant.event, _UNTIL_SCORED)
    if entrant.state != EntrantState.APPROVED:
        reasons.append(sentence("Only approved entrants are present or absent."))
    if reasons:
        raise RuleBroken(*reasons)
    if entrant.present is not present:
        entrant.present = present
        session.flush()
        record(
            facts.PresenceMarked(event_id=entrant.event_id, subject_id=entrant.id, present=present),
            by=by,
            at=at,
        )
    return entrant


def name_coach(entrant: Entrant, *, coach: str, by: Actor, at: datetime) -> Entrant:
    """Write down who coached an entrant (指导教师、教练), or nobody with ""; until the marking is closed."""
    if reasons := _state_reasons(entrant.event, COACH_STATES):
        raise RuleBroken(*reasons)
    if entrant.coach != coach.strip():
        entrant.coach = coach.strip()
        session.flush()
        record(facts.CoachNamed(event_id=entrant.event_id, subject_id=entrant.id), by=by, at=at)
    return entrant


def name_team(entrant: Entrant, *, team: str, order: int | None, by: Actor, at: datetime) -> Entrant:
    """Write down the team for which an entrant counts and the place in it, or no team with ""; until the marking is closed.

    A team belongs to one delegation, and no two of its members have the same place in it.
    """
    team = team.strip()
    reasons = [*_state_reasons(entrant.event, COACH_STATES), *_team_reasons(entrant, team, order)]
    if reasons:
        raise RuleBroken(*reasons)
    if (entrant.team, entrant.team_order) != (team, order):
        entrant.team, entrant.team_order = team, order
        session.flush()
        fact = facts.TeamNamed(event_id=entrant.event_id, subject_id=entrant.id, team=team, order=order)
        record(fact, by=by, at=at)
    return entrant


def _team_reasons(entrant: Entrant, team: str, order: int | None) -> list[Sentence]:
    if not team:
        return [] if order is None else [sentence("Name the team in which the entrant has this place.")]
    lock(entrant.event)
    others = [other for other in members_of_team(entrant.event, team) if other.id != entrant.id]
    reasons = []
    if any(other.delegation_id != entrant.delegation_id for other in others):
        reasons.append(
            sentence(
                "Entrants of another delegation are in a team “%(team)s” already. Give this team another name.",
                team=team,
            )
        )
    taken = (other for other in others if order is not None and other.team_order == order)
    if other := next(taken, None):
        reasons.append(
            sentence(
                "%(name)s is number %(order)s of the team “%(team)s” already. Choose another number.",
                name=display_name(other),
                order=order,
                team=team,
            )
        )
    return reasons


def _decide(entrant: Entrant, after: EntrantState, *, by: Actor, at: datetime, reason: str = "") -> None:
    session.add(
        EntrantDecision(
            id=tokens.new_id(),
            entrant_id=entrant.id,
            before=entrant.state,
            after=after,
            reason=reason,
            at=at,
            by_id=by.account_id,
        )
    )
    entrant.state = after
    if after not in UNDER_WAY and after != EntrantState.DISQUALIFIED:
        for member in entrant.members:
            member.active = False


def _state_reasons(event: Event, allowed: Sequence[EventState]) -> list[Sentence]:
    if event.state in allowed:
        return []
    return [
        sentence(
            "This is not possible while the event is in the state “%(state)s”.",
            state=STATE_TITLES[EventState(event.state)],
        )
    ]


def _not_waiting(entrant: Entrant) -> Sentence:
    return sentence("%(name)s does not wait for a decision any more.", name=display_name(entrant))


def _reason_missing(reason: str) -> list[Sentence]:
    if not reason.strip():
        return [sentence("Say why; the people entered will ask.")]
    if len(reason.strip()) > 500:
        return [sentence("The reason has at most %(most)s characters.", most=500)]
    return []


def _out_of_turn(reserve: Entrant) -> list[Sentence]:
    reasons = []
    if why := passed_over([reserve]).get(reserve.id):
        reasons.append(why)
    first = next_reserve(reserve)
    if first is not None and first.id != reserve.id:
        reasons.append(sentence("%(name)s comes first in the order of reserves.", name=display_name(first)))
    if not vacancies_before(reserve):
        reasons.append(sentence("No place stands empty: nobody who advanced has withdrawn."))
    return reasons
