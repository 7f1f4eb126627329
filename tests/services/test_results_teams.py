"""Teams by name, from the entries to the published ranking of teams; on both databases."""

import json
from pathlib import Path

import pytest

from competition.accounts.services import system_actor
from competition.competitions import queries as competitions
from competition.errors import RuleBroken
from competition.registration.services import name_coach, name_team
from competition.results import queries
from competition.results.bundles import bundle_of
from competition.results.documents import award_list
from competition.results.presenters.honours import ceremony_of
from competition.rules import contest
from competition.scoring import queries as scoring
from competition.scoring.queries.contests import coach_key
from competition.transactions import transaction
from competition.typesetting.printed import Table
from competition.verification import verify_awards, verify_results
from tests.builders import results as a
from tests.conftest import NOON

BY = {"by": system_actor(), "at": NOON}
STARTERS = Path(competitions.__file__).parent / "rule_sets"


def starter(name, **changed):
    """A starter as the organiser takes it over, without the re-check that is told elsewhere."""
    rules = json.loads((STARTERS / f"{name}.json").read_text(encoding="utf-8"))
    rules.pop("recheck", None)
    return {**rules, **changed}


def published(rules, members, values):
    """A published event; `members` are (team, order) by entry number."""
    event = a.marking_event(len(members), rules=rules)
    for number, (team, order) in enumerate(members, start=1):
        name_team(a.entrant(event, number), team=team, order=order, **BY)
    a.mark(event, values)
    a.close(event)
    a.published(event)
    return event


def teams_of(event):
    """The ranking of teams as the page shows it, after the verifier agreed with it."""
    revision = queries.released_revision(event)
    bundle = bundle_of(revision)
    assert [*verify_results.check(bundle), *verify_awards.check(bundle)] == []
    return [(row.place, row.name, row.value) for row in ceremony_of(revision).teams]


def test_three_members_make_a_team_and_the_published_ranking_names_it(app):
    points = {"paper": 80, "norms": 70, "piece": 60, "time": 3000}

    def values(entry, aspect, _seat):
        return str(points.get(aspect, 0) + (entry if aspect == "paper" else 0))

    with transaction():
        members = [(team, order) for team in ("甲队", "乙队") for order in (1, 2, 3)]
        event = published(starter("team_of_three"), members, values)
        found = teams_of(event)
    assert [(place, name) for place, name, _ in found] == [(1, "乙队"), (2, "甲队")]


def test_the_mean_of_a_quiz_team_counts_and_then_the_time(app):
    answers = {1: ("90", "100"), 2: ("70", "90"), 3: ("80", "50")}

    def values(entry, aspect, _seat):
        return answers[entry][0 if aspect == "answers" else 1]

    with transaction():
        members = [("红队", None), ("红队", None), ("蓝队", None)]
        event = published(starter("quiz_teams"), members, values)
        found = teams_of(event)
    assert found == [(1, "蓝队", "80"), (2, "红队", "80")]


@pytest.fixture
def event(app):
    with transaction():
        yield a.marking_event(3, rules=starter("quiz_teams"))


def test_the_document_has_teams_only_where_the_rules_rank_them(app):
    with transaction():
        for rules, expected in ((starter("quiz_teams"), [("红队", 2)]), (a.one_mark_rules(), [(None, None)])):
            event = a.marking_event(1, rules=rules)
            name_team(a.entrant(event, 1), team=" 红队 ", order=2, **BY)
            document = scoring.contest_document(event)
            assert contest.problems(document) == ()
            assert [(each.get("team"), each.get("order")) for each in document["entrants"]] == expected


def test_no_two_members_have_the_same_place_in_a_team(event):
    name_team(a.entrant(event, 1), team="红队", order=1, **BY)
    with pytest.raises(RuleBroken, match="is number 1 of the team"):
        name_team(a.entrant(event, 2), team="红队", order=1, **BY)
    name_team(a.entrant(event, 2), team="蓝队", order=1, **BY)


def test_a_place_needs_a_team(event):
    with pytest.raises(RuleBroken, match="Name the team"):
        name_team(a.entrant(event, 1), team="", order=1, **BY)


def test_a_coach_is_called_the_same_in_one_event_and_by_nothing_that_tells_the_name(app):
    prize = {"id": "coach", "title": {"zh": "优秀教练"}, "to": "coach", "awards": ["first"]}
    with transaction():
        one, other = (a.marking_event(2, rules=a.one_mark_rules(prizes=[prize])) for _ in range(2))
        for number in (1, 2):
            name_coach(a.entrant(one, number), coach="王师傅", **BY)
        keys = {each["coach"] for each in scoring.contest_document(one)["entrants"]}
    assert keys == {coach_key(one, "王师傅")}
    assert coach_key(other, "王师傅") not in keys


def test_the_ceremony_calls_a_coach_and_the_winners_by_name(app):
    prize = {"id": "coach", "title": {"zh": "优秀教练", "en": "Coach"}, "to": "coach", "awards": ["first"]}
    with transaction():
        event = a.marking_event(2, rules=a.one_mark_rules(prizes=[prize]))
        name_coach(a.entrant(event, 1), coach="王师傅", **BY)
        a.mark(event, lambda entry, _aspect, _seat: "90" if entry == 1 else "50")
        a.close(event)
        a.published(event)
        revision = queries.released_revision(event)
        winner = queries.lines_of(revision)[0].display_name
        found = ceremony_of(revision).prizes
    assert [(row.winner, row.reason) for row in found] == [("王师傅", winner)]


def test_what_teams_receive_is_on_the_pages_the_lists_and_in_the_bundle(app):
    awards = {"model": "counts", "awards": [{"id": "best", "title": {"zh": "团体一等奖"}, "count": 1}]}
    honours = [{"id": "fast", "title": {"zh": "团体优胜"}, "at_least": 80}]
    rules = starter("quiz_teams")
    rules["teams"] |= {"awards": awards, "honours": honours}
    with transaction():
        members = [("红队", None), ("红队", None), ("蓝队", None)]
        event = published(rules, members, lambda entry, aspect, _seat: "90" if entry < 3 else "50")
        assert teams_of(event)[0][:2] == (1, "红队")
        revision = queries.released_revision(event)
        ceremony, bundle = ceremony_of(revision), bundle_of(revision)
    assert [(each.title, [row.name for row in each.rows]) for each in ceremony.team_awards] == [
        ("团体一等奖", ["红队"]),
        ("团体优胜", ["红队"]),
    ]
    assert [row.award for row in ceremony.teams] == ["团体一等奖", ""]
    assert [line["award"] for line in bundle["outcome"]["teams"]] == ["best", None]
    assert bundle["outcome"]["team_honours"] == [{"honour": "fast", "team": "红队", "place": 1}]
    printed = award_list(revision, address="https://example.org")
    assert [block.title for block in printed.blocks if isinstance(block, Table)][-3:-1] == [
        "团体一等奖",
        "团体优胜",
    ]
