"""Competitions and events as places where roles are given, and which records a role there reaches."""

from uuid import UUID

from competition.accounts.places import Place, scope_kind_resolver
from competition.audit.reach import events_of_grant
from competition.competitions import queries
from competition.rules.access import Grant, ScopeKind, covers


@scope_kind_resolver(ScopeKind.COMPETITION)
def competitions_as_places() -> list[Place]:
    """Every competition, the latest first."""
    return [
        Place(competition.id, None, f"{competition.code} {competition.name}")
        for competition in queries.every_competition()
    ]


@scope_kind_resolver(ScopeKind.EVENT)
def events_as_places() -> list[Place]:
    """Every event below its competition."""
    return [
        Place(event.id, None, f"{competition.code} {competition.name} › {event.code} {event.name}")
        for competition in queries.every_competition()
        for event in competition.events
    ]


@events_of_grant
def events_reached(grant: Grant) -> list[UUID]:
    """The events of the competition, or of every competition hosted at or below the organisation."""
    return [
        event.id
        for competition in queries.every_competition()
        if covers(grant, queries.scope_of(competition))
        for event in competition.events
    ]
