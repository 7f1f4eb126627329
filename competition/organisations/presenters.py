"""What pages show of organisations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.queries import children_by_parent
from competition.rules.sentences import Sentence


@dataclass(frozen=True)
class Node:
    """One organisation in the tree, with those below it."""

    id: UUID
    name: str
    name_en: str
    kind: Sentence
    children: list["Node"] = field(default_factory=list)


def tree_of(organisations: Iterable[Organisation]) -> list[Node]:
    """The tree (or the trees) that these organisations make."""
    children = children_by_parent(organisations)

    def node(organisation: Organisation) -> Node:
        below = [node(child) for child in children.get(organisation.id, [])]
        kind = OrganisationKind(organisation.kind).label
        return Node(organisation.id, organisation.name, organisation.name_en, kind, below)

    return [node(root) for root in children.get(None, [])]
