"""The heads of the chains as this installation last saw them, in a file beside the database and not inside it.

A scan finds what was altered inside a chain; it cannot see that the newest entries are missing together with their head,
as after a lost `-wal` file, a restored backup, or a chain written anew. For that, every commit adds a line here, after the
database has it, and the start compares.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine

log = structlog.get_logger()


@dataclass(frozen=True)
class Seen:
    """How far a chain had come, and the hash of its entry there."""

    number: int
    hash: str


class Witness:
    """One line for every commit: chain, number, hash. The last line of a chain counts."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def note(self, chain: str, number: int, digest: str) -> None:
        """Add a line; one short write, so that processes may write side by side.

        What it speaks of is committed: a file that takes no line (a full disk) makes the witness older, not the fact undone.
        """
        line = f"{chain} {number} {digest}\n".encode("ascii")
        try:
            place = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(place, line)
            finally:
                os.close(place)
        except OSError as problem:
            log.error("the heads of the record cannot be noted", error=str(problem))

    def seen(self) -> dict[str, Seen]:
        """What was seen last of every chain; lines that were torn are passed over."""
        if not self.file.exists():
            return {}
        lines = (line.split() for line in self.file.read_text("ascii", "replace").splitlines())
        return {
            parts[0]: Seen(int(parts[1]), parts[2])
            for parts in lines
            if len(parts) == 3 and parts[1].isdecimal() and len(parts[2]) == 64
        }

    def begin(self, heads: Mapping[str, Seen]) -> None:
        """Start anew from the heads of today, which were compared."""
        lines = (f"{chain} {seen.number} {seen.hash}\n" for chain, seen in sorted(heads.items()))
        beside = self.file.with_suffix(f".{os.getpid()}")  # several workers may start at once
        beside.write_text("".join(lines), "ascii")
        beside.replace(self.file)


_witnesses: WeakKeyDictionary[Engine, Witness] = WeakKeyDictionary()


def file_for(folder: Path, engine: Engine) -> Path:
    """Each database has a file of its own."""
    name = hashlib.sha256(engine.url.render_as_string(hide_password=True).encode()).hexdigest()[:8]
    return folder / f"heads-{name}.log"


def use(engine: Engine, witness: Witness) -> None:
    """From now on every fact that is kept is noted."""
    _witnesses[engine] = witness


def witness_of(engine: Any) -> Witness | None:
    return _witnesses.get(engine)


def missing_of(seen: Mapping[str, Seen], there: Mapping[str, Seen | None]) -> Iterable[str]:
    """The chains that do not hold any more what was seen of them; `there` is the entry of that number today."""
    return (chain for chain, entry in seen.items() if there.get(chain) != entry)
