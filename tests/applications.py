"""One application for each kind of database in a process, as new for every test.

Making one costs as much as a small test, and each new one compiles every statement and template again.
"""

import os
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Engine

from competition import disk, vault
from competition.app import create_app
from competition.audit import witness
from competition.database import db
from competition.orm import Base
from competition.rooms import load_models
from competition.settings import Mode, Settings
from competition.typesetting import lettering
from competition.vault import Keyring
from tests.browser import close_watcher
from tests.builders.once import call_untouched, call_written, watch_writes

_FONTS = "fonts"
_MEMORY = Path("/dev/shm")
_ROOM = 512 * 1024 * 1024


def settings_in(instance: Path, keyring: Keyring, address: str) -> Settings:
    """A test installation in a folder."""
    return Settings(
        mode=Mode.TEST,
        instance=instance,
        database_url=address,
        base_url="http://127.0.0.1:8000",
        keyring=keyring,
        embedded_runner=False,
    )


class SharedApplication:
    """The application of one kind of database; every test finds it empty."""

    def __init__(self, keyring: Keyring, address: str, folder: Path) -> None:
        self.address = address
        self._app = create_app(settings_in(folder, keyring, address))
        self._config = dict(self._app.config)
        self._extensions = dict(self._app.extensions)
        with self._app.app_context():
            self._by_superuser = may_do_all(db.engine)
            if self._by_superuser:
                watch_writes(db.engine)

    def open(self, template: Path | None, *, copies: bool) -> Flask:
        """The application as it was made, on an empty database: a copy of the template, or the server's, emptied.

        Without copies the builders make every row of this test anew.
        """
        settings: Settings = self._config["SETTINGS"]
        vault.use(settings.keyring)
        lettering.keep_rare_parts_in(settings.instance / _FONTS)
        for now, at_first in ((self._app.config, self._config), (self._app.extensions, self._extensions)):
            now.clear()
            now.update(at_first)
        _clear(settings.instance)
        with self._app.app_context():
            disk._states.pop(db.engine, None)
            witness._witnesses.pop(db.engine, None)
            if template is None:
                empty(db.engine, by_superuser=self._by_superuser)
            else:
                shutil.copy(template, str(db.engine.url.database))
            if copies:
                call_untouched(db.engine)
            else:
                call_written(db.engine)
        return self._app

    def close(self) -> None:
        """End what a test left open."""
        with self._app.app_context():
            db.session.remove()
            close_watcher(db.engine)
            if db.engine.dialect.name == "sqlite":
                db.engine.dispose()

    def leave(self) -> None:
        with self._app.app_context():
            db.engine.dispose()


def in_memory() -> Path | None:
    """A folder in memory, where the machine has one with room: a commit then waits for no disk."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM:
        return None
    for left in _MEMORY.glob("skillsladder-tests-*"):
        # Its process was killed and could not clear up.
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"skillsladder-tests-{os.getpid()}-", dir=_MEMORY))


def may_do_all(engine: Engine) -> bool:
    """Whether triggers and foreign keys can be put aside for a moment: on PostgreSQL only a superuser may."""
    if engine.dialect.name == "sqlite":
        return True
    with engine.connect() as connection:
        asked = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(connection.execute(asked).scalar())


def empty(engine: Engine, *, by_superuser: bool) -> None:
    """Take every row out of a PostgreSQL database, after whoever a test left behind is gone."""
    load_models()
    tables = [table.name for table in Base.metadata.sorted_tables]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        if by_superuser:  # forty times as fast as TRUNCATE, which makes new files
            deletions = "".join(f"DELETE FROM {name}; " for name in tables)
            connection.exec_driver_sql(
                f"SET session_replication_role = replica; {deletions}SET session_replication_role = origin"
            )
        else:
            connection.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))


def _clear(instance: Path) -> None:
    for each in instance.iterdir():
        if each.is_dir():
            if each.name != _FONTS:
                shutil.rmtree(each)
        else:
            each.unlink()
