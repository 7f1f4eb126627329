"""Teams and delegations on boards: the ranked ones, from the released result or from confirmed sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from competition.boards.queries.lines import BoardLine
from competition.competitions.queries import event_by_id, rule_set_of_version
from competition.registration.queries import delegations_of
from competition.results.models import ResultRevision
from competition.results.queries.outcomes import outcome_of_revision
from competition.rules.numbers import spelled
from competition.rules.ruleset import RuleSet
from competition.rules.teams import Member, TeamLine, Unit, team_table
from competition.standings.table import Standings

PREFIX = "team:"
"""Before what the result calls a team: the key of its line is never that of an entrant."""


def key_of(team: str) -> str:
    """The key of a team's line."""
    return PREFIX + team


def team_of(line: BoardLine) -> str | None:
    """What the result calls the team of this line; None for the line of an entrant."""
    return line.key.removeprefix(PREFIX) if line.key.startswith(PREFIX) else None


@dataclass(frozen=True, slots=True)
class Entered:
    """How an entrant counts for a team: the delegation with its name, the team, the place in it."""

    eligible: bool
    delegation_id: UUID
    team: str
    order: int | None


def released_teams(revision: ResultRevision) -> tuple[BoardLine, ...]:
    """The ranked teams of a revision, best first; none where its rules rank no teams."""
    rules = rule_set_of_version(revision.rule_set_version)
    if rules.teams is None:
        return ()
    outcome, competition = outcome_of_revision(revision), event_by_id(revision.event_id).competition
    called = {str(each.id): each.organisation.name for each in delegations_of(competition)}
    sent_by = {each.team: called.get(each.delegation, "") for each in outcome.contest.entrants}
    if rules.teams.by is Unit.DELEGATION:
        return _lines(outcome.teams, called, {})
    return _lines(outcome.teams, {}, sent_by)


def live_teams(
    rules: RuleSet, standings: Standings, entered: Mapping[str, Entered], delegations: Mapping[str, str]
) -> tuple[BoardLine, ...]:
    """The teams all of whose members are confirmed, best first. None where points are given for awards: before the
    result is published there are no awards. `delegations` are the names of the delegations by code."""
    rule = rules.teams
    if rule is None or not rule.is_known_before_awards:
        return ()
    nodes = [step.node for step in rule.ranking if step.node]
    by_delegation = rule.by is Unit.DELEGATION
    teams = {code: str(each.delegation_id) if by_delegation else each.team for code, each in entered.items()}
    ranked = {line.entrant: line for line in standings.lines()}
    members = [
        Member(
            entrant=code,
            team=teams[code],
            value=ranked[code].total if code in ranked else None,
            place=ranked[code].place if code in ranked else None,
            is_open=not standings.is_complete(code),
            order=each.order,
            values={node: standings.value(code, node) for node in nodes},
        )
        for code, each in entered.items()
    ]
    named = {team: delegations[code] for code, team in teams.items()}
    return _lines(team_table(members, rule), *((named, {}) if by_delegation else ({}, named)))


def _lines(
    teams: Iterable[TeamLine], called: Mapping[str, str], sent_by: Mapping[str, str]
) -> tuple[BoardLine, ...]:
    return tuple(
        BoardLine(
            key=key_of(line.team),
            place=line.place,
            shared=line.shared,
            name=called.get(line.team, line.team),
            delegation=sent_by.get(line.team, ""),
            total=None if line.value is None else spelled(line.value),
        )
        for line in teams
        if line.place is not None
    )
