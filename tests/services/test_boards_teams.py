"""Teams on boards: nothing but what is released, confirmed or revealed; on both databases."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.audit.models import AuditEntry
from competition.boards import services
from competition.boards.models import Announced, BoardFreeze, CeremonyStep, RevealOrder
from competition.boards.queries import BoardState, LiveTable
from competition.competitions.queries import event_by_id
from competition.database import session
from competition.errors import RuleBroken
from competition.results import queries as results_queries
from competition.results.queries.outcomes import outcome_of_revision
from competition.transactions import transaction
from tests.builders import boards as a
from tests.builders import results
from tests.conftest import NOON

TOTALS = ("80", "90", "70", "95")
RANKED = [(1, "甲队", "170"), (2, "乙队", "165")]


def live(**parts):
    event = a.teams_in_marking(**a.LIVE, **parts)
    services.switch_board(event, on=True, by=a.announcer(event), at=NOON)
    return event


def reveal_teams(event, by, *numbers) -> None:
    for number in numbers:
        services.reveal_next(event, number=number, of=Announced.TEAM, by=by, at=NOON)


def test_a_published_ranking_of_teams_is_on_the_board(app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS)
    assert a.teams_shown(event) == RANKED
    assert str(a.shown(event).team_title) == "Team ranking"
    assert all(line.delegation for line in a.shown(event).teams)


def test_delegations_are_called_by_their_names(app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS, rule={"by": "delegation"})
    (line,) = a.shown(event).teams
    assert line.name == a.shown(event).lines[0].delegation and line.delegation == ""


def test_rules_without_teams_have_none_on_the_board(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80"])
    assert (a.shown(event).teams, a.shown(event).team_title) == ((), None)


def test_a_live_team_has_a_place_once_all_its_members_are_confirmed(app: Flask) -> None:
    with transaction():
        event = live()
        for entry in (1, 2, 3):
            a.confirm(event, entry, TOTALS[entry - 1])
    table = LiveTable(event)
    assert [(line.place, line.name) for line in table.teams()] == [(1, "甲队")]
    with transaction():
        a.confirm(event_by_id(event.id), 4, TOTALS[3])
    table.refresh(event_by_id(event.id))
    assert a.teams_shown(event) == RANKED == [(each.place, each.name, each.total) for each in table.teams()]


def test_live_teams_are_compared_by_the_node_that_the_rules_name(app: Flask) -> None:
    with transaction():
        ranking = [{"by": "node", "node": "piece", "direction": "asc"}]
        event = live(rule={"ranking": ranking})
        for entry, value in enumerate(TOTALS, start=1):
            a.confirm(event, entry, value)
    assert [name for _, name, _ in a.teams_shown(event)] == ["乙队", "甲队"]


@pytest.mark.parametrize(
    "parts",
    [{"draw": {"blind_layers": 1}}, {"rule": {"value": {"points_by_award": {"first": 8}}}}],
    ids=["blind", "points for awards"],
)
def test_live_teams_never_tell_whose_code_it_is_nor_an_award_before_its_time(app: Flask, parts) -> None:
    with transaction():
        event = live(**parts)
        for entry, value in enumerate(TOTALS, start=1):
            a.confirm(event, entry, value)
    assert (a.shown(event).teams, a.shown(event).team_title) == ((), None)


def test_a_freeze_keeps_the_teams_of_its_moment(app: Flask) -> None:
    with transaction():
        event = live()
        for entry in (1, 2):
            a.confirm(event, entry, TOTALS[entry - 1])
        services.freeze_board(event, by=a.announcer(event), at=NOON)
        for entry in (3, 4):
            a.confirm(event, entry, TOTALS[entry - 1])
    assert (a.shown(event).state, a.teams_shown(event)) == (BoardState.FROZEN, [(1, "甲队", "170")])


def test_a_freeze_of_before_there_were_teams_on_boards_can_be_read(app: Flask) -> None:
    with transaction():
        event = live()
        kept = {"at": None, "expected": 4, "lines": []}
        session.add(BoardFreeze(event_id=event.id, at=NOON, by_id=None, by_name="卫主持", snapshot=kept))
    assert (a.shown(event).state, a.shown(event).teams) == (BoardState.FROZEN, ())


def test_teams_are_revealed_in_a_turn_of_their_own(app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS)
        by = a.ceremony(event)
    assert a.teams_shown(event) == []
    with transaction():
        reveal_teams(event, by, 1)
        a.reveal(event, by, 2)
        reveal_teams(event, by, 3)
    shown = a.shown(event)
    assert a.teams_shown(event) == RANKED and [line.place for line in shown.lines] == [4]
    assert shown.newest == shown.teams[0].key and shown.teams_expected == 2
    kinds = session.scalars(select(AuditEntry.kind).where(AuditEntry.kind.like("boards.%_revealed")))
    assert sorted(kinds) == ["boards.line_revealed", "boards.team_revealed", "boards.team_revealed"]


def test_who_is_called_up_when_all_are_told_is_refused(app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS)
        by = a.ceremony(event)
        reveal_teams(event, by, 1, 2)
        with pytest.raises(RuleBroken, match="entrants are still to come"):
            reveal_teams(event, by, 3)
        a.reveal(event, by, 3, 4, 5, 6)
        with pytest.raises(RuleBroken, match="Every line is revealed"):
            a.reveal(event, by, 7)


def test_a_result_that_is_held_back_waits_for_its_last_team(app: Flask) -> None:
    with transaction():
        event = a.teams_scored(TOTALS)
        by = a.ceremony(event)
        results.published(event)
        a.reveal(event, by, 1, 2, 3, 4)
        with pytest.raises(RuleBroken, match="teams are still to come"):
            a.reveal(event, by, 5)
        reveal_teams(event, by, 5)
    assert results_queries.released_revision(event) is None
    with transaction():
        reveal_teams(event, by, 6)
    assert results_queries.released_revision(event) is not None


def test_a_ceremony_of_awards_waits_for_no_team_without_one(app: Flask) -> None:
    with transaction():
        event = a.teams_scored(TOTALS)
        by = a.ceremony(event, RevealOrder.AWARDS)
        results.published(event)
        with pytest.raises(RuleBroken, match="entrants are still to come"):
            reveal_teams(event, by, 1)
        a.reveal(event, by, 1, 2, 3)
    assert results_queries.released_revision(event) is not None


def test_a_team_is_taken_back_with_a_note_and_comes_again(app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS)
        by = a.ceremony(event)
        reveal_teams(event, by, 1)
        services.take_back(event, note="念错了", by=by, at=NOON)
    assert a.teams_shown(event) == []
    with transaction():
        reveal_teams(event, by, 2)
    assert a.teams_shown(event) == RANKED[1:]
    steps = session.scalars(select(CeremonyStep).order_by(CeremonyStep.number))
    assert [(step.entrant_id, step.team, step.note) for step in steps] == [
        (None, "乙队", "念错了"),
        (None, "乙队", ""),
    ]


def test_a_team_that_was_announced_otherwise_is_flagged(app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS)
        by = a.ceremony(event)
        reveal_teams(event, by, 1, 2)
        a.reveal(event, by, 3, 4, 5, 6)
        services.end_ceremony(event, by=by, at=NOON)
        results.correct(event, results.entrant(event, 4), "99")
        results.published(event, reason="抄写错误")
    said = {line.name: str(line.late) for line in a.shown(event).teams}
    assert "place 2 became 1" in said["乙队"] or "total was 165" in said["乙队"]
    assert a.shown(event).is_corrected


def test_whoever_left_a_team_leaves_its_live_value(app: Flask) -> None:
    with transaction():
        event = live()
        for entry, value in enumerate(TOTALS, start=1):
            a.confirm(event, entry, value)
    table = LiveTable(event)
    with transaction():
        results.entrant(event_by_id(event.id), 2).team = ""
    table.refresh(event_by_id(event.id))
    assert [(line.name, line.total) for line in table.teams()] == [("乙队", "165"), ("甲队", "80")]


AWARDS = {"model": "counts", "awards": [{"id": "best", "title": {"zh": "团体一等奖"}, "count": 1}]}


def test_a_team_with_an_award_is_announced_among_the_awards(app: Flask) -> None:
    with transaction():
        event = a.teams_scored(TOTALS, rule={"awards": AWARDS})
        by = a.ceremony(event, RevealOrder.AWARDS)
        results.published(event)
        a.reveal(event, by, 1, 2, 3)
    assert results_queries.released_revision(event) is None
    with transaction():
        reveal_teams(event, by, 4)
    assert results_queries.released_revision(event) is not None
    assert [(line.name, line.award.zh) for line in a.shown(event).teams] == [("甲队", "团体一等奖")]


def test_a_revision_from_before_teams_were_kept_shows_the_same(app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS, rule={"awards": AWARDS})
    revision = results_queries.released_revision(event)
    outcome = outcome_of_revision(revision)
    assert results_queries.teams_of(revision) == results_queries.ranked_teams(
        outcome, results_queries.listed(event)
    )
    assert [each.award for each in results_queries.teams_of(revision)] == ["best", None]
