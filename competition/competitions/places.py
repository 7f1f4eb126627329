"""Competitions and events as places where roles are given."""

from competition.accounts.places import Place, scope_kind_resolver
from competition.competitions import queries
from competition.rules.access import ScopeKind


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
