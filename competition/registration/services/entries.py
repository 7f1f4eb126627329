"""Enter people for an event."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.registration import facts
from competition.registration.models import (
    Delegation,
    Entrant,
    EntrantMember,
    EntrantState,
    EntrySource,
)
from competition.registration.queries import check_entry, entered_worker_ids, sending_organisation
from competition.registration.services.delegations import open_delegation
from competition.rules.access import Actor
from competition.rules.lifecycle import STATE_TITLES, EventState
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import Worker

DECIDED_BY_OTHERS = (EntrySource.ADVANCED, EntrySource.DRILL)
"""Who comes by a result: a condition not met is shown to the approver instead of barring the way."""


def enter(
    event: Event,
    *,
    workers: Sequence[Worker],
    source: EntrySource,
    by: Actor,
    at: datetime,
    delegation: Delegation | None = None,
    source_id: UUID | None = None,
    reserve_order: int | None = None,
) -> Entrant:
    """Enter people, in order, for an event: one person, or exactly the size of a team.

    The entrant waits for a decision, or stands in reserve when `reserve_order` is given. The eligibility answers
    are kept with it. Raises RuleBroken with every reason: the event takes no entries, the number of people is
    wrong, somebody is already entered, they come from different delegations, a barring condition is not met
    (the last one only when the entry does not come by a result: advanced, drill).
    """
    lock(event)
    reasons = [
        *state_reasons(event, source),
        *_team_reasons(event, workers),
        *_entered_already(event, workers),
    ]
    check = check_entry(event, workers, at=at)
    if source not in DECIDED_BY_OTHERS:
        reasons += check.barring
    if reasons:
        raise RuleBroken(*reasons)
    delegation = delegation or _delegation_of(event, workers, by=by, at=at)
    _refuse_strangers(delegation, workers)
    entrant = Entrant(
        id=tokens.new_id(),
        event_id=event.id,
        delegation=delegation,
        state=EntrantState.SUBMITTED if reserve_order is None else EntrantState.RESERVE,
        source=source,
        source_id=source_id,
        reserve_order=reserve_order,
        award_eligible=check.award_eligible,
        answers=check.document(),
        submitted_at=at,
        submitted_by=by.account_id,
        members=[
            EntrantMember(event_id=event.id, position=position, worker=worker, active=True)
            for position, worker in enumerate(workers, start=1)
        ],
    )
    session.add(entrant)
    session.flush()
    record(
        facts.EntrantEntered(
            event_id=event.id,
            subject_id=entrant.id,
            delegation=delegation.organisation.name,
            source=source.value,
            eligible=check.eligible,
            reserve_order=reserve_order,
        ),
        by=by,
        at=at,
    )
    return entrant


def nominate(event: Event, *, entries: Sequence[Sequence[Worker]], by: Actor, at: datetime) -> list[Entrant]:
    """Enter several people (or teams) that a leader puts forward: all of them, or none with every reason."""
    reasons: list[Sentence] = []
    made: list[Entrant] = []
    for workers in entries:
        try:
            made.append(enter(event, workers=workers, source=EntrySource.NOMINATED, by=by, at=at))
        except RuleBroken as problem:
            names = "、".join(worker.name for worker in workers)
            reasons += [
                sentence("%(name)s: %(reason)s", name=names, reason=reason) for reason in problem.sentences
            ]
    if reasons:
        raise RuleBroken(*reasons)
    return made


def state_reasons(event: Event, source: EntrySource) -> list[Sentence]:
    """Why the event takes no entries now. Winners of the event below may also come before registration opens."""
    taking = {EventState.REGISTRATION}
    if source is EntrySource.ADVANCED:
        taking.add(EventState.DRAFT)
    if event.state in taking:
        return []
    return [
        sentence(
            "This event takes no entries: its state is “%(state)s”.",
            state=STATE_TITLES[EventState(event.state)],
        )
    ]


def _team_reasons(event: Event, workers: Sequence[Worker]) -> list[Sentence]:
    reasons = []
    if len(workers) != event.team_size:
        reasons.append(
            sentence(
                "An entry for this event is %(size)s people; %(count)s were named.",
                size=event.team_size,
                count=len(workers),
            )
        )
    if len({worker.id for worker in workers}) != len(workers):
        reasons.append(sentence("The same person is named twice in one team."))
    return reasons


def _entered_already(event: Event, workers: Sequence[Worker]) -> list[Sentence]:
    entered = entered_worker_ids(event, [worker.id for worker in workers])
    return [
        sentence("%(name)s is already entered for this event.", name=worker.name)
        for worker in workers
        if worker.id in entered
    ]


def _delegation_of(event: Event, workers: Sequence[Worker], *, by: Actor, at: datetime) -> Delegation:
    senders = {sending_organisation(event.competition, worker) for worker in workers}
    if len(senders) > 1:
        raise RuleBroken(different_delegations(sorted(sender.name for sender in senders)))
    return open_delegation(event.competition, senders.pop(), by=by, at=at)


def different_delegations(names: Sequence[str]) -> Sentence:
    """What is said when the people of a team do not come from one delegation."""
    return sentence(
        "The people of one team come from one delegation; these come from %(names)s.", names="、".join(names)
    )


def _refuse_strangers(delegation: Delegation, workers: Sequence[Worker]) -> None:
    strangers = [w for w in workers if not w.employer.path.startswith(delegation.organisation.path)]
    if strangers:
        raise RuleBroken(
            *(
                sentence(
                    "%(name)s does not belong to the delegation of %(organisation)s.",
                    name=worker.name,
                    organisation=delegation.organisation.name,
                )
                for worker in strangers
            )
        )
