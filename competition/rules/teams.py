"""Teams and delegations: a value from the results of the members, and places by comparators of their own.

Source: docs/sources.md, domain §7.2 (sum of three members, then practice, then time; 8, 4, 2 points for prizes and 1 for
who passed everything; the formula of a delegation total is seldom published, so it is data here), judging §2.3.
Assumptions: who shares a place receives the points of that place in full; a team one of whose members still misses
marks has no value yet; members who were absent, withdrew or were disqualified bring nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from competition.rules.awards import AwardRule
from competition.rules.comparisons import in_words
from competition.rules.numbers import spelled
from competition.rules.ranking import Direction, Values, split
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

_ZERO = Fraction(0)
_LAST = 1_000_000_000
_MOST_NAMES = 20


class Unit(StrEnum):
    """What is ranked: the teams that entrants belong to, or their delegations."""

    TEAM = "team"
    DELEGATION = "delegation"


class TeamCombine(StrEnum):
    """How a team's value is made of what its members bring."""

    SUM = "sum"
    MEAN = "mean"
    BEST = "best"
    POINTS_BY_PLACE = "points_by_place"
    POINTS_BY_AWARD = "points_by_award"
    RANKS = "ranks"


class TeamBy(StrEnum):
    """What a comparator of teams compares."""

    VALUE = "value"
    NODE = "node"
    BEST_MEMBER = "best_member"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class TeamValue:
    """What members bring and how it becomes one value.

    `count` is how many of the members count, the best first (None: all of them). `direction` says which members are
    the best and which team value comes first.
    """

    combine: TeamCombine
    direction: Direction = Direction.DESC
    count: int | None = None
    by_place: tuple[Fraction, ...] = ()
    by_award: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    passed: Fraction = _ZERO
    otherwise: Fraction = _ZERO
    zero_is_ranked: bool = True


@dataclass(frozen=True, slots=True)
class TeamComparator:
    """One step of the ranking of teams."""

    by: TeamBy
    direction: Direction
    node: str = ""


@dataclass(frozen=True, slots=True)
class TeamHonour:
    """An honour of teams and its conditions; all of those that are stated must be fulfilled.

    `places` is the last place, `awards` the awards of teams of which one must be won, `at_least` the least value;
    `passed`: every member who came has a place and reaches every pass mark.
    """

    id: str
    title: Title
    places: int | None = None
    awards: tuple[str, ...] = ()
    at_least: Fraction | None = None
    passed: bool = False


@dataclass(frozen=True, slots=True)
class TeamRule:
    """How teams are valued and ranked, and what they receive; with fewer than `minimum` members who bring something there
    is no place."""

    title: Title
    by: Unit
    value: TeamValue
    minimum: int
    ranking: tuple[TeamComparator, ...]
    awards: AwardRule | None = None
    honours: tuple[TeamHonour, ...] = ()

    @property
    def is_known_before_awards(self) -> bool:
        """Whether teams can be ranked while nobody has an award yet."""
        return self.value.combine is not TeamCombine.POINTS_BY_AWARD


@dataclass(frozen=True, slots=True)
class Member:
    """The result of one entrant, as the team sees it. `is_open`: takes part, and marks are still missing."""

    entrant: str
    team: str
    value: Fraction | None
    place: int | None
    award: str | None = None
    has_passed: bool = True
    is_open: bool = False
    is_present: bool = True
    order: int | None = None
    values: Mapping[str, Fraction | None] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class TeamLine:
    """The result of one team: `counted` are the members who count, the best first; `working` says how and why; `award` is
    what it receives as a team."""

    team: str
    value: Fraction | None
    place: int | None
    shared: bool
    counted: tuple[str, ...]
    working: tuple[Sentence, ...]
    award: str | None = None


@dataclass(frozen=True, slots=True)
class _Team:
    """A team being ranked: all members, those who count, and what they bring."""

    name: str
    members: tuple[Member, ...]
    counted: tuple[tuple[Member, Fraction], ...]
    value: Fraction | None


def team_table(
    members: Iterable[Member], rule: TeamRule, titles: Mapping[str, Title] = MappingProxyType({})
) -> tuple[TeamLine, ...]:
    """The teams with their values and places, best first; teams without a place stand last. `titles` name the nodes.

    A member is one result of one entrant, so the members of a delegation may come from several events. Who belongs to
    no team is left out. Equal in every comparator is an equal place: 1, 2, 2, 4.
    """
    by_team: defaultdict[str, list[Member]] = defaultdict(list)
    for member in sorted(members, key=lambda each: each.entrant):
        if member.team:
            by_team[member.team].append(member)
    teams = [_team(name, by_team[name], rule.value) for name in sorted(by_team)]
    ranked = [team for team in teams if _refusal(team, rule) is None]
    groups = [ranked] if ranked else []
    for comparator in rule.ranking:
        groups = [part for group in groups for part in _split(group, comparator)]
    unranked = [team for team in teams if _refusal(team, rule) is not None]
    return (*_placed(groups, rule, titles), *(_without_place(team, rule) for team in unranked))


def _placed(
    groups: Sequence[Sequence[_Team]], rule: TeamRule, titles: Mapping[str, Title]
) -> Iterator[TeamLine]:
    place = 1
    for index, group in enumerate(groups):
        above = groups[index - 1][0] if index else None
        for team in group:
            why = _decided(above, team, rule, titles) if above else ()
            line = _line(team, rule)
            yield replace(line, place=place, shared=len(group) > 1, working=(*line.working, *why))
        place += len(group)


def _without_place(team: _Team, rule: TeamRule) -> TeamLine:
    line, refusal = _line(team, rule), _refusal(team, rule)
    return replace(line, working=(*line.working, *((refusal,) if refusal else ())))


def _line(team: _Team, rule: TeamRule) -> TeamLine:
    counted = tuple(member.entrant for member, _ in team.counted)
    return TeamLine(team.name, team.value, None, False, counted, tuple(_working(team, rule.value)))


def _team(name: str, members: Sequence[Member], rule: TeamValue) -> _Team:
    brought = [(member, value) for member in members if (value := _brought(member, rule)) is not None]
    sign = 1 if rule.direction is Direction.ASC else -1
    brought.sort(
        key=lambda pair: (
            sign * pair[1],
            _LAST if pair[0].order is None else pair[0].order,
            pair[0].place or _LAST,
            pair[0].entrant,
        )
    )
    counted = tuple(brought if rule.count is None else brought[: rule.count])
    is_open = any(member.is_open for member in members)
    return _Team(name, tuple(members), counted, None if is_open or not counted else _value(counted, rule))


def _brought(member: Member, rule: TeamValue) -> Fraction | None:
    """What this member brings to the team; None for nothing at all, which is less than 0 points."""
    if rule.combine in (TeamCombine.SUM, TeamCombine.MEAN, TeamCombine.BEST):
        return member.value
    if member.place is None:
        return None
    if rule.combine is TeamCombine.RANKS:
        return Fraction(member.place)
    if rule.combine is TeamCombine.POINTS_BY_PLACE:
        return rule.by_place[member.place - 1] if member.place <= len(rule.by_place) else _ZERO
    if member.award is not None and member.award in rule.by_award:
        return rule.by_award[member.award]
    return rule.passed if member.has_passed else rule.otherwise


def _value(counted: Sequence[tuple[Member, Fraction]], rule: TeamValue) -> Fraction:
    total = sum((value for _, value in counted), _ZERO)
    return total / len(counted) if rule.combine is TeamCombine.MEAN else total


def _refusal(team: _Team, rule: TeamRule) -> Sentence | None:
    """Why this team has no place, or None."""
    bringing = sum(_brought(member, rule.value) is not None for member in team.members)
    if missing := [member.entrant for member in team.members if member.is_open]:
        return sentence(
            "%(team)s has no place yet: marks of %(members)s are missing.",
            team=team.name,
            members=_listed(missing),
        )
    if bringing < rule.minimum or team.value is None:
        return sentence(
            "%(team)s has no place: %(given)s of at least %(minimum)s members have a result.",
            team=team.name,
            given=bringing,
            minimum=rule.minimum,
        )
    if not rule.value.zero_is_ranked and not team.value:
        return sentence("%(team)s has no place: a value of 0 is not ranked.", team=team.name)
    return None


# What teams are compared by.


def _split(group: list[_Team], comparator: TeamComparator) -> list[list[_Team]]:
    if comparator.by is TeamBy.PLACES:
        deepest = max((member.place or 0 for team in group for member in team.members), default=0)
        return split(group, lambda team: _how_often(team, deepest), comparator.direction)
    return split(group, lambda team: _compared(team, comparator), comparator.direction)


def _compared(team: _Team, comparator: TeamComparator) -> Values:
    match comparator.by:
        case TeamBy.VALUE:
            return (team.value,)
        case TeamBy.NODE:
            return (_sum_of(team, comparator.node),)
        case TeamBy.BEST_MEMBER:
            return (*map(Fraction, _places(team)), None)
        case TeamBy.PLACES:
            return _how_often(team, max(_places(team), default=0))


def _sum_of(team: _Team, node: str) -> Fraction | None:
    """The values of the node of those who count, added up; None where one of them has none."""
    values = [member.values.get(node) for member, _ in team.counted]
    known = [value for value in values if value is not None]
    return sum(known, _ZERO) if known and len(known) == len(values) else None


def _places(team: _Team) -> list[int]:
    return sorted(member.place for member in team.members if member.place is not None)


def _how_often(team: _Team, deepest: int) -> Values:
    """How many first places, second places and so on."""
    often = Counter(_places(team))
    return tuple(Fraction(often[place]) for place in range(1, deepest + 1))


# The working.


def _working(team: _Team, rule: TeamValue) -> Iterator[Sentence]:
    if rule.count is not None and team.counted:
        yield sentence(
            "%(counted)s of %(given)s members count, the best first: %(members)s.",
            counted=len(team.counted),
            given=len(team.members),
            members=_listed([member.entrant for member, _ in team.counted]),
        )
    if team.value is not None:
        yield _said(team.counted, rule, team.value)


def _said(counted: Sequence[tuple[Member, Fraction]], rule: TeamValue, value: Fraction) -> Sentence:
    shown = [f"{spelled(each)} ({member.entrant})" for member, each in counted]
    terms = " + ".join(shown[:_MOST_NAMES]) + (" + …" if len(shown) > _MOST_NAMES else "")
    match rule.combine:
        case TeamCombine.MEAN:
            return sentence(
                "Mean of %(count)s members: (%(parts)s) ÷ %(count)s = %(value)s.",
                count=len(counted),
                parts=terms,
                value=spelled(value),
            )
        case TeamCombine.RANKS:
            return sentence("Sum of the places: %(parts)s = %(value)s.", parts=terms, value=spelled(value))
        case TeamCombine.POINTS_BY_PLACE:
            return sentence("Points for places: %(parts)s = %(value)s.", parts=terms, value=spelled(value))
        case TeamCombine.POINTS_BY_AWARD:
            return sentence("Points for awards: %(parts)s = %(value)s.", parts=terms, value=spelled(value))
        case TeamCombine.SUM | TeamCombine.BEST:
            return sentence("Sum of the members: %(parts)s = %(value)s.", parts=terms, value=spelled(value))


def _decided(above: _Team, team: _Team, rule: TeamRule, titles: Mapping[str, Title]) -> tuple[Sentence, ...]:
    """What put this team behind the one above: the first comparator that tells them apart."""
    for comparator in rule.ranking:
        if len(_split([above, team], comparator)) > 1:
            return (_named(above, team, comparator, titles.get(comparator.node, comparator.node)),)
    return ()


def _named(above: _Team, team: _Team, comparator: TeamComparator, node: Title | str) -> Sentence:
    said: dict[str, object] = {"team": team.name, "other": above.name}
    match comparator.by:
        case TeamBy.VALUE | TeamBy.NODE:
            own, theirs = _compared(team, comparator)[0], _compared(above, comparator)[0]
            said |= {"own": in_words(own), "theirs": in_words(theirs), "node": node}
            if comparator.by is TeamBy.VALUE:
                return sentence("%(team)s is behind %(other)s: %(own)s against %(theirs)s.", **said)
            return sentence(
                "%(team)s is behind %(other)s by %(node)s added up: %(own)s against %(theirs)s.", **said
            )
        case TeamBy.BEST_MEMBER:
            said |= {"own": _listed(_places(team)), "theirs": _listed(_places(above))}
            return sentence(
                "%(team)s is behind %(other)s by the places of the best members: %(own)s against %(theirs)s.",
                **said,
            )
        case TeamBy.PLACES:
            said |= {"own": _listed(_places(team)), "theirs": _listed(_places(above))}
            return sentence(
                "%(team)s is behind %(other)s by the number of first places, then second and so on:"
                " places %(own)s against %(theirs)s.",
                **said,
            )


def _listed(found: Sequence[object]) -> str:
    return ", ".join(map(str, found[:_MOST_NAMES])) + (" …" if len(found) > _MOST_NAMES else "")
