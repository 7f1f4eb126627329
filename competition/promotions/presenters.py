"""What the pages of promotions show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from competition.accounts.queries import account_by_id
from competition.certificates.models import CertificateStatus
from competition.competitions.words import TITLES
from competition.jobs.words import read
from competition.promotions import queries
from competition.promotions.models import CaseState, CaseStep, PromotionCase, PromotionTable
from competition.promotions.queries import Verdict
from competition.rules.access import Actor
from competition.rules.grades import CONTEST_CEILING, Grade
from competition.rules.promotion import ONE_UP, IfAlready
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.web.language import language

TONES: dict[CaseState, str] = {
    CaseState.ELIGIBLE: "neutral",
    CaseState.APPLIED: "info",
    CaseState.APPROVED: "success",
    CaseState.ISSUED: "success",
    CaseState.REJECTED: "danger",
}
_TIERS: dict[str, Sentence] = {**TITLES, "workshop": sentence("Workshop")}
_AWARDS: dict[str, Sentence] = {
    "gold": sentence("gold"),
    "silver": sentence("silver"),
    "bronze": sentence("bronze"),
    "merit": sentence("award of excellence"),
    "first": sentence("first prize"),
    "second": sentence("second prize"),
    "third": sentence("third prize"),
}


# --- tables ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RowWords:
    """One row of a rule table in words."""

    number: int
    conditions: tuple[Sentence, ...]
    target: Sentence
    if_already: Sentence
    ceiling: Sentence | None


@dataclass(frozen=True)
class TableWords:
    """A rule table in words."""

    table: PromotionTable
    valid_until: date | None
    once: Sentence
    ceiling: Sentence
    rows: tuple[RowWords, ...]


def table_words(table: PromotionTable) -> TableWords:
    """The whole table."""
    document = table.document
    until = document.get("valid_until")
    once = (
        sentence("One promotion by contest in a calendar year")
        if document["once_per_calendar_year"]
        else sentence("No limit per calendar year")
    )
    return TableWords(
        table,
        date.fromisoformat(until) if until else None,
        once,
        Grade(document.get("ceiling", CONTEST_CEILING)).label,
        tuple(row_words(table, number) for number in range(1, len(document["rows"]) + 1)),
    )


def row_words(table: PromotionTable, number: int) -> RowWords:
    """Row `number`, counted from 1, as the table page and a case show it."""
    row = table.document["rows"][number - 1]
    ceiling = row.get("ceiling")
    if row["target"] == ONE_UP:
        target, already = sentence("one grade above the one held"), sentence("–")
    else:
        target = Grade(row["target"]).label
        already = (
            sentence("nothing more")
            if row.get("if_already") == IfAlready.NONE
            else sentence("the next grade above")
        )
    return RowWords(
        number, tuple(_conditions(row["when"])), target, already, Grade(ceiling).label if ceiling else None
    )


def _conditions(when: Mapping[str, Any]) -> list[Sentence]:
    said = []
    if "tier" in when:
        said.append(sentence("tier: %(list)s", list=_listed(when["tier"], _TIERS)))
    if "class" in when:
        said.append(sentence("class: %(list)s", list=_listed(when["class"], TITLES)))
    if "group" in when:
        said.append(sentence("group: %(list)s", list=_listed(when["group"], TITLES)))
    if "rank" in when:
        said.append(
            sentence("places %(first)s to %(last)s", first=when["rank"]["from"], last=when["rank"]["to"])
        )
    if "top_share" in when:
        said.append(_share(when["top_share"]))
    if "award" in when:
        said.append(sentence("award: %(list)s", list=_listed(when["award"], _AWARDS)))
    if "grade_held" in when:
        said += _grades(when["grade_held"])
    return said


def _share(share: Mapping[str, Any]) -> Sentence:
    percent = share["percent"]
    match share["rounding"]:
        case "down":
            return sentence("the first %(percent)s%% of the field, rounded down", percent=percent)
        case "up":
            return sentence("the first %(percent)s%% of the field, rounded up", percent=percent)
        case _:
            return sentence("the first %(percent)s%% of the field, rounded half up", percent=percent)


def _grades(limits: Mapping[str, Any]) -> list[Sentence]:
    said = []
    if "at_least" in limits:
        said.append(sentence("holds at least: %(grade)s", grade=Grade(limits["at_least"]).label))
    if "at_most" in limits:
        said.append(sentence("holds at most: %(grade)s", grade=Grade(limits["at_most"]).label))
    return said


def _listed(keys: Sequence[str], words: Mapping[str, Sentence]) -> Sentence | str:
    """Words with the reader's separators between them."""
    first = words.get(keys[0], keys[0])
    if len(keys) == 1:
        return first
    return sentence("%(first)s, %(rest)s", first=first, rest=_listed(keys[1:], words))


# --- cases ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepLine:
    """A move of a case: what, who, when, why."""

    step: CaseStep
    by_name: str | None


@dataclass(frozen=True)
class CasePage:
    """A case with everything it rests on, and what this person may do with it."""

    case: PromotionCase
    award: Title | None
    place: int | None
    field_size: int
    published_on: date | None
    row: RowWords
    working: tuple[Sentence, ...]
    steps: tuple[StepLine, ...]
    warning: Sentence | None
    may_apply: bool
    may_approve: bool
    is_own: bool


def case_page(case: PromotionCase, actor: Actor) -> CasePage:
    """One case for one reader."""
    certificate = case.certificate
    steps = queries.steps_of(case)
    own, applies = queries.is_own(actor, case), queries.may(actor, queries.APPLY, case)
    return CasePage(
        case=case,
        award=award_of(certificate.snapshot),
        place=certificate.snapshot.get("place"),
        field_size=queries.field_size(certificate.event),
        published_on=queries.published_on(certificate.event_id, certificate.revision_id),
        row=row_words(case.table, case.table_row),
        working=tuple(read(step) for step in case.working),
        steps=tuple(StepLine(step, _name_of(step)) for step in steps),
        warning=_warning(case),
        may_apply=case.state is CaseState.ELIGIBLE and (own or applies),
        may_approve=queries.may(actor, queries.APPROVE, case),
        is_own=own,
    )


def _name_of(step: CaseStep) -> str | None:
    account = account_by_id(step.by_id) if step.by_id else None
    return account.name if account else None


def _warning(case: PromotionCase) -> Sentence | None:
    if case.certificate.status is CertificateStatus.VALID or case.state is CaseState.REJECTED:
        return None
    number = case.certificate.number
    decided = case.state in (CaseState.APPROVED, CaseState.ISSUED)
    if case.certificate.status is CertificateStatus.REPLACED:
        return sentence("Certificate %(number)s was replaced by another one since.", number=number)
    if decided:
        return sentence(
            "Certificate %(number)s was revoked after this promotion was approved. The grade stays on record until the "
            "authority decides on it.",
            number=number,
        )
    return sentence("Certificate %(number)s was revoked; the case cannot be approved.", number=number)


def award_of(snapshot: Mapping[str, Any]) -> Title | None:
    """The award as it is printed on the certificate."""
    award = snapshot.get("award") or {}
    return Title(award["zh"], award.get("en") or award["zh"]) if award.get("zh") else None


def in_language(title: Title | None) -> str:
    return title.in_language(language()) if title else "–"


@dataclass(frozen=True)
class EventCases:
    """What the certificates of an event lead to."""

    verdicts: tuple[Verdict, ...]
    to_open: int
    with_case: int


def event_cases(verdicts: Sequence[Verdict]) -> EventCases:
    return EventCases(
        tuple(verdicts),
        to_open=sum(one.case is None and one.is_eligible for one in verdicts),
        with_case=sum(one.case is not None for one in verdicts),
    )
