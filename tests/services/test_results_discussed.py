"""A judgement that was discussed: the event is published, and anybody can check it; on both databases."""

from flask import Flask

from competition.accounts.services import system_actor
from competition.results import queries
from competition.results.bundles import bundle_of
from competition.scoring import queries as scoring_queries
from competition.scoring import services
from competition.transactions import transaction
from competition.verification import verify_results
from tests.builders import results as a
from tests.builders import scoring
from tests.builders.scoring import send, sent
from tests.conftest import NOON
from tests.rules.contests import group, judgement, ruleset


def test_an_event_is_published_after_the_judges_discussed_a_judgement(app: Flask) -> None:
    with transaction():
        rules = ruleset(group("A", judgement("style", 9), role="module"))
        event = scoring.scoring_event(1, rule_set=rules)
        sheets = sorted(scoring_queries.sheets_of(event), key=lambda sheet: sheet.seat_label)
        devices = [scoring.device(event, sheet.judge.account) for sheet in sheets]
        for sheet, device, level in zip(sheets, devices, "132", strict=True):
            send(device, sent(sheet, "style", level))
        send(devices[0], sent(sheets[0], "style", "2", 2, base_version=1, round=2, reason="布线整齐"))
        for sheet in sheets:
            scoring.sign(sheet)
            scoring.confirm(sheet)
        services.close_scoring(event, by=system_actor(), at=NOON)
        a.published(event)
        revision = queries.released_revision(event)
    assert revision is not None
    assert sorted(mark.get("round", 1) for mark in revision.contest["marks"]) == [1, 1, 1, 2, 2, 2]
    assert verify_results.check(bundle_of(revision)) == []
