"""A correction after publication: what it would change is told first, and nothing follows by itself; on both databases."""

import pytest
from flask import Flask

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.certificates import services as certificates
from competition.certificates.models import CertificateStatus
from competition.certificates.queries import contradicted_by
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.errors import RuleBroken
from competition.promotions.queries import starter_table
from competition.promotions.services import open_cases, publish_table
from competition.results import queries, services
from competition.results.consequences import consequences
from competition.transactions import transaction
from tests.builders import certificates as c
from tests.builders import results as a
from tests.conftest import NOON
from tests.services.test_advancement import ladder


def corrected(event: Event, number: int, value: str):
    """The waiting revision after one mark was corrected."""
    a.correct(event, a.entrant(event, number), value)
    return a.prepared(event, reason="抄写错误")


def approve(event: Event, revision) -> None:
    services.approve_publication(revision, by=actor_of(a.supervisor(event)), at=NOON)


def said(event: Event, revision) -> dict[str, list[str]]:
    released = queries.released_revision(event)
    found = consequences(event, released, revision)
    return {str(each.title): [str(words) for words in each.sentences] for each in found}


def test_what_a_correction_means_for_certificates_is_told_before_it_is_approved(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90", "70", "60"])
        made = [c.certificate(event, position=position) for position in range(3)]
        revision = corrected(event, 4, "95")
    told = said(event, revision)["Certificates"]
    assert "to be replaced: award “一等奖”" not in told[0] and "place 2" in told[0]
    assert "no award any more, to be revoked" in told[2]
    assert told[3].endswith("first certificate of this event: 1.")
    assert all(each.status == CertificateStatus.VALID for each in made)


def test_certificates_follow_a_correction_in_one_action_and_only_then(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90", "70", "60"])
        made = [c.certificate(event, position=position) for position in range(3)]
        approve(event, corrected(event, 4, "95"))
    assert [each.status for each in made] == [CertificateStatus.VALID] * 3
    with transaction():
        done = certificates.follow_correction(event, reason="成绩更正", by=system_actor(), at=NOON)
    assert (done.revoked, done.replaced) == (1, 2)
    assert [each.status for each in made] == ["replaced", "replaced", "revoked"]
    assert made[0].replaced_by.snapshot["revision"]["number"] == 2
    assert contradicted_by(queries.final_revision(event)) == []


def test_following_a_correction_needs_a_reason_and_something_to_follow(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90"])
        c.certificate(event)
        with pytest.raises(RuleBroken, match="agrees with the final result"):
            certificates.follow_correction(event, reason="成绩更正", by=system_actor(), at=NOON)
        approve(event, corrected(event, 1, "95"))
    with transaction(), pytest.raises(RuleBroken, match="Write the reason"):
        certificates.follow_correction(event, reason=" ", by=system_actor(), at=NOON)


def test_the_cascade_is_told_tier_by_tier_and_nobody_is_removed(app: Flask) -> None:
    with transaction():
        event, above = ladder(["70", "90", "80"], quota=1)
        a.published(event)
        revision = corrected(event, 1, "95")
    told = said(event, revision)["Advancement and the events above"]
    assert "had advanced and stays, though it now has place 2" in told[0]
    assert (above.name_en or above.name) in told[1] and "is entered" in told[1]
    assert "within the quota, but its places are taken" in told[2]
    assert len(queries.advances_of(event.id)) == 1


def test_promotion_cases_that_rest_on_a_corrected_line_are_named(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90"])
        publish_table(event.competition.host, document=starter_table("province"), by=system_actor(), at=NOON)
        c.certificate(event)
        cases = open_cases(event, by=system_actor(), at=NOON)
        revision = corrected(event, 1, "95")
    told = said(event, revision).get("Promotions", [])
    assert len(told) == len(cases)


def test_the_public_sees_what_changed_between_published_revisions_only(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90"])
        corrected(event, 1, "85")
        again = corrected(event, 1, "95")
    assert [each.revision.number for each in queries.publications_of(event)] == [1]
    with transaction():
        approve(event, again)
    newer, older = queries.publications_of(event_by_id(event.id))
    changes = queries.changes_between(older.revision, newer.revision)
    assert (older.revision.number, newer.revision.number) == (1, 3)
    assert "The total 80 becomes 95." in [str(each.sentence) for each in changes]


def test_only_the_line_that_differs_is_found(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90", "70"])
        revision = corrected(event, 3, "75")
    released = queries.released_revision(event)
    (change,) = queries.changes_between(released, revision)
    assert str(change.sentence) == "The total 70 becomes 75."
