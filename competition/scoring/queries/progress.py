"""Read how the marking of an event stands: per sheet, and as a reconciliation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.database import session
from competition.draws.models import DrawnPlace
from competition.panels.models import Judge, SeatKind
from competition.panels.queries import ModulePanel, conflict, is_shadow, panel_of, seat_number, seats_of
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState
from competition.scoring.queries.answers import CONFLICT, REJECTED
from competition.scoring.queries.items import Item, items_of, marks_nothing
from competition.scoring.queries.levels import Levels, blanks_of, discussions_of
from competition.scoring.queries.recorded import Recorded
from competition.scoring.queries.sheets import CellKey, marks_by_sheet, sheets_of
from competition.scoring.queries.stages import modules_reached
from competition.scoring.queries.taking_part import RECEIVED, places_marked


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


# --- the sheets there should be --------------------------------------------------------------------


@dataclass(frozen=True)
class WantedSheet:
    """A sheet that belongs to the event as it stands: what it is for, and who may mark it (or why nobody may)."""

    module: str
    place: DrawnPlace
    label: str
    panel: ModulePanel


def wanted_sheets(event: Event) -> list[WantedSheet]:
    """Every sheet there should be: module × code × seat taken, for those who take part and reached the module's stage."""
    panels, marking, reached = _panels(event), _labels(event), modules_reached(event)
    places = places_marked(event)
    return [
        WantedSheet(module, place, label, panel)
        for module, panel in panels.items()
        for place in places
        if module in reached[place.code]
        for label in marking[module]
    ]


def wanted_shadows(event: Event) -> list[tuple[str, DrawnPlace, str, Judge]]:
    """Every sheet of a shadow there should be, with its judge: none for entrants whom that judge must not mark."""
    reached = modules_reached(event)
    return [
        (seat.module, place, seat.label, seat.judge)
        for seat in seats_of(event)
        if seat.kind == SeatKind.SHADOW
        for place in places_marked(event)
        if seat.module in reached[place.code] and conflict(seat.judge, place.entrant) is None
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


def reconciliation(event: Event, recorded: Recorded | None = None) -> Reconciliation:
    """The sheets of those who take part: signed ones are received, open ones and ones never made are missing.

    Of a stage that is not decided yet nothing is missing. What was received of those who withdrew or were disqualified
    counts as received, and nothing of theirs is missing.
    """
    recorded = recorded or Recorded(event)
    sheets = recorded.sheets
    unmade = len(unmade_sheets(event, recorded))
    received = sum(sheet.state in RECEIVED for sheet in sheets)
    void = sum(sheet.state == SheetState.VOID for sheet in sheets)
    expected = len(sheets) + unmade
    return Reconciliation(expected, received, void, expected - received - void)


def unmade_sheets(event: Event, recorded: Recorded) -> list[tuple[str, str, str]]:
    """The sheets there should be that nobody made yet: module, code and seat."""
    made = {(sheet.module, sheet.code, sheet.seat_label) for sheet in recorded.sheets}
    labels = _labels(event)
    return [
        (module, code, label)
        for code, modules in modules_reached(event, recorded).items()
        for module in modules
        for label in labels[module]
        if (module, code, label) not in made
    ]


def set_aside(event: Event) -> list[MarkOperation]:
    """The operations that were answered with a conflict or a refusal, the latest first: kept, never counted."""
    return list(
        session.scalars(
            select(MarkOperation)
            .where(MarkOperation.event_id == event.id, MarkOperation.answer.in_((CONFLICT, REJECTED)))
            .order_by(MarkOperation.received_at.desc(), MarkOperation.sequence.desc())
        )
    )
