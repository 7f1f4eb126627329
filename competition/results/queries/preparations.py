"""What a result would be if it were prepared now, and what stands in the way."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.draws.models import Draw, DrawnPlace
from competition.orm import CanonicalText, read_json
from competition.rechecks import queries as rechecks
from competition.results.queries.revisions import newest_revision
from competition.results.queries.workings import with_names
from competition.rules import contest, lifecycle
from competition.rules.contest import ContestInvalid, Outcome
from competition.rules.lifecycle import Move
from competition.rules.ranking import Ties
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.queries.bases import basis_of
from competition.scoring.queries.contests import contest_text
from competition.scoring.queries.recorded import Recorded

MOST_REASONS = 20
"""How many reasons one refusal lists before it counts the others."""


@dataclass(frozen=True)
class Preparation:
    """Contest document and outcome of today (None while they cannot be made), every reason against a revision, open ties.

    `contest` is the document as it is stored. `ties` names the entrants between whom people must decide, because these
    rules share no place.
    """

    contest: CanonicalText
    document: dict[str, Any]
    outcome: Outcome | None
    problems: tuple[Sentence, ...]
    ties: tuple[tuple[str, ...], ...] = ()


def preparation(
    event: Event,
    *,
    decisions: Sequence[dict[str, Any]] | None = None,
    award_decisions: Sequence[dict[str, Any]] | None = None,
    recorded: Recorded | None = None,
) -> Preparation:
    """What `prepare_revision` would compute now. `decisions` None keeps the documented orders of the newest revision,
    `award_decisions` None what was decided there about awards.

    Entrants go by their codes in the reasons: nobody needs a name to find a missing mark.
    """
    if refused := lifecycle.refusal(event.state, Move.PUBLISH):
        return Preparation(CanonicalText("{}"), {}, None, (refused,))
    recorded = recorded or Recorded(event)
    decided = kept_decisions(event, "decisions") if decisions is None else decisions
    awarded = kept_decisions(event, "award_decisions") if award_decisions is None else award_decisions
    text = contest_text(event, decisions=decided, award_decisions=awarded, recorded=recorded)
    document = read_json(text)
    try:
        outcome = contest.evaluate(document)
    except ContestInvalid as invalid:
        return Preparation(text, document, None, _invalid(invalid))
    problems = (*rechecks.blockers(event), *_problems(event, outcome, recorded))
    return Preparation(text, document, outcome, problems, _ties(outcome))


@dataclass(frozen=True)
class Outlook:
    """What stands in the way of a revision, and the open ties: what a page needs of a preparation."""

    problems: tuple[Sentence, ...]
    ties: tuple[tuple[str, ...], ...] = ()


_MOST_KNOWN = 32
_lock = Lock()
_known: OrderedDict[tuple[object, ...], Outlook] = OrderedDict()


def outlook(event: Event) -> Outlook:
    """What `preparation` would say against a revision; computed once for the same marks, however often a page asks.

    For pages only: whatever is stored or made public is computed from the marks each time.
    """
    if refused := lifecycle.refusal(event.state, Move.PUBLISH):
        return Outlook((refused,))
    newest = newest_revision(event)
    key = (event.id, newest.id if newest else None, basis_of(event), rechecks.blockers(event))
    with _lock:
        known = _known.get(key)
    if known is None:
        found = preparation(event)
        known = Outlook(found.problems, found.ties)
        with _lock:
            _known[key] = known
            while len(_known) > _MOST_KNOWN:
                _known.popitem(last=False)
    return known


def kept_decisions(event: Event, kind: str) -> list[dict[str, Any]]:
    """What people decided in the newest revision: “decisions” about ties, “award_decisions” about awards."""
    newest = newest_revision(event)
    return list(newest.contest.get(kind, ())) if newest else []


def _invalid(invalid: ContestInvalid) -> tuple[Sentence, ...]:
    return tuple(
        sentence("%(place)s: %(problem)s", place=problem.path or "/", problem=problem.sentence)
        for problem in invalid.problems[:MOST_REASONS]
    )


def _problems(event: Event, outcome: Outcome, recorded: Recorded) -> list[Sentence]:
    reasons = []
    standing = scoring.missing_standing(event, recorded)
    if standing.refusal is not None:
        reasons.append(standing.refusal)
    codes = {str(one.entrant_id): one.code for one in recorded.drawn}
    open_matters = _open_matters(outcome, codes, standing)
    reasons += [with_names(reason, codes) for reason in open_matters[:MOST_REASONS]]
    if (more := len(open_matters) - MOST_REASONS) > 0:
        reasons.append(sentence("%(count)s more entrants or aspects are incomplete.", count=more))
    if not outcome.lines:
        reasons.append(sentence("Nobody takes part, so there is no result."))
    return reasons


def _open_matters(
    outcome: Outcome, codes: Mapping[str, str], standing: scoring.MissingStanding
) -> list[Sentence]:
    """What the rules miss; of those whose missing sheets two people accepted, nothing: they have no result."""
    accepted = standing.codes if standing.is_accepted else frozenset()
    return [
        reason
        for line in outcome.lines
        if line.complete or codes.get(line.entrant) not in accepted
        for reason in line.blockers
    ]


def codes_of(event: Event) -> dict[str, str]:
    """The codes of the current draw by entrant."""
    rows = session.execute(
        select(DrawnPlace.entrant_id, DrawnPlace.code)
        .join(Draw, Draw.id == DrawnPlace.draw_id)
        .where(Draw.event_id == event.id, Draw.superseded_at.is_(None))
    )
    return {str(entrant_id): code for entrant_id, code in rows}


def _ties(outcome: Outcome) -> tuple[tuple[str, ...], ...]:
    if outcome.ruleset.ties is not Ties.MANUAL:
        return ()
    return tuple(dict.fromkeys(each.tied for each in outcome.placings.values() if each.is_shared))
