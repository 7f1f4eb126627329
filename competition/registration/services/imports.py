"""Read a list of entries from a workbook, show what it would do, and take it over: all of it or nothing.

ID numbers wait sealed between upload and take-over and are forgotten afterwards. Assumption: the list never changes
a worker who is already registered; it only names them.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from competition import tokens, vault
from competition.audit.services import record
from competition.competitions.models import Competition, Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.organisations.models import Organisation
from competition.organisations.queries import within
from competition.registration import facts
from competition.registration.models import (
    Delegation,
    Entrant,
    EntrantImport,
    EntrantMember,
    EntrantState,
    EntrySource,
)
from competition.registration.queries import EntryCheck, check_entries, entered_worker_ids
from competition.registration.queries.delegations import sent_by
from competition.registration.queries.eligibility import chunks, sentence_document, today
from competition.registration.queries.imports import SEAL, event_of, sealed_document
from competition.registration.services.delegations import open_delegation
from competition.registration.services.entries import different_delegations, state_reasons
from competition.registration.services.roster import BY_KEY, Row, RowError, roster_of
from competition.rules.access import Actor
from competition.rules.grades import Grade
from competition.rules.identity import IdType, credit_code_problem, normalise_credit_code
from competition.rules.names import normalise_name
from competition.rules.occupations import normalise_occupation_code
from competition.rules.sentences import Sentence, sentence
from competition.workbooks.opening import cells_of
from competition.workers.models import Occupation, Worker
from competition.workers.queries import id_number_index, occupations
from competition.workers.services import NewWorker, register_workers

MOST_ERRORS = 2_000
"""How many errors of one list are kept; the count says how many there are."""
_SHOWN_AGAIN = 20


def read_import(event: Event, *, content: bytes, filename: str, by: Actor, at: datetime) -> EntrantImport:
    """Read a list for an event and keep it, with everything that must be corrected; nobody is entered yet.

    An earlier list of the same person for the event that was not taken over is forgotten. Raises RuleBroken when the
    file cannot be read as a list, or the event takes no entries.
    """
    if reasons := state_reasons(event, EntrySource.IMPORTED):
        raise RuleBroken(*reasons)
    roster = roster_of(cells_of(content, filename))
    reading = _Reading(event, roster.rows, at)
    errors = reading.errors()
    session.execute(
        delete(EntrantImport).where(
            EntrantImport.event_id == event.id,
            EntrantImport.uploaded_by == by.account_id,
            EntrantImport.taken_over_at.is_(None),
        )
    )
    uploaded = EntrantImport(
        id=tokens.new_id(),
        event_id=event.id,
        file_hash=hashlib.sha256(content).hexdigest(),
        sealed_rows=_sealed(reading.document(roster.ignored, len(errors))),
        row_count=len(roster.rows),
        errors=[_error_document(error) for error in errors[:MOST_ERRORS]],
        uploaded_at=at,
        uploaded_by=by.account_id,
    )
    session.add(uploaded)
    session.flush()
    record(
        facts.ListUploaded(
            event_id=event.id,
            subject_id=uploaded.id,
            rows=uploaded.row_count,
            errors=len(errors),
            file_hash=uploaded.file_hash,
        ),
        by=by,
        at=at,
    )
    return uploaded


def take_over_import(uploaded: EntrantImport, *, by: Actor, at: datetime) -> int:
    """Enter everybody on the list, registering those who are not known yet: all or nothing.

    Everything is looked at again, for much can have happened since the upload. Returns how many entries were made;
    a list that was taken over before changes nothing and answers with its number. Raises RuleBroken with what must
    be corrected.
    """
    lock(uploaded)
    if uploaded.taken_over_at is not None:
        return int(sealed_document(uploaded)["entries"])
    if uploaded.errors:
        raise RuleBroken(
            sentence("The list has places that must be corrected. Correct them and upload it again.")
        )
    event = event_of(uploaded)
    lock(event)
    if reasons := state_reasons(event, EntrySource.IMPORTED):
        raise RuleBroken(*reasons)
    reading = _Reading(event, _rows_of(sealed_document(uploaded)), at)
    if errors := reading.errors():
        raise RuleBroken(*(_in_row(error) for error in errors[:_SHOWN_AGAIN]))
    new = register_workers([entry.new for entry in reading.people if entry.new is not None], by=by, at=at)
    reading.become_known(new)
    entrants = _enter_all(event, reading, by=by, at=at)
    uploaded.taken_over_at = at
    uploaded.sealed_rows = _sealed({"rows": [], "entries": len(entrants), "new": len(new)})
    session.flush()
    record(
        facts.ListTakenOver(
            event_id=event.id, subject_id=uploaded.id, entrants=len(entrants), new_workers=len(new)
        ),
        by=by,
        at=at,
    )
    return len(entrants)


def _enter_all(event: Event, reading: "_Reading", *, by: Actor, at: datetime) -> list[Entrant]:
    delegations: dict[UUID, Delegation] = {}
    made = []
    for people, check in zip(reading.entries, reading.checks(), strict=True):
        sender = reading.sender_of(people[0])
        if sender.id not in delegations:
            delegations[sender.id] = open_delegation(event.competition, sender, by=by, at=at)
        made.append(_entrant(event, delegations[sender.id], people, check, by=by, at=at))
    session.add_all(made)
    session.flush()
    return made


def _entrant(
    event: Event,
    delegation: Delegation,
    people: Sequence["_Person"],
    check: EntryCheck,
    *,
    by: Actor,
    at: datetime,
) -> Entrant:
    return Entrant(
        id=tokens.new_id(),
        event_id=event.id,
        delegation_id=delegation.id,
        state=EntrantState.SUBMITTED,
        source=EntrySource.IMPORTED,
        award_eligible=check.award_eligible,
        present=True,
        answers=check.document(),
        submitted_at=at,
        submitted_by=by.account_id,
        members=[
            EntrantMember(event_id=event.id, position=position, worker_id=person.worker.id, active=True)
            for position, person in enumerate(people, start=1)
        ],
    )


@dataclass
class _Person:
    """A row with what it means: the worker it names, or the one it would register."""

    row: Row
    employer: Organisation | None = None
    worker: Worker = field(default_factory=Worker)
    new: NewWorker | None = None
    is_known: bool = False


class _Reading:
    """The rows of a list against what is registered today, with a handful of questions to the database."""

    def __init__(self, event: Event, rows: Sequence[Row], at: datetime) -> None:
        self.event, self.rows, self.at = event, rows, at
        self._employers = _Employers(event.competition)
        self._occupations = {occupation.code: occupation for occupation in occupations()}
        self._known = _known_workers(rows)
        self._senders: dict[UUID, Organisation] = {}
        self.people = [self._person(row) for row in rows]
        self._refuse_repeated()
        self.entries = list(self._entries())
        self._checked: list[EntryCheck] | None = None

    def errors(self) -> list[RowError]:
        """Everything that must be corrected, by row; who is eligible is asked for the entries without other errors."""
        self._refuse_entered()
        self._refuse_mixed()
        self._refuse_ineligible()
        return [error for row in self.rows for error in row.errors]

    def checks(self) -> list[EntryCheck]:
        """The eligibility of each entry without errors."""
        if self._checked is None:
            people = [[person.worker for person in entry] for entry in self._sound()]
            self._checked = check_entries(self.event, people, at=self.at)
        return self._checked

    def sender_of(self, person: _Person) -> Organisation:
        """The organisation that sends this person to the competition."""
        employer = person.worker.employer
        if employer.id not in self._senders:
            self._senders[employer.id] = sent_by(self.event.competition, employer)
        return self._senders[employer.id]

    def become_known(self, made: Sequence[Worker]) -> None:
        """Let the newly registered workers stand where the list only described them."""
        registered = iter(made)
        for person in self.people:
            if person.new is not None:
                person.worker = next(registered)
        self._checked = None

    def document(self, ignored: Sequence[str], errors: int) -> dict[str, Any]:
        """What is kept (sealed) until the list is taken over."""
        return {
            "rows": [_row_document(person) for person in self.people],
            "ignored": list(ignored),
            "errors": errors,
            "entries": len(self.entries),
            "new": sum(person.new is not None for person in self.people),
        }

    def _person(self, row: Row) -> _Person:
        person = _Person(row)
        if row.employer:
            person.employer = self._employers.find(row)
        occupation = self._occupation(row)
        known = self._known.get(id_number_index(row.id_number)) if row.id_number else None
        if known is not None:
            person.worker, person.is_known = known, True
            _refuse_other_person(row, known, person.employer)
            return person
        described = self._described(row, person.employer, occupation)
        refused = {error.column for error in row.errors}
        for column, problem in described.problems(today(self.at)):
            if column not in refused:
                row.refuse(column, problem)
        if not row.errors:
            person.new, person.worker = described, described.worker(self.at)
        return person

    def _described(self, row: Row, employer: Organisation | None, occupation: Occupation | None) -> NewWorker:
        """The worker a row describes; an employer or occupation that is not clear is an error of its own already."""
        return NewWorker(
            name=row.name,
            id_type=row.id_type,
            id_number=row.id_number,
            employer=employer or self.event.competition.host,
            occupation=occupation or self.event.occupation,
            phone=row.phone or None,
            grade=row.grade,
            grade_since=row.grade_since,
            in_occupation_since=row.in_occupation_since,
        )

    def _occupation(self, row: Row) -> Occupation | None:
        if not row.occupation:
            return self.event.occupation
        found = self._occupations.get(normalise_occupation_code(row.occupation))
        named = [one for one in self._occupations.values() if one.name == row.occupation]
        if found is None and len(named) == 1:
            found = named[0]
        if found is None:
            row.refuse("occupation", sentence("This occupation is not on the list of occupations."))
        return found

    def _refuse_repeated(self) -> None:
        first: dict[bytes, int] = {}
        for row in self.rows:
            if not row.id_number:
                continue
            earlier = first.setdefault(id_number_index(row.id_number), row.number)
            if earlier != row.number:
                row.refuse(
                    "id_number", sentence("The same ID number stands in row %(row)s already.", row=earlier)
                )

    def _entries(self) -> Iterator[list[_Person]]:
        if self.event.team_size == 1:
            yield from ([person] for person in self.people)
            return
        teams: dict[str, list[_Person]] = defaultdict(list)
        for person in self.people:
            if person.row.team:
                teams[person.row.team].append(person)
            else:
                person.row.refuse("team", sentence("This event is for teams: give the team's number."))
        for team in teams.values():
            if len(team) != self.event.team_size:
                team[0].row.refuse(
                    "team",
                    sentence(
                        "An entry for this event is %(size)s people; this team has %(count)s rows.",
                        size=self.event.team_size,
                        count=len(team),
                    ),
                )
            yield team

    def _sound(self) -> list[list[_Person]]:
        return [entry for entry in self.entries if not any(person.row.errors for person in entry)]

    def _refuse_entered(self) -> None:
        known = [person for person in self.people if person.is_known]
        entered = entered_worker_ids(self.event, [person.worker.id for person in known])
        for person in known:
            if person.worker.id in entered:
                person.row.refuse(None, sentence("This person is already entered for this event."))

    def _refuse_mixed(self) -> None:
        for team in self._sound():
            names = sorted({self.sender_of(person).name for person in team})
            if len(names) > 1:
                team[0].row.refuse("team", different_delegations(names))

    def _refuse_ineligible(self) -> None:
        for people, check in zip(self._sound(), self.checks(), strict=True):
            for person, member in zip(people, check.members, strict=True):
                for answer in member.eligibility.answers:
                    if not answer.passed and answer.effect == "bar":
                        person.row.refuse(None, answer.sentence)


class _Employers:
    """The organisations that may be named: the competition's host and everything below it."""

    def __init__(self, competition: Competition) -> None:
        self.host = competition.host
        rows = session.scalars(select(Organisation).where(within(self.host.path)).order_by(Organisation.path))
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        self._by_code: dict[str, Organisation] = {}
        for organisation in rows:
            self._by_name[_plain(organisation.name)].append(organisation)
            if organisation.name_en:
                self._by_name[_plain(organisation.name_en)].append(organisation)
            if organisation.credit_code:
                self._by_code[organisation.credit_code] = organisation

    def find(self, row: Row) -> Organisation | None:
        """The employer a row means; an error on the row when there is none, or several of the name."""
        code = normalise_credit_code(row.employer)
        if found := self._by_code.get(code):
            return found
        named = list({one.id: one for one in self._by_name.get(_plain(row.employer), [])}.values())
        if len(named) == 1:
            return named[0]
        if named:
            row.refuse("employer", sentence("Several organisations have this name. Give the credit code."))
        elif credit_code_problem(code) is None:
            row.refuse(
                "employer",
                sentence("No organisation below %(host)s has this credit code.", host=self.host.name),
            )
        else:
            row.refuse(
                "employer",
                sentence(
                    "No organisation below %(host)s has this name. Compare it with the list of organisations.",
                    host=self.host.name,
                ),
            )
        return None


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _known_workers(rows: Sequence[Row]) -> dict[bytes, Worker]:
    known: dict[bytes, Worker] = {}
    for some in chunks(id_number_index(row.id_number) for row in rows if row.id_number):
        query = select(Worker).where(Worker.id_number_index.in_(some)).options(joinedload(Worker.employer))
        known |= {worker.id_number_index: worker for worker in session.scalars(query)}
    return known


def _refuse_other_person(row: Row, known: Worker, employer: Organisation | None) -> None:
    if row.name and normalise_name(row.name) != known.name:
        row.refuse(
            "name",
            sentence(
                "This ID number belongs to a worker registered under another name. "
                "Correct the row, or the worker's record."
            ),
        )
    elif employer is not None and not known.employer.path.startswith(employer.path):
        row.refuse(
            "employer",
            sentence(
                "This worker is registered with another employer. Correct the row, or the worker's record."
            ),
        )


def _row_document(person: _Person) -> dict[str, Any]:
    row = person.row
    return {
        "number": row.number,
        "name": row.name,
        "id_type": row.id_type.value,
        "id_number": row.id_number,
        "phone": row.phone,
        "employer": row.employer,
        "occupation": row.occupation,
        "grade": row.grade.value if row.grade else None,
        "grade_since": row.grade_since.isoformat() if row.grade_since else None,
        "in_occupation_since": row.in_occupation_since.isoformat() if row.in_occupation_since else None,
        "team": row.team,
        "known": person.is_known if not row.errors else None,
    }


def _rows_of(document: dict[str, Any]) -> list[Row]:
    def day(text: str | None) -> Any:
        return datetime.fromisoformat(text).date() if text else None

    return [
        Row(
            number=row["number"],
            name=row["name"],
            id_type=IdType(row["id_type"]),
            id_number=row["id_number"],
            phone=row["phone"],
            employer=row["employer"],
            occupation=row["occupation"],
            grade=Grade(row["grade"]) if row["grade"] else None,
            grade_since=day(row["grade_since"]),
            in_occupation_since=day(row["in_occupation_since"]),
            team=row["team"],
        )
        for row in document["rows"]
    ]


def _sealed(document: dict[str, Any]) -> bytes:
    return vault.seal(json.dumps(document, ensure_ascii=False), place=SEAL)


def _error_document(error: RowError) -> dict[str, Any]:
    return {"row": error.row, "column": error.column, "sentence": sentence_document(error.sentence)}


def _in_row(error: RowError) -> Sentence:
    if error.column is None:
        return sentence("Row %(row)s: %(reason)s", row=error.row, reason=error.sentence)
    return sentence(
        "Row %(row)s, %(column)s: %(reason)s",
        row=error.row,
        column=BY_KEY[error.column].heading,
        reason=error.sentence,
    )
