"""What is wrong with the award part of a document is found at its place, with a sentence."""

import jsonschema
import pytest

from competition.rules import ruleset
from competition.rules.awards import Awarded, explained, reaches
from tests.rules import contests as a


def award(name="a", **parts):
    return {"id": name, "title": {"zh": name}, **parts}


def rules(**parts):
    return a.ruleset(a.value_aspect("mark"), **parts)


def problems(**parts):
    return [(problem.path, str(problem.sentence)) for problem in ruleset.problems(rules(**parts))]


COUNTS = {"model": "counts", "awards": [award(count=2), award("b", count=3)]}
MEDALS = {"model": "medals", "awards": [award(name) for name in "gsb"], "node": "total"}
RATIO = {
    "model": "ratio",
    "share": 20,
    "denominator": "present",
    "rounding": "down",
    "awards": [award("a", parts=1), award("b", parts=2)],
}


@pytest.mark.parametrize(
    ("awards", "path", "said"),
    [
        ({**COUNTS, "share": 20}, "/awards/share", "not known here"),
        ({**COUNTS, "awards": [award(count=0)]}, "/awards/awards/0/count", "whole number from 1"),
        ({**COUNTS, "awards": [award(count=1), award(count=2)]}, "/awards/awards", "used twice"),
        ({**COUNTS, "ineligible": "vacant"}, "/awards/ineligible", "move_up, leave_vacant"),
        ({**COUNTS, "field": [{"below": 4, "awards": []}]}, "/awards", "“denominator” is missing"),
        (
            {**COUNTS, "denominator": "present", "field": [{"below": 4, "awards": ["z"]}]},
            "/awards/field/0/awards",
            "no award “z”",
        ),
        (
            {
                **COUNTS,
                "denominator": "present",
                "field": [{"below": 4, "awards": []}, {"below": 4, "awards": ["a"]}],
            },
            "/awards/field",
            "the smallest field first",
        ),
        (
            {**COUNTS, "awards": [award(count=1, requires=[{"node": "paper", "at_least": 60}])]},
            "/awards/awards/0/requires/0/node",
            "no “paper”",
        ),
        (
            {**COUNTS, "awards": [award(count=1, requires=[{"node": "mark", "at_least": 101}])]},
            "/awards/awards/0/requires/0/at_least",
            "the highest mark there is 100",
        ),
        ({**COUNTS, "awards": [award(count=1, ties="some")]}, "/awards/awards/0/ties", "all, none"),
        ({**RATIO, "share": 0}, "/awards/share", "greater than 0"),
        ({key: RATIO[key] for key in RATIO if key != "rounding"}, "/awards", "“rounding” is missing"),
        ({**RATIO, "awards": [award(parts="1")]}, "/awards/awards/0/parts", "whole number from 1 to 1000"),
        (
            {**RATIO, "merit": award("m", fraction="1/5")},
            "/awards/merit",
            "the awards above it reach just as far down",
        ),
        ({**MEDALS, "awards": [award()]}, "/awards/awards", "3 to 3 items"),
        ({**MEDALS, "scale": "ws"}, "/awards", "name one of the two"),
        ({**MEDALS, "node": "paper"}, "/awards/node", "no “paper”"),
        (
            {**{key: MEDALS[key] for key in ("model", "awards")}, "scale": "ws"},
            "/awards/scale",
            "no scale “ws”",
        ),
        ({**MEDALS, "rounded": False, "digits": 1}, "/awards/digits", "no digits to be rounded to"),
        ({**MEDALS, "window": -1}, "/awards/window", "at least 0"),
        (
            {**MEDALS, "medallion": award("g", at_least=50)},
            "/awards/awards",
            "“g” is used twice",
        ),
        (
            {**MEDALS, "medallion": award("m", at_least=700)},
            "/awards/medallion/at_least",
            "the highest mark there is 100",
        ),
    ],
)
def test_every_problem_of_awards_has_its_place_and_a_sentence(awards, path, said):
    found = problems(awards=awards)
    assert [each for each in found if each[0] == path and said in each[1]], found


HONOUR = {"id": "h", "title": {"zh": "技术能手"}}
PRIZE = {"id": "p", "title": {"zh": "优秀组织奖"}}
BALANCE = {"id": "b", "title": {"zh": "一线职工"}, "categories": ["worker"], "at_least": 35, "of": ["a"]}


@pytest.mark.parametrize(
    ("parts", "path", "said"),
    [
        ({"honours": [HONOUR]}, "/honours/0", "One of these must say who receives it"),
        ({"honours": [{**HONOUR, "places": 3, "by_team_size": {"1": 5}}]}, "/honours/0/places", "keep one"),
        ({"honours": [{**HONOUR, "by_team_size": {"x": 5}}]}, "/honours/0/by_team_size/x", "such as “2”"),
        ({"honours": [{**HONOUR, "by_team_size": {}}]}, "/honours/0/by_team_size", "at least one number"),
        ({"honours": [{**HONOUR, "awards": ["z"]}]}, "/honours/0/awards", "no award “z”"),
        ({"honours": [{**HONOUR, "places": 1}] * 2}, "/honours/1/id", "used twice"),
        (
            {"honours": [{**HONOUR, "places": 1, "categories": ["w"], "not_categories": ["w"]}]},
            "/honours/0/not_categories",
            "both needed and excluded",
        ),
        (
            {"honours": [{**HONOUR, "places": 1, "among": "category"}]},
            "/honours/0/among",
            "need “categories”",
        ),
        (
            {"honours": [{**HONOUR, "places": 1, "categories": ["w", "w"]}]},
            "/honours/0/categories/1",
            "twice",
        ),
        ({"prizes": [{**PRIZE, "to": "delegation", "by": "entries"}]}, "/prizes/0", "one of the two"),
        (
            {"prizes": [{**PRIZE, "to": "delegation", "by": "entries", "fraction": "1/3"}]},
            "/prizes/0",
            "“rounding” is missing",
        ),
        (
            {"prizes": [{**PRIZE, "to": "delegation", "by": "teams", "count": 1}]},
            "/prizes/0/by",
            "no team ranking of delegations",
        ),
        (
            {"prizes": [{**PRIZE, "to": "delegation", "by": "awards", "count": 1}]},
            "/prizes/0/by",
            "no awards in this rule set",
        ),
        ({"prizes": [{**PRIZE, "to": "coach"}]}, "/prizes/0", "awards, places"),
        ({"prizes": [{**PRIZE, "to": "coach", "count": 1}]}, "/prizes/0/count", "not known here"),
        ({"prizes": [{**PRIZE, "to": "mayor"}]}, "/prizes/0/to", "delegation, coach"),
        ({"balances": [BALANCE]}, "/balances/0/of", "no award or honour “a”"),
        (
            {"awards": COUNTS, "balances": [{**BALANCE, "at_least": 101}]},
            "/balances/0/at_least",
            "at most 100",
        ),
        ({"awards": COUNTS, "balances": [BALANCE, BALANCE]}, "/balances/1/id", "used twice"),
    ],
)
def test_every_problem_of_honours_prizes_and_balances_has_its_place(parts, path, said):
    found = problems(**parts)
    assert [each for each in found if each[0] == path and said in each[1]], found


QUOTA = {"quota": 2}


@pytest.mark.parametrize(
    ("advancement", "path", "said"),
    [
        ({"ties": "cap"}, "/advancement", "“cap” is missing"),
        ({"ties": "all", "cap": 5}, "/advancement/cap", "only where “ties” is “cap”"),
        ({"model": "fraction", "fraction": "1/2"}, "/advancement", "“rounding” is missing"),
        ({"model": "fraction", "rounding": "down"}, "/advancement", "“fraction” is missing"),
        ({"model": "quota", "fraction": "1/2"}, "/advancement/fraction", "not known here"),
        ({"model": "threshold", "node": "mark"}, "/advancement", "“at_least” is missing"),
        ({"model": "threshold", "node": "x", "at_least": 1}, "/advancement/node", "no “x”"),
        ({"model": "threshold", "node": "mark", "at_least": 101}, "/advancement/at_least", "is 100"),
        ({"most": "5/4"}, "/advancement/most", "not above 1"),
        ({"delegation_cap": 0}, "/advancement/delegation_cap", "whole number from 1"),
        ({"categories": [{"id": "w", "quota": 1}]}, "/advancement/categories/0", "“categories” is missing"),
        (
            {"categories": [{"id": "w", "quota": 1, "categories": ["woman"]}] * 2},
            "/advancement/categories/1/id",
            "used twice",
        ),
        ({"quotas": [QUOTA]}, "/advancement/quotas/0", "names a delegation, a category, or both"),
        (
            {"quotas": [{**QUOTA, "category": "w"}] * 2},
            "/advancement/quotas/1",
            "already",
        ),
    ],
)
def test_every_problem_of_advancement_has_its_place(advancement, path, said):
    found = problems(advancement=advancement)
    assert [each for each in found if each[0] == path and said in each[1]], found


EVERYTHING = {
    "awards": {
        **MEDALS,
        "window": "1.5",
        "denominator": "present",
        "rounding": "down",
        "merit": award("m", fraction="1/2", ties="none"),
        "medallion": award("x", at_least=50),
        "field": [{"below": 4, "awards": ["g"]}],
        "ineligible": "leave_vacant",
    },
    "honours": [
        {
            **HONOUR,
            "by_team_size": {"1": 5, "2": 3, "3": 2},
            "categories": ["worker"],
            "first_member_only": True,
        },
        {
            **HONOUR,
            "id": "y",
            "places": 1,
            "awards": ["g"],
            "not_categories": ["student"],
            "among": "category",
        },
    ],
    "prizes": [
        {**PRIZE, "to": "delegation", "by": "entries", "fraction": "1/3", "rounding": "up"},
        {**PRIZE, "id": "q", "to": "coach", "awards": ["g"]},
        {**PRIZE, "id": "r", "to": "best_of_delegation"},
    ],
    "balances": [{**BALANCE, "of": ["g", "h"]}],
    "advancement": {
        "model": "threshold",
        "node": "mark",
        "at_least": 60,
        "most": "3/4",
        "ties": "cap",
        "cap": 20,
        "reserves": 2,
        "delegation_cap": 3,
        "categories": [{"id": "women", "quota": 2, "categories": ["woman"]}],
        "quotas": [
            {"delegation": "第一机床厂", "category": "worker", "quota": 1},
            {"category": "youth", "quota": 0},
        ],
    },
}


def test_a_document_that_uses_everything_passes_the_checker_and_the_published_schema():
    document = rules(**EVERYTHING)
    assert ruleset.problems(document) == ()
    jsonschema.validate(document, ruleset.SCHEMA)


def test_an_award_is_explained_by_its_line():
    rule = ruleset.parse(rules(awards=COUNTS)).awards
    assert [reach.last for reach in reaches(rule, 10)] == [2, 5]
    assert str(explained(Awarded(3, "b"), rule, 10)[0]) == (
        "Award place 3: “b” goes down to award place 5 of 10 entrants."
    )
    assert "below every award" in str(explained(Awarded(6, None), rule, 10)[0])
