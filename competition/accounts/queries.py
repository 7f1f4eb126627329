"""Read accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import selectinload

from competition.accounts.models import Account, RoleGrant, SignInFailure
from competition.accounts.usernames import normalise_username
from competition.database import connection, session
from competition.errors import NotFound
from competition.rules.access import Actor, Grant, Role, ScopeKind

NAME_TRIES = 5
ADDRESS_TRIES = 60
WINDOW = timedelta(minutes=15)


def account_by_id(account_id: UUID) -> Account | None:
    return session.get(Account, account_id)


def account_by_username(username: str) -> Account | None:
    return session.scalar(select(Account).where(Account.username == normalise_username(username)))


def account_for(account_id: UUID) -> Account:
    """The account, or NotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    return account


@dataclass(frozen=True)
class Identity:
    """What every request needs to know of the person who asks, and nothing more. A new `epoch` ended all sessions."""

    account_id: UUID
    name: str
    epoch: int
    language: str
    must_change_password: bool
    is_disabled: bool
    actor: Actor


def identity(account_id: UUID) -> Identity | None:
    """The person behind a session with the roles held today, in one read: it is asked for by every request."""
    rows = connection().execute(_IDENTITY, {"account_id": account_id}).all()
    if not rows:
        return None
    first = rows[0]
    grants = tuple(
        Grant(Role(row.role), ScopeKind(row.scope_kind), row.scope_id, row.path) for row in rows if row.role
    )
    actor = Actor(account_id=account_id, name=first.name, grants=grants)
    return Identity(
        account_id,
        first.name,
        first.epoch,
        first.language,
        first.must_change_password,
        first.disabled_at is not None,
        actor,
    )


_IDENTITY = (
    select(
        *(Account.name, Account.epoch, Account.language, Account.must_change_password, Account.disabled_at),
        *(RoleGrant.role, RoleGrant.scope_kind, RoleGrant.scope_id, RoleGrant.path),
    )
    .outerjoin(RoleGrant, and_(RoleGrant.account_id == Account.id, RoleGrant.withdrawn_at.is_(None)))
    .where(Account.id == bindparam("account_id"))
    .order_by(RoleGrant.id)
)


def identity_of(account: Account) -> Identity:
    """The same of an account that is at hand."""
    return Identity(
        account.id,
        account.name,
        account.epoch,
        account.language,
        account.must_change_password,
        account.disabled_at is not None,
        actor_of(account),
    )


def actor_of(account: Account) -> Actor:
    """The account as the rules see it: a name and the roles it holds today."""
    grants = tuple(
        Grant(Role(grant.role), ScopeKind(grant.scope_kind), grant.scope_id, grant.path)
        for grant in account.grants
        if grant.withdrawn_at is None
    )
    return Actor(account_id=account.id, name=account.name, grants=grants)


def accounts_matching(text: str, *, page: int, size: int = 50) -> tuple[list[Account], int]:
    """Accounts whose user name or name contains the text, by user name, and how many there are."""
    query = select(Account).options(selectinload(Account.grants))
    if wanted := text.strip().lower():
        query = query.where(
            or_(
                Account.username.contains(wanted, autoescape=True),
                func.lower(Account.name).contains(wanted, autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Account.username).limit(size).offset((page - 1) * size))
    return list(rows), total


def is_new_installation() -> bool:
    """Whether nobody can sign in yet: the first visitor is asked to become the administrator."""
    return session.scalar(select(Account.id).limit(1)) is None


def accounts_with_role(role: Role, *, scope_id: UUID | None = None) -> list[Account]:
    """Who holds a role now (for one place, or anywhere), by name."""
    query = select(Account).join(RoleGrant).where(RoleGrant.role == role, RoleGrant.withdrawn_at.is_(None))
    if scope_id is not None:
        query = query.where(RoleGrant.scope_id == scope_id)
    return list(session.scalars(query.distinct().order_by(Account.name, Account.id)))


def grant_for(account: Account, grant_id: UUID) -> RoleGrant:
    """A role of this account, or NotFound."""
    for grant in account.grants:
        if grant.id == grant_id:
            return grant
    raise NotFound()


def other_administrators(account_id: UUID) -> list[Account]:
    """Who else can administer: holds the role now and can sign in."""
    return [
        account
        for account in accounts_with_role(Role.ADMINISTRATOR)
        if account.id != account_id and account.disabled_at is None
    ]


def wait_after_failures(name_key: bytes, address_key: bytes, at: datetime) -> int:
    """Seconds to wait before the next try is looked at; 0 when there is no need to.

    Counts failures of the last 15 minutes: 5 for one user name from one address, 60 from one address over all
    names (a venue shares an address), so that nobody can lock a judge out from elsewhere.
    """
    since = at - WINDOW
    here = select(func.count(), func.max(SignInFailure.at)).where(
        SignInFailure.address_key == address_key, SignInFailure.at > since
    )
    by_name, last_by_name = session.execute(here.where(SignInFailure.name_key == name_key)).one()
    by_address, last = session.execute(here).one()
    waits = [
        _wait(by_name, NAME_TRIES, last_by_name, at),
        _wait(by_address, ADDRESS_TRIES, last, at),
    ]
    return max(waits)


def _wait(failures: int, allowed: int, last: datetime | None, at: datetime) -> int:
    if failures < allowed or last is None:
        return 0
    pause = min(30 * 2 ** (failures - allowed), 900)
    return max(0, int((last + timedelta(seconds=pause) - at).total_seconds()))
