"""Competitions and events for tests, made by the services."""

from datetime import date
from itertools import count
from typing import Any

from competition.accounts.services import system_actor
from competition.competitions import queries, services
from competition.competitions.models import Competition, CompetitionClass, Event, Group, Tier
from competition.organisations.models import Organisation
from competition.rules.lifecycle import Move
from tests.builders import organisations, workers
from tests.builders.once import built_once
from tests.conftest import NOON

_numbers = count(1)


def rule_set(name: str = "workshop", **parts: Any) -> dict[str, Any]:
    """A starter's document, with some of its parts replaced (None leaves a part out); nobody is barred."""
    document = {**queries.starter(name), "eligibility": [], **parts}
    return {key: value for key, value in document.items() if value is not None}


def competition(
    host: Organisation | None = None,
    *,
    tier: Tier = Tier.ENTERPRISE,
    name: str = "第一届职工职业技能竞赛",
    **changes: Any,
) -> Competition:
    """A competition of a host (a new enterprise when none is given)."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"QS-{number:04d}",
        "name": name,
        "name_en": "First skills competition",
        "tier": tier,
        "competition_class": CompetitionClass.NONE if tier == Tier.ENTERPRISE else CompetitionClass.SECOND,
        "host": host or organisations.enterprise(),
        "edition": 1,
        "starts_on": date(2026, 6, 10),
        "ends_on": date(2026, 6, 12),
    }
    return services.open_competition(**{**values, **changes}, by=system_actor(), at=NOON)


@built_once
def event(of: Competition | None = None, *, code: str = "W01", **changes: Any) -> Event:
    """A draft event of a competition, for single welders, with the workshop's rule set."""
    values: dict[str, Any] = {
        "code": code,
        "name": "焊接",
        "name_en": "Welding",
        "group": Group.WORKER,
        "team_size": 1,
        "rule_set": rule_set(),
    }
    values["occupation"] = changes.pop("occupation", None) or workers.welder()
    return services.open_event(of or competition(), **{**values, **changes}, by=system_actor(), at=NOON)


@built_once
def open_event(of: Competition | None = None, **changes: Any) -> Event:
    """An event that takes entries."""
    made = event(of, **changes)
    services.move_event(made, Move.OPEN_REGISTRATION, by=system_actor(), at=NOON)
    return made
