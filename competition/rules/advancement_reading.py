"""Reads the advancement part of a rule set: every problem with its path and a sentence."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from competition.rules.advancement import (
    AdvancementModel,
    AdvancementRule,
    CategoryPlaces,
    QuotaRow,
    TiesAtTheLine,
)
from competition.rules.awards import Requirement
from competition.rules.awards_reading import Nodes, ids, minimum_at
from competition.rules.awards_schema import (
    DELEGATION_LENGTH,
    MOST_CATEGORIES,
    MOST_PLACES,
    MOST_QUOTAS,
    MOST_RESERVES,
)
from competition.rules.categories import note_unknown
from competition.rules.numbers import RoundingMode
from competition.rules.reading import Reader
from competition.rules.sentences import sentence

_ZERO = Fraction(0)
_MODEL_KEYS: Mapping[AdvancementModel, tuple[str, ...]] = {
    AdvancementModel.QUOTA: (),
    AdvancementModel.FRACTION: ("fraction", "rounding"),
    AdvancementModel.THRESHOLD: ("node", "at_least"),
}


def read(reader: Reader, known: Nodes | None) -> AdvancementRule:
    """How entrants of this event go on; `known` are the nodes of the marking scheme (None: it could not be read)."""
    rule = reader.inside("advancement")
    if rule is None:
        return AdvancementRule()
    model = rule.choice("model", AdvancementModel, AdvancementModel.QUOTA) or AdvancementModel.QUOTA
    rule.only(
        "model",
        *_MODEL_KEYS[model],
        "most",
        "ties",
        "cap",
        "reserves",
        "delegation_cap",
        "categories",
        "quotas",
    )
    ties = rule.choice("ties", TiesAtTheLine, TiesAtTheLine.ALL) or TiesAtTheLine.ALL
    if model is AdvancementModel.FRACTION:
        rule.require("rounding")
    line = minimum_at(rule, known) if model is AdvancementModel.THRESHOLD else Requirement("", _ZERO)
    return AdvancementRule(
        ties=ties,
        reserves=rule.whole("reserves", low=0, high=MOST_RESERVES, default=0) or 0,
        model=model,
        fraction=rule.fraction("fraction") if model is AdvancementModel.FRACTION else _ZERO,
        rounding=rule.choice("rounding", RoundingMode, RoundingMode.DOWN) or RoundingMode.DOWN,
        node=line.node,
        at_least=line.at_least,
        most=rule.fraction("most") if rule.has("most") else None,
        cap=_cap(rule, ties),
        delegation_cap=rule.whole("delegation_cap", low=1, high=MOST_PLACES),
        categories=tuple(_categories(rule)),
        quotas=tuple(_quotas(rule)),
    )


def _cap(rule: Reader, ties: TiesAtTheLine) -> int | None:
    """The total up to which sharers of the line all go on; it belongs to “cap” alone."""
    if ties is TiesAtTheLine.CAP:
        rule.require("cap")
    elif rule.has("cap"):
        rule.note("cap", sentence("A cap is used only where “ties” is “cap”."))
    return rule.whole("cap", low=1, high=MOST_PLACES)


def _categories(rule: Reader) -> Iterator[CategoryPlaces]:
    taken: set[str] = set()
    for each in rule.objects("categories", most=MOST_CATEGORIES):
        each.only("id", "quota", "categories")
        name = each.identifier("id")
        if name and name in taken:
            each.note("id", sentence("The identifier “%(id)s” is used twice.", id=name))
        taken.add(name)
        quota = each.whole("quota", low=1, high=MOST_PLACES, required=True) or 1
        note_unknown(each, "categories")
        yield CategoryPlaces(name, quota, ids(each, "categories", most=MOST_CATEGORIES, required=True))


def _quotas(rule: Reader) -> Iterator[QuotaRow]:
    taken: set[tuple[str | None, str | None]] = set()
    for row in rule.objects("quotas", most=MOST_QUOTAS):
        row.only("delegation", "category", "quota")
        delegation = row.text("delegation", least=1, most=DELEGATION_LENGTH) or None
        category = row.identifier("category", required=False) or None
        note_unknown(row, "category")
        if not row.has("delegation") and not row.has("category"):
            row.note(None, sentence("A row of the quota table names a delegation, a category, or both."))
        elif (delegation, category) in taken:
            row.note(None, sentence("There is a row for this delegation and category already."))
        taken.add((delegation, category))
        yield QuotaRow(delegation, category, row.whole("quota", low=0, high=MOST_PLACES, required=True) or 0)
