"""The ranked teams of a revision: read as they were kept beside its lines, so that nobody computes a result to show them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from competition.competitions.queries import event_by_id, rule_set_of_version
from competition.database import session
from competition.results.models import ResultRevision, ResultTeam
from competition.results.queries.listed import Listed, listed
from competition.results.queries.outcomes import outcome_of_revision
from competition.rules.contest import Outcome
from competition.rules.numbers import spelled
from competition.rules.teams import Unit


@dataclass(frozen=True, slots=True)
class RankedTeam:
    """A team or delegation with its place. `team` is what the contest document calls it, `name` what people do; `value` is
    as it is shown, `delegation` whose team it is, "" for a delegation itself."""

    team: str
    place: int
    shared: bool
    value: str
    award: str | None
    name: str
    delegation: str


def ranked_teams(outcome: Outcome, names: Mapping[str, Listed]) -> tuple[RankedTeam, ...]:
    """The teams with a place, best first; `names` are those of the entrants."""
    rule = outcome.ruleset.teams
    if rule is None:
        return ()
    is_delegation = rule.by is Unit.DELEGATION
    sent_by = {
        each.delegation if is_delegation else each.team: names[each.id].delegation
        for each in outcome.contest.entrants
    }
    return tuple(
        RankedTeam(
            team=line.team,
            place=line.place,
            shared=line.shared,
            value=spelled(line.value),
            award=line.award,
            name=sent_by[line.team] if is_delegation else line.team,
            delegation="" if is_delegation else sent_by[line.team],
        )
        for line in outcome.teams
        if line.place is not None and line.value is not None
    )


def teams_of(revision: ResultRevision) -> tuple[RankedTeam, ...]:
    """The ranked teams of a revision, best first; none where its rules rank none.

    A revision from before teams were kept is computed again, once for each process.
    """
    if rule_set_of_version(revision.rule_set_version).teams is None:
        return ()
    rows = list(
        session.scalars(
            select(ResultTeam)
            .where(ResultTeam.event_id == revision.event_id, ResultTeam.revision_id == revision.id)
            .order_by(ResultTeam.position)
        )
    )
    if not rows:
        return ranked_teams(outcome_of_revision(revision), listed(event_by_id(revision.event_id)))
    sharing = Counter(row.place for row in rows)
    return tuple(
        RankedTeam(
            row.team,
            row.place,
            sharing[row.place] > 1,
            row.value,
            row.award,
            row.display_name,
            row.delegation_name,
        )
        for row in rows
    )
