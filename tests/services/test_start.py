"""What an installation needs before it starts, and what it refuses to start with."""

from dataclasses import replace

import pytest
from argon2 import Type
from sqlalchemy import create_engine

from competition.app import create_app
from competition.migrations.schema import SchemaBehind, migrate
from competition.settings import Mode, SettingsInvalid, settings_from_environment, write_keys
from competition.vault import Keyring, KeyringInvalid
from tests.conftest import HASHER


@pytest.fixture
def database_kind() -> str:
    """Starting is the same on both."""
    return "sqlite"


def test_production_names_everything_that_is_missing_at_once(tmp_path):
    with pytest.raises(SettingsInvalid) as refused:
        settings_from_environment(
            {"COMPETITION_MODE": "production", "FLASK_DEBUG": "1", "COMPETITION_INSTANCE": str(tmp_path)}
        )
    words = "\n".join(refused.value.problems)
    assert all(name in words for name in ("KEYS_FILE", "FLASK_DEBUG", "BASE_URL", "DATABASE_URL"))


def test_outside_production_keys_are_made_once_and_only_for_their_owner(tmp_path):
    first = settings_from_environment({"COMPETITION_INSTANCE": str(tmp_path)})
    again = settings_from_environment({"COMPETITION_INSTANCE": str(tmp_path)})
    assert first.keyring == again.keyring
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_keys_are_never_overwritten(tmp_path):
    write_keys(tmp_path / "keys.json")
    with pytest.raises(FileExistsError):
        write_keys(tmp_path / "keys.json")


@pytest.mark.parametrize("secret", ["", "c2VjcmV0", "A" * 43 + "="])
def test_a_default_or_short_secret_is_no_key(secret):
    document = Keyring.new(lambda size: bytes(range(size))).as_json() | {"session": secret}
    with pytest.raises(KeyringInvalid):
        Keyring.from_json(document)


def test_one_secret_does_not_serve_two_purposes():
    with pytest.raises(KeyringInvalid, match="same"):
        Keyring.from_json(Keyring.new(lambda size: bytes(range(size))).as_json())


def test_production_refuses_a_database_that_is_behind_until_it_is_migrated(settings, tmp_path):
    url = f"sqlite:///{tmp_path / 'production.sqlite3'}"
    production = replace(settings, mode=Mode.PRODUCTION, database_url=url, base_url="https://skills.example")
    with pytest.raises(SchemaBehind):
        create_app(production)
    engine = create_engine(url)
    migrate(engine)
    engine.dispose()
    assert create_app(production).config["SESSION_COOKIE_SECURE"] is True


def test_a_route_without_an_access_mark_stops_the_start(settings, monkeypatch, tmp_path):
    from flask import Blueprint

    from competition import app as wiring

    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", view_func=lambda: "hello", endpoint="hello")
    monkeypatch.setattr(wiring, "blueprints", lambda: [stray])
    with pytest.raises(RuntimeError, match=r"stray\.hello"):
        create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'x.sqlite3'}"))


def test_guessing_a_password_is_slow_outside_the_tests():
    assert (HASHER.type, HASHER.time_cost, HASHER.memory_cost) == (Type.ID, 2, 19 * 1024)
