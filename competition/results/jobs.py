"""A result that becomes final by itself, where its rules say so."""

from typing import Any
from uuid import UUID

from competition import clock
from competition.accounts.services import system_actor
from competition.competitions.queries import event_by_id, scope_of_work
from competition.jobs.registry import operation_kind
from competition.jobs.run import Run
from competition.results import queries, services
from competition.rules.sentences import Sentence, sentence


def _outcome(result: dict[str, Any]) -> Sentence:
    if result.get("declared"):
        return sentence("The result is final.")
    return sentence("Nothing was to be done: the result is final already, or a later one was published.")


@operation_kind(
    services.FINAL,
    title=sentence("Declare the result final when its notice is over"),
    seconds=3600,
    outcome=_outcome,
    leads_to="results.show_publication",
    scope=scope_of_work,
)
def declare_when_due(run: Run) -> None:
    """Declare the result final if nothing is in the way; else look again when the notice ends, or in a while."""
    assert run.event_id is not None, "a result belongs to an event"
    event, revision_id = event_by_id(run.event_id), UUID(run.args["revision_id"])
    foreseen = None if queries.obstacles(event, at=clock.now()) else services.foresee(event)
    with run.step(0) as at:
        was_final = queries.final_revision(event)
        waits = services.declare_final_if_due(
            event, revision_id=revision_id, foreseen=foreseen, by=system_actor(), at=at
        )
        is_final = queries.final_revision(event)
    if not waits:
        run.finish({"declared": is_final is not None and was_final is None})
        return
    publication = queries.newest_publication(run.event_id)
    assert publication is not None, "only a published result has to wait"
    run.wait_until(queries.next_look(publication, at=at), *waits)
