"""Why this place: from the single mark to the line."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from competition.competitions.queries import event_by_id
from competition.results import queries
from competition.results.models import ResultRevision
from competition.results.presenters.breakdowns import public_breakdown, told_nodes
from competition.results.presenters.climbings import CLIMBING_LABELS
from competition.results.presenters.lists import Head, Row, head_of, in_words, rows_of, rules_of
from competition.results.presenters.scales import ScaleShown, scales_of
from competition.rules.access import Actor
from competition.rules.marking import ADJUSTMENT_WORDS, STATE_WORDS, Input, MarkKind, Working
from competition.rules.numbers import spelled
from competition.rules.procedure import Breakdown
from competition.rules.scheme import Branch, Combine, Group, Part
from competition.rules.sentences import Sentence, sentence
from competition.web.language import name_of
from competition.workers.queries import worker_of

KIND_LABELS: dict[MarkKind, Sentence] = {
    MarkKind.MARK: sentence("recorded"),
    MarkKind.DECLARED: sentence("declared value"),
    MarkKind.AGREED: sentence("agreed by the judges"),
    MarkKind.ENTRY: sentence("deduction entry"),
    **ADJUSTMENT_WORDS,
}


@dataclass(frozen=True)
class MarkShown:
    """A number that went in. `label` is the seat (J1, J2 …) or what kind of number it is; never a judge's name.

    `beside` names the try and the round, `state` says why there is no number, `reason` is that of a deduction as it was written.
    """

    label: str | Sentence
    beside: tuple[Sentence, ...]
    value: Decimal | None
    state: Sentence | None
    reason: str
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
    counts: bool


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
    award: tuple[Sentence, ...]
    scales: tuple[ScaleShown, ...]
    groups: tuple[GroupShown, ...]
    climbing: Sentence | None
    climbing_label: tuple[Sentence, str] | None
    parent: str | None
    breakdown: Breakdown


def why(revision: ResultRevision, entrant_id: UUID, *, breakdown: Breakdown = Breakdown.FULL) -> Why:
    """The page “why this place” of one entrant, down to the level that its reader may see. NotFound for a stranger to it."""
    rules = rules_of(revision)
    told = told_nodes(rules, breakdown)
    scales = scales_of(revision, rules, breakdown)
    found = queries.explained(revision, entrant_id, told=told)
    decided = queries.decision_for(revision, entrant_id)
    terms = revision.advancement
    parent = event_by_id(UUID(terms["parent"])) if terms else None
    return Why(
        head=head_of(revision, rules),
        row=rows_of(revision, rules, [found.line], scales)[0],
        ranked=queries.ranked_count(revision),
        sentences=found.sentences if found.award else (*found.sentences, *_not_passed(found, told)),
        award=found.award,
        scales=scales,
        groups=tuple(_groups(found.working, rules.scheme, 2, (), told)),
        climbing=decided.sentence if decided else None,
        climbing_label=CLIMBING_LABELS[decided.outcome] if decided else None,
        parent=f"{name_of(parent.competition)} – {name_of(parent)}" if parent else None,
        breakdown=breakdown,
    )


def breakdown_for(actor: Actor, revision: ResultRevision, entrant_id: UUID) -> Breakdown:
    """How much of the working of an entrant a reader sees: of the own entry everything, else what the rules make public."""
    own = worker_of(actor)
    line = queries.line_of(revision, entrant_id)
    if own is not None and line is not None and own.id in {each.worker_id for each in line.entrant.members}:
        return Breakdown.FULL
    return public_breakdown(rules_of(revision))


def _not_passed(found: queries.Explained, told: frozenset[str] | None) -> Iterator[Sentence]:
    """The pass marks that are not reached, of the nodes that are told; for results without awards."""
    for node in found.reckoned.not_passed:
        if told is None or node in told:
            yield sentence("The pass mark of “%(part)s” is not reached.", part=found.titles[node])


def _groups(
    working: Working, branch: Branch, level: int, path: tuple[str, ...], told: frozenset[str] | None
) -> Iterator[GroupShown]:
    """The group and the groups inside it, top down, as far as they are told."""
    if not isinstance(branch, Group):
        return
    title = (*path, in_words(branch.title))
    pairs = [
        (child, done)
        for child, done in zip(branch.children, working.children, strict=True)
        if told is None or child.id in told
    ]
    if not pairs:
        return
    weights = branch.combine is Combine.WEIGHTED
    whole = len(pairs) == len(branch.children)
    yield GroupShown(
        id=branch.id,
        title=" › ".join(title[1:] or title),
        level=level,
        parts=tuple(_part(child, done, weights, child.id not in working.left_out) for child, done in pairs),
        steps=tuple(step.sentence for step in working.steps) if whole else (),
        value=working.value,
        has_weights=weights,
        has_marks=not all(isinstance(child, Group) for child, _ in pairs),
    )
    for child, done in pairs:
        yield from _groups(done, child, min(level + 1, 3), title, told)


def _part(branch: Branch, working: Working, weights: bool, counts: bool) -> PartShown:
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
        counts=counts,
    )


def _mark(given: Input) -> MarkShown:
    seat = given.judge.rpartition(".")[2] if given.judge else None
    beside = []
    if given.attempt is not None:
        beside.append(sentence("try %(number)s", number=given.attempt))
    if given.round != 1:
        beside.append(sentence("round %(number)s", number=given.round))
    return MarkShown(
        label=seat or KIND_LABELS[given.kind],
        beside=tuple(beside),
        value=given.value,
        state=STATE_WORDS[given.state] if given.state else None,
        reason=given.note,
        counts=given.counts,
    )
