"""Draw: who starts when, and under which code."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.competitions import blockers
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.competitions.services import move_event
from competition.database import session
from competition.draws import facts, queries
from competition.draws.models import Draw, DrawnPlace
from competition.errors import RuleBroken
from competition.registration.queries import approved_entrants
from competition.rules import draw as rules
from competition.rules import lifecycle
from competition.rules.access import Actor
from competition.rules.lifecycle import Move
from competition.rules.sentences import Sentence, sentence


def make_draw(event: Event, *, seed: str, by: Actor, at: datetime, reason: str = "") -> Draw:
    """Draw the order of start of all approved entrants and, with a blind layer, their codes.

    `seed` is at least 32 lower-case hexadecimal digits (tokens.new_seed()); method, seed and entrants are kept, so
    that anybody can repeat the draw. Without a blind layer the code is the number of the start. A former draw is
    superseded, never changed, and a new one then needs a reason. The event moves to “drawn”. Raises RuleBroken with
    every reason: the state, no approved entrants, no reason given, an unusable seed.
    """
    former = queries.current_draw(event)
    entrants = sorted(str(entrant.id) for entrant in approved_entrants(event))
    number = len(queries.draws_of(event)) + 1
    purpose = queries.order_purpose(event.id, number)
    may_draw = lifecycle.refusal(event.state, Move.DRAW) is None
    if may_draw and former is not None and not reason.strip():
        raise RuleBroken(
            sentence("There is a draw already. Say why it is made again; the reason goes on record.")
        )
    move_event(event, Move.DRAW, by=by, at=at, reason=reason)
    if problem := rules.draw_problem(entrants, seed, purpose):
        raise RuleBroken(problem)
    order = rules.order_record(entrants, seed, purpose=purpose)
    layers = rule_set_of(event).blind_layers
    codes = (
        rules.draw_codes(entrants, seed, purpose=queries.codes_purpose(event.id, number))
        if layers
        else queries.plain_codes(order.order)
    )
    if former is not None:
        former.superseded_at = at
    drawn = Draw(
        id=tokens.new_id(),
        event_id=event.id,
        number=number,
        method=order.method,
        seed=seed,
        entrants=entrants,
        entrants_hash=order.input_hash,
        blind_layers=layers,
        drawn_at=at,
        drawn_by=by.account_id,
    )
    session.add(drawn)
    session.flush()
    _keep_places(drawn, order.order, codes)
    fact = facts.DrawMade(
        event_id=event.id,
        subject_id=drawn.id,
        number=number,
        method=drawn.method,
        entrants=len(entrants),
        entrants_hash=drawn.entrants_hash,
        seed_hash=queries.seed_hash(drawn),
        reason=reason.strip(),
    )
    record(fact, by=by, at=at)
    return drawn


def take_list(draw: Draw, *, by: Actor, at: datetime) -> None:
    """Put on record that somebody takes away the list that joins codes to people."""
    fact = facts.DrawListTaken(event_id=draw.event_id, subject_id=draw.id, number=draw.number)
    record(fact, by=by, at=at)


def _keep_places(drawn: Draw, order: tuple[str, ...], codes: Mapping[str, str]) -> None:
    for start_order, entrant in enumerate(order, 1):
        drawn.places.append(
            DrawnPlace(
                event_id=drawn.event_id,
                entrant_id=UUID(entrant),
                start_order=start_order,
                code=codes[entrant],
            )
        )
    session.flush()


def _nobody_to_draw(event: Event) -> tuple[Sentence, ...]:
    if approved_entrants(event):
        return ()
    return (sentence("There is nobody to draw. Approve the entries first."),)


blockers.register(Move.DRAW, _nobody_to_draw)
