"""Faults 27, 28, 30 to 38, 42 and 48: several people and devices, clocks, a day without the server."""

import json
from base64 import urlsafe_b64encode
from copy import deepcopy
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import Flask

from competition.accounts.queries import account_by_username, actor_of
from competition.accounts.services import disable_account, end_sessions, system_actor
from competition.audit.queries import entries_for
from competition.competitions.queries import event_by_id, standing_correction
from competition.competitions.services import accept_correction, propose_correction
from competition.database import session
from competition.errors import Conflict, RuleBroken
from competition.results import bundles
from competition.results import queries as results
from competition.results.queries.contests import hash_of_texts, stored_texts
from competition.results.services import prepare_revision
from competition.rules import contest
from competition.scoring import queries
from competition.scoring.models import Sheet
from competition.scoring.services import reopen_sheet, sign_sheet
from competition.tablets.signatures import public_jwk
from competition.transactions import transaction
from competition.verification import verify_results
from tests.conftest import NOON
from tests.faults import deeds
from tests.faults.house import ASPECTS, House, Paper, closed, mark_of
from tests.faults.invariants import assert_invariants
from tests.faults.servers import serving
from tests.faults.tablet import Tablet
from tests.faults.wires import Ask, InProcess, OverHttp


@pytest.fixture
def paper(house: House, tablet: Tablet) -> Paper:
    return house.papers_of(tablet.judge)[0]


@pytest.fixture
def other(house: House, site: Flask, tablet: Tablet) -> Tablet:
    """A second tablet of the same judge."""
    return Tablet(house, tablet.judge, InProcess(site), name="other").ready()


def sheet_of(house: House, paper: Paper) -> Sheet:
    sheet = session.get(Sheet, (UUID(house.event), UUID(paper.id)))
    assert sheet is not None
    return sheet


def person(username: str):
    account = account_by_username(username)
    assert account is not None
    return actor_of(account)


def filled(tablet: Tablet, paper: Paper) -> None:
    for aspect in ASPECTS:
        tablet.mark(paper, aspect, "57")
    assert tablet.send()


def signed(site: Flask, house: House, paper: Paper, **details) -> None:
    with site.app_context(), transaction():
        sign_sheet(sheet_of(house, paper), by=person(paper.judge), at=NOON, **details)


def reopened(site: Flask, house: House, paper: Paper) -> None:
    with site.app_context(), transaction():
        reopen_sheet(sheet_of(house, paper), reason="抄写错误", by=person(house.chief), at=NOON)


def test_fault_27_two_values_for_one_cell_are_a_conflict_that_shows_both(house, tablet, other, paper):
    tablet.mark(paper, "a1", "57")
    other.mark(paper, "a1", "60")
    assert tablet.send() and other.send()
    (_, answer), *_ = other.attention
    assert (answer["answer"], answer["theirs"]["value"], answer["theirs"]["device"]) == (
        "conflict",
        "57",
        "tablet",
    )
    assert {"device_time", "received_at"} <= answer["theirs"].keys() and mark_of(house, paper, "a1") == (
        "57",
        1,
    )
    other.settle()
    assert other.send() and mark_of(house, paper, "a1") == ("60", 2)
    assert_invariants(house.database_url, tablet, other)


def test_fault_28_different_cells_of_one_sheet_from_two_tablets_merge(house, tablet, other, paper):
    for aspect, one in zip(ASPECTS, (tablet, other, tablet, other), strict=True):
        one.mark(paper, aspect, "57")
    assert tablet.send() and other.send() and not tablet.attention and not other.attention
    assert [mark_of(house, paper, aspect) for aspect in ASPECTS] == [("57", 1)] * 4
    assert_invariants(house.database_url, tablet, other)


def test_fault_30_what_comes_after_the_signature_is_refused_listed_and_not_counted(
    house, site, tablet, other, paper
):
    filled(tablet, paper)
    other.mark(paper, "a1", "99")
    signed(site, house, paper)
    assert other.send() and other.attention[0][1]["reason"] == "signed"
    assert mark_of(house, paper, "a1") == ("57", 1)
    with site.app_context():
        listed = queries.set_aside(event_by_id(UUID(house.event)))
    assert [one.body["value"] for one in listed] == ["99"]
    assert_invariants(house.database_url, tablet, other)


def test_fault_31_of_a_reopening_and_a_signature_one_wins_and_the_other_is_told(house, site, tablet, paper):
    filled(tablet, paper)
    with site.app_context():
        sheet = sheet_of(house, paper)
        seen = queries.content_hash(sheet, queries.marks_of_sheet(sheet))
    signed(site, house, paper, content_hash=seen)
    reopened(site, house, paper)
    tablet.mark(paper, "a1", "58")
    assert tablet.send()
    with pytest.raises(Conflict, match="changed"):
        signed(site, house, paper, content_hash=seen)
    signed(site, house, paper)
    with site.app_context():
        kinds = [one.kind for one in entries_for(subject_id=UUID(paper.id))]
    assert [kind for kind in reversed(kinds) if kind != "scoring.marks_received"] == [
        "scoring.sheet_signed",
        "scoring.sheet_reopened",
        "scoring.sheet_signed",
    ]
    assert_invariants(house.database_url, tablet)


def test_fault_32_a_mark_that_comes_while_the_result_is_published_is_listed_and_not_counted(
    house, site, tablet, paper
):
    tablet.mark(paper, "a1", "99")
    with site.app_context():
        deeds.everything_marked(site, house)
    before = mark_of(house, paper, "a1")
    assert tablet.send() and tablet.attention[0][1]["reason"] == "closed"
    with site.app_context():
        deeds.publish(site, house)
        event = event_by_id(UUID(house.event))
        bundle = json.loads(bundles.public_bundle(results.released_revision(event)))
        assert [one.body["value"] for one in queries.set_aside(event)] == ["99"]
    assert list(verify_results.check(bundle)) == [] and mark_of(house, paper, "a1") == before
    assert_invariants(house.database_url, tablet)


def test_fault_33_two_people_publish_at_once_and_there_is_one_version(house, born_here):
    assert born_here.perform(house, "everything_marked") == 0
    both = [born_here.fork(house, "publish") for _ in range(2)]
    assert sorted(born_here.end_of(pid) for pid in both) == [0, 1]
    if "is locked" in born_here.log.read_text("utf-8", "replace"):
        assert born_here.perform(house, "publish") == 1  # whom a slow machine told to come back came back
    assert "already published" in born_here.log.read_text("utf-8", "replace")
    assert_invariants(house.database_url)


def test_fault_34_a_weight_that_changes_after_the_first_mark_makes_a_version_by_two_people(
    house, site, tablet, paper
):
    with site.app_context():
        deeds.everything_marked(site, house)
        kept = _computed_again(house)
    _corrected(site, house)
    with site.app_context(), transaction():
        assert _computed_again(house) == kept
        event = event_by_id(UUID(house.event))
        prepare_revision(event, by=person(house.organiser), at=NOON)
    with site.app_context():
        assert _computed_again(house) == kept
        event = event_by_id(UUID(house.event))
        second, first = results.revisions_of(event)
        assert (first.rule_set_version.number, second.rule_set_version.number) == (1, 2)
        assert {str(line.total) for line in results.lines_of(second)} != {
            str(line.total) for line in results.lines_of(first)
        }
    assert_invariants(house.database_url, tablet)


def _corrected(site: Flask, house: House) -> None:
    """The first person alone changes nothing, and is refused as the second one too; another one accepts."""
    with site.app_context():
        event = event_by_id(UUID(house.event))
        changed = deepcopy(event.rule_set)
        changed["scheme"]["children"][0]["factor"] = "0.5"
    with site.app_context(), transaction():
        event = event_by_id(UUID(house.event))
        proposal = propose_correction(
            event, document=changed, reason="系数有误", by=person(house.organiser), at=NOON
        )
        with pytest.raises(RuleBroken, match="somebody else must accept"):
            accept_correction(proposal, event, by=person(house.organiser), at=NOON)
        assert event.frozen.number == 1
    with site.app_context(), transaction():
        event = event_by_id(UUID(house.event))
        proposal = standing_correction(event)
        assert accept_correction(proposal, event, by=person(house.supervisor), at=NOON).number == 2


def _computed_again(house: House) -> tuple[str, str]:
    """The hash of the first revision as it is stored, and as it follows from its own document now."""
    first = results.revisions_of(event_by_id(UUID(house.event)))[-1]
    lines = results.line_key(contest.evaluate(first.contest))
    found = first.hash, hash_of_texts(stored_texts(first), lines)
    assert found[0] == found[1]
    return found


def test_fault_35_a_session_that_ends_keeps_the_queue_until_somebody_signs_in(house, site, tablet, paper):
    tablet.mark(paper, "a1", "57")
    with site.app_context(), transaction():
        end_sessions(account_by_username(tablet.judge), by=system_actor(), at=NOON)
    assert not tablet.send() and tablet.log.refusals == [401] and len(tablet.queue) == 1
    assert tablet.drain() and mark_of(house, paper, "a1") == ("57", 1)
    assert_invariants(house.database_url, tablet)


def test_fault_36_what_a_disabled_judge_still_holds_is_handed_over_and_not_counted(
    house, site, tablet, paper
):
    key = ec.generate_private_key(ec.SECP256R1())
    found = tablet.wire.ask(
        tablet._ask("/devices", {"label": "bound", "public_key": json.loads(public_jwk(key.public_key()))})
    )
    tablet.device, tablet.sequence = found.document()["device"], found.document()["last_sequence"]
    tablet.mark(paper, "a1", "57")
    with site.app_context(), transaction():
        disable_account(account_by_username(tablet.judge), by=system_actor(), at=NOON)
    assert not tablet.send() and tablet.log.refusals == [401] and len(tablet.queue) == 1
    batch = tablet.next_batch()
    signature = _signature(key, batch.body)
    headers = {"X-Device-Signature": signature, "Sec-Fetch-Site": "same-origin"}
    handed = Ask("POST", f"{tablet.path}/quarantine", batch.body, headers=headers)
    assert tablet.take(tablet.wire.ask(handed)) and not tablet.queue
    assert tablet.attention[0][1]["reason"] == "quarantined" and mark_of(house, paper, "a1") is None
    assert_invariants(house.database_url, tablet)


def _signature(key: ec.EllipticCurvePrivateKey, body: bytes) -> str:
    r, s = decode_dss_signature(key.sign(body, ec.ECDSA(hashes.SHA256())))
    return urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "says", ["2000-01-01T00:00:00+08:00", "2099-06-04T12:00:00+08:00", "2026-03-29T02:30:00+01:00"]
)
def test_fault_37_what_a_tablets_clock_says_is_kept_and_decides_nothing(house, tablet, other, paper, says):
    tablet.mark(paper, "a1", "57", device_time="2026-06-01T12:00:00+08:00")
    assert tablet.send() and other.read(paper)
    other.mark(paper, "a1", "58", device_time=says)
    assert other.send() and mark_of(house, paper, "a1") == ("58", 2)
    assert_invariants(house.database_url, tablet, other)


def test_fault_38_a_server_clock_that_jumps_keeps_the_order_and_the_record(house, born_here, tmp_path):
    clock = tmp_path / "hours"
    clock.write_text("0")
    paper = house.papers_of(house.judges[0])[0]
    with serving(born_here, house, ("clock_of", {"file": str(clock)})) as server:
        tablet = Tablet(house, house.judges[0], OverHttp(server.address)).ready()
        for value, hours in enumerate(("0", "72", "-72", "0"), start=1):
            clock.write_text(hours)
            tablet.mark(paper, "a1", str(value))
            assert tablet.drain(tries=5), tablet.log.refusals
    assert mark_of(house, paper, "a1") == ("4", 4) and 401 in tablet.log.refusals
    assert_invariants(house.database_url, tablet)


def test_fault_42_a_batch_of_the_build_before_is_taken_and_one_of_a_later_build_is_refused(
    house, tablet, paper
):
    for schema, expected in ((1, 200), (2, 200), (99, 400)):
        tablet.mark(paper, "a1", str(schema))
        batch = {"schema": schema, "device": tablet.device, "operations": tablet.queue}
        if schema == 1:
            del batch["schema"]
        reply = tablet.wire.ask(tablet._ask("/operations", batch))
        tablet.take(reply)
        assert reply.status == expected
    assert len(tablet.queue) == 1 and mark_of(house, paper, "a1") == ("2", 2)
    assert_invariants(house.database_url, tablet)


def test_fault_48_after_a_day_without_the_server_a_spare_one_gets_everything(house, site, tablet, tmp_path):
    """The encrypted file for tablets that can reach no server at all: tests/services and tests/journeys of the emergency file."""
    papers = house.papers_of(tablet.judge)
    filled(tablet, papers[0])
    closed(site)
    spare = house.moved(tmp_path / "spare")
    for paper in papers[1:]:
        for aspect in ASPECTS:
            tablet.mark(paper, aspect, "57")
    app = spare.app()
    tablet.wire = InProcess(app)
    tablet.sign_in()
    assert tablet.drain() and len(tablet.log.acknowledged) == len(papers) * 4
    assert all(mark_of(spare, paper, aspect) == ("57", 1) for paper in papers for aspect in ASPECTS)
    closed(app)
    assert_invariants(spare.database_url, tablet)
