"""What pages show of workers: numbers masked, grades and sources in words."""

from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for

from competition.rules.eligibility import WorkerStatus
from competition.rules.grades import Grade
from competition.rules.identity import IdType, Sex, mask_id_number, mask_phone
from competition.rules.sentences import Sentence, sentence
from competition.web.language import name_of
from competition.workers.models import GradeRecord, Worker
from competition.workers.services import DECLARED

CASE_PAGE = "promotions.show_case"


@dataclass(frozen=True)
class GradeLine:
    """One line of the grade history."""

    grade: Sentence
    occupation: str
    since: date
    source: Sentence
    document_number: str
    href: str | None


@dataclass(frozen=True)
class WorkerView:
    """A worker as a page may show him or her: the numbers masked."""

    name: str
    id_type: Sentence
    id_number: str
    phone: str | None
    sex: Sentence | None
    status: Sentence
    employer: str
    occupation: str
    grade: Sentence | None
    in_occupation_since: date | None


def view_of(worker: Worker) -> WorkerView:
    """The worker with masked numbers."""
    return WorkerView(
        name=worker.name,
        id_type=IdType(worker.id_type).label,
        id_number=mask_id_number(worker.id_number),
        phone=mask_phone(worker.phone) if worker.phone else None,
        sex=Sex(worker.sex).label if worker.sex else None,
        status=WorkerStatus(worker.status).label,
        employer=worker.employer.name,
        occupation=f"{worker.occupation_code} {name_of(worker.occupation)}",
        grade=grade_label(worker.grade),
        in_occupation_since=worker.in_occupation_since,
    )


def history_lines(history: list[GradeRecord]) -> list[GradeLine]:
    """The grade history in words, with the way to the case that a grade came from."""
    return [
        GradeLine(
            grade=Grade(line.grade).label,
            occupation=f"{line.occupation_code} {name_of(line.occupation)}",
            since=line.effective_on,
            source=sentence("declared at registration")
            if line.source == DECLARED
            else sentence("promotion after a competition"),
            document_number=line.document_number,
            href=_case(line),
        )
        for line in history
    ]


def grade_label(grade: Grade | str | None) -> Sentence | None:
    """The grade in words; None stays None, because no grade is not a grade."""
    return Grade(grade).label if grade else None


def _case(line: GradeRecord) -> str | None:
    if line.source_id is None or CASE_PAGE not in current_app.view_functions:
        return None
    return url_for(CASE_PAGE, case_id=line.source_id)
