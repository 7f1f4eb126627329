"""Awards, honours, prizes, teams and balances of a revision, in the order in which a ceremony reads them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from competition.competitions.models import Event
from competition.registration.queries import delegations_of, entrants_of
from competition.results import queries
from competition.results.models import ResultLine, ResultRevision
from competition.results.presenters.lists import (
    DecisionShown,
    Head,
    Row,
    decisions_of,
    head_of,
    in_words,
    rows_of,
    rules_of,
)
from competition.results.queries.outcomes import outcome_of_revision
from competition.rules.contest import Outcome
from competition.rules.honours import Balance, PrizeFor
from competition.rules.numbers import spelled
from competition.rules.ruleset import RuleSet
from competition.rules.sentences import Sentence
from competition.rules.teams import Unit
from competition.scoring.queries.contests import coach_key


@dataclass(frozen=True)
class Winners:
    """One award or honour with everybody who has it, by place."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PrizeRow:
    """Who receives a prize, and for whom or for what."""

    prize: str
    winner: str
    reason: str


@dataclass(frozen=True)
class TeamRow:
    """One team or delegation in the ranking of teams."""

    place: int | None
    shared: bool
    name: str
    value: str
    members: str
    working: tuple[Sentence, ...]
    award: str = ""


@dataclass(frozen=True)
class TeamWinners:
    """One award or honour of teams with the teams that have it, by place."""

    title: str
    rows: tuple[TeamRow, ...]


@dataclass(frozen=True)
class BalanceShown:
    """A balance of a group among the winners, place by place."""

    title: str
    sentence: Sentence
    is_met: bool | None
    rows: tuple[tuple[int, int, int, str], ...]


@dataclass(frozen=True)
class Ceremony:
    """Everything that is awarded. `team_title` is None where no teams are ranked; `team_awards` are what they receive.
    `decisions` are what people decided about single awards."""

    head: Head
    awards: tuple[Winners, ...]
    honours: tuple[Winners, ...]
    prizes: tuple[PrizeRow, ...]
    team_title: str | None
    teams: tuple[TeamRow, ...]
    balances: tuple[BalanceShown, ...]
    team_awards: tuple[TeamWinners, ...] = ()
    decisions: tuple[DecisionShown, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.awards or self.honours or self.prizes or self.teams or self.balances)


def ceremony_of(revision: ResultRevision) -> Ceremony:
    """Awards from the stored lines; the rest from the outcome, where the rules have any of it."""
    rules, lines = rules_of(revision), queries.lines_of(revision)
    rows = {row.entrant_id: row for row in rows_of(revision, rules, lines)}
    head = head_of(revision, rules)
    awards = _awards(rules, lines, rows)
    if not (rules.honours or rules.prizes or rules.teams or rules.balances):
        return Ceremony(head, awards, (), (), None, (), (), decisions=decisions_of(revision))
    outcome = outcome_of_revision(revision)
    names = {str(entrant): row.name for entrant, row in rows.items()}
    delegations = {str(each.id): each.organisation.name for each in delegations_of(head.event.competition)}
    teams = _teams(rules, outcome, names, delegations)
    return Ceremony(
        head,
        awards,
        _honours(rules, outcome, rows),
        _prizes(rules, outcome, names, delegations, head.event),
        in_words(rules.teams.title) if rules.teams else None,
        tuple(teams.values()),
        tuple(_balance(each) for each in outcome.balances),
        _team_awards(rules, outcome, teams),
        decisions_of(revision),
    )


def _awards(rules: RuleSet, lines: Sequence[ResultLine], rows: Mapping[UUID, Row]) -> tuple[Winners, ...]:
    if rules.awards is None:
        return ()
    won: dict[str, list[Row]] = defaultdict(list)
    for line in lines:
        if line.award is not None:
            won[line.award].append(rows[line.entrant_id])
    return tuple(Winners(in_words(award.title), tuple(won.get(award.id, ()))) for award in rules.awards.every)


def _honours(rules: RuleSet, outcome: Outcome, rows: Mapping[UUID, Row]) -> tuple[Winners, ...]:
    return tuple(
        Winners(
            in_words(rule.title),
            tuple(rows[UUID(each.entrant)] for each in outcome.honours if each.honour == rule.id),
        )
        for rule in rules.honours
    )


def _prizes(
    rules: RuleSet, outcome: Outcome, names: Mapping[str, str], delegations: Mapping[str, str], event: Event
) -> tuple[PrizeRow, ...]:
    called = {
        PrizeFor.DELEGATION: delegations,
        PrizeFor.COACH: _coaches(rules, event),
        PrizeFor.BEST_OF_DELEGATION: names,
    }
    return tuple(
        PrizeRow(
            in_words(prize.title),
            called[prize.to].get(winner.winner, winner.winner),
            _listed(winner.entrants, names),
        )
        for prize in rules.prizes
        for winner in outcome.prizes
        if winner.prize == prize.id
    )


def _coaches(rules: RuleSet, event: Event) -> dict[str, str]:
    """The names of the coaches by what the contest document calls them, where a prize is for them."""
    if all(prize.to is not PrizeFor.COACH for prize in rules.prizes):
        return {}
    return {coach_key(event, each.coach): each.coach for each in entrants_of(event) if each.coach}


def _teams(
    rules: RuleSet, outcome: Outcome, names: Mapping[str, str], delegations: Mapping[str, str]
) -> dict[str, TeamRow]:
    """The teams in their order, by what the contest document calls them."""
    given = rules.teams.awards.titles if rules.teams and rules.teams.awards else {}
    called = delegations if rules.teams and rules.teams.by is Unit.DELEGATION else {}
    everybody = {**names, **delegations}
    return {
        line.team: TeamRow(
            line.place,
            line.shared,
            called.get(line.team, line.team),
            "–" if line.value is None else spelled(line.value),
            _listed(line.counted, names),
            tuple(queries.with_names(said, everybody) for said in line.working),
            in_words(given[line.award]) if line.award else "",
        )
        for line in outcome.teams
    }


def _team_awards(rules: RuleSet, outcome: Outcome, teams: Mapping[str, TeamRow]) -> tuple[TeamWinners, ...]:
    """The awards of teams, the highest first, then their honours."""
    rule = rules.teams
    if rule is None:
        return ()
    won = [(line.award, line.team) for line in outcome.teams]
    honoured = [(each.honour, each.team) for each in outcome.team_honours]
    every = rule.awards.every if rule.awards else ()
    return tuple(
        TeamWinners(in_words(each.title), tuple(teams[team] for name, team in found if name == each.id))
        for given, found in ((every, won), (rule.honours, honoured))
        for each in given
    )


def _listed(entrants: Iterable[str], names: Mapping[str, str]) -> str:
    between: str = _(", ")
    return between.join(names.get(each, each) for each in entrants)


def _balance(balance: Balance) -> BalanceShown:
    return BalanceShown(
        in_words(balance.rule.title),
        balance.sentence,
        balance.is_met,
        tuple((row.place, row.of_group, row.total, f"{float(row.percent):.1f} %") for row in balance.rows),
    )
