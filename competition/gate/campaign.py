"""The long campaign of faults (RG1 to RG4 of reliability.md): what tests/faults does in small, as often as wanted.

`python -m competition campaign` prints one JSON object: for every part and database what was acknowledged, lost and
doubled, and the seeds with which anything that broke is played again. Progress goes to stderr. Status 1 if anything broke.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sqlalchemy.engine import make_url

from competition.gate import postgresql

if TYPE_CHECKING:
    from tests.faults.house import House
    from tests.faults.sweeps import Fault, Pick

MOST_SHOWN = 20
A_ROUND = 50
"""Kills or hundreds of schedules on one database; then a new one, because what is asked of it afterwards grows."""
Part = Callable[["Campaign", str], dict[str, Any]]


@dataclass(frozen=True)
class Sizes:
    """How much of each."""

    kills: int
    seeds: int
    schedules: int
    every_write: bool
    first: int


def run_campaign(sizes: Sizes, *, parts: Sequence[str] = (), databases: Sequence[str]) -> int:
    """Run the parts (all when none is named) on the databases; the exit status."""
    began, found = time.monotonic(), {}
    with Campaign.prepared(sizes, databases) as campaign, redirect_stdout(campaign.log()):
        for name, part in PARTS.items():
            if parts and name not in parts:
                continue
            for database in databases:
                if (name, database) != ("power", "postgresql"):
                    found[f"{name} on {database}"] = _timed(f"{name} on {database}", part, campaign, database)
    broken = sum(part["broken"] for part in found.values())
    json.dump(
        {"parts": found, "broken": broken, "seconds": round(time.monotonic() - began)}, sys.stdout, indent=2
    )
    print()
    return 1 if broken else 0


def _timed(name: str, part: Part, campaign: "Campaign", database: str) -> dict[str, Any]:
    print(f"{name} …", file=sys.stderr, flush=True)
    began = time.monotonic()
    found = {**part(campaign, database), "seconds": round(time.monotonic() - began)}
    print(f"  {json.dumps(found)}", file=sys.stderr, flush=True)
    return found


class Campaign:
    """A house on each database to copy from, and a folder for the copies."""

    def __init__(self, sizes: Sizes, folder: Path, stack: ExitStack) -> None:
        self.sizes, self.folder, self.stack = sizes, folder, stack
        self.houses: dict[str, House] = {}
        self.cluster: postgresql.Cluster | None = None
        self.copies = 0

    @classmethod
    @contextmanager
    def prepared(cls, sizes: Sizes, databases: Sequence[str]) -> Iterator["Campaign"]:
        from tests.faults.house import built  # lies in the source tree only

        with ExitStack() as stack:
            name = tempfile.TemporaryDirectory(prefix="campaign-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(name))
            made = cls(sizes, folder, stack)
            if "sqlite" in databases:
                file = folder / "first" / "house.sqlite3"
                made.houses["sqlite"] = built(folder / "first", f"sqlite:///{file}")
            if "postgresql" in databases:
                made.cluster = stack.enter_context(postgresql.cluster())
                address = _new_database(made.cluster.address, "house")
                made.houses["postgresql"] = built(folder / "postgresql", address)
            yield made

    def log(self) -> TextIO:
        """Where the house logs what it is made to suffer."""
        return self.stack.enter_context((self.folder / "house.log").open("a", encoding="utf-8"))

    def copy(self, database: str, *, driver: str = "sqlite") -> "House":
        """An event of its own, in a folder of its own."""
        from tests.faults.house import House

        self.copies += 1
        folder, house = self.folder / f"copy-{self.copies}", self.houses[database]
        if database == "sqlite":
            return house.moved(folder, driver=driver)
        folder.mkdir()
        address = _new_database(house.database_url, f"copy_{self.copies}", template="house")
        return House(**{**vars(house), "folder": folder, "database_url": address})


def _new_database(address: str, name: str, *, template: str = "template0") -> str:
    from sqlalchemy import create_engine, text

    url = make_url(address)
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def _shown(broken: Sequence[str]) -> int:
    for one in broken[:MOST_SHOWN]:
        print(f"  BROKEN {one}", file=sys.stderr, flush=True)
    return len(broken)


def kills(campaign: Campaign, database: str) -> dict[str, Any]:
    """RG1, RG2: kill -9 of the server's process group under six clients; on PostgreSQL of the database's server too."""
    from tests.faults.kills import Killed, killed
    from tests.faults.servers import nursery

    found, left, seed = Killed(), campaign.sizes.kills, campaign.sizes.first
    cluster = campaign.cluster if database == "postgresql" else None
    with nursery(campaign.folder / "nursery.log") as made:
        while left > 0:
            times = min(A_ROUND, left)
            found.add(killed(made, campaign.copy(database), times=times, seed=seed, cluster=cluster))
            left, seed = left - times, seed + 1
            print(f"  {campaign.sizes.kills - left} kills", file=sys.stderr, flush=True)
    _shown(found.broken)
    return {**found.as_json(), "seeds": f"{campaign.sizes.first} to {seed - 1}"}


def power(campaign: Campaign, _database: str) -> dict[str, Any]:
    """RG3: power cuts under synchronous=FULL; the same with NORMAL must lose, or the simulation shows nothing."""
    from tests.faults.power import cut

    first, house = campaign.sizes.first, campaign.houses["sqlite"]
    seeds = range(first, first + campaign.sizes.seeds)
    found, said = cut(house, campaign.folder / "power", seeds)
    weak = [
        cut(house, campaign.folder / f"weak-{seed}", range(seed, seed + 1), synchronous="NORMAL")[0]
        for seed in seeds[:20]
    ]
    losing = sum(one.lost > 0 for one in weak)
    broken = _shown(said) + (0 if losing else 1)
    control = {"seeds": len(weak), "losing": losing, "lost": sum(one.lost for one in weak)}
    return {**found.as_json(), "broken": broken, "the same with NORMAL": control, "first seed": first}


def schedules(campaign: Campaign, database: str) -> dict[str, Any]:
    """RG4: seeded schedules of up to six tablets."""
    from tests.faults.invariants import problems
    from tests.faults.schedules import Played, Table, played

    found, said, first = Played(), [], campaign.sizes.first
    stop = first + campaign.sizes.schedules
    for start in range(first, stop, A_ROUND * 4):
        house = campaign.copy(database)
        some, broken = played(Table(house, house.app()), range(start, min(start + A_ROUND * 4, stop)))
        found.add(some)
        said += [*broken, *(f"after {start}: {one}" for one in problems(house.database_url))]
        print(f"  {found.schedules} schedules", file=sys.stderr, flush=True)
    return {**found.as_json(), "broken": _shown(said), "seeds": f"{first} to {stop - 1}"}


def writes(campaign: Campaign, database: str) -> dict[str, Any]:
    """Fail the Nth write, sync, statement and commit of mark, sign, publish, issue and import; and kill the process there."""
    from tests.faults.sweeps import Sweep, every, some

    pick = every if campaign.sizes.every_write else some
    found: dict[str, Any] = {}
    broken: list[str] = []
    for kind, fault, driver in _faults(database):
        swept = Sweep(campaign.copy(database, driver=driver), kind, fault, pick).run()
        found[kind] = swept.as_json()
        broken += swept.broken
    if database == "sqlite":
        found["killed at a statement"] = _stops(campaign, pick, broken)
    return {"kinds": found, "faults": sum(one["faults"] for one in found.values()), "broken": _shown(broken)}


def _stops(campaign: Campaign, pick: "Pick", broken: list[str]) -> dict[str, Any]:
    """A killed client of PostgreSQL is what the part “backend ended” is: nothing of it is in the server's memory."""
    from tests.faults.servers import nursery
    from tests.faults.stops import killed_at_statements

    with nursery(campaign.folder / "nursery.log") as made:
        stopped = killed_at_statements(made, campaign.copy("sqlite"), pick, again=True)
    broken += stopped.broken
    return stopped.as_json()


def _faults(database: str) -> "list[tuple[str, Fault, str]]":
    from tests.faults.sweeps import ending_backends, failing_statements, failing_writes

    if database == "postgresql":
        return [("statement or commit", failing_statements, ""), ("backend ended", ending_backends, "")]
    disk = "sqlite+apsw"
    return [
        ("write or sync, once", failing_writes(), disk),
        ("write or sync, from then on", failing_writes(for_good=True), disk),
        ("no room", failing_writes(for_good=True, full=True), disk),
        ("statement or commit", failing_statements, "sqlite"),
    ]


PARTS: dict[str, Part] = {"kills": kills, "power": power, "schedules": schedules, "writes": writes}
