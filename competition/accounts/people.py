"""Flask-Login's view of an account."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user

from competition import clock
from competition.accounts import queries
from competition.accounts.models import Account
from competition.rules.access import Actor

_SEEN, _SINCE = "seen", "since"


class Person(UserMixin):  # type: ignore[misc]
    """The signed-in person of a request. The id in the cookie names the account's epoch: a new epoch ends it."""

    def __init__(self, identity: queries.Identity) -> None:
        self.identity = identity
        self.name = identity.name
        self.actor: Actor = identity.actor
        self.language = identity.language
        self.must_change_password = identity.must_change_password

    def get_id(self) -> str:
        return f"{self.identity.account_id}:{self.identity.epoch}"


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
        if moment - int(cookie.get(_SINCE, 0)) > longest.total_seconds():
            return None
        if moment - int(cookie.get(_SEEN, 0)) > idle.total_seconds():
            return None
        identity = queries.identity(UUID(account_id))
        if identity is None or identity.is_disabled or str(identity.epoch) != epoch:
            return None
        if moment - int(cookie[_SEEN]) > 60:
            cookie[_SEEN] = moment
        return Person(identity)
