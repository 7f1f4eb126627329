"""Faults 15 to 21, 25 and 26: what a network does to a batch, through a real connection to a real server."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.faults import proxy
from tests.faults.house import House, Paper, mark_of
from tests.faults.invariants import assert_invariants
from tests.faults.proxy import Proxy
from tests.faults.servers import Nursery, Server, serving
from tests.faults.tablet import Tablet
from tests.faults.wires import Ask, OverHttp


@pytest.fixture(scope="module")
def venue(first_house: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The event that the tests of this module share; each takes a sheet of its own."""
    return first_house.moved(tmp_path_factory.mktemp("venue"))


@pytest.fixture(scope="module")
def server(venue: House, born_here: Nursery) -> Iterator[Server]:
    with serving(born_here, venue) as running:
        yield running


@pytest.fixture(scope="module")
def papers(venue: House) -> Iterator[Paper]:
    return cycle(venue.papers_of(venue.judges[0]))


@pytest.fixture
def paper(papers: Iterator[Paper]) -> Paper:
    return next(papers)


@pytest.fixture
def network(server: Server) -> Iterator[Proxy]:
    with proxy.between(server.port) as found:
        yield found


@pytest.fixture
def tablet(venue: House, network: Proxy, paper: Paper) -> Tablet:
    wire = OverHttp(network.address, seconds=60)
    return Tablet(venue, venue.judges[0], wire, name=f"tablet {paper.code}").ready()


def test_fault_15_a_lost_request_is_sent_again_and_applied_once(venue, network, tablet, paper):
    network.fates.extend([proxy.LOSE, proxy.LOSE])
    tablet.mark(paper, "a1", "57")
    assert [tablet.send(), tablet.send(), tablet.send()] == [False, False, True]
    assert mark_of(venue, paper, "a1") == ("57", 1) and tablet.log.duplicates == 0
    assert_invariants(venue.database_url, tablet)


def test_fault_16_a_lost_answer_makes_the_next_one_a_duplicate(venue, network, tablet, paper):
    network.fates.append(proxy.SWALLOW)
    tablet.mark(paper, "a1", "57")
    assert not tablet.send() and len(tablet.queue) == 1
    assert tablet.send() and not tablet.queue
    assert mark_of(venue, paper, "a1") == ("57", 1) and tablet.log.duplicates == 1
    assert_invariants(venue.database_url, tablet)


def test_fault_17_a_request_that_the_network_doubles_has_one_effect(venue, network, tablet, paper):
    network.fates.append(proxy.TWICE)
    tablet.mark(paper, "a1", "57")
    assert tablet.send() and tablet.log.duplicates == 1 and network.passed == [200, 200]
    assert mark_of(venue, paper, "a1") == ("57", 1)
    assert_invariants(venue.database_url, tablet)


def test_fault_18_batches_in_the_wrong_order_wait_for_the_gap_and_the_last_edit_stands(venue, tablet, paper):
    first, second = tablet.mark(paper, "a1", "5"), tablet.mark(paper, "a1", "6")
    tablet.queue = [second]
    assert not tablet.send() and tablet.queue == [second]
    tablet.queue = [first, second]
    assert tablet.send() and mark_of(venue, paper, "a1") == ("6", 2)
    assert_invariants(venue.database_url, tablet)


def test_fault_19_a_request_that_arrives_long_after_a_newer_edit_changes_nothing(
    venue, network, tablet, paper
):
    tablet.wire.seconds = 0.3
    network.fates.append(proxy.HOLD)
    tablet.mark(paper, "a1", "5")
    assert not tablet.send()
    tablet.wire.seconds = 60
    tablet.mark(paper, "a1", "6")
    assert tablet.send() and mark_of(venue, paper, "a1") == ("6", 2)
    network.released.set()
    _until(lambda: len(network.passed) == 2)
    assert mark_of(venue, paper, "a1") == ("6", 2)
    assert_invariants(venue.database_url, tablet)


def test_fault_20_half_a_body_is_refused_whole_and_half_an_answer_is_none(venue, network, tablet, paper):
    network.fates.extend([proxy.HALF, proxy.CUT])
    tablet.mark(paper, "a1", "57")
    assert not tablet.send() and network.passed == [400] and mark_of(venue, paper, "a1") is None
    assert not tablet.send() and len(tablet.queue) == 1
    assert tablet.send() and mark_of(venue, paper, "a1") == ("57", 1)
    assert_invariants(venue.database_url, tablet)


def test_fault_21_a_server_slower_than_the_tablets_patience_makes_no_duplicates(
    venue, network, tablet, paper
):
    tablet.wire.seconds = 0.3
    network.fates.extend([proxy.SLOW, proxy.SLOW])
    tablet.mark(paper, "a1", "57")
    assert not tablet.send() and not tablet.send()
    _until(lambda: len(network.passed) == 2)
    tablet.wire.seconds = 60
    assert tablet.send() and tablet.log.duplicates == 1
    assert mark_of(venue, paper, "a1") == ("57", 1)
    assert_invariants(venue.database_url, tablet)


def test_fault_24_the_page_of_a_captive_portal_acknowledges_nothing(venue, network, tablet, paper):
    network.fates.append(proxy.PORTAL)
    tablet.mark(paper, "a1", "57")
    assert not tablet.send() and tablet.log.refusals == ["not our answer"] and len(tablet.queue) == 1
    assert tablet.send() and mark_of(venue, paper, "a1") == ("57", 1)


def test_fault_25_a_sheet_from_a_cache_cannot_overwrite_what_came_after_it(venue, network, tablet, paper):
    answer = tablet.wire.ask(Ask("GET", f"{tablet.path}/sheets/{paper.id}"))
    assert answer.headers["Cache-Control"] == "no-store"
    stale = Tablet(venue, tablet.judge, OverHttp(network.address), name="stale").ready()
    tablet.mark(paper, "a1", "57")
    tablet.send()
    stale.mark(paper, "a1", "60")
    assert stale.send() and stale.attention[0][1]["answer"] == "conflict"
    assert mark_of(venue, paper, "a1") == ("57", 1)
    assert_invariants(venue.database_url, tablet, stale)


def test_fault_26_an_expired_certificate_is_no_server_and_the_queue_is_kept(venue, server, tmp_path, paper):
    with proxy.between(server.port, _expired(tmp_path)) as impostor, proxy.between(server.port) as network:
        trusts = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
        tablet = Tablet(venue, venue.judges[0], OverHttp(network.address), name="far").ready()
        honest, tablet.wire = tablet.wire, OverHttp(impostor.address, trusts=trusts)
        tablet.mark(paper, "a1", "57")
        assert not tablet.send() and "certificate" in str(tablet.log.refusals[0]) and impostor.passed == []
        tablet.wire = honest
        assert tablet.send() and mark_of(venue, paper, "a1") == ("57", 1)


def _expired(folder: Path) -> ssl.SSLContext:
    """What a server shows whose certificate ran out yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def _until(true) -> None:
    from time import monotonic, sleep

    until = monotonic() + 120
    while not true():
        assert monotonic() < until, "waited in vain"
        sleep(0.02)
