"""What pages show of accounts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competition.accounts import places
from competition.accounts.models import Account
from competition.rules.access import ROLES, Role, ScopeKind
from competition.rules.sentences import Sentence, sentence

GONE = sentence("a place that no longer exists")


@dataclass(frozen=True)
class HeldRole:
    """A role somebody holds, with its place in words."""

    id: UUID
    title: Sentence
    description: Sentence
    place: str | Sentence
    since: datetime


def roles_of(account: Account) -> list[HeldRole]:
    """The roles held now, oldest first."""
    held = [grant for grant in account.grants if grant.withdrawn_at is None]
    labels = places.labels_of({ScopeKind(grant.scope_kind) for grant in held})
    return [
        HeldRole(
            id=grant.id,
            title=ROLES[Role(grant.role)].title,
            description=ROLES[Role(grant.role)].description,
            place=labels.get((ScopeKind(grant.scope_kind), grant.scope_id), GONE),
            since=grant.granted_at,
        )
        for grant in held
    ]


def role_titles(account: Account) -> list[Sentence]:
    """The titles of the roles held now, each once, for lists."""
    held = {Role(grant.role) for grant in account.grants if grant.withdrawn_at is None}
    return [ROLES[role].title for role in Role if role in held]


def state_of(account: Account) -> tuple[Sentence, str]:
    """The state of an account in words, and the tone of its mark."""
    if account.disabled_at is not None:
        return sentence("disabled"), "danger"
    if account.must_change_password:
        return sentence("waits for its first sign-in"), "info"
    return sentence("in use"), "success"
