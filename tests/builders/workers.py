"""Workers for tests, made by the service: valid numbers, no two alike."""

from datetime import date
from itertools import count
from typing import Any

from competition.accounts.models import Account
from competition.accounts.services import system_actor
from competition.organisations.models import Organisation
from competition.rules.grades import Grade
from competition.rules.identity import IdType, id_check_character
from competition.workers import queries
from competition.workers.models import Occupation, Worker
from competition.workers.services import give_account, open_occupation, register_worker
from tests.builders.organisations import enterprise
from tests.conftest import NOON

_numbers = count(1)


def id_number(number: int, born: date = date(1990, 5, 17)) -> str:
    """A valid resident ID number; odd numbers are men's."""
    first = f"620102{born:%Y%m%d}{number % 1000:03d}"
    return first + id_check_character(first)


def welder(ceiling: Grade = Grade.SENIOR_TECHNICIAN) -> Occupation:
    """The occupation of welders, opened when it is not there yet."""
    return occupation("6-18-02-04", "焊工", "Welder", ceiling)


def occupation(
    code: str = "6-31-01-03",
    name: str = "电工",
    name_en: str = "Electrician",
    ceiling: Grade = Grade.SENIOR_TECHNICIAN,
) -> Occupation:
    return queries.occupation_by_code(code) or open_occupation(
        code=code,
        name=name,
        name_en=name_en,
        catalogue_year=2022,
        ceiling=ceiling,
        by=system_actor(),
        at=NOON,
    )


def worker(name: str = "王建国", *, employer: Organisation | None = None, **details: Any) -> Worker:
    """A welder with a number nobody else has; every fact may be said otherwise."""
    number = next(_numbers)
    born = date(1980 + number // 1000 % 20, 1 + number // 20000 % 12, 17)
    details.setdefault("id_type", IdType.RESIDENT_ID)
    details.setdefault("id_number", id_number(number, born))
    details.setdefault("occupation", None)
    details["occupation"] = details["occupation"] or welder()
    return register_worker(
        name=name, employer=employer or enterprise(), by=system_actor(), at=NOON, **details
    )


def account_of(person: Worker, username: str, password: str = "correct horse battery") -> Account:
    """An account for the worker that need not change its password first."""
    return give_account(
        person, username=username, password=password, by=system_actor(), at=NOON, must_change=False
    )
