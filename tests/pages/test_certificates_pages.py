"""Pages of certificates: verifying, the own ones, the organiser's."""

import io

import pypdf
import pytest
from flask import Flask

from competition.accounts.services import system_actor
from competition.certificates import queries, services
from competition.certificates.models import Certificate, CertificateSeries
from competition.database import session
from competition.jobs import runner
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import certificates as a
from tests.builders import results as r
from tests.builders import workers
from tests.builders.accounts import account
from tests.conftest import NOON

OURS = {"Sec-Fetch-Site": "same-origin"}
BY = system_actor()


@pytest.fixture
def certificate(app: Flask) -> Certificate:
    """The winner's valid certificate; its plain values may be used after requests."""
    with transaction():
        made = a.certificate()
    session.refresh(made)
    session.refresh(made.worker)
    made.event.competition.host.name  # noqa: B018 (loads what the tests read after the session has gone)
    return made


def asked(browser: Browser, number: str, name: str, expect: int):
    browser.get("/verify")
    return browser.post("/verify", {"number": number, "name": name}, expect=expect, headers=OURS)


def test_a_scan_answers_in_the_first_ten_kilobytes_without_a_session(browser: Browser, certificate) -> None:
    answer = browser.get(f"/c/{certificate.verification_id}")
    assert answer.get_data().index("有效".encode()) < 10_000
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store" and "noindex" in answer.headers["X-Robots-Tag"]


def test_a_scan_shows_the_name_masked(browser: Browser, certificate) -> None:
    name = certificate.snapshot["name"]
    body = browser.get(f"/c/{certificate.verification_id}").text
    assert name not in body and name[0] + "*" in body
    assert "一等奖" in body and "第 1 名" in body and certificate.number in body


def test_five_different_answers(browser: Browser, certificate) -> None:
    number, name, scan = certificate.number, certificate.snapshot["name"], f"/c/{certificate.verification_id}"
    certificate_id = certificate.id
    valid = browser.get(scan).text
    unknown = browser.get("/c/0000000000ZZ", expect=404).text
    malformed = browser.get("/c/hello", expect=404).text
    with transaction():
        found = session.get(Certificate, certificate_id)
        services.reissue_certificate(found, reason="姓名有误", by=BY, at=NOON)
    corrected = browser.get(scan).text
    with transaction():
        second = session.get(Certificate, session.get(Certificate, certificate_id).replaced_by_id)
        other = f"/c/{second.verification_id}"
        services.revoke_certificate(second, reason="冒名顶替", by=BY, at=NOON)
    revoked = browser.get(other).text
    words = ["有效", "查无", "号码有误", "已更正", "已撤销"]
    for word, body in zip(words, [valid, unknown, malformed, corrected, revoked], strict=True):
        assert f'<p class="stat-number">{word}</p>' in body
    assert "冒名顶替" not in revoked
    assert "已更正" in asked(browser, number, name, 200).text


def test_number_and_name_show_the_full_name(browser: Browser, certificate) -> None:
    name, number = certificate.snapshot["name"], certificate.number
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())
    answer = asked(browser, wide, name, 200)
    assert name in answer.text and "有效" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_name_and_an_unknown_number_get_the_same_answer(browser: Browser, certificate) -> None:
    number = certificate.number
    wrong_name = asked(browser, number, "别人", 404).text
    with transaction():
        event = certificate.event
        series = session.get(CertificateSeries, event.id)
        assert series.last_number
        unknown = services._next_number(event, "first")
    unknown_number = asked(browser, unknown, "别人", 404).text

    def without_numbers(body: str) -> str:
        body = body.replace(number, "…").replace(unknown, "…")
        return "\n".join(line for line in body.splitlines() if "查询时间" not in line)

    assert without_numbers(wrong_name) == without_numbers(unknown_number)


def test_a_mistyped_number_is_told_apart(browser: Browser, certificate) -> None:
    wrong = certificate.number[:-1] + ("1" if certificate.number[-1] != "1" else "2")
    assert "号码有误" in asked(browser, wrong, "张三", 422).text
    assert "请填写此项" in asked(browser, "", "", 422).text


def test_after_sixty_misses_an_address_waits_and_hits_are_not_counted(
    browser: Browser, certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("competition.certificates.routes.now", lambda: NOON)
    number, name = certificate.number, certificate.snapshot["name"]
    for _ in range(3):
        asked(browser, number, name, 200)
    assert queries.misses_now("127.0.0.1", NOON) == 0
    with transaction():
        for _ in range(queries.MISSES_A_MINUTE):
            services.count_miss("127.0.0.1", at=NOON)
    assert asked(browser, number, "别人", 429).headers["Retry-After"] == "60"


def test_a_form_of_another_site_is_refused(browser: Browser, certificate) -> None:
    browser.post(
        "/verify", {"number": "x", "name": "y"}, expect=403, headers={"Sec-Fetch-Site": "cross-site"}
    )


def test_the_holder_sees_and_prints_the_own_certificate(browser: Browser, certificate) -> None:
    number, address = certificate.number, f"/certificates/{certificate.id}.pdf"
    with transaction():
        workers.account_of(certificate.worker, "wang")
    browser.sign_in("wang")
    assert number in browser.get("/certificates").text
    answer = browser.get(address)
    assert answer.mimetype == "application/pdf" and f"{number}.pdf" in answer.headers["Content-Disposition"]
    assert number in a.text_of(answer.get_data())


def test_a_certificate_of_somebody_else_does_not_exist(browser: Browser, certificate) -> None:
    address = f"/certificates/{certificate.id}"
    with transaction():
        account("stranger")
    browser.sign_in("stranger")
    browser.get(f"{address}.pdf", expect=404)
    browser.get(address, expect=403)


def test_an_organiser_issues_follows_and_prints_a_batch(app: Flask, browser: Browser) -> None:
    with transaction():
        event = r.published_event(["80", "90", "70", "60"])
        organiser = r.organiser(event).username
    address = f"/events/{event.id}/certificates"
    browser.sign_in(organiser)
    assert "还有 3 位获奖者没有证书" in browser.get(address).text
    operation = browser.post(address.replace("certificates", "certificate-batches"), expect=303).headers[
        "Location"
    ]
    assert "0 / 3" in browser.get(operation).text
    runner.run_due(app)
    assert "已签发 3 张证书" in browser.get(operation).text
    assert browser.get(f"{operation}/state").json["result_href"] == address
    listed = browser.get(address).text
    assert listed.count("有效</span>") == 3 and "没有证书" not in listed
    pdf = browser.get(f"{address}.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(pdf.get_data())).pages) == 3
    assert "没有符合的证书" in browser.get(f"{address}?status=revoked").text


def test_an_organiser_replaces_and_revokes_with_a_reason(browser: Browser, certificate) -> None:
    address = f"/certificates/{certificate.id}"
    with transaction():
        organiser = r.organiser(certificate.event).username
    browser.sign_in(organiser)
    browser.get(address)
    assert "请填写此项" in browser.post(f"{address}/replacement", {"replacement_reason": ""}, expect=422).text
    made = browser.post(f"{address}/replacement", {"replacement_reason": "姓名有误"}, expect=303).headers[
        "Location"
    ]
    assert "已替换" in browser.get(address).text
    browser.get(made)
    browser.post(f"{made}/revocation", {"revocation_reason": "冒名顶替"}, expect=303)
    body = browser.get(made).text
    assert "已撤销" in body and "冒名顶替" in body
    assert (
        "不能再次更改" in browser.post(f"{made}/revocation", {"revocation_reason": "再次"}, expect=422).text
    )


def test_an_organiser_of_another_event_sees_nothing(browser: Browser, certificate) -> None:
    addresses = [
        f"/certificates/{certificate.id}",
        f"/certificates/{certificate.id}.pdf",
        f"/events/{certificate.event_id}/certificates",
        f"/events/{certificate.event_id}/certificates.pdf",
    ]
    with transaction():
        other = r.organiser(r.published_event(["80"])).username
    browser.sign_in(other)
    for address in addresses:
        browser.get(address, expect=404)
