"""Advancement from the database by every option of the rule set; on both databases."""

from typing import Any

import pytest
from flask import Flask

from competition.accounts.services import system_actor
from competition.competitions.models import Event, Tier
from competition.errors import RuleBroken
from competition.registration.models import Entrant, EntrantState
from competition.registration.queries import display_name, entrants_of, next_reserve, quota_cautions
from competition.registration.services import move_up_reserve, withdraw_entrant
from competition.results import queries
from competition.rules.identity import Sex
from competition.scoring.queries import contest_document
from competition.transactions import transaction
from tests.builders import competitions, organisations
from tests.builders import results as a
from tests.conftest import NOON

WOMEN = {"id": "women", "quota": 1, "categories": ["woman"]}


def climbing(
    totals: list[str], *, quota: int, reserves: int = 0, women: tuple[int, ...] = (), **advancement: Any
) -> tuple[Event, Event]:
    """An event after its marking, of which these numbers are women, and the event above that takes its best."""
    city = organisations.city(organisations.province(organisations.nation()))
    above = competitions.open_event(
        competitions.competition(city, tier=Tier.CITY, name="全市职工职业技能大赛"),
        rule_set=a.one_mark_rules(),
    )
    plant = organisations.enterprise(city, name="第一机床厂")
    event = a.scored_event(
        totals,
        of=competitions.competition(plant),
        rules=a.one_mark_rules(advancement=advancement),
        parent=above,
        parent_quota=quota,
        parent_reserves=reserves,
    )
    for number in range(1, len(totals) + 1):
        worker = a.entrant(event, number).members[0].worker
        worker.sex = Sex.FEMALE if number in women else Sex.MALE
    return event, above


def went_on(event: Event, above: Event) -> list[str]:
    return sorted(display_name(each) for each in entrants_of(above))


def names(event: Event, *numbers: int) -> list[str]:
    return sorted(display_name(a.entrant(event, number)) for number in numbers)


def test_places_of_a_category_are_filled_behind_the_general_quota(app: Flask) -> None:
    with transaction():
        event, above = climbing(["90", "80", "70"], quota=1, women=(3,), categories=[WOMEN])
        a.published(event)
    assert went_on(event, above) == names(event, 1, 3)
    decided = queries.decision_for(queries.released_revision(event), a.entrant(event, 3).id)
    assert "of the category “women”" in str(decided.sentence)


def test_a_delegation_sends_no_more_than_its_cap(app: Flask) -> None:
    with transaction():
        event, above = climbing(["90", "80", "70"], quota=3, delegation_cap=2)
        a.published(event)
    assert went_on(event, above) == names(event, 1, 2)


def test_the_quota_table_names_a_delegation_as_people_write_it(app: Flask) -> None:
    with transaction():
        event, above = climbing(["90", "80"], quota=2, quotas=[{"delegation": "装配车间", "quota": 1}])
        a.published(event)
    assert {line.delegation_name for line in queries.lines_of(queries.released_revision(event))} == {
        "装配车间"
    }
    assert went_on(event, above) == names(event, 1)


def test_a_threshold_sends_those_who_reach_it_and_no_more_than_the_link_takes(app: Flask) -> None:
    threshold = {"model": "threshold", "node": "piece", "at_least": 75}
    with transaction():
        event, above = climbing(["90", "80", "70"], quota=9, **threshold)
        a.published(event)
    assert went_on(event, above) == names(event, 1, 2)


def test_a_fraction_is_taken_of_the_ranked(app: Flask) -> None:
    half = {"model": "fraction", "fraction": "1/2", "rounding": "down"}
    with transaction():
        event, above = climbing(["90", "80", "70"], quota=9, **half)
        a.published(event)
    assert went_on(event, above) == names(event, 1)


def test_who_holds_a_place_of_a_category_keeps_it_after_a_correction(app: Flask) -> None:
    with transaction():
        event, above = climbing(["90", "80", "70"], quota=1, women=(2, 3), categories=[WOMEN])
        a.published(event)
        a.correct(event, a.entrant(event, 3), "85")
        a.published(event, reason="抄写错误")
    assert went_on(event, above) == names(event, 1, 2)


@pytest.mark.parametrize(("categories", "said"), [([], [[], []]), ([WOMEN], [[], ["woman"]])])
def test_the_contest_document_says_of_people_only_what_the_rule_set_asks(
    app: Flask, categories: list[Any], said: list[Any]
) -> None:
    with transaction():
        event, _above = climbing(["90", "80"], quota=1, women=(2,), categories=categories)
    assert sorted(each.get("categories", []) for each in contest_document(event)["entrants"]) == said


def above_of(event: Event, above: Event, number: int) -> Entrant:
    return next(each for each in entrants_of(above) if each.source_id == a.entrant(event, number).id)


@pytest.mark.parametrize(("leaves", "follows", "waits"), [(3, 4, 2), (1, 2, 4)])
def test_who_leaves_is_followed_by_the_next_whom_the_rules_let_through(
    app: Flask, leaves: int, follows: int, waits: int
) -> None:
    with transaction():
        event, above = climbing(
            ["90", "80", "70", "60"], quota=1, reserves=2, women=(3, 4), categories=[WOMEN]
        )
        a.published(event)
        left, waiting = above_of(event, above, leaves), above_of(event, above, waits)
        withdraw_entrant(left, reason="生病", by=system_actor(), at=NOON)
    assert next_reserve(left) == above_of(event, above, follows)
    with transaction(), pytest.raises(RuleBroken, match="goes to another reserve"):
        move_up_reserve(waiting, by=system_actor(), at=NOON)
    with transaction():
        move_up_reserve(above_of(event, above, follows), by=system_actor(), at=NOON)
    assert above_of(event, above, follows).state == EntrantState.SUBMITTED


def test_who_is_over_the_cap_of_the_delegation_is_no_reserve(app: Flask) -> None:
    with transaction():
        event, above = climbing(["90", "80", "70"], quota=1, reserves=2, delegation_cap=1)
        a.published(event)
    assert [each.state for each in entrants_of(above)].count(EntrantState.RESERVE) == 0
    assert len(entrants_of(above)) == 1


def test_a_quota_that_matches_nobody_is_said_with_the_names_that_would(app: Flask) -> None:
    rows = [{"delegation": "装配", "quota": 1}, {"delegation": "工具车间", "quota": 1}]
    with transaction():
        event, _above = climbing(["90", "80"], quota=2, quotas=rows)
        organisations.workshop(event.competition.host, name="工具车间")
    (caution,) = quota_cautions(event)
    assert "limit nobody: 装配. Names that would match: 装配车间" in str(caution.sentence)
    assert "frozen" in str(caution.next_step)


def test_quotas_that_match_and_quotas_for_all_delegations_are_not_worth_a_word(app: Flask) -> None:
    rows = [{"delegation": "装配车间", "quota": 1}, {"category": "woman", "quota": 1}]
    with transaction():
        event, _above = climbing(["90", "80"], quota=2, quotas=rows)
    assert quota_cautions(event) == ()
