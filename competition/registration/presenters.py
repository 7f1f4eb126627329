"""Frozen data for the pages of registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from competition.accounts.queries import account_by_id
from competition.registration import queries
from competition.registration.models import (
    SOURCE_LABELS,
    STATE_LABELS,
    Entrant,
    EntrantImport,
    EntrantState,
    EntrySource,
)
from competition.registration.queries.eligibility import MemberCheck, sentence_of
from competition.registration.services.roster import BY_KEY
from competition.rules.grades import Grade
from competition.rules.identity import IdType, mask_id_number, mask_phone
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import Worker

TONES = {
    EntrantState.SUBMITTED: "info",
    EntrantState.APPROVED: "success",
    EntrantState.REJECTED: "danger",
    EntrantState.WITHDRAWN: "neutral",
    EntrantState.RESERVE: "neutral",
    EntrantState.DISQUALIFIED: "danger",
}
_FINDINGS = {
    "met": (sentence("met"), "success", "check"),
    "not_met": (sentence("not met"), "danger", "circle-x"),
    "not_established": (sentence("not established"), "warning", "triangle-alert"),
}


def reference_of(entrant: Entrant) -> str:
    """The short reference of an entry, to be named on the telephone: event code and the random end of its id."""
    return f"{entrant.event.code}-{entrant.id.hex[-8:].upper()}"


@dataclass(frozen=True)
class AnswerLine:
    """One condition's answer, in words."""

    finding: Sentence
    tone: str
    icon: str
    sentence: Sentence
    is_soft: bool


@dataclass(frozen=True)
class MemberView:
    """A person of an entrant."""

    name: str
    id_number: str
    employer: str
    occupation: str
    grade: Sentence | None
    answers: tuple[AnswerLine, ...]


def member_views(entrant: Entrant) -> list[MemberView]:
    """The people of an entrant with the stored answers about each."""
    by_worker: dict[str, list[AnswerLine]] = {}
    for answer in entrant.answers:
        by_worker.setdefault(str(answer.get("worker", "")), []).append(_stored_line(answer))
    return [
        _member(member.worker, by_worker.get(str(member.worker_id), by_worker.get("", [])))
        for member in entrant.members
    ]


def checked_view(check: MemberCheck) -> MemberView:
    """A person with answers that were asked just now."""
    lines = [
        _line(answer.finding.value, answer.effect.value, answer.sentence)
        for answer in check.eligibility.answers
    ]
    return _member(check.worker, lines)


def _member(worker: Worker, answers: Sequence[AnswerLine]) -> MemberView:
    return MemberView(
        name=worker.name,
        id_number=mask_id_number(worker.id_number),
        employer=worker.employer.name,
        occupation=f"{worker.occupation.name} {worker.occupation_code}",
        grade=Grade(worker.grade).label if worker.grade else None,
        answers=tuple(answers),
    )


def _stored_line(answer: Mapping[str, Any]) -> AnswerLine:
    return _line(str(answer["finding"]), str(answer["effect"]), sentence_of(answer["sentence"]))


def _line(finding: str, effect: str, words: Sentence) -> AnswerLine:
    said, tone, icon = _FINDINGS[finding]
    return AnswerLine(said, tone, icon, words, effect == "no_award")


@dataclass(frozen=True)
class EntrantRow:
    """One line of the list of entries."""

    id: UUID
    number: int | None
    name: str
    delegation: str
    employers: str
    state: Sentence
    tone: str
    source: Sentence
    reserve_order: int | None
    is_barred: bool
    has_award: bool
    is_waiting: bool


def entrant_row(entrant: Entrant) -> EntrantRow:
    state = EntrantState(entrant.state)
    return EntrantRow(
        id=entrant.id,
        number=entrant.entry_number,
        name=queries.display_name(entrant),
        delegation=entrant.delegation.organisation.name,
        employers="、".join(dict.fromkeys(m.worker.employer.name for m in entrant.members)),
        state=STATE_LABELS[state],
        tone=TONES[state],
        source=SOURCE_LABELS[EntrySource(entrant.source)],
        reserve_order=entrant.reserve_order,
        is_barred=any(a["finding"] != "met" and a["effect"] == "bar" for a in entrant.answers),
        has_award=entrant.award_eligible,
        is_waiting=state is EntrantState.SUBMITTED,
    )


_OUTSIDE = sentence("Competes outside the awards")
_INSIDE = sentence("Takes part in the awards again")


@dataclass(frozen=True)
class DecisionLine:
    """One decision about an entrant."""

    at: datetime
    by: str | Sentence
    after: Sentence
    reason: str


def decision_lines(entrant: Entrant) -> list[DecisionLine]:
    """What was decided, in order, by whom and why."""
    states = [
        DecisionLine(d.at, _who(d.by_id), STATE_LABELS[EntrantState(d.after)], d.reason)
        for d in queries.decisions_of(entrant)
    ]
    awards = [
        DecisionLine(d.at, _who(d.by_id), _OUTSIDE if d.is_outside else _INSIDE, d.reason)
        for d in queries.award_decisions_of(entrant)
    ]
    return sorted([*states, *awards], key=lambda line: line.at)


def award_words(entrant: Entrant) -> Sentence:
    """Whether the entrant may take an award, and if not, why."""
    if entrant.award_eligible:
        return sentence("yes")
    decided = queries.award_decisions_of(entrant)
    if decided and decided[-1].is_outside:
        return sentence("no: competes outside the awards (%(reason)s)", reason=decided[-1].reason)
    return sentence("no: a condition of entry is not met")


def _who(account_id: UUID | None) -> str | Sentence:
    account = account_by_id(account_id) if account_id else None
    return account.name if account else sentence("the system")


@dataclass(frozen=True)
class ImportLine:
    """One row of an uploaded list, ID number masked."""

    row: int
    name: str
    id_type: Sentence
    id_number: str
    phone: str
    employer: str
    grade: Sentence | None
    since: date | None
    team: str
    is_known: bool | None


@dataclass(frozen=True)
class ErrorLine:
    row: int
    column: Sentence | None
    sentence: Sentence


@dataclass(frozen=True)
class ImportView:
    """What an uploaded list would do, or did."""

    rows: int
    entries: int
    new: int
    known: int
    error_count: int
    errors: tuple[ErrorLine, ...]
    first: tuple[ImportLine, ...]
    ignored: tuple[str, ...]


def import_view(uploaded: EntrantImport, *, most_rows: int = 20, most_errors: int = 200) -> ImportView:
    """The list, its first rows and its first errors."""
    document = queries.sealed_document(uploaded)
    return ImportView(
        rows=uploaded.row_count,
        entries=int(document["entries"]),
        new=int(document["new"]),
        known=sum(row["known"] is True for row in document["rows"]),
        error_count=int(document.get("errors", 0)),
        errors=tuple(
            ErrorLine(
                error["row"],
                BY_KEY[error["column"]].heading if error["column"] else None,
                sentence_of(error["sentence"]),
            )
            for error in uploaded.errors[:most_errors]
        ),
        first=tuple(_import_line(row) for row in document["rows"][:most_rows]),
        ignored=tuple(document.get("ignored", ())),
    )


def _import_line(row: dict[str, Any]) -> ImportLine:
    since = row["in_occupation_since"]
    return ImportLine(
        row=row["number"],
        name=row["name"],
        id_type=IdType(row["id_type"]).label,
        id_number=mask_id_number(row["id_number"]),
        phone=mask_phone(row["phone"]) if row["phone"] else "",
        employer=row["employer"],
        grade=Grade(row["grade"]).label if row["grade"] else None,
        since=date.fromisoformat(since) if since else None,
        team=row["team"],
        is_known=row["known"],
    )
