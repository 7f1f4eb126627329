"""What people decided about an award counts in its place, and changes no place and nobody else's award."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.contest import evaluate, explain_award, problems
from tests.rules.contests import contest, ruleset, value_aspect

TITLE = {"zh": "奖", "en": "Prize"}
AWARDS = {
    "model": "counts",
    "awards": [{"id": "gold", "title": TITLE, "count": 1}, {"id": "silver", "title": TITLE, "count": 1}],
}
MARKS = [("a", "x", None, 90), ("b", "x", None, 80), ("c", "x", None, 70)]


def decided(*decisions, entrants=("a", "b", "c"), **rules):
    found = [{"entrant": name, "award": award, "reason": "minutes"} for name, award in decisions]
    parts = {"award_decisions": found} if found else {}
    return contest(ruleset(value_aspect("x"), awards=AWARDS, **rules), MARKS, list(entrants), **parts)


def awards_of(document):
    return {line.entrant: line.award for line in evaluate(document).lines}


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (("a", None), {"a": None, "b": "silver", "c": None}),
        (("b", "gold"), {"a": "gold", "b": "gold", "c": None}),
        (("c", "silver"), {"a": "gold", "b": "silver", "c": "silver"}),
    ],
)
def test_only_the_award_of_the_one_it_is_about_changes(decision, expected):
    document = decided(decision)
    assert awards_of(document) == expected
    lines = evaluate(document).lines
    assert [(line.entrant, line.place) for line in lines] == [("a", 1), ("b", 2), ("c", 3)]
    assert {line.entrant: line.computed_award for line in lines} == {"a": "gold", "b": "silver", "c": None}


def test_what_was_decided_is_said_after_what_the_rules_give():
    outcome = evaluate(decided(("c", "silver")))
    said = [str(each) for each in explain_award(outcome, "c")]
    assert said == [
        "Award place 3 is below every award.",
        "“Prize” by decision of the organisers; by the rules there would be no award: minutes",
    ]
    assert outcome.as_json()["lines"][2]["computed_award"] is None


def test_an_award_can_be_given_to_who_competes_outside_the_awards_but_not_to_who_has_no_place():
    guest = [{"id": "a", "award_eligible": False}, "b", {"id": "c", "status": "absent"}]
    document = decided(("a", "gold"), ("c", "gold"), entrants=guest)
    document["marks"] = document["marks"][:2]
    assert awards_of(document) == {"a": "gold", "b": "gold", "c": None}


def test_honours_and_teams_follow_the_award_that_counts():
    honours = [{"id": "best", "title": TITLE, "awards": ["gold"]}]
    outcome = evaluate(decided(("b", "gold"), ("a", None), honours=honours))
    assert [each.entrant for each in outcome.honours] == ["b"]


@pytest.mark.parametrize(
    ("decision", "path"),
    [
        ({"entrant": "z", "award": "gold", "reason": "m"}, "/award_decisions/0/entrant"),
        ({"entrant": "a", "award": "bronze", "reason": "m"}, "/award_decisions/0/award"),
        ({"entrant": "a", "award": 1, "reason": "m"}, "/award_decisions/0/award"),
        ({"entrant": "a", "reason": "m"}, "/award_decisions/0"),
        ({"entrant": "a", "award": "gold", "reason": ""}, "/award_decisions/0/reason"),
        ({"entrant": "a", "award": "gold", "reason": "m", "by": "x"}, "/award_decisions/0/by"),
    ],
)
def test_the_reader_names_the_place(decision, path):
    document = {**decided(), "award_decisions": [decision]}
    assert path in [problem.path for problem in problems(document)]


def test_nobody_is_decided_about_twice():
    found = problems(decided(("a", "gold"), ("a", None)))
    assert [problem.path for problem in found] == ["/award_decisions/1/entrant"]


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from([None, "gold", "silver"])))
def test_decisions_never_change_a_place(decisions):
    plain, other = evaluate(decided()), evaluate(decided(*decisions.items()))
    assert [(line.entrant, line.place) for line in plain.lines] == [
        (line.entrant, line.place) for line in other.lines
    ]
    assert all(line.award == decisions.get(line.entrant, line.computed_award) for line in other.lines)
