"""Who may follow when somebody who climbed leaves the event above: the old order and the old rules, caps included."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from competition.database import session
from competition.registration.models import Entrant, EntrantState
from competition.results.models import Advance, ResultRevision
from competition.results.queries.advancements import advances_of, fresh_decisions
from competition.rules.advancement import Outcome, refill, with_those_who_went_on
from competition.rules.sentences import Sentence, sentence

_STAYS = (EntrantState.SUBMITTED, EntrantState.APPROVED)
_ANOTHER_FOLLOWS = sentence(
    "The place that stands empty goes to another reserve by the rules of advancement."
)


def passed_over(reserves: Sequence[Entrant]) -> dict[UUID, Sentence]:
    """Which of these reserves the rules of advancement pass over as places above are now, each with the reason.

    Only where the rules have more than one line of places (a cap of delegations, a quota table, places of categories);
    otherwise reserves simply follow in their order. The order is that of the result by which they became reserves.
    """
    advance = session.scalar(
        select(Advance).where(Advance.parent_entrant_id.in_([each.id for each in reserves]))
    )
    if advance is None:
        return {}
    revision = session.get(ResultRevision, (advance.event_id, advance.revision_id))
    case = fresh_decisions(revision) if revision else None
    if case is None or not (case.delegation_cap or case.quotas or case.categories):
        return {}
    above = _above(advance.event_id)
    here = {line.id for line in case.lines}
    climbed = {name for name, (_, is_reserve) in above.items() if name in here and not is_reserve}
    left = {name for name in climbed if above[name][0].state not in _STAYS}
    moved_up = {
        name for name, (entrant, is_reserve) in above.items() if is_reserve and entrant.state in _STAYS
    }
    now = refill(with_those_who_went_on(case, climbed | (moved_up & here)), left)
    if not now.vacancies and set(now.advanced) <= climbed | moved_up:
        return {}  # no place stands empty
    rows = {row.id: row for row in now.rows}
    return {
        entrant.id: _ANOTHER_FOLLOWS if rows[name].outcome is Outcome.RESERVE else rows[name].sentence
        for name, (entrant, _) in above.items()
        if entrant in reserves and name in rows and rows[name].outcome is not Outcome.ADVANCED
    }


def _above(event_id: UUID) -> dict[str, tuple[Entrant, bool]]:
    """The entrants above by the entrant below they came from, and whether each was named as a reserve."""
    found = {}
    for advance in advances_of(event_id):
        entrant = session.get(Entrant, advance.parent_entrant_id)
        if entrant is not None:
            found[str(advance.entrant_id)] = (entrant, advance.reserve_order is not None)
    return found
