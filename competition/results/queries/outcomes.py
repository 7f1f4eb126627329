"""The whole outcome of a revision: who is honoured, which teams, which prizes; computed from the stored document."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from competition.results.models import ResultRevision
from competition.rules.contest import Outcome, evaluate

_KEPT = 8
_outcomes: OrderedDict[UUID, Outcome] = OrderedDict()
_lock = Lock()


def outcome_of_revision(revision: ResultRevision) -> Outcome:
    """Everything the revision came to. A revision never changes, so the last few are kept by this process."""
    with _lock:
        if revision.id in _outcomes:
            _outcomes.move_to_end(revision.id)
            return _outcomes[revision.id]
    found = evaluate(revision.contest)
    with _lock:
        _outcomes[revision.id] = found
        while len(_outcomes) > _KEPT:
            _outcomes.popitem(last=False)
    return found
