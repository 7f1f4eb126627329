"""Who may enter, in words: the conditions of eligibility of a rule set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from competition.rules.eligibility import Effect, WorkerStatus
from competition.rules.grades import Grade
from competition.rules.sentences import Sentence, sentence
from competition.web.language import say


@dataclass(frozen=True)
class ConditionLine:
    """One condition; `parts` are alternatives, `no_award` means that failing it only costs the award."""

    sentence: Sentence
    parts: tuple["ConditionLine", ...]
    no_award: bool


def condition_lines(conditions: Iterable[Mapping[str, Any]]) -> tuple[ConditionLine, ...]:
    """The conditions of a sound rule set, in its order."""
    return tuple(_line(condition) for condition in conditions)


def _line(condition: Mapping[str, Any]) -> ConditionLine:
    kind = condition["kind"]
    parts = condition_lines(condition["conditions"]) if kind == "any" else ()
    return ConditionLine(_WORDS[kind](condition), parts, condition.get("effect") == Effect.NO_AWARD)


def _age(condition: Mapping[str, Any]) -> Sentence:
    if "on" in condition:
        low, high, on = condition.get("min"), condition.get("max"), condition["on"]
        if low is None:
            return sentence("At most %(high)s years old on %(on)s", high=high, on=on)
        if high is None:
            return sentence("At least %(low)s years old on %(on)s", low=low, on=on)
        return sentence("From %(low)s to %(high)s years old on %(on)s", low=low, high=high, on=on)
    first, last = condition.get("min_birth"), condition.get("max_birth")
    if first is None:
        return sentence("Born on %(last)s or earlier", last=last)
    if last is None:
        return sentence("Born on %(first)s or later", first=first)
    return sentence("Born from %(first)s to %(last)s", first=first, last=last)


def _grade(condition: Mapping[str, Any]) -> Sentence:
    low, high = (Grade(condition[key]).label if key in condition else None for key in ("at_least", "at_most"))
    if low is None:
        span = sentence("Grade at most: %(high)s", high=high)
    elif high is None:
        span = sentence("Grade at least: %(low)s", low=low)
    else:
        span = sentence("Grade from %(low)s to %(high)s", low=low, high=high)
    if "held_years" not in condition:
        return span
    return sentence(
        "%(grade)s, held for %(years)s years on %(on)s",
        grade=span,
        years=condition["held_years"],
        on=condition["on"],
    )


def _years(condition: Mapping[str, Any]) -> Sentence:
    return sentence("At least %(years)s years in the occupation", years=condition["min"])


def _status(condition: Mapping[str, Any]) -> Sentence:
    labels = " / ".join(say(WorkerStatus(status).label) for status in condition["any_of"])
    return sentence("Is at work as: %(statuses)s", statuses=labels)


def _employer(condition: Mapping[str, Any]) -> Sentence:
    where = condition.get("organisation") or condition.get("division")
    return sentence("Employed within %(where)s", where=where)


def _occupation(condition: Mapping[str, Any]) -> Sentence:
    return sentence("Occupation: %(codes)s", codes=", ".join(condition["any_of"]))


def _honour(condition: Mapping[str, Any]) -> Sentence:
    return sentence("Does not hold: %(honours)s", honours=", ".join(condition["any_of"]))


def _one_event(_condition: Mapping[str, Any]) -> Sentence:
    return sentence("Enters one event of the competition only")


def _certificate(condition: Mapping[str, Any]) -> Sentence:
    names = ", ".join(condition["any_of"])
    if "on" in condition:
        return sentence("Holds, valid on %(on)s: %(names)s", names=names, on=condition["on"])
    return sentence("Holds: %(names)s", names=names)


def _any(_condition: Mapping[str, Any]) -> Sentence:
    return sentence("Meets at least one of these:")


_WORDS = {
    "age": _age,
    "grade": _grade,
    "years_in_occupation": _years,
    "worker_status": _status,
    "employer_within": _employer,
    "occupation": _occupation,
    "not_holding_honour": _honour,
    "one_event_per_competition": _one_event,
    "certificate_held": _certificate,
    "any": _any,
}
