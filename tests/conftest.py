"""Real databases, real requests. Service tests run on SQLite and on PostgreSQL; page tests on SQLite."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule

from competition.accounts import services as accounts
from competition.app import create_app
from competition.database import db
from competition.migrations.schema import migrate
from competition.settings import Settings
from competition.vault import Keyring
from tests.applications import SharedApplication, in_memory, settings_in
from tests.browser import Browser
from tests.demonstration import copy_of, settings_for, shared_database

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
"""The moment at which most tests happen: noon in Beijing."""


BUSY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A busy machine is no error."""
# The gate tries the same examples every time; whoever looks for new ones: pytest --hypothesis-profile=long
hypothesis_settings.register_profile("house", max_examples=25, derandomize=True, **BUSY)
hypothesis_settings.register_profile("long", max_examples=1000, **BUSY)
hypothesis_settings.load_profile("house")


def _compile_addresses_once() -> None:
    """Every test makes its own application, and werkzeug compiles two functions for each of its addresses: 80 ms a test."""
    compile_builder = Rule._compile_builder
    compiled: dict[tuple[str, bool], Any] = {}

    def once(self: Rule, append_unknown: bool = True) -> Any:
        key = (self.rule, append_unknown)
        if key not in compiled or self.defaults:
            compiled[key] = compile_builder(self, append_unknown)
        return compiled[key]

    Rule._compile_builder = once  # type: ignore[method-assign]


_compile_addresses_once()

HASHER = accounts._hasher
"""How passwords are hashed outside the tests, where a hash is meant to be slow."""
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring.new(os.urandom)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy from."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """An address with the right to create databases: the gate's server, or one started here."""
    if given := os.environ.get("COMPETITION_TEST_POSTGRESQL"):
        yield given
        return
    from competition.gate.postgresql import server

    with ExitStack() as stack:
        yield stack.enter_context(server())


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database to copy from."""
    name = f"skillsladder_template_{uuid4().hex[:12]}"
    admin = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
    engine = create_engine(make_url(postgresql_url).set(database=name))
    migrate(engine)
    engine.dispose()
    yield name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def settings(tmp_path: Path, keyring: Keyring) -> Settings:
    """A test installation in a folder of its own; the database address is set by `app`."""
    return settings_in(tmp_path, keyring, "")


@pytest.fixture
def database_kind() -> str:
    """Overridden by tests/services/conftest.py, which asks for both."""
    return "sqlite"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """The database of the wanted kind that the tests of this process share; `app` empties it."""
    shared: SharedApplication = request.getfixturevalue(f"{database_kind}_application")
    return shared.address


@pytest.fixture
def database_to_break(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database whose tables and triggers a test may take apart; it is thrown away."""
    if database_kind == "sqlite":
        yield _copied(request, tmp_path)
        return
    with _new_postgresql(
        request.getfixturevalue("postgresql_url"), request.getfixturevalue("migrated_postgresql")
    ) as address:
        yield address


@pytest.fixture(scope="session")
def own_postgresql(postgresql_url: str, migrated_postgresql: str) -> Iterator[str]:
    """One database for all the tests of this process."""
    with _new_postgresql(postgresql_url, migrated_postgresql) as address:
        yield address


def _copied(request: pytest.FixtureRequest, folder: Path) -> str:
    shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "test.sqlite3")
    return f"sqlite:///{folder / 'test.sqlite3'}"


@contextmanager
def _new_postgresql(server: str, template: str) -> Iterator[str]:
    name = f"skillsladder_test_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_application(
    keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedApplication]:
    memory = in_memory()
    folder = (memory or tmp_path_factory.mktemp("shared")) / "sqlite"
    shared = SharedApplication(keyring, f"sqlite:///{folder / 'test.sqlite3'}", folder)
    yield shared
    shared.leave()
    if memory:
        shutil.rmtree(memory)


@pytest.fixture(scope="session")
def postgresql_application(
    keyring: Keyring, own_postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedApplication]:
    shared = SharedApplication(keyring, own_postgresql, tmp_path_factory.mktemp("shared"))
    yield shared
    shared.leave()


@pytest.fixture
def app(
    request: pytest.FixtureRequest, settings: Settings, database_kind: str, database_url: str
) -> Iterator[Flask]:
    """The application as new on an empty database, with an application context for services."""
    shared: SharedApplication = request.getfixturevalue(f"{database_kind}_application")
    if database_url == shared.address:
        template = request.getfixturevalue("migrated_sqlite") if database_kind == "sqlite" else None
        made = shared.open(template, copies="monkeypatch" not in request.fixturenames)
    else:
        made = create_app(replace(settings, database_url=database_url))
    with made.app_context():
        yield made
        db.session.remove()
        if database_url != shared.address:
            db.engine.dispose()
    shared.close()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A visitor who checks every page received: one h1, a title, labels, unique ids, nothing inline, a GET that did not write."""
    return Browser(app)


@pytest.fixture(scope="session")
def demonstration_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, told once for all; copy it before you write."""
    return shared_database(tmp_path_factory)


@pytest.fixture(scope="module")
def full_house(demonstration_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a copy of the demonstration, for one module of tests."""
    with opened_house(demonstration_database, tmp_path_factory.mktemp("full-house")) as made:
        yield made


@contextmanager
def opened_house(demonstration_database: Path, folder: Path) -> Iterator[Flask]:
    """The application on a copy of the demonstration in this folder."""
    made = create_app(settings_for(folder, copy_of(demonstration_database, folder)))
    with made.app_context():
        yield made
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
