"""Categories: only those a rule set asks for, only what the records of all members say."""

from datetime import date

import pytest

from competition.rules import ruleset
from competition.rules.categories import Person, categories_asked, categories_of
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
    assert categories_asked(rules) == {"worker", "student", "rural", "woman", "youth"}
