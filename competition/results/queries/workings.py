"""Why this place: the working of one entrant, reckoned anew from the stored contest document when somebody asks.

Where the rules allow it, only the entrant and the neighbours in the result are read and evaluated, not the whole field.
They do not where two entrants cannot be compared without the others (stages with a line, head to head) or where the line
depends on everybody: awards and scales. Then the outcome of the whole revision is asked, which is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from competition.competitions.queries import rule_set_of_version
from competition.database import session
from competition.errors import NotFound
from competition.results.models import ResultLine, ResultRevision
from competition.results.queries.outcomes import outcome_of_revision
from competition.results.queries.revisions import line_of, ranked_count, select_lines
from competition.rules.contest import Line, Outcome, explain_award, explain_place, outcome_of, parse
from competition.rules.marking import Working
from competition.rules.ranking import Placing, TieDecision
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

_IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNTOLD = sentence("How the marks compare with those of the neighbours is not made public in this event.")


@dataclass(frozen=True)
class Explained:
    """One entrant's result with everything that led to it. `titles` names the nodes of the scheme."""

    line: ResultLine
    reckoned: Line
    working: Working
    sentences: tuple[Sentence, ...]
    award: tuple[Sentence, ...]
    outcome: Outcome
    titles: dict[str, Title]


def working(revision: ResultRevision, entrant_id: UUID) -> Working:
    """How the entrant's total came about, from the marks up. NotFound for somebody who is not in the revision."""
    return explained(revision, entrant_id).working


def explanation(revision: ResultRevision, entrant_id: UUID) -> tuple[Sentence, ...]:
    """Why the entrant has this place, in sentences with the names of the result list."""
    return explained(revision, entrant_id).sentences


def explained(revision: ResultRevision, entrant_id: UUID, *, told: frozenset[str] | None = None) -> Explained:
    """Working and explanation together: the document is read once.

    `told` are the nodes whose values the reader may know; comparisons on others are left out, and so are the names of
    others in the reasons of an award (None: every one is told).
    """
    line = line_of(revision, entrant_id)
    if line is None:
        raise NotFound()
    beside = _beside(revision, line)
    near = [line, *_next(revision, line)]
    outcome = _outcome(revision, near, beside)
    name = str(entrant_id)
    untold = _untold(outcome, name, told)
    said = [_counted(each, revision) for each in explain_place(outcome, name) if each not in untold]
    if untold:
        said.append(UNTOLD)
    names = {str(each.entrant_id): each.display_name for each in (*near, *beside)}
    return Explained(
        line=line,
        reckoned=outcome.line(name),
        working=outcome.working(name),
        sentences=tuple(with_names(each, names) for each in said),
        award=explain_award(outcome, name, told=told),
        outcome=outcome,
        titles={node: branch.title for node, branch in outcome.ruleset.nodes.items()},
    )


def _untold(outcome: Outcome, name: str, told: frozenset[str] | None) -> list[Sentence]:
    """What was compared on nodes that are not told."""
    if told is None or name not in outcome.placings:
        return []
    return [
        each.sentence
        for neighbour in outcome.neighbours(name)
        if neighbour is not None
        for each in outcome.comparisons(name, neighbour)
        if not told.issuperset({each.comparator.node, *each.comparator.parts})
    ]


def with_names(words: Sentence, names: dict[str, str]) -> Sentence:
    """The same sentence with names in the place of the identifiers of the contest document."""
    return Sentence(words.text, {key: _named(value, names) for key, value in words.values.items()})


def _named(value: object, names: dict[str, str]) -> object:
    if isinstance(value, Sentence):
        return with_names(value, names)
    if not isinstance(value, str):
        return value
    return _IDENTIFIER.sub(lambda found: names.get(found.group(), found.group()), value)


def _next(revision: ResultRevision, line: ResultLine) -> list[ResultLine]:
    """Who stands next above and next below; of those who share a place there, one stands for all."""
    if line.place is None:
        return []
    of = select_lines(revision)
    above = of.where(ResultLine.place < line.place).order_by(
        ResultLine.place.desc(), ResultLine.entrant_id.desc()
    )
    below = of.where(ResultLine.place > line.place).order_by(ResultLine.place, ResultLine.entrant_id)
    return [*session.scalars(above.limit(1)), *session.scalars(below.limit(1))]


def _beside(revision: ResultRevision, line: ResultLine) -> list[ResultLine]:
    """Who shares the place, and who would have without a documented decision."""
    if line.place is None:
        return []
    same = ResultLine.place == line.place
    if decision := _decision_on(revision, str(line.entrant_id)):
        same |= ResultLine.entrant_id.in_([UUID(name) for name in decision.order])
    query = select_lines(revision).where(same, ResultLine.entrant_id != line.entrant_id)
    return list(session.scalars(query.order_by(ResultLine.entrant_id)))


def _decision_on(revision: ResultRevision, name: str) -> TieDecision | None:
    """The documented order that names this entrant, if people decided one."""
    found = next((each for each in revision.contest.get("decisions", ()) if name in each["order"]), None)
    return TieDecision(tuple(found["order"]), found["reason"]) if found else None


def _outcome(revision: ResultRevision, near: Sequence[ResultLine], beside: Sequence[ResultLine]) -> Outcome:
    """The outcome of the entrant and the neighbours, with the places they have in the whole result; of the whole field
    where the rules do not do without it."""
    ids = {str(each.entrant_id) for each in near}
    rules = rule_set_of_version(revision.rule_set_version)
    if rules.needs_everybody or rules.awards is not None or rules.scales:
        return outcome_of_revision(revision)
    document: dict[str, Any] = revision.contest
    few = outcome_of(
        parse(
            {
                **document,
                "entrants": [each for each in document["entrants"] if each["id"] in ids],
                "marks": [each for each in document["marks"] if each["entrant"] in ids],
                "decisions": [],
            }
        )
    )
    placed = sorted((each.place, str(each.entrant_id)) for each in near if each.place is not None)
    placings = {name: Placing(name, place, (name,)) for place, name in placed}
    own = near[0]
    if own.place is not None:
        placings[str(own.entrant_id)] = _placing(revision, own, own.place, beside)
    return Outcome(few.contest, few.lines, placings)


def _placing(revision: ResultRevision, own: ResultLine, place: int, beside: Sequence[ResultLine]) -> Placing:
    name = str(own.entrant_id)
    sharing = sorted([name, *(str(each.entrant_id) for each in beside if each.place == place)])
    decision = _decision_on(revision, name)
    if decision is not None and len(sharing) == 1:
        return Placing(name, place, decision.order, decision)
    return Placing(name, place, tuple(sharing))


def _counted(words: Sentence, revision: ResultRevision) -> Sentence:
    """The number of ranked entrants is that of the whole result, not of the few who were looked at."""
    if "count" not in words.values or "place" not in words.values:
        return words
    return Sentence(words.text, {**words.values, "count": ranked_count(revision)})
