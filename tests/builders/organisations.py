"""Organisations for tests, made by the service: valid codes, no two alike."""

from itertools import count

from competition.accounts.services import system_actor
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.services import open_organisation
from competition.rules.identity import credit_check_character
from tests.builders.once import built_once
from tests.conftest import NOON

_numbers = count(1)


def credit_code(number: int) -> str:
    """A valid credit code of an enterprise in Lanzhou."""
    first = f"91620100{number:09d}"
    return first + credit_check_character(first)


def nation(name: str = "全国") -> Organisation:
    return _open(OrganisationKind.NATION, name, None, division_code="100000", name_en="China")


def province(
    parent: Organisation | None = None, name: str = "甘肃省", division_code: str = "620000"
) -> Organisation:
    return _open(OrganisationKind.PROVINCE, name, parent, division_code=division_code)


def city(
    parent: Organisation | None = None, name: str = "兰州市", division_code: str = "620100"
) -> Organisation:
    return _open(OrganisationKind.CITY, name, parent, division_code=division_code)


def enterprise(parent: Organisation | None = None, name: str | None = None) -> Organisation:
    """An enterprise with a credit code nobody else has."""
    number = next(_numbers)
    return _open(
        OrganisationKind.ENTERPRISE, name or f"第{number}机械厂", parent, credit_code=credit_code(number)
    )


def workshop(parent: Organisation, name: str = "焊接车间") -> Organisation:
    return _open(OrganisationKind.WORKSHOP, name, parent)


@built_once
def chain() -> tuple[Organisation, Organisation, Organisation, Organisation, Organisation]:
    """Nation, province, city, enterprise and workshop, each below the one before."""
    top = nation()
    below = province(top)
    town = city(below)
    plant = enterprise(town)
    return top, below, town, plant, workshop(plant)


def _open(
    kind: OrganisationKind,
    name: str,
    parent: Organisation | None,
    *,
    division_code: str | None = None,
    credit_code: str | None = None,
    name_en: str = "",
) -> Organisation:
    return open_organisation(
        kind=kind,
        name=name,
        name_en=name_en,
        parent=parent,
        division_code=division_code,
        credit_code=credit_code,
        by=system_actor(),
        at=NOON,
    )
