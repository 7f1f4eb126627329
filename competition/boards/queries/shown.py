"""What a board shows. Everything that leaves the server about a board is made of `board_of`: a freeze, a ceremony that
has not come to a line, and a rule set that allows no live standings hold here, in the query, and nowhere else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from competition.boards.models import Board, BoardFreeze, Ceremony, CeremonyStep, RevealOrder
from competition.boards.queries.lines import (
    BoardLine,
    line_from_json,
    prizes_of,
    released_lines,
    with_late_changes,
)
from competition.boards.queries.live import LiveTable
from competition.boards.queries.teams import key_of, released_teams
from competition.competitions.models import Competition, Event
from competition.competitions.queries import rule_set_of, rule_set_of_version
from competition.database import session
from competition.errors import NotFound
from competition.results import queries as results
from competition.results.models import Publication, ResultFinal, ResultLine, ResultRevision
from competition.results.queries import StandingKind, standing_of
from competition.rules.lifecycle import PUBLIC_STATES, EventState
from competition.rules.procedure import Live
from competition.rules.titles import Title
from competition.scoring.models import Signature

LONGEST_HOLD = timedelta(hours=12)
"""So long after it was opened, a ceremony that was forgotten no longer holds a result back."""


class BoardState(StrEnum):
    """What the ribbon of a board says."""

    OFF = "off"
    LIVE = "live"
    PROVISIONAL = "provisional"
    FROZEN = "frozen"
    CEREMONY = "ceremony"
    NOTICE = "notice"
    FINAL = "final"


@dataclass(frozen=True)
class Shown:
    """What a board shows: its state, the moment of what it shows, the ranked lines, best first.

    `expected` is how many there will be, where the rest is still to come (live) or still to be announced (ceremony).
    `revision` is the number of the released revision; `is_corrected` says that it is not the first one, or not what was
    announced; `until` is the end of the public notice. `teams` are the ranked teams or
    delegations, where the rules rank any; `team_title` is what that ranking is called.
    """

    state: BoardState
    at: datetime | None = None
    lines: tuple[BoardLine, ...] = ()
    expected: int = 0
    newest: str | None = None
    revision: int | None = None
    reason: str = ""
    until: datetime | None = None
    gone: tuple[Mapping[str, Any], ...] = ()
    teams: tuple[BoardLine, ...] = ()
    teams_expected: int = 0
    team_title: Title | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether something that was announced is different now."""
        return bool(self.gone) or any(line.late is not None for line in (*self.lines, *self.teams))

    @property
    def shows_live(self) -> bool:
        return self.state in (BoardState.LIVE, BoardState.PROVISIONAL)


# --- the version ----------------------------------------------------------------------------------


def version_of(event_id: UUID) -> tuple[Any, ...]:
    """What everything that a board may show depends on, in one indexed read; the last member matters only while the board
    is live. NotFound where the public knows of no such event."""
    row: Row[Any] | None = session.execute(_version(), {"event": event_id}).one_or_none()
    if row is None or row.state not in PUBLIC_STATES:
        raise NotFound()
    return tuple(row)


@cache
def _version() -> Select[Any]:
    """The statement, written once: to write it takes longer than to run it."""
    return versions().where(Event.id == bindparam("event"))


def versions() -> Select[Any]:
    """The state of events and the newest of everything that changes their boards."""
    publication = (
        select(Publication.id)
        .where(Publication.event_id == Event.id)
        .order_by(Publication.at.desc(), Publication.id.desc())
        .limit(1)
    )
    final = (
        select(ResultFinal.revision_id)
        .where(ResultFinal.event_id == Event.id)
        .order_by(ResultFinal.at.desc())
        .limit(1)
    )
    signature = (
        select(Signature.id).where(Signature.event_id == Event.id).order_by(Signature.id.desc()).limit(1)
    )
    query: Select[Any] = select(  # type: ignore[assignment]
        Event.state,
        Event.version,
        Competition.version.label("competition"),
        Board.stamp,
        publication.scalar_subquery().label("publication"),
        final.scalar_subquery().label("final"),
        signature.scalar_subquery().label("signature"),
    )
    return query.join(Competition, Competition.id == Event.competition_id).outerjoin(
        Board, Board.event_id == Event.id
    )


# --- the board ------------------------------------------------------------------------------------


def board(event_id: UUID) -> Board | None:
    found: Board | None = session.get(Board, event_id)
    return found


def holding_freeze(event_id: UUID) -> BoardFreeze | None:
    """The freeze that holds, if one does."""
    found: BoardFreeze | None = session.scalar(
        select(BoardFreeze)
        .where(BoardFreeze.event_id == event_id, BoardFreeze.lifted_at.is_(None))
        .order_by(BoardFreeze.id.desc())
        .limit(1)
    )
    return found


def newest_ceremony(event_id: UUID) -> Ceremony | None:
    """The latest ceremony, open or ended."""
    found: Ceremony | None = session.scalar(
        select(Ceremony).where(Ceremony.event_id == event_id).order_by(Ceremony.id.desc()).limit(1)
    )
    return found


def open_ceremony_of(event_id: UUID) -> Ceremony | None:
    """The ceremony that goes on, if one does."""
    ceremony = newest_ceremony(event_id)
    return ceremony if ceremony is not None and ceremony.ended_at is None else None


def steps_of(ceremony: Ceremony) -> list[CeremonyStep]:
    """Every step of a ceremony in order, those taken back among them."""
    return list(
        session.scalars(
            select(CeremonyStep)
            .where(CeremonyStep.event_id == ceremony.event_id, CeremonyStep.ceremony_id == ceremony.id)
            .order_by(CeremonyStep.number)
        )
    )


def allows_live(event: Event) -> bool:
    """Whether the rule set lets standings be shown while marks are still coming."""
    return rule_set_of(event).procedure.publication.live is Live.BOARD


def board_of(event: Event, live: LiveTable | None = None) -> Shown:
    """What the board of an event shows now. `live` are standings that were read before and brought up to date."""
    ceremony = newest_ceremony(event.id)
    if ceremony is not None and ceremony.ended_at is None:
        return _ceremony(event, ceremony)
    freeze = holding_freeze(event.id)
    if freeze is not None:
        return _frozen(freeze)
    released = _released(event, ceremony)
    if released is not None:
        return released
    return live_board(event, live) if is_live(event) else Shown(BoardState.OFF)


def is_live(event: Event) -> bool:
    """Whether live standings are on: switched on, allowed by the rules, while there are any and none is published."""
    switch = board(event.id)
    is_on = switch is not None and switch.is_on
    return is_on and event.state in (EventState.SCORING, EventState.SCORED) and allows_live(event)


def live_board(event: Event, live: LiveTable | None = None) -> Shown:
    """The standings of confirmed sheets."""
    table = LiveTable(event) if live is None else live
    latest = session.scalar(
        select(Signature.at)
        .where(Signature.event_id == event.id, Signature.act == "confirmed")
        .order_by(Signature.id.desc())
        .limit(1)
    )
    state = BoardState.LIVE if event.state == EventState.SCORING else BoardState.PROVISIONAL
    teams = table.teams()
    return Shown(
        state,
        latest,
        table.lines(),
        table.expected,
        teams=teams,
        teams_expected=len(teams),
        team_title=table.team_title,
    )


def snapshot_of(shown: Shown) -> dict[str, Any]:
    """What a freeze keeps of a board."""
    return {
        "at": None if shown.at is None else shown.at.isoformat(),
        "expected": shown.expected,
        "lines": [line.as_json() for line in shown.lines],
        "teams": [line.as_json() for line in shown.teams],
        "team_title": None if shown.team_title is None else dict(shown.team_title.as_json()),
    }


def _frozen(freeze: BoardFreeze) -> Shown:
    kept = freeze.snapshot
    title = kept.get("team_title")
    teams = tuple(line_from_json(line) for line in kept.get("teams", ()))
    return Shown(
        BoardState.FROZEN,
        freeze.at,
        tuple(line_from_json(line) for line in kept["lines"]),
        kept["expected"],
        teams=teams,
        teams_expected=len(teams),
        team_title=None if title is None else Title(title["zh"], title["en"]),
    )


def _released(event: Event, ceremony: Ceremony | None) -> Shown | None:
    """The released result, with what differs from what was announced of it."""
    standing = standing_of(event)
    revision = results.released_revision(event)
    if revision is None:
        return None
    lines, teams, gone = _compared(revision, ceremony)
    state = BoardState.FINAL if standing.kind is StandingKind.FINAL else BoardState.NOTICE
    return Shown(
        state,
        standing.at,
        lines,
        len(lines),
        revision=revision.number,
        reason=revision.reason if revision.number > 1 else "",
        until=standing.until if state is BoardState.NOTICE else None,
        gone=gone,
        teams=teams,
        teams_expected=len(teams),
        team_title=_team_title(revision),
    )


_Compared = tuple[tuple[BoardLine, ...], tuple[BoardLine, ...], tuple[Mapping[str, Any], ...]]


def _compared(revision: ResultRevision, ceremony: Ceremony | None) -> _Compared:
    """The lines of entrants and those of teams, with what differs from what was announced; what was and is gone."""
    lines, teams = released_lines(revision), released_teams(revision)
    if ceremony is None:
        return lines, teams, ()
    announced = {key_of_step(step): step.shown for step in steps_of(ceremony) if step.taken_back_at is None}
    here = {line.key for line in (*lines, *teams)}
    gone = tuple(shown for key, shown in announced.items() if key not in here)
    return with_late_changes(lines, announced), with_late_changes(teams, announced), gone


def key_of_step(step: CeremonyStep) -> str:
    """The key of the line that a step announced."""
    return str(step.entrant_id) if step.team is None else key_of(step.team)


def _team_title(revision: ResultRevision) -> Title | None:
    rule = rule_set_of_version(revision.rule_set_version).teams
    return None if rule is None else rule.title


# --- the ceremony ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Announced:
    """How far a ceremony is: the lines that were announced, best first; the latest; those still to come, next first.

    Entrants and teams are announced each in their own turn: which of the two goes on is up to the announcer.
    """

    lines: tuple[BoardLine, ...]
    latest: CeremonyStep | None
    to_come: tuple[BoardLine, ...]
    revision: ResultRevision | None
    gone: tuple[Mapping[str, Any], ...]
    next_number: int
    teams: tuple[BoardLine, ...] = ()
    teams_to_come: tuple[BoardLine, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether nothing is left to announce."""
        return not (self.to_come or self.teams_to_come)


def announced_of(event: Event, ceremony: Ceremony) -> Announced:
    """How far a ceremony is, by the result that is published now, whether or not the ceremony holds it back."""
    steps = steps_of(ceremony)
    standing = [step for step in steps if step.taken_back_at is None]
    latest = standing[-1] if standing else None
    number = len(steps) + 1
    revision = results.published_revision(event)
    if revision is None:
        return Announced((), latest, (), None, (), number)
    lines, teams, gone = _compared(revision, ceremony)
    done = {key_of_step(step) for step in standing}
    told, rest = _parted(lines, done, ceremony)
    teams_told, teams_rest = _parted(teams, done, ceremony)
    return Announced(told, latest, rest, revision, gone, number, teams_told, teams_rest)


def _parted(
    lines: tuple[BoardLine, ...], done: Collection[str], ceremony: Ceremony
) -> tuple[tuple[BoardLine, ...], tuple[BoardLine, ...]]:
    """What was announced of these lines, best first, and what is to come, the next one first."""
    told = tuple(line for line in lines if line.key in done)
    rest = (line for line in reversed(lines) if line.key not in done and _is_announced(ceremony, line))
    return told, tuple(rest)


def held_events(event_id: UUID | None, *, at: datetime) -> frozenset[UUID]:
    """The events, of all or of this one, whose published result an open ceremony holds back at a moment.

    Only a ceremony that was opened before the first publication does: what was public stays public.
    """
    query = select(Ceremony).where(
        Ceremony.ended_at.is_(None), Ceremony.opened_at > at - LONGEST_HOLD, ~_was_public()
    )
    if event_id is not None:
        query = query.where(Ceremony.event_id == event_id)
    return frozenset(each.event_id for each in session.scalars(query).all() if not _is_told(each))


def let_go_at(event_id: UUID) -> datetime | None:
    """When the ceremonies that were opened before the first publication let the result go; None where there was none.

    Each does with the last line that is revealed, when it ends, or after `LONGEST_HOLD`: whatever comes first.
    """
    query = select(Ceremony).where(Ceremony.event_id == event_id, ~_was_public())
    return max((_end_of_hold(ceremony) for ceremony in session.scalars(query)), default=None)


def _end_of_hold(ceremony: Ceremony) -> datetime:
    ends = [ceremony.opened_at + LONGEST_HOLD]
    if ceremony.ended_at is not None:
        ends.append(ceremony.ended_at)
    if _is_told(ceremony):
        ends.append(max(step.at for step in steps_of(ceremony) if step.taken_back_at is None))
    return min(ends)


def came_first(ceremony: Ceremony) -> bool:
    """Whether a ceremony was opened before anything was published, so that it holds the result back."""
    query = select(Ceremony.id).where(
        Ceremony.event_id == ceremony.event_id, Ceremony.id == ceremony.id, ~_was_public()
    )
    return session.scalar(query) is not None


def _was_public() -> ColumnElement[bool]:
    """Whether a result was published before the ceremony was opened; ids sort by the time they were made."""
    earlier = select(Publication.id).where(
        Publication.event_id == Ceremony.event_id, Publication.id < Ceremony.id
    )
    return earlier.exists()


def _is_told(ceremony: Ceremony) -> bool:
    """Whether every line of the published result has been revealed, those of teams too."""
    publication = results.newest_publication(ceremony.event_id)
    if publication is None:
        return False
    revealed = select(CeremonyStep.entrant_id).where(
        CeremonyStep.event_id == ceremony.event_id,
        CeremonyStep.ceremony_id == ceremony.id,
        CeremonyStep.taken_back_at.is_(None),
    )
    entrants = revealed.where(CeremonyStep.entrant_id.is_not(None))
    to_come = select(ResultLine.entrant_id).where(
        ResultLine.event_id == ceremony.event_id,
        ResultLine.revision_id == publication.revision_id,
        ResultLine.place.is_not(None),
        ResultLine.entrant_id.not_in(entrants),
    )
    if ceremony.order is RevealOrder.AWARDS:
        awards = prizes_of(rule_set_of_version(publication.revision.rule_set_version))
        to_come = to_come.where(ResultLine.award.in_(awards))
    has_begun = session.scalar(select(revealed.exists()))
    if not has_begun or session.scalar(to_come.limit(1)) is not None:
        return False
    done = {key_of_step(step) for step in steps_of(ceremony) if step.taken_back_at is None}
    return not _parted(released_teams(publication.revision), done, ceremony)[1]


def _is_announced(ceremony: Ceremony, line: BoardLine) -> bool:
    return ceremony.order is RevealOrder.PLACES or line.prize is not None


def _ceremony(event: Event, ceremony: Ceremony) -> Shown:
    announced = announced_of(event, ceremony)
    latest = announced.latest
    return Shown(
        BoardState.CEREMONY,
        ceremony.opened_at if latest is None else latest.at,
        announced.lines,
        len(announced.lines) + len(announced.to_come),
        newest=None if latest is None else key_of_step(latest),
        revision=announced.revision.number if announced.revision else None,
        gone=announced.gone,
        teams=announced.teams,
        teams_expected=len(announced.teams) + len(announced.teams_to_come),
        team_title=_team_title(announced.revision) if announced.revision else None,
    )
