"""Categories of entrants: which ones a rule set asks for, and which the records of people answer.

Source: docs/sources.md, domain §8.3 (honours by status, sex and age: worker, student; 巾帼; youth at most 35 years old). A pair
or a team is of a category when all its members are. Only what a rule set names is ever looked up: the categories stand in
the contest document, and what nobody asks for has no place there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from competition.rules.eligibility import WorkerStatus
from competition.rules.identity import Sex
from competition.rules.ruleset import RuleSet

WOMAN = "woman"
YOUTH = "youth"
OLDEST_YOUTH = 35
KNOWN = frozenset({*(status.value for status in WorkerStatus), WOMAN, YOUTH})


@dataclass(frozen=True, slots=True)
class Person:
    """What the record of a member says."""

    status: WorkerStatus
    sex: Sex | None
    born: date | None


def categories_asked(rules: RuleSet) -> frozenset[str]:
    """The categories that honours, balances and advancement of this rule set name."""
    by_honours = (name for honour in rules.honours for name in (*honour.categories, *honour.not_categories))
    by_balances = (name for balance in rules.balances for name in balance.categories)
    by_places = (name for places in rules.advancement.categories for name in places.categories)
    by_quotas = (row.category for row in rules.advancement.quotas if row.category is not None)
    return frozenset((*by_honours, *by_balances, *by_places, *by_quotas))


def categories_of(members: Iterable[Person], on: date, asked: Collection[str]) -> frozenset[str]:
    """Which of the categories asked for all members are of on this day; what a record does not say is not assumed."""
    found = [_of(member, on) for member in members]
    return frozenset.intersection(*found) & frozenset(asked) if found else frozenset()


def _of(person: Person, on: date) -> frozenset[str]:
    names = {person.status.value}
    if person.sex is Sex.FEMALE:
        names.add(WOMAN)
    if person.born is not None and _age(person.born, on) <= OLDEST_YOUTH:
        names.add(YOUTH)
    return frozenset(names)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
