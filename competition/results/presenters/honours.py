"""Awards, honours, prizes, teams and balances of a revision, in the order in which a ceremony reads them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from competition.registration.queries import delegations_of, entrants_of
from competition.results import queries
from competition.results.models import ResultRevision
from competition.results.presenters.lists import Head, Row, head_of, in_words, rows_of, rules_of
from competition.results.queries.outcomes import outcome_of_revision
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


@dataclass(frozen=True)
class BalanceShown:
    """A balance of a group among the winners, place by place."""

    title: str
    sentence: Sentence
    is_met: bool | None
    rows: tuple[tuple[int, int, int, str], ...]


@dataclass(frozen=True)
class Ceremony:
    """Everything that is awarded. `team_title` is None where no teams are ranked."""

    head: Head
    awards: tuple[Winners, ...]
    honours: tuple[Winners, ...]
    prizes: tuple[PrizeRow, ...]
    team_title: str | None
    teams: tuple[TeamRow, ...]
    balances: tuple[BalanceShown, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.awards or self.honours or self.prizes or self.teams or self.balances)


def ceremony_of(revision: ResultRevision) -> Ceremony:
    """Awards from the stored lines; the rest from the outcome, where the rules have any of it."""
    rules = rules_of(revision)
    rows = {row.entrant_id: row for row in rows_of(revision, rules, queries.lines_of(revision))}
    head = head_of(revision, rules)
    awards = _awards(revision, rules, rows)
    if not (rules.honours or rules.prizes or rules.teams or rules.balances):
        return Ceremony(head, awards, (), (), None, (), ())
    return _with_outcome(revision, rules, rows, head, awards)


def _with_outcome(
    revision: ResultRevision,
    rules: RuleSet,
    rows: Mapping[UUID, Row],
    head: Head,
    awards: tuple[Winners, ...],
) -> Ceremony:
    outcome = outcome_of_revision(revision)
    delegations = {str(each.id): each.organisation.name for each in delegations_of(head.event.competition)}
    coaches = {
        coach_key(head.event, each.coach): each.coach for each in entrants_of(head.event) if each.coach
    }
    names = {str(entrant): row.name for entrant, row in rows.items()}
    honours = tuple(
        Winners(
            in_words(rule.title),
            tuple(rows[UUID(each.entrant)] for each in outcome.honours if each.honour == rule.id),
        )
        for rule in rules.honours
    )
    prizes = []
    for prize in rules.prizes:
        for winner in (each for each in outcome.prizes if each.prize == prize.id):
            called = {
                PrizeFor.DELEGATION: delegations,
                PrizeFor.COACH: coaches,
                PrizeFor.BEST_OF_DELEGATION: names,
            }[prize.to]
            prizes.append(
                PrizeRow(
                    in_words(prize.title),
                    called.get(winner.winner, winner.winner),
                    _(", ").join(names.get(each, each) for each in winner.entrants),
                )
            )
    teams = tuple(
        TeamRow(
            line.place,
            line.shared,
            (delegations if rules.teams and rules.teams.by is Unit.DELEGATION else {}).get(
                line.team, line.team
            ),
            "–" if line.value is None else spelled(line.value),
            _(", ").join(names.get(each, each) for each in line.counted),
            tuple(queries.with_names(said, names | delegations) for said in line.working),
        )
        for line in outcome.teams
    )
    return Ceremony(
        head,
        awards,
        honours,
        tuple(prizes),
        in_words(rules.teams.title) if rules.teams else None,
        teams,
        tuple(_balance(each) for each in outcome.balances),
    )


def _awards(revision: ResultRevision, rules: RuleSet, rows: Mapping[UUID, Row]) -> tuple[Winners, ...]:
    if rules.awards is None:
        return ()
    won: dict[str, list[Row]] = defaultdict(list)
    for line in queries.lines_of(revision):
        if line.award is not None:
            won[line.award].append(rows[line.entrant_id])
    return tuple(Winners(in_words(award.title), tuple(won.get(award.id, ()))) for award in rules.awards.every)


def _balance(balance: Balance) -> BalanceShown:
    return BalanceShown(
        in_words(balance.rule.title),
        balance.sentence,
        balance.is_met,
        tuple((row.place, row.of_group, row.total, f"{float(row.percent):.1f} %") for row in balance.rows),
    )
