"""What follows a published result: certificates for everybody who won one, promotions for who may rise."""

from datetime import datetime, timedelta

from competition.accounts.queries import account_by_username, actor_of
from competition.certificates.queries import count_without_certificate
from competition.certificates.services import queue_batch
from competition.competitions.models import Event
from competition.competitions.queries import competition_by_code, feeders_of
from competition.promotions.models import CaseState
from competition.promotions.queries import cases_of_event, starter_table, table_in_force
from competition.promotions.services import apply_for, approve_case, issue_case, open_cases, publish_table
from competition.results.queries import final_revision
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState
from competition.transactions import transaction

PROVINCE_CODE = "JS-2026"


def actor(username: str) -> Actor:
    account = account_by_username(username)
    assert account is not None
    return actor_of(account)


def published_events() -> list[Event]:
    """The province's published events and those of the enterprises below them."""
    province = competition_by_code(PROVINCE_CODE)
    assert province is not None
    upper = [event for event in province.events if event.state is EventState.PUBLISHED]
    lower = [below for event in upper for below in feeders_of(event)]
    return upper + [event for event in lower if event.state is EventState.PUBLISHED]


def queue_certificates(at: datetime) -> None:
    """Queue one batch for every published event with somebody whose certificate is missing."""
    for event in published_events():
        revision = final_revision(event)
        if revision is not None and count_without_certificate(revision):
            with transaction():
                queue_batch(event, by=actor("organiser"), at=at)


def promote(at: datetime) -> None:
    """Publish the province's table, open the cases of its welding event, and take the first ones on, once."""
    province = competition_by_code(PROVINCE_CODE)
    assert province is not None
    event = next(event for event in province.events if event.code == "W")
    authority = province.host
    organiser, officer = actor("organiser"), actor("promotion")
    if table_in_force(authority, at.date()) is None:
        with transaction():
            publish_table(
                authority, document=starter_table("province"), by=officer, at=at - timedelta(days=300)
            )
    if cases_of_event(event):
        return
    with transaction():
        open_cases(event, by=organiser, at=at)
    cases = [case for case in cases_of_event(event) if case.state is CaseState.ELIGIBLE]
    for number, case in enumerate(cases[:3]):
        with transaction():
            apply_for(case, by=organiser, at=at + timedelta(seconds=1))
        if number < 2:
            with transaction():
                approve_case(
                    case,
                    by=officer,
                    at=at + timedelta(seconds=2),
                    document_number=f"苏人社职鉴〔2026〕{number + 1}号",
                )
        if number < 1:
            with transaction():
                issue_case(case, by=officer, at=at + timedelta(seconds=3))
