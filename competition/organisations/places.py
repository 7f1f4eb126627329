"""Organisations as places where roles are given."""

from competition.accounts.places import Place, scope_kind_resolver
from competition.organisations import queries
from competition.organisations.models import Organisation
from competition.rules.access import ScopeKind


@scope_kind_resolver(ScopeKind.ORGANISATION)
def organisations_as_places() -> list[Place]:
    """Every organisation with the names above it, in the order of the tree."""
    found: list[Place] = []

    def walk(organisation: Organisation, above: str) -> None:
        label = f"{above} › {organisation.name}" if above else organisation.name
        found.append(Place(organisation.id, organisation.path, label))
        for child in children.get(organisation.id, []):
            walk(child, label)

    children = queries.children_by_parent(queries.every_organisation())
    for root in children.get(None, []):
        walk(root, "")
    return found
