"""PostgreSQL that somebody else holds: whoever waits too long is told when to come back."""

import pytest
from sqlalchemy import text

from competition.database import LIMITS, db, engine_options
from competition.transactions import transaction
from tests.builders import accounts

FILE = "sqlite:////srv/skillsladder/competition.sqlite3"
SERVER = "postgresql+psycopg://skills@server/ladder"


@pytest.fixture
def database_kind():
    return "postgresql"


def test_only_postgresql_is_given_limits_and_a_migration_takes_its_time():
    assert engine_options(FILE) == {"pool_use_lifo": True}
    assert engine_options("sqlite://") == {}
    assert engine_options(SERVER)["connect_args"] == {"options": LIMITS}
    assert "connect_args" not in engine_options(SERVER, migrating=True)
    assert "connect_args" not in engine_options(f"{SERVER}?options=-c%20statement_timeout=0")


def test_the_limits_hold_for_every_connection(app):
    with db.engine.connect() as connection:
        names = ("lock_timeout", "statement_timeout")
        shown = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]
    assert shown == ["5s", "2min"]


def test_who_waits_too_long_for_a_row_is_told_when_to_come_back(app, browser):
    with transaction():
        administrator = accounts.administrator("boss").username
    browser.sign_in(administrator)
    browser.get("/my-account")
    with db.engine.connect() as other:
        other.execute(text("SELECT 1 FROM account WHERE username = 'boss' FOR UPDATE"))
        answer = browser.post("/my-account/session-end", {}, expect=503)
    assert answer.headers["Retry-After"] == "30"
    assert "请半分钟后重试" in answer.get_data(as_text=True)
    browser.post("/my-account/session-end", {}, expect=303)
