"""Categories of entrants: which ones there are, how a rule set asks for them, and which the records of people answer.

Source: docs/sources.md, domain §8.3 (honours by status, sex and age: worker, student; 巾帼; youth at most 35 years old). A pair
or a team is of a category when all its members are. Only what a rule set names is ever looked up: the categories stand in
the contest document, and what nobody asks for has no place there. Assumption: nobody puts people into a group of their
own; a contest document from elsewhere may name other groups, so a rule set with one stays readable.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from competition.rules.eligibility import WorkerStatus
from competition.rules.identity import Sex
from competition.rules.reading import SHOWN, Reader
from competition.rules.sentences import sentence

WOMAN = "woman"
YOUTH = "youth"
OLDEST_YOUTH = 35
KNOWN = (*(status.value for status in WorkerStatus), WOMAN, YOUTH)
"""Every category that the record of a person can answer, in the order in which people are offered them."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the record of a member says."""

    status: WorkerStatus
    sex: Sex | None
    born: date | None


def note_unknown(reader: Reader, key: str) -> None:
    """Note every category under this member (one, or a list of them) that no record answers: nobody would ever match."""
    named, path = reader.members.get(key), reader.at(key)
    places = [(path, named)]
    if isinstance(named, list | tuple):
        places = [(f"{path}/{index}", each) for index, each in enumerate(named)]
    for place, name in places:
        if isinstance(name, str) and name and name not in KNOWN:
            reader.notebook.note(
                place,
                sentence(
                    "“%(id)s” is no category that the records of people answer, so nobody would ever be in it. "
                    "Known: %(known)s.",
                    id=name[:SHOWN],
                    known=", ".join(KNOWN),
                ),
                is_idle=True,
            )


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
