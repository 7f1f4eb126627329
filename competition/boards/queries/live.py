"""Live standings: what the confirmed sheets of an event come to so far, brought up to date sheet by sheet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import select

from competition.boards.queries.lines import BoardLine, total_text
from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.database import session
from competition.draws.models import DrawnPlace
from competition.draws.queries import current_draw, places_of
from competition.registration.models import Entrant
from competition.registration.queries import display_name
from competition.rules.contest import Contest
from competition.rules.contest import Entrant as Contestant
from competition.rules.marking import Given
from competition.rules.ruleset import RuleSet
from competition.rules.titles import Title
from competition.scoring.models import Mark, Sheet, SheetState, Signature
from competition.scoring.queries.progress import given_of, takes_part
from competition.scoring.queries.sheets import ON_PANEL
from competition.standings.table import Standings

MOST_AT_ONCE = 200
"""More codes than this at once are read as a whole again."""


class _SheetRow(NamedTuple):
    """As much of a sheet as the marks need; thousands of these are read at once."""

    id: UUID
    code: str
    module: str
    seat_label: str


@dataclass(frozen=True)
class _Shown:
    """How a code is called on the board."""

    name: str
    delegation: str


class LiveTable:
    """The standings of one event in one process. `refresh` reads only what was signed, confirmed or reopened since.

    By code where the event is blind, by name elsewhere. Whoever still misses a confirmed sheet has no place. Not for
    several threads at once.
    """

    def __init__(self, event: Event) -> None:
        self._rules: RuleSet = rule_set_of(event)
        self._seen: UUID | None = None
        self._part: dict[str, bool] = {}
        self._texts: dict[Fraction, str] = {}
        self._standings: Standings
        self._quota = event.parent_quota if event.parent_id else 0
        self._load(event)

    def refresh(self, event: Event) -> None:
        """Bring the standings up to the newest signature."""
        since = self._seen
        taking_part = self._taking_part(event)
        if taking_part != self._part:
            self._load(event)
            return
        codes = _changed_codes(event, since)
        if len(codes) > MOST_AT_ONCE:
            self._load(event)
            return
        self._seen = newest_signature(event.id)
        marks = _marks_of(event, self._rules, codes)
        for code in codes:
            if code in self._part:
                self._standings.update(code, marks.get(code, {}))

    def lines(self) -> tuple[BoardLine, ...]:
        """Everybody whose sheets are all confirmed, best first."""
        return tuple(
            BoardLine(
                key=line.entrant,
                place=line.place,
                shared=line.shared,
                name=self._shown[line.entrant].name,
                delegation=self._shown[line.entrant].delegation,
                total=self._text_of(line.total),
                advances=line.place <= self._quota,
            )
            for line in self._standings.lines()
        )

    def _text_of(self, total: Fraction) -> str:
        """Totals repeat from reading to reading; each is written once."""
        text = self._texts.get(total)
        if text is None:
            text = self._texts[total] = total_text(total, self._rules)
        return text

    @property
    def expected(self) -> int:
        """How many will be ranked when everything is confirmed."""
        return len(self._part)

    def _load(self, event: Event) -> None:
        self._seen = newest_signature(event.id)
        self._part = self._taking_part(event)
        self._shown = _shown(event, self._part, is_blind=is_blind(event, self._rules))
        marks = _marks_of(event, self._rules)
        self._standings = Standings.of(
            Contest(
                title=Title(event.name, event.name_en or event.name),
                ruleset=self._rules,
                judges=(),
                entrants=tuple(
                    Contestant(code, award_eligible=eligible) for code, eligible in self._part.items()
                ),
                marks={code: marks.get(code, {}) for code in self._part},
                decisions=(),
            )
        )

    def _taking_part(self, event: Event) -> dict[str, bool]:
        """The codes of those who are marked, and whether they may win an award."""
        draw = current_draw(event)
        if draw is None:
            return {}
        rows = session.execute(
            select(DrawnPlace.code, Entrant.state, Entrant.present, Entrant.award_eligible)
            .join(Entrant, Entrant.id == DrawnPlace.entrant_id)
            .where(DrawnPlace.event_id == event.id, DrawnPlace.draw_id == draw.id)
            .order_by(DrawnPlace.code)
        )
        return {row.code: row.award_eligible for row in rows if takes_part(cast(Entrant, row))}


def is_blind(event: Event, rules: RuleSet) -> bool:
    """Whether codes stand for people until the result is published."""
    draw = current_draw(event)
    return rules.blind_layers > 0 or (draw is not None and draw.blind_layers > 0)


def newest_signature(event_id: UUID) -> UUID | None:
    """The latest act about a sheet: whatever changes the standings leaves one."""
    found: UUID | None = session.scalar(
        select(Signature.id).where(Signature.event_id == event_id).order_by(Signature.id.desc()).limit(1)
    )
    return found


def _shown(event: Event, codes: Iterable[str], *, is_blind: bool) -> dict[str, _Shown]:
    if is_blind:
        return {code: _Shown(code, "") for code in codes}
    draw = current_draw(event)
    places = places_of(draw) if draw else []
    return {
        place.code: _Shown(display_name(place.entrant), place.entrant.delegation.organisation.name)
        for place in places
    }


def _changed_codes(event: Event, since: UUID | None) -> list[str]:
    query = (
        select(Sheet.code)
        .join(Signature, (Signature.event_id == Sheet.event_id) & (Signature.sheet_id == Sheet.id))
        .where(Signature.event_id == event.id)
        .distinct()
    )
    if since is not None:
        query = query.where(Signature.id > since)
    return sorted(session.scalars(query))


def _marks_of(
    event: Event, rules: RuleSet, codes: Sequence[str] | None = None
) -> dict[str, Mapping[str, Given]]:
    """What the sheets hold of those whose sheets are all confirmed, by code; of these codes, or of everybody.

    A panel that could do without its last judge must not be ranked without the sheet that is still being marked.
    """
    draw = current_draw(event)
    if draw is None:
        return {}
    wanted = [Sheet.event_id == event.id, Sheet.draw_id == draw.id, Sheet.state != SheetState.VOID, ON_PANEL]
    if codes is not None:
        wanted += [Sheet.module.in_([module.id for module in modules_of(rules)]), Sheet.code.in_(codes)]
    sheets: dict[str, list[_SheetRow]] = defaultdict(list)
    pending: set[str] = set()
    rows = session.execute(
        select(Sheet.id, Sheet.code, Sheet.module, Sheet.seat_label, Sheet.state).where(*wanted)
    )
    for id_, code, module, label, state in rows:
        sheets[code].append(_SheetRow(id_, code, module, label))
        if state != SheetState.CONFIRMED:
            pending.add(code)
    marks: dict[UUID, dict[tuple[str, str], Any]] = defaultdict(dict)
    for mark in session.execute(
        select(Mark.sheet_id, Mark.aspect, Mark.kind, Mark.value, Mark.state, Mark.round)
        .join(Sheet, (Sheet.event_id == Mark.event_id) & (Sheet.id == Mark.sheet_id))
        .where(Mark.event_id == event.id, Sheet.state == SheetState.CONFIRMED, *wanted)
    ):
        marks[mark.sheet_id][mark.aspect, mark.kind] = mark
    return {
        code: given_of(rules, cast(Iterable[Sheet], each), cast(Mapping[UUID, Any], marks))
        for code, each in sheets.items()
        if code not in pending
    }
