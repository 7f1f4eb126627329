"""Teams and delegations on boards: the ranked ones, from the released result or from confirmed sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from competition.boards.queries.lines import BoardLine, team_prizes_of
from competition.competitions.queries import rule_set_of_version
from competition.results import queries as results
from competition.results.models import ResultRevision
from competition.rules.numbers import spelled
from competition.rules.ruleset import RuleSet
from competition.rules.teams import Member, Unit, team_table
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
    titles = rules.teams.awards.titles if rules.teams and rules.teams.awards else {}
    prizes = team_prizes_of(rules)
    return tuple(
        BoardLine(
            key=key_of(each.team),
            place=each.place,
            shared=each.shared,
            name=each.name,
            delegation=each.delegation,
            total=each.value,
            award=titles.get(each.award or ""),
            prize=prizes.get(each.award or ""),
        )
        for each in results.teams_of(revision)
    )


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
    sent_by = {team: delegations[code] for code, team in teams.items()}
    return tuple(
        BoardLine(
            key=key_of(line.team),
            place=line.place,
            shared=line.shared,
            name=sent_by[line.team] if by_delegation else line.team,
            delegation="" if by_delegation else sent_by[line.team],
            total=spelled(line.value),
        )
        for line in team_table(members, rule)
        if line.place is not None and line.value is not None
    )
