"""A disk that breaks on demand: an apsw VFS over real files (reliability §7: power loss, I/O faults, kills in mid-write).

It counts every write and every sync of database files, can fail or kill the process at the Nth of them, and remembers
what was synced, so that `pull_the_plug` can take back what a power cut takes: everything written since, or some of it,
in any order, the last piece torn. A sync is only remembered, not passed on: the real machine does not lose its power.
"""

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import apsw

NAME = "breakable"
SECTOR = 512
Change = tuple[int, bytes] | int
"""A write (offset, bytes), or the length a file was cut to."""


@dataclass
class Disk:
    """What happens to the files of this process, and what happened so far."""

    operations: int = 0
    """Writes and syncs since the last `watch`."""
    fails_at: int | None = None
    fails_for_good: bool = False
    is_full: bool = False
    dies_at: int | None = None
    is_off: bool = False
    remembers: bool = False
    synced: dict[str, bytearray] = field(default_factory=dict)
    unsynced: dict[str, list[Change]] = field(default_factory=dict)

    def watch(
        self, *, fail: int | None = None, for_good: bool = False, full: bool = False, die: int | None = None
    ) -> None:
        """Count from here; fail at the Nth operation (once, or from then on), or kill the process there."""
        self.operations = 0
        self.fails_at, self.fails_for_good, self.is_full, self.dies_at = fail, for_good, full, die

    def mend(self) -> None:
        self.watch()
        self.is_off = False

    def before(self, kind: type[apsw.Error]) -> None:
        """Called before every operation; raises what the disk answers."""
        if self.is_off:
            raise apsw.IOError("the power is off")
        self.operations += 1
        if self.operations == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fails_at is not None and (
            self.operations == self.fails_at or (self.fails_for_good and self.operations > self.fails_at)
        ):
            raise apsw.FullError("no room") if self.is_full else kind("the disk failed")

    # --- power ----------------------------------------------------------------------------------------

    def remember(self) -> None:
        """From now on keep what was synced apart from what was only written."""
        self.remembers = True
        self.synced.clear()
        self.unsynced.clear()

    def forget(self) -> None:
        self.remembers = False
        self.synced.clear()
        self.unsynced.clear()

    def opened(self, path: str) -> None:
        if self.remembers and path not in self.synced:
            self.synced[path] = bytearray(Path(path).read_bytes() if os.path.exists(path) else b"")
            self.unsynced[path] = []

    def changed(self, path: str, change: Change) -> None:
        if self.remembers:
            self.unsynced.setdefault(path, []).append(change)

    def is_synced(self, path: str) -> None:
        if self.remembers:
            for change in self.unsynced.get(path, []):
                _apply(self.synced.setdefault(path, bytearray()), change)
            self.unsynced[path] = []

    def gone(self, path: str) -> None:
        if self.remembers:
            self.synced.pop(path, None)
            self.unsynced.pop(path, None)

    def pull_the_plug(self) -> None:
        """Nothing reaches the files any more; close every connection, then `survive`."""
        self.is_off = True

    def survive(self, chance: Random | None) -> None:
        """Leave in the files what a power cut leaves: what was synced, and by chance some of the rest."""
        for path, kept in self.synced.items():
            for change in self.unsynced.get(path, []):
                _survive(kept, change, chance)
            Path(path).write_bytes(kept)
            Path(path + "-shm").unlink(missing_ok=True)
        self.synced.clear()
        self.unsynced.clear()
        self.is_off = False


def _apply(kept: bytearray, change: Change) -> None:
    if isinstance(change, int):
        del kept[change:]
        return
    offset, data = change
    if len(kept) < offset:
        kept.extend(bytes(offset - len(kept)))
    kept[offset : offset + len(data)] = data


def _survive(kept: bytearray, change: Change, chance: Random | None) -> None:
    if chance is None or chance.random() < 0.5:
        return
    if not isinstance(change, int) and chance.random() < 0.3:
        offset, data = change
        change = offset, data[: SECTOR * chance.randint(0, len(data) // SECTOR)]
    _apply(kept, change)


THE_DISK = Disk()


class _File(apsw.VFSFile):
    def __init__(self, name: object, flags: list[int]) -> None:
        self.path = str(name.filename() if isinstance(name, apsw.URIFilename) else name or "")
        self.is_kept = bool(flags[0] & (apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_WAL))
        super().__init__("", name, flags)
        if self.is_kept:
            THE_DISK.opened(self.path)

    def xWrite(self, data: bytes, offset: int) -> None:
        if self.is_kept:
            THE_DISK.before(apsw.IOError)
            THE_DISK.changed(self.path, (offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        if self.is_kept:
            THE_DISK.before(apsw.IOError)
            THE_DISK.changed(self.path, size)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        if not self.is_kept:
            super().xSync(flags)
            return
        THE_DISK.before(apsw.IOError)
        THE_DISK.is_synced(self.path)


class _Vfs(apsw.VFS):
    def __init__(self) -> None:
        super().__init__(NAME, "")

    def xOpen(self, name: object, flags: list[int]) -> _File:
        return _File(name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        if THE_DISK.is_off:
            raise apsw.IOError("the power is off")
        THE_DISK.gone(name)
        super().xDelete(name, sync)


_mounted: list[_Vfs] = []


def mounted() -> Disk:
    """The disk of this process, with its VFS registered."""
    if not _mounted:
        _mounted.append(_Vfs())
    return THE_DISK
