"""Flask-Login's view of an account."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user

from competition import clock
from competition.accounts import queries
from competition.accounts.models import Account
from competition.rules.access import Actor

_SEEN, _SINCE, _NARROW = "seen", "since", "narrow"


class Person(UserMixin):  # type: ignore[misc]
    """The signed-in person of a request. The id in the cookie names the account's epoch: a new epoch ends it."""

    def __init__(self, identity: queries.Identity, narrowed: Actor | None = None) -> None:
        self.identity = identity
        self.name = identity.name
        self.actor: Actor = narrowed or identity.actor
        self.is_narrow = narrowed is not None
        self.language = identity.language
        self.must_change_password = identity.must_change_password and not self.is_narrow

    def get_id(self) -> str:
        return f"{self.identity.account_id}:{self.identity.epoch}"


Narrowing = Callable[[Actor, UUID], Actor | None]
"""What a person may do in a session that was opened with the thing of this id; None ends the session."""

_narrowings: dict[str, Narrowing] = {}
NARROW_HOURS = 14
"""How long a narrow session lasts: a day of marking, whether or not the tablet was online in between."""


def sessions_opened_with(thing: str, narrowing: Narrowing) -> None:
    """Let a room above say what sessions may do that were opened with something of its own, not with a password."""
    _narrowings[thing] = narrowing


def begin_narrow_session(account: Account, thing: str, thing_id: UUID, at: datetime) -> None:
    """Start a fresh session in which the person may only do what the thing opens."""
    identity = queries.identity_of(account)
    narrowed = _narrowings[thing](identity.actor, thing_id)
    assert narrowed is not None, "the thing was looked at a moment ago"
    cookie.clear()
    cookie[_SINCE] = cookie[_SEEN] = int(at.timestamp())
    cookie[_NARROW] = f"{thing}:{thing_id}"
    login_user(Person(identity, narrowed))


def _narrow_person(identity: queries.Identity, opened_with: str, age: timedelta) -> Person | None:
    thing, _, thing_id = opened_with.partition(":")
    if age > timedelta(hours=NARROW_HOURS):
        return None
    narrowed = _narrowings[thing](identity.actor, UUID(thing_id))
    return Person(identity, narrowed) if narrowed else None


def begin_session(account: Account, at: datetime) -> None:
    """Start a fresh session (the old one, if any, is forgotten: no fixation)."""
    cookie.clear()
    cookie[_SINCE] = cookie[_SEEN] = int(at.timestamp())
    login_user(Person(queries.identity_of(account)))


def init_people(app: Flask, *, idle_minutes: int, hours: int) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    idle, longest = timedelta(minutes=idle_minutes), timedelta(hours=hours)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(text: str) -> Person | None:
        account_id, _, epoch = text.partition(":")
        moment = int(clock.now().timestamp())
        since, seen = (timedelta(seconds=moment - int(cookie.get(name, 0))) for name in (_SINCE, _SEEN))
        opened_with = cookie.get(_NARROW)
        if opened_with is None and (since > longest or seen > idle):
            return None
        identity = queries.identity(UUID(account_id))
        if identity is None or identity.is_disabled or str(identity.epoch) != epoch:
            return None
        if opened_with is not None:
            return _narrow_person(identity, opened_with, since)
        if moment - int(cookie[_SEEN]) > 60:
            cookie[_SEEN] = moment
        return Person(identity)
