"""A marking scheme that was read from a CIS workbook, as a rule set of this house.

Criteria hold sub-criteria, and each sub-criterion is a module, because it is what one team marks on one day on a sheet
of its own. M becomes a yes/no measurement, or the mark itself where CIS calculates it; J a judgement by three
judges, at most 1 apart. The sheet has no ids, only positions: an aspect that was there before keeps its id.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from competition.competitions.cis_tree import (
    LEVELS,
    AspectType,
    CisAspect,
    CisScheme,
    Criterion,
    SubCriterion,
)
from competition.rules.reading import TITLE_LENGTH

_JUDGES = 3
_CENT = Decimal("0.01")
_EXTRA = " · "
_ADDED = re.compile(r"（要求：.*）$")
_UNINFORMATIVE = frozenset({"yes/no", "yes / no", "y/n", "-", "–"})
_NOT_DESCRIBED = {"zh": "（未说明）", "en": "(not described)"}

Document = dict[str, Any]


def rule_set_of(scheme: CisScheme, *, rules: Mapping[str, Any], before: Mapping[str, Any]) -> Document:
    """The rule set: the scheme of the workbook, and all other rules as in `rules`.

    `before` is the scheme the event has now; its aspects are recognised by their words and keep their ids. Declared
    marks stand as the maximum of their criterion, so that the checker names every difference again.
    """
    ids = _Ids(before)
    children = [criterion for each in scheme.criteria if (criterion := _criterion(each, ids)) is not None]
    tree: Document = {
        "kind": "group",
        "id": "total",
        "title": {"zh": "总成绩", "en": "Total"},
        "combine": "sum",
        "max": scheme.wanted_total,
        "rounding": {"digits": 2, "mode": "half_up"},
        "children": children,
    }
    title = _cut(scheme.title) or "CIS"
    return {**rules, "title": {"zh": title}, "source": f"CIS Marking Scheme Import: {title}", "scheme": tree}


def knows(before: Mapping[str, Any], scheme: CisScheme) -> bool:
    """Whether the scheme the event has now comes from an earlier state of this workbook: half of its aspects are in it."""
    known = Counter(_key(each) for each, _ in _aspects_of(before))
    wanted = Counter(_key(_aspect_title(each)["zh"]) for one in scheme.criteria for each in one.aspects)
    return bool(known) and 2 * (known & wanted).total() >= known.total()


class _Ids:
    """Which id an aspect has: the one it had before, else a new one that nothing had."""

    def __init__(self, before: Mapping[str, Any]) -> None:
        self._known: dict[tuple[str, str], list[str]] = {}
        self._anywhere: dict[str, list[str]] = {}
        self._used: set[str] = {"total"}
        self._given: set[str] = set()
        for title, (sub, id_) in _aspects_of(before):
            self._known.setdefault((sub, _key(title)), []).append(id_)
            self._anywhere.setdefault(_key(title), []).append(id_)
            self._used.add(id_)

    def group(self, wanted: str) -> str:
        given, number = wanted, 2
        while given in self._given or given == "total":
            given, number = f"{wanted}-{number}", number + 1
        self._given.add(given)
        self._used.add(given)
        return given

    def aspect(self, sub: str, title: str) -> str:
        for found in (self._known.get((sub, _key(title)), []), self._anywhere.get(_key(title), [])):
            if free := next((each for each in found if each not in self._given), None):
                self._given.add(free)
                return free
        number = 1
        while f"{sub}.{number}" in self._used:
            number += 1
        given = f"{sub}.{number}"
        self._used.add(given)
        self._given.add(given)
        return given


def _aspects_of(node: Mapping[str, Any], sub: str = "") -> Iterator[tuple[str, tuple[str, str]]]:
    """Title, id of the group around it and id of every aspect of a scheme that anybody may have written."""
    for child in node.get("children") or ():
        if not isinstance(child, Mapping):
            continue
        if child.get("kind") == "aspect":
            title = child.get("title")
            words = str(title.get("zh", "")) if isinstance(title, Mapping) else ""
            yield words, (str(node.get("id", sub)), str(child.get("id", "")))
        else:
            yield from _aspects_of(child, sub)


def _key(title: str) -> str:
    """What an aspect is recognised by: its description, without the requirement and what was added to it."""
    return _ADDED.sub("", title).split(_EXTRA)[0].casefold()


def _criterion(criterion: Criterion, ids: _Ids) -> Document | None:
    subs = [each for each in criterion.sub_criteria if each.aspects]
    if not subs:
        return None
    declared = criterion.declared if criterion.declared is not None else criterion.carried
    group: Document = {
        "kind": "group",
        "id": ids.group(criterion.letter),
        "title": {"zh": _cut(f"{criterion.letter} {criterion.name}".strip())},
        "role": "criterion",
        "combine": "sum",
    }
    if declared > 0:
        group["max"] = declared
    return {**group, "children": [_sub_criterion(each, ids) for each in subs]}


def _sub_criterion(sub: SubCriterion, ids: _Ids) -> Document:
    id_ = ids.group(sub.id)
    title = f"{sub.id} {sub.name}".strip()
    day = re.sub(r"^day ", "", sub.day, flags=re.IGNORECASE)
    return {
        "kind": "group",
        "id": id_,
        "title": {"zh": _cut(f"{title}（第{day}天）"), "en": _cut(f"{title} (day {day})")}
        if day
        else {"zh": _cut(title)},
        "role": "module",
        "combine": "sum",
        "children": [_aspect(each, id_, ids) for each in sub.aspects],
    }


def _aspect(aspect: CisAspect, sub: str, ids: _Ids) -> Document:
    title = _aspect_title(aspect)
    named: Document = {"kind": "aspect", "id": ids.aspect(sub, title["zh"]), "title": title}
    most = {} if aspect.max is None else {"max": aspect.max}
    if aspect.type is AspectType.JUDGEMENT:
        described = [
            {"zh": _cut(words)} if (words := aspect.descriptors.get(level)) else _NOT_DESCRIBED
            for level in LEVELS
        ]
        descriptors = {"descriptors": described} if aspect.descriptors else {}
        return {**named, "type": "judgement", **most, "judges": _JUDGES, "max_spread": 1, **descriptors}
    measured = {"mode": "value"} if aspect.calculated else {"mode": "binary"}
    if aspect.calculated and aspect.max is not None and not aspect.max % _CENT:
        measured["step"] = str(_CENT)
    return {**named, "type": "measurement", **measured, **most, "judges": _JUDGES}


def _aspect_title(aspect: CisAspect) -> dict[str, str]:
    text = aspect.text
    is_measured = aspect.type is AspectType.MEASUREMENT
    if aspect.extra:
        text += _EXTRA + aspect.extra
    if not is_measured or not aspect.requirement or aspect.requirement.casefold() in _UNINFORMATIVE:
        return {"zh": _cut(text)}
    zh, en = f"（要求：{aspect.requirement}）", f" (requirement: {aspect.requirement})"
    return {"zh": _cut(text, zh), "en": _cut(text, en)}


def _cut(text: str, ending: str = "") -> str:
    """As much as a title holds, with a mark where something was cut; what ends it is never cut."""
    ending = ending[: TITLE_LENGTH // 2]
    room = TITLE_LENGTH - len(ending)
    return (text if len(text) <= room else text[: room - 1] + "…") + ending
