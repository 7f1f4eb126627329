"""Small contest documents for the tests of the marking rules: built by words, and drawn by Hypothesis."""

import json
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from competition.rules.awards import reaches

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.json"))
TWO_PLACES = {"digits": 2, "mode": "half_up"}


def document(path):
    """An example document, read as the command line reads it: numbers stay decimal."""
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def aspect(name, type_, **rules):
    return {
        "kind": "aspect",
        "id": name,
        "title": {"zh": name, "en": name},
        "type": type_,
        **rules,
    }


def value_aspect(name, most=100, **rules):
    return aspect(name, "measurement", mode="value", max=most, **rules)


def judgement(name, most, **rules):
    return aspect(name, "judgement", max=most, **rules)


def panel(name, judges, combine="mean", **rules):
    scale = rules.pop("range", {"low": 0, "high": 100})
    return aspect(name, "panel", range=scale, judges=judges, combine=combine, **rules)


def record(name, low=0, **rules):
    return aspect(name, "record", low=low, **rules)


def attempts(name, number, better="higher", counts="best", **rules):
    scale = rules.pop("range", {"low": 0, "high": 100})
    return aspect(name, "attempts", attempts=number, better=better, counts=counts, range=scale, **rules)


def group(name, *children, combine="sum", **rules):
    title = {"zh": name, "en": name}
    return {
        "kind": "group",
        "id": name,
        "title": title,
        "combine": combine,
        "children": list(children),
        **rules,
    }


def ruleset(*children, **parts):
    scheme = parts.pop("scheme", None) or group("total", *children)
    return {
        "format": "skillsladder.ruleset/1",
        "title": {"zh": "规则", "en": "Rules"},
        "scheme": scheme,
        **parts,
    }


def contest(rules, marks, entrants=None, judges="abcdefghi", **parts):
    """A contest from marks written as (entrant, aspect, judge or None, value, kind)."""
    names = entrants if entrants is not None else sorted({mark[0] for mark in marks})
    return {
        "format": "skillsladder.contest/1",
        "title": {"zh": "比赛", "en": "Contest"},
        "ruleset": rules,
        "judges": [{"id": judge} for judge in judges],
        "entrants": [name if isinstance(name, dict) else {"id": name} for name in names],
        "marks": [mark_of(*mark) for mark in marks],
        **parts,
    }


def mark_of(entrant, name, judge, value, kind="mark"):
    mark = {"entrant": entrant, "aspect": name, "value": value, "kind": kind}
    return mark if judge is None else {**mark, "judge": judge}


def numbers_of_awards(rule, denominator):
    """How many of each award there are for so many entrants, ties aside: (award, number); none of the medals."""
    return [(reach.award.id, max(0, reach.last - reach.first + 1)) for reach in reaches(rule, denominator)]


def by_judges(entrant, name, *values):
    return [(entrant, name, judge, value) for judge, value in zip("abcdefghi", values, strict=False)]


SCHEME = group(
    "total",
    group(
        "practice",
        panel(
            "piece",
            4,
            "trimmed_mean",
            trim={"low": 1, "high": 1},
            minimum=3,
            panel_rounding=TWO_PLACES,
        ),
        judgement("order", "2.50", max_spread=3),
        aspect("faults", "deduction", cap=10),
        weight=70,
        factor="0.9",
    ),
    group("theory", value_aspect("paper", "92.25"), weight=30),
    combine="weighted",
)

_hundredths = st.integers(0, 9225).map(lambda n: str(Decimal(n).scaleb(-2)))


@st.composite
def contests(draw, most_entrants=6, missing=True):
    """A contest over SCHEME with marks of every kind, some of them missing."""
    marks = []
    for number in range(draw(st.integers(1, most_entrants))):
        entrant = f"e{number}"
        for judge in "abcd":
            marks.append((entrant, "piece", judge, draw(_hundredths)))
        for judge in "abc":
            marks.append((entrant, "order", judge, draw(st.integers(0, 3))))
        marks.append((entrant, "paper", None, draw(_hundredths)))
        for entry in draw(st.lists(st.integers(1, 5), max_size=3)):
            marks.append((entrant, "faults", None, entry, "entry"))
    entrants = sorted({mark[0] for mark in marks})
    if missing and draw(st.booleans()):
        marks.pop(draw(st.integers(0, len(marks) - 1)))
    rules = ruleset(scheme=SCHEME, ranking={"by": [{"node": "total"}, {"node": "practice"}]})
    return contest(rules, marks, entrants)
