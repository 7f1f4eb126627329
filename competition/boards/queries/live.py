"""Live standings: what the confirmed sheets of an event come to so far, brought up to date sheet by sheet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, cast
from uuid import UUID

import numpy as np
from sqlalchemy import BigInteger, select, type_coerce

from competition.boards.queries.lines import CLIMBING, BoardLine, total_text
from competition.boards.queries.qualifying import Qualification
from competition.boards.queries.teams import Entered, live_teams
from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.database import session
from competition.draws.models import DrawnPlace
from competition.draws.queries import current_draw, places_of
from competition.registration.models import Entrant
from competition.registration.queries import display_name
from competition.rules.marking import Given, MarkKind
from competition.rules.ranking import Guests
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Judgement, Panel
from competition.rules.titles import Title
from competition.scoring.models import Mark, Sheet, SheetState, Signature
from competition.scoring.queries.levels import BLANK, VALUE
from competition.scoring.queries.marks import given_of
from competition.scoring.queries.sheets import ON_PANEL
from competition.scoring.queries.taking_part import takes_part
from competition.standings.marks import SCALE, Marks, measured, packed
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
        self._rules: RuleSet
        self._frozen_id: UUID | None
        self._seen: UUID | None = None
        self._entered: dict[str, Entered] = {}
        self._part: dict[str, bool] = {}
        self._texts: dict[Fraction, str]
        self._standings: Standings
        self._qualification: Qualification | None
        self._load(event)

    def refresh(self, event: Event, *, thorough: bool = True) -> None:
        """Bring the standings up to the newest signature and the rules that count now; thoroughly: also to who takes part."""
        is_corrected = event.frozen_id != self._frozen_id
        if is_corrected or (thorough and self._taking_part(event) != self._entered):
            self._load(event)
            return
        self._qualification = self._terms(event)
        codes = _changed_codes(event, self._seen)
        if len(codes) > MOST_AT_ONCE:
            self._load(event)
            return
        self._seen = newest_signature(event.id)
        marks = _marks_of(event, self._rules, codes)
        self._standings.update_all({code: marks.get(code, {}) for code in codes if code in self._part})

    def lines(self) -> tuple[BoardLine, ...]:
        """Everybody whose sheets are all confirmed, best first."""
        ranked = tuple(self._standings.lines())
        marks = self._qualification.marks(self._standings, ranked) if self._qualification else {}
        return tuple(
            BoardLine(
                key=line.entrant,
                place=line.place,
                shared=line.shared,
                name=self._shown[line.entrant].name,
                delegation=self._shown[line.entrant].delegation,
                total=self._text_of(line.total),
                advances=marks.get(line.entrant) in CLIMBING,
                qualifying=marks.get(line.entrant),
            )
            for line in ranked
        )

    def teams(self) -> tuple[BoardLine, ...]:
        """The teams whose members are all confirmed, best first. None in a blind event: what a team has by now would
        tell whose code was confirmed."""
        if self._is_blind:
            return ()
        delegations = {code: shown.delegation for code, shown in self._shown.items()}
        return live_teams(self._rules, self._standings, self._entered, delegations)

    @property
    def team_title(self) -> Title | None:
        """What the ranking of teams is called; None where the rules rank none, or none can be shown."""
        rule = None if self._is_blind else self._rules.teams
        return rule.title if rule is not None and rule.is_known_before_awards else None

    def _terms(self, event: Event) -> Qualification | None:
        """On which terms people go on; the quota of the event above may change while marks come in."""
        names = {code: shown.delegation for code, shown in self._shown.items()}
        return Qualification.of(event, self._part, names, is_blind=self._is_blind)

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
        self._rules, self._frozen_id, self._texts = rule_set_of(event), event.frozen_id, {}
        self._seen = newest_signature(event.id)
        self._entered = self._taking_part(event)
        self._part = {code: each.eligible for code, each in self._entered.items()}
        self._is_blind = is_blind(event, self._rules)
        self._shown = _shown(event, self._part, is_blind=self._is_blind)
        self._qualification = self._terms(event)
        guests = self._rules.guests is Guests.RANKED
        columns = ColumnReader(self._rules, list(self._part))
        odd = columns.read(event)
        self._standings = Standings.of_columns(
            self._rules,
            columns.codes,
            columns.marks(),
            not_ranked=np.array([not (guests or eligible) for eligible in self._part.values()], dtype=bool),
        )
        if odd:
            marks = _marks_of(event, self._rules, odd if len(odd) <= MOST_AT_ONCE else None)
            self._standings.update_all({code: marks.get(code, {}) for code in odd})

    def _taking_part(self, event: Event) -> dict[str, Entered]:
        """The codes of those who are marked, whether they may win an award, and for whom they count."""
        draw = current_draw(event)
        if draw is None:
            return {}
        rows = session.execute(
            select(
                DrawnPlace.code,
                Entrant.state,
                Entrant.present,
                Entrant.award_eligible,
                Entrant.delegation_id,
                Entrant.team,
                Entrant.team_order,
            )
            .join(Entrant, Entrant.id == DrawnPlace.entrant_id)
            .where(DrawnPlace.event_id == event.id, DrawnPlace.draw_id == draw.id)
            .order_by(DrawnPlace.code)
        )
        return {
            row.code: Entered(row.award_eligible, row.delegation_id, row.team, row.team_order)
            for row in rows
            if takes_part(cast(Entrant, row))
        }


class ColumnReader:
    """Reads the confirmed sheets of everybody straight into columns: a hundred thousand marks are too many for objects.

    Only plain marks have a column here. Whoever has anything else (an entry, a declared or agreed value, tries, a state
    instead of a number) is named by `read`, to be reckoned from everything recorded.
    """

    def __init__(self, rules: RuleSet, codes: list[str]) -> None:
        self.codes = codes
        self._rows = {code: row for row, code in enumerate(codes)}
        self._judged = {aspect.id: isinstance(aspect.method, Judgement | Panel) for aspect in rules.aspects}
        self._found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))

    def read(self, event: Event) -> list[str]:
        """Read everything; the codes with something that has no column."""
        draw = current_draw(event)
        if draw is None:
            return []
        standing = (Sheet.event_id == event.id, Sheet.draw_id == draw.id, Sheet.state != SheetState.VOID)
        counted = (*standing, ON_PANEL)
        pending = set(
            session.scalars(
                select(Sheet.code).where(*counted, Sheet.state != SheetState.CONFIRMED).distinct()
            )
        )
        rows = session.execute(
            select(Sheet.code, Mark.aspect, Mark.kind, type_coerce(Mark.value, BigInteger), Mark.state)
            .join(Sheet, (Sheet.event_id == Mark.event_id) & (Sheet.id == Mark.sheet_id))
            .where(Mark.event_id == event.id, *counted)
        )
        odd: set[str] = set()
        for code, aspect, kind, value, state in rows:
            if code in pending or code not in self._rows or state == BLANK:
                continue
            if kind == MarkKind.MARK and state == VALUE:
                owners, values = self._found[aspect]
                owners.append(self._rows[code])
                values.append(value)
            else:
                odd.add(code)
        return sorted(odd)

    def marks(self) -> dict[str, Marks]:
        """The columns of what was read, by aspect."""
        return {aspect: self._column(aspect, *found) for aspect, found in self._found.items()}

    def _column(self, aspect: str, owners: list[int], values: list[int]) -> Marks:
        rows, numerators = np.array(owners, dtype=np.int64), np.array(values, dtype=np.int64)
        counts = np.bincount(rows, minlength=len(self.codes)).astype(np.int64)
        if self._judged[aspect]:
            return Marks(scores=packed(numerators[np.argsort(rows, kind="stable")], SCALE, counts))
        column = np.zeros(len(self.codes), dtype=np.int64)
        column[rows] = numerators
        return measured(column, denominator=SCALE, known=counts > 0)


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
