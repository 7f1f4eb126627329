"""Categories: only those a rule set asks for, only what the records of all members say."""

from datetime import date

import pytest
from jsonschema import Draft202012Validator

from competition.rules import contest, ruleset
from competition.rules.categories import KNOWN, Person, categories_of
from competition.rules.eligibility import WorkerStatus
from competition.rules.identity import Sex
from tests.rules import contests as a

ON = date(2026, 5, 1)
ALL = ("worker", "student", "woman", "youth")
WOMAN = Person(WorkerStatus.WORKER, Sex.FEMALE, date(1991, 4, 30))
MAN = Person(WorkerStatus.WORKER, Sex.MALE, date(1990, 5, 2))
STUDENT = Person(WorkerStatus.STUDENT, None, None)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([WOMAN], {"worker", "woman", "youth"}),
        ([MAN], {"worker", "youth"}),
        ([WOMAN, MAN], {"worker", "youth"}),
        ([STUDENT], {"student"}),
        ([WOMAN, STUDENT], set()),
        ([], set()),
    ],
)
def test_a_team_is_of_a_category_when_all_its_members_are(members, expected):
    assert categories_of(members, ON, ALL) == expected


@pytest.mark.parametrize(("born", "is_youth"), [(date(1990, 5, 2), True), (date(1990, 5, 1), False)])
def test_youth_ends_with_the_thirty_sixth_birthday(born, is_youth):
    person = Person(WorkerStatus.WORKER, None, born)
    later = date(born.year + 36, 5, 1)
    assert ("youth" in categories_of([person], later, ALL)) is is_youth


def test_nothing_is_said_that_nobody_asks():
    assert categories_of([WOMAN], ON, ["woman"]) == {"woman"}
    assert categories_of([WOMAN], ON, []) == set()


def test_honours_balances_and_advancement_ask_for_categories():
    zh = {"title": {"zh": "奖"}}
    rules = ruleset.parse(
        a.ruleset(
            a.value_aspect("mark"),
            honours=[{"id": "h", "places": 1, "categories": ["worker"], "not_categories": ["student"], **zh}],
            balances=[{"id": "b", "categories": ["rural"], "at_least": 35, "of": ["h"], **zh}],
            advancement={
                "categories": [{"id": "w", "quota": 1, "categories": ["woman"]}],
                "quotas": [{"category": "youth", "quota": 1}, {"delegation": "X", "quota": 1}],
            },
        )
    )
    assert rules.categories_asked == {"worker", "student", "rural", "woman", "youth"}


MISSPELT = {
    "honours": [
        {"id": "h", "title": {"zh": "奖"}, "places": 1, "categories": ["worker", "women"]},
        {"id": "n", "title": {"zh": "奖"}, "places": 1, "not_categories": ["pupil"]},
    ],
    "balances": [{"id": "b", "title": {"zh": "奖"}, "categories": ["rural"], "at_least": 35, "of": ["h"]}],
    "advancement": {
        "categories": [{"id": "w", "quota": 1, "categories": ["women"]}],
        "quotas": [{"category": "young", "quota": 1}],
    },
}


def test_a_category_that_nobody_can_be_in_is_a_problem_with_its_place_and_the_known_ones():
    found = ruleset.problems(a.ruleset(a.value_aspect("mark"), **MISSPELT))
    assert [each.path for each in found] == [
        "/honours/0/categories/1",
        "/honours/1/not_categories/0",
        "/balances/0/categories/0",
        "/advancement/categories/0/categories/0",
        "/advancement/quotas/0/category",
    ]
    assert all(each.is_idle and ", ".join(KNOWN) in str(each.sentence) for each in found)


def test_the_published_schema_lists_the_known_categories():
    wrong = a.ruleset(a.value_aspect("mark"), **MISSPELT)
    places = {error.json_path for error in Draft202012Validator(ruleset.SCHEMA).iter_errors(wrong)}
    assert "$.honours[0].categories[1]" in places and "$.advancement.quotas[0].category" in places


def test_what_was_frozen_with_such_a_category_can_still_be_computed():
    document = a.ruleset(a.value_aspect("mark"), **MISSPELT)
    assert "women" in ruleset.parse(document).categories_asked
    entrants = [{"id": "A", "categories": ["worker", "women"]}, {"id": "B", "categories": ["worker"]}]
    marks = [("A", "mark", None, 50), ("B", "mark", None, 60)]
    outcome = contest.evaluate({**a.contest(document, marks, []), "entrants": entrants})
    assert [line.entrant for line in outcome.lines] == ["B", "A"]
