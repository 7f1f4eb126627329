"""Judges and panels for tests, made by the services."""

from itertools import count
from typing import Any

from competition.accounts.models import Account
from competition.accounts.services import open_account, system_actor
from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.organisations.models import Organisation
from competition.panels import queries, services
from competition.panels.models import Judge, Seat, SeatKind
from tests.conftest import NOON

_numbers = count(1)
PASSWORD = "correct horse battery"


def account(name: str = "陈裁判") -> Account:
    """An account with a password that need not be changed first."""
    return open_account(
        username=f"judge{next(_numbers):04d}",
        name=name,
        password=PASSWORD,
        must_change=False,
        by=system_actor(),
        at=NOON,
    )


def judge(name: str = "陈裁判", *, of: Organisation | None = None) -> Judge:
    """A judge of an organisation, or of none."""
    return services.register_judge(account(name), organisation=of, by=system_actor(), at=NOON)


def seat(of: Event, module: str, label: str, holder: Judge | None = None) -> Seat:
    """A seat taken: J1 by the lead, J2 … by members, A1 … by alternates, S1 … by shadows."""
    beside = {"A": SeatKind.ALTERNATE, "S": SeatKind.SHADOW}
    kind = beside.get(label[0], SeatKind.LEAD if label == "J1" else SeatKind.MEMBER)
    return services.assign_seat(
        of, module=module, label=label, kind=kind, judge=holder or judge(), by=system_actor(), at=NOON
    )


def chief(of: Event, name: str = "郑裁判长") -> Account:
    """A chief judge of the event."""
    made = account(name)
    services.appoint_chief(of, made, by=system_actor(), at=NOON)
    return made


def full_panels(of: Event, **details: Any) -> list[Judge]:
    """Every seat of every module taken by the same neutral judges, and a chief judge; the judges J1, J2 … in order."""
    sizes = {module.id: queries.panel_size(module) for module in modules_of(rule_set_of(of))}
    judges = [
        judge(f"裁判{number}", **details)
        for number in range(1, max(size.seats for size in sizes.values()) + 1)
    ]
    for module, size in sizes.items():
        for label, holder in zip(size.labels, judges, strict=False):
            seat(of, module, label, holder)
    if not queries.chiefs_of(of):
        chief(of)
    return judges
