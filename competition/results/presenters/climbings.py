"""Who climbs to the event above."""

from dataclasses import dataclass
from uuid import UUID

from competition.competitions.queries import event_by_id
from competition.results import queries
from competition.results.models import ResultRevision
from competition.rules.advancement import Outcome as Climbing
from competition.rules.sentences import Sentence, sentence

CLIMBING_LABELS: dict[Climbing, tuple[Sentence, str]] = {
    Climbing.ADVANCED: (sentence("Advances"), "success"),
    Climbing.RESERVE: (sentence("Reserve"), "info"),
    Climbing.UNDECIDED: (sentence("Tie at the line"), "warning"),
    Climbing.LEFT_OUT: (sentence("Does not advance"), "neutral"),
    Climbing.WITHDRAWN: (sentence("Withdrawn"), "neutral"),
}


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
