"""What ranked teams and delegations receive: awards by their places, and honours with conditions of their own.

Source: docs/sources.md, domain §7.2 (the first teams are awarded beside the single entrants; organisation prizes by the
team table). The award models are those of single entrants (`awards`), over teams instead of entrants; medals are not
among them, because their windows are drawn on scores of people.

Assumptions: every team with members is registered, a team is present when a member came, complete when it has a place;
who shares a place shares its award, as `ties` says. An award or honour of a team changes no place, neither that of a team
nor that of a member, and is no award of its members.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from competition.rules.awards import AwardLine, AwardRule, awards, entrants_counted, reaches
from competition.rules.sentences import Sentence, sentence
from competition.rules.teams import Member, TeamHonour, TeamLine, TeamRule


@dataclass(frozen=True, slots=True)
class TeamHonoured:
    """A team that fulfils the conditions of an honour, and its place."""

    honour: str
    team: str
    place: int

    def as_json(self) -> dict[str, object]:
        return {"honour": self.honour, "team": self.team, "place": self.place}


def awarded(lines: Sequence[TeamLine], members: Iterable[Member], rule: TeamRule) -> tuple[TeamLine, ...]:
    """The teams with their awards; the working says down to which place each award goes."""
    if rule.awards is None:
        return tuple(lines)
    came = {member.team for member in members if member.is_present}
    asked = [
        AwardLine(line.team, line.place, True, line.team in came, line.place is not None) for line in lines
    ]
    found = awards(asked, rule.awards)
    counted = entrants_counted(asked, rule.awards.denominator)
    last = {reach.award.id: reach.last for reach in reaches(rule.awards, counted)}
    given = {team: each.award for team, each in found.items()}
    return tuple(
        replace(
            line,
            award=given.get(line.team),
            working=(*line.working, *_why(line, given.get(line.team), rule.awards, last, counted)),
        )
        for line in lines
    )


def honoured(
    lines: Sequence[TeamLine], members: Iterable[Member], rule: TeamRule
) -> tuple[TeamHonoured, ...]:
    """Which teams fulfil the conditions of which honour, honour by honour, by place. `lines` have their awards."""
    by_team: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_team[member.team].append(member)
    return tuple(
        TeamHonoured(honour.id, line.team, line.place)
        for honour in rule.honours
        for line in lines
        if line.place is not None and _fulfils(honour, line, by_team[line.team])
    )


def _fulfils(honour: TeamHonour, line: TeamLine, members: Iterable[Member]) -> bool:
    if honour.places is not None and (line.place or 0) > honour.places:
        return False
    if honour.awards and line.award not in honour.awards:
        return False
    if honour.at_least is not None and (line.value is None or line.value < honour.at_least):
        return False
    came = [member for member in members if member.is_present]
    return not honour.passed or all(member.place is not None and member.has_passed for member in came)


def _why(
    line: TeamLine, award: str | None, rule: AwardRule, last: dict[str, int], teams: int
) -> Iterator[Sentence]:
    if line.place is None:
        return
    title = rule.title_of(award) if award else None
    if award is None or title is None:
        yield sentence("Place %(place)s is below every award for teams.", place=line.place)
    else:
        yield sentence(
            "“%(award)s” goes down to place %(last)s of %(teams)s teams.",
            award=title,
            last=last[award],
            teams=teams,
        )
