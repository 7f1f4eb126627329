"""What the pages of results show: frozen, in the order in which it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, rule_set_of_version, scope_of_event
from competition.results import queries
from competition.results.models import PublicationApproval, ResultLine, ResultRevision
from competition.results.queries import Explained
from competition.rules.access import Actor, Permission
from competition.rules.advancement import Outcome as Climbing
from competition.rules.contest import EntrantStatus
from competition.rules.marking import Input, MarkKind, Working
from competition.rules.numbers import spelled
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Branch, Combine, Group, Part
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.web.language import language, say
from competition.web.paging import Page
from competition.web.templating import mark

PAGE_SIZE = 50

STATUS_LABELS: dict[str, Sentence] = {
    EntrantStatus.PRESENT: sentence("Not ranked"),
    EntrantStatus.ABSENT: sentence("Absent"),
    EntrantStatus.WITHDRAWN: sentence("Withdrawn"),
    EntrantStatus.DISQUALIFIED: sentence("Disqualified"),
}
KIND_LABELS: dict[MarkKind, Sentence] = {
    MarkKind.MARK: sentence("recorded"),
    MarkKind.DECLARED: sentence("declared value"),
    MarkKind.AGREED: sentence("agreed by the judges"),
    MarkKind.ENTRY: sentence("deduction entry"),
}
CLIMBING_LABELS: dict[Climbing, tuple[Sentence, str]] = {
    Climbing.ADVANCED: (sentence("Advances"), "success"),
    Climbing.RESERVE: (sentence("Reserve"), "info"),
    Climbing.UNDECIDED: (sentence("Tie at the line"), "warning"),
    Climbing.LEFT_OUT: (sentence("Does not advance"), "neutral"),
    Climbing.WITHDRAWN: (sentence("Withdrawn"), "neutral"),
}


def titled(thing: Any) -> str:
    """The name of a competition or an event in the reader's language."""
    return str(thing.name_en) if language() == "en" and thing.name_en else str(thing.name)


def in_words(title: Title) -> str:
    return title.in_language(language())


# --- the result list ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the list; `award` in the organiser's own words."""

    entrant_id: UUID
    place: int | None
    shared: bool
    name: str
    delegation: str
    total: Decimal | None
    award: str | None
    status: Sentence


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


@dataclass(frozen=True)
class ResultList:
    """One page of the ranked lines; those without a place stand below the last page."""

    head: Head
    page: Page[Row]
    unplaced: tuple[Row, ...]
    text: str


def head_of(revision: ResultRevision, rules: RuleSet | None = None) -> Head:
    event = event_by_id(revision.event_id)
    publication = queries.publication_of(revision)
    return Head(
        event=event,
        competition=titled(event.competition),
        name=titled(event),
        revision=revision,
        approvals=tuple(queries.approvals_of(revision)),
        published_at=publication.at if publication else None,
        digits=(rules or rules_of(revision)).display_digits,
    )


def rules_of(revision: ResultRevision) -> RuleSet:
    """The rule set the revision was computed by."""
    return rule_set_of_version(revision.rule_set_version)


def result_list(revision: ResultRevision, *, number: int, text: str = "") -> ResultList:
    """One page of a revision, public or prepared."""
    rules = rules_of(revision)
    lines, total = queries.lines_page(revision, page=number, size=PAGE_SIZE, text=text)
    shown = Page(rows_of(revision, rules, lines), number, PAGE_SIZE, total)
    rest = queries.unplaced_of(revision, text=text) if number >= shown.pages else []
    return ResultList(head_of(revision, rules), shown, rows_of(revision, rules, rest), text)


def rows_of(revision: ResultRevision, rules: RuleSet, lines: Sequence[ResultLine]) -> tuple[Row, ...]:
    shared = queries.shared_places(revision, [line.place for line in lines])
    return tuple(
        Row(
            entrant_id=line.entrant_id,
            place=line.place,
            shared=line.place in shared,
            name=line.display_name,
            delegation=line.delegation_name,
            total=line.total,
            award=award_title(rules, line.award),
            status=STATUS_LABELS[line.status],
        )
        for line in lines
    )


def award_title(rules: RuleSet, award: str | None) -> str | None:
    title = rules.awards.title_of(award) if rules.awards and award else None
    return in_words(title) if title else award


@dataclass(frozen=True)
class Printed:
    """A whole result as text, for a file."""

    title: str
    made: datetime
    above: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]


def printed(revision: ResultRevision) -> Printed:
    """Every line of a revision, with what it stands on above."""
    rules = rules_of(revision)
    head = head_of(revision, rules)
    rows = rows_of(revision, rules, queries.lines_of(revision))
    return Printed(
        title=f"{head.competition} {head.name}",
        made=head.published_at or revision.prepared_at,
        above=(
            (_("Competition"), head.competition),
            (_("Event"), head.name),
            (_("Revision"), str(revision.number)),
            ("SHA-256", revision.hash),
            (_("Approved by"), _(", ").join(approval.by_name for approval in head.approvals)),
        ),
        rows=tuple(_printed_row(row, head.digits) for row in rows),
    )


def _printed_row(row: Row, digits: int) -> tuple[str, ...]:
    place = say(row.status) if row.place is None else str(row.place)
    total = "" if row.total is None else mark(row.total, digits)
    return place, row.name, row.delegation, total, row.award or ""


# --- why this place -------------------------------------------------------------------------------


@dataclass(frozen=True)
class MarkShown:
    """A number that went in. `label` is the seat (J1, J2 …) or what kind of number it is; never a judge's name."""

    label: str | Sentence
    value: Decimal | None
    counts: bool


@dataclass(frozen=True)
class PartShown:
    """A part of a group: an aspect with its marks, or a group that has a table of its own below."""

    title: str
    marks: tuple[MarkShown, ...]
    steps: tuple[Sentence, ...]
    value: Decimal | None
    weight: str | None
    weighted: str | None
    is_group: bool


@dataclass(frozen=True)
class GroupShown:
    """A group: its parts, what was done with them, and what came out."""

    id: str
    title: str
    level: int
    parts: tuple[PartShown, ...]
    steps: tuple[Sentence, ...]
    value: Decimal | None
    has_weights: bool
    has_marks: bool


@dataclass(frozen=True)
class Why:
    """Everything that led to one entrant's line, from the line down to the single mark."""

    head: Head
    row: Row
    ranked: int
    sentences: tuple[Sentence, ...]
    not_passed: tuple[str, ...]
    groups: tuple[GroupShown, ...]
    climbing: Sentence | None
    climbing_label: tuple[Sentence, str] | None
    parent: str | None


def why(revision: ResultRevision, entrant_id: UUID) -> Why:
    """The page “why this place” of one entrant. NotFound for somebody who is not in the revision."""
    found = queries.explained(revision, entrant_id)
    rules = found.outcome.ruleset
    decided = queries.decision_for(revision, entrant_id)
    terms = revision.advancement
    parent = event_by_id(UUID(terms["parent"])) if terms else None
    return Why(
        head=head_of(revision, rules),
        row=rows_of(revision, rules, [found.line])[0],
        ranked=queries.ranked_count(revision),
        sentences=found.sentences,
        not_passed=tuple(in_words(found.titles[node]) for node in found.reckoned.not_passed),
        groups=tuple(_groups(found, found.working, rules.scheme, 2, ())),
        climbing=decided.sentence if decided else None,
        climbing_label=CLIMBING_LABELS[decided.outcome] if decided else None,
        parent=f"{titled(parent.competition)} – {titled(parent)}" if parent else None,
    )


def _groups(
    found: Explained, working: Working, branch: Branch, level: int, path: tuple[str, ...]
) -> Iterator[GroupShown]:
    """The group and the groups inside it, top down."""
    if not isinstance(branch, Group):
        return
    title = (*path, in_words(branch.title))
    pairs = list(zip(branch.children, working.children, strict=True))
    weights = branch.combine is Combine.WEIGHTED
    yield GroupShown(
        id=branch.id,
        title=" › ".join(title[1:] or title),
        level=level,
        parts=tuple(_part(child, done, weights) for child, done in pairs),
        steps=tuple(step.sentence for step in working.steps),
        value=working.value,
        has_weights=weights,
        has_marks=not all(isinstance(child, Group) for child in branch.children),
    )
    for child, done in pairs:
        yield from _groups(found, done, child, min(level + 1, 3), title)


def _part(branch: Branch, working: Working, weights: bool) -> PartShown:
    weight = branch.weight if weights and branch.part is Part.MARKS else None
    product = None if weight is None or working.exact is None else working.exact * weight / 100
    return PartShown(
        title=in_words(branch.title),
        marks=tuple(_mark(given) for given in working.inputs),
        steps=() if isinstance(branch, Group) else tuple(step.sentence for step in working.steps),
        value=working.value,
        weight=None if weight is None else spelled(weight),
        weighted=None if product is None else spelled(product),
        is_group=isinstance(branch, Group),
    )


def _mark(given: Input) -> MarkShown:
    seat = given.judge.rpartition(".")[2] if given.judge else None
    return MarkShown(seat or KIND_LABELS[given.kind], given.value, given.counts)


# --- advancement ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClimbingRow:
    """One entrant's way up: the decision, its reason, and what became of it in the event above."""

    entrant_id: UUID
    place: int | None
    name: str
    delegation: str
    label: Sentence
    tone: str
    sentence: Sentence
    reserve_order: int | None
    entered: UUID | None
    refusals: tuple[Sentence, ...]


def climbing_rows(revision: ResultRevision) -> list[ClimbingRow]:
    """Everybody for whom advancement decided something: who climbs, the reserves, the undecided; the others are left out."""
    case = queries.decisions_for(revision)
    if case is None:
        return []
    event = event_by_id(revision.event_id)
    lines = {str(line.entrant_id): line for line in queries.lines_of(revision)}
    sent = {str(each.entrant_id): each for each in queries.advances_of(event.id)}
    refused = queries.not_made(event)
    rows = []
    for row in case.rows:
        if row.outcome in (Climbing.LEFT_OUT, Climbing.WITHDRAWN) and row.id not in sent:
            continue
        line, advance = lines[row.id], sent.get(row.id)
        label, tone = CLIMBING_LABELS[row.outcome]
        rows.append(
            ClimbingRow(
                entrant_id=line.entrant_id,
                place=row.place,
                name=line.display_name,
                delegation=line.delegation_name,
                label=label,
                tone=tone,
                sentence=row.sentence,
                reserve_order=advance.reserve_order if advance else None,
                entered=advance.parent_entrant_id if advance else None,
                refusals=refused[line.entrant_id].reasons if line.entrant_id in refused else (),
            )
        )
    return rows


# --- revisions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RevisionShown:
    """A revision in the history, with what changed since the one before in plain words."""

    revision: ResultRevision
    approvals: tuple[PublicationApproval, ...]
    published_at: datetime | None
    lines: int
    changes: tuple[queries.LineChange, ...] | None


def history(event: Event) -> list[RevisionShown]:
    """Every revision, the newest first."""
    revisions = queries.revisions_of(event)
    shown = []
    for revision, before in zip(revisions, [*revisions[1:], None], strict=True):
        publication = queries.publication_of(revision)
        shown.append(
            RevisionShown(
                revision=revision,
                approvals=tuple(queries.approvals_of(revision)),
                published_at=publication.at if publication else None,
                lines=queries.count_of_lines(revision),
                changes=tuple(queries.changes_between(before, revision)) if before else None,
            )
        )
    return shown


def changes_since_release(event: Event, waiting: ResultRevision) -> tuple[queries.LineChange, ...] | None:
    """What publishing the waiting revision would change for the public; None when nothing is public yet."""
    released = queries.released_revision(event)
    return tuple(queries.changes_between(released, waiting)) if released else None


@dataclass(frozen=True)
class Abilities:
    """What the reader may do on the pages of this event's result."""

    prepare: bool
    approve: bool
    stands_already: bool


def abilities(actor: Actor, event: Event, waiting: ResultRevision | None) -> Abilities:
    scope = scope_of_event(event)
    standing = {approval.by_id for approval in queries.approvals_of(waiting)} if waiting else set()
    return Abilities(
        prepare=actor.may(Permission.RESULTS_REVISION_PREPARE, scope),
        approve=actor.may(Permission.RESULTS_PUBLICATION_APPROVE, scope),
        stands_already=actor.account_id in standing,
    )
