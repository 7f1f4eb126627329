"""Where a role can be given. The rooms that own a kind of place register a resolver for it:

    @scope_kind_resolver(ScopeKind.COMPETITION)
    def competitions_as_places() -> list[Place]:
        return [Place(competition.id, None, competition.name) for competition in …]

A resolver lists every place of its kind, in the order of lists; `path` is the organisation's path for organisations and
None for the others. Organisations register theirs in organisations/places.py, competitions and events in the
competitions room.
"""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from competition.rules.access import ROLES, Role, ScopeKind
from competition.rules.sentences import Sentence, sentence


class Place(NamedTuple):
    """A place for which a role can be given; None for the whole installation."""

    id: UUID | None
    path: str | None
    label: str | Sentence


Resolver = Callable[[], list[Place]]

INSTALLATION = Place(None, None, sentence("the whole installation"))
KIND_LABELS = {
    ScopeKind.INSTALLATION: sentence("The whole installation"),
    ScopeKind.ORGANISATION: sentence("Organisations, with everything below them"),
    ScopeKind.COMPETITION: sentence("Competitions"),
    ScopeKind.EVENT: sentence("Events"),
}
_resolvers: dict[ScopeKind, Resolver] = {ScopeKind.INSTALLATION: lambda: [INSTALLATION]}


def scope_kind_resolver(kind: ScopeKind) -> Callable[[Resolver], Resolver]:
    """Register the function that lists the places of one kind."""

    def register(resolver: Resolver) -> Resolver:
        _resolvers[kind] = resolver
        return resolver

    return register


def places_for(role: Role) -> dict[ScopeKind, list[Place]]:
    """Where this role can be given, by kind of place."""
    kinds = [kind for kind in ScopeKind if kind in ROLES[role].scopes and kind in _resolvers]
    return {kind: _resolvers[kind]() for kind in kinds}


def place_of(kind: ScopeKind, place_id: UUID | None) -> Place | None:
    """One place, or None when there is no such place."""
    listed = _resolvers[kind]() if kind in _resolvers else []
    return next((place for place in listed if place.id == place_id), None)


def labels_of(kinds: set[ScopeKind]) -> dict[tuple[ScopeKind, UUID | None], str | Sentence]:
    """The labels of all places of these kinds, for lists of roles."""
    return {
        (kind, place.id): place.label for kind in kinds if kind in _resolvers for place in _resolvers[kind]()
    }
