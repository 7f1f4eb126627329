"""Draws: kept, repeatable, superseded but never changed; on both databases."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.competitions.services import move_event
from competition.database import session
from competition.draws import queries
from competition.errors import NotFound, RuleBroken
from competition.rules.access import NOBODY, Actor, Grant, Role, ScopeKind
from competition.rules.draw import METHOD
from competition.rules.lifecycle import EventState, Move
from competition.transactions import transaction
from tests.builders import competitions
from tests.builders import draws as a
from tests.conftest import NOON


def test_a_draw_orders_the_approved_and_moves_the_event(app: Flask) -> None:
    with transaction():
        event = a.closed_event(3)
        draw = a.draw(event)
    assert event.state == EventState.DRAWN
    assert [place.start_order for place in queries.places_of(draw)] == [1, 2, 3]
    assert sorted(str(place.entrant_id) for place in draw.places) == draw.entrants
    assert (draw.method, draw.number) == (METHOD, 1)


def test_without_a_blind_layer_the_code_is_the_number_of_the_start(app: Flask) -> None:
    with transaction():
        event = a.drawn_event(2)
    places = queries.places_of(queries.current_draw(event))
    assert [place.code for place in places] == ["01", "02"]


def test_with_a_blind_layer_the_codes_are_drawn(app: Flask) -> None:
    rule_set = competitions.rule_set(draw={"blind_layers": 1})
    with transaction():
        event = a.drawn_event(3, rule_set=rule_set)
    place = queries.places_of(queries.current_draw(event))[0]
    assert len(place.code) == 4
    assert queries.place_of_code(event, place.code) is place
    assert queries.code_of(place.entrant) == place.code


@pytest.mark.parametrize("layers", [0, 1])
def test_every_draw_can_be_repeated_from_its_seed(app: Flask, layers: int) -> None:
    with transaction():
        event = a.drawn_event(5, rule_set=competitions.rule_set(draw={"blind_layers": layers}))
    draw = queries.current_draw(event)
    assert queries.verify(draw) is None
    draw.places[0].code, draw.places[1].code = draw.places[1].code, draw.places[0].code
    assert queries.verify(draw) is not None
    session.expire_all()


def test_another_seed_is_not_the_draw_that_was_made(app: Flask) -> None:
    with transaction():
        event = a.drawn_event(12)  # two seeds order five alike once in 120 runs, twelve never in a lifetime
        draw = queries.current_draw(event)
        draw.seed = "f" * 64
    assert queries.verify(draw) is not None


def test_a_second_draw_needs_a_reason_and_supersedes_the_first(app: Flask) -> None:
    with transaction():
        event = a.drawn_event(3)
    with transaction(), pytest.raises(RuleBroken, match="Say why it is made again"):
        a.draw(event, seed="ab" * 32)
    with transaction():
        second = a.draw(event, seed="ab" * 32, reason="选手现场异议")
    assert queries.current_draw(event) is second
    assert [(draw.number, draw.superseded_at) for draw in queries.draws_of(event)] == [(2, None), (1, NOON)]


def test_nobody_is_drawn_before_registration_is_closed(app: Flask) -> None:
    with transaction():
        event = competitions.open_event()
        with pytest.raises(RuleBroken, match="Registration open"):
            a.draw(event)


def test_nobody_is_drawn_where_nobody_is_approved(app: Flask) -> None:
    with transaction():
        event = competitions.open_event()
        move_event(event, Move.CLOSE_REGISTRATION, by=system_actor(), at=NOON)
        with pytest.raises(RuleBroken, match="nobody to draw"):
            a.draw(event)


def test_the_record_keeps_the_seed_secret_but_not_its_fingerprint(app: Flask) -> None:
    with transaction():
        event = a.drawn_event(3)
    draw = queries.current_draw(event)
    payload = session.scalar(select(AuditEntry.payload).where(AuditEntry.kind == "draws.draw_made"))
    assert a.SEED not in str(payload)
    assert payload["seed_hash"] == queries.seed_hash(draw)


def test_the_seed_is_for_code_keepers_until_publication(app: Flask) -> None:
    with transaction():
        event = a.drawn_event(3)
    draw = queries.current_draw(event)
    keeper = Actor(None, "钱", (Grant(Role.CODE_KEEPER, ScopeKind.EVENT, event.id),))
    organiser = Actor(None, "孙", (Grant(Role.ORGANISER, ScopeKind.EVENT, event.id),))
    assert queries.visible_draw(keeper, draw.id) is draw
    for person in (organiser, NOBODY):
        with pytest.raises(NotFound):
            queries.visible_draw(person, draw.id)
