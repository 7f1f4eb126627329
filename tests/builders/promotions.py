"""Promotion tables and cases for tests, made by the services."""

from datetime import date
from typing import Any

from competition.accounts.queries import actor_of
from competition.accounts.services import grant_role, open_account, system_actor
from competition.certificates.models import Certificate
from competition.competitions.models import Event, Tier
from competition.organisations.models import Organisation
from competition.promotions import queries, services
from competition.promotions.models import PromotionCase, PromotionTable
from competition.results.queries import lines_of, released_revision
from competition.rules.access import Actor, Role, ScopeKind
from competition.rules.grades import Grade
from competition.workers.models import Worker
from competition.workers.services import DECLARED, record_grade
from tests.builders import certificates, competitions, organisations, results
from tests.builders.once import built_once
from tests.conftest import NOON

PASSWORD = "correct horse battery"


def table(authority: Organisation, **changes: Any) -> PromotionTable:
    """The example of a province, with some of its parts replaced."""
    document = {**queries.starter_table("province"), **changes}
    return services.publish_table(authority, document=document, by=system_actor(), at=NOON)


@built_once
def province_event(*totals: str, host: Organisation | None = None, with_table: bool = True) -> Event:
    """A published event of class II of a province that has a table: the first six places lead to senior worker."""
    host = host or organisations.province()
    if with_table:
        table(host)
    held = competitions.competition(host, tier=Tier.PROVINCE)
    return results.published_event(list(totals or ("80", "90")), of=held)


def certified(event: Event) -> list[Certificate]:
    """Certificates for every line with an award."""
    revision = released_revision(event)
    assert revision is not None
    positions = [number for number, line in enumerate(lines_of(revision)) if line.award]
    return [certificates.certificate(event, position=position) for position in positions]


@built_once
def case(event: Event | None = None) -> PromotionCase:
    """The winner's case, which nobody has applied for."""
    event = event or province_event()
    certified(event)
    return services.open_cases(event, by=system_actor(), at=NOON)[0]


def applied(by: Actor, event: Event | None = None) -> PromotionCase:
    return services.apply_for(case(event), by=by, at=NOON)


def person(username: str, name: str, role: Role, place: Organisation) -> Actor:
    """Somebody with a role for an organisation and everything below it."""
    account = open_account(
        username=username, name=name, password=PASSWORD, must_change=False, by=system_actor(), at=NOON
    )
    grant_role(
        account,
        role=role,
        scope_kind=ScopeKind.ORGANISATION,
        scope_id=place.id,
        path=place.path,
        by=system_actor(),
        at=NOON,
    )
    return actor_of(account)


def officer(place: Organisation, username: str = "feng") -> Actor:
    return person(username, "冯认定", Role.PROMOTION_OFFICER, place)


def organiser(place: Organisation, username: str = "he") -> Actor:
    return person(username, "何组委", Role.ORGANISER, place)


def holds(worker: Worker, grade: Grade, since: date = date(2020, 1, 1)) -> None:
    """A grade of the worker's own occupation, declared."""
    record_grade(
        worker,
        occupation_code=worker.occupation_code,
        grade=grade,
        effective_on=since,
        source=DECLARED,
        by=system_actor(),
        at=NOON,
    )
