"""The demonstration's database, built once for all tests that look at a full house."""

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from competition.app import create_app
from competition.database import db
from competition.demonstration import aftermath, story
from competition.jobs.runner import run_due
from competition.migrations.schema import migrate
from competition.settings import Mode, Settings
from competition.transactions import transaction
from competition.vault import Keyring

TODAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def _keyring() -> Keyring:
    """Keys of the test house; each is 32 different bytes, the same in every process of a run."""
    return Keyring(*(bytes((start + index * 7) % 256 for index in range(32)) for start in (1, 2, 3, 4)))


def settings_for(folder: Path, database: Path) -> Settings:
    return Settings(
        mode=Mode.TEST,
        instance=folder,
        database_url=f"sqlite:///{database}",
        base_url="http://127.0.0.1:8000",
        keyring=_keyring(),
        embedded_runner=False,
    )


def build(database: Path) -> None:
    """Tell the whole story into a new database."""
    app = create_app(settings_for(database.parent, database))
    with app.app_context():
        migrate(db.engine)
        with transaction():
            story.tell(today=TODAY.date(), say=lambda _words: None)
        aftermath.queue_certificates(TODAY)
        run_due(app)
        aftermath.promote(TODAY)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


def shared_database(factory: pytest.TempPathFactory) -> Path:
    """The database of the story; the first process that asks builds it, the others wait."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "demonstration"
    done = folder / "done.sqlite3"
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 1800
        while not done.exists():
            if (folder / "failed").exists() or time.monotonic() > deadline:
                raise RuntimeError(
                    "the demonstration could not be built; see the test that built it"
                ) from None
            time.sleep(0.2)
        return done
    try:
        build(folder / "building.sqlite3")
    except BaseException:
        (folder / "failed").touch()
        raise
    (folder / "building.sqlite3").rename(done)
    return done


def copy_of(shared: Path, folder: Path) -> Path:
    """A copy to work on."""
    target = folder / "demonstration.sqlite3"
    shutil.copy(shared, target)
    return target
