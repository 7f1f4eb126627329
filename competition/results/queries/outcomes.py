"""The whole outcome of a revision: who is honoured, which teams, which prizes; computed from the stored document."""

from competition.results.keeping import Shelf
from competition.results.models import ResultRevision
from competition.rules.contest import Outcome, evaluate

_outcomes: Shelf[Outcome] = Shelf(most=8, room=100_000, size=lambda outcome: len(outcome.lines))


def outcome_of_revision(revision: ResultRevision) -> Outcome:
    """Everything the revision came to. A revision never changes, so the last few are kept by this process (together no
    more than 100,000 entrants); who asks while one is being evaluated waits for it."""
    return _outcomes.of((revision.event_id, revision.id, revision.hash), lambda: evaluate(revision.contest))
