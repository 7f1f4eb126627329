"""Tablets for the venue of a module: a module names its own `venue` and gets fresh browsers at it."""

import shutil
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Playwright, expect

from tests.journeys.venue import PATIENCE, NewTablet, Tablet, Venue, browsers

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with browsers() as found:
        yield found


@pytest.fixture
def new_tablet(playwright: Playwright, venue: Venue) -> Iterator[NewTablet]:
    """Makes tablets that are in nobody's hands yet."""
    made: list[Tablet] = []

    def make() -> Tablet:
        made.append(Tablet(playwright, venue, uuid4().hex[:8]))
        return made[-1]

    yield make
    for tablet in made:
        tablet.close()
        shutil.rmtree(tablet.folder, ignore_errors=True)


@pytest.fixture
def tablet(new_tablet: NewTablet) -> Tablet:
    return new_tablet()
