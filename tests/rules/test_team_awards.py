"""What teams receive as teams: awards by their places, honours with conditions, and what the checker refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.contest import evaluate
from competition.rules.ruleset import problems
from tests.rules.contests import contest, ruleset, value_aspect

TITLE = {"zh": "奖", "en": "Prize"}


def award(name, **amount):
    return {"id": name, "title": {"zh": name, "en": name}, **amount}


FIRST_AND_SECOND = {"model": "counts", "awards": [award("first", count=1), award("second", count=1)]}


def evaluated(values, awards=None, honours=None, *, absent=(), pass_mark=None, **teams):
    """Teams of the entrants' names: “A1” and “A2” are two of A; the value of each team is their sum."""
    parts = {key: part for key, part in (("awards", awards), ("honours", honours)) if part is not None}
    rules = ruleset(
        value_aspect("a", **({} if pass_mark is None else {"pass_mark": pass_mark})),
        teams={"by": "team", "value": {"combine": "sum"}, **parts, **teams},
    )
    entrants = [
        {"id": name, "team": name[0], **({"status": "absent"} if name in absent else {})} for name in values
    ]
    marks = [(name, "a", None, value) for name, value in values.items() if name not in absent]
    return evaluate(contest(rules, marks, entrants))


def won(outcome):
    return {line.team: line.award for line in outcome.teams if line.award}


THREE = {"A1": 90, "A2": 80, "B1": 85, "B2": 80, "C1": 70, "C2": 60}


def test_the_first_teams_receive_the_awards_of_teams_and_it_is_explained():
    outcome = evaluated(THREE, FIRST_AND_SECOND)
    assert won(outcome) == {"A": "first", "B": "second"}
    said = [str(line.working[-1]) for line in outcome.teams]
    assert said == [
        "“first” goes down to place 1 of 3 teams.",
        "“second” goes down to place 2 of 3 teams.",
        "Place 3 is below every award for teams.",
    ]
    assert [line["award"] for line in outcome.as_json()["teams"]] == ["first", "second", None]


def test_an_award_of_a_team_is_none_of_its_members():
    outcome = evaluated(THREE, FIRST_AND_SECOND)
    assert {line.award for line in outcome.lines} == {None}


@pytest.mark.parametrize(("ties", "expected"), [("all", {"A": "first", "B": "first"}), ("none", {})])
def test_teams_that_share_the_place_at_the_line(ties, expected):
    tied = {"A1": 90, "B1": 90, "C1": 70}
    rule = {"model": "counts", "ties": ties, "awards": [award("first", count=1)]}
    assert won(evaluated(tied, rule)) == expected


@pytest.mark.parametrize(("denominator", "number"), [("registered", 4), ("present", 3), ("completed", 2)])
def test_a_share_is_taken_of_teams(denominator, number):
    values = {"A1": 90, "A2": 80, "B1": 80, "C1": 70, "C2": 60, "D1": 50}
    rule = {
        "model": "top_fraction",
        "denominator": denominator,
        "rounding": "half_up",
        "awards": [award("first", fraction="1/2")],
    }
    outcome = evaluated(values, rule, absent=("D1",), minimum=2)
    assert str(outcome.teams[0].working[-1]).endswith(f"of {number} teams.")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"places": 2}, ["A", "B"]),
        ({"awards": ["second"]}, ["B"]),
        ({"at_least": 165}, ["A", "B"]),
        ({"at_least": "165.5"}, ["A"]),
        ({"passed": True}, ["A", "B"]),
        ({"passed": True, "awards": ["second"]}, ["B"]),
    ],
)
def test_honours_of_teams_ask_for_everything_that_is_stated(condition, expected):
    honour = {"id": "honour", "title": TITLE, **condition}
    outcome = evaluated(THREE, FIRST_AND_SECOND, [honour], pass_mark=75)
    assert [each.team for each in outcome.team_honours] == expected
    assert [each["team"] for each in outcome.as_json()["team_honours"]] == expected


def test_who_did_not_come_keeps_no_team_from_having_passed_who_withdrew_after_marks_neither():
    honour = {"id": "passed", "title": TITLE, "passed": True}
    outcome = evaluated(THREE, None, [honour], pass_mark=75, absent=("C2", "B1"))
    assert [each.team for each in outcome.team_honours] == ["A", "B"]


def found(**teams):
    rules = ruleset(value_aspect("a"), teams={"by": "team", "value": {"combine": "sum"}, **teams})
    return [(problem.path, str(problem.sentence)) for problem in problems(rules)]


@pytest.mark.parametrize(
    ("teams", "path", "said"),
    [
        (
            {"awards": {"model": "medals", "node": "a", "awards": []}},
            "/teams/awards/model",
            "teams receive none",
        ),
        (
            {"awards": {**FIRST_AND_SECOND, "ineligible": "move_up"}},
            "/teams/awards/ineligible",
            "is not known here",
        ),
        (
            {"awards": {"model": "counts", "awards": [award("x", count=1, requires=[])]}},
            "/teams/awards/awards/0/requires",
            "is not known here",
        ),
        (
            {"awards": {"model": "counts", "awards": [award("x", count=1)] * 2}},
            "/teams/awards/awards",
            "used twice",
        ),
        ({"honours": [award("x")]}, "/teams/honours/0", "must say who receives it"),
        ({"honours": [award("x", awards=["gold"])]}, "/teams/honours/0/awards", "no award “gold”"),
        ({"honours": [award("x", passed=True)]}, "/teams/honours/0/passed", "has a pass mark"),
        ({"honours": [award("x", places=0)]}, "/teams/honours/0/places", "whole number"),
        (
            {"value": {"ranks": "sum"}, "honours": [award("x", at_least=3)]},
            "/teams/honours/0/at_least",
            "lower value comes first",
        ),
        (
            {"awards": FIRST_AND_SECOND, "honours": [award("first", places=1)]},
            "/teams/honours/0/id",
            "used twice",
        ),
    ],
)
def test_the_checker_names_the_place(teams, path, said):
    assert any(at == path and said in reason for at, reason in found(**teams)), found(**teams)


def test_sound_awards_and_honours_have_no_problem():
    assert found(awards=FIRST_AND_SECOND, honours=[award("all", places=3, awards=["first"])]) == []


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(1, 4))
def test_as_many_teams_are_awarded_as_stated_but_for_shared_places(totals, count):
    values = {f"{chr(65 + index)}1": total for index, total in enumerate(totals)}
    outcome = evaluated(values, {"model": "counts", "awards": [award("first", count=count)]})
    winners = [line.place for line in outcome.teams if line.award]
    assert winners == sorted(line.place for line in outcome.teams if line.place <= count)
