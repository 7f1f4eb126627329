"""Write accounts: open, sign in, change passwords, give and take roles."""

import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete

from competition import tokens, vault
from competition.accounts import facts, queries
from competition.accounts.models import Account, RoleGrant, SignInFailure
from competition.accounts.passwords import password_problem
from competition.accounts.places import Place
from competition.accounts.usernames import normalise_username, username_problem
from competition.audit.services import record
from competition.database import session
from competition.errors import RuleBroken, TooMany
from competition.rules.access import ROLES, Actor, Role, ScopeKind
from competition.rules.sentences import Sentence, sentence

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NO_ACCOUNT = _hasher.hash("nobody has this password")
_SYSTEM = Actor(account_id=None, name="匠阶 SkillsLadder")


def system_actor() -> Actor:
    """Who acts when nobody does: the installation itself (jobs, commands)."""
    return _SYSTEM


def open_account(
    *,
    username: str,
    name: str,
    password: str,
    by: Actor,
    at: datetime,
    must_change: bool = True,
    language: str = "zh",
) -> Account:
    """Open an account; the first password must be changed at the first sign-in unless said otherwise."""
    username, name = normalise_username(username), name.strip()
    problems = [problem for problem in (username_problem(username), _name_problem(name)) if problem]
    if queries.account_by_username(username):
        problems.append(
            sentence("The user name %(username)s is taken. Choose another one.", username=username)
        )
    if problems:
        raise RuleBroken(*problems)
    account = Account(
        id=tokens.new_id(),
        username=username,
        name=name,
        password_hash=_hasher.hash(password),
        must_change_password=must_change,
        language=language,
        created_at=at,
        epoch=1,
    )
    session.add(account)
    session.flush()
    record(
        facts.AccountOpened(event_id=None, subject_id=account.id, username=username, name=name),
        by=by,
        at=at,
    )
    return account


def open_first_administrator(*, username: str, name: str, password: str, at: datetime) -> Account:
    """Make the first account of a new installation its administrator; refused once any account exists."""
    if not queries.is_new_installation():
        raise RuleBroken(sentence("This installation already has its administrator. Sign in instead."))
    if problem := password_problem(password, username=username, name=name):
        raise RuleBroken(problem)
    account = open_account(
        username=username,
        name=name,
        password=password,
        by=_SYSTEM,
        at=at,
        must_change=False,
    )
    grant_role(account, role=Role.ADMINISTRATOR, by=_SYSTEM, at=at)
    return account


def sign_in(*, username: str, password: str, address: str, at: datetime) -> Account | None:
    """The account when name and password fit and it is not disabled; else None, after the same work.

    Raises TooMany when there were too many failures. A failure is written down, so the caller commits either way.
    """
    name_key = vault.blind_index(normalise_username(username), place="sign_in_failure.name")
    address_key = vault.blind_index(address, place="sign_in_failure.address")
    if wait := queries.wait_after_failures(name_key, address_key, at):
        raise TooMany(
            sentence(
                "There were too many failed tries. Try again in %(seconds)s seconds.",
                seconds=wait,
            ),
            retry_after=wait,
        )
    account = queries.account_by_username(username)
    fits = _password_fits(account.password_hash if account else _NO_ACCOUNT, password)
    if account is None or not fits or account.disabled_at is not None:
        session.add(SignInFailure(id=tokens.new_id(), name_key=name_key, address_key=address_key, at=at))
        return None
    session.execute(delete(SignInFailure).where(SignInFailure.at < at - timedelta(days=1)))
    session.execute(
        delete(SignInFailure).where(
            SignInFailure.name_key == name_key, SignInFailure.address_key == address_key
        )
    )
    record(
        facts.SignedIn(event_id=None, subject_id=account.id),
        by=queries.actor_of(account),
        at=at,
    )
    return account


def confirm_password(account: Account, *, password: str, address: str, by: Actor, at: datetime) -> bool:
    """Whether the person at the keyboard knows the account's password: asked again before they stand for something.

    Raises TooMany after too many failures, which count together with those of signing in. A failure is written down,
    so the caller commits either way.
    """
    name_key = vault.blind_index(account.username, place="sign_in_failure.name")
    address_key = vault.blind_index(address, place="sign_in_failure.address")
    if wait := queries.wait_after_failures(name_key, address_key, at):
        raise TooMany(
            sentence("There were too many failed tries. Try again in %(seconds)s seconds.", seconds=wait),
            retry_after=wait,
        )
    if by.account_id == account.id and _password_fits(account.password_hash, password):
        return True
    session.add(SignInFailure(id=tokens.new_id(), name_key=name_key, address_key=address_key, at=at))
    return False


def change_password(account: Account, *, old: str, new: str, by: Actor, at: datetime) -> None:
    """Choose a new password; every other session of the account ends."""
    if not _password_fits(account.password_hash, old):
        raise RuleBroken(sentence("The present password is not right. Type it again."))
    if _password_fits(account.password_hash, new):
        raise RuleBroken(sentence("This is the password you already have. Choose a different one."))
    if problem := password_problem(new, username=account.username, name=account.name):
        raise RuleBroken(problem)
    account.password_hash = _hasher.hash(new)
    account.must_change_password = False
    account.epoch += 1
    record(facts.PasswordChanged(event_id=None, subject_id=account.id), by=by, at=at)


def reset_password(account: Account, *, password: str, by: Actor, at: datetime) -> None:
    """Give an account a new first password, to be handed over in person; its sessions end."""
    account.password_hash = _hasher.hash(password)
    account.must_change_password = True
    account.epoch += 1
    record(
        facts.PasswordReset(event_id=None, subject_id=account.id, username=account.username),
        by=by,
        at=at,
    )


def disable_account(account: Account, *, by: Actor, at: datetime) -> None:
    """Nobody signs in with it any more, and its sessions end with their next request."""
    if account.id == by.account_id:
        raise RuleBroken(sentence("You cannot disable your own account. Ask another administrator."))
    account.disabled_at = at
    account.epoch += 1
    record(
        facts.AccountDisabled(event_id=None, subject_id=account.id, username=account.username),
        by=by,
        at=at,
    )


def enable_account(account: Account, *, by: Actor, at: datetime) -> None:
    """Let a disabled account sign in again, with the password it had."""
    if account.disabled_at is None:
        return
    account.disabled_at = None
    record(
        facts.AccountEnabled(event_id=None, subject_id=account.id, username=account.username),
        by=by,
        at=at,
    )


def end_sessions(account: Account, *, by: Actor, at: datetime) -> None:
    """End every session of the account, on every device."""
    account.epoch += 1
    record(facts.SessionsEnded(event_id=None, subject_id=account.id), by=by, at=at)


def choose_language(account: Account, *, language: str, by: Actor, at: datetime) -> None:
    """Remember the language a person reads."""
    if account.language == language:
        return
    account.language = language
    record(
        facts.LanguageChosen(event_id=None, subject_id=account.id, language=language),
        by=by,
        at=at,
    )


def grant_role(
    account: Account,
    *,
    role: Role,
    by: Actor,
    at: datetime,
    scope_kind: ScopeKind = ScopeKind.INSTALLATION,
    scope_id: UUID | None = None,
    path: str | None = None,
    place: str = "匠阶 SkillsLadder",
) -> RoleGrant:
    """Give a role for a place (`path` is the organisation's path, `place` its name for the record)."""
    if scope_kind not in ROLES[role].scopes:
        raise RuleBroken(
            sentence(
                "The role “%(role)s” cannot be given for this kind of place.",
                role=ROLES[role].title,
            )
        )
    for held in account.grants:
        if (held.role, held.scope_kind, held.scope_id) == (
            role,
            scope_kind,
            scope_id,
        ) and held.withdrawn_at is None:
            return held
    grant = RoleGrant(
        id=tokens.new_id(),
        account=account,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        path=path,
        granted_at=at,
        granted_by=by.account_id,
    )
    session.add(grant)
    record(
        facts.RoleGranted(
            event_id=None,
            subject_id=account.id,
            username=account.username,
            role=role,
            place=place,
        ),
        by=by,
        at=at,
    )
    return grant


def give_role(
    account: Account, *, role: Role, scope_kind: ScopeKind, place: Place, by: Actor, at: datetime
) -> RoleGrant:
    """Give a role by hand, as an administrator does; nobody gives a role to the own account."""
    if account.id == by.account_id:
        raise RuleBroken(sentence("You cannot give a role to your own account. Ask another administrator."))
    return grant_role(
        account,
        role=role,
        scope_kind=scope_kind,
        scope_id=place.id,
        path=place.path,
        place=str(place.label) if place.id else str(_SYSTEM.name),
        by=by,
        at=at,
    )


def withdraw_role(grant: RoleGrant, *, by: Actor, at: datetime) -> None:
    """Take a role back; it ends with the person's next request. Somebody must remain administrator."""
    if grant.role == Role.ADMINISTRATOR and not queries.other_administrators(grant.account_id):
        raise RuleBroken(
            sentence("This is the last administrator. Make somebody else an administrator first.")
        )
    if grant.withdrawn_at is None:
        grant.withdrawn_at = at
        record(
            facts.RoleWithdrawn(
                event_id=None,
                subject_id=grant.account_id,
                username=grant.account.username,
                role=grant.role,
            ),
            by=by,
            at=at,
        )


def _name_problem(name: str) -> Sentence | None:
    if not name:
        return sentence("The name is missing. Say who uses the account.")
    if len(name) > 100:
        return sentence("The name of an account has at most %(most)s characters.", most=100)
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        return sentence(
            "The name contains characters that cannot be seen. Type it again instead of pasting it."
        )
    return None


def _password_fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
