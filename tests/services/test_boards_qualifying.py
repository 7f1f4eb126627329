"""The qualification line of a live board: decided by the rules of the event, certain only where nothing can undo it."""

from typing import Any

from flask import Flask

from competition.boards import queries, services
from competition.boards.queries import LiveTable
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.rules.lifecycle import EventState
from competition.transactions import transaction
from competition.workers.models import Sex
from tests.builders import boards as a
from tests.builders import competitions, organisations, results
from tests.conftest import NOON

WOMEN = {"id": "women", "quota": 1, "categories": ["woman"]}


def climbing(
    number: int, *, quota: int, advancement: Any = None, draw: dict[str, Any] | None = None
) -> Event:
    """A live event that sends its best to an event above."""
    city = organisations.city(organisations.province(organisations.nation()))
    plant = organisations.enterprise(city, name="第一机床厂")
    parts = {"advancement": advancement or {}, **({"draw": draw} if draw else {})}
    above = competitions.open_event(competitions.competition(city), rule_set=results.one_mark_rules())
    rules = results.one_mark_rules(**a.LIVE, **parts)
    of = competitions.competition(plant)
    event = results.marking_event(number, rules=rules, of=of, parent=above, parent_quota=quota)
    services.switch_board(event, on=True, by=a.announcer(event), at=NOON)
    return event


def marks(event: Event, live: LiveTable | None = None) -> list[str | None]:
    """What the lines say about going on, best first."""
    return [line.qualifying and line.qualifying.value for line in a.shown(event, live).lines]


def test_only_who_cannot_be_overtaken_has_clinched(app: Flask) -> None:
    with transaction():
        event = climbing(5, quota=2)
        a.confirm(event, 1, "90")
        a.confirm(event, 2, "80")
        a.confirm(event, 3, "70")
    assert marks(event) == ["provisional", "provisional", "out"]
    with transaction():
        a.confirm(event_by_id(event.id), 4, "75")
    assert marks(event) == ["clinched", "provisional", "out", "out"]


def test_whoever_nobody_can_reach_has_clinched_while_marks_are_missing(app: Flask) -> None:
    with transaction():
        event = climbing(3, quota=2)
        a.confirm(event, 1, "90")
        a.confirm(event, 2, "80")
    live = LiveTable(event)
    assert marks(event, live) == ["clinched", "provisional"]
    with transaction():
        a.confirm(event_by_id(event.id), 3, "95")
    assert marks(event, live) == ["clinched", "clinched", "out"] == marks(event)


def test_places_of_a_category_are_marked_as_the_rules_give_them(app: Flask) -> None:
    with transaction():
        event = climbing(3, quota=1, advancement={"categories": [WOMEN]})
        for number, value in enumerate(("90", "80", "70"), 1):
            worker = results.entrant(event, number).members[0].worker
            worker.sex = Sex.FEMALE if number == 3 else Sex.MALE
            a.confirm(event, number, value)
    assert marks(event) == ["provisional", None, "provisional"]
    assert queries.line_after(a.shown(event).lines) is None


def test_a_fraction_and_a_share_decide_by_whoever_is_ranked(app: Flask) -> None:
    with transaction():
        event = climbing(4, quota=4, advancement={"model": "fraction", "fraction": "1/2", "rounding": "down"})
        for number in range(1, 5):
            a.confirm(event, number, str(100 - number))
    assert marks(event) == ["provisional", "provisional", None, None]


def test_who_misses_a_threshold_does_not_go_on(app: Flask) -> None:
    with transaction():
        threshold = {"model": "threshold", "node": "total", "at_least": "85"}
        event = climbing(2, quota=2, advancement=threshold)
        a.confirm(event, 1, "90")
        a.confirm(event, 2, "80")
    assert marks(event) == ["provisional", None]


def test_whoever_takes_part_out_of_contest_is_passed_over(app: Flask) -> None:
    with transaction():
        event = climbing(2, quota=1)
        results.entrant(event, 1).award_eligible = False
        a.confirm(event, 1, "90")
        a.confirm(event, 2, "80")
    assert [line.advances for line in a.shown(event).lines] == [False, True]


def test_a_blind_board_draws_no_line_that_would_tell_whose_code_it_is(app: Flask) -> None:
    with transaction():
        event = climbing(2, quota=1, advancement={"delegation_cap": 1}, draw={"blind_layers": 1})
        a.confirm(event, 1, "90")
    assert event.state is EventState.SCORING and marks(event) == [None]


def test_a_freeze_keeps_what_was_said_about_going_on(app: Flask) -> None:
    with transaction():
        event = climbing(1, quota=1)
        a.confirm(event, 1, "90")
    (line,) = a.shown(event).lines
    assert line == queries.line_from_json(line.as_json()) and line.qualifying is not None
