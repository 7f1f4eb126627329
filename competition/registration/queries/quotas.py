"""The quota table of a rule set beside the delegations of its event."""

from sqlalchemy import select

from competition.competitions.cautions import Caution
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.database import session
from competition.organisations.models import Organisation
from competition.organisations.queries import children_of
from competition.registration.models import Delegation, Entrant
from competition.registration.queries.delegations import delegations_of
from competition.rules.advancement import delegations_named_in_vain
from competition.rules.lifecycle import EventState
from competition.rules.sentences import Sentence, sentence

MOST_NAMES = 30
"""So many names a sentence lists before it counts the others."""


def quota_cautions(event: Event) -> tuple[Caution, ...]:
    """Delegations in the quota table that nobody here is called, with the names that would match; () for none.

    A delegation is known when it sends somebody, was opened for the competition, or is an organisation that could send: who
    has only not entered yet is not written wrongly.
    """
    quotas = rule_set_of(event).advancement.quotas
    if not any(row.delegation for row in quotas):
        return ()
    came = _names_of_entrants(event)
    host = event.competition.host
    possible = [each.name for each in children_of(host) or [host]]
    opened = [each.organisation.name for each in delegations_of(event.competition)]
    known = list(dict.fromkeys([*came, *opened, *possible]))
    strange = delegations_named_in_vain(quotas, known)
    if not strange:
        return ()
    said = sentence(
        "The quota table of the rule set names delegations that are not here, so these rows limit nobody: %(names)s. "
        "Names that would match: %(known)s.",
        names=_listed(strange),
        known=_listed(came or known),
    )
    return (Caution(said, _next_step(event)),)


def _names_of_entrants(event: Event) -> list[str]:
    """The delegations with an entry in this event, as their rows would have to name them."""
    sending = select(Entrant.delegation_id).where(Entrant.event_id == event.id)
    query = select(Organisation.name).join(Delegation, Delegation.organisation_id == Organisation.id)
    return sorted(set(session.scalars(query.where(Delegation.id.in_(sending)))))


def _next_step(event: Event) -> Sentence:
    if event.state == EventState.DRAFT:
        return sentence("Write the names into the rule set exactly like this, before registration opens.")
    return sentence(
        "The rule set is frozen: two people can correct the table in it. If an organisation is only written differently, "
        "correct its name before the result is prepared."
    )


def _listed(names: list[str] | tuple[str, ...]) -> Sentence | str:
    shown = "、".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return sentence("%(names)s and %(count)s more", names=shown, count=more) if more > 0 else shown
