"""Promotion tables: Tianjin 2024 and the national contests as they are published."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from competition.rules.grades import Grade
from competition.rules.promotion import Decision, PromotionFacts, decide, table_problems

# The bands are those of the notice, which does not say how 30 % is rounded: down is our reading.
TIANJIN: dict[str, Any] = {
    "format": "skillsladder.promotion/1",
    "authority": "天津市人力资源和社会保障局",
    "title": "天津市职业技能竞赛晋级办法",
    "source": "天津市 2024 年职业技能竞赛通知",
    "valid_from": "2024-01-01",
    "once_per_calendar_year": True,
    "ceiling": "senior_technician",
    "rows": [
        {
            "when": {
                "tier": ["province"],
                "class": ["I"],
                "group": ["worker"],
                "rank": {"from": 1, "to": 10},
            },
            "target": "technician",
        },
        {
            "when": {
                "tier": ["province"],
                "class": ["I"],
                "group": ["student"],
                "rank": {"from": 1, "to": 10},
            },
            "target": "senior",
            "if_already": "none",
        },
        {
            "when": {
                "tier": ["province"],
                "class": ["II"],
                "group": ["worker"],
                "rank": {"from": 1, "to": 6},
            },
            "target": "senior",
        },
        {
            "when": {
                "tier": ["city"],
                "group": ["worker"],
                "rank": {"from": 1, "to": 6},
            },
            "target": "senior",
        },
        {
            "when": {
                "tier": ["province", "city"],
                "group": ["student"],
                "rank": {"from": 1, "to": 6},
            },
            "target": "intermediate",
            "if_already": "none",
        },
        {
            "when": {
                "tier": ["enterprise"],
                "top_share": {"percent": 30, "rounding": "down"},
            },
            "target": "intermediate",
        },
    ],
}

NATIONAL: dict[str, Any] = {
    "format": "skillsladder.promotion/1",
    "authority": "人力资源和社会保障部",
    "title": "全国技能大赛晋级办法",
    "source": "全国技能大赛 2020、2023 年技术文件",
    "valid_from": "2020-01-01",
    "once_per_calendar_year": False,
    "ceiling": "senior_technician",
    "rows": [
        {
            "when": {
                "tier": ["nation"],
                "award": ["gold", "silver", "bronze", "merit"],
            },
            "target": "technician",
            "if_already": "next",
        }
    ],
}

WORKER = PromotionFacts("province", "I", "worker", date(2024, 9, 1), place=4, grade_held=Grade.SENIOR)


def change(**facts: Any) -> PromotionFacts:
    return replace(WORKER, **facts)


@pytest.mark.parametrize("table", [TIANJIN, NATIONAL], ids=["Tianjin", "national"])
def test_the_published_tables_have_no_problem(table: dict[str, Any]) -> None:
    assert table_problems(table) == ()


@pytest.mark.parametrize(
    ("facts", "target"),
    [
        (change(), Grade.TECHNICIAN),
        (change(grade_held=Grade.TECHNICIAN), Grade.SENIOR_TECHNICIAN),
        (change(grade_held=Grade.SENIOR_TECHNICIAN), None),
        (change(grade_held=None), Grade.TECHNICIAN),
        (change(place=10), Grade.TECHNICIAN),
        (change(place=11), None),
        (change(place=None), None),
        (change(group="student", grade_held=Grade.INTERMEDIATE), Grade.SENIOR),
        (change(group="student", grade_held=Grade.SENIOR), None),
        (change(contest_class="II", place=6), Grade.TECHNICIAN),
        (
            change(contest_class="II", place=6, grade_held=Grade.INTERMEDIATE),
            Grade.SENIOR,
        ),
        (change(contest_class="II", place=6, grade_held=Grade.TECHNICIAN), None),
        (change(tier="city", contest_class="none", place=7), None),
        (
            change(
                tier="enterprise",
                contest_class="none",
                place=14,
                field_size=47,
                grade_held=None,
            ),
            Grade.INTERMEDIATE,
        ),
        (
            change(
                tier="enterprise",
                contest_class="none",
                place=15,
                field_size=47,
                grade_held=None,
            ),
            None,
        ),
        (
            change(tier="enterprise", contest_class="none", place=1, grade_held=None),
            None,
        ),
    ],
)
def test_the_table_of_tianjin(facts: PromotionFacts, target: Grade | None) -> None:
    decision = decide(TIANJIN, facts)
    assert decision.target is target
    assert decision.eligible is (target is not None)
    assert decision.steps


def test_a_second_win_in_the_same_calendar_year_promotes_nobody() -> None:
    assert decide(TIANJIN, change(promoted_in_years=frozenset({2023}))).eligible
    second = decide(TIANJIN, change(promoted_in_years=frozenset({2024})))
    assert (second.eligible, second.target) == (False, None)
    assert "one promotion in a calendar year" in str(second.steps[0])
    assert decide(
        NATIONAL,
        change(tier="nation", award="gold", promoted_in_years=frozenset({2024})),
    ).eligible


@pytest.mark.parametrize(
    ("award", "held", "target"),
    [
        ("merit", Grade.SENIOR, Grade.TECHNICIAN),
        ("gold", Grade.TECHNICIAN, Grade.SENIOR_TECHNICIAN),
        ("gold", Grade.SENIOR_TECHNICIAN, None),
        ("gold", Grade.CHIEF_TECHNICIAN, None),
        (None, Grade.SENIOR, None),
        ("participation", Grade.SENIOR, None),
    ],
)
def test_the_table_of_the_national_contests(award: str | None, held: Grade, target: Grade | None) -> None:
    assert decide(NATIONAL, change(tier="nation", award=award, grade_held=held)).target is target


def test_the_steps_tell_the_whole_way() -> None:
    decision = decide(TIANJIN, change(grade_held=Grade.TECHNICIAN))
    assert decision.row == 1
    assert [str(step) for step in decision.steps] == [
        "Row 1 of “天津市职业技能竞赛晋级办法” fits this result.",
        "Grade held before the contest: Technician (level 2).",
        "The row leads to Technician (level 2); whoever holds it may apply for the next grade above it.",
        "May apply for Senior technician (level 1); the authority approves.",
    ]


def with_row(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**NATIONAL, "rows": [row], **fields}


def of_row(row: dict[str, Any], facts: PromotionFacts) -> Decision:
    table = with_row(row)
    assert table_problems(table) == ()
    return decide(table, facts)


def test_the_ceiling_of_row_or_occupation_limits_the_grade() -> None:
    row = {
        "when": {"rank": {"from": 1, "to": 8}},
        "target": "one_up",
        "ceiling": "technician",
    }
    assert of_row(row, change()).target is Grade.TECHNICIAN
    assert of_row(row, change(grade_held=Grade.TECHNICIAN)).target is None
    assert of_row(row, change(occupation_ceiling=Grade.SENIOR)).target is None
    lower = change(grade_held=Grade.INTERMEDIATE, occupation_ceiling=Grade.SENIOR)
    assert decide(TIANJIN, lower).target is Grade.SENIOR
    assert any("ceiling here is Senior worker" in str(step) for step in decide(TIANJIN, lower).steps)


def test_without_a_written_ceiling_a_contest_leads_to_senior_technician_at_most() -> None:
    table = {key: value for key, value in NATIONAL.items() if key != "ceiling"}
    held = change(tier="nation", award="gold", grade_held=Grade.SENIOR_TECHNICIAN)
    assert decide(table, held).target is None


def test_a_row_that_gives_its_holders_nothing_says_so() -> None:
    row = {
        "when": {"rank": {"from": 1, "to": 3}},
        "target": "technician",
        "if_already": "none",
    }
    decision = of_row(row, change(place=1, grade_held=Grade.TECHNICIAN))
    assert not decision.eligible
    assert "gives its holders nothing more" in str(decision.steps[2])


def test_one_up_needs_a_grade_to_start_from() -> None:
    row = {"when": {"rank": {"from": 1, "to": 3}}, "target": "one_up"}
    assert of_row(row, change(place=1)).target is Grade.TECHNICIAN
    assert of_row(row, change(place=1, grade_held=None)).target is None


def test_a_row_may_ask_for_the_grade_held() -> None:
    when = {
        "rank": {"from": 1, "to": 8},
        "grade_held": {"at_least": "intermediate", "at_most": "senior"},
    }
    row = {"when": when, "target": "technician"}
    assert of_row(row, change()).eligible
    assert not of_row(row, change(grade_held=Grade.JUNIOR)).eligible
    assert not of_row(row, change(grade_held=Grade.TECHNICIAN)).eligible
    assert not of_row(row, change(grade_held=None)).eligible


def test_no_grade_on_record_is_said_with_the_next_step() -> None:
    decision = decide(TIANJIN, change(grade_held=None))
    assert "record it first" in str(decision.steps[1])


def test_a_table_out_of_force_and_a_contestant_without_claim_get_nothing() -> None:
    assert "not in force" in str(decide(TIANJIN, change(decided_on=date(2023, 12, 31))).steps[0])
    ended = {**TIANJIN, "valid_until": "2024-08-31"}
    assert "not in force" in str(decide(ended, change()).steps[0])
    assert "without claim" in str(decide(TIANJIN, change(award_eligible=False)).steps[0])


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ([], ""),
        ({**NATIONAL, "format": "other/1"}, "/format"),
        ({**NATIONAL, "colour": "red"}, "/colour"),
        ({**NATIONAL, "source": " "}, "/source"),
        ({**NATIONAL, "valid_from": "2026-02-30"}, "/valid_from"),
        ({**NATIONAL, "valid_until": "2019-01-01"}, "/valid_until"),
        ({**NATIONAL, "once_per_calendar_year": "yes"}, "/once_per_calendar_year"),
        ({**NATIONAL, "ceiling": "master"}, "/ceiling"),
        ({**NATIONAL, "rows": []}, "/rows"),
        (with_row("first"), "/rows/0"),  # type: ignore[arg-type]
        (with_row({"target": "technician"}), "/rows/0/when"),
        (with_row({"when": {"award": ["gold"]}}), "/rows/0/target"),
        (
            with_row({"when": {"award": ["gold"]}, "target": ["technician"]}),
            "/rows/0/target",
        ),
        (
            with_row(
                {
                    "when": {"award": ["gold"]},
                    "target": "technician",
                    "if_already": "all",
                }
            ),
            "/rows/0/if_already",
        ),
        (
            with_row({"when": {"tier": ["nation"]}, "target": "technician"}),
            "/rows/0/when",
        ),
        (
            with_row({"when": {"award": "gold"}, "target": "technician"}),
            "/rows/0/when/award",
        ),
        (
            with_row(
                {
                    "when": {"award": ["gold"], "tier": ["galaxy"]},
                    "target": "technician",
                }
            ),
            "/rows/0/when/tier",
        ),
        (with_row({"when": {"rank": 3}, "target": "technician"}), "/rows/0/when/rank"),
        (
            with_row({"when": {"rank": {"from": 3, "to": 1}}, "target": "technician"}),
            "/rows/0/when/rank",
        ),
        (
            with_row({"when": {"rank": {"from": True, "to": 1}}, "target": "technician"}),
            "/rows/0/when/rank",
        ),
        (
            with_row({"when": {"top_share": {"percent": 30}}, "target": "senior"}),
            "/rows/0/when/top_share/rounding",
        ),
        (
            with_row(
                {
                    "when": {"award": ["gold"], "grade_held": {"at_least": "x"}},
                    "target": "senior",
                }
            ),
            "/rows/0/when/grade_held/at_least",
        ),
        (
            with_row(
                {
                    "when": {
                        "award": ["gold"],
                        "grade_held": {"at_least": "senior", "at_most": "junior"},
                    },
                    "target": "senior",
                }
            ),
            "/rows/0/when/grade_held/at_most",
        ),
    ],
)
def test_a_wrong_table_is_refused_at_its_place(table: object, path: str) -> None:
    found = table_problems(table)
    assert path in [place for place, _ in found]
    assert all(str(problem) for _, problem in found)
