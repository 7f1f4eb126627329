"""Pages of promotions: the list, a case from application to hand-out, an event's awards, the rule tables."""

import json
from uuid import UUID

import pytest
from flask import Flask

from competition.accounts.services import system_actor
from competition.certificates.services import revoke_certificate
from competition.competitions.queries import event_by_id
from competition.organisations.queries import organisation_by_id
from competition.promotions import queries, services
from competition.promotions.models import CaseState
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import organisations, workers
from tests.builders import promotions as a
from tests.conftest import NOON


@pytest.fixture
def host(app: Flask) -> UUID:
    with transaction():
        made = organisations.province()
        a.officer(made, "officer")
        a.organiser(made, "organiser")
    return made.id


def opened(host: UUID) -> UUID:
    """The winner's case; the winner signs in as zhang."""
    with transaction():
        case = a.case(a.province_event(host=organisation_by_id(host)))
        workers.account_of(case.worker, "zhang")
    return case.id


def signed_in(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(username)
    return browser


def test_a_case_goes_from_the_worker_to_the_authority_and_back(app: Flask, host: UUID) -> None:
    path = f"/promotions/{opened(host)}"
    worker, officer = signed_in(app, "zhang"), signed_in(app, "officer")
    worker.get(path)
    worker.post(path + "/application", expect=303)
    officer.get(path)
    officer.post(path + "/approval", {"document_number": "甘人社〔2026〕7号"}, expect=303)
    officer.post(path + "/issue", expect=303)
    page = worker.get(path).text
    assert "已发证" in page
    assert "甘人社〔2026〕7号" in page


def test_a_case_shows_rule_working_and_certificate(app: Flask, host: UUID) -> None:
    case = opened(host)
    page = signed_in(app, "organiser").get(f"/promotions/{case}").text
    assert "第1至6名" in page
    assert "判定过程" in page
    assert "第3行" in page
    certificate = queries.case_by_id(case).certificate
    assert f"/c/{certificate.verification_id}" in page


def test_a_certificate_leads_to_its_case(app: Flask, host: UUID) -> None:
    case = opened(host)
    address = f"/certificates/{queries.case_by_id(case).certificate_id}/promotion"
    answer = signed_in(app, "zhang").get(address, expect=303)
    assert answer.headers["Location"].endswith(f"/promotions/{case}")


def test_the_applicant_is_told_that_somebody_else_approves(app: Flask, host: UUID) -> None:
    path = f"/promotions/{opened(host)}"
    officer = signed_in(app, "officer")
    officer.get(path)
    officer.post(path + "/application", expect=303)
    assert "须由他人核准" in officer.post(path + "/approval", {"document_number": "7"}, expect=422).text


def test_a_rejection_asks_why(app: Flask, host: UUID) -> None:
    case = opened(host)
    officer = signed_in(app, "officer")
    officer.get(f"/promotions/{case}")
    officer.post(f"/promotions/{case}/rejection", {"reason": " "}, expect=422)
    officer.post(f"/promotions/{case}/rejection", {"reason": "不符合条件"}, expect=303)
    assert "不符合条件" in signed_in(app, "zhang").get(f"/promotions/{case}").text


def test_a_case_without_a_valid_certificate_warns(app: Flask, host: UUID) -> None:
    case = opened(host)
    with transaction():
        revoke_certificate(
            queries.case_by_id(case).certificate, reason="申诉成立", by=system_actor(), at=NOON
        )
    assert "已被撤销" in signed_in(app, "zhang").get(f"/promotions/{case}").text


def test_strangers_find_no_case(app: Flask, host: UUID) -> None:
    case = opened(host)
    with transaction():
        workers.account_of(workers.worker("外人"), "stranger")
    signed_in(app, "stranger").get(f"/promotions/{case}", expect=404)


def test_the_list_is_narrowed_by_state_and_name(app: Flask, host: UUID) -> None:
    case = opened(host)
    organiser = signed_in(app, "organiser")
    name = queries.case_by_id(case).worker.name
    assert str(case) in organiser.get(f"/promotions?state=eligible&q={name}").text
    assert str(case) not in organiser.get("/promotions?state=issued").text
    assert str(case) in organiser.get("/promotions?state=nonsense").text


def test_a_worker_finds_the_own_cases(app: Flask, host: UUID) -> None:
    assert str(opened(host)) in signed_in(app, "zhang").get("/promotions/mine").text


def test_the_awards_of_an_event_open_their_cases(app: Flask, host: UUID) -> None:
    with transaction():
        made = a.province_event(host=organisation_by_id(host))
        a.certified(made)
        event = made.id
    organiser = signed_in(app, "organiser")
    assert "建立2个晋升事项" in organiser.get(f"/events/{event}/promotions").text
    organiser.post(f"/events/{event}/promotions", expect=303)
    assert {case.state for case in queries.cases_of_event(event_by_id(event))} == {CaseState.ELIGIBLE}
    assert "重新判定" in organiser.get(f"/events/{event}/promotions").text


def test_a_table_is_published_from_an_example(app: Flask, host: UUID) -> None:
    officer = signed_in(app, "officer")
    officer.get("/promotion-tables/new?starter=province")
    document = json.dumps(queries.starter_table("province"), ensure_ascii=False)
    answer = officer.post("/promotion-tables/new", {"authority": str(host), "document": document}, expect=303)
    page = officer.get(answer.headers["Location"]).text
    assert "参赛人数的前30%，舍去小数" in page


@pytest.mark.parametrize(("document", "words"), [("{", "不是有效的JSON"), ('{"format": "x"}', "/rows")])
def test_a_wrong_table_comes_back_with_its_mistakes(
    app: Flask, host: UUID, document: str, words: str
) -> None:
    officer = signed_in(app, "officer")
    officer.get("/promotion-tables/new")
    fields = {"authority": str(host), "document": document}
    assert words in officer.post("/promotion-tables/new", fields, expect=422).text


def test_everybody_signed_in_reads_the_tables(app: Flask, host: UUID) -> None:
    with transaction():
        published = services.publish_table(
            organisation_by_id(host), document=queries.starter_table("nation"), by=system_actor(), at=NOON
        )
        workers.account_of(workers.worker(), "li")
        table = published.id
    worker = signed_in(app, "li")
    assert str(table) in worker.get("/promotion-tables").text
    assert "技师" in worker.get(f"/promotion-tables/{table}").text
