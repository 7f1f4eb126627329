"""Drills for tests, made by the services."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from competition.accounts.services import system_actor
from competition.drills import services
from competition.drills.models import Attempt, Drill, QuestionKind
from competition.organisations.models import Organisation
from competition.workers.models import Worker
from tests.builders import organisations
from tests.builders.once import built_once
from tests.conftest import NOON


def draft(of: Organisation | None = None, **details: Any) -> Drill:
    """A drill with three questions worth 2, 3 and 5 points, open from NOON for a day, ten minutes per attempt."""
    values: dict[str, Any] = {
        "title": "焊接理论练兵",
        "opens_at": NOON,
        "closes_at": NOON + timedelta(days=1),
        "minutes": 10,
        "attempts_allowed": 1,
        **details,
    }
    made = services.open_drill(
        organisation=of or organisations.enterprise(), **values, by=system_actor(), at=NOON
    )
    question(made, QuestionKind.SINGLE, ["氩气", "氧气", "氮气"], [0], "2")
    question(made, QuestionKind.MULTIPLE, ["气孔", "裂纹", "光滑", "夹渣"], [0, 1, 3], "3")
    question(made, QuestionKind.TRUE_FALSE, [], [0], "5")
    return made


def question(of: Drill, kind: QuestionKind, options: list[str], correct: list[int], points: str) -> None:
    services.add_question(
        of,
        kind=kind,
        stem=f"第 {points} 分的题目",
        options=options,
        correct=correct,
        points=Decimal(points),
        explanation="见教材。",
        by=system_actor(),
        at=NOON,
    )


@built_once
def drill(of: Organisation | None = None, **details: Any) -> Drill:
    """The same, released."""
    return services.release_drill(draft(of, **details), by=system_actor(), at=NOON)


def attempt(of: Drill, by: Worker, *, at: datetime = NOON, seed: str = "a" * 64) -> Attempt:
    return services.start_attempt(of, by, seed=seed, by=system_actor(), at=at)


def answered(of: Drill, by: Worker, *, right: int, seconds: int, at: datetime = NOON) -> Attempt:
    """An attempt handed in after so many seconds with the first so many questions right."""
    begun = attempt(of, by, at=at)
    answers = {question.id: question.correct for question in of.questions[:right]}
    return services.submit_attempt(
        begun, answers=answers, by=system_actor(), at=at + timedelta(seconds=seconds)
    )
