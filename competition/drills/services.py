"""Write drills: prepare and release, take, close and hand the best on to the event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
from competition.drills import facts, queries
from competition.drills.models import Attempt, Drill, DrillRank, DrillState, Question, QuestionKind
from competition.drills.paper import HASTY_SECONDS, best_of, make_paper, ranking_of, score_of
from competition.errors import Conflict, RuleBroken
from competition.organisations.models import Organisation
from competition.orm import fingerprint
from competition.registration.models import EntrySource
from competition.registration.queries import check_entry
from competition.registration.services import enter
from competition.rules.access import Actor
from competition.rules.lifecycle import STATE_TITLES, EventState
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import Worker

TRUE_FALSE = ("正确", "错误")
MOST_QUESTIONS = 200
Answers = Mapping[UUID, Sequence[int]] | Mapping[str, Sequence[int]]
"""Chosen options by question: indexes into the options as they stand in the bank, not as they were shown."""


# --- prepare --------------------------------------------------------------------------------------


def open_drill(
    *,
    organisation: Organisation,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    minutes: int,
    attempts_allowed: int,
    by: Actor,
    at: datetime,
    event: Event | None = None,
    feed_quota: int = 0,
) -> Drill:
    """Prepare a drill for everybody employed by the organisation or below it; nobody sees it before its release.

    `minutes` is the time for one attempt. The best `feed_quota` of the ranking enter `event`, which must be for single
    people. Raises RuleBroken with every reason.
    """
    _refuse(
        _drill_problems(
            organisation, title, opens_at, closes_at, minutes, attempts_allowed, event, feed_quota
        )
    )
    drill = Drill(
        id=tokens.new_id(),
        organisation=organisation,
        title=title.strip(),
        state=DrillState.DRAFT,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=minutes,
        attempts_allowed=attempts_allowed,
        event=event,
        feed_quota=feed_quota,
        created_at=at,
    )
    session.add(drill)
    session.flush()
    fact = facts.DrillOpened(
        event_id=_chain(drill), subject_id=drill.id, title=drill.title, organisation=organisation.name
    )
    record(fact, by=by, at=at)
    return drill


def change_drill(
    drill: Drill,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    minutes: int,
    attempts_allowed: int,
    event: Event | None,
    feed_quota: int,
    version: int,
    by: Actor,
    at: datetime,
) -> Drill:
    """Change what a draft says; `version` is what the person saw. A released drill stays as people know it."""
    lock(drill)
    if drill.version != version:
        raise Conflict(sentence("Somebody else changed this drill while you were editing it."))
    _refuse_released(drill)
    _refuse(
        _drill_problems(
            drill.organisation, title, opens_at, closes_at, minutes, attempts_allowed, event, feed_quota
        )
    )
    wanted = {
        "title": title.strip(),
        "opens_at": opens_at,
        "closes_at": closes_at,
        "minutes": minutes,
        "attempts_allowed": attempts_allowed,
        "event_id": event.id if event else None,
        "feed_quota": feed_quota,
    }
    changed = [field for field, value in wanted.items() if getattr(drill, field) != value]
    if not changed:
        return drill
    for field in changed:
        setattr(drill, field, wanted[field])
    session.flush()
    session.refresh(drill)
    fact = facts.DrillChanged(event_id=_chain(drill), subject_id=drill.id, title=drill.title, fields=changed)
    record(fact, by=by, at=at)
    return drill


def _drill_problems(
    organisation: Organisation,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    minutes: int,
    attempts_allowed: int,
    event: Event | None,
    feed_quota: int,
) -> list[Sentence]:
    found = []
    if not title.strip():
        found.append(sentence("The drill has no title. Give it one."))
    if closes_at <= opens_at:
        found.append(sentence("The drill closes before it opens. Choose a later end."))
    if not 1 <= minutes <= 480:
        found.append(sentence("The time for one attempt is from 1 to 480 minutes."))
    if not 1 <= attempts_allowed <= 20:
        found.append(sentence("Everybody has from 1 to 20 attempts."))
    return found + _feed_problems(organisation, event, feed_quota)


def _feed_problems(organisation: Organisation, event: Event | None, feed_quota: int) -> list[Sentence]:
    if event is None:
        if feed_quota:
            return [sentence("Choose the event that the best of the drill enter, or set their number to 0.")]
        return []
    found = []
    if event.team_size != 1:
        found.append(
            sentence(
                "A drill ranks single people, and “%(event)s” is for teams. Choose another event.",
                event=event.name,
            )
        )
    host = event.competition.host
    if not organisation.path.startswith(host.path):
        found.append(
            sentence(
                "The drill of %(organisation)s cannot feed an event of %(host)s: its people do not belong to that host.",
                organisation=organisation.name,
                host=host.name,
            )
        )
    if not 1 <= feed_quota <= 1000:
        found.append(sentence("Say how many of the best enter the event: from 1 to 1000."))
    return found


def add_question(
    drill: Drill,
    *,
    kind: QuestionKind,
    stem: str,
    options: Sequence[str],
    correct: Sequence[int],
    points: Decimal,
    by: Actor,
    at: datetime,
    explanation: str = "",
) -> Question:
    """Add a question to a draft. `correct` are indexes into `options`; a true-or-false question may leave options
    empty (then 0 is true, 1 is false). Raises RuleBroken with every reason."""
    lock(drill)
    _refuse_released(drill)
    texts = [text.strip() for text in options] or (
        list(TRUE_FALSE) if kind is QuestionKind.TRUE_FALSE else []
    )
    right = sorted(set(correct))
    known = queries.questions_of(drill)
    problems = _question_problems(kind, stem, texts, right, points)
    if len(known) >= MOST_QUESTIONS:
        problems.append(sentence("A drill has at most %(most)s questions.", most=MOST_QUESTIONS))
    _refuse(problems)
    question = Question(
        id=tokens.new_id(),
        drill=drill,
        number=known[-1].number + 1 if known else 1,
        kind=kind,
        stem=stem.strip(),
        options=texts,
        correct=right,
        points=points,
        explanation=explanation.strip(),
    )
    session.add(question)
    session.flush()
    fact = facts.QuestionAdded(
        event_id=_chain(drill), subject_id=drill.id, title=drill.title, number=question.number
    )
    record(fact, by=by, at=at)
    return question


def _question_problems(
    kind: QuestionKind, stem: str, options: list[str], correct: list[int], points: Decimal
) -> list[Sentence]:
    found = []
    if not stem.strip():
        found.append(sentence("The question has no text. Write it."))
    if kind is QuestionKind.TRUE_FALSE and len(options) != 2:
        found.append(sentence("A true-or-false question has two options."))
    if not 2 <= len(options) <= 10 or not all(options):
        found.append(sentence("A question has from 2 to 10 options, and none of them is empty."))
    if len(set(options)) != len(options):
        found.append(sentence("Two options say the same. Change one of them."))
    if not correct or not all(0 <= index < len(options) for index in correct):
        found.append(sentence("Mark the right option."))
    elif kind is not QuestionKind.MULTIPLE and len(correct) != 1:
        found.append(sentence("This kind of question has exactly one right option."))
    if not Decimal(0) < points <= 100:
        found.append(sentence("A question is worth more than 0 and at most 100 points."))
    return found


def remove_question(question: Question, *, by: Actor, at: datetime) -> None:
    """Take a question out of a draft; the ones after it move up by one."""
    drill = question.drill
    lock(drill)
    _refuse_released(drill)
    number = question.number
    session.delete(question)
    session.flush()
    for later in queries.questions_of(drill):
        if later.number > number:
            later.number -= 1
            session.flush()
    session.expire(drill, ["questions"])
    fact = facts.QuestionRemoved(
        event_id=_chain(drill), subject_id=drill.id, title=drill.title, number=number
    )
    record(fact, by=by, at=at)


def release_drill(drill: Drill, *, by: Actor, at: datetime) -> Drill:
    """Let people take the drill from its opening on; its questions stay as they are from now on."""
    lock(drill)
    _refuse_released(drill)
    questions = queries.questions_of(drill)
    problems = [] if questions else [sentence("The drill has no questions. Add at least one.")]
    if at >= drill.closes_at:
        problems.append(sentence("The drill's end has passed already. Choose a later end."))
    _refuse(problems)
    drill.state = DrillState.OPEN
    bank = [[q.number, q.kind, q.stem, q.options, q.correct, q.points, q.explanation] for q in questions]
    fact = facts.DrillReleased(
        event_id=_chain(drill),
        subject_id=drill.id,
        title=drill.title,
        questions=len(questions),
        hash=fingerprint(bank),
    )
    record(fact, by=by, at=at)
    session.flush()
    return drill


# --- take -----------------------------------------------------------------------------------------


def start_attempt(drill: Drill, worker: Worker, *, seed: str, by: Actor, at: datetime) -> Attempt:
    """Begin an attempt, or go on with the one under way. The seed fixes the order of questions and options.

    The time ends `minutes` later, at the latest when the drill closes. An attempt whose time has run out is handed in
    with what was saved before the next one begins. Raises RuleBroken when the drill is not open to this worker now or no
    attempt is left.
    """
    lock(drill, read=True)
    lock(worker)
    _refuse(_taking_problems(drill, worker, at))
    known = queries.attempts_of(drill, worker)
    if known and known[-1].submitted_at is None:
        if not queries.is_over(known[-1], at):
            return known[-1]
        _hand_in(known[-1], by=by, at=at)
    if len(known) >= drill.attempts_allowed:
        raise RuleBroken(
            sentence("You have used all %(allowed)s attempts at this drill.", allowed=drill.attempts_allowed)
        )
    paper = make_paper(queries.questions_of(drill), seed)
    attempt = Attempt(
        id=tokens.new_id(),
        drill=drill,
        worker=worker,
        number=len(known) + 1,
        seed=seed,
        paper=[item.document() for item in paper],
        answers={},
        started_at=at,
        due_at=min(at + timedelta(minutes=drill.minutes), drill.closes_at),
    )
    session.add(attempt)
    session.flush()
    fact = facts.AttemptStarted(
        event_id=_chain(drill), subject_id=attempt.id, title=drill.title, number=attempt.number
    )
    record(fact, by=by, at=at)
    return attempt


def _taking_problems(drill: Drill, worker: Worker, at: datetime) -> list[Sentence]:
    if not queries.is_for(drill, worker):
        return [
            sentence(
                "This drill is for the people of %(organisation)s. Ask your unit for its own drill.",
                organisation=drill.organisation.name,
            )
        ]
    if drill.state is DrillState.OPEN and drill.opens_at <= at < drill.closes_at:
        return []
    if drill.state is DrillState.OPEN and at < drill.opens_at:
        return [sentence("This drill has not opened yet. Come back when it opens.")]
    if drill.state is DrillState.DRAFT:
        return [sentence("This drill is still being prepared.")]
    return [sentence("This drill is closed. The next one will be announced by your unit.")]


def save_answers(attempt: Attempt, *, answers: Answers, by: Actor, at: datetime) -> Attempt:
    """Keep the answers given so far. Too late, or after handing in, nothing is kept and the reason is said.

    Leaves no line in the record: a draft is not a decision; handing in records the fingerprint of the answers.
    """
    lock(attempt)
    if attempt.submitted_at is not None:
        raise RuleBroken(sentence("This attempt has been handed in. Its answers stay as they are."))
    if queries.is_over(attempt, at):
        raise RuleBroken(
            sentence("The time is over. Hand in: the answers saved in time are scored."),
        )
    attempt.answers = _valid_answers(attempt, answers)
    session.flush()
    return attempt


def submit_attempt(attempt: Attempt, *, answers: Answers, by: Actor, at: datetime) -> Attempt:
    """Hand in and score. More than 30 seconds after the end of the time the answers saved before are scored instead.

    Doing it twice changes nothing: the first time counts.
    """
    lock(attempt)
    if attempt.submitted_at is not None:
        return attempt
    if not queries.is_over(attempt, at):
        attempt.answers = _valid_answers(attempt, answers)
    return _hand_in(attempt, by=by, at=at)


def _valid_answers(attempt: Attempt, answers: Answers) -> dict[str, list[int]]:
    """The answers as they are stored. One that no page of this attempt can send is a broken rule, not a guess."""
    offered = {str(item.question_id): set(item.options) for item in queries.paper_of(attempt)}
    kinds = {str(question.id): question.kind for question in queries.questions_of(attempt.drill)}
    kept: dict[str, list[int]] = {}
    for question, chosen in answers.items():
        key, options = str(question), sorted(set(chosen))
        too_many = kinds.get(key) is not QuestionKind.MULTIPLE and len(options) > 1
        if key not in offered or not set(options) <= offered[key] or too_many:
            raise RuleBroken(
                sentence("An answer does not belong to this paper. Load the page again and go on from there.")
            )
        if options:
            kept[key] = options
    return kept


def _hand_in(attempt: Attempt, *, by: Actor, at: datetime) -> Attempt:
    drill, late = attempt.drill, queries.is_over(attempt, at)
    questions = queries.questions_of(drill)
    attempt.submitted_at = min(at, attempt.due_at)
    attempt.score = score_of(questions, attempt.answers)
    seconds = queries.seconds_between(attempt.started_at, attempt.submitted_at)
    session.flush()
    fact = facts.AttemptSubmitted(
        event_id=_chain(drill),
        subject_id=attempt.id,
        title=drill.title,
        number=attempt.number,
        score=format(attempt.score, "f"),
        seconds=seconds,
        answers_hash=fingerprint(attempt.answers),
        late=late,
        hasty=bool(attempt.answers) and seconds < HASTY_SECONDS * len(questions),
    )
    record(fact, by=by, at=at)
    return attempt


# --- close ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PassedOver:
    """Somebody of the best who could not be entered, and why; the next one moved up."""

    place: int
    worker: Worker
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True)
class Feeding:
    """What became of the best: who was entered, who was passed over; `waits` says why nobody was entered yet."""

    entered: tuple[DrillRank, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    waits: Sentence | None = None


@dataclass(frozen=True)
class Closing:
    """The final ranking of a drill, and what became of its best."""

    ranks: tuple[DrillRank, ...]
    feeding: Feeding


def close_drill(drill: Drill, *, by: Actor, at: datetime) -> Closing:
    """End the drill: hand in what is still open, rank (score, then time, then shared), enter the best into the event.

    May be done before its time; whoever is at it then is scored on what was saved. Refused when it is not open.
    """
    lock(drill)
    if drill.state is not DrillState.OPEN:
        raise RuleBroken(sentence("Only an open drill can be closed."))
    for attempt in queries.unfinished_attempts(drill):
        lock(attempt)
        if attempt.submitted_at is None:
            _hand_in(attempt, by=by, at=at)
    ranks = [
        DrillRank(
            drill_id=drill.id,
            worker_id=placed.standing.worker_id,
            attempt_id=placed.standing.attempt_id,
            place=placed.place,
            score=placed.standing.score,
            seconds=placed.standing.seconds,
        )
        for placed in ranking_of(best_of(queries.standings_of(drill)))
    ]
    session.add_all(ranks)
    drill.state, drill.closed_at = DrillState.CLOSED, at
    session.flush()
    lines = [[rank.place, rank.worker_id, rank.attempt_id, rank.score, rank.seconds] for rank in ranks]
    fact = facts.DrillClosed(
        event_id=_chain(drill),
        subject_id=drill.id,
        title=drill.title,
        ranked=len(ranks),
        hash=fingerprint(lines),
    )
    record(fact, by=by, at=at)
    return Closing(tuple(ranks), enter_best(drill, by=by, at=at))


def enter_best(drill: Drill, *, by: Actor, at: datetime) -> Feeding:
    """Enter the best `feed_quota` of a closed drill into its event: by place, equals on the line all together.

    Who may not enter is passed over with the reasons and the next one moves up. Nothing is done twice; while the event
    takes no entries nobody is entered and the result says so.
    """
    lock(drill)
    if drill.state is not DrillState.CLOSED:
        raise RuleBroken(sentence("The best of a drill are known when it is closed. Close it first."))
    event = drill.event
    if event is None or not drill.feed_quota:
        return Feeding()
    if event.state is not EventState.REGISTRATION:
        return Feeding(
            waits=sentence(
                "“%(event)s” takes no entries now (%(state)s). Enter the best when its registration is open.",
                event=event.name,
                state=STATE_TITLES[EventState(event.state)],
            )
        )
    feeding = _feed(drill, event, by=by, at=at)
    if feeding.entered or feeding.passed_over:
        fact = facts.BestEntered(
            event_id=event.id,
            subject_id=drill.id,
            title=drill.title,
            entered=len(feeding.entered),
            passed_over=len(feeding.passed_over),
        )
        record(fact, by=by, at=at)
    return feeding


def _feed(drill: Drill, event: Event, *, by: Actor, at: datetime) -> Feeding:
    taken, line = 0, 0
    entered, passed_over = [], []
    for rank in queries.ranks_of(drill):
        if taken >= drill.feed_quota and rank.place != line:
            break
        if rank.entrant_id is not None:
            taken, line = taken + 1, rank.place
            continue
        reasons = check_entry(event, [rank.worker], at=at).barring
        if not reasons:
            try:
                entrant = enter(
                    event, workers=[rank.worker], source=EntrySource.DRILL, source_id=drill.id, by=by, at=at
                )
            except RuleBroken as problem:
                reasons = problem.sentences
            else:
                rank.entrant_id = entrant.id
                entered.append(rank)
                taken, line = taken + 1, rank.place
        if reasons:
            passed_over.append(PassedOver(rank.place, rank.worker, tuple(reasons)))
    session.flush()
    return Feeding(tuple(entered), tuple(passed_over))


# --- shared ---------------------------------------------------------------------------------------


def _refuse_released(drill: Drill) -> None:
    if drill.state is not DrillState.DRAFT:
        raise RuleBroken(
            sentence("This drill has been released; it cannot be changed any more. Prepare a new one.")
        )


def _refuse(problems: Sequence[Sentence]) -> None:
    if problems:
        raise RuleBroken(*problems)


def _chain(drill: Drill) -> UUID | None:
    """Facts of a drill stand in the chain of the event it feeds, else in the installation's."""
    return drill.event_id
