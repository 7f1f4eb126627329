"""What people decided about single awards of a revision."""

from sqlalchemy import select

from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of_version
from competition.database import session
from competition.registration.models import Entrant
from competition.results.models import ResultAwardDecision, ResultLine, ResultRevision
from competition.rules.awards import decision_said
from competition.rules.sentences import Sentence


def award_decisions_of(revision: ResultRevision) -> list[tuple[ResultAwardDecision, ResultLine]]:
    """The decisions of a revision with the lines they are about, in the order of the printed list."""
    query = (
        select(ResultAwardDecision, ResultLine)
        .join(
            ResultLine,
            (ResultLine.event_id == ResultAwardDecision.event_id)
            & (ResultLine.revision_id == ResultAwardDecision.revision_id)
            & (ResultLine.entrant_id == ResultAwardDecision.entrant_id),
        )
        .where(
            ResultAwardDecision.event_id == revision.event_id,
            ResultAwardDecision.revision_id == revision.id,
        )
        .order_by(ResultLine.position)
    )
    return [(decision, line) for decision, line in session.execute(query)]


def entrant_numbered(event: Event, number: int) -> Entrant | None:
    """The entrant of an event with this entry number."""
    found: Entrant | None = session.scalar(
        select(Entrant).where(Entrant.event_id == event.id, Entrant.entry_number == number)
    )
    return found


def decision_words(decision: ResultAwardDecision, revision: ResultRevision) -> Sentence:
    """What was decided and why, beside what the rules give."""
    rule = rule_set_of_version(revision.rule_set_version).awards
    titles = rule.titles if rule else {}
    return decision_said(
        titles.get(decision.award or "", decision.award),
        titles.get(decision.computed or "", decision.computed),
        decision.reason,
    )
