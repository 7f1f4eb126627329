"""May this person enter this event, and may this person be rewarded: the rule set's part "eligibility".

Source: the entry clauses of contest notices (age by a date, grade held, years in the trade, worker status,
territorial entry, earlier honours, one event per person); every clause differs between contests, so it is
data: a JSON array of conditions. Every condition answers with its reason, passed or not. A fact nobody
knows is never taken as passed. Assumptions: an age is counted in full years on the named date; somebody
born on 29 February comes of age on 1 March.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from competition.rules.grades import Grade
from competition.rules.identity import division_code_problem, division_contains
from competition.rules.occupations import occupation_code_problem
from competition.rules.sentences import Sentence, sentence

Condition = Mapping[str, object]


class WorkerStatus(StrEnum):
    """What a person is at work."""

    WORKER = "worker"
    STUDENT = "student"
    TEACHER = "teacher"

    @property
    def label(self) -> Sentence:
        """The word for a form or a list."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    WorkerStatus.WORKER: sentence("Worker"),
    WorkerStatus.STUDENT: sentence("Student"),
    WorkerStatus.TEACHER: sentence("Teacher"),
}


class Effect(StrEnum):
    """What failing a condition means.

    No entry, or entry without honour and reward (the next places move up).
    """

    BAR = "bar"
    NO_AWARD = "no_award"


class Finding(StrEnum):
    """What a condition found."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ESTABLISHED = "not_established"


@dataclass(frozen=True)
class Candidate:
    """The facts about one person on which conditions decide. None always means: not known.

    An empty collection means: known that there is none. `employer_chain` holds the identifiers of the
    employer and of every organisation above it; `honours` and `certificates` use the names the rule set
    uses, `certificates` with the date of expiry (None: no expiry); `other_events` are the events of the
    same competition already entered.
    """

    birth_date: date | None = None
    grade: Grade | None = None
    grade_since: date | None = None
    has_no_grade: bool = False
    years_in_occupation: Decimal | int | None = None
    worker_status: WorkerStatus | None = None
    employer_chain: tuple[str, ...] | None = None
    employer_division: str | None = None
    occupation: str | None = None
    honours: frozenset[str] | None = None
    other_events: tuple[str, ...] | None = None
    certificates: Mapping[str, date | None] | None = None


@dataclass(frozen=True)
class Answer:
    """What one condition says about one candidate, and why."""

    condition: Condition
    finding: Finding
    effect: Effect
    sentence: Sentence

    @property
    def passed(self) -> bool:
        """Only an established fact that meets the condition passes."""
        return self.finding is Finding.MET


@dataclass(frozen=True)
class Eligibility:
    """The decision with the answer of every condition, in the order of the rule set."""

    eligible: bool
    award_eligible: bool
    answers: tuple[Answer, ...]

    @property
    def reasons(self) -> tuple[Sentence, ...]:
        """The sentences of the conditions that did not pass."""
        return tuple(answer.sentence for answer in self.answers if not answer.passed)


def check(conditions: Sequence[Condition], candidate: Candidate) -> Eligibility:
    """Decide entry and reward for one candidate. The conditions must be free of `condition_problems`."""
    answers = tuple(_answer(condition, candidate) for condition in conditions)
    barred = any(not answer.passed and answer.effect is Effect.BAR for answer in answers)
    unrewarded = any(not answer.passed for answer in answers)
    return Eligibility(eligible=not barred, award_eligible=not unrewarded, answers=answers)


def _answer(condition: Condition, candidate: Candidate) -> Answer:
    finding, reason = _KINDS[str(condition["kind"])].decide(condition, candidate)
    return Answer(condition, finding, Effect(str(condition.get("effect", Effect.BAR))), reason)


# --- the kinds of condition -----------------------------------------------------------------------

_Decision = tuple[Finding, Sentence]


def _met(reason: Sentence) -> _Decision:
    return Finding.MET, reason


def _not_met(reason: Sentence) -> _Decision:
    return Finding.NOT_MET, reason


def _unknown(reason: Sentence) -> _Decision:
    return Finding.NOT_ESTABLISHED, reason


def _date(condition: Condition, key: str) -> date | None:
    value = condition.get(key)
    return date.fromisoformat(str(value)) if value is not None else None


def _texts(condition: Condition, key: str = "any_of") -> tuple[str, ...]:
    value = condition.get(key, ())
    return tuple(str(item) for item in value) if isinstance(value, Sequence) else ()


def _number(condition: Condition, key: str) -> Decimal | None:
    value = condition.get(key)
    return Decimal(str(value)) if value is not None else None


def _grade(condition: Condition, key: str) -> Grade | None:
    value = condition.get(key)
    return Grade(str(value)) if value is not None else None


def _one_of(choices: Sequence[Sentence]) -> Sentence:
    """The choices as one sentence part: a, b or c."""
    if len(choices) == 1:
        return choices[0]
    if len(choices) == 2:
        return sentence("%(first)s or %(second)s", first=choices[0], second=choices[1])
    return sentence("%(first)s, %(others)s", first=choices[0], others=_one_of(choices[1:]))


def full_years(start: date, on: date) -> int:
    """Full years from `start` to `on`, as ages and waiting times are counted."""
    return on.year - start.year - ((on.month, on.day) < (start.month, start.day))


def _age(condition: Condition, candidate: Candidate) -> _Decision:
    born = candidate.birth_date
    if born is None:
        return _unknown(
            sentence(
                "The age cannot be established: the date of birth is missing. Enter it or the ID number."
            )
        )
    on = _date(condition, "on")
    if on is not None:
        return _age_on(on, born, _number(condition, "min"), _number(condition, "max"))
    earliest, latest = _date(condition, "min_birth"), _date(condition, "max_birth")
    if earliest is not None and born < earliest:
        return _not_met(
            sentence(
                "Born before %(earliest)s, the earliest date of birth allowed.",
                earliest=earliest,
            )
        )
    if latest is not None and born > latest:
        return _not_met(
            sentence(
                "Born after %(latest)s, the latest date of birth allowed.",
                latest=latest,
            )
        )
    return _met(sentence("The date of birth is within the limits."))


def _age_on(on: date, born: date, least: Decimal | None, most: Decimal | None) -> _Decision:
    age = full_years(born, on)
    if least is not None and age < least:
        return _not_met(
            sentence(
                "Aged %(age)s on %(on)s; the least is %(least)s.",
                age=age,
                on=on,
                least=least,
            )
        )
    if most is not None and age > most:
        return _not_met(
            sentence(
                "Aged %(age)s on %(on)s; the most is %(most)s.",
                age=age,
                on=on,
                most=most,
            )
        )
    return _met(sentence("Aged %(age)s on %(on)s: within the limits.", age=age, on=on))


def _grade_held(condition: Condition, candidate: Candidate) -> _Decision:
    least, most = _grade(condition, "at_least"), _grade(condition, "at_most")
    held = candidate.grade
    if held is None and not candidate.has_no_grade:
        return _unknown(
            sentence(
                "The grade cannot be established: none is on record. "
                "Enter the grade held and its certificate, or state that none is held."
            )
        )
    if held is None:
        if least is None:
            return _met(sentence("Holds no grade, and the condition sets only an upper limit."))
        return _not_met(sentence("Holds no grade; the least is %(least)s.", least=least.label))
    if least is not None and held < least:
        return _not_met(
            sentence(
                "Holds %(held)s; the least is %(least)s.",
                held=held.label,
                least=least.label,
            )
        )
    if most is not None and held > most:
        return _not_met(
            sentence(
                "Holds %(held)s; the most is %(most)s.",
                held=held.label,
                most=most.label,
            )
        )
    years = _number(condition, "held_years")
    on = _date(condition, "on")
    if years is not None and on is not None:
        return _held_long_enough(held, candidate.grade_since, years, on)
    return _met(sentence("Holds %(held)s: within the limits.", held=held.label))


def _held_long_enough(held: Grade, since: date | None, years: Decimal, on: date) -> _Decision:
    if since is None:
        return _unknown(
            sentence(
                "How long %(held)s has been held cannot be established. Enter the date "
                "of the grade certificate.",
                held=held.label,
            )
        )
    if full_years(since, on) < years:
        return _not_met(
            sentence(
                "Has held %(held)s since %(since)s; %(years)s full years on %(on)s are required.",
                held=held.label,
                since=since,
                years=years,
                on=on,
            )
        )
    return _met(
        sentence(
            "Has held %(held)s since %(since)s: long enough.",
            held=held.label,
            since=since,
        )
    )


def _years_in_occupation(condition: Condition, candidate: Candidate) -> _Decision:
    least, years = _number(condition, "min"), candidate.years_in_occupation
    if years is None:
        return _unknown(
            sentence("The years in the occupation cannot be established. Enter them in the worker's record.")
        )
    if least is not None and years < least:
        return _not_met(
            sentence(
                "%(years)s years in the occupation; the least is %(least)s.",
                years=years,
                least=least,
            )
        )
    return _met(sentence("%(years)s years in the occupation: enough.", years=years))


def _worker_status(condition: Condition, candidate: Candidate) -> _Decision:
    wanted = tuple(WorkerStatus(text) for text in _texts(condition))
    status = candidate.worker_status
    if status is None:
        return _unknown(
            sentence(
                "Whether this is a worker, a student or a teacher is not recorded. Enter it in the record."
            )
        )
    if status in wanted:
        return _met(sentence("Status: %(status)s, as the event requires.", status=status.label))
    choices = _one_of([status.label for status in wanted])
    return _not_met(
        sentence(
            "Status: %(status)s; the event is for: %(wanted)s.",
            status=status.label,
            wanted=choices,
        )
    )


def _employer_within(condition: Condition, candidate: Candidate) -> _Decision:
    organisation, division = condition.get("organisation"), condition.get("division")
    if organisation is not None:
        if candidate.employer_chain is None:
            return _unknown(sentence("The employer is not recorded. Enter it in the worker's record."))
        inside = organisation in candidate.employer_chain
    else:
        if candidate.employer_division is None:
            return _unknown(
                sentence("The division of the employer is not recorded. Enter it with the employer.")
            )
        inside = division_contains(str(division), candidate.employer_division)
    if inside:
        return _met(sentence("The employer belongs to the area of this competition."))
    return _not_met(
        sentence(
            "The employer does not belong to the area of this competition (%(area)s). "
            "Enter through the competition of the employer's own area.",
            area=organisation if organisation is not None else division,
        )
    )


def _occupation(condition: Condition, candidate: Candidate) -> _Decision:
    if candidate.occupation is None:
        return _unknown(sentence("The occupation is not recorded. Enter it in the worker's record."))
    if candidate.occupation in _texts(condition):
        return _met(sentence("Works in occupation %(code)s, as required.", code=candidate.occupation))
    return _not_met(
        sentence(
            "Works in occupation %(code)s; the event is for %(wanted)s.",
            code=candidate.occupation,
            wanted=", ".join(_texts(condition)),
        )
    )


def _not_holding_honour(condition: Condition, candidate: Candidate) -> _Decision:
    if candidate.honours is None:
        return _unknown(
            sentence("Earlier honours cannot be established. Record them, or record that there are none.")
        )
    held = [honour for honour in _texts(condition) if honour in candidate.honours]
    if not held:
        return _met(sentence("Holds none of the honours that exclude."))
    if condition.get("effect") == Effect.NO_AWARD:
        return _not_met(
            sentence(
                "Already holds %(honours)s: may compete, but takes no honour or reward; "
                "the next places move up.",
                honours=", ".join(held),
            )
        )
    return _not_met(sentence("Already holds %(honours)s and may not compete.", honours=", ".join(held)))


def _one_event(condition: Condition, candidate: Candidate) -> _Decision:
    del condition  # it has no fields
    if candidate.other_events is None:
        return _unknown(
            sentence("Whether another event was entered is not known. Check the other registrations.")
        )
    if candidate.other_events:
        return _not_met(
            sentence(
                "Already entered for %(events)s; a person may enter one event of a competition. "
                "Withdraw that entry first.",
                events=", ".join(candidate.other_events),
            )
        )
    return _met(sentence("Has entered no other event of this competition."))


def _certificate_held(condition: Condition, candidate: Candidate) -> _Decision:
    wanted, on = _texts(condition), _date(condition, "on")
    if candidate.certificates is None:
        return _unknown(
            sentence(
                "Whether %(wanted)s is held cannot be established. Record the certificate "
                "with its date of expiry.",
                wanted=", ".join(wanted),
            )
        )
    held = [name for name in wanted if name in candidate.certificates]
    valid = [name for name in held if _valid_on(candidate.certificates[name], on)]
    if valid:
        return _met(sentence("Holds %(held)s.", held=", ".join(valid)))
    if held:
        return _not_met(
            sentence(
                "%(held)s has expired before %(on)s. Renew it and record the new date.",
                held=", ".join(held),
                on=on,
            )
        )
    return _not_met(
        sentence(
            "Does not hold %(wanted)s. Record the certificate if it is held.",
            wanted=", ".join(wanted),
        )
    )


def _valid_on(expiry: date | None, on: date | None) -> bool:
    return expiry is None or on is None or expiry >= on


def _any(condition: Condition, candidate: Candidate) -> _Decision:
    """Alternatives, such as: a grade held for three years, or six years in the trade."""
    parts = condition["conditions"]
    assert isinstance(parts, Sequence)
    decisions = [_KINDS[str(part["kind"])].decide(part, candidate) for part in parts]
    for finding, reason in decisions:
        if finding is Finding.MET:
            return finding, reason
    reasons = _one_of([reason for _, reason in decisions])
    unknown = any(finding is Finding.NOT_ESTABLISHED for finding, _ in decisions)
    finding = Finding.NOT_ESTABLISHED if unknown else Finding.NOT_MET
    return finding, sentence("None of the alternatives is shown to be met: %(reasons)s", reasons=reasons)


# --- the shape of conditions ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Field:
    """One field of a condition: its JSON schema, and the sentence for a value that does not fit (None.

    It fits).
    """

    schema: Mapping[str, object]
    problem: Callable[[object], Sentence | None]


@dataclass(frozen=True)
class _Kind:
    """One kind of condition. Of every group in `needs`, at least one field must be there."""

    decide: Callable[[Condition, Candidate], _Decision]
    fields: Mapping[str, _Field]
    needs: tuple[tuple[str, ...], ...] = ()


def _date_problem(value: object) -> Sentence | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            date.fromisoformat(value)
        except ValueError:
            return sentence("There is no such date as %(value)s. Correct it.", value=value)
        return None
    return sentence("Write a date as year-month-day in quotes, for example “2026-06-01”.")


def _years_problem(value: object) -> Sentence | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 150:
        return sentence("Write a whole number of years from 0 to 150.")
    return None


def _choice_problem(choices: Sequence[str]) -> Callable[[object], Sentence | None]:
    def problem(value: object) -> Sentence | None:
        if isinstance(value, str) and value in choices:
            return None
        return sentence("Write one of: %(choices)s.", choices=", ".join(choices))

    return problem


def _text_problem(value: object) -> Sentence | None:
    if isinstance(value, str) and value.strip():
        return None
    return sentence("Write a text that is not empty, in quotes.")


def _list_problem(
    of_item: Callable[[object], Sentence | None],
) -> Callable[[object], Sentence | None]:
    def problem(value: object) -> Sentence | None:
        if not isinstance(value, list) or not value:
            return sentence("Write a list with at least one entry, in square brackets.")
        problems = (of_item(item) for item in value)
        return next((found for found in problems if found), None)

    return problem


def _code_problem(value: object) -> Sentence | None:
    return _text_problem(value) or occupation_code_problem(str(value))


def _division_problem(value: object) -> Sentence | None:
    return _text_problem(value) or division_code_problem(str(value))


_STATUSES = [status.value for status in WorkerStatus]
_GRADES = [grade.value for grade in Grade]
_TEXT_SCHEMA = {"type": "string", "minLength": 1}
_DATE = _Field({"type": "string", "format": "date"}, _date_problem)
_YEARS = _Field({"type": "integer", "minimum": 0, "maximum": 150}, _years_problem)
_GRADE = _Field({"enum": _GRADES}, _choice_problem(_GRADES))
_TEXT = _Field(_TEXT_SCHEMA, _text_problem)
_TEXTS = _Field(
    {"type": "array", "minItems": 1, "items": _TEXT_SCHEMA},
    _list_problem(_text_problem),
)
_EFFECTS = [effect.value for effect in Effect]
_EFFECT = _Field({"enum": _EFFECTS}, _choice_problem(_EFFECTS))
_STATUS_LIST = _Field(
    {"type": "array", "minItems": 1, "items": {"enum": _STATUSES}},
    _list_problem(_choice_problem(_STATUSES)),
)
_CODE_LIST = _Field(
    {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "pattern": r"^[1-8]-\d{2}-\d{2}-\d{2}$"},
    },
    _list_problem(_code_problem),
)
_DIVISION = _Field({"type": "string", "pattern": r"^\d{6}$"}, _division_problem)

_KINDS: Mapping[str, _Kind] = {
    "age": _Kind(
        _age,
        {
            "min": _YEARS,
            "max": _YEARS,
            "on": _DATE,
            "min_birth": _DATE,
            "max_birth": _DATE,
        },
        (("min", "max", "min_birth", "max_birth"),),
    ),
    "grade": _Kind(
        _grade_held,
        {"at_least": _GRADE, "at_most": _GRADE, "held_years": _YEARS, "on": _DATE},
        (("at_least", "at_most"),),
    ),
    "years_in_occupation": _Kind(_years_in_occupation, {"min": _YEARS}, (("min",),)),
    "worker_status": _Kind(_worker_status, {"any_of": _STATUS_LIST}, (("any_of",),)),
    "employer_within": _Kind(
        _employer_within,
        {"organisation": _TEXT, "division": _DIVISION},
        (("organisation", "division"),),
    ),
    "occupation": _Kind(_occupation, {"any_of": _CODE_LIST}, (("any_of",),)),
    "not_holding_honour": _Kind(_not_holding_honour, {"any_of": _TEXTS}, (("any_of",),)),
    "one_event_per_competition": _Kind(_one_event, {}),
    "certificate_held": _Kind(_certificate_held, {"any_of": _TEXTS, "on": _DATE}, (("any_of",),)),
    "any": _Kind(_any, {}),
}


def conditions_schema() -> dict[str, object]:
    """The JSON schema (2020-12) of the array, for the published schema of rule sets."""
    plain = {name: kind for name, kind in _KINDS.items() if name != "any"}
    kinds = [_kind_schema(name, kind, {"effect": _EFFECT.schema}) for name, kind in plain.items()]
    alternatives = [_kind_schema(name, kind, {}) for name, kind in plain.items()]
    either = {
        "type": "object",
        "properties": {
            "kind": {"const": "any"},
            "effect": _EFFECT.schema,
            "conditions": {
                "type": "array",
                "minItems": 2,
                "items": {"oneOf": alternatives},
            },
        },
        "required": ["kind", "conditions"],
        "additionalProperties": False,
    }
    return {"type": "array", "items": {"oneOf": [*kinds, either]}}


def _kind_schema(name: str, kind: _Kind, common: Mapping[str, object]) -> dict[str, object]:
    properties = {key: field.schema for key, field in kind.fields.items()}
    shape: dict[str, object] = {
        "type": "object",
        "properties": {"kind": {"const": name}, **common, **properties},
        "required": ["kind"],
        "additionalProperties": False,
    }
    if kind.needs:
        shape["allOf"] = [{"anyOf": [{"required": [key]} for key in group]} for group in kind.needs]
    return shape


def condition_problems(array: object) -> tuple[tuple[str, Sentence], ...]:
    """Everything wrong with a rule set's "eligibility": pairs of JSON pointer (in the array) and sentence."""
    if not isinstance(array, list):
        return (
            (
                "",
                sentence("The eligibility is a list of conditions, in square brackets."),
            ),
        )
    return tuple(
        (f"/{index}{path}", problem)
        for index, condition in enumerate(array)
        for path, problem in _problems_of(condition, nested=False)
    )


def _problems_of(condition: object, *, nested: bool) -> list[tuple[str, Sentence]]:
    if not isinstance(condition, dict):
        return [("", sentence("A condition is an object with a “kind”."))]
    name = condition.get("kind")
    known = [kind for kind in _KINDS if not (nested and kind == "any")]
    if not isinstance(name, str) or name not in known:
        return [("/kind", sentence("Write one of: %(choices)s.", choices=", ".join(known)))]
    if name == "any":
        return _problems_of_any(condition)
    return _field_problems(condition, _KINDS[name]) + _agreement_problems(condition)


def _problems_of_any(condition: dict[str, object]) -> list[tuple[str, Sentence]]:
    parts = condition.get("conditions")
    if not isinstance(parts, list) or len(parts) < 2:
        return [
            (
                "/conditions",
                sentence("Alternatives need a list of at least two conditions."),
            )
        ]
    without = {key: value for key, value in condition.items() if key != "conditions"}
    found = _field_problems(without, _KINDS["any"])
    for index, part in enumerate(parts):
        if isinstance(part, dict) and "effect" in part:
            why = sentence("The effect belongs to the alternatives as a whole. Move it one level up.")
            found.append((f"/conditions/{index}/effect", why))
        found += [
            (f"/conditions/{index}{path}", problem) for path, problem in _problems_of(part, nested=True)
        ]
    return found


def _field_problems(condition: dict[str, object], kind: _Kind) -> list[tuple[str, Sentence]]:
    found = []
    fields = {**kind.fields, "effect": _EFFECT}
    for key, value in condition.items():
        if key == "kind":
            continue
        if key not in fields:
            allowed = ", ".join(fields)
            found.append(
                (
                    f"/{key}",
                    sentence(
                        "This field is not known here. Allowed are: %(fields)s.",
                        fields=allowed,
                    ),
                )
            )
        elif problem := fields[key].problem(value):
            found.append((f"/{key}", problem))
    for group in kind.needs:
        if not any(key in condition for key in group):
            found.append(
                (
                    "",
                    sentence(
                        "This condition needs at least one of: %(fields)s.",
                        fields=", ".join(group),
                    ),
                )
            )
    return found


def _agreement_problems(condition: dict[str, object]) -> list[tuple[str, Sentence]]:
    """Fields that are right one by one and contradict each other."""
    found = []
    kind = condition["kind"]
    if kind == "age":
        by_age, by_birth = (
            {"min", "max", "on"} & condition.keys(),
            {"min_birth", "max_birth"} & condition.keys(),
        )
        if by_age and by_birth:
            found.append(
                (
                    "",
                    sentence("Give either ages with a date, or dates of birth, not both."),
                )
            )
        elif by_age and "on" not in condition:
            found.append(("/on", sentence("An age needs the date on which it counts: add “on”.")))
    if kind == "grade" and "held_years" in condition and "on" not in condition:
        found.append(
            (
                "/on",
                sentence("A waiting time needs the date on which it counts: add “on”."),
            )
        )
    if kind == "employer_within" and {"organisation", "division"} <= condition.keys():
        found.append(("", sentence("Give either an organisation or a division, not both.")))
    return found + _reversed_limits(condition)


def _reversed_limits(condition: dict[str, object]) -> list[tuple[str, Sentence]]:
    pairs: list[tuple[str, str, Callable[[str], object]]] = [
        ("min_birth", "max_birth", str),
        ("at_least", "at_most", lambda text: _GRADES.index(text)),
        ("min", "max", int),
    ]
    for low, high, measure in pairs:
        try:
            if measure(str(condition[low])) > measure(str(condition[high])):  # type: ignore[operator]
                return [
                    (
                        f"/{high}",
                        sentence("The upper limit lies below the lower limit. Exchange them."),
                    )
                ]
        except (KeyError, ValueError):
            continue  # a limit is missing or already reported
    return []
