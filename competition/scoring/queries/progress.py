"""Read how the marking of an event stands: per sheet, as a reconciliation, and what stands in the way of its end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.database import session
from competition.draws.models import Draw, DrawnPlace
from competition.draws.queries import current_draw, places_of
from competition.panels.models import Judge, SeatKind
from competition.panels.queries import ModulePanel, conflict, is_shadow, panel_of, seat_number, seats_of
from competition.registration.models import Entrant, EntrantState
from competition.rules import contest as contests
from competition.rules.contest import Contest, reckonings_of
from competition.rules.marking import Given, MarkKind, MarkState
from competition.rules.marking import record as record_mark
from competition.rules.numbers import read_number
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Judgement, Panel
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState
from competition.scoring.queries.items import (
    LISTED,
    Item,
    attempt_of,
    base_kind,
    items_of,
    marks_nothing,
)
from competition.scoring.queries.levels import (
    VALUE,
    Levels,
    blanks_of,
    discussions_of,
    is_given,
)
from competition.scoring.queries.rounds import Discussed, discussed, earlier_levels
from competition.scoring.queries.sheets import (
    CellKey,
    MarkRow,
    SheetRow,
    mark_rows,
    marks_by_sheet,
    operations_by_id,
    shadow_sheets_of,
    sheet_rows,
    sheets_of,
)

MOST_REASONS = 20
RECEIVED = (SheetState.SIGNED, SheetState.CONFIRMED)


@dataclass(frozen=True)
class SheetProgress:
    """How one sheet stands."""

    sheet: Sheet
    filled: int
    needed: int
    blanks: tuple[Item, ...]
    discussions: tuple[Levels, ...]

    @property
    def is_complete(self) -> bool:
        return not self.blanks and not self.discussions


def progress_of(
    event: Event, sheets: Sequence[Sheet], marks: Mapping[UUID, Mapping[CellKey, Mark]] | None = None
) -> list[SheetProgress]:
    """How these sheets stand; the sheets of one code and module should be given together or not at all."""
    rule_set = rule_set_of(event)
    families = families_of(event, sheets)
    if marks is None:
        beside = {one.id for family in families.values() for one in family}
        marks = marks_by_sheet(event.id, beside | {sheet.id for sheet in sheets})
    items = {
        (module, label): items_of(rule_set, module, label)
        for module, label in {(sheet.module, sheet.seat_label) for sheet in sheets}
    }
    return [
        _progress(sheet, items[sheet.module, sheet.seat_label], family_of(sheet, families), marks)
        for sheet in sheets
    ]


def families_of(event: Event, sheets: Sequence[Sheet]) -> dict[tuple[str, str], list[Sheet]]:
    """The sheets that count beside each of these, by module and code, in the order of seats."""
    wanted = {(sheet.module, sheet.code) for sheet in sheets}
    families: dict[tuple[str, str], list[Sheet]] = defaultdict(list)
    for sheet in sheets_of(event):
        if (sheet.module, sheet.code) in wanted and sheet.state != SheetState.VOID:
            families[sheet.module, sheet.code].append(sheet)
    for family in families.values():
        family.sort(key=lambda one: seat_number(one.seat_label))
    return families


def family_of(sheet: Sheet, families: Mapping[tuple[str, str], Sequence[Sheet]]) -> Sequence[Sheet]:
    """The sheets beside this one out of `families_of`. A shadow has none: what the panel gives is not for its eyes."""
    return [sheet] if is_shadow(sheet.seat_label) else families[sheet.module, sheet.code]


def _progress(
    sheet: Sheet,
    items: Sequence[Item],
    family: Sequence[Sheet],
    marks: Mapping[UUID, Mapping[CellKey, Mark]],
) -> SheetProgress:
    needed = sum(item.needed for item in items)
    if sheet.state == SheetState.VOID:
        return SheetProgress(sheet, 0, needed, (), ())
    blanks = blanks_of(items, sheet, family, marks)
    return SheetProgress(
        sheet, needed - len(blanks), needed, tuple(blanks), tuple(discussions_of(items, family, marks))
    )


# --- who takes part -------------------------------------------------------------------------------


def takes_part(entrant: Entrant) -> bool:
    """Whether the entrant is marked: approved and there."""
    return entrant.state == EntrantState.APPROVED and entrant.present


def places_marked(event: Event) -> list[DrawnPlace]:
    """The drawn places of those who take part, in the order of start."""
    draw = current_draw(event)
    return [place for place in places_of(draw) if takes_part(place.entrant)] if draw else []


def codes_left_out(event: Event) -> set[str]:
    """The codes of those who were drawn and do not take part: absent or withdrawn."""
    return {code for code, _, marked in _drawn(event) if not marked}


def _drawn(event: Event) -> list[tuple[str, UUID, bool]]:
    """Code, entrant and whether they take part, for everybody in the draw that counts; thousands, so columns only."""
    rows = session.execute(
        select(DrawnPlace.code, DrawnPlace.entrant_id, Entrant.state, Entrant.present)
        .join(Draw, Draw.id == DrawnPlace.draw_id)
        .join(Entrant, Entrant.id == DrawnPlace.entrant_id)
        .where(DrawnPlace.event_id == event.id, Draw.superseded_at.is_(None))
    )
    return [
        (code, entrant_id, state == EntrantState.APPROVED and present)
        for code, entrant_id, state, present in rows
    ]


@dataclass(frozen=True)
class WantedSheet:
    """A sheet that belongs to the event as it stands: what it is for, and who may mark it (or why nobody may)."""

    module: str
    place: DrawnPlace
    label: str
    panel: ModulePanel


def wanted_sheets(event: Event) -> list[WantedSheet]:
    """Every sheet there should be: module × code × seat taken, for those who take part."""
    panels, marking = _panels(event), _labels(event)
    places = places_marked(event)
    return [
        WantedSheet(module, place, label, panel)
        for module, panel in panels.items()
        for place in places
        for label in marking[module]
    ]


def wanted_shadows(event: Event) -> list[tuple[str, DrawnPlace, str, Judge]]:
    """Every sheet of a shadow there should be, with its judge: none for entrants whom that judge must not mark."""
    return [
        (seat.module, place, seat.label, seat.judge)
        for seat in seats_of(event)
        if seat.kind == SeatKind.SHADOW
        for place in places_marked(event)
        if conflict(seat.judge, place.entrant) is None
    ]


def _panels(event: Event) -> dict[str, ModulePanel]:
    seats = seats_of(event)
    return {module.id: panel_of(seats, module.id) for module in modules_of(rule_set_of(event))}


def _labels(event: Event) -> dict[str, list[str]]:
    """The seats that are taken and mark something, by module."""
    rule_set = rule_set_of(event)
    return {
        module: [label for label in panel.judges if not marks_nothing(rule_set, module, label)]
        for module, panel in _panels(event).items()
    }


# --- reconciliation -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reconciliation:
    """expected = received + void + missing, in sheets."""

    expected: int
    received: int
    void: int
    missing: int

    @property
    def closes(self) -> bool:
        return self.missing == 0


def reconciliation(event: Event) -> Reconciliation:
    """The sheets of those who take part: signed ones are received, open ones and ones never made are missing."""
    drawn = _drawn(event)
    left_out = {code for code, _, marked in drawn if not marked}
    sheets = [sheet for sheet in sheet_rows(event) if sheet.code not in left_out]
    made = {(sheet.module, sheet.code, sheet.seat_label) for sheet in sheets}
    unmade = sum(
        (module, code, label) not in made
        for module, labels in _labels(event).items()
        for label in labels
        for code, _, marked in drawn
        if marked
    )
    received = sum(sheet.state in RECEIVED for sheet in sheets)
    void = sum(sheet.state == SheetState.VOID for sheet in sheets)
    expected = len(sheets) + unmade
    return Reconciliation(expected, received, void, expected - received - void)


# --- the marks ------------------------------------------------------------------------------------


def marks_of(event: Event) -> list[dict[str, object]]:
    """The marks of an event as a contest document takes them, by entrant id; judges are "module.seat".

    Marks on void sheets and of those who do not take part are left out. What the group measures, declares or agrees on
    stands on the lead's sheet and names no judge. Nothing is said about blank cells: a missing mark is not zero. Where the
    judges discussed a judgement, the levels of all rounds are there, and the last round counts.
    """
    draw = current_draw(event)
    if draw is None:
        return []
    entrants = {code: entrant_id for code, entrant_id, marked in _drawn(event) if marked}
    sheets = {
        sheet.id: sheet
        for sheet in sheet_rows(event)
        if sheet.state != SheetState.VOID and sheet.draw_id == draw.id and sheet.code in entrants
    }
    found = mark_rows(event)
    entries = [mark for cells in found.values() for mark in cells.values() if base_kind(mark.kind) in LISTED]
    notes = _notes(event, entries)
    aspects = {aspect.id: aspect for aspect in rule_set_of(event).aspects}
    last = discussed(sheets, found)
    marks = [
        _mark(mark, sheet, str(entrants[sheet.code]), aspects[mark.aspect], notes, last)
        for sheet_id, sheet in sheets.items()
        for mark in found.get(sheet_id, {}).values()
        if is_given(mark)
    ]
    earlier = earlier_levels(event, sheets, last) if last else ()
    for level in earlier:
        sheet = sheets[level.sheet_id]
        marks.append(_mark(level, sheet, str(entrants[sheet.code]), aspects[level.aspect], notes))
    return marks


def _notes(event: Event, marks: Iterable[MarkRow]) -> dict[UUID, str]:
    made = operations_by_id(event.id, {mark.op_id for mark in marks})
    return {
        op_id: str(operation.body["reason"]) for op_id, operation in made.items() if operation.body["reason"]
    }


def _mark(
    mark: MarkRow,
    sheet: SheetRow,
    entrant: str,
    aspect: Aspect,
    notes: Mapping[UUID, str],
    last: Discussed = MappingProxyType({}),
) -> dict[str, object]:
    kind, attempt = base_kind(mark.kind), attempt_of(aspect, mark.kind)
    plain: dict[str, object] = {"entrant": entrant, "aspect": mark.aspect}
    if _names_judge(aspect, kind):
        plain["judge"] = f"{sheet.module}.{sheet.seat_label}"
    if attempt is not None:
        plain["attempt"] = attempt
    if kind is MarkKind.MARK and (number := _round(mark, sheet, last)) > 1:
        plain["round"] = number
    if mark.state != VALUE:
        return {**plain, "state": mark.state}
    assert mark.value is not None, "the table checks it"
    plain["value"] = format(mark.value, "f")
    if kind is not MarkKind.MARK:
        plain["kind"] = kind.value
    if mark.op_id in notes and kind in LISTED:
        plain["note"] = notes[mark.op_id]
    return plain


def _round(mark: MarkRow, sheet: SheetRow, last: Discussed) -> int:
    """A level that stands counts in the last round, whether or not its judge changed it there."""
    return last.get((sheet.code, mark.aspect), mark.round)


def _names_judge(aspect: Aspect, kind: MarkKind) -> bool:
    return kind in LISTED or (kind is MarkKind.MARK and isinstance(aspect.method, Judgement | Panel))


def shadow_marks_of(event: Event) -> list[dict[str, object]]:
    """The marks of shadow judges in the same form. No result is made of them."""
    draw = current_draw(event)
    entrants = {code: entrant_id for code, entrant_id, marked in _drawn(event) if marked}
    aspects = {aspect.id: aspect for aspect in rule_set_of(event).aspects}
    sheets = [
        sheet
        for sheet in shadow_sheets_of(event)
        if draw is not None and sheet.draw_id == draw.id and sheet.code in entrants
    ]
    found = marks_by_sheet(event.id, [sheet.id for sheet in sheets])
    return [
        _mark(mark, sheet, str(entrants[sheet.code]), aspects[mark.aspect], {})
        for sheet in sheets
        for mark in found.get(sheet.id, {}).values()
        if is_given(mark)
    ]


def given_of(
    rule_set: RuleSet, sheets: Iterable[Sheet], marks: Mapping[UUID, Mapping[CellKey, Mark]]
) -> dict[str, Given]:
    """Everything recorded for one code by aspect, as the rules of marking take it."""
    aspects = {aspect.id: aspect for aspect in rule_set.aspects}
    found: dict[str, Given] = defaultdict(Given)
    for sheet in sheets:
        for mark in marks.get(sheet.id, {}).values():
            if is_given(mark):
                _put(found[mark.aspect], aspects[mark.aspect], mark, f"{sheet.module}.{sheet.seat_label}")
    return dict(found)


def _put(given: Given, aspect: Aspect, mark: Mark, judge: str) -> None:
    value = MarkState(mark.state) if mark.value is None else read_number(mark.value)
    kind, attempt = base_kind(mark.kind), attempt_of(aspect, mark.kind)
    named = judge if _names_judge(aspect, kind) else None
    record_mark(given, aspect, value, kind=kind, judge=named, attempt=attempt)


# --- the end of marking ---------------------------------------------------------------------------


def closing_blockers(event: Event) -> tuple[Sentence, ...]:
    """What stands in the way of the end of marking; () when every sheet is confirmed and the marks are complete."""
    left_out = codes_left_out(event)
    sheets = [sheet for sheet in sheets_of(event) if sheet.code not in left_out]
    found = []
    if unmade := reconciliation(event).expected - len(sheets):
        found.append(sentence("%(count)s sheets were never made. Bring the sheets up to date.", count=unmade))
    if unsigned := [sheet for sheet in sheets if sheet.state == SheetState.OPEN]:
        found.append(
            sentence(
                "%(count)s sheets are not signed (codes %(codes)s).",
                count=len(unsigned),
                codes=_codes(unsigned),
            )
        )
    if unconfirmed := [sheet for sheet in sheets if sheet.state == SheetState.SIGNED]:
        found.append(
            sentence(
                "%(count)s sheets are signed and not confirmed (codes %(codes)s).",
                count=len(unconfirmed),
                codes=_codes(unconfirmed),
            )
        )
    return tuple(found) or _incomplete(event, sheets)


def _codes(sheets: Sequence[Sheet]) -> str:
    codes = list(dict.fromkeys(sheet.code for sheet in sheets))
    return ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")


def _incomplete(event: Event, sheets: Sequence[Sheet]) -> tuple[Sentence, ...]:
    """What the rules of marking still miss, code by code: spreads, judges too few, declared values."""
    rule_set, marks = rule_set_of(event), marks_by_sheet(event.id)
    by_code: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.state != SheetState.VOID:
            by_code[sheet.code].append(sheet)
    codes = [place.code for place in places_marked(event)]
    recorded = {code: given_of(rule_set, by_code.get(code, ()), marks) for code in codes}
    entrants = tuple(contests.Entrant(code) for code in codes)
    contest = Contest(rule_set.title, rule_set, (), entrants, recorded, ())
    found = [reason for reckoning in reckonings_of(contest).values() for reason in reckoning.blockers]
    if len(found) <= MOST_REASONS:
        return tuple(found)
    more = sentence("… and %(count)s more.", count=len(found) - MOST_REASONS)
    return (*found[:MOST_REASONS], more)


def set_aside(event: Event) -> list[MarkOperation]:
    """The operations that were answered with a conflict or a refusal, the latest first: kept, never counted."""
    return list(
        session.scalars(
            select(MarkOperation)
            .where(MarkOperation.event_id == event.id, MarkOperation.answer.in_(("conflict", "rejected")))
            .order_by(MarkOperation.received_at.desc(), MarkOperation.sequence.desc())
        )
    )
