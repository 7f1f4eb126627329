"""Reads the award part of a rule set: every problem with its path and a sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from competition.rules.awards import (
    Award,
    AwardModel,
    AwardRule,
    AwardTies,
    Denominator,
    Ineligible,
    Requirement,
    SmallField,
)
from competition.rules.awards_schema import (
    MEDALS,
    MOST_AWARDS,
    MOST_FIELDS,
    MOST_PARTS,
    MOST_PLACES,
    MOST_REQUIREMENTS,
)
from competition.rules.medals import Medallion, MedalRule
from competition.rules.numbers import RoundingMode, spelled
from competition.rules.reading import Reader
from competition.rules.scheme import Branch
from competition.rules.sentences import sentence

Nodes = Mapping[str, Branch]
"""The nodes of the marking scheme by identifier; None stands for a scheme that could not be read."""

_WINDOW = Fraction(2)
_AMOUNT_KEYS: Mapping[AwardModel, tuple[str, ...]] = MappingProxyType(
    {
        AwardModel.COUNTS: ("count",),
        AwardModel.PERCENT: ("percent",),
        AwardModel.BANDS: ("from", "to"),
        AwardModel.TOP_FRACTION: ("fraction",),
        AwardModel.RATIO: ("parts",),
        AwardModel.MEDALS: (),
    }
)
_OF_A_SHARE = frozenset({AwardModel.PERCENT, AwardModel.TOP_FRACTION, AwardModel.RATIO})
_TEAM_KEYS = ("rounding", "ties")
_OWN_KEYS = (*_TEAM_KEYS, "requires")
_MEDAL_KEYS = ("node", "scale", "window", "rounded", "digits", "medallion")


def read(
    reader: Reader,
    known: Nodes | None,
    scales: Mapping[str, int] = MappingProxyType({}),
    digits: int = 2,
    *,
    of_teams: bool = False,
) -> AwardRule | None:
    """The award rule of this rule set, or None where it gives none (or has problems, which are noted).

    `known` are the nodes of the marking scheme (None: it could not be read), `scales` the scales of the rule set with
    their digits, `digits` those that the rule set shows to people: scores of medals are compared as they are published.
    `of_teams`: awards of ranked teams, who are all eligible; neither windows of scores nor values of nodes are theirs.
    """
    rule = reader.inside("awards")
    if rule is None:
        return None
    model = rule.choice("model", AwardModel)
    if model is None:
        return None
    if of_teams and model is AwardModel.MEDALS:
        rule.note(
            "model", sentence("Medals with windows are drawn on scores of entrants; teams receive none.")
        )
        return None
    rule.only(
        "model",
        "awards",
        "denominator",
        "rounding",
        "ties",
        "merit",
        "field",
        *(() if of_teams else ("ineligible",)),
        *(("share",) if model is AwardModel.RATIO else ()),
        *(_MEDAL_KEYS if model is AwardModel.MEDALS else ()),
    )
    least, most = (MEDALS, MEDALS) if model is AwardModel.MEDALS else (1, MOST_AWARDS)
    awards = tuple(
        _award(award, model, known, of_teams=of_teams)
        for award in rule.objects("awards", most=most, least=least, required=True)
    )
    merit = _merit(rule, known, of_teams=of_teams)
    if model in _OF_A_SHARE or merit is not None:
        rule.require("denominator")
        rule.require("rounding")
    share = rule.number("share", above=0, high=100, required=True) if model is AwardModel.RATIO else None
    medals = _medals(rule, known, scales, digits) if model is AwardModel.MEDALS else None
    field = tuple(_field(rule))
    read = AwardRule(
        model=model,
        awards=awards,
        denominator=rule.choice("denominator", Denominator, Denominator.PRESENT) or Denominator.PRESENT,
        rounding=rule.choice("rounding", RoundingMode, RoundingMode.HALF_UP) or RoundingMode.HALF_UP,
        ties=rule.choice("ties", AwardTies, AwardTies.ALL) or AwardTies.ALL,
        merit=merit,
        ineligible=rule.choice("ineligible", Ineligible, Ineligible.MOVE_UP) or Ineligible.MOVE_UP,
        field=field,
        share=share or Fraction(0),
        medals=medals,
    )
    _check(rule, read)
    return read


def ids(reader: Reader, key: str, *, most: int, least: int = 1, required: bool = False) -> tuple[str, ...]:
    """A list of identifiers, each of them once."""
    found: list[str] = []
    for index, (_, raw) in enumerate(reader.items(key, most=most, least=least, required=required)):
        one = Reader({str(index): raw}, reader.at(key), reader.notebook)
        name = one.identifier(str(index))
        if name and name in found:
            one.note(str(index), sentence("“%(id)s” is named twice here.", id=name))
        found.append(name)
    return tuple(name for name in found if name)


def minimum_at(reader: Reader, known: Nodes | None) -> Requirement:
    """“node” and “at_least”: a node of the scheme and a value that can be reached there."""
    node = reader.identifier("node")
    least = reader.number("at_least", required=True)
    if node and known is not None and node not in known:
        reader.note("node", sentence("The marking scheme has no “%(id)s”.", id=node))
    elif node and known is not None and least is not None:
        _check_reachable(reader, known[node], least)
    return Requirement(node, least or Fraction(0))


def _check_reachable(reader: Reader, branch: Branch, least: Fraction) -> None:
    highest = branch.attainable
    if highest is not None and least > highest:
        reader.note(
            "at_least",
            sentence("Nobody can reach this: the highest mark there is %(high)s.", high=spelled(highest)),
        )


def _award(reader: Reader, model: AwardModel, known: Nodes | None, *, of_teams: bool) -> Award:
    own = ("requires",) if model is AwardModel.MEDALS else _TEAM_KEYS if of_teams else _OWN_KEYS
    reader.only("id", "title", *_AMOUNT_KEYS[model], *own)
    award_id, title = reader.identifier("id"), reader.title()
    amount, first, last = Fraction(0), 0, 0
    match model:
        case AwardModel.COUNTS:
            amount = Fraction(_place(reader, "count"))
        case AwardModel.PERCENT:
            amount = reader.number("percent", above=0, high=100, required=True) or amount
        case AwardModel.TOP_FRACTION:
            amount = reader.fraction("fraction")
        case AwardModel.RATIO:
            amount = Fraction(reader.whole("parts", low=1, high=MOST_PARTS, required=True) or 1)
        case AwardModel.BANDS:
            first, last = _place(reader, "from"), _place(reader, "to")
            if first and last and first > last:
                reader.note(None, sentence("The band is the wrong way round: it starts after its end."))
        case AwardModel.MEDALS:
            pass
    return Award(award_id, title, amount, first, last, *_own(reader, known))


def _own(
    reader: Reader, known: Nodes | None
) -> tuple[RoundingMode | None, AwardTies | None, tuple[Requirement, ...]]:
    """What one award has of its own: rounding, ties, requirements."""
    rounding = reader.choice("rounding", RoundingMode) if reader.has("rounding") else None
    ties = reader.choice("ties", AwardTies) if reader.has("ties") else None
    requires = []
    for each in reader.objects("requires", most=MOST_REQUIREMENTS, least=1):
        each.only("node", "at_least")
        requires.append(minimum_at(each, known))
    return rounding, ties, tuple(requires)


def _place(reader: Reader, key: str) -> int:
    return reader.whole(key, low=1, high=MOST_PLACES, required=True) or 0


def _merit(rule: Reader, known: Nodes | None, *, of_teams: bool) -> Award | None:
    merit = rule.inside("merit")
    if merit is None:
        return None
    merit.only("id", "title", "fraction", *(_TEAM_KEYS if of_teams else _OWN_KEYS))
    return Award(merit.identifier("id"), merit.title(), merit.fraction("fraction"), 0, 0, *_own(merit, known))


def _medals(rule: Reader, known: Nodes | None, scales: Mapping[str, int], digits: int) -> MedalRule:
    """On which score the windows are drawn, and how it is cut before it is compared."""
    node, scale = rule.identifier("node", required=False), rule.identifier("scale", required=False)
    if rule.has("node") == rule.has("scale"):
        rule.note(None, sentence("Medal windows are drawn on a “node” or on a “scale”: name one of the two."))
    elif node and known is not None and node not in known:
        rule.note("node", sentence("The marking scheme has no “%(id)s”.", id=node))
    elif scale and scale not in scales:
        rule.note("scale", sentence("The rule set has no scale “%(id)s”.", id=scale))
    if rule.yes("rounded", default=True):
        published = rule.whole("digits", low=0, high=8, default=scales.get(scale, 0) if scale else digits)
    else:
        published = None
        if rule.has("digits"):
            rule.note("digits", sentence("Scores that are not rounded have no digits to be rounded to."))
    window = rule.number("window", low=0) if rule.has("window") else _WINDOW
    return MedalRule(
        node, scale, _WINDOW if window is None else window, published, _medallion(rule, node, known)
    )


def _medallion(rule: Reader, node: str, known: Nodes | None) -> Medallion | None:
    medallion = rule.inside("medallion")
    if medallion is None:
        return None
    medallion.only("id", "title", "at_least")
    least = medallion.number("at_least", required=True)
    if node and known is not None and node in known and least is not None:
        _check_reachable(medallion, known[node], least)
    return Medallion(medallion.identifier("id"), medallion.title(), least or Fraction(0))


def _field(rule: Reader) -> Iterator[SmallField]:
    for row in rule.objects("field", most=MOST_FIELDS):
        row.only("below", "awards")
        yield SmallField(
            _place(row, "below"), ids(row, "awards", most=MOST_AWARDS + 2, least=0, required=True)
        )


# What does not fit together.


def _check(rule: Reader, read: AwardRule) -> None:
    names = [award.id for award in read.every]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        rule.note("awards", sentence("The identifier “%(id)s” is used twice.", id=name))
    _check_shares(rule, read)
    _check_field(rule, read.field, names)
    if read.model is AwardModel.BANDS and any(
        after.first <= before.last for before, after in pairwise(read.awards)
    ):
        rule.note("awards", sentence("The bands overlap or are not in order."))
    if read.model is AwardModel.TOP_FRACTION and any(
        after.amount <= before.amount for before, after in pairwise(read.awards)
    ):
        rule.note(
            "awards",
            sentence("The fractions must grow from award to award: each is a line below the one before."),
        )


def _check_shares(rule: Reader, read: AwardRule) -> None:
    """The awards together are not more than everybody, and the award of merit reaches further down than they do."""
    share = _share_of_awards(read)
    if read.model is AwardModel.PERCENT and share > 1:
        rule.note(
            "awards",
            sentence("The awards make %(sum)s percent of the entrants.", sum=spelled(share * 100)),
        )
    elif read.merit is not None and 0 < read.merit.amount <= share:
        rule.note(
            "merit",
            sentence("Nobody can receive this: the awards above it reach just as far down, or further."),
        )


def _share_of_awards(read: AwardRule) -> Fraction:
    """Which share of the denominator the awards above the award of merit take; 0 where their number is fixed."""
    match read.model:
        case AwardModel.PERCENT:
            return sum((award.amount for award in read.awards), Fraction(0)) / 100
        case AwardModel.TOP_FRACTION:
            return max((award.amount for award in read.awards), default=Fraction(0))
        case AwardModel.RATIO:
            return read.share / 100
        case _:
            return Fraction(0)


def _check_field(rule: Reader, field: Sequence[SmallField], names: Iterable[str]) -> None:
    known = set(names)
    if field:
        rule.require("denominator")
    if any(after.below <= before.below for before, after in pairwise(field)):
        rule.note("field", sentence("The rows must stand in order, the smallest field first."))
    for index, row in enumerate(field):
        for name in row.awards:
            if name not in known:
                path = f"{rule.at('field')}/{index}/awards"
                rule.notebook.note(path, sentence("There is no award “%(id)s”.", id=name))
