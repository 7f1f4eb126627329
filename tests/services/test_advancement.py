"""Advancement: the winners of a published result enter the event above; on both databases."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.audit.queries import sentence_of
from competition.competitions.models import Event, Tier
from competition.database import session
from competition.errors import RuleBroken
from competition.registration.models import EntrantState
from competition.registration.queries import display_name, entrants_of
from competition.results import queries, services
from competition.transactions import transaction
from tests.builders import competitions, organisations
from tests.builders import results as a
from tests.conftest import NOON


def ladder(
    totals: list[str], *, quota: int, reserves: int = 0, ties: str = "all", **rules: Any
) -> tuple[Event, Event]:
    """An event after its marking, and the city's event above that takes its best."""
    city = organisations.city(organisations.province(organisations.nation()))
    above = competitions.open_event(
        competitions.competition(city, tier=Tier.CITY, name="全市职工职业技能大赛"),
        rule_set=a.one_mark_rules(),
    )
    plant = organisations.enterprise(city, name="第一机床厂")
    event = a.scored_event(
        totals,
        of=competitions.competition(plant),
        rules=a.one_mark_rules(advancement={"ties": ties}, **rules),
        parent=above,
        parent_quota=quota,
        parent_reserves=reserves,
    )
    return event, above


def names(event: Event, *states: EntrantState) -> list[str]:
    return [display_name(each) for each in entrants_of(event, states or None)]


def facts(event: Event, kind: str) -> list[str]:
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.chain == str(event.id), AuditEntry.kind == kind)
        .order_by(AuditEntry.number)
    )
    return [str(sentence_of(entry)) for entry in entries]


def test_publication_enters_the_winners_and_names_the_reserves(app: Flask) -> None:
    with transaction():
        event, above = ladder(["70", "90", "80", "60"], quota=2, reserves=1)
        a.published(event)
    assert names(above, EntrantState.SUBMITTED) == ["李秀英", "张伟"]
    assert names(above, EntrantState.RESERVE) == ["王建国"]
    first = entrants_of(above)[0]
    assert (first.source, first.source_id) == ("advanced", a.entrant(event, 2).id)
    assert first.delegation.organisation.name == "第一机床厂"
    assert facts(event, "results.winners_advanced") == [
        "entered 2 winners and 1 reserves into 全市职工职业技能大赛 焊接 (quota 2)"
    ]


def test_a_shared_place_at_the_line_goes_on_as_a_whole_where_the_rules_say_so(app: Flask) -> None:
    with transaction():
        event, above = ladder(["90", "80", "80", "70"], quota=2, ties="all")
        a.published(event)
    assert len(entrants_of(above)) == 3
    decided = queries.decision_for(queries.released_revision(event), a.entrant(event, 3).id)
    assert "by rule all sharers go on" in str(decided.sentence)


def test_a_shared_place_at_the_line_stays_behind_where_the_rules_say_so(app: Flask) -> None:
    with transaction():
        event, above = ladder(["90", "80", "80", "70"], quota=2, ties="none")
        a.published(event)
    assert names(above) == ["王建国"]


def test_a_tie_at_the_line_waits_for_a_recorded_order(app: Flask) -> None:
    with transaction():
        event, above = ladder(["90", "80", "80", "70"], quota=2, reserves=1, ties="by_tie_break")
        a.published(event)
    assert names(above) == ["王建国"]
    order = [a.entrant(event, 3).id, a.entrant(event, 2).id]
    with transaction():
        services.settle_tie(event, order=order, reason="加赛", by=system_actor(), at=NOON)
    assert names(above, EntrantState.SUBMITTED) == ["王建国", "张伟"]
    assert names(above, EntrantState.RESERVE) == ["李秀英"]
    decided = queries.decision_for(queries.released_revision(event), order[0])
    assert "goes on by the tie-break" in str(decided.sentence)
    with transaction(), pytest.raises(RuleBroken):
        services.settle_tie(event, order=order, reason="加赛", by=system_actor(), at=NOON)


@pytest.mark.parametrize("which", ["half", "none"])
def test_an_incomplete_order_settles_nothing(app: Flask, which: str) -> None:
    with transaction():
        event, _above = ladder(["90", "80", "80"], quota=2, ties="by_tie_break")
        a.published(event)
    order = [a.entrant(event, 3).id] if which == "half" else []
    with transaction(), pytest.raises(RuleBroken) as refused:
        services.settle_tie(event, order=order, reason="加赛", by=system_actor(), at=NOON)
    assert "an order of their own" in str(refused.value)


def test_an_event_above_that_takes_no_more_entries_does_not_stop_the_publication(app: Flask) -> None:
    with transaction():
        event, above = ladder(["90", "80"], quota=1)
        a.move(above, "close_registration")
        a.published(event)
    assert queries.released_revision(event) is not None
    assert names(above) == []
    [said] = facts(event, "results.advance_not_made")
    assert "could not enter number 1" in said
    assert "takes no entries" in said
    assert list(queries.not_made(event)) == [a.entrant(event, 1).id]


def test_who_was_not_entered_can_be_entered_when_the_way_is_free(app: Flask) -> None:
    with transaction():
        event, above = ladder(["90", "80"], quota=1)
        a.move(above, "close_registration")
        a.published(event)
        a.move(above, "reopen_registration")
        services.advance_winners(event, queries.released_revision(event), by=system_actor(), at=NOON)
    assert names(above) == ["王建国"]
    assert queries.not_made(event) == {}


def test_advancing_twice_enters_nobody_twice(app: Flask) -> None:
    with transaction():
        event, above = ladder(["90", "80"], quota=1, reserves=1)
        a.published(event)
        again = services.advance_winners(event, queries.released_revision(event), by=system_actor(), at=NOON)
    assert again == []
    assert len(entrants_of(above)) == 2
    assert len(facts(event, "results.winners_advanced")) == 1


def test_a_correction_removes_nobody_and_says_what_would_be_different(app: Flask) -> None:
    with transaction():
        event, above = ladder(["90", "80"], quota=1)
        a.published(event)
        a.correct(event, a.entrant(event, 2), "95")
        a.published(event, reason="抄写错误")
    assert names(above) == ["王建国"]
    assert facts(event, "results.advance_differs") == [
        "left the next tier as it was for number 1: had advanced and stays, though it now has place 2",
        "left the next tier as it was for number 2: now has place 1, within the quota, but its places are taken",
    ]


def test_a_quota_that_changed_after_preparing_stops_the_publication(app: Flask) -> None:
    from competition.competitions.services import link_parent

    with transaction():
        event, above = ladder(["90", "80"], quota=1)
        revision = a.prepared(event)
        link_parent(event, parent=above, quota=2, reserves=0, by=system_actor(), at=NOON)
        supervisor = actor_of(a.supervisor(event))
    with transaction(), pytest.raises(RuleBroken) as refused:
        services.approve_publication(revision, by=supervisor, at=NOON)
    assert "its quota" in str(refused.value)


def test_without_an_event_above_nobody_climbs(app: Flask) -> None:
    with transaction():
        event = a.published_event(["90"])
    assert queries.decisions_for(queries.released_revision(event)) is None
    assert queries.advances_of(event.id) == []
