"""Reads the team ranking of a rule set: every problem with its path and a sentence."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from competition.rules import awards_reading
from competition.rules.awards import AwardRule
from competition.rules.awards_reading import Nodes, ids
from competition.rules.awards_schema import MOST_AWARDS, MOST_PLACES, MOST_TEAM_HONOURS
from competition.rules.numbers import NumberRefused, read_number
from competition.rules.ranking import Direction
from competition.rules.ranking_schema import MOST_COMPARATORS, MOST_MEMBERS, MOST_PLACES_WITH_POINTS
from competition.rules.reading import Reader
from competition.rules.sentences import sentence
from competition.rules.teams import (
    TeamBy,
    TeamCombine,
    TeamComparator,
    TeamHonour,
    TeamRule,
    TeamValue,
    Unit,
)
from competition.rules.titles import Title

_CONDITIONS = ("places", "awards", "at_least", "passed")
_KINDS = ("combine", "points_by_place", "points_by_award", "ranks")
_KEYS = {
    "combine": ("combine", "count"),
    "points_by_place": ("points_by_place", "count"),
    "points_by_award": ("points_by_award", "passed", "otherwise", "zero", "count"),
    "ranks": ("ranks", "count"),
}
_NO_POINTS: Mapping[str, Fraction] = MappingProxyType({})
_UNTITLED = Title("团体总分", "Team ranking")


class _Combine(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    BEST = "best"


class _Ranks(StrEnum):
    SUM = "sum"


class _Zero(StrEnum):
    RANKED = "ranked"
    UNRANKED = "unranked"


def read(
    reader: Reader, known: Nodes | None, awards: Collection[str], direction: Direction
) -> TeamRule | None:
    """The team ranking, or None where there is none.

    `known` are the nodes of the marking scheme (None: it could not be read), `awards` the awards of entrants that points
    may be given for, `direction` is which end of the members' own results comes first.
    """
    rule = reader.inside("teams")
    if rule is None:
        return None
    rule.only("title", "by", "value", "minimum", "ranking", "awards", "honours")
    unit = rule.choice("by", Unit)
    inner = rule.inside("value", required=True)
    value = None if inner is None else _value(inner, awards, direction)
    title = rule.title() if rule.has("title") else _UNTITLED
    minimum = rule.whole("minimum", low=1, high=MOST_MEMBERS, default=1) or 1
    ranking = _ranking(rule, known, value)
    own = awards_reading.read(rule, known, of_teams=True)
    honours = tuple(_honours(rule, known, own, value))
    if unit is None or value is None:
        return None
    if value.count is not None and value.count < minimum:
        rule.note(
            "minimum",
            sentence(
                "At least %(minimum)s members are needed, but only %(count)s count.",
                minimum=minimum,
                count=value.count,
            ),
        )
    return TeamRule(title, unit, value, minimum, ranking, own, honours)


def _honours(
    rule: Reader, known: Nodes | None, awards: AwardRule | None, value: TeamValue | None
) -> Iterator[TeamHonour]:
    """The honours of teams; `awards` are the awards of teams."""
    given = set() if awards is None else {award.id for award in awards.every}
    taken = set(given)
    for each in rule.objects("honours", most=MOST_TEAM_HONOURS):
        each.only("id", "title", *_CONDITIONS)
        if not any(each.has(key) for key in _CONDITIONS):
            each.note(
                None,
                sentence("One of these must say who receives it: %(known)s.", known=", ".join(_CONDITIONS)),
            )
        name, won = each.identifier("id"), ids(each, "awards", most=MOST_AWARDS + 1)
        if name and name in taken:
            each.note("id", sentence("The identifier “%(id)s” is used twice.", id=name))
        taken.add(name)
        for award in won:
            if award not in given:
                each.note("awards", sentence("Teams receive no award “%(id)s” here.", id=award))
        least = each.number("at_least") if each.has("at_least") else None
        if least is not None and value is not None and value.direction is Direction.ASC:
            each.note("at_least", sentence("The lower value comes first here: at least so much is worse."))
        passed = each.yes("passed")
        if passed and known is not None and all(node.pass_mark is None for node in known.values()):
            each.note("passed", sentence("Nothing in the marking scheme has a pass mark to be reached."))
        places = each.whole("places", low=1, high=MOST_PLACES)
        yield TeamHonour(name, each.title(), places, won, least, passed)


def _value(value: Reader, awards: Collection[str], direction: Direction) -> TeamValue | None:
    named = [kind for kind in _KINDS if value.has(kind)]
    if len(named) != 1:
        value.note(
            None, sentence("Exactly one of these is expected here: %(known)s.", known=", ".join(_KINDS))
        )
        return None
    kind = named[0]
    value.only(*_KEYS[kind])
    count = value.whole("count", low=1, high=MOST_MEMBERS)
    if kind == "ranks":
        return TeamValue(TeamCombine.RANKS, Direction.ASC, count) if value.choice("ranks", _Ranks) else None
    if kind == "points_by_place":
        return TeamValue(TeamCombine.POINTS_BY_PLACE, count=count, by_place=_by_place(value))
    if kind == "points_by_award":
        return TeamValue(
            TeamCombine.POINTS_BY_AWARD,
            count=count,
            by_award=_by_award(value, awards),
            passed=value.number("passed") or Fraction(0),
            otherwise=value.number("otherwise") or Fraction(0),
            zero_is_ranked=value.choice("zero", _Zero, _Zero.RANKED) is not _Zero.UNRANKED,
        )
    combine = value.choice("combine", _Combine)
    if combine is None:
        return None
    return TeamValue(
        TeamCombine(combine.value), direction, count or (1 if combine is _Combine.BEST else None)
    )


def _by_place(value: Reader) -> tuple[Fraction, ...]:
    points: list[Fraction] = []
    for path, raw in value.items("points_by_place", most=MOST_PLACES_WITH_POINTS, least=1):
        try:
            points.append(read_number(raw))
        except NumberRefused as refused:
            value.notebook.note(path, refused.sentence)
    if any(after > before for before, after in pairwise(points)):
        value.note("points_by_place", sentence("A later place brings more points than the one before it."))
    return tuple(points)


def _by_award(value: Reader, awards: Collection[str]) -> Mapping[str, Fraction]:
    points = value.inside("points_by_award")
    if points is None:
        return _NO_POINTS
    if not points.members:
        points.note(None, sentence("No award brings points here."))
    found: dict[str, Fraction] = {}
    for award in map(str, points.members):
        if award not in awards:
            points.note(award[:40], sentence("This rule set gives no award “%(id)s”.", id=award[:40]))
        elif (number := points.number(award)) is not None:
            found[award] = number
    return MappingProxyType(found)


def _ranking(
    rule: Reader, known: Collection[str] | None, value: TeamValue | None
) -> tuple[TeamComparator, ...]:
    usual = Direction.DESC if value is None else value.direction
    if not rule.has("ranking"):
        return (TeamComparator(TeamBy.VALUE, usual),)
    found: list[TeamComparator] = []
    for step in rule.objects("ranking", most=MOST_COMPARATORS, least=1):
        by = step.choice("by", TeamBy)
        if by is None:
            continue
        comparator = _comparator(step, by, known, usual)
        if any((each.by, each.node) == (comparator.by, comparator.node) for each in found):
            step.note("by", sentence("This is compared twice; the second time decides nothing."))
        found.append(comparator)
    return tuple(found)


def _comparator(step: Reader, by: TeamBy, known: Collection[str] | None, usual: Direction) -> TeamComparator:
    if by is not TeamBy.NODE:
        step.only("by")
        direction = {TeamBy.VALUE: usual, TeamBy.BEST_MEMBER: Direction.ASC}.get(by, Direction.DESC)
        return TeamComparator(by, direction)
    step.only("by", "node", "direction")
    node = step.identifier("node")
    if node and known is not None and node not in known:
        step.note("node", sentence("The marking scheme has no “%(id)s” to rank by.", id=node))
    return TeamComparator(by, step.choice("direction", Direction, Direction.DESC) or Direction.DESC, node)
