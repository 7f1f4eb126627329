"""Which chains of the record a reader's roles reach.

A role for the whole installation reads every chain; a role for an event reads that event's. Which events belong to a
competition or lie below an organisation, only the competitions room knows; it registers the answer:

    @events_of_grant
    def events_below(grant: Grant) -> list[UUID]: …
"""

from collections.abc import Callable
from uuid import UUID

from competition.rules.access import Actor, Grant, Permission, ScopeKind

_resolvers: list[Callable[[Grant], list[UUID]]] = []


def events_of_grant(resolver: Callable[[Grant], list[UUID]]) -> Callable[[Grant], list[UUID]]:
    """Register the function that lists the events a grant for a competition or an organisation covers."""
    _resolvers[:] = [resolver]
    return resolver


def chains_for(actor: Actor) -> frozenset[str] | None:
    """The chains the actor may read; None for all of them."""
    reached: set[str] = set()
    for grant in actor.grants_with(Permission.AUDIT_ENTRY_READ):
        if grant.scope_kind is ScopeKind.INSTALLATION:
            return None
        if grant.scope_kind is ScopeKind.EVENT:
            reached.add(str(grant.scope_id))
        else:
            reached.update(str(event) for resolver in _resolvers for event in resolver(grant))
    return frozenset(reached)
