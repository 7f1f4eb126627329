"""The board of a whole competition: how every event stands, what the delegations have won and what they come to together
where it is published."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from competition.boards.queries.lines import prizes_of
from competition.boards.queries.shown import (
    BoardState,
    holding_freeze,
    is_live,
    open_ceremony_of,
    versions,
)
from competition.competitions.models import Competition, Event
from competition.competitions.queries import competition_by_id, rule_set_of_version
from competition.database import session
from competition.errors import NotFound
from competition.registration.queries import delegations_of
from competition.results.models import ResultLine, ResultRevision
from competition.results.queries import StandingKind, released_revision, standing_of
from competition.results.queries.outcomes import outcome_of_revision
from competition.rules.lifecycle import PUBLIC_STATES
from competition.rules.numbers import spelled
from competition.rules.ranking import Direction
from competition.rules.teams import (
    Member,
    TeamBy,
    TeamCombine,
    TeamComparator,
    TeamRule,
    TeamValue,
    Unit,
    team_table,
)
from competition.rules.titles import Title

RANKS = 3
"""The ranks of awards that stand in columns of their own; all others are counted together."""


@dataclass(frozen=True)
class EventOnBoard:
    """One event, how its board stands and since when."""

    id: UUID
    code: str
    name: str
    name_en: str
    state: BoardState
    at: datetime | None


@dataclass(frozen=True)
class MedalRow:
    """A delegation with its awards: how many of the first, second, third rank, and of all others."""

    place: int
    shared: bool
    delegation: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class PointsRow:
    """A delegation with its total over the events whose rules rank delegations, and from how many of them it has any."""

    place: int
    shared: bool
    delegation: str
    total: str
    events: int


@dataclass(frozen=True)
class CompetitionBoard:
    """`counted` is from how many events the awards are; a ceremony or a freeze keeps the awards of its event out.

    `points` are 团体总分, of `pointed` events; empty where no published event ranks delegations.
    """

    id: UUID
    name: str
    name_en: str
    events: tuple[EventOnBoard, ...]
    medals: tuple[MedalRow, ...]
    counted: int
    at: datetime | None
    points: tuple[PointsRow, ...] = ()
    pointed: int = 0


def version_of_competition(competition_id: UUID) -> tuple[Any, ...]:
    """What the board of a competition depends on. NotFound where the public knows of none of its events."""
    rows = session.execute(versions().where(Event.competition_id == competition_id).order_by(Event.id))
    known = tuple(tuple(row)[:-1] for row in rows if row.state in PUBLIC_STATES)
    if not known:
        raise NotFound()
    return known


def competition_board(competition_id: UUID) -> CompetitionBoard:
    """The events that the public knows of, by code, and the medal table of the published ones."""
    competition = competition_by_id(competition_id)
    events = [event for event in competition.events if event.state in PUBLIC_STATES]
    shown = [(event, *_state(event)) for event in events]
    published = [event for event, state, _ in shown if state in (BoardState.NOTICE, BoardState.FINAL)]
    points, pointed = _points(competition, published)
    return CompetitionBoard(
        id=competition.id,
        name=competition.name,
        name_en=competition.name_en,
        events=tuple(
            EventOnBoard(event.id, event.code, event.name, event.name_en, state, at)
            for event, state, at in shown
        ),
        medals=_medals(published),
        counted=len(published),
        at=max((at for _, _, at in shown if at is not None), default=None),
        points=points,
        pointed=pointed,
    )


def _state(event: Event) -> tuple[BoardState, datetime | None]:
    ceremony = open_ceremony_of(event.id)
    if ceremony is not None:
        return BoardState.CEREMONY, ceremony.opened_at
    freeze = holding_freeze(event.id)
    if freeze is not None:
        return BoardState.FROZEN, freeze.at
    standing = standing_of(event)
    if standing.kind is StandingKind.FINAL:
        return BoardState.FINAL, standing.at
    if standing.kind is StandingKind.NOTICE:
        return BoardState.NOTICE, standing.at
    return (BoardState.LIVE if is_live(event) else BoardState.OFF), None


def _medals(events: list[Event]) -> tuple[MedalRow, ...]:
    won: dict[str, Counter[int]] = defaultdict(Counter)
    for event in events:
        revision = released_revision(event)
        if revision is not None:
            for delegation, rank, count in _won(revision):
                won[delegation][min(rank, RANKS)] += count
    counts = {name: tuple(tally[rank] for rank in range(RANKS + 1)) for name, tally in won.items()}
    order = sorted(counts, key=lambda name: ([-count for count in counts[name]], name))
    sharing = Counter(counts.values())
    rows: list[MedalRow] = []
    for index, name in enumerate(order, 1):
        tied = bool(rows) and rows[-1].counts == counts[name]
        place = rows[-1].place if tied else index
        rows.append(MedalRow(place, sharing[counts[name]] > 1, name, counts[name]))
    return tuple(rows)


def _points(competition: Competition, events: list[Event]) -> tuple[tuple[PointsRow, ...], int]:
    """What the delegations come to by the team rules of the published events, added up event by event; equal totals share
    a place. Nothing where one event counts upwards and another downwards: such values have no sum. Where less is better,
    only who has a value in every event has a total."""
    brought: list[Member] = []
    directions = set()
    for event in events:
        revision = released_revision(event)
        rule = rule_set_of_version(revision.rule_set_version).teams if revision else None
        if revision is None or rule is None or rule.by is not Unit.DELEGATION:
            continue
        directions.add(rule.value.direction)
        lines = outcome_of_revision(revision).teams
        brought += [Member(str(event.id), line.team, line.value, line.place) for line in lines]
    if len(directions) != 1:
        return (), 0
    (direction,) = directions
    counted = len({member.entrant for member in brought})
    rule = TeamRule(
        title=Title("团体总分", "Delegation totals"),
        by=Unit.DELEGATION,
        value=TeamValue(TeamCombine.SUM, direction),
        minimum=counted if direction is Direction.ASC else 1,
        ranking=(TeamComparator(TeamBy.VALUE, direction),),
    )
    names = {str(each.id): each.organisation.name for each in delegations_of(competition)}
    rows = tuple(
        PointsRow(line.place, line.shared, names[line.team], spelled(line.value), len(line.counted))
        for line in team_table(brought, rule)
        if line.place is not None and line.value is not None
    )
    return rows, counted


def _won(revision: ResultRevision) -> list[tuple[str, int, int]]:
    prizes = prizes_of(rule_set_of_version(revision.rule_set_version))
    rows = session.execute(
        select(ResultLine.delegation_name, ResultLine.award, func.count())
        .where(
            ResultLine.event_id == revision.event_id,
            ResultLine.revision_id == revision.id,
            ResultLine.award.is_not(None),
        )
        .group_by(ResultLine.delegation_name, ResultLine.award)
        .order_by(ResultLine.delegation_name, ResultLine.award)
    )
    return [(name, prizes[award], count) for name, award, count in rows if award in prizes]
