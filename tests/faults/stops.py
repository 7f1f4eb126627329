"""kill -9 at a statement: the process that does a deed is killed when it is about to send its Nth statement, for any N (fault 3).

What `sweeps.py` does with refusals, here with processes that end: afterwards the file holds what it held before or what the
deed makes of it, the invariants hold, and done again it is done, once.
"""

import shutil
import sqlite3
from pathlib import Path
from signal import SIGKILL
from typing import Any

from sqlalchemy import create_engine, text

from tests.faults.house import House
from tests.faults.invariants import problems
from tests.faults.servers import Nursery
from tests.faults.sweeps import STORY, SWEPT, Pick, Swept

KILLED = -SIGKILL


def killed_at_statements(nursery: Nursery, house: House, pick: Pick, *, again: bool = False) -> Swept:
    """The whole story of an event on SQLite, killed at the picked statements of every deed that is swept; `again` does each deed
    once more after every kill."""
    found = Swept("killed at a statement")
    for name in STORY:
        if name in SWEPT:
            _sweep(nursery, house, name, pick, found, again)
        if nursery.perform(house, name) != 0:
            found.broken.append(f"{name} cannot be done")
        found.broken += [f"after {name}: {one}" for one in problems(house.database_url)]
    return found


def _sweep(nursery: Nursery, house: House, name: str, pick: Pick, found: Swept, again: bool) -> None:
    kept, old, counter = kept_aside(house), counts(house), house.folder / "count"
    assert nursery.perform(house, name, (("count_statements", {"into": str(counter)}),)) == 0
    found.points[name], new = int(counter.read_text()), counts(house)
    for nth in pick(found.points[name]):
        brought_back(house, kept)
        found.faults += 1
        found.refused += nursery.perform(house, name, (("die_at_statement", {"nth": nth}),)) == KILLED
        broken = problems(house.database_url)
        if counts(house) not in (old, new):
            broken.append("neither old nor new")
        if again:
            nursery.perform(house, name)  # where it was done already, it says so
        if again and counts(house) != new:
            broken.append("done again, it is not what it should be")
        found.broken += [f"{name} killed at {nth}: {one}" for one in broken]
    brought_back(house, kept)


def rows(house: House, statement: str) -> list[tuple[Any, ...]]:
    engine = create_engine(house.database_url.replace("sqlite+apsw", "sqlite"))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(statement))]
    engine.dispose()
    return found


def counts(house: House) -> dict[str, int]:
    """How many rows each table has."""
    names = [name for (name,) in rows(house, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: rows(house, f"SELECT count(*) FROM {name}")[0][0] for name in names}


def kept_aside(house: House) -> Path:
    """A copy of the file at rest."""
    connection = sqlite3.connect(house.file())
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return Path(shutil.copy(house.file(), house.file().with_suffix(".kept")))


def brought_back(house: House, kept: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{house.file()}{suffix}").unlink(missing_ok=True)
    for heads in house.folder.glob("heads-*.log"):
        heads.unlink()  # it is not a backup that comes back, but the moment before
    shutil.copy(kept, house.file())
