"""Certificates: issued from the released result, revoked, replaced, found again; on both databases."""

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.certificates import presenters, queries, services
from competition.certificates.models import Certificate, CertificateStatus
from competition.certificates.numbering import read_number, read_verification_id
from competition.certificates.presenters import Verdict
from competition.database import session
from competition.errors import RuleBroken
from competition.jobs import runner
from competition.jobs.models import OperationState
from competition.jobs.presenters import view_of
from competition.transactions import transaction
from tests.builders import certificates as a
from tests.builders import competitions, registration, workers
from tests.builders import results as r
from tests.conftest import NOON

BY = system_actor()


@pytest.fixture
def database_url(database_to_break: str) -> str:
    """These tests take tables and triggers apart."""
    return database_to_break


def verdict(certificate: Certificate) -> Verdict:
    return presenters.answer_for(certificate, at=NOON, knows_the_name=False).verdict


def facts_about(certificate: Certificate) -> list[str]:
    return list(
        session.scalars(
            select(AuditEntry.kind).where(AuditEntry.subject_id == certificate.id).order_by(AuditEntry.number)
        )
    )


def test_a_certificate_keeps_everything_that_is_printed(app: Flask) -> None:
    with transaction():
        made = a.certificate()
    assert made.snapshot["name"] == made.worker.name
    assert made.snapshot["award"]["zh"] == "一等奖" and made.snapshot["place"] == 1
    assert made.snapshot["issued_on"] == "2026-06-01" and made.snapshot["revision"]["number"] == 1
    assert queries.is_intact(made) and facts_about(made) == ["certificates.issued"]


def test_the_number_has_its_check_character_and_its_own_sequence(app: Flask) -> None:
    with transaction():
        event = r.published_event(["80", "90"])
        numbers = [a.certificate(event, position=position).number for position in (0, 1)]
    assert all(read_number(number) == number for number in numbers)
    assert "-FIRST-0001-" in numbers[0] and "-SECOND-" in numbers[1] and numbers[0] != numbers[1]


def test_a_typed_number_may_be_full_width_and_small(app: Flask) -> None:
    with transaction():
        number = a.certificate().number
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in number.lower())
    assert read_number(f" {wide} ") == number
    assert read_number(number.replace("-", "–")) == number
    wrong = "1" if number[-1] != "1" else "2"
    assert read_number(number[:-1] + wrong) is None and read_number("张三") is None


def test_a_scanned_address_forgives_look_alikes() -> None:
    assert read_verification_id("7q2m4xk8zt1b") == "7Q2M4XK8ZT1B"
    assert read_verification_id("OIL000000000") == "011000000000"
    assert read_verification_id("' OR 1=1 --") is None


def test_nothing_is_certified_before_the_result_is_published(app: Flask) -> None:
    with transaction():
        event = r.scored_event(["80", "90"])
    with pytest.raises(RuleBroken, match="not published"), transaction():
        services.queue_batch(event, by=BY, at=NOON)


def test_every_reason_against_a_certificate_is_named_at_once(app: Flask) -> None:
    with transaction():
        event = r.published_event(["80", "90", "70", "60", "50"])
        stranger = workers.worker("外人")
    line, _ = a.awarded_line(event, position=4)
    with pytest.raises(RuleBroken) as refused, transaction():
        services.issue_certificate(line, stranger, by=BY, at=NOON)
    said = " ".join(map(str, refused.value.sentences))
    assert "no award" in said and "not in the entrant" in said


def test_a_person_has_one_valid_certificate_of_an_event(app: Flask) -> None:
    with transaction():
        made = a.certificate()
    line, worker = a.awarded_line(made.event)
    with pytest.raises(RuleBroken, match="already has"), transaction():
        services.issue_certificate(line, worker, by=BY, at=NOON)


def test_a_character_no_font_has_is_refused_before_anything_is_issued(app: Flask) -> None:
    with transaction():
        event = competitions.open_event(rule_set=r.one_mark_rules())
        rare = workers.worker("王𱍐", employer=registration.workshop_of(event.competition.host))
        registration.approved(event, rare)
        r.begin_marking(event)
        r.mark(event, lambda *_: "80")
        r.close(event)
        r.published(event)
    line, worker = a.awarded_line(event)
    with pytest.raises(RuleBroken, match=r"𱍐 \(U\+31350\)"), transaction():
        services.issue_certificate(line, worker, by=BY, at=NOON)


def test_a_batch_issues_what_is_missing_and_nothing_twice(app: Flask) -> None:
    with transaction():
        event = r.published_event(["80", "90", "70", "60"])
        organiser = actor_of(r.organiser(event))
    with transaction():
        a.certificate(event)
    with transaction():
        operation = services.queue_batch(event, by=organiser, at=NOON)
        assert services.queue_batch(event, by=organiser, at=NOON).id == operation.id
    runner.run_due(app)
    session.expire_all()
    assert operation.state == OperationState.DONE and operation.done == operation.total == 2
    assert "2 certificates" in str(view_of(operation).sentence)
    issued = queries.certificates_page(event, page=1, size=50)[0]
    assert [each.snapshot["place"] for each in issued] == [1, 2, 3]
    assert {each.issued_by for each in issued[1:]} == {organiser.account_id}
    with pytest.raises(RuleBroken, match="already has"), transaction():
        services.queue_batch(event, by=organiser, at=NOON)


def test_a_batch_goes_on_without_the_one_that_cannot_be_printed(app: Flask) -> None:
    with transaction():
        event = competitions.open_event(rule_set=r.one_mark_rules())
        for name in ("王建国", "王𱍐"):
            employer = registration.workshop_of(event.competition.host)
            registration.approved(event, workers.worker(name, employer=employer))
        r.begin_marking(event)
        r.mark(event, lambda entry, *_: str(90 - entry))
        r.close(event)
        r.published(event)
    with transaction():
        operation = services.queue_batch(event, by=BY, at=NOON)
    runner.run_due(app)
    session.expire_all()
    assert operation.result["issued"] == 1
    assert "U+31350" in str(view_of(operation).sentence)


def test_each_of_a_pair_receives_a_certificate_that_names_the_other(app: Flask) -> None:
    with transaction():
        event = competitions.open_event(rule_set=r.one_mark_rules(), team_size=2)
        employer = registration.workshop_of(event.competition.host)
        pair = [workers.worker(name, employer=employer) for name in ("王芳", "李𬭊")]
        registration.approved(event, *pair)
        r.begin_marking(event)
        r.mark(event, lambda *_: "80")
        r.close(event)
        r.published(event)
    with transaction():
        services.queue_batch(event, by=BY, at=NOON)
    runner.run_due(app)
    session.expire_all()
    partners = {
        each.snapshot["name"]: each.snapshot["partners"]
        for each in queries.certificates_page(event, page=1, size=9)[0]
    }
    assert partners == {"王芳": ["李𬭊"], "李𬭊": ["王芳"]}


def test_a_revoked_certificate_says_so_and_is_not_issued_again_by_a_batch(app: Flask) -> None:
    with transaction():
        made = a.certificate()
        a.certificate(made.event, position=1)
    with transaction():
        services.revoke_certificate(made, reason="冒名顶替", by=BY, at=NOON)
    assert verdict(made) is Verdict.REVOKED
    assert facts_about(made) == ["certificates.issued", "certificates.revoked"]
    with pytest.raises(RuleBroken, match="already has"), transaction():
        services.queue_batch(made.event, by=BY, at=NOON)
    with pytest.raises(RuleBroken, match="no longer valid"), transaction():
        services.revoke_certificate(made, reason="再次", by=BY, at=NOON)


def test_a_reason_is_needed(app: Flask) -> None:
    with transaction():
        made = a.certificate()
    for service in (services.revoke_certificate, services.reissue_certificate):
        with pytest.raises(RuleBroken, match="reason"), transaction():
            service(made, reason="  ", by=BY, at=NOON)
    assert made.status == CertificateStatus.VALID


def test_a_replaced_certificate_and_the_new_one_name_each_other(app: Flask) -> None:
    with transaction():
        former = a.certificate()
    with transaction():
        made = services.reissue_certificate(former, reason="姓名有误", by=BY, at=NOON)
    assert former.replaced_by_id == made.id and made.snapshot["replaces"] == former.number
    assert queries.replaced_by_this(made) is former and made.number != former.number
    answer = presenters.answer_for(former, at=NOON, knows_the_name=False)
    assert answer.verdict is Verdict.CORRECTED and made.number in str(answer.because)
    assert verdict(made) is Verdict.VALID


def test_a_certificate_rests_on_its_revision_when_the_result_is_corrected(app: Flask) -> None:
    with transaction():
        event = r.published_event(["80", "90", "70"])
        first, third = a.certificate(event), a.certificate(event, position=2)
    with transaction():
        r.correct(event, r.entrant(event, 1), "95")
        r.published(event, reason="抄写错误")
    assert verdict(first) is Verdict.CORRECTED
    answer = presenters.answer_for(third, at=NOON, knows_the_name=False)
    assert answer.verdict is Verdict.VALID and answer.shown
    assert "earlier revision" in str(answer.shown.notes[0])
    with transaction():
        made = services.reissue_certificate(first, reason="成绩更正", by=BY, at=NOON)
    assert made.snapshot["place"] == 2 and made.snapshot["revision"]["number"] == 2


def test_number_and_name_together_find_a_certificate(app: Flask) -> None:
    with transaction():
        made = a.certificate()
    assert queries.by_number_and_name(made.number.lower(), f" {made.worker.name} ") is made
    assert queries.by_number_and_name(made.number, "别人") is None
    assert queries.by_number_and_name(made.number, "") is None
    assert queries.by_verification_id(made.verification_id.lower()) is made


def test_what_was_issued_cannot_be_changed_in_the_database(app: Flask) -> None:
    with transaction():
        made = a.certificate()
    with pytest.raises(DatabaseError), transaction():
        session.execute(
            update(Certificate).where(Certificate.id == made.id).values(snapshot={"name": "别人"})
        )


def test_an_altered_certificate_is_neither_shown_nor_drawn(app: Flask) -> None:
    with transaction():
        made = a.certificate()
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER keep_certificate_update"))
        else:
            session.execute(text("ALTER TABLE certificate DISABLE TRIGGER USER"))
        changed = {**made.snapshot, "name": "别人"}
        session.execute(update(Certificate).where(Certificate.id == made.id).values(snapshot=changed))
    assert verdict(made) is Verdict.UNKNOWN
    with pytest.raises(RuleBroken, match="altered"):
        queries.snapshot_of(made)


def test_misses_are_counted_by_minute_and_address(app: Flask) -> None:
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2"):
        with transaction():
            services.count_miss(address, at=NOON)
    assert queries.misses_now("10.0.0.1", NOON) == 2
    assert queries.misses_now("10.0.0.2", NOON) == 1
