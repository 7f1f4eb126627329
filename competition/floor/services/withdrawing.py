"""Entries that were wrong: they stay on the log and do not count."""

from datetime import datetime

from competition.competitions.queries import event_by_id, scope_of_event
from competition.errors import RuleBroken
from competition.floor import queries
from competition.floor.models import FloorEntry
from competition.floor.queries import RULE, Floor, plain
from competition.floor.services.attendance import BY_RULE
from competition.floor.services.exposures import REASSIGNED
from competition.floor.services.log import (
    On,
    Ticket,
    open_floor,
    ticket_after,
    write,
)
from competition.rules import floor as rules
from competition.rules.access import Actor
from competition.rules.floor import (
    BY_CHIEF,
    Kind,
    Ruling,
)
from competition.rules.sentences import sentence


def withdraw_entry(entry: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Withdraw an entry: it stays on the log, and everything is as if it had never been. A decision is withdrawn by the chief judge.

    A late arrival goes with its admission by the rule. Raises RuleBroken while later entries build on it, and for a ruling
    that took something from the contestant: that one is ruled on anew.
    """
    event = event_by_id(entry.event_id)
    floor = open_floor(event)
    if ticket.id in floor.by_id:
        return floor.by_id[ticket.id]
    answer = floor.answer_to(entry)
    if entry.kind == Kind.LATE and answer is not None and answer.verdict == BY_RULE:
        _withdraw(floor, answer, cause=cause, ticket=ticket_after(answer), by=by, at=at)
        floor = queries.floor_of(event)
    return _withdraw(floor, entry, cause=cause, ticket=ticket, by=by, at=at)


def _withdraw(
    floor: Floor, entry: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    plan = floor.plans.get(entry.part)
    homes, minutes = (floor.homes(entry.part), plan.minutes) if plan else ({}, 0)
    if problem := rules.withdrawal_problem(floor.entries, plain(entry), homes, minutes=minutes):
        raise RuleBroken(problem)
    is_decision = entry.kind in BY_CHIEF and entry.verdict != BY_RULE
    if is_decision and not by.may(RULE, scope_of_event(floor.event)):
        raise RuleBroken(sentence("This was decided by the chief judge, who alone can withdraw it."))
    if entry.kind == Kind.RULED and entry.verdict in (Ruling.DEDUCTION, Ruling.DISQUALIFICATION):
        raise RuleBroken(
            sentence("This ruling took something from the contestant, so it is not just withdrawn."),
            next_step=sentence("Rule on the violation anew; what the ruling did is then taken back."),
        )
    if entry.kind == Kind.HANDLED and entry.verdict == REASSIGNED:
        raise RuleBroken(sentence("The sheet has another judge by now, so this decision stays."))
    on = On(entry.part, entry.batch, entry.code)
    return write(floor, on, kind=Kind.WITHDRAWN, cause=cause, refers=entry, ticket=ticket, by=by, at=at)
