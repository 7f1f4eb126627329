"""Which grade a contest result lets a worker apply for: rule tables as data.

Source: the promotion clauses of provinces and of the national contests; they differ everywhere (award or
rank, class, group, grade held, ceiling, once a year), so a table is a JSON document (format
"skillsladder.promotion/1") with its authority and its source. The step rule: the row names a target;
whoever holds it or more may apply for the grade above the target, if that is above the grade held; never
above the ceiling. Assumptions: the first row that fits decides; unless a table says otherwise the ceiling
is senior technician; the highest grade of the occupation's own standard limits it further. A decision
never grants anything: it says what may be applied for, and the authority approves.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from competition.rules.grades import CONTEST_CEILING, Grade, next_grade
from competition.rules.sentences import Sentence, sentence

FORMAT = "skillsladder.promotion/1"
TIERS = ("workshop", "enterprise", "city", "province", "industry", "nation")
CLASSES = ("I", "II", "none")
GROUPS = ("worker", "student", "teacher", "open")
# A target that depends on the person: one grade above the one held.
ONE_UP = "one_up"
_ROUNDINGS = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "half_up": ROUND_HALF_UP}


class IfAlready(StrEnum):
    """What a row gives somebody who holds its target already: the grade above the target, or nothing."""

    NEXT = "next"
    NONE = "none"


@dataclass(frozen=True)
class PromotionFacts:
    """What is decided on.

    `contest_class` is I, II or none; `grade_held` is the grade before the contest, None: none.
    `decided_on` is the day the result was published: it decides which table is in force and which
    calendar year counts. `promoted_in_years` are the calendar years of earlier promotions by contest.
    `place` and `field_size` count the award ranking. `occupation_ceiling` is the highest grade of the
    occupation's national standard.
    """

    tier: str
    contest_class: str
    group: str
    decided_on: date
    place: int | None = None
    field_size: int | None = None
    award: str | None = None
    grade_held: Grade | None = None
    occupation_ceiling: Grade | None = None
    promoted_in_years: frozenset[int] = frozenset()
    award_eligible: bool = True


@dataclass(frozen=True)
class Decision:
    """What may be applied for, with every step. `row` counts from 1; None when no row fits."""

    eligible: bool
    target: Grade | None
    row: int | None
    steps: tuple[Sentence, ...]


def decide(table: Mapping[str, object], facts: PromotionFacts) -> Decision:
    """Apply a rule table to one result. The table must be free of `table_problems`."""
    refusal = _refusal(table, facts)
    if refusal:
        return Decision(False, None, None, (refusal,))
    for number, row in enumerate(_rows(table), start=1):
        if _fits(_part(row, "when"), facts):
            return _by_row(table, row, number, facts)
    nothing = sentence("No row of the rule table “%(title)s” fits this result.", title=table["title"])
    return Decision(False, None, None, (nothing,))


def _refusal(table: Mapping[str, object], facts: PromotionFacts) -> Sentence | None:
    """Why the table gives this person nothing, whatever the result."""
    start, end = date.fromisoformat(str(table["valid_from"])), table.get("valid_until")
    if facts.decided_on < start or (end is not None and facts.decided_on > date.fromisoformat(str(end))):
        return sentence(
            "The rule table “%(title)s” is not in force on %(day)s. Choose the table of that day.",
            title=table["title"],
            day=facts.decided_on,
        )
    if not facts.award_eligible:
        return sentence("This person competed without claim to honour or reward, so there is no promotion.")
    if table["once_per_calendar_year"] and facts.decided_on.year in facts.promoted_in_years:
        return sentence(
            "Already promoted by a contest in %(year)s; the table allows one promotion in a calendar year. "
            "A result of next year can be used again.",
            year=facts.decided_on.year,
        )
    return None


def _by_row(
    table: Mapping[str, object],
    row: Mapping[str, object],
    number: int,
    facts: PromotionFacts,
) -> Decision:
    steps = [
        sentence(
            "Row %(row)s of “%(title)s” fits this result.",
            row=number,
            title=table["title"],
        ),
        _held_sentence(facts.grade_held),
    ]
    target, step = _target(row, facts.grade_held)
    steps.append(step)
    ceiling = _ceiling(table, row, facts)
    if target is not None and target > ceiling:
        target = ceiling
        steps.append(sentence("The ceiling here is %(ceiling)s.", ceiling=ceiling.label))
    if target is None or (facts.grade_held is not None and target <= facts.grade_held):
        steps.append(sentence("There is no higher grade to apply for by this result."))
        return Decision(False, None, number, tuple(steps))
    steps.append(sentence("May apply for %(target)s; the authority approves.", target=target.label))
    return Decision(True, target, number, tuple(steps))


def _held_sentence(held: Grade | None) -> Sentence:
    if held is None:
        return sentence(
            "No grade was on record before the contest. "
            "If one is held, record it first: it can change the result."
        )
    return sentence("Grade held before the contest: %(held)s.", held=held.label)


def _target(row: Mapping[str, object], held: Grade | None) -> tuple[Grade | None, Sentence]:
    """The grade the row leads to before the ceiling, with the step that led there."""
    if row["target"] == ONE_UP:
        if held is None:
            return None, sentence("The row raises the grade held by one, and no grade is held.")
        return next_grade(held), sentence("The row raises the grade held by one.")
    target = Grade(str(row["target"]))
    if held is None or held < target:
        return target, sentence("The row leads to %(target)s.", target=target.label)
    if row.get("if_already", IfAlready.NEXT) == IfAlready.NONE:
        return None, sentence(
            "The row leads to %(target)s and gives its holders nothing more.",
            target=target.label,
        )
    return next_grade(target), sentence(
        "The row leads to %(target)s; whoever holds it may apply for the next grade above it.",
        target=target.label,
    )


def _ceiling(table: Mapping[str, object], row: Mapping[str, object], facts: PromotionFacts) -> Grade:
    written = [Grade(str(part["ceiling"])) for part in (table, row) if part.get("ceiling") is not None]
    standard = [facts.occupation_ceiling] if facts.occupation_ceiling is not None else []
    return min([*(written or [CONTEST_CEILING]), *standard], key=lambda grade: grade.order)


# --- does a row fit -------------------------------------------------------------------------------


def _fits(when: Mapping[str, object], facts: PromotionFacts) -> bool:
    plain = {
        "tier": facts.tier,
        "class": facts.contest_class,
        "group": facts.group,
        "award": facts.award,
    }
    for key, value in plain.items():
        if key in when and value not in _list(when, key):
            return False
    return (
        ("rank" not in when or _is_in_rank(_part(when, "rank"), facts.place))
        and ("top_share" not in when or _is_in_share(_part(when, "top_share"), facts.place, facts.field_size))
        and ("grade_held" not in when or _is_in_grades(_part(when, "grade_held"), facts.grade_held))
    )


def _is_in_rank(rank: Mapping[str, object], place: int | None) -> bool:
    return place is not None and int(str(rank["from"])) <= place <= int(str(rank["to"]))


def _is_in_share(share: Mapping[str, object], place: int | None, field_size: int | None) -> bool:
    """The first so many per cent of the field; how a part of a person is rounded is written in the row."""
    if place is None or field_size is None:
        return False
    exact = Decimal(str(share["percent"])) * field_size / 100
    return place <= exact.to_integral_value(rounding=_ROUNDINGS[str(share["rounding"])])


def _is_in_grades(limits: Mapping[str, object], held: Grade | None) -> bool:
    """Nobody without a grade meets a lower limit; everybody without a grade meets an upper one."""
    least, most = limits.get("at_least"), limits.get("at_most")
    if held is None:
        return least is None
    return (least is None or held >= Grade(str(least))) and (most is None or held <= Grade(str(most)))


def _rows(table: Mapping[str, object]) -> list[Mapping[str, object]]:
    return [row for row in _list(table, "rows") if isinstance(row, Mapping)]


def _part(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    part = document[key]
    return part if isinstance(part, Mapping) else {}


def _list(document: Mapping[str, object], key: str) -> Sequence[object]:
    part = document[key]
    return part if isinstance(part, list) else []


# --- the shape of a table -------------------------------------------------------------------------

Problems = list[tuple[str, Sentence]]
_TABLE_FIELDS = frozenset(
    [
        *("format", "authority", "title", "source", "valid_from", "valid_until"),
        *("once_per_calendar_year", "ceiling", "rows"),
    ]
)
_ROW_FIELDS = frozenset({"when", "target", "if_already", "ceiling"})
_WHEN_CHOICES: Mapping[str, Sequence[str] | None] = {
    "tier": TIERS,
    "class": CLASSES,
    "group": GROUPS,
    "award": None,
}
_WHEN_FIELDS = frozenset({*_WHEN_CHOICES, "rank", "top_share", "grade_held"})
_GRADES = tuple(grade.value for grade in Grade)


def table_problems(document: object) -> tuple[tuple[str, Sentence], ...]:
    """Everything wrong with a rule table, as pairs of JSON pointer and sentence.

    Empty when it can be used.
    """
    if not isinstance(document, dict):
        return (("", sentence("A rule table is a JSON object.")),)
    found = _unknown_fields("", document, _TABLE_FIELDS)
    if document.get("format") != FORMAT:
        found.append(("/format", sentence("Write “%(format)s”.", format=FORMAT)))
    for key in ("authority", "title", "source"):
        if not isinstance(document.get(key), str) or not str(document[key]).strip():
            why = sentence("Write who issued the table, its title and where its text is found.")
            found.append((f"/{key}", why))
    found += _date_problems(document)
    if not isinstance(document.get("once_per_calendar_year"), bool):
        found.append(
            (
                "/once_per_calendar_year",
                sentence("Write true or false, without quotes."),
            )
        )
    found += _choice_problems("", document, "ceiling", _GRADES)
    rows = document.get("rows")
    if not isinstance(rows, list) or not rows:
        return (*found, ("/rows", sentence("A rule table has at least one row.")))
    for index, row in enumerate(rows):
        found += _row_problems(f"/rows/{index}", row)
    return tuple(found)


def _date_problems(document: Mapping[str, object]) -> Problems:
    found: Problems = []
    days: dict[str, date] = {}
    for key in ("valid_from", "valid_until"):
        value = document.get(key)
        if value is None and key == "valid_until":
            continue
        try:
            if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError
            days[key] = date.fromisoformat(value)
        except ValueError:
            why = sentence("Write a date as year-month-day in quotes, for example “2026-06-01”.")
            found.append((f"/{key}", why))
    if len(days) == 2 and days["valid_until"] < days["valid_from"]:
        found.append(
            (
                "/valid_until",
                sentence("The last day lies before the first day. Exchange them."),
            )
        )
    return found


def _row_problems(path: str, row: object) -> Problems:
    if not isinstance(row, dict):
        return [(path, sentence("A row is an object with “when” and “target”."))]
    found = _unknown_fields(path, row, _ROW_FIELDS)
    if "target" not in row:
        found.append((f"{path}/target", sentence("A row names the grade it leads to.")))
    found += _choice_problems(path, row, "target", (*_GRADES, ONE_UP))
    found += _choice_problems(path, row, "if_already", tuple(choice.value for choice in IfAlready))
    found += _choice_problems(path, row, "ceiling", _GRADES)
    when = row.get("when")
    if not isinstance(when, dict):
        return [
            *found,
            (f"{path}/when", sentence("A row says in “when” which results it is for.")),
        ]
    return found + _when_problems(f"{path}/when", when)


def _when_problems(path: str, when: dict[str, object]) -> Problems:
    found = _unknown_fields(path, when, _WHEN_FIELDS)
    if not {"award", "rank", "top_share"} & when.keys():
        why = sentence("A row needs an award, a rank or a top share: otherwise everybody is promoted.")
        found.append((path, why))
    for key, choices in _WHEN_CHOICES.items():
        if key in when:
            found += _list_problems(f"{path}/{key}", when[key], choices)
    parts: Mapping[str, Callable[[str, dict[str, object]], Problems]] = {
        "rank": _rank_problems,
        "top_share": _share_problems,
        "grade_held": _grade_limit_problems,
    }
    for key, problems in parts.items():
        part = when.get(key)
        if isinstance(part, dict):
            found += problems(f"{path}/{key}", part)
        elif key in when:
            found.append((f"{path}/{key}", sentence("This is an object, in curly brackets.")))
    return found


def _list_problems(path: str, value: object, choices: Sequence[str] | None) -> Problems:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        return [
            (
                path,
                sentence("Write a list of texts with at least one entry, in square brackets."),
            )
        ]
    if choices and not set(value) <= set(choices):
        return [(path, sentence("Write only: %(choices)s.", choices=", ".join(choices)))]
    return []


def _rank_problems(path: str, rank: dict[str, object]) -> Problems:
    found = _unknown_fields(path, rank, frozenset({"from", "to"}))
    first, last = rank.get("from"), rank.get("to")
    if not (_is_whole(first) and _is_whole(last) and 1 <= int(str(first)) <= int(str(last))):
        found.append(
            (
                path,
                sentence("Write “from” and “to” as whole numbers from 1, the smaller first."),
            )
        )
    return found


def _share_problems(path: str, share: dict[str, object]) -> Problems:
    found = _unknown_fields(path, share, frozenset({"percent", "rounding"}))
    percent = share.get("percent")
    if not _is_whole(percent) or not 1 <= int(str(percent)) <= 100:
        found.append((f"{path}/percent", sentence("Write a whole number from 1 to 100.")))
    if "rounding" not in share:
        why = sentence("Say how a part of a person is rounded: down, up or half_up.")
        found.append((f"{path}/rounding", why))
    return found + _choice_problems(path, share, "rounding", tuple(_ROUNDINGS))


def _grade_limit_problems(path: str, limits: dict[str, object]) -> Problems:
    found = _unknown_fields(path, limits, frozenset({"at_least", "at_most"}))
    if not limits:
        found.append((path, sentence("Give “at_least”, “at_most” or both.")))
    for key in ("at_least", "at_most"):
        found += _choice_problems(path, limits, key, _GRADES)
    if not found and len(limits) == 2 and Grade(str(limits["at_least"])) > Grade(str(limits["at_most"])):
        why = sentence("The upper limit lies below the lower limit. Exchange them.")
        found.append((f"{path}/at_most", why))
    return found


def _choice_problems(path: str, part: Mapping[str, object], key: str, choices: Sequence[str]) -> Problems:
    if key not in part or (isinstance(part[key], str) and part[key] in choices):
        return []
    return [
        (
            f"{path}/{key}",
            sentence("Write one of: %(choices)s.", choices=", ".join(choices)),
        )
    ]


def _unknown_fields(path: str, part: Mapping[str, object], known: frozenset[str]) -> Problems:
    allowed = ", ".join(sorted(known))
    return [
        (
            f"{path}/{key}",
            sentence("This field is not known here. Allowed are: %(fields)s.", fields=allowed),
        )
        for key in part
        if key not in known
    ]


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
