"""Teams: what members bring, who counts, how teams compare, in which order they stand."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.contest import evaluate
from competition.rules.ranking import Direction
from competition.rules.ruleset import problems
from competition.rules.teams import (
    Member,
    TeamBy,
    TeamCombine,
    TeamComparator,
    TeamRule,
    TeamValue,
    Unit,
    team_table,
)
from competition.rules.titles import Title
from tests.rules.contests import aspect, contest, ruleset, value_aspect

TITLE = {"zh": "团体总分", "en": "Team total"}
BY_VALUE = TeamComparator(TeamBy.VALUE, Direction.DESC)
SUM = TeamValue(TeamCombine.SUM)


def rule(value=SUM, *ranking, minimum=1):
    by = ranking or (TeamComparator(TeamBy.VALUE, value.direction),)
    return TeamRule(Title("团体", "Teams"), Unit.TEAM, value, minimum, by)


def member(entrant, team, value=None, place=None, **more):
    values = {name: Fraction(each) for name, each in more.pop("values", {}).items()}
    exact = None if value is None else Fraction(value)
    return Member(entrant, team, exact, place, values=values, **more)


def table(members, team_rule):
    return [(line.team, line.value, line.place) for line in team_table(members, team_rule)]


THREE = [
    member("a1", "A", 90, 1),
    member("a2", "A", 70, 5),
    member("b1", "B", 85, 2),
    member("b2", "B", 80, 3),
    member("b3", "B", 40, 6),
    member("c1", "C", 75, 4),
]


def test_the_sum_of_the_members():
    assert table(THREE, rule()) == [("B", 205, 1), ("A", 160, 2), ("C", 75, 3)]


def test_the_best_two_of_each_and_who_counts():
    best_two = rule(TeamValue(TeamCombine.SUM, count=2))
    lines = team_table(THREE, best_two)
    assert [(line.team, line.value, line.counted) for line in lines] == [
        ("B", 165, ("b1", "b2")),
        ("A", 160, ("a1", "a2")),
        ("C", 75, ("c1",)),
    ]
    assert [str(said) for said in lines[0].working] == [
        "2 of 3 members count, the best first: b1, b2.",
        "Sum of the members: 85 (b1) + 80 (b2) = 165.",
    ]


def test_the_mean_of_the_members_that_count():
    assert table(THREE, rule(TeamValue(TeamCombine.MEAN)))[0] == ("A", 80, 1)


def test_fewer_members_than_the_rules_ask_for_have_no_place():
    lines = team_table(THREE, rule(minimum=2))
    assert [(line.team, line.place) for line in lines] == [("B", 1), ("A", 2), ("C", None)]
    assert "1 of at least 2 members" in str(lines[2].working[-1])


def test_points_of_places_are_given_in_full_to_all_who_share_the_place():
    points = TeamValue(TeamCombine.POINTS_BY_PLACE, by_place=tuple(map(Fraction, (8, 4, 2, 1))))
    members = [member("a", "A", place=1), member("b", "B", place=1), member("c", "B", place=3)]
    assert table([*members, member("d", "D", place=5)], rule(points)) == [
        ("B", 10, 1),
        ("A", 8, 2),
        ("D", 0, 3),
    ]


def prize_points(**more):
    points = {name: Fraction(value) for name, value in {"first": 8, "second": 4, "third": 2}.items()}
    return TeamValue(TeamCombine.POINTS_BY_AWARD, by_award=points, passed=Fraction(1), **more)


def test_points_of_awards_and_one_for_who_passed_everything():
    members = [
        member("a1", "A", place=1, award="first"),
        member("a2", "A", place=9, has_passed=False),
        member("b1", "B", place=2, award="second"),
        member("b2", "B", place=3, award="second"),
        member("b3", "B", place=8),
        member("c1", "C", place=7, has_passed=False),
    ]
    unranked = prize_points(zero_is_ranked=False)
    assert table(members, rule(unranked)) == [("B", 9, 1), ("A", 8, 2), ("C", 0, None)]
    assert table(members, rule(prize_points()))[2] == ("C", 0, 3)


def test_the_lower_sum_of_places_is_ahead():
    assert table(THREE, rule(TeamValue(TeamCombine.RANKS, Direction.ASC, 2))) == [
        ("C", 4, 1),
        ("B", 5, 2),
        ("A", 6, 3),
    ]


def test_equal_teams_share_a_place_and_the_next_is_left_out():
    members = [member(name, name, value) for name, value in {"A": 9, "B": 9, "C": 8}.items()]
    lines = team_table(members, rule())
    assert [(line.team, line.place, line.shared) for line in lines] == [
        ("A", 1, True),
        ("B", 1, True),
        ("C", 3, False),
    ]


def test_teams_of_equal_value_compare_practice_and_then_time():
    members = [
        member("a", "A", 80, values={"practice": 60, "time": 100}),
        member("b", "B", 80, values={"practice": 60, "time": 90}),
        member("c", "C", 80, values={"practice": 61, "time": 999}),
    ]
    by = (
        BY_VALUE,
        TeamComparator(TeamBy.NODE, Direction.DESC, "practice"),
        TeamComparator(TeamBy.NODE, Direction.ASC, "time"),
    )
    lines = team_table(members, rule(SUM, *by))
    assert [(line.team, line.place) for line in lines] == [("C", 1), ("B", 2), ("A", 3)]
    assert str(lines[2].working[-1]) == "A is behind B by time added up: 100 against 90."


def test_the_best_member_and_then_the_second_best_decide():
    members = [
        member("a1", "A", 1, 1),
        member("a2", "A", 1, 5),
        member("b1", "B", 1, 1),
        member("b2", "B", 1, 4),
        member("c1", "C", 2, 1),
    ]
    by = (BY_VALUE, TeamComparator(TeamBy.BEST_MEMBER, Direction.ASC))
    assert [team for team, _, _ in table(members, rule(SUM, *by))] == ["B", "A", "C"]


def test_most_first_places_and_then_second_places_decide():
    members = [
        member("a1", "A", 1, 1),
        member("a2", "A", 1, 3),
        member("b1", "B", 1, 1),
        member("b2", "B", 1, 2),
        member("c1", "C", 1, 2),
        member("c2", "C", 1, 2),
    ]
    by = (BY_VALUE, TeamComparator(TeamBy.PLACES, Direction.DESC))
    assert [team for team, _, _ in table(members, rule(SUM, *by))] == ["B", "A", "C"]


def test_of_equal_members_the_first_in_order_counts():
    pair = [
        member("z", "A", 80, order=1, values={"practice": 50}),
        member("a", "A", 80, order=2, values={"practice": 70}),
    ]
    assert team_table(pair, rule(TeamValue(TeamCombine.BEST, count=1)))[0].counted == ("z",)


def test_a_team_whose_member_still_misses_marks_waits():
    lines = team_table([*THREE, member("a3", "A", is_open=True)], rule())
    assert [(line.team, line.value, line.place) for line in lines][-1] == ("A", None, None)
    assert "marks of a3 are missing" in str(lines[-1].working[-1])


def test_the_total_of_a_delegation_over_several_events():
    welding = [member("w1", "Hunan", 90, 1), member("w2", "Anhui", 80, 2)]
    plumbing = [member("p1", "Anhui", 70, 1), member("p2", "Hunan", 60, 2)]
    points = TeamValue(TeamCombine.POINTS_BY_PLACE, by_place=(Fraction(8), Fraction(4)))
    by = (BY_VALUE, TeamComparator(TeamBy.PLACES, Direction.DESC))
    lines = team_table([*welding, *plumbing], rule(points, *by))
    assert [(line.team, line.value, line.place, line.shared) for line in lines] == [
        ("Anhui", 12, 1, True),
        ("Hunan", 12, 1, True),
    ]


# In a contest.

TWO_MODULES = [value_aspect("theory"), value_aspect("practice"), aspect("time", "time")]


def team_contest(teams, entrants):
    rules = ruleset(*TWO_MODULES, teams=teams)
    marks = [
        (name, node, None, value)
        for name, (_, values) in entrants.items()
        for node, value in zip(("theory", "practice"), values, strict=False)
    ]
    listed = [{"id": name, "team": team, "delegation": "D"} for name, (team, _) in entrants.items()]
    return contest(rules, marks, listed)


def test_a_contest_ranks_its_teams_by_three_members_then_practice():
    teams = {
        "title": TITLE,
        "by": "team",
        "value": {"combine": "sum", "count": 2},
        "minimum": 2,
        "ranking": [{"by": "value"}, {"by": "node", "node": "practice"}],
    }
    entrants = {
        "a": ("T1", (50, 50)),
        "b": ("T1", (60, 40)),
        "c": ("T2", (40, 60)),
        "d": ("T2", (40, 60)),
        "e": ("T3", (99, 99)),
        "f": ("", (99, 99)),
    }
    outcome = evaluate(team_contest(teams, entrants))
    assert [(line.team, line.value, line.place) for line in outcome.teams] == [
        ("T2", 200, 1),
        ("T1", 200, 2),
        ("T3", 198, None),
    ]
    plain = outcome.as_json()["teams"]
    assert (plain[0]["value"], plain[0]["counted"]) == ("200", ["c", "d"])
    assert plain[1]["why"][-1] == "T1 is behind T2 by practice added up: 90 against 120."


def test_members_who_are_not_ranked_bring_nothing_to_their_delegation():
    document = team_contest(
        {"by": "delegation", "value": {"combine": "sum"}}, {"a": ("", (50, 50)), "b": ("", (60, 40))}
    )
    document["entrants"][1]["status"] = "disqualified"
    assert [(line.team, line.value) for line in evaluate(document).teams] == [("D", 100)]


def test_a_contest_without_team_rules_says_nothing_of_teams():
    assert "teams" not in evaluate(contest(ruleset(value_aspect("v")), [("a", "v", None, 1)])).as_json()


# What must hold for every table.

members = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=12
).map(
    lambda found: [
        member(f"e{number}", team, value, place) for number, (team, value, place) in enumerate(found)
    ]
)
values = st.sampled_from(
    [
        SUM,
        TeamValue(TeamCombine.SUM, count=2),
        TeamValue(TeamCombine.MEAN),
        TeamValue(TeamCombine.RANKS, Direction.ASC),
        TeamValue(TeamCombine.POINTS_BY_PLACE, by_place=(Fraction(2), Fraction(1))),
    ]
)
more = st.lists(
    st.sampled_from(
        [
            TeamComparator(TeamBy.BEST_MEMBER, Direction.ASC),
            TeamComparator(TeamBy.PLACES, Direction.DESC),
        ]
    ),
    max_size=2,
    unique=True,
)


@given(members, values, more, st.randoms(use_true_random=False))
def test_the_order_of_members_decides_nothing(found, value, comparators, random):
    team_rule = rule(value, TeamComparator(TeamBy.VALUE, value.direction), *comparators)
    shuffled = random.sample(found, len(found))
    assert team_table(shuffled, team_rule) == team_table(found, team_rule)


@given(members, values, more)
def test_places_of_teams_are_conserved(found, value, comparators):
    team_rule = rule(value, TeamComparator(TeamBy.VALUE, value.direction), *comparators)
    places = [line.place for line in team_table(found, team_rule)]
    assert places == sorted(places)
    assert all(place == 1 + sum(other < place for other in places) for place in places)


@given(members, st.data())
def test_a_better_result_of_a_member_never_lowers_the_team(found, data):
    index = data.draw(st.integers(0, len(found) - 1))
    better = [*found]
    better[index] = replace(found[index], value=found[index].value + 1)
    team = found[index].team
    before, after = ({line.team: line.place for line in team_table(each, rule())} for each in (found, better))
    assert after[team] <= before[team]


@pytest.mark.parametrize("value", [{}, {"combine": "sum", "ranks": "sum"}, {"combine": "median"}])
def test_the_value_of_a_team_is_exactly_one_of_those_known(value):
    found = problems(ruleset(value_aspect("v"), teams={"by": "team", "value": value}))
    assert found and all(problem.path.startswith("/teams/value") for problem in found)
