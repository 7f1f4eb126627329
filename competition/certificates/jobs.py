"""The certificates of a whole event, in the background."""

from typing import Any
from uuid import UUID

from competition.accounts.queries import account_by_id, actor_of
from competition.accounts.services import system_actor
from competition.certificates import queries, services
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, scope_of_work
from competition.errors import RuleBroken
from competition.jobs import words
from competition.jobs.registry import operation_kind
from competition.jobs.run import Run
from competition.results import queries as results
from competition.results.models import ResultRevision
from competition.rules.access import Actor
from competition.rules.sentences import Sentence, sentence

STEP = 20
"""Certificates in one transaction: each is kept with the others of its step or not at all."""


def _outcome(result: dict[str, Any]) -> Sentence:
    issued, refused = result.get("issued", 0), result.get("refused", [])
    if not refused:
        return sentence("%(issued)s certificates were issued.", issued=issued)
    return sentence(
        "%(issued)s certificates were issued, %(refused)s were not. %(because)s",
        issued=issued,
        refused=len(refused),
        because=words.read(refused[0]),
    )


@operation_kind(
    services.BATCH,
    title=sentence("Issue certificates"),
    seconds=3600,
    outcome=_outcome,
    leads_to="certificates.list_certificates",
    scope=scope_of_work,
)
def issue_batch(run: Run) -> None:
    """Issue what is missing, step by step. What an earlier attempt issued is not missing any more."""
    assert run.event_id is not None, "a batch belongs to an event"
    event = event_by_id(run.event_id)
    missing = queries.awarded_without_certificate(_expected_revision(run))
    problems = [queries.printing_problem(line, worker) for line, worker in missing]
    workers = [worker.id for _, worker in missing]
    run.expect(_issued(run, event) + len(workers), done=_issued(run, event))
    for start in range(0, len(workers), STEP):
        _step(run, workers[start : start + STEP])
    refused = [words.written(problem) for problem in problems if problem]
    run.finish({"issued": _issued(run, event), "refused": refused})


def _step(run: Run, workers: list[UUID]) -> None:
    with run.step(len(workers)) as at:
        by = _queued_by(run)
        for line, worker in queries.awarded_without_certificate(_expected_revision(run), among=workers):
            if queries.printing_problem(line, worker) is None:
                services.issue_certificate(line, worker, by=by, at=at)


def _expected_revision(run: Run) -> ResultRevision:
    """The final revision, as long as it is the one for which the work was asked."""
    assert run.event_id is not None
    revision = results.final_revision(event_by_id(run.event_id))
    if revision is None or str(revision.id) != run.args["revision_id"]:
        raise RuleBroken(
            sentence("Another result was published since, so no more certificates were issued."),
            next_step=sentence("Issue the missing ones again; they then rest on the new result."),
        )
    return revision


def _issued(run: Run, event: Event) -> int:
    """How many certificates this work has issued, in this attempt and before."""
    return sum(queries.counts_by_status(event).values()) - int(run.args["issued_before"])


def _queued_by(run: Run) -> Actor:
    account = account_by_id(run.queued_by) if run.queued_by else None
    return actor_of(account) if account else system_actor()
