"""Build what the rules ask about a person, and ask them: may this person enter, and be rewarded.

Assumptions: a worker's record without a grade says that none is held; earlier honours and safety certificates
are not kept yet, so none are known to be held. Days are days of China (UTC+8).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.competitions.models import Event
from competition.competitions.queries import rule_document
from competition.database import session
from competition.organisations.models import Organisation
from competition.registration.models import Entrant, EntrantMember
from competition.rules.eligibility import (
    Candidate,
    Condition,
    Eligibility,
    WorkerStatus,
    check,
    condition_problems,
    full_years,
)
from competition.rules.grades import Grade
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import GradeRecord, Worker

_CHINA = timezone(timedelta(hours=8))
_CHUNK = 500
"""How many ids one question names: SQLite and PostgreSQL take many more, their planners do not."""


@dataclass(frozen=True)
class MemberCheck:
    """What the conditions of an event say about one person."""

    worker: Worker
    eligibility: Eligibility


@dataclass(frozen=True)
class EntryCheck:
    """What the conditions say about all people of an entry: one who may not enter bars all."""

    members: tuple[MemberCheck, ...]

    @property
    def eligible(self) -> bool:
        return all(member.eligibility.eligible for member in self.members)

    @property
    def award_eligible(self) -> bool:
        return all(member.eligibility.award_eligible for member in self.members)

    @property
    def barring(self) -> tuple[Sentence, ...]:
        """Why it may not enter: the sentences of the barring conditions, with the person's name in a team."""
        return tuple(
            self._about(member.worker, answer.sentence)
            for member in self.members
            for answer in member.eligibility.answers
            if not answer.passed and answer.effect == "bar"
        )

    def document(self) -> list[dict[str, object]]:
        """The answers as they are kept with the entrant."""
        return [
            {
                "worker": str(member.worker.id),
                "kind": str(answer.condition["kind"]),
                "finding": answer.finding.value,
                "effect": answer.effect.value,
                "sentence": sentence_document(answer.sentence),
            }
            for member in self.members
            for answer in member.eligibility.answers
        ]

    def _about(self, worker: Worker, reason: Sentence) -> Sentence:
        if len(self.members) == 1:
            return reason
        return sentence("%(name)s: %(reason)s", name=worker.name, reason=reason)


def check_entry(event: Event, workers: Sequence[Worker], *, at: datetime) -> EntryCheck:
    """What the event's conditions say about the people of one entry. Writes nothing."""
    return check_entries(event, [workers], at=at)[0]


def check_entries(event: Event, entries: Sequence[Sequence[Worker]], *, at: datetime) -> list[EntryCheck]:
    """The same for many entries, with a handful of questions to the database."""
    conditions = conditions_of(event)
    candidates = _candidates(event, [worker for workers in entries for worker in workers], at)
    return [
        EntryCheck(tuple(MemberCheck(worker, check(conditions, candidates[worker.id])) for worker in workers))
        for workers in entries
    ]


def conditions_of(event: Event) -> Sequence[Condition]:
    """The part "eligibility" of the event's rule set; empty while an unfinished draft cannot be read."""
    conditions = rule_document(event).get("eligibility", [])
    if not isinstance(conditions, list) or condition_problems(conditions):
        return ()
    return conditions


def sentence_document(words: Sentence) -> dict[str, object]:
    """A sentence as JSON: its text, and its values as text or sentences."""
    return {
        "text": words.text,
        "values": {
            name: sentence_document(value) if isinstance(value, Sentence) else str(value)
            for name, value in words.values.items()
        },
    }


def sentence_of(document: dict[str, object]) -> Sentence:
    """Make the sentence of a stored answer again."""
    values = document["values"]
    assert isinstance(values, dict)
    return Sentence(
        str(document["text"]),
        {name: sentence_of(value) if isinstance(value, dict) else value for name, value in values.items()},
    )


def today(at: datetime) -> date:
    """The day of a moment in China."""
    return at.astimezone(_CHINA).date()


def chunks(ids: Iterable[object]) -> Iterable[list[object]]:
    every = list(dict.fromkeys(ids))
    return (every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK))


def _candidates(event: Event, workers: Sequence[Worker], at: datetime) -> dict[UUID, Candidate]:
    ids = [worker.id for worker in workers]
    held_since = _grades_held_since(ids)
    others = _other_events(event, ids)
    divisions = _divisions(workers)
    return {
        worker.id: Candidate(
            birth_date=worker.birth_date,
            grade=Grade(worker.grade) if worker.grade else None,
            grade_since=held_since.get((worker.id, worker.occupation_code, worker.grade or "")),
            has_no_grade=worker.grade is None,
            years_in_occupation=_years(worker.in_occupation_since, today(at)),
            worker_status=WorkerStatus(worker.status),
            employer_chain=_chain(worker.employer),
            employer_division=divisions[worker.employer_id],
            occupation=worker.occupation_code,
            honours=frozenset(),
            other_events=tuple(others[worker.id]),
            certificates={},
        )
        for worker in workers
    }


def _years(since: date | None, on: date) -> Decimal | None:
    return None if since is None else Decimal(max(0, full_years(since, on)))


def _chain(organisation: Organisation) -> tuple[str, ...]:
    return tuple(part for part in organisation.path.split("/") if part)


def _divisions(workers: Sequence[Worker]) -> dict[UUID, str | None]:
    """The division code of each employer: its own, or that of the nearest organisation above it."""
    employers = {worker.employer_id: worker.employer for worker in workers}
    above = {UUID(part) for employer in employers.values() for part in _chain(employer)}
    codes: dict[str, str | None] = {}
    for some in chunks(above):
        rows = session.execute(
            select(Organisation.id, Organisation.division_code).where(Organisation.id.in_(some))
        )
        codes |= {str(organisation_id): code for organisation_id, code in rows}
    return {
        employer_id: next((codes[part] for part in reversed(_chain(employer)) if codes.get(part)), None)
        for employer_id, employer in employers.items()
    }


def _grades_held_since(ids: Sequence[UUID]) -> dict[tuple[UUID, str, str], date]:
    """The first day on which each worker held each grade of each occupation."""
    since: dict[tuple[UUID, str, str], date] = {}
    for some in chunks(ids):
        rows = session.execute(
            select(
                GradeRecord.worker_id,
                GradeRecord.occupation_code,
                GradeRecord.grade,
                GradeRecord.effective_on,
            )
            .where(GradeRecord.worker_id.in_(some))
            .order_by(GradeRecord.effective_on, GradeRecord.id)
        )
        for worker_id, occupation_code, grade, effective_on in rows:
            since.setdefault((worker_id, occupation_code, str(grade)), effective_on)
    return since


def _other_events(event: Event, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of the other events of the same competition that each worker has entered."""
    others: dict[UUID, list[str]] = defaultdict(list)
    for some in chunks(ids):
        rows = session.execute(
            select(EntrantMember.worker_id, Event.name)
            .join(Event, Event.id == EntrantMember.event_id)
            .where(
                EntrantMember.worker_id.in_(some),
                EntrantMember.active,
                Event.competition_id == event.competition_id,
                Event.id != event.id,
            )
            .order_by(Event.code)
        )
        for worker_id, name in rows:
            others[worker_id].append(name)
    return others


def workers_with_employers(ids: Iterable[UUID]) -> dict[UUID, Worker]:
    """Workers by id, with their employers, in few questions."""
    found: dict[UUID, Worker] = {}
    for some in chunks(ids):
        query = select(Worker).where(Worker.id.in_(some)).options(joinedload(Worker.employer))
        found |= {worker.id: worker for worker in session.scalars(query)}
    return found


def members_of(entrants: Sequence[Entrant]) -> dict[UUID, list[Worker]]:
    """The people of many entrants, in order, in few questions."""
    people: dict[UUID, list[Worker]] = {entrant.id: [] for entrant in entrants}
    for some in chunks(entrant.id for entrant in entrants):
        query = (
            select(EntrantMember)
            .where(EntrantMember.entrant_id.in_(some))
            .order_by(EntrantMember.entrant_id, EntrantMember.position)
            .options(joinedload(EntrantMember.worker).joinedload(Worker.employer))
        )
        for member in session.scalars(query):
            people[member.entrant_id].append(member.worker)
    return people
