"""One event, built once for a process of tests; every test has a copy. One nursery for servers that are killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.faults import apsw_dbapi, disk
from tests.faults.disk import Disk
from tests.faults.house import House, built, closed
from tests.faults.servers import Nursery, nursery_here
from tests.faults.tablet import Tablet
from tests.faults.wires import InProcess


@pytest.fixture(scope="session")
def first_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("house")
    return built(folder, f"sqlite:///{folder / 'house.sqlite3'}")


@pytest.fixture(scope="session")
def born_here() -> Nursery:
    """The nursery of this process of tests."""
    return nursery_here()


@pytest.fixture
def house(first_house: House, tmp_path: Path) -> House:
    """The event on a SQLite file of the test's own."""
    return first_house.moved(tmp_path / "house")


@pytest.fixture
def brittle(first_house: House, tmp_path: Path) -> Iterator[House]:
    """The event on a disk that can be broken."""
    apsw_dbapi.enrol()
    disk.mounted().mend()
    yield first_house.moved(tmp_path / "house", driver="sqlite+apsw")
    disk.mounted().mend()


@pytest.fixture
def bad_disk(brittle: House) -> Disk:
    return disk.mounted()


@pytest.fixture
def site(house: House) -> Iterator[Flask]:
    """The application in this process, on the test's own file."""
    app = house.app()
    yield app
    closed(app)


@pytest.fixture
def brittle_site(brittle: House) -> Iterator[Flask]:
    app = brittle.app()
    yield app
    closed(app)


@pytest.fixture
def tablet(house: House, site: Flask) -> Tablet:
    """A tablet of the first judge, in this process."""
    return Tablet(house, house.judges[0], InProcess(site)).ready()
