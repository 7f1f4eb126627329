"""Who of a result climbs to the event above, decided by rules.advancement from the published lines."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from competition.audit.models import AuditEntry
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of, rule_set_of_version
from competition.database import session
from competition.registration.queries.eligibility import sentence_of
from competition.results.models import Advance, Publication, ResultLine, ResultRevision
from competition.rules import contest
from competition.rules.advancement import (
    Advancement,
    AdvancementModel,
    AdvancementRule,
    Decided,
    Line,
    Outcome,
    TiesAtTheLine,
    advance_by_rule,
    with_those_who_went_on,
)
from competition.rules.sentences import Sentence, sentence

TIE_SETTLED = "results.tie_settled"
NOT_MADE = "results.advance_not_made"
OUT_OF_CONTEST = sentence("Takes part without eligibility for awards, and so for the next tier.")


def terms_of(event: Event) -> dict[str, Any] | None:
    """On which terms the winners of an event climb: parent, quota, reserves, ties at the line; None where nobody does."""
    if event.parent_id is None or event.parent_quota < 1:
        return None
    return {
        "parent": str(event.parent_id),
        "quota": event.parent_quota,
        "reserves": event.parent_reserves,
        "ties": TiesAtTheLine(rule_set_of(event).advancement.ties.value).value,
    }


def fresh_decisions(revision: ResultRevision, outcome: contest.Outcome | None = None) -> Advancement | None:
    """Who climbs by this revision alone, as if nobody had climbed before; None where nobody can.

    The rule set of the revision says how (fraction or threshold, shares, caps, categories, quota table); quota, reserves
    and ties are those that were approved with it. Delegations of the quota table go by name, as people write them.
    `outcome` is what the engine made of the stored contest document, if that was computed a moment ago.
    """
    terms = revision.advancement
    if terms is None:
        return None
    rules = rule_set_of_version(revision.rule_set_version)
    rule = replace(rules.advancement, reserves=terms["reserves"], ties=TiesAtTheLine(terms["ties"]))
    title = rules.nodes[rule.node].title if rule.node else None
    return advance_by_rule(_lines(revision, rule, outcome), rule, terms["quota"], title=title)


def decisions_for(revision: ResultRevision, fresh: Advancement | None = None) -> Advancement | None:
    """Who climbs, with those who climbed by an earlier revision keeping their places: the quota left is for the others.

    Assumption: who takes part without award eligibility does not climb; the quota passes to the next place.
    `fresh` is what `fresh_decisions` says, if it was asked before.
    """
    fresh = fresh or fresh_decisions(revision)
    kept = {
        str(each.entrant_id)
        for each in advances_of(revision.event_id)
        if each.reserve_order is None and each.revision_id != revision.id
    }
    return fresh if fresh is None or not kept else with_those_who_went_on(fresh, kept)


@dataclass(frozen=True)
class AdvanceDifference:
    """An entrant whose standing above is not what a revision alone would give; `sent` is how it climbed, if it did."""

    entrant: str
    sentence: Sentence
    sent: Advance | None


def advance_differences(
    revision: ResultRevision, fresh: Advancement | None = None
) -> list[AdvanceDifference]:
    """What this revision alone would have done otherwise than the earlier ones did; [] when nobody had climbed before.

    `fresh` is what `fresh_decisions` says, if it was asked before.
    """
    sent = {str(each.entrant_id): each for each in advances_of(revision.event_id)}
    if all(each.revision_id == revision.id for each in sent.values()):
        return []
    fresh = fresh or fresh_decisions(revision)
    if fresh is None:
        return []
    case = decisions_for(revision, fresh)
    climbs = case.advanced if case else ()
    outcomes = {row.id: row for row in fresh.rows}
    found = []
    for name in dict.fromkeys((*sent, *fresh.advanced)):
        said = _difference(outcomes.get(name), sent.get(name), name in climbs)
        if said is not None:
            found.append(AdvanceDifference(name, said, sent.get(name)))
    return found


def _difference(row: Decided | None, sent: Advance | None, climbs: bool) -> Sentence | None:
    placed = row is not None and row.place is not None
    now = sentence("place %(place)s", place=row.place) if row and placed else sentence("no place")
    is_within = row is not None and row.outcome is Outcome.ADVANCED
    if sent is None:
        if climbs:
            return None
        return sentence("now has %(now)s, within the quota, but its places are taken", now=now)
    if sent.reserve_order is None and not is_within:
        return sentence("had advanced and stays, though it now has %(now)s", now=now)
    if sent.reserve_order is not None and is_within:
        return sentence("stays a reserve, though it now has %(now)s, within the quota", now=now)
    return None


def tie_breaks_of(revision: ResultRevision) -> dict[str, int]:
    """The recorded order of those who share the place at the line, as the record of facts has it; the latest counts."""
    payload = session.scalar(
        select(AuditEntry.payload)
        .where(
            AuditEntry.chain == str(revision.event_id),
            AuditEntry.kind == TIE_SETTLED,
            AuditEntry.subject_id == revision.id,
        )
        .order_by(AuditEntry.number.desc())
        .limit(1)
    )
    return {name: index for index, name in enumerate(payload["entrants"].split(), 1)} if payload else {}


def decision_for(revision: ResultRevision, entrant_id: UUID) -> Decided | None:
    """What advancement means for one entrant of a revision, with its reason; None where nobody climbs."""
    case = decisions_for(revision)
    return None if case is None else next((row for row in case.rows if row.id == str(entrant_id)), None)


def _lines(
    revision: ResultRevision, rule: AdvancementRule, outcome: contest.Outcome | None = None
) -> list[Line]:
    tie_breaks = tie_breaks_of(revision)
    values: Mapping[str, Fraction | None] = {}
    if outcome is None and rule.model is AdvancementModel.THRESHOLD:
        outcome = contest.evaluate(revision.contest)
    if outcome is None:
        entrants = {each["id"]: each for each in revision.contest["entrants"]}
    else:
        entrants = {
            each.id: {"award_eligible": each.award_eligible, "categories": each.categories}
            for each in outcome.contest.entrants
        }
        values = {line.entrant: line.values.get(rule.node) for line in outcome.lines}
    lines = session.execute(
        select(ResultLine.entrant_id, ResultLine.place, ResultLine.delegation_name)
        .where(ResultLine.event_id == revision.event_id, ResultLine.revision_id == revision.id)
        .order_by(ResultLine.position)
    )
    return [_line(each, entrants.get(str(each.entrant_id), {}), tie_breaks, values) for each in lines]


def _line(
    line: Row[UUID, int | None, str],
    entrant: Mapping[str, Any],
    tie_breaks: Mapping[str, int],
    values: Mapping[str, Fraction | None],
) -> Line:
    name = str(line.entrant_id)
    return Line(
        id=name,
        place=line.place,
        eligible=line.place is None or entrant.get("award_eligible", True),
        delegation=line.delegation_name or None,
        tie_break=tie_breaks.get(name),
        reason=OUT_OF_CONTEST,
        categories=frozenset(entrant.get("categories", ())),
        value=values.get(name),
    )


def advances_of(event_id: UUID) -> list[Advance]:
    """Whom the results of an event have sent up, those with a place first, then the reserves in their order."""
    return list(
        session.scalars(
            select(Advance)
            .where(Advance.event_id == event_id)
            .order_by(Advance.reserve_order.is_not(None), Advance.reserve_order, Advance.at, Advance.id)
        )
    )


def advancement_mark(publication: Publication) -> tuple[object, ...]:
    """What else a page about who climbs depends on: how many have climbed, and which tie was settled last."""
    event_id = publication.event_id
    climbed = select(func.count()).select_from(Advance).where(Advance.event_id == event_id)
    settled = select(func.max(AuditEntry.number)).where(
        AuditEntry.chain == str(event_id),
        AuditEntry.kind == TIE_SETTLED,
        AuditEntry.subject_id == publication.revision_id,
    )
    parent = publication.event.parent
    above = (parent.version, parent.competition.version) if parent else ()
    return (session.scalar(climbed), session.scalar(settled), *above)


def advances_to(entrant_id: UUID) -> Advance | None:
    """How this entrant climbed, if it did."""
    found: Advance | None = session.scalar(
        select(Advance).where(Advance.entrant_id == entrant_id).order_by(Advance.at.desc()).limit(1)
    )
    return found


@dataclass(frozen=True)
class NotMade:
    """An entrant who reached a place above and could not be entered there, and why."""

    entrant_id: UUID
    reasons: tuple[Sentence, ...]


def not_made(event: Event) -> dict[UUID, NotMade]:
    """Who could not be entered into the event above although the result says so; the latest reasons count."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.chain == str(event.id), AuditEntry.kind == NOT_MADE)
        .order_by(AuditEntry.number)
    )
    entered = {each.entrant_id for each in advances_of(event.id)}
    return {
        entry.subject_id: NotMade(entry.subject_id, tuple(map(sentence_of, entry.payload["reasons"])))
        for entry in entries
        if entry.subject_id is not None and entry.subject_id not in entered
    }
