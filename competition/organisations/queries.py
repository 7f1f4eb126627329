"""Read organisations: one, a subtree, and what a person's roles reach."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, func, or_, select, true

from competition.database import session
from competition.errors import NotFound
from competition.organisations.models import Organisation, OrganisationKind
from competition.rules.access import Actor, Permission, Scope, ScopeKind

_LEVELS = {kind: level for level, kind in enumerate(OrganisationKind)}


def level_of(kind: OrganisationKind | str) -> int:
    """Place on the ladder of kinds: 0 for the nation, 5 for a workshop."""
    return _LEVELS[OrganisationKind(kind)]


def organisation_by_id(organisation_id: UUID) -> Organisation:
    """The organisation, or NotFound."""
    found: Organisation | None = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound()
    return found


def organisation_for(actor: Actor, organisation_id: UUID, permission: Permission) -> Organisation:
    """The organisation when the actor's roles reach it, else NotFound (its existence is not told)."""
    found = organisation_by_id(organisation_id)
    if not actor.may(permission, scope_of(found)):
        raise NotFound()
    return found


def scope_of(organisation: Organisation) -> Scope:
    """Where the organisation stands, for the rules of access."""
    return Scope(organisation_path=organisation.path)


def ancestors_of(organisation: Organisation) -> list[Organisation]:
    """From the root down to the organisation itself."""
    ids = [UUID(part) for part in organisation.path.split("/") if part]
    found = {one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    return [found[each] for each in ids]


def full_name(organisation: Organisation) -> str:
    """The name as it is printed: a workshop is named after the unit it belongs to."""
    if organisation.kind is not OrganisationKind.WORKSHOP or organisation.parent is None:
        return organisation.name
    return full_name(organisation.parent) + organisation.name


def children_of(organisation: Organisation) -> list[Organisation]:
    """The organisations directly below, in the order of lists."""
    return list(session.scalars(_ordered().where(Organisation.parent_id == organisation.id)))


def roots() -> list[Organisation]:
    """The organisations that stand below none."""
    return list(session.scalars(_ordered().where(Organisation.parent_id.is_(None))))


def subtree_of(organisation: Organisation) -> list[Organisation]:
    """The organisation and everything below it; every parent comes before its children."""
    return list(
        session.scalars(
            select(Organisation)
            .where(within(organisation.path))
            .order_by(func.length(Organisation.path), *_order())
        )
    )


def within(path: str, column: Any = Organisation.path) -> ColumnElement[bool]:
    """The filter "at this path or below it" for a column of organisation paths."""
    clause: ColumnElement[bool] = column.startswith(path, autoescape=True)
    return clause


def reachable_clause(
    actor: Actor, permission: Permission, path_column: Any = Organisation.path
) -> ColumnElement[bool]:
    """The filter "organisation paths that the actor's grants with this permission cover"."""
    grants = actor.grants_with(permission)
    if any(grant.scope_kind is ScopeKind.INSTALLATION for grant in grants):
        return true()
    paths = sorted(
        {grant.path for grant in grants if grant.scope_kind is ScopeKind.ORGANISATION and grant.path}
    )
    return or_(*(within(path, path_column) for path in paths)) if paths else false()


def reachable_organisations(actor: Actor, permission: Permission) -> list[Organisation]:
    """Every organisation the actor's grants cover; every parent comes before its children."""
    return list(
        session.scalars(
            select(Organisation)
            .where(reachable_clause(actor, permission))
            .order_by(func.length(Organisation.path), *_order())
        )
    )


def every_organisation() -> list[Organisation]:
    """All of them, in the order of lists."""
    return list(session.scalars(_ordered()))


def children_by_parent(organisations: Iterable[Organisation]) -> dict[UUID | None, list[Organisation]]:
    """The tree of these organisations: the children of each, in the given order; those without a parent among
    them stand under None."""
    listed = list(organisations)
    known = {organisation.id for organisation in listed}
    tree: dict[UUID | None, list[Organisation]] = {}
    for organisation in listed:
        parent = organisation.parent_id if organisation.parent_id in known else None
        tree.setdefault(parent, []).append(organisation)
    return tree


def organisation_by_credit_code(code: str) -> Organisation | None:
    """The organisation with this (normalised) unified social credit code."""
    found: Organisation | None = session.scalar(select(Organisation).where(Organisation.credit_code == code))
    return found


def sibling_named(name: str, parent: Organisation | None, *, but: UUID | None = None) -> Organisation | None:
    """Another organisation of this name below the same parent."""
    place = Organisation.parent_id.is_(None) if parent is None else Organisation.parent_id == parent.id
    query = select(Organisation).where(place, Organisation.name == name)
    if but is not None:
        query = query.where(Organisation.id != but)
    found: Organisation | None = session.scalars(query.limit(1)).first()
    return found


def surrounding_division(parent: Organisation | None) -> str | None:
    """The division code in force at a place of the tree: the nearest one on the way up."""
    if parent is None:
        return None
    codes = [one.division_code for one in ancestors_of(parent) if one.division_code]
    return codes[-1] if codes else None


def divisions_below(organisation: Organisation) -> list[str]:
    """The division codes in use below the organisation."""
    return list(
        session.scalars(
            select(Organisation.division_code)
            .where(
                within(organisation.path),
                Organisation.id != organisation.id,
                Organisation.division_code.is_not(None),
            )
            .distinct()
            .order_by(Organisation.division_code)
        )
    )


def _order() -> tuple[Any, ...]:
    """Administrative places by division code (the order of GB/T 2260), the others after them by name."""
    kind = case(_LEVELS, value=Organisation.kind)
    return (kind, func.coalesce(Organisation.division_code, "999999"), Organisation.name, Organisation.id)


def _ordered() -> Any:
    return select(Organisation).order_by(*_order())
