"""Promotions: tables, what awards lead to, cases from eligible to issued; on both databases."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.certificates.services import reissue_certificate, revoke_certificate
from competition.database import session
from competition.errors import NotFound, RuleBroken
from competition.promotions import queries, services
from competition.promotions.models import CaseState
from competition.rules.access import Permission
from competition.rules.grades import Grade
from competition.rules.promotion import table_problems
from competition.transactions import transaction
from competition.workers.queries import grade_history
from tests.builders import organisations, workers
from tests.builders import promotions as a
from tests.conftest import NOON

BY = system_actor()
LATER = NOON + timedelta(days=3)


def kinds() -> list[str]:
    return list(session.scalars(select(AuditEntry.kind)))


@pytest.mark.parametrize("starter", queries.starters(), ids=lambda one: one.name)
def test_the_starter_tables_have_no_problem(app: Flask, starter: queries.Starter) -> None:
    assert table_problems(starter.document) == ()
    assert "确认" in starter.document["source"]


def test_a_wrong_table_is_refused_with_every_place(app: Flask) -> None:
    with transaction(), pytest.raises(RuleBroken) as refused:
        a.table(organisations.province(), valid_from="soon", rows=[])
    assert {str(one).split(":")[0] for one in refused.value.sentences} == {"/valid_from", "/rows"}


def test_the_same_table_is_not_published_twice(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        a.table(host)
        with pytest.raises(RuleBroken, match="already"):
            a.table(host)


def test_the_table_of_the_nearest_organisation_counts_and_of_several_the_newest(app: Flask) -> None:
    with transaction():
        nation, province, city, plant, _ = organisations.chain()
        a.table(nation)
        a.table(province, title="旧表", valid_from="2024-01-01")
        newer = a.table(province, title="新表", valid_from="2025-01-01")
        a.table(province, title="明年的表", valid_from="2027-01-01")
        a.table(city, title="过期的表", valid_until="2025-12-31")
    assert queries.table_in_force(plant, date(2026, 6, 1)) == newer


def test_without_a_table_nothing_opens_and_the_reason_is_said(app: Flask) -> None:
    with transaction():
        event = a.province_event(with_table=False)
        a.certified(event)
        assert services.open_cases(event, by=BY, at=NOON) == []
    assert "Publish one first" in str(queries.verdicts_of(event)[0].reasons[0])


def test_certificates_that_lead_to_a_grade_get_a_case_once(app: Flask) -> None:
    with transaction():
        event = a.province_event("80", "90", "70")
        a.certified(event)
        opened = services.open_cases(event, by=BY, at=NOON)
        again = services.open_cases(event, by=BY, at=NOON)
    assert [(case.target, case.grade_before, case.state) for case in opened] == [
        (Grade.SENIOR, None, CaseState.ELIGIBLE)
    ] * 3
    assert again == []
    assert kinds().count("promotions.case_opened") == 3


def test_the_grade_held_before_the_contest_decides(app: Flask) -> None:
    with transaction():
        event = a.province_event()
        winner, second = a.certified(event)
        a.holds(winner.worker, Grade.SENIOR)
        a.holds(second.worker, Grade.SENIOR_TECHNICIAN)
        (case,) = services.open_cases(event, by=BY, at=NOON)
    assert (case.worker, case.grade_before, case.target) == (winner.worker, Grade.SENIOR, Grade.TECHNICIAN)
    refused = next(one for one in queries.verdicts_of(event) if one.case is None)
    assert "no higher grade" in str(refused.reasons[-1])


def test_a_grade_recorded_late_changes_a_case_nobody_has_applied_for(app: Flask) -> None:
    with transaction():
        case = a.case()
        a.holds(case.worker, Grade.SENIOR)
        services.open_cases(case.certificate.event, by=BY, at=NOON)
    assert (case.grade_before, case.target) == (Grade.SENIOR, Grade.TECHNICIAN)
    assert "promotions.case_decided_again" in kinds()


def test_a_grade_of_another_occupation_is_not_held(app: Flask) -> None:
    with transaction():
        event = a.province_event()
        winner = a.certified(event)[0]
        workers.occupation()
        a.services.record_grade(
            winner.worker, occupation_code="6-31-01-03", grade=Grade.SENIOR, effective_on=date(2020, 1, 1),
            source="declared", by=BY, at=NOON,
        )  # fmt: skip
        opened = services.open_cases(event, by=BY, at=NOON)
    assert opened[0].grade_before is None


def test_approval_writes_the_grade_with_its_document(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        case = a.applied(a.organiser(host), a.province_event(host=host))
        services.approve_case(case, document_number=" 甘人社〔2026〕7号 ", by=a.officer(host), at=LATER)
    line = grade_history(case.worker)[0]
    assert (line.grade, line.source, line.source_id) == (Grade.SENIOR, "promotion", case.id)
    assert (line.document_number, line.effective_on) == ("甘人社〔2026〕7号", date(2026, 6, 4))
    assert (case.grade_record, case.worker.grade) == (line, Grade.SENIOR)


def test_the_applicant_cannot_approve(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        officer = a.officer(host)
        case = a.applied(officer, a.province_event(host=host))
        with pytest.raises(RuleBroken, match="Somebody else"):
            services.approve_case(case, document_number="7", by=officer, at=LATER)


def test_an_approval_needs_its_document(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        case = a.applied(a.organiser(host), a.province_event(host=host))
        with pytest.raises(RuleBroken, match="number of the approval"):
            services.approve_case(case, document_number=" ", by=a.officer(host), at=LATER)


def test_a_grade_reached_meanwhile_is_asked_for_at_the_approval(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        case = a.applied(a.organiser(host), a.province_event(host=host))
        a.holds(case.worker, Grade.SENIOR, since=LATER.date())
        with pytest.raises(RuleBroken, match="no longer lead to"):
            services.approve_case(case, document_number="7", by=a.officer(host), at=LATER)


def test_a_second_promotion_in_the_same_calendar_year_is_refused(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        case = a.applied(a.organiser(host), a.province_event(host=host))
        services.approve_case(case, document_number="7", by=a.officer(host), at=LATER)
        records = queries._records_of([case.worker_id])[case.worker_id]
    assert queries._years_of_promotions(records, but=None) == {2026}
    assert queries._years_of_promotions(records, but=case) == frozenset()


def test_a_revoked_certificate_blocks_the_approval(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        case = a.applied(a.organiser(host), a.province_event(host=host))
        revoke_certificate(case.certificate, reason="申诉成立", by=BY, at=LATER)
        with pytest.raises(RuleBroken, match="was revoked"):
            services.approve_case(case, document_number="7", by=a.officer(host), at=LATER)


def test_a_case_follows_the_certificate_that_replaced_its_own(app: Flask) -> None:
    with transaction():
        case = a.case()
        made = reissue_certificate(case.certificate, reason="姓名更正", by=BY, at=LATER)
        assert services.open_cases(made.event, by=BY, at=LATER) == []
    assert case.certificate == made


def test_a_case_goes_from_eligible_to_issued_step_by_step(app: Flask) -> None:
    with transaction():
        host = organisations.province()
        officer, case = a.officer(host), a.applied(a.organiser(host), a.province_event(host=host))
        services.approve_case(case, document_number="7", by=officer, at=LATER)
        services.issue_case(case, by=officer, at=LATER)
    assert [step.after for step in queries.steps_of(case)] == ["eligible", "applied", "approved", "issued"]
    assert "promotions.case_issued" in kinds()


def test_steps_out_of_order_are_refused(app: Flask) -> None:
    with transaction():
        case = a.case()
        for step in (
            lambda: services.issue_case(case, by=BY, at=LATER),
            lambda: services.approve_case(case, document_number="7", by=BY, at=LATER),
        ):
            with pytest.raises(RuleBroken, match="May be applied for"):
                step()


def test_a_rejection_is_final_and_carries_its_reason(app: Flask) -> None:
    with transaction():
        case = a.case()
        services.reject_case(case, reason="不符合推荐条件", by=BY, at=LATER)
        assert case not in services.open_cases(case.certificate.event, by=BY, at=LATER)
        with pytest.raises(RuleBroken):
            services.apply_for(case, by=BY, at=LATER)
    assert queries.steps_of(case)[-1].reason == "不符合推荐条件"


def test_only_the_authority_of_the_table_approves(app: Flask) -> None:
    with transaction():
        nation, province, *_ = organisations.chain()
        a.table(nation)
        case = a.case(a.province_event(host=province, with_table=False))
        above, beside = a.officer(nation), a.officer(province, "other")
    assert queries.case_for(above, case.id, Permission.PROMOTIONS_CASE_APPROVE) == case
    with pytest.raises(NotFound):
        queries.case_for(beside, case.id, Permission.PROMOTIONS_CASE_APPROVE)


def test_a_worker_sees_and_applies_for_the_own_case_only(app: Flask) -> None:
    with transaction():
        event = a.province_event()
        a.certified(event)
        case, other = services.open_cases(event, by=BY, at=NOON)
        own = a.actor_of(workers.account_of(case.worker, "zhang"))
        stranger = a.actor_of(workers.account_of(other.worker, "li"))
    assert queries.case_for(own, case.id, Permission.PROMOTIONS_CASE_APPLY) == case
    with pytest.raises(NotFound):
        queries.case_seen_by(stranger, case.id)


def test_the_list_shows_what_the_roles_reach(app: Flask) -> None:
    with transaction():
        host, elsewhere = (
            organisations.province(),
            organisations.province(name="四川省", division_code="510000"),
        )
        case = a.case(a.province_event(host=host))
        here, there = a.organiser(host), a.organiser(elsewhere, "far")
    wanted = queries.CaseFilter(CaseState.ELIGIBLE, case.worker.name)
    assert case in queries.cases_page(here, wanted, page=1, size=10)[0]
    assert queries.cases_page(there, queries.CaseFilter(), page=1, size=10) == ([], 0)
