"""Frozen data for the pages of panels."""

from dataclasses import dataclass

from competition.competitions.models import Event
from competition.competitions.queries import aspects_of, modules_of, rule_set_of
from competition.panels import queries
from competition.panels.models import Seat, SeatKind
from competition.rules.scheme import Group, Judgement, Panel
from competition.rules.sentences import Sentence, sentence
from competition.web.language import language

KIND_LABELS: dict[SeatKind, Sentence] = {
    SeatKind.LEAD: sentence("Lead: also records what is measured, agreed and deducted"),
    SeatKind.MEMBER: sentence("Member"),
    SeatKind.ALTERNATE: sentence("Alternate: marks where a judge must not"),
    SeatKind.SHADOW: sentence("Shadow: marks beside the panel, counts nowhere"),
}


@dataclass(frozen=True)
class Place:
    """A seat as a place in the table: taken or free, needed or not."""

    label: str
    kind: SeatKind
    is_needed: bool
    seat: Seat | None
    conflicts: int


@dataclass(frozen=True)
class ModuleRow:
    """A module with its places."""

    id: str
    title: str
    places: tuple[Place, ...]


def kind_of(label: str) -> SeatKind:
    """J1 leads, J2 … are members, A1 … are alternates, S1 … are shadows."""
    if label.startswith("A"):
        return SeatKind.ALTERNATE
    if queries.is_shadow(label):
        return SeatKind.SHADOW
    return SeatKind.LEAD if label == "J1" else SeatKind.MEMBER


def judged(module: Group) -> bool:
    """Whether several judges mark anything in the module, so that a shadow could mark it too."""
    return any(isinstance(aspect.method, Judgement | Panel) for aspect in aspects_of(module))


def panels_of(event: Event) -> list[ModuleRow]:
    """Every module with its seats and alternates, taken or free."""
    seats = {(seat.module, seat.label): seat for seat in queries.seats_of(event)}
    conflicts = {
        judge.id: len(queries.conflicts_of(judge, event)) for judge in {seat.judge for seat in seats.values()}
    }
    rows = []
    for module in modules_of(rule_set_of(event)):
        size = queries.panel_size(module)
        alternates = (f"A{number}" for number in range(1, queries.ALTERNATES + 1))
        shadows = (f"S{number}" for number in range(1, queries.SHADOWS + 1)) if judged(module) else ()
        labels = (*size.labels, *alternates, *shadows)
        places = []
        for label in labels:
            seat = seats.get((module.id, label))
            kind = kind_of(label)
            needed = kind in (SeatKind.LEAD, SeatKind.MEMBER) and queries.seat_number(label) <= size.needed
            places.append(Place(label, kind, needed, seat, conflicts[seat.judge_id] if seat else 0))
        rows.append(ModuleRow(module.id, module.title.in_language(language()), tuple(places)))
    return rows
