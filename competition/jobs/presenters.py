"""What a page says about an operation."""

from dataclasses import dataclass
from uuid import UUID

from competition.jobs import words
from competition.jobs.models import Operation, OperationState
from competition.jobs.registry import kind_of
from competition.rules.sentences import Sentence, sentence

STATES: dict[OperationState, Sentence] = {
    OperationState.QUEUED: sentence("Waiting"),
    OperationState.RUNNING: sentence("Under way"),
    OperationState.DONE: sentence("Done"),
    OperationState.FAILED: sentence("Failed"),
    OperationState.CANCELLED: sentence("Cancelled"),
}
TONES = {
    OperationState.QUEUED: "neutral",
    OperationState.RUNNING: "info",
    OperationState.DONE: "success",
    OperationState.FAILED: "danger",
    OperationState.CANCELLED: "warning",
}
_SENTENCES: dict[OperationState, Sentence] = {
    OperationState.QUEUED: sentence(
        "The work waits for its turn. You may leave this page; it goes on without you."
    ),
    OperationState.RUNNING: sentence(
        "The work is under way. You may leave this page; it goes on without you."
    ),
    OperationState.DONE: sentence("The work is done."),
    OperationState.FAILED: sentence("The work stopped. What was finished before stays."),
    OperationState.CANCELLED: sentence("The work was cancelled. What was finished before stays."),
}


@dataclass(frozen=True)
class OperationView:
    """One operation for a page. `reasons` says why it failed, or why the last attempt did."""

    id: UUID
    title: Sentence | str
    state: OperationState
    state_title: Sentence
    tone: str
    done: int
    total: int | None
    sentence: Sentence
    reasons: tuple[Sentence, ...]
    leads_to: str | None

    @property
    def is_open(self) -> bool:
        return self.state in (OperationState.QUEUED, OperationState.RUNNING)

    @property
    def can_be_retried(self) -> bool:
        return self.state in (OperationState.FAILED, OperationState.CANCELLED)


def view_of(operation: Operation) -> OperationView:
    kind = kind_of(operation.kind)
    state = OperationState(operation.state)
    says = _SENTENCES[state]
    if kind and state is OperationState.DONE:
        says = kind.outcome(operation.result or {}) or says
    because = (operation.error or {}).get("because", ())
    return OperationView(
        id=operation.id,
        title=kind.title if kind else operation.kind,
        state=state,
        state_title=STATES[state],
        tone=TONES[state],
        done=operation.done,
        total=operation.total,
        sentence=says,
        reasons=tuple(words.read(each) for each in because),
        leads_to=kind.leads_to if kind else None,
    )
