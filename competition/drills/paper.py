"""The paper of an attempt, its score and the ranking: values in, values out.

Source: docs/sources.md, domain §11 (shuffled paper, scoring only on the server, plausibility by seconds per question). Assumptions: a
question is answered exactly right or not at all (a multiple choice with one option too many or too few gives nothing);
true-or-false questions keep their two options in order; the better of two equal scores took less time, and who is
still equal shares the place.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from competition.drills.models import Question, QuestionKind

HASTY_SECONDS = 1
"""Fewer seconds per question than this cannot be an honest answer; such an attempt is kept and flagged."""


@dataclass(frozen=True)
class PaperItem:
    """A question as it is shown: `options` are the bank's indexes in the order of this paper."""

    question_id: UUID
    options: tuple[int, ...]

    def document(self) -> dict[str, object]:
        return {"question": str(self.question_id), "options": list(self.options)}


def make_paper(questions: Iterable[Question], seed: str) -> list[PaperItem]:
    """Put questions and options in the order of SHA-256(seed, question[, option]): anybody can make it again."""
    ordered = sorted(questions, key=lambda question: _rank(seed, str(question.id)))
    return [PaperItem(question.id, _options(question, seed)) for question in ordered]


def read_paper(document: Sequence[Mapping[str, object]]) -> list[PaperItem]:
    """The paper as it was stored."""
    return [
        PaperItem(UUID(str(item["question"])), tuple(int(str(index)) for index in _list(item["options"])))
        for item in document
    ]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _options(question: Question, seed: str) -> tuple[int, ...]:
    indexes = range(len(question.options))
    if question.kind is QuestionKind.TRUE_FALSE:
        return tuple(indexes)
    return tuple(sorted(indexes, key=lambda index: _rank(seed, str(question.id), str(index))))


def _rank(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def is_right(question: Question, chosen: Iterable[int]) -> bool:
    """Exactly the right options, no more and no fewer."""
    return set(chosen) == set(question.correct)


def score_of(questions: Iterable[Question], answers: Mapping[str, Sequence[int]]) -> Decimal:
    """The points of the questions answered exactly right; a question without an answer gives none."""
    return sum(
        (question.points for question in questions if is_right(question, answers.get(str(question.id), ()))),
        Decimal(0),
    )


@dataclass(frozen=True)
class Standing:
    """The best attempt of one worker."""

    worker_id: UUID
    attempt_id: UUID
    score: Decimal
    seconds: int


@dataclass(frozen=True)
class Placed:
    place: int
    standing: Standing


def best_of(attempts: Iterable[Standing]) -> list[Standing]:
    """One standing per worker: the highest score, then fewer seconds, then the earlier attempt."""
    best: dict[UUID, Standing] = {}
    for attempt in attempts:
        known = best.get(attempt.worker_id)
        if known is None or _order(attempt) < _order(known):
            best[attempt.worker_id] = attempt
    return list(best.values())


def ranking_of(standings: Iterable[Standing]) -> list[Placed]:
    """Places by score, then by time; equals share a place and the next places stay empty."""
    ordered = sorted(standings, key=lambda each: (*_order(each), str(each.worker_id)))
    placed: list[Placed] = []
    for _key, equals in groupby(ordered, key=_order):
        place = len(placed) + 1
        placed += [Placed(place, standing) for standing in equals]
    return placed


def _order(standing: Standing) -> tuple[Decimal, int]:
    return -standing.score, standing.seconds


def duration(seconds: int) -> str:
    """Minutes and seconds: 12:05."""
    return f"{seconds // 60}:{seconds % 60:02d}"
