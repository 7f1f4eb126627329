"""What one judge changes."""

from typing import Any

from competition.rules.contest import evaluate
from competition.rules.judge_influence import moved_by, without_judge

RULES: dict[str, Any] = {
    "format": "skillsladder.ruleset/1",
    "title": {"zh": "评分"},
    "scheme": {
        "kind": "group",
        "id": "total",
        "title": {"zh": "总分"},
        "combine": "sum",
        "children": [
            {
                "kind": "aspect",
                "id": "A",
                "title": {"zh": "表现"},
                "type": "panel",
                "range": {"low": 0, "high": 10},
                "judges": 3,
                "combine": "mean",
            }
        ],
    },
}


def _contest(**marks: tuple[int, int, int]) -> dict[str, Any]:
    return {
        "format": "skillsladder.contest/1",
        "title": {"zh": "赛"},
        "ruleset": RULES,
        "judges": [{"id": f"J{n}"} for n in (1, 2, 3)],
        "entrants": [{"id": entrant} for entrant in marks],
        "marks": [
            {"entrant": entrant, "aspect": "A", "judge": f"J{n}", "value": value}
            for entrant, values in marks.items()
            for n, value in enumerate(values, start=1)
        ],
    }


def test_those_whom_one_judge_lifted_are_named_with_both_places() -> None:
    outcome = evaluate(_contest(X=(10, 5, 5), Y=(5, 6, 6)))

    assert [(m.entrant, m.place, m.place_without) for m in moved_by(outcome, "J1")] == [
        ("X", 1, 2),
        ("Y", 2, 1),
    ]
    assert moved_by(outcome, "J2") == ()


def test_a_judge_who_marked_nothing_moves_nobody() -> None:
    outcome = evaluate(_contest(X=(7, 5, 5), Y=(5, 6, 6)))

    assert moved_by(outcome, "J9") == ()


def test_the_contest_itself_is_left_as_it_is() -> None:
    outcome = evaluate(_contest(X=(10, 5, 5)))

    without_judge(outcome.contest, "J1")

    assert outcome.contest.marks["X"]["A"].scores["J1"] == 10
