"""The event on which the faults happen: a marking of made-up welders, three judges with a sheet for every code each.

Built by the services like everything in the tests, on a database of either kind; then told to whoever needs it as plain
values, because most of them live in other processes.
"""

import gc
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, text

from competition import disk
from competition.app import create_app
from competition.competitions.queries import event_by_id
from competition.database import db
from competition.migrations.schema import migrate
from competition.orm import plain
from competition.panels.queries import chiefs_of
from competition.scoring import queries as scoring
from competition.settings import Mode, Settings
from competition.transactions import transaction
from competition.vault import Keyring
from tests.builders import panels, results

KEYS = Keyring(*(bytes((start + index * 11) % 256 for index in range(32)) for start in (5, 6, 7, 8)))
ASPECTS = ("a1", "a2", "a3", "a4")
SEATS = ("J1", "J2", "J3")
ENTRANTS = 12


@dataclass(frozen=True)
class Paper:
    """A sheet as a judge knows it: where it lies, and who marks it."""

    id: str
    code: str
    seat: str
    judge: str


@dataclass(frozen=True)
class House:
    """An installation with one event whose marking is open."""

    folder: Path
    database_url: str
    event: str
    papers: tuple[Paper, ...]
    judges: tuple[str, ...]
    chief: str
    organiser: str
    supervisor: str

    def settings(self, **changes: Any) -> Settings:
        values: dict[str, Any] = {
            "mode": Mode.DEVELOPMENT,
            "instance": self.folder,
            "database_url": self.database_url,
            "base_url": "http://127.0.0.1:8000",
            "keyring": KEYS,
            "embedded_runner": False,
        }
        return Settings(**{**values, **changes})

    def app(self, **changes: Any) -> Flask:
        return create_app(self.settings(**changes))

    def environment(self) -> Mapping[str, str]:
        """What a server process of its own needs."""
        keys = self.folder / "keys-of-the-house.json"
        if not keys.exists():
            keys.write_text(json.dumps(KEYS.as_json()), "utf-8")
            keys.chmod(0o600)
        return {
            "COMPETITION_MODE": "development",
            "COMPETITION_INSTANCE": str(self.folder),
            "COMPETITION_KEYS_FILE": str(keys),
            "COMPETITION_RUNNER": "off",
            "DATABASE_URL": self.database_url,
        }

    def papers_of(self, judge: str) -> list[Paper]:
        return [paper for paper in self.papers if paper.judge == judge]

    def file(self) -> Path:
        return Path(self.database_url.partition("///")[2])

    def moved(self, folder: Path, *, driver: str = "sqlite") -> "House":
        """The same installation on a copy of its SQLite file in another folder."""
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / "house.sqlite3"
        shutil.copy(self.file(), target)
        return House(**{**vars(self), "folder": folder, "database_url": f"{driver}:///{target}"})

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "folder": str(self.folder)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "House":
        papers = tuple(Paper(**paper) for paper in document["papers"])
        return cls(
            **{
                **document,
                "folder": Path(document["folder"]),
                "papers": papers,
                "judges": tuple(document["judges"]),
            }
        )


def rules() -> dict[str, Any]:
    """Four aspects out of a hundred, each given by three judges; no notice, so that a published result is final."""

    def aspect(name: str) -> dict[str, Any]:
        title = {"zh": f"项目{name}", "en": f"Item {name}"}
        low_high = {"low": 0, "high": 100}
        return {
            "kind": "aspect",
            "id": name,
            "title": title,
            "type": "panel",
            "range": low_high,
            "judges": 3,
            "combine": "mean",
        }

    document = results.one_mark_rules()
    document["scheme"]["children"] = [aspect(name) for name in ASPECTS]
    return document


def built(folder: Path, database_url: str, *, entrants: int = ENTRANTS) -> House:
    """Make the installation; the database is migrated when it is not yet."""
    folder.mkdir(parents=True, exist_ok=True)
    bare = House(folder, database_url, "", (), (), "", "", "")
    app = bare.app()
    with app.app_context():
        migrate(db.engine)
        with transaction():
            event = results.marking_event(entrants, rules=rules())
            people = results.organiser(event).username, results.supervisor(event).username
            event_id = event.id
        house = _told(bare, event_id, *people)
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return house


def _told(bare: House, event_id: Any, organiser: str, supervisor: str) -> House:
    event = event_by_id(event_id)
    sheets = scoring.sheets_of(event)
    papers = tuple(
        Paper(str(sheet.id), sheet.code, sheet.seat_label, sheet.judge.account.username) for sheet in sheets
    )
    return House(
        folder=bare.folder,
        database_url=bare.database_url,
        event=str(event.id),
        papers=papers,
        judges=tuple(sorted({paper.judge for paper in papers})),
        chief=chiefs_of(event)[0].username,
        organiser=organiser,
        supervisor=supervisor,
    )


PASSWORD = panels.PASSWORD
assert results.PASSWORD == PASSWORD


def closed(app: Flask) -> None:
    """As after a restart: no connection, and no memory of a disk that failed."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        gc.collect()  # an exception keeps its frames, and they may keep a connection
        state = disk.state_of(db.engine)
        state.failures, state.trouble = 0, None


def mark_of(house: House, paper: Paper, aspect: str) -> tuple[str, int] | None:
    """A cell as the database has it: its value and version, or None when nothing is recorded."""
    engine = create_engine(house.database_url)
    key = paper.id.replace("-", "") if engine.dialect.name == "sqlite" else paper.id
    statement = text("SELECT value, version FROM mark WHERE sheet_id = :sheet AND aspect = :aspect")
    with engine.connect() as connection:
        row = connection.execute(statement, {"sheet": key, "aspect": aspect}).first()
    engine.dispose()
    return None if row is None else (format(plain(Decimal(row[0]).scaleb(-8)), "f"), row[1])
