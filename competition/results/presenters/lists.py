"""What the result lists show: frozen, in the order in which it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, proposal_by_id, rule_set_of_version
from competition.results import queries
from competition.results.models import PublicationApproval, ResultLine, ResultRevision
from competition.results.presenters.scales import ScaleShown, scales_of
from competition.rules.contest import EntrantStatus
from competition.rules.procedure import Breakdown
from competition.rules.ruleset import RuleSet
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.scoring.models import MissingAcceptance
from competition.web.language import language, name_of
from competition.web.paging import Page

PAGE_SIZE = 50
MOST_CODES = 60
"""So many codes are named in one sentence."""

STATUS_LABELS: dict[str, Sentence] = {
    EntrantStatus.PRESENT: sentence("Not ranked"),
    EntrantStatus.ABSENT: sentence("Absent"),
    EntrantStatus.WITHDRAWN: sentence("Withdrawn"),
    EntrantStatus.DISQUALIFIED: sentence("Disqualified"),
}

NO_RESULT = sentence("No result: sheets are missing")


def in_words(title: Title) -> str:
    return title.in_language(language())


@dataclass(frozen=True)
class Row:
    """One line of the list; `award` in the organiser's own words, `scaled` the value on each scale that has values,
    `decided` says that people decided about the award, and why."""

    entrant_id: UUID
    place: int | None
    shared: bool
    name: str
    delegation: str
    total: Decimal | None
    award: str | None
    status: Sentence
    scaled: tuple[str, ...] = ()
    decided: Sentence | None = None


@dataclass(frozen=True)
class DecisionShown:
    """What people decided about an award: about whom, in words beside what the rules give, recorded by whom and when."""

    name: str
    sentence: Sentence
    by_name: str
    at: datetime


@dataclass(frozen=True)
class MissingShown:
    """The sheets that are missing in a result: how many, of which codes and entrants, why, and the two people."""

    count: int
    codes: tuple[str, ...]
    entrants: frozenset[str]
    reason: str
    proposed_by: str
    proposed_at: datetime
    accepted_by: str
    accepted_at: datetime

    @property
    def _more(self) -> str:
        """How many codes are not named in the sentence; their lines say so, and the bundle names them all."""
        more = len(self.codes) - MOST_CODES
        return f" (+{more})" if more > 0 else ""

    @property
    def sentences(self) -> tuple[Sentence, Sentence, Sentence]:
        """What everybody is told, on pages and on paper."""
        return (
            sentence(
                "Missing sheets: %(count)s (codes %(codes)s). Whoever is incomplete without them has no total and no place.",
                count=self.count,
                codes=", ".join(self.codes[:MOST_CODES]) + self._more,
            ),
            sentence("Reason: %(reason)s", reason=self.reason),
            sentence(
                "Two people accepted this: %(first)s (%(first_at)s) and %(second)s (%(second_at)s).",
                first=self.proposed_by,
                first_at=self.proposed_at,
                second=self.accepted_by,
                second_at=self.accepted_at,
            ),
        )


@dataclass(frozen=True)
class Head:
    """What stands above a result wherever it is shown: whose it is, which number, who stands for it."""

    event: Event
    competition: str
    name: str
    revision: ResultRevision
    approvals: tuple[PublicationApproval, ...]
    published_at: datetime | None
    digits: int
    visible_at: datetime | None = None
    notice_until: datetime | None = None
    final_at: datetime | None = None
    publications: int = 0
    missing: MissingShown | None = None

    @property
    def was_held(self) -> bool:
        """Whether it could be seen only after its publication."""
        return self.visible_at is not None and self.visible_at != self.published_at

    @property
    def is_final(self) -> bool:
        return self.final_at is not None


@dataclass(frozen=True)
class ResultList:
    """One page of the ranked lines; those without a place stand below the last page."""

    head: Head
    page: Page[Row]
    unplaced: tuple[Row, ...]
    text: str
    scales: tuple[ScaleShown, ...] = ()


def head_of(revision: ResultRevision, rules: RuleSet | None = None) -> Head:
    event = event_by_id(revision.event_id)
    publication, final = queries.publication_of(revision), queries.final_of(revision)
    notice = queries.notice_of(publication) if publication else None
    return Head(
        event=event,
        competition=name_of(event.competition),
        name=name_of(event),
        revision=revision,
        approvals=tuple(queries.approvals_of(revision)),
        published_at=publication.at if publication else None,
        digits=(rules or rules_of(revision)).display_digits,
        visible_at=notice.begins if notice else None,
        notice_until=notice.until if notice else None,
        final_at=final.at if final else None,
        publications=queries.count_of_publications(event),
        missing=missing_in(revision),
    )


def missing_in(revision: ResultRevision) -> MissingShown | None:
    """What a revision says about missing sheets; None where none is missing."""
    accepted = revision.reconciliation.get("accepted")
    if accepted is None:
        return None
    acceptance = proposal_by_id(MissingAcceptance, revision.event_id, UUID(accepted["id"]))
    assert acceptance.accepted_at is not None, "a revision rests on two people"
    return MissingShown(
        count=len(accepted["sheets"]),
        codes=tuple(dict.fromkeys(sheet["code"] for sheet in accepted["sheets"])),
        entrants=frozenset(sheet["entrant"] for sheet in accepted["sheets"]),
        reason=accepted["reason"],
        proposed_by=acceptance.proposed_by_name,
        proposed_at=acceptance.proposed_at,
        accepted_by=acceptance.accepted_by_name,
        accepted_at=acceptance.accepted_at,
    )


def rules_of(revision: ResultRevision) -> RuleSet:
    """The rule set the revision was computed by."""
    return rule_set_of_version(revision.rule_set_version)


def result_list(
    revision: ResultRevision, *, number: int, text: str = "", breakdown: Breakdown = Breakdown.FULL
) -> ResultList:
    """One page of a revision, public or prepared; with the scales that the reader may see."""
    rules = rules_of(revision)
    lines, total = queries.lines_page(revision, page=number, size=PAGE_SIZE, text=text)
    scales = scales_of(revision, rules, breakdown)
    shown = Page(rows_of(revision, rules, lines, scales), number, PAGE_SIZE, total)
    rest = queries.unplaced_of(revision, text=text) if number >= shown.pages else []
    return ResultList(head_of(revision, rules), shown, rows_of(revision, rules, rest), text, scales)


def rows_of(
    revision: ResultRevision,
    rules: RuleSet,
    lines: Sequence[ResultLine],
    scales: Sequence[ScaleShown] = (),
) -> tuple[Row, ...]:
    shared = queries.shared_places(revision, [line.place for line in lines])
    decided = {
        line.entrant_id: queries.decision_words(decision, revision)
        for decision, line in queries.award_decisions_of(revision)
    }
    return tuple(
        Row(
            entrant_id=line.entrant_id,
            place=line.place,
            shared=line.place in shared,
            name=line.display_name,
            delegation=line.delegation_name,
            total=line.total,
            award=award_title(rules, line.award),
            status=_status(line),
            scaled=tuple(scale.value(line.entrant_id) for scale in scales if not scale.is_refused),
            decided=decided.get(line.entrant_id),
        )
        for line in lines
    )


def decisions_of(revision: ResultRevision) -> tuple[DecisionShown, ...]:
    """What people decided about single awards of a revision, in the order of the list."""
    return tuple(
        DecisionShown(
            line.display_name, queries.decision_words(decision, revision), decision.by_name, decision.at
        )
        for decision, line in queries.award_decisions_of(revision)
    )


def _status(line: ResultLine) -> Sentence:
    """Why a line has no place, in words; whoever came and has no total lacks a sheet."""
    if line.status == EntrantStatus.PRESENT and line.total is None:
        return NO_RESULT
    return STATUS_LABELS[line.status]


def award_title(rules: RuleSet, award: str | None) -> str | None:
    title = rules.awards.title_of(award) if rules.awards and award else None
    return in_words(title) if title else award
