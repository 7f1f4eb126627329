"""Write workers: register once, correct, give an account, record grades; keep the list of occupations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from competition import tokens
from competition.accounts.models import Account
from competition.accounts.services import grant_role, open_account
from competition.audit.services import record
from competition.database import lock, session
from competition.errors import Conflict, RuleBroken
from competition.organisations.models import Organisation
from competition.rules.access import Actor, Role
from competition.rules.eligibility import WorkerStatus
from competition.rules.grades import Grade
from competition.rules.identity import (
    IdType,
    Sex,
    birth_date_of,
    document_problem,
    id_disagreements,
    mask_id_number,
    mask_phone,
    normalise_id_number,
    normalise_phone,
    phone_problem,
    sex_of,
)
from competition.rules.names import mask_name, name_problem, normalise_name, search_key
from competition.rules.occupations import normalise_occupation_code, occupation_code_problem
from competition.rules.sentences import Sentence, sentence
from competition.workers import facts, queries
from competition.workers.models import GradeRecord, Occupation, Worker
from competition.workers.sorting import sort_key_of

DECLARED, PROMOTION = "declared", "promotion"
SOURCES = (DECLARED, PROMOTION)
STARTER = Path(__file__).with_name("occupations.json")


def open_occupation(
    *, code: str, name: str, name_en: str, catalogue_year: int, ceiling: Grade, by: Actor, at: datetime
) -> Occupation:
    """Add an occupation of the catalogue; `ceiling` is the highest grade its occupational standard defines."""
    code = normalise_occupation_code(code)
    problems = [problem for problem in [occupation_code_problem(code)] if problem]
    if not name.strip() or not name_en.strip():
        problems.append(sentence("An occupation has a Chinese and an English name. Enter both."))
    if max(len(name), len(name_en)) > 100:
        problems.append(sentence("The name of an occupation has at most %(most)s characters.", most=100))
    if not problems and queries.occupation_by_code(code):
        problems.append(sentence("The occupation %(code)s is already on the list.", code=code))
    if problems:
        raise RuleBroken(*problems)
    occupation = Occupation(
        code=code, name=name.strip(), name_en=name_en.strip(), catalogue_year=catalogue_year, ceiling=ceiling
    )
    session.add(occupation)
    session.flush()
    record(
        facts.OccupationOpened(event_id=None, subject_id=None, code=code, name=occupation.name), by=by, at=at
    )
    return occupation


def load_starter_occupations(*, by: Actor, at: datetime) -> list[Occupation]:
    """Add those occupations of the list in occupations.json that are not known yet; returns the added ones."""
    listed = json.loads(STARTER.read_text("utf-8"))
    return [
        open_occupation(
            code=each["code"],
            name=each["name"],
            name_en=each["name_en"],
            catalogue_year=listed["catalogue_year"],
            ceiling=Grade(each["ceiling"]),
            by=by,
            at=at,
        )
        for each in listed["occupations"]
        if queries.occupation_by_code(each["code"]) is None
    ]


def register_worker(
    *,
    name: str,
    id_type: IdType,
    id_number: str,
    employer: Organisation,
    occupation: Occupation,
    birth_date: date | None = None,
    sex: Sex | None = None,
    phone: str | None = None,
    status: WorkerStatus = WorkerStatus.WORKER,
    grade: Grade | None = None,
    grade_since: date | None = None,
    in_occupation_since: date | None = None,
    by: Actor,
    at: datetime,
) -> Worker:
    """Register a person, once: the ID number must be new.

    A resident ID number carries birth date and sex; typed ones must agree with it. A declared grade becomes the first
    line of the grade history, from `grade_since` on (the day of registration when that is not known).
    Raises RuleBroken with every reason.
    """
    number = normalise_id_number(id_number)
    problems = [
        *_name_problems(name),
        *_number_problems(id_type, number, birth_date, sex, at.date()),
        *_phone_problems(phone),
        *_grade_problems(grade, grade_since, occupation, at.date()),
        *_day_problems(in_occupation_since, birth_date or birth_date_of(number), at.date()),
    ]
    if problems:
        raise RuleBroken(*problems)
    resident = id_type is IdType.RESIDENT_ID
    worker = Worker(
        id=tokens.new_id(),
        id_type=id_type,
        id_number=number,
        id_number_index=queries.id_number_index(number),
        birth_date=birth_date_of(number) if resident else birth_date,
        sex=sex_of(number) if resident else sex,
        phone=normalise_phone(phone) if phone else None,
        status=status,
        employer=employer,
        occupation=occupation,
        in_occupation_since=in_occupation_since,
        created_at=at,
        **_named(name),
    )
    session.add(worker)
    session.flush()
    record(
        facts.WorkerRegistered(
            event_id=None, subject_id=worker.id, masked_name=mask_name(worker.name), employer=employer.name
        ),
        by=by,
        at=at,
    )
    if grade is not None:
        record_grade(
            worker,
            occupation_code=occupation.code,
            grade=grade,
            effective_on=grade_since or at.date(),
            source=DECLARED,
            by=by,
            at=at,
        )
    return worker


@dataclass(frozen=True)
class NewWorker:
    """What `register_worker` asks about a person, for many people at once."""

    name: str
    id_type: IdType
    id_number: str
    employer: Organisation
    occupation: Occupation
    phone: str | None = None
    grade: Grade | None = None
    grade_since: date | None = None
    in_occupation_since: date | None = None

    def problems(self, today: date) -> list[tuple[str, Sentence]]:
        """What is wrong with the person's details: pairs of the field's name and a sentence."""
        by_field = {
            "name": _name_problems(self.name),
            "id_number": [p for p in [document_problem(self.id_type, self.id_number, today=today)] if p],
            "phone": _phone_problems(self.phone),
            "grade": _grade_problems(self.grade, self.grade_since, self.occupation, today),
            "in_occupation_since": _day_problems(
                self.in_occupation_since, birth_date_of(self.id_number), today
            ),
        }
        return [(field, problem) for field, found in by_field.items() for problem in found]

    def worker(self, at: datetime) -> Worker:
        """The row of this person, not yet kept."""
        number = normalise_id_number(self.id_number)
        resident = self.id_type is IdType.RESIDENT_ID
        return Worker(
            id=tokens.new_id(),
            id_type=self.id_type,
            id_number=number,
            id_number_index=queries.id_number_index(number),
            birth_date=birth_date_of(number) if resident else None,
            sex=sex_of(number) if resident else None,
            phone=normalise_phone(self.phone) if self.phone else None,
            status=WorkerStatus.WORKER,
            grade=self.grade,
            employer_id=self.employer.id,
            employer=self.employer,
            occupation_code=self.occupation.code,
            occupation=self.occupation,
            in_occupation_since=self.in_occupation_since,
            created_at=at,
            **_named(self.name),
        )


def register_workers(people: Sequence[NewWorker], *, by: Actor, at: datetime) -> list[Worker]:
    """Register many people from a checked list, with a handful of writes and one fact.

    The same rules as `register_worker`, except that the database alone refuses an ID number that is already
    known (the caller has looked). Raises RuleBroken with every reason.
    """
    problems = [problem for person in people for _, problem in person.problems(at.date())]
    if problems:
        raise RuleBroken(*dict.fromkeys(problems))
    if not people:
        return []
    made = [person.worker(at) for person in people]
    session.add_all(made)
    session.flush()
    session.add_all(
        GradeRecord(
            id=tokens.new_id(),
            worker_id=worker.id,
            occupation_code=worker.occupation_code,
            grade=person.grade,
            effective_on=person.grade_since or at.date(),
            source=DECLARED,
            recorded_at=at,
            recorded_by=by.account_id,
        )
        for worker, person in zip(made, people, strict=True)
        if person.grade is not None
    )
    session.flush()
    record(facts.WorkersRegistered(event_id=None, subject_id=None, count=len(made)), by=by, at=at)
    return made


def change_worker(
    worker: Worker,
    *,
    name: str,
    id_type: IdType,
    id_number: str,
    employer: Organisation,
    occupation: Occupation,
    birth_date: date | None = None,
    sex: Sex | None = None,
    phone: str | None = None,
    status: WorkerStatus = WorkerStatus.WORKER,
    in_occupation_since: date | None = None,
    version: int,
    by: Actor,
    at: datetime,
) -> Worker:
    """Correct a worker's details. The grade is not among them: grades are recorded, never overwritten.

    In a new occupation the worker's present grade is the latest one recorded for it. Raises Conflict when somebody
    changed the worker since `version` was read, RuleBroken as `register_worker` does.
    """
    lock(worker)
    number = normalise_id_number(id_number)
    resident = id_type is IdType.RESIDENT_ID
    wanted = {
        **_named(name),
        "id_type": id_type,
        "id_number": number,
        "birth_date": birth_date_of(number) if resident else birth_date,
        "sex": sex_of(number) if resident else sex,
        "phone": normalise_phone(phone) if phone else None,
        "status": status,
        "employer_id": employer.id,
        "occupation_code": occupation.code,
        "in_occupation_since": in_occupation_since,
    }
    if worker.version != version:
        raise Conflict(
            sentence("Somebody else changed this worker while you were editing."),
            theirs=_told(
                worker.name,
                worker.id_number,
                worker.phone,
                worker.employer,
                worker.occupation,
                worker.in_occupation_since,
            ),
            yours=_told(
                normalise_name(name), number, wanted["phone"], employer, occupation, in_occupation_since
            ),
        )
    problems = [
        *_name_problems(name),
        *_number_problems(id_type, number, birth_date, sex, at.date(), but=worker.id),
        *_phone_problems(phone),
        *_day_problems(in_occupation_since, birth_date or birth_date_of(number), at.date()),
    ]
    if problems:
        raise RuleBroken(*problems)
    changed = [field for field, value in wanted.items() if getattr(worker, field) != value]
    if not changed:
        return worker
    for field in changed:
        setattr(worker, field, wanted[field])
    if "id_number" in changed:
        worker.id_number_index = queries.id_number_index(number)
    if "occupation_code" in changed:
        worker.grade = _latest_grade(worker, occupation.code)
    session.flush()
    shown = [field for field in changed if not field.endswith("_key")]
    record(
        facts.WorkerChanged(
            event_id=None, subject_id=worker.id, masked_name=mask_name(worker.name), fields=shown
        ),
        by=by,
        at=at,
    )
    return worker


def give_account(
    worker: Worker, *, username: str, password: str, by: Actor, at: datetime, must_change: bool = True
) -> Account:
    """Open an account for a worker, with the role of a worker; a person has one account."""
    lock(worker)
    if worker.account_id is not None:
        raise RuleBroken(sentence("This worker already has an account."))
    account = open_account(
        username=username, name=worker.name, password=password, by=by, at=at, must_change=must_change
    )
    grant_role(account, role=Role.WORKER, by=by, at=at)
    worker.account = account
    record(
        facts.WorkerAccountGiven(
            event_id=None,
            subject_id=worker.id,
            masked_name=mask_name(worker.name),
            username=account.username,
        ),
        by=by,
        at=at,
    )
    session.flush()
    return account


def record_grade(
    worker: Worker,
    *,
    occupation_code: str,
    grade: Grade,
    effective_on: date,
    source: str,
    source_id: UUID | None = None,
    document_number: str = "",
    by: Actor,
    at: datetime,
) -> GradeRecord:
    """Write a line of the grade history; in the worker's own occupation a higher grade becomes the present one.

    `source` is "declared" or "promotion"; `source_id` is then the promotion case. Refuses a grade above the
    ceiling of the occupation's standard.
    """
    if source not in SOURCES:
        raise ValueError(f"a grade comes from one of {SOURCES}, not from {source!r}")
    occupation = queries.occupation_by_code(occupation_code)
    if occupation is None:
        raise RuleBroken(sentence("The occupation %(code)s is not on the list.", code=occupation_code))
    if problem := _above_ceiling(grade, occupation):
        raise RuleBroken(problem)
    line = GradeRecord(
        id=tokens.new_id(),
        worker_id=worker.id,
        occupation_code=occupation_code,
        grade=grade,
        effective_on=effective_on,
        source=source,
        source_id=source_id,
        document_number=document_number,
        recorded_at=at,
        recorded_by=by.account_id,
    )
    session.add(line)
    if occupation_code == worker.occupation_code and (worker.grade is None or grade > Grade(worker.grade)):
        worker.grade = grade
    record(
        facts.GradeRecorded(
            event_id=None,
            subject_id=worker.id,
            masked_name=mask_name(worker.name),
            grade=grade,
            effective_on=effective_on.isoformat(),
            source=source,
        ),
        by=by,
        at=at,
    )
    session.flush()
    return line


def _named(name: str) -> dict[str, str]:
    name = normalise_name(name)
    return {"name": name, "search_key": search_key(name)[:100], "sort_key": sort_key_of(name)}


def _name_problems(name: str) -> list[Sentence]:
    problem = name_problem(name)
    return [problem] if problem else []


def _number_problems(
    id_type: IdType,
    number: str,
    birth_date: date | None,
    sex: Sex | None,
    today: date,
    *,
    but: UUID | None = None,
) -> list[Sentence]:
    if problem := document_problem(id_type, number, today=today):
        return [problem]
    known = queries.worker_by_id_number(number)
    if known is not None and known.id != but:
        return [
            sentence(
                "A worker with this ID number is already registered. Every person is registered once; search by ID number."
            )
        ]
    if id_type is IdType.RESIDENT_ID:
        return list(id_disagreements(number, birth_date=birth_date, sex=sex))
    if birth_date is not None and birth_date > today:
        return [sentence("The date of birth lies in the future.")]
    return []


def _phone_problems(phone: str | None) -> list[Sentence]:
    problem = phone_problem(phone) if phone else None
    return [problem] if problem else []


def _grade_problems(
    grade: Grade | None, since: date | None, occupation: Occupation, today: date
) -> list[Sentence]:
    problems = []
    if grade is None:
        if since is not None:
            problems.append(sentence("There is a day since when the grade is held, but no grade. Choose it."))
        return problems
    if problem := _above_ceiling(grade, occupation):
        problems.append(problem)
    if since is not None and since > today:
        problems.append(sentence("The day since when the grade is held lies in the future."))
    return problems


def _above_ceiling(grade: Grade, occupation: Occupation) -> Sentence | None:
    if grade <= Grade(occupation.ceiling):
        return None
    return sentence(
        "The standard of this occupation ends at “%(ceiling)s”, so nobody can hold “%(grade)s” in it.",
        ceiling=Grade(occupation.ceiling).label,
        grade=grade.label,
    )


def _day_problems(since: date | None, born: date | None, today: date) -> list[Sentence]:
    if since is None:
        return []
    if since > today:
        return [sentence("The first day in the occupation lies in the future.")]
    if born is not None and since <= born:
        return [sentence("The first day in the occupation lies before the date of birth.")]
    return []


def _latest_grade(worker: Worker, occupation_code: str) -> Grade | None:
    held = [
        Grade(line.grade) for line in queries.grade_history(worker) if line.occupation_code == occupation_code
    ]
    return max(held, key=lambda grade: grade.order) if held else None


def _told(
    name: str,
    id_number: str,
    phone: object,
    employer: Organisation,
    occupation: Occupation,
    since: date | None,
) -> dict[Sentence, str | None]:
    return {
        sentence("Full name"): name,
        sentence("ID number"): mask_id_number(id_number),
        sentence("Telephone"): mask_phone(str(phone)) if phone else None,
        sentence("Employer"): employer.name,
        sentence("Occupation"): f"{occupation.code} {occupation.name}",
        sentence("In the occupation since"): since.isoformat() if since else None,
    }
