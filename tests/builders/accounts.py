"""Accounts for tests, made by the services."""

from uuid import UUID

from competition.accounts.models import Account
from competition.accounts.services import grant_role, open_account, system_actor
from competition.organisations.models import Organisation
from competition.rules.access import Role, ScopeKind
from tests.conftest import NOON

PASSWORD = "correct horse battery"


def account(username: str, name: str = "张明", *, must_change: bool = False) -> Account:
    """An account without a role, whose password the test browser knows."""
    return open_account(
        username=username, name=name, password=PASSWORD, by=system_actor(), at=NOON, must_change=must_change
    )


def administrator(username: str = "admin") -> Account:
    return holder(Role.ADMINISTRATOR, username, "管理员")


def holder(role: Role, username: str, name: str = "张明") -> Account:
    """Somebody with a role for the whole installation."""
    made = account(username, name)
    grant_role(made, role=role, by=system_actor(), at=NOON)
    return made


def holder_at(role: Role, organisation: Organisation, username: str, name: str = "张明") -> Account:
    """Somebody with a role for an organisation and everything below it."""
    made = account(username, name)
    grant_role(
        made,
        role=role,
        scope_kind=ScopeKind.ORGANISATION,
        scope_id=organisation.id,
        path=organisation.path,
        place=organisation.name,
        by=system_actor(),
        at=NOON,
    )
    return made


def holder_in(role: Role, kind: ScopeKind, place_id: UUID, username: str, name: str = "张明") -> Account:
    """Somebody with a role for a competition or an event."""
    made = account(username, name)
    grant_role(made, role=role, scope_kind=kind, scope_id=place_id, by=system_actor(), at=NOON)
    return made
