"""Honours of persons, prizes for organisations and coaches, and the running balance of a group among the winners.

Source: docs/sources.md, domain §8.1 and §8.3 (technical expert for the first 5, pairs for the first 3, triples for the
first 2; workers only; a table, not a formula), §8.2 (first of the workers; of a pair the one who is listed first), §7.2
(organisation prizes, coaches of prize winners, the best of each delegation). A place never grants anything by itself:
what is named here is who fulfils the conditions; an authority approves.

Assumptions: the place is the award place where there are awards, otherwise the place; a shared place within the line
counts for all who share it; an honour that one place does not fulfil does not move down, unless the places are counted
among those who fulfil its conditions (`among`: "category").
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from competition.rules.numbers import RoundingMode, spelled, whole_number
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title


class Among(StrEnum):
    """Among whom the places of an honour are counted: everybody, or those who fulfil its conditions."""

    ALL = "all"
    CATEGORY = "category"


class PrizeFor(StrEnum):
    """Who receives a prize besides the entrants themselves."""

    DELEGATION = "delegation"
    COACH = "coach"
    BEST_OF_DELEGATION = "best_of_delegation"


class PrizeBy(StrEnum):
    """What delegations are compared by: their places as teams, how many entrants came, how many awards they won."""

    TEAMS = "teams"
    ENTRIES = "entries"
    AWARDS = "awards"


@dataclass(frozen=True, slots=True)
class Honour:
    """An honour and its conditions; all of those that are stated must be fulfilled.

    `places` is the last place, `by_team_size` the last place for entrants of so many members (other sizes: none),
    `awards` the awards of which one must be won. Of `categories` all are needed, of `not_categories` none may be there.
    """

    id: str
    title: Title
    places: int | None = None
    by_team_size: Mapping[int, int] | None = None
    awards: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    not_categories: tuple[str, ...] = ()
    first_member_only: bool = False
    among: Among = Among.ALL


@dataclass(frozen=True, slots=True)
class Prize:
    """A prize for delegations (the first `count`, or a `fraction` of those that came), for coaches, or for the best of
    each delegation; coaches receive it for an award of `awards`, or for a place down to `places`."""

    id: str
    title: Title
    to: PrizeFor
    by: PrizeBy | None = None
    count: int | None = None
    fraction: Fraction | None = None
    rounding: RoundingMode = RoundingMode.HALF_UP
    awards: tuple[str, ...] = ()
    places: int | None = None


@dataclass(frozen=True, slots=True)
class BalanceRule:
    """What share of those with one of these awards or honours should belong to a group; it is shown and changes nothing."""

    id: str
    title: Title
    categories: tuple[str, ...]
    at_least: Fraction
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entrant as honours and prizes see it. `place` counts for honours: the award place, or the place where there are
    no awards; None for who has none. `order` is the order within `team`."""

    entrant: str
    place: int | None
    award: str | None = None
    delegation: str = ""
    team: str = ""
    order: int | None = None
    team_size: int = 1
    categories: frozenset[str] = frozenset()
    coach: str = ""
    is_present: bool = True


@dataclass(frozen=True, slots=True)
class Honoured:
    """Who fulfils the conditions of an honour; `first_member_only`: of a pair or triple only the one listed first."""

    honour: str
    entrant: str
    place: int
    first_member_only: bool

    def as_json(self) -> dict[str, object]:
        return {
            "honour": self.honour,
            "entrant": self.entrant,
            "place": self.place,
            "first_member_only": self.first_member_only,
        }


@dataclass(frozen=True, slots=True)
class PrizeWinner:
    """Who receives a prize: a delegation, a coach or an entrant, with the place among those compared, what was counted,
    and the entrants for whom it is received."""

    prize: str
    winner: str
    place: int
    counted: int | None
    entrants: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "prize": self.prize,
            "winner": self.winner,
            "place": self.place,
            "counted": self.counted,
            "entrants": list(self.entrants),
        }


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """How the balance stands after everybody down to this place: so many of the group among so many."""

    place: int
    of_group: int
    total: int
    is_met: bool

    @property
    def percent(self) -> Fraction:
        return Fraction(100 * self.of_group, self.total)

    def as_json(self) -> dict[str, object]:
        return {"place": self.place, "of_group": self.of_group, "total": self.total, "met": self.is_met}


@dataclass(frozen=True, slots=True)
class Balance:
    """A running balance, place by place; the last row is how it came out. No rows: nobody won anything it counts."""

    rule: BalanceRule
    rows: tuple[BalanceRow, ...]

    @property
    def is_met(self) -> bool | None:
        return self.rows[-1].is_met if self.rows else None

    @property
    def sentence(self) -> Sentence:
        if not self.rows:
            return sentence("Nobody counts for this balance yet.")
        last = self.rows[-1]
        said = {
            "group": last.of_group,
            "total": last.total,
            "percent": spelled(last.percent),
            "least": spelled(self.rule.at_least),
        }
        if last.is_met:
            return sentence(
                "%(group)s of %(total)s, %(percent)s %%: at least %(least)s %% is reached.", **said
            )
        return sentence(
            "%(group)s of %(total)s, %(percent)s %%: at least %(least)s %% is not reached.", **said
        )

    def as_json(self) -> dict[str, object]:
        return {"id": self.rule.id, "met": self.is_met, "rows": [row.as_json() for row in self.rows]}


def honours(candidates: Iterable[Candidate], rules: Iterable[Honour]) -> tuple[Honoured, ...]:
    """Who fulfils the conditions of which honour, honour by honour, by place."""
    ranked = _ranked(candidates)
    first = _first_members(ranked)
    return tuple(honoured for rule in rules for honoured in _honoured(rule, ranked, first))


def prizes(
    candidates: Iterable[Candidate],
    rules: Iterable[Prize],
    team_places: Mapping[str, int] = MappingProxyType({}),
    award_order: Sequence[str] = (),
) -> tuple[PrizeWinner, ...]:
    """Who receives which prize. `team_places` are the places of delegations in the team table, for prizes by teams;
    `award_order` names the awards, the highest first, and separates delegations with equally many of them."""
    everybody = tuple(candidates)
    found: list[PrizeWinner] = []
    for rule in rules:
        match rule.to:
            case PrizeFor.DELEGATION:
                found.extend(_to_delegations(rule, everybody, team_places, award_order))
            case PrizeFor.COACH:
                found.extend(_to_coaches(rule, everybody))
            case PrizeFor.BEST_OF_DELEGATION:
                found.extend(_to_the_best(rule, everybody))
    return tuple(found)


def balance(candidates: Iterable[Candidate], rule: BalanceRule, honoured: Iterable[Honoured] = ()) -> Balance:
    """How the share of a group runs from place to place, among those with one of the awards or honours it counts.

    Rows are by place: sharers of a place stand in one row. Whoever has an award and an honour counts once.
    """
    named = set(rule.of)
    by_honour = {each.entrant for each in honoured if each.honour in named}
    counted = [each for each in _ranked(candidates) if each.award in named or each.entrant in by_honour]
    rows: dict[int, BalanceRow] = {}
    of_group = 0
    for total, candidate in enumerate(counted, 1):
        of_group += candidate.categories.issuperset(rule.categories)
        is_met = 100 * of_group >= rule.at_least * total
        rows[candidate.place or 0] = BalanceRow(candidate.place or 0, of_group, total, is_met)
    return Balance(rule, tuple(rows.values()))


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    placed = (each for each in candidates if each.place is not None)
    return sorted(placed, key=lambda each: (each.place or 0, each.entrant))


# Honours.


def _honoured(rule: Honour, ranked: Sequence[Candidate], first: Mapping[str, str]) -> Iterator[Honoured]:
    for place, candidate in _places_for(rule, ranked):
        if not _is_within(rule, place, candidate) or not _fulfils(rule, candidate):
            continue
        if rule.first_member_only and candidate.team and first[candidate.team] != candidate.entrant:
            continue
        only_first = rule.first_member_only and candidate.team_size > 1
        yield Honoured(rule.id, candidate.entrant, place, only_first)


def _places_for(rule: Honour, ranked: Sequence[Candidate]) -> Iterator[tuple[int, Candidate]]:
    """The places as this honour counts them: 1, 2, 2, 4, among everybody or among those who fulfil its conditions."""
    if rule.among is Among.ALL:
        yield from ((each.place or 0, each) for each in ranked)
        return
    place, before = 0, None
    for number, each in enumerate((each for each in ranked if _fulfils(rule, each)), 1):
        place = place if each.place == before else number
        before = each.place
        yield place, each


def _is_within(rule: Honour, place: int, candidate: Candidate) -> bool:
    if rule.awards and candidate.award not in rule.awards:
        return False
    if rule.by_team_size is not None and place > rule.by_team_size.get(candidate.team_size, 0):
        return False
    return rule.places is None or place <= rule.places


def _fulfils(rule: Honour, candidate: Candidate) -> bool:
    return candidate.categories.issuperset(rule.categories) and candidate.categories.isdisjoint(
        rule.not_categories
    )


def _first_members(ranked: Iterable[Candidate]) -> Mapping[str, str]:
    """Of each team the entrant who is listed first."""
    first: dict[str, tuple[bool, int, str]] = {}
    for each in ranked:
        if each.team:
            listed = (each.order is None, each.order or 0, each.entrant)
            first[each.team] = min(listed, first.get(each.team, listed))
    return {team: entrant for team, (_, _, entrant) in first.items()}


# Prizes.


def _to_delegations(
    rule: Prize, everybody: Sequence[Candidate], team_places: Mapping[str, int], award_order: Sequence[str]
) -> Iterator[PrizeWinner]:
    """The first delegations; those who share the place at the line all receive the prize, who counts nothing does not."""
    members: dict[str, list[Candidate]] = defaultdict(list)
    for each in everybody:
        if each.delegation and each.is_present:
            members[each.delegation].append(each)
    number = _number_of_prizes(rule, len(members))
    ranked = sorted(
        (key, name)
        for name, own in members.items()
        if (key := _delegation_key(rule, name, own, team_places, award_order)) is not None
    )
    place, before = 0, None
    for index, (key, name) in enumerate(ranked, 1):
        place = place if key == before else index
        before = key
        if place > number:
            return
        counted = None if rule.by is PrizeBy.TEAMS else -key[0]
        counts = [each.entrant for each in members[name] if rule.by is PrizeBy.ENTRIES or each.award]
        yield PrizeWinner(rule.id, name, place, counted, tuple(sorted(counts)))


def _number_of_prizes(rule: Prize, delegations: int) -> int:
    if rule.count is not None:
        return rule.count
    return whole_number((rule.fraction or Fraction(0)) * delegations, rule.rounding)


def _delegation_key(
    rule: Prize,
    name: str,
    own: Collection[Candidate],
    team_places: Mapping[str, int],
    award_order: Sequence[str],
) -> tuple[int, ...] | None:
    """What delegations are ordered by, the least first; None for a delegation that cannot receive this prize."""
    match rule.by:
        case PrizeBy.TEAMS:
            place = team_places.get(name)
            return None if place is None else (place,)
        case PrizeBy.ENTRIES:
            return (-len(own),)
        case _:
            won = Counter(each.award for each in own if each.award)
            return (-won.total(), *(-won[award] for award in award_order)) if won else None


def _to_coaches(rule: Prize, everybody: Iterable[Candidate]) -> Iterator[PrizeWinner]:
    """Each coach once, with the entrants for whom the prize is received, by the best of their places."""
    entrants: dict[str, list[Candidate]] = defaultdict(list)
    for each in _ranked(everybody):
        if each.coach and _earns(rule, each):
            entrants[each.coach].append(each)
    for coach, own in sorted(entrants.items(), key=lambda item: (item[1][0].place or 0, item[0])):
        yield PrizeWinner(rule.id, coach, own[0].place or 0, len(own), tuple(each.entrant for each in own))


def _earns(rule: Prize, candidate: Candidate) -> bool:
    if rule.awards and candidate.award not in rule.awards:
        return False
    return rule.places is None or (candidate.place or 0) <= rule.places


def _to_the_best(rule: Prize, everybody: Iterable[Candidate]) -> Iterator[PrizeWinner]:
    """The entrant with the best place of each delegation; those who share it all are."""
    best: dict[str, int] = {}
    for each in _ranked(everybody):
        if each.delegation and best.setdefault(each.delegation, each.place or 0) == each.place:
            yield PrizeWinner(rule.id, each.entrant, each.place or 0, None, (each.entrant,))
