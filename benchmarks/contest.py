"""The contest that is measured: ten aspects, three judges, as many contestants as are wanted, all of it made up."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import xlsxwriter

from competition.competitions.queries import starter
from competition.demonstration.people import GIVEN, SURNAMES
from competition.rules import contest
from competition.rules.identity import credit_check_character, id_check_character

MODULE = "M"
JUDGES = ("J1", "J2", "J3")
ASPECTS = tuple(f"Q{number}" for number in range(1, 11))
JUDGED = frozenset(ASPECTS[:5])
"""Judgements of 0 to 3; the other aspects are marks out of ten, of which the mean counts."""
ENTERPRISES = 20


def rule_set() -> dict[str, Any]:
    """One module of ten aspects for three judges; awards, eligibility and draw as in the starter for welding."""
    usual = starter("welding")
    return {
        "format": usual["format"],
        "title": {"zh": "十个评分点，三名裁判", "en": "Ten aspects, three judges"},
        "scheme": {
            "kind": "group",
            "id": "total",
            "title": {"zh": "总成绩", "en": "Total"},
            "combine": "sum",
            "max": 100,
            "rounding": {"digits": 2, "mode": "half_up"},
            "children": [
                {
                    "kind": "group",
                    "id": MODULE,
                    "title": {"zh": "模块", "en": "Module"},
                    "role": "module",
                    "combine": "sum",
                    "max": 100,
                    "children": [_aspect(name) for name in ASPECTS],
                }
            ],
        },
        "ranking": {"by": [{"node": "total"}, {"node": "Q10"}, {"node": "Q9"}], "ties": "shared"},
        "publication": {"live": "board"},
        **{part: usual[part] for part in ("awards", "draw", "eligibility", "display")},
    }


def _aspect(name: str) -> dict[str, Any]:
    aspect = {"kind": "aspect", "id": name, "title": {"zh": f"评分点{name}", "en": f"Aspect {name}"}}
    if name in JUDGED:
        return {
            **aspect,
            "type": "judgement",
            "max": 10,
            "judges": 3,
            "max_spread": 1,
            "rounding": {"digits": 2},
        }
    return {
        **aspect,
        "type": "panel",
        "range": {"low": 0, "high": 10, "step": "0.1"},
        "judges": 3,
        "combine": "mean",
        "panel_rounding": {"digits": 2, "mode": "half_up"},
    }


def value(code: str, aspect: str, judge: str) -> str:
    """What a judge writes: the same in every run, and levels never further apart than the rules allow."""
    level = random.Random(f"{code} {aspect}").random()
    own = random.Random(f"{code} {aspect} {judge}").random()
    if aspect in JUDGED:
        return str(min(3, int(level * 3) + (own < 0.4)))
    return format(min(10.0, round(5 + level * 4 + own, 1)), ".1f")


@cache
def document(contestants: int) -> dict[str, Any]:
    """A contest document as results are computed from: every contestant, every mark."""
    names = [f"entrant-{number:06}" for number in range(contestants)]
    return {
        "format": contest.FORMAT,
        "title": {"zh": "十个评分点", "en": "Ten aspects"},
        "ruleset": rule_set(),
        "judges": [{"id": f"{MODULE}.{judge}"} for judge in JUDGES],
        "entrants": [{"id": name, "status": "present", "award_eligible": True} for name in names],
        "marks": [
            {
                "entrant": name,
                "aspect": aspect,
                "judge": f"{MODULE}.{judge}",
                "value": value(name, aspect, judge),
            }
            for name in names
            for aspect in ASPECTS
            for judge in JUDGES
        ],
        "decisions": [],
    }


@dataclass(frozen=True)
class Contestant:
    """A made-up person; the ID number is sound, of a person nobody is."""

    name: str
    id_number: str
    phone: str
    employer: str


def enterprise(number: int) -> str:
    return f"第{number + 1:02}重型机械厂"


def credit_code(number: int) -> str:
    first_17 = f"91320106MA{number:07}"
    return first_17 + credit_check_character(first_17)


def contestants(count: int) -> Iterator[Contestant]:
    """That many people of twenty enterprises."""
    for serial in range(count):
        born = date(1970, 1, 1) + timedelta(days=2 * serial)
        first_17 = f"320106{born:%Y%m%d}{100 + serial % 900}"
        yield Contestant(
            SURNAMES[serial * 7 % len(SURNAMES)] + GIVEN[serial * 13 % len(GIVEN)],
            first_17 + id_check_character(first_17),
            f"170{serial:08}",
            enterprise(serial % ENTERPRISES),
        )


def workbook(count: int) -> bytes:
    """Their list as an organiser would upload it."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ("姓名", "证件号码", "手机", "单位", "技能等级", "从业起始"))
    for row, one in enumerate(contestants(count), start=1):
        sheet.write_row(row, 0, (one.name, one.id_number, one.phone, one.employer, "高级工", "2015-07-01"))
    book.close()
    return content.getvalue()
