"""What a correction would mean for those who climbed, tier by tier: told before anything changes."""

from collections.abc import Iterator
from uuid import UUID

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.registration.queries import display_name
from competition.results.models import Advance, ResultRevision
from competition.results.queries.advancements import (
    advance_differences,
    advances_of,
    advances_to,
    decisions_for,
)
from competition.results.queries.listed import entrants_among
from competition.results.queries.revisions import line_of, published_revision
from competition.rules.lifecycle import STATE_TITLES
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title


def cascade(event: Event, released: ResultRevision, waiting: ResultRevision) -> tuple[Sentence, ...]:
    """What the waiting revision would do to entrants who climbed, and to what rests on them in the events above.

    Nobody who climbed is removed: it is said where they stand now, so that people can decide. Who would climb in
    addition is named too; they are entered when the result is final.
    """
    return (*_left_as_they_are(event, waiting), *_climbing_in_addition(event, waiting))


def _left_as_they_are(event: Event, waiting: ResultRevision) -> Iterator[Sentence]:
    differences = advance_differences(waiting)
    entrants = entrants_among(event, {each.entrant for each in differences})
    for each in differences:
        yield sentence(
            "Number %(entry_number)s %(name)s: %(difference)s.",
            entry_number=entrants[each.entrant].entry_number or "–",
            name=display_name(entrants[each.entrant]),
            difference=each.sentence,
        )
        if each.sent is not None:
            yield from _standing_above(each.sent)


def _standing_above(sent: Advance) -> Iterator[Sentence]:
    """Where somebody who climbed stands in the event above, and in every event above that."""
    above: Advance | None = sent
    while above is not None:
        parent = event_by_id(above.parent_event_id)
        yield _standing(parent, above.parent_entrant_id)
        above = advances_to(above.parent_entrant_id)


def _standing(parent: Event, entrant_id: UUID) -> Sentence:
    where = _called(parent)
    revision = published_revision(parent)
    line = line_of(revision, entrant_id) if revision else None
    if line is not None and line.place is not None:
        return sentence(
            "In %(event)s it has place %(place)s of a published result.", event=where, place=line.place
        )
    return sentence(
        "In %(event)s it is entered; that event is in the state “%(state)s”.",
        event=where,
        state=STATE_TITLES[parent.state],
    )


def _climbing_in_addition(event: Event, waiting: ResultRevision) -> Iterator[Sentence]:
    case = decisions_for(waiting)
    if case is None or waiting.advancement is None:
        return
    parent = event_by_id(UUID(waiting.advancement["parent"]))
    entered = {str(each.entrant_id) for each in advances_of(event.id)}
    for entrant in entrants_among(event, set(case.advanced) - entered).values():
        yield sentence(
            "Number %(entry_number)s %(name)s climbs to %(event)s when the result is final.",
            entry_number=entrant.entry_number or "–",
            name=display_name(entrant),
            event=_called(parent),
        )


def _called(event: Event) -> Title:
    """An event with its competition, in both languages."""
    there = event.competition
    return Title(f"{there.name} {event.name}", f"{there.name_en or there.name} {event.name_en or event.name}")
