"""Entry conditions: every one answers with its reason, and a fact nobody knows is not a pass."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import jsonschema
import pytest

from competition.rules.eligibility import (
    Candidate,
    Condition,
    Eligibility,
    Finding,
    WorkerStatus,
    check,
    condition_problems,
    conditions_schema,
    full_years,
)
from competition.rules.grades import Grade

WELDER = Candidate(
    birth_date=date(1990, 6, 2),
    grade=Grade.INTERMEDIATE,
    grade_since=date(2023, 6, 1),
    years_in_occupation=Decimal("6.5"),
    worker_status=WorkerStatus.WORKER,
    employer_chain=("workshop-3", "gansu-steel", "lanzhou", "gansu"),
    employer_division="620102",
    occupation="6-18-02-04",
    honours=frozenset(),
    other_events=(),
    certificates={"special_equipment_operator": date(2027, 1, 1)},
)

EVERY_KIND: list[Condition] = [
    {"kind": "age", "min": 16, "max": 60, "on": "2026-06-01"},
    {"kind": "age", "min_birth": "1966-06-01", "max_birth": "2010-06-01"},
    {"kind": "grade", "at_least": "intermediate", "at_most": "technician"},
    {"kind": "grade", "at_least": "intermediate", "held_years": 3, "on": "2026-06-01"},
    {"kind": "years_in_occupation", "min": 6},
    {"kind": "worker_status", "any_of": ["worker", "teacher"]},
    {"kind": "employer_within", "organisation": "gansu"},
    {"kind": "employer_within", "division": "620000"},
    {"kind": "occupation", "any_of": ["6-18-02-04"]},
    {"kind": "not_holding_honour", "any_of": ["national_expert"], "effect": "no_award"},
    {"kind": "one_event_per_competition"},
    {
        "kind": "certificate_held",
        "any_of": ["special_equipment_operator"],
        "on": "2026-06-01",
    },
    {
        "kind": "any",
        "conditions": [
            {"kind": "grade", "at_least": "senior"},
            {"kind": "years_in_occupation", "min": 6},
        ],
    },
]


def one(condition: Condition, candidate: Candidate) -> tuple[Eligibility, str]:
    decision = check([condition], candidate)
    return decision, str(decision.answers[0].sentence)


def test_every_condition_answers_in_the_order_of_the_rule_set() -> None:
    decision = check(EVERY_KIND, WELDER)
    assert (decision.eligible, decision.award_eligible) == (True, True)
    assert [answer.condition for answer in decision.answers] == EVERY_KIND
    assert decision.reasons == ()


@pytest.mark.parametrize("condition", EVERY_KIND, ids=lambda condition: str(condition["kind"]))
def test_an_unknown_fact_is_never_a_pass(condition: Condition) -> None:
    decision, reason = one(condition, Candidate())
    assert decision.answers[0].finding is Finding.NOT_ESTABLISHED
    assert not decision.award_eligible
    assert decision.eligible is (condition.get("effect") == "no_award")
    assert reason


@pytest.mark.parametrize(
    ("condition", "facts", "reason"),
    [
        (
            EVERY_KIND[0],
            {"birth_date": date(2010, 6, 2)},
            "Aged 15 on 2026-06-01; the least is 16.",
        ),
        (
            EVERY_KIND[0],
            {"birth_date": date(1965, 6, 1)},
            "Aged 61 on 2026-06-01; the most is 60.",
        ),
        (EVERY_KIND[1], {"birth_date": date(1966, 5, 31)}, "Born before 1966-06-01"),
        (EVERY_KIND[1], {"birth_date": date(2010, 6, 2)}, "Born after 2010-06-01"),
        (
            EVERY_KIND[2],
            {"grade": Grade.JUNIOR},
            "the least is Intermediate worker (level 4)",
        ),
        (
            EVERY_KIND[2],
            {"grade": Grade.SENIOR_TECHNICIAN},
            "the most is Technician (level 2)",
        ),
        (EVERY_KIND[2], {"grade": None, "has_no_grade": True}, "Holds no grade"),
        (
            EVERY_KIND[3],
            {"grade_since": date(2023, 6, 2)},
            "3 full years on 2026-06-01",
        ),
        (
            EVERY_KIND[4],
            {"years_in_occupation": 5},
            "5 years in the occupation; the least is 6.",
        ),
        (
            EVERY_KIND[5],
            {"worker_status": WorkerStatus.STUDENT},
            "the event is for: Worker or Teacher.",
        ),
        (EVERY_KIND[6], {"employer_chain": ("beijing",)}, "the employer's own area"),
        (EVERY_KIND[7], {"employer_division": "110105"}, "the employer's own area"),
        (EVERY_KIND[8], {"occupation": "6-31-01-01"}, "the event is for 6-18-02-04"),
        (
            EVERY_KIND[9],
            {"honours": frozenset({"national_expert"})},
            "may compete, but takes no honour",
        ),
        (EVERY_KIND[10], {"other_events": ("Fitter",)}, "Already entered for Fitter"),
        (
            EVERY_KIND[11],
            {"certificates": {}},
            "Does not hold special_equipment_operator",
        ),
        (
            EVERY_KIND[11],
            {"certificates": {"special_equipment_operator": date(2026, 5, 31)}},
            "has expired",
        ),
        (EVERY_KIND[12], {"years_in_occupation": 2}, "None of the alternatives"),
    ],
)
def test_a_failed_condition_gives_its_reason(
    condition: Condition, facts: dict[str, object], reason: str
) -> None:
    decision, said = one(condition, replace(WELDER, **facts))  # type: ignore[arg-type]
    assert decision.answers[0].finding is Finding.NOT_MET
    assert reason in said


def test_a_soft_bar_lets_enter_without_reward_and_a_hard_bar_does_not() -> None:
    holder = replace(WELDER, honours=frozenset({"national_expert"}))
    soft, _ = one(EVERY_KIND[9], holder)
    hard, reason = one({"kind": "not_holding_honour", "any_of": ["national_expert"]}, holder)
    assert (soft.eligible, soft.award_eligible) == (True, False)
    assert (hard.eligible, hard.award_eligible) == (False, False)
    assert reason == "Already holds national_expert and may not compete."


def test_one_of_several_alternatives_is_enough_even_if_another_is_unknown() -> None:
    decision, reason = one(EVERY_KIND[12], replace(WELDER, grade=None))
    assert decision.eligible
    assert reason == "6.5 years in the occupation: enough."


def test_no_conditions_bar_nobody() -> None:
    assert check([], Candidate()) == Eligibility(eligible=True, award_eligible=True, answers=())


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2010, 6, 1), date(2026, 6, 1), 16),
        (date(2010, 6, 2), date(2026, 6, 1), 15),
    ],
)
def test_ages_are_full_years(birth: date, on: date, age: int) -> None:
    assert full_years(birth, on) == age


def test_the_examples_have_no_problem_by_check_and_by_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(conditions_schema())
    jsonschema.validate(json.loads(json.dumps(EVERY_KIND)), conditions_schema())
    assert condition_problems(EVERY_KIND) == ()


@pytest.mark.parametrize(
    ("conditions", "path"),
    [
        ({}, ""),
        ([1], "/0"),
        ([{}], "/0/kind"),
        ([{"kind": ["age"]}], "/0/kind"),
        ([{"kind": "height", "min": 180}], "/0/kind"),
        ([{"kind": "age"}], "/0"),
        ([{"kind": "age", "min": 16}], "/0/on"),
        ([{"kind": "age", "min": "16", "on": "2026-06-01"}], "/0/min"),
        ([{"kind": "age", "min": True, "on": "2026-06-01"}], "/0/min"),
        ([{"kind": "age", "min": 16, "on": "2026-02-30"}], "/0/on"),
        ([{"kind": "age", "min": 16, "on": "20260601"}], "/0/on"),
        ([{"kind": "age", "min": 60, "max": 16, "on": "2026-06-01"}], "/0/max"),
        (
            [{"kind": "age", "min": 16, "on": "2026-06-01", "max_birth": "2010-06-01"}],
            "/0",
        ),
        ([{"kind": "grade", "at_least": "master"}], "/0/at_least"),
        ([{"kind": "grade", "at_least": "senior", "at_most": "junior"}], "/0/at_most"),
        ([{"kind": "grade", "at_least": "senior", "held_years": 3}], "/0/on"),
        ([{"kind": "years_in_occupation", "min": -1}], "/0/min"),
        ([{"kind": "worker_status", "any_of": []}], "/0/any_of"),
        ([{"kind": "worker_status", "any_of": ["boss"]}], "/0/any_of"),
        ([{"kind": "employer_within"}], "/0"),
        (
            [
                {
                    "kind": "employer_within",
                    "organisation": "gansu",
                    "division": "620000",
                }
            ],
            "/0",
        ),
        ([{"kind": "employer_within", "division": "62"}], "/0/division"),
        ([{"kind": "occupation", "any_of": ["6180204"]}], "/0/any_of"),
        (
            [{"kind": "not_holding_honour", "any_of": ["x"], "effect": "shame"}],
            "/0/effect",
        ),
        ([{"kind": "one_event_per_competition", "really": True}], "/0/really"),
        ([{"kind": "any", "conditions": []}], "/0/conditions"),
        (
            [
                {
                    "kind": "any",
                    "conditions": [{"kind": "one_event_per_competition", "effect": "bar"}] * 2,
                }
            ],
            "/0/conditions/1/effect",
        ),
        (
            [{"kind": "any", "conditions": [{"kind": "grade"}, {"kind": "any"}]}],
            "/0/conditions/0",
        ),
    ],
)
def test_a_wrong_rule_set_is_refused_at_its_place(conditions: object, path: str) -> None:
    assert path in [place for place, _ in condition_problems(conditions)]
    assert all(str(problem) for _, problem in condition_problems(conditions))
