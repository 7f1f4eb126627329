"""What the pages of drills show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from competition.drills import queries
from competition.drills.models import KIND_LABELS, Attempt, Drill, DrillState, Question, QuestionKind
from competition.drills.paper import PaperItem, Placed, best_of, is_right, ranking_of
from competition.drills.services import TRUE_FALSE
from competition.rules.sentences import Sentence, sentence
from competition.web.language import say
from competition.workers.models import Worker

STATES: dict[DrillState, tuple[Sentence, str]] = {
    DrillState.DRAFT: (sentence("Being prepared"), "neutral"),
    DrillState.OPEN: (sentence("Released"), "info"),
    DrillState.CLOSED: (sentence("Closed"), "success"),
}
_BOOLEAN = (sentence("True"), sentence("False"))


def options_of(question: Question) -> list[str]:
    """The options as they are read: true and false in the reader's language."""
    if question.kind is QuestionKind.TRUE_FALSE and tuple(question.options) == TRUE_FALSE:
        return [say(words) for words in _BOOLEAN]
    return list(question.options)


@dataclass(frozen=True)
class QuestionLine:
    """A question of the bank with its answers: for the organiser only."""

    id: UUID
    number: int
    kind: Sentence
    stem: str
    options: tuple[tuple[str, bool], ...]
    points: Decimal
    explanation: str


def bank_of(drill: Drill) -> list[QuestionLine]:
    """The questions by number."""
    return [
        QuestionLine(
            question.id,
            question.number,
            KIND_LABELS[question.kind],
            question.stem,
            tuple((text, index in question.correct) for index, text in enumerate(options_of(question))),
            question.points,
            question.explanation,
        )
        for question in queries.questions_of(drill)
    ]


@dataclass(frozen=True)
class Invitation:
    """A drill as one of its people sees it."""

    drill: Drill
    attempts: tuple[Attempt, ...]
    state: Sentence
    tone: str
    can_begin: bool
    running: Attempt | None
    best: Decimal | None
    full: Decimal
    questions: int
    place: int | None

    @property
    def left(self) -> int:
        return max(0, self.drill.attempts_allowed - len(self.attempts))


def invitation(drill: Drill, worker: Worker, at: datetime) -> Invitation:
    """What the worker may do with the drill now, and what was reached."""
    attempts = queries.attempts_of(drill, worker)
    running = next((one for one in attempts if one.submitted_at is None), None)
    is_open = drill.state is DrillState.OPEN and drill.opens_at <= at < drill.closes_at
    left = drill.attempts_allowed - len(attempts)
    goes_on = running is not None and not queries.is_over(running, at)
    rank = queries.rank_of(drill, worker)
    return Invitation(
        drill=drill,
        attempts=tuple(attempts),
        state=_standing(drill, at),
        tone="info" if is_open else "neutral",
        can_begin=is_open and (left > 0 or goes_on),
        running=running,
        best=max((one.score for one in attempts if one.score is not None), default=None),
        full=queries.full_points(drill),
        questions=len(queries.questions_of(drill)),
        place=rank.place if rank else None,
    )


def _standing(drill: Drill, at: datetime) -> Sentence:
    if drill.state is DrillState.CLOSED:
        return sentence("Closed")
    if at < drill.opens_at:
        return sentence("Not open yet")
    return sentence("Open now") if at < drill.closes_at else sentence("Over; the ranking follows")


@dataclass(frozen=True)
class PaperPage:
    """A paper under way: questions without their points and answers."""

    attempt: Attempt
    paper: tuple[PaperItem, ...]
    kinds: tuple[QuestionKind, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]
    answered: int
    total: int
    is_over: bool


def paper_page(attempt: Attempt, at: datetime) -> PaperPage:
    """What is shown of an attempt before it is handed in."""
    paper = queries.paper_of(attempt)
    shown = _shown(attempt.drill, paper)
    words = tuple(
        (question.stem, tuple(options_of(question)[index] for index in item.options))
        for item, question in shown
    )
    return PaperPage(
        attempt=attempt,
        paper=tuple(paper),
        kinds=tuple(question.kind for _, question in shown),
        words=words,
        answered=len(attempt.answers),
        total=len(paper),
        is_over=queries.is_over(attempt, at),
    )


def _shown(drill: Drill, paper: Sequence[PaperItem]) -> list[tuple[PaperItem, Question]]:
    questions = {question.id: question for question in queries.questions_of(drill)}
    return [(item, questions[item.question_id]) for item in paper]


@dataclass(frozen=True)
class AnsweredOption:
    text: str
    is_chosen: bool
    is_right: bool


@dataclass(frozen=True)
class Answered:
    """One question of an attempt that was handed in."""

    number: int
    stem: str
    is_right: bool
    is_answered: bool
    points: Decimal
    options: tuple[AnsweredOption, ...]
    explanation: str


@dataclass(frozen=True)
class AttemptResult:
    """An attempt that was handed in. `reveals`: right answers are shown, because no attempt is left to use them in."""

    attempt: Attempt
    score: Decimal
    full: Decimal
    seconds: int
    right: int
    answered: tuple[Answered, ...]
    reveals: bool
    left: int


def result_of(attempt: Attempt) -> AttemptResult:
    """The score with every question, in the order of this paper."""
    drill = attempt.drill
    assert attempt.score is not None and attempt.submitted_at is not None
    left = drill.attempts_allowed - len(queries.attempts_of(drill, attempt.worker))
    lines = []
    for number, (item, question) in enumerate(_shown(drill, queries.paper_of(attempt)), start=1):
        chosen, texts = attempt.answers.get(str(question.id), []), options_of(question)
        options = tuple(
            AnsweredOption(texts[index], index in chosen, index in question.correct) for index in item.options
        )
        right = is_right(question, chosen)
        lines.append(
            Answered(
                number, question.stem, right, bool(chosen), question.points, options, question.explanation
            )
        )
    return AttemptResult(
        attempt=attempt,
        score=attempt.score,
        full=queries.full_points(drill),
        seconds=queries.seconds_between(attempt.started_at, attempt.submitted_at),
        right=sum(line.is_right for line in lines),
        answered=tuple(lines),
        reveals=drill.state is DrillState.CLOSED or left <= 0,
        left=max(0, left),
    )


@dataclass(frozen=True)
class ClosingPreview:
    """What closing now would do."""

    unfinished: int
    handed_in: int
    is_early: bool
    best: tuple[Placed, ...]


def closing_preview(drill: Drill, at: datetime) -> ClosingPreview:
    """The ranking of what has been handed in so far."""
    ranking = ranking_of(best_of(queries.standings_of(drill)))
    return ClosingPreview(
        unfinished=len(queries.unfinished_attempts(drill)),
        handed_in=len(ranking),
        is_early=at < drill.closes_at,
        best=tuple(ranking[:10]),
    )
