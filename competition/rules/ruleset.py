"""The rule set of an event: one JSON document that says how marks become totals, places, awards and advancement.

Format "skillsladder.ruleset/1"; additions keep the number, a change of meaning gets a new one. `problems` finds
everything that is wrong with a document, `parse` turns a sound one into frozen values. Source of the model: docs/sources.md, judging
§1 and §4, domain §5 and §7; the published JSON Schema is `SCHEMA`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

from competition.rules.advancement import TiesAtTheLine
from competition.rules.awards import (
    Award,
    AwardModel,
    AwardRule,
    AwardTies,
    Denominator,
)
from competition.rules.eligibility import condition_problems
from competition.rules.numbers import RoundingMode, spelled
from competition.rules.ranking import Comparator, Direction, Ties
from competition.rules.reading import (
    DocumentInvalid,
    Notebook,
    Problem,
    Reader,
    object_at,
)
from competition.rules.ruleset_schema import (
    FORMAT,
    MOST_AWARDS,
    MOST_COMPARATORS,
    MOST_CONDITIONS,
    MOST_RESERVES,
    SCHEMA,
    SOURCE_LENGTH,
)
from competition.rules.schema import FRACTION_PATTERN
from competition.rules.scheme import Aspect, Branch, Group, walk
from competition.rules.scheme_reading import SchemeReader
from competition.rules.sentences import sentence
from competition.rules.titles import Title

__all__ = [
    "FORMAT",
    "SCHEMA",
    "Problem",
    "RuleSet",
    "RuleSetInvalid",
    "parse",
    "problems",
]

_FRACTION = re.compile(FRACTION_PATTERN.strip("^$"))
_DISPLAY_DIGITS = 2
_AMOUNT_KEYS = {
    AwardModel.COUNTS: ("count",),
    AwardModel.PERCENT: ("percent",),
    AwardModel.BANDS: ("from", "to"),
    AwardModel.TOP_FRACTION: ("fraction",),
}


class RuleSetInvalid(DocumentInvalid):
    """A rule set that cannot be used; `problems` names everything that is wrong with it."""


class OwnDelegation(StrEnum):
    """Whether a judge may mark an entrant of the own delegation (judging §1.4: a switch, shipped as forbidden)."""

    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class AdvancementRule:
    """How the next tier is filled at the line, and how many reserves are named behind it."""

    ties: TiesAtTheLine = TiesAtTheLine.ALL
    reserves: int = 0


@dataclass(frozen=True)
class RuleSet:
    """A rule set without problems."""

    title: Title
    source: str
    scheme: Group
    ranking: tuple[Comparator, ...]
    ties: Ties
    awards: AwardRule | None
    advancement: AdvancementRule
    blind_layers: int
    own_delegation: OwnDelegation
    eligibility: tuple[Mapping[str, object], ...]
    display_digits: int

    @cached_property
    def nodes(self) -> Mapping[str, Branch]:
        """Every group and aspect by identifier, top down."""
        return MappingProxyType({branch.id: branch for branch in walk(self.scheme)})

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """What is marked, in the order of the document."""
        return tuple(branch for branch in walk(self.scheme) if isinstance(branch, Aspect))

    @cached_property
    def pass_marked(self) -> tuple[Branch, ...]:
        """The nodes that must be passed."""
        return tuple(branch for branch in self.nodes.values() if branch.pass_mark is not None)

    @cached_property
    def ranked_by(self) -> frozenset[str]:
        return frozenset(comparator.node for comparator in self.ranking)


def problems(document: object) -> tuple[Problem, ...]:
    """Everything that is wrong with this rule set, in document order; empty means it can be used. Never raises."""
    return read(document, "")[1]


def parse(document: object) -> RuleSet:
    """The rule set of a sound document. Raises RuleSetInvalid with all problems of any other."""
    ruleset, found = read(document, "")
    if ruleset is None:
        raise RuleSetInvalid(found)
    return ruleset


def read(document: object, path: str) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    """The rule set at this place of a document, or None, and the problems found there."""
    notebook = Notebook()
    reader = object_at(document, path, notebook)
    ruleset = _read(reader) if reader is not None else None
    found = tuple(notebook.problems)
    return (None if found else ruleset), found


def _read(reader: Reader) -> RuleSet | None:
    reader.only(
        "format",
        "title",
        "source",
        "scheme",
        "ranking",
        "awards",
        "advancement",
        "draw",
        "panel",
        "eligibility",
        "display",
    )
    if reader.require("format") and reader.members["format"] != FORMAT:
        reader.note("format", sentence("The format must be “%(format)s”.", format=FORMAT))
    title, source = reader.title(), reader.text("source", most=SOURCE_LENGTH)
    scheme = _scheme(reader)
    ranking, ties = _ranking(reader, scheme)
    awards, advancement = _awards(reader), _advancement(reader)
    blind_layers = _whole_of(reader, "draw", "blind_layers", high=1, default=0)
    own_delegation = _own_delegation(reader)
    digits = _whole_of(reader, "display", "digits", high=8, default=_DISPLAY_DIGITS)
    eligibility = _eligibility(reader)
    if scheme is None:
        return None
    return RuleSet(
        title,
        source,
        scheme,
        ranking,
        ties,
        awards,
        advancement,
        blind_layers,
        own_delegation,
        eligibility,
        digits,
    )


def _scheme(reader: Reader) -> Group | None:
    root = reader.inside("scheme", required=True)
    if root is None:
        return None
    scheme_reader = SchemeReader()
    before = len(reader.notebook.problems)
    tree = scheme_reader.read(root)
    if tree is not None and len(reader.notebook.problems) == before:
        scheme_reader.check(root, tree)
    return tree


def _ranking(reader: Reader, scheme: Group | None) -> tuple[tuple[Comparator, ...], Ties]:
    ranking = reader.inside("ranking")
    if ranking is None:
        by_total = () if scheme is None else (Comparator(scheme.id, Direction.DESC),)
        return by_total, Ties.SHARED
    ranking.only("by", "ties")
    known = None if scheme is None else {branch.id for branch in walk(scheme)}
    comparators: list[Comparator] = []
    for step in ranking.objects("by", most=MOST_COMPARATORS, least=1, required=True):
        step.only("node", "direction")
        node = step.identifier("node")
        direction = step.choice("direction", Direction, Direction.DESC) or Direction.DESC
        if node and known is not None and node not in known:
            step.note(
                "node",
                sentence("The marking scheme has no “%(id)s” to rank by.", id=node),
            )
        if any(node == comparator.node for comparator in comparators):
            step.note(
                "node",
                sentence(
                    "“%(id)s” is compared twice; the second time decides nothing.",
                    id=node,
                ),
            )
        comparators.append(Comparator(node, direction))
    return tuple(comparators), ranking.choice("ties", Ties, Ties.SHARED) or Ties.SHARED


def _awards(reader: Reader) -> AwardRule | None:
    rule = reader.inside("awards")
    if rule is None:
        return None
    rule.only("model", "awards", "denominator", "rounding", "ties", "merit")
    model = rule.choice("model", AwardModel)
    if model is None:
        return None
    awards = tuple(
        _award(award, model) for award in rule.objects("awards", most=MOST_AWARDS, least=1, required=True)
    )
    merit = _merit(rule)
    if model in (AwardModel.PERCENT, AwardModel.TOP_FRACTION) or merit is not None:
        rule.require("denominator")
        rule.require("rounding")
    _check_awards(rule, model, awards, merit)
    return AwardRule(
        model=model,
        awards=awards,
        denominator=rule.choice("denominator", Denominator, Denominator.PRESENT) or Denominator.PRESENT,
        rounding=rule.choice("rounding", RoundingMode, RoundingMode.HALF_UP) or RoundingMode.HALF_UP,
        ties=rule.choice("ties", AwardTies, AwardTies.ALL) or AwardTies.ALL,
        merit=merit,
    )


def _award(reader: Reader, model: AwardModel) -> Award:
    reader.only("id", "title", *_AMOUNT_KEYS[model])
    award_id, title = reader.identifier("id"), reader.title()
    amount, first, last = Fraction(0), 0, 0
    match model:
        case AwardModel.COUNTS:
            amount = Fraction(_place(reader, "count"))
        case AwardModel.PERCENT:
            amount = reader.number("percent", above=0, high=100, required=True) or amount
        case AwardModel.TOP_FRACTION:
            amount = _fraction(reader)
        case AwardModel.BANDS:
            first, last = _place(reader, "from"), _place(reader, "to")
            if first and last and first > last:
                reader.note(
                    None,
                    sentence("The band is the wrong way round: it starts after its end."),
                )
    return Award(award_id, title, amount, first, last)


def _place(reader: Reader, key: str) -> int:
    return reader.whole(key, low=1, high=1_000_000, required=True) or 0


def _fraction(reader: Reader) -> Fraction:
    if not reader.require("fraction"):
        return Fraction(0)
    raw = reader.members["fraction"]
    value = Fraction(raw) if isinstance(raw, str) and _FRACTION.fullmatch(raw) else None
    if value is None or value > 1:
        reader.note(
            "fraction",
            sentence("A fraction such as “1/2”, not above 1, is expected here."),
        )
        return Fraction(0)
    return value


def _merit(rule: Reader) -> Award | None:
    merit = rule.inside("merit")
    if merit is None:
        return None
    merit.only("id", "title", "fraction")
    return Award(merit.identifier("id"), merit.title(), _fraction(merit))


def _check_awards(rule: Reader, model: AwardModel, awards: tuple[Award, ...], merit: Award | None) -> None:
    names = [award.id for award in (*awards, *((merit,) if merit else ()))]
    for name in {name for name in names if name and names.count(name) > 1}:
        rule.note("awards", sentence("The identifier “%(id)s” is used twice.", id=name))
    share = sum((award.amount for award in awards), Fraction(0))
    if model is AwardModel.PERCENT and share > 100:
        rule.note(
            "awards",
            sentence("The awards make %(sum)s percent of the entrants.", sum=spelled(share)),
        )
    if model is AwardModel.BANDS and any(after.first <= before.last for before, after in pairwise(awards)):
        rule.note("awards", sentence("The bands overlap or are not in order."))
    if model is AwardModel.TOP_FRACTION and any(
        after.amount <= before.amount for before, after in pairwise(awards)
    ):
        rule.note(
            "awards",
            sentence("The fractions must grow from award to award: each is a line below the one before."),
        )


def _advancement(reader: Reader) -> AdvancementRule:
    rule = reader.inside("advancement")
    if rule is None:
        return AdvancementRule()
    rule.only("ties", "reserves")
    ties = rule.choice("ties", TiesAtTheLine, TiesAtTheLine.ALL) or TiesAtTheLine.ALL
    return AdvancementRule(ties, rule.whole("reserves", low=0, high=MOST_RESERVES, default=0) or 0)


def _whole_of(reader: Reader, part: str, key: str, *, high: int, default: int) -> int:
    inner = reader.inside(part)
    if inner is None:
        return default
    inner.only(key)
    value = inner.whole(key, low=0, high=high, default=default)
    return default if value is None else value


def _own_delegation(reader: Reader) -> OwnDelegation:
    inner = reader.inside("panel")
    if inner is None:
        return OwnDelegation.FORBIDDEN
    inner.only("own_delegation")
    return inner.choice("own_delegation", OwnDelegation, OwnDelegation.FORBIDDEN) or OwnDelegation.FORBIDDEN


def _eligibility(reader: Reader) -> tuple[Mapping[str, object], ...]:
    """The conditions of eligibility as they stand; `rules.eligibility` knows what their kinds mean."""
    conditions = reader.items("eligibility", most=MOST_CONDITIONS)
    for path, problem in condition_problems([condition for _, condition in conditions]):
        reader.notebook.note(f"{reader.at('eligibility')}{path}", problem)
    return tuple(condition for _, condition in conditions if isinstance(condition, Mapping))
