"""What the tests begin with: rows copied from an earlier test are as good as rows made by the services."""

import pytest
from flask import Flask

from competition.audit.queries import chain_breaks
from competition.results.queries import newest_publication
from competition.transactions import transaction
from tests.builders import results


@pytest.mark.parametrize("way", ["made", "copied"])
def test_an_event_and_its_record_hold_together(app: Flask, way: str) -> None:
    with transaction():
        event = results.published_event(["80", "90"])
    assert not list(chain_breaks())
    assert newest_publication(event.id) is not None
    with transaction():
        results.correct(event, results.entrant(event, 1), "95")
    assert not list(chain_breaks())


def test_builders_may_follow_each_other(app: Flask) -> None:
    with transaction():
        first = results.scored_event(["80", "90"])
        second = results.published_event(["80", "90"], of=first.competition, code="W02")
        third = results.marking_event(2)
    assert len({first.id, second.id, third.id}) == 3
