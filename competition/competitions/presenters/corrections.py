"""Corrections of frozen rules as pages show them: what they change, who stands for them, what the reader may do."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from competition.competitions import queries
from competition.competitions.models import Event, RuleCorrection
from competition.competitions.presenters.editor import grouped_differences
from competition.competitions.rule_set_difference import differences
from competition.rules import corrections
from competition.rules.access import Actor, Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence

PROPOSE = Permission.COMPETITIONS_EVENT_MANAGE
ACCEPT = Permission.RESULTS_PUBLICATION_APPROVE
"""The second person is the one without whom nothing is published: another organiser, or the supervisor."""


@dataclass(frozen=True)
class CorrectionOffer:
    """What the page of the rules says to this reader about their correction."""

    may_propose: bool
    waits: Sentence | None


def correction_offer(event: Event, person: Actor) -> CorrectionOffer:
    """What this reader may do about a mistake in the frozen rules, and what waits, if the reader may know."""
    scope = queries.scope_of_event(event)
    return CorrectionOffer(
        may_propose=EventState(event.state) in corrections.CORRECTED_IN and person.may(PROPOSE, scope),
        waits=queries.waits_for_second_person(event, person) if person.may(queries.READ, scope) else None,
    )


def accepted_by_version(event: Event) -> dict[UUID, RuleCorrection]:
    """The correction behind every version that one made."""
    return {
        each.version_id: each
        for each in queries.proposals_of(RuleCorrection, event)
        if each.version_id is not None
    }


def correction_view(event: Event, person: Actor) -> dict[str, Any]:
    """Everything the page of corrections shows: what waits and what it changes, what was decided, what the reader may do."""
    scope, proposal = queries.scope_of_event(event), queries.standing_correction(event)
    reasons: list[Sentence] = []
    if proposal is not None:
        reasons = queries.correction_reasons(event, proposal.document)
    is_of_this = proposal is not None and proposal.before_id == event.frozen_id
    return {
        "proposal": proposal,
        "groups": proposal and _changes_of(proposal),
        "obstacles": reasons,
        "is_of_this_version": is_of_this,
        "refusal": corrections.refusal(EventState(event.state)),
        "before": [
            (each, _changes_of(each))
            for each in queries.proposals_of(RuleCorrection, event)
            if each is not proposal
        ],
        "numbers": {version.id: version.number for version in queries.versions_of(event)},
        "is_proposer": proposal is not None and proposal.proposed_by == person.account_id,
        "may_propose": correction_offer(event, person).may_propose,
        "may_accept": is_of_this and not reasons and person.may(ACCEPT, scope),
        "may_withdraw": proposal is not None and person.may(ACCEPT, scope),
    }


def _changes_of(correction: RuleCorrection) -> list[tuple[str, list[str]]]:
    return grouped_differences(differences(correction.before.document, correction.document))
