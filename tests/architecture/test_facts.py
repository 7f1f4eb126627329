"""Every fact says itself, in both languages, and can be read back."""

import dataclasses
import importlib
from importlib.util import find_spec
from uuid import UUID

import pytest

from competition.audit.facts import Fact, kinds, read_fact
from competition.audit.presenters import AREAS
from competition.rooms import FEATURES, OTHERS

for room in (*OTHERS, *FEATURES):
    if find_spec(f"competition.{room}.facts"):
        importlib.import_module(f"competition.{room}.facts")

HERE = UUID(int=7)


def example(kind: type[Fact]) -> Fact:
    values = {}
    for field in dataclasses.fields(kind):
        if field.name in ("event_id", "subject_id"):
            values[field.name] = HERE
        else:
            values[field.name] = EXAMPLES.get(
                f"{kind.kind}.{field.name}", EXAMPLES.get(field.name, by_type(field.type))
            )
    return kind(**values)


def by_type(annotation: object) -> object:
    text = str(annotation)
    if "bool" in text:
        return True
    if "int" in text:
        return 3
    if "list" in text or "tuple" in text:
        return []
    if "dict" in text or "Mapping" in text:
        return {}
    return "example"


EXAMPLES: dict[str, object] = {
    "appeals.appeal_moved.move": "receive",
    "appeals.part_held_again.outcome": "statement",
    "floor.logged.entry": "start",
    "effect": "none",
    "role": "judge",
    "ruling": "upheld",
    "sort": "appeal",
    "move": "draw",
    "before": "drawn",
    "after": "scoring",
    "grade": "senior",
    "target": "technician",
    "state": "approved",
}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in kinds().values() if kind.__module__.startswith("competition.")],
    ids=lambda kind: kind.kind,
)
def test_a_fact_says_itself_and_comes_back_from_its_payload(kind):
    fact = example(kind)
    assert str(fact.sentence())
    assert read_fact(kind.kind, HERE, HERE, fact.payload()) == fact


def test_the_page_of_the_record_knows_every_room_that_writes_facts():
    rooms = {
        kind.kind.partition(".")[0] for kind in kinds().values() if kind.__module__.startswith("competition.")
    }
    assert rooms == set(AREAS)
