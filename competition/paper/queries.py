"""Read paper: how far every sheet is, who may do what with it, and what is on screen of it."""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from competition import vault
from competition.competitions.models import Competition, Event
from competition.competitions.queries import event_by_id, event_for, modules_of, rule_set_of, scope_of_event
from competition.database import session
from competition.errors import Conflict, NotFound, Refused
from competition.paper.models import (
    OutcomeKind,
    PaperEntry,
    PaperOutcome,
    PaperPhoto,
    PrintedSheet,
)
from competition.paper.readings import Reading, differences
from competition.rules.access import Actor, Permission
from competition.rules.lifecycle import EventState
from competition.rules.numbers import as_typed
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet, SheetState, Signature
from competition.scoring.queries.paper import marked_otherwise, paper_blockers
from competition.scoring.queries.sheets import ON_PANEL, SIGNED
from competition.scoring.queries.signing import PAPER

ENTER = Permission.SCORING_PAPER_ENTER
PRINT = Permission.SCORING_PAPER_PRINT
CONFIRM = Permission.SCORING_SHEET_CONFIRM

SEAL = "paper_photo.content"
"""The place that is bound into every sealed photo."""


class Stage(StrEnum):
    """How far the paper of a sheet is."""

    UNTYPED = "untyped"
    HALF = "half"
    DIFFERENT = "different"
    HELD_UP = "held_up"
    COUNTED = "counted"
    SIGNED = "signed"
    VOID = "void"


@dataclass(frozen=True)
class Standing:
    """One sheet with its paper: the entries of the present round, how earlier rounds ended, and how it was signed."""

    sheet: Any
    entries: tuple[PaperEntry, ...]
    outcomes: tuple[PaperOutcome, ...]
    prints: int
    signed_on_paper: bool

    @property
    def round(self) -> int:
        return len(self.outcomes) + 1

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(Reading.of(entry.reading) for entry in self.entries)

    @cached_property
    def stage(self) -> Stage:
        """A tablet's signature before the paper was counted leaves the entries to the chief judge: held up, never forgotten."""
        if self.sheet.state == SheetState.VOID and len(self.entries) < 2:
            return Stage.VOID
        if len(self.entries) == 2 and differences(*self.readings):
            return Stage.DIFFERENT
        if len(self.entries) >= 2 or (self.entries and self.sheet.state != SheetState.OPEN):
            return Stage.HELD_UP
        if self.entries:
            return Stage.HALF
        if self.sheet.state in (SheetState.SIGNED, SheetState.CONFIRMED):
            return Stage.COUNTED if self.signed_on_paper else Stage.SIGNED
        return Stage.VOID if self.sheet.state == SheetState.VOID else Stage.UNTYPED

    @property
    def agreed(self) -> Reading | None:
        """What the paper says once two people read the same, or a third has decided; None before."""
        if len(self.entries) == 3 or (len(self.entries) == 2 and not differences(*self.readings)):
            return self.readings[-1 if len(self.entries) == 3 else 0]
        return None

    @property
    def typed_by(self) -> tuple[str, ...]:
        return tuple(entry.by_name for entry in self.entries)


# --- one sheet --------------------------------------------------------------------------------------


def sheet_on_paper(actor: Actor, event_id: UUID, sheet_id: UUID) -> Sheet:
    """A sheet of a panel, for whoever works with its paper; else NotFound."""
    event_for(actor, event_id, PRINT)
    sheet: Sheet | None = session.get(Sheet, (event_id, sheet_id))
    if sheet is None or sheet.seat_label.startswith("S"):
        raise NotFound()
    return sheet


def sheet_to_type(actor: Actor, event_id: UUID, sheet_id: UUID) -> Sheet:
    """The same, for clerks of the event."""
    event_for(actor, event_id, ENTER)
    return sheet_on_paper(actor, event_id, sheet_id)


def sheet_to_settle(actor: Actor, event_id: UUID, sheet_id: UUID) -> Sheet:
    """The same, for clerks and the chief judge of the event."""
    sheet = sheet_on_paper(actor, event_id, sheet_id)
    scope = scope_of_event(event_by_id(event_id))
    if not actor.may(ENTER, scope) and not actor.may(CONFIRM, scope):
        raise Refused(sentence("A third look is taken by a clerk or by the chief judge of the event."))
    return sheet


def standing_of(sheet: Sheet) -> Standing:
    """How far the paper of one sheet is."""
    return standings_of([sheet])[0]


def standings_of(sheets: Sequence[Any]) -> list[Standing]:
    """How far the papers of these sheets of one event are, in their order; four questions, however many they are."""
    if not sheets:
        return []
    event_id = sheets[0].event_id
    only = [sheet.id for sheet in sheets] if len(sheets) <= 50 else None
    entries, outcomes = _entries(event_id, only), _outcomes(event_id, only)
    prints, ways = _prints(event_id, only), _ways(event_id, only)
    found = []
    for sheet in sheets:
        ended = tuple(outcomes[sheet.id])
        now = tuple(one for one in entries[sheet.id] if one.round == len(ended) + 1)
        found.append(Standing(sheet, now, ended, prints.get(sheet.id, 0), ways.get(sheet.id) == PAPER))
    return found


def _entries(event_id: UUID, only: list[UUID] | None) -> dict[UUID, list[PaperEntry]]:
    query = (
        select(PaperEntry)
        .where(PaperEntry.event_id == event_id, PaperEntry.withdrawn_at.is_(None))
        .order_by(PaperEntry.ordinal)
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[PaperEntry]] = defaultdict(list)
    for entry in session.scalars(query if only is None else query.where(PaperEntry.sheet_id.in_(only))):
        found[entry.sheet_id].append(entry)
    return found


def _outcomes(event_id: UUID, only: list[UUID] | None) -> dict[UUID, list[PaperOutcome]]:
    query = select(PaperOutcome).where(PaperOutcome.event_id == event_id).order_by(PaperOutcome.round)
    found: dict[UUID, list[PaperOutcome]] = defaultdict(list)
    for one in session.scalars(query if only is None else query.where(PaperOutcome.sheet_id.in_(only))):
        found[one.sheet_id].append(one)
    return found


def _prints(event_id: UUID, only: list[UUID] | None) -> dict[UUID, int]:
    query = (
        select(PrintedSheet.sheet_id, func.count().label("prints"))
        .where(PrintedSheet.event_id == event_id)
        .group_by(PrintedSheet.sheet_id)
    )
    rows = session.execute(query if only is None else query.where(PrintedSheet.sheet_id.in_(only)))
    return {row.sheet_id: row.prints for row in rows}


def _ways(event_id: UUID, only: list[UUID] | None) -> dict[UUID, str]:
    """How each sheet was signed the last time."""
    query = (
        select(Signature.sheet_id, Signature.way)
        .where(Signature.event_id == event_id, Signature.act == SIGNED)
        .order_by(Signature.at, Signature.id)
    )
    rows = session.execute(query if only is None else query.where(Signature.sheet_id.in_(only)))
    return {row.sheet_id: row.way for row in rows}


def typing_refusal(standing: Standing, actor: Actor) -> Sentence | None:
    """Why this person cannot type this sheet now, or None."""
    if standing.sheet.judge.account_id == actor.account_id:
        return sentence("You marked this sheet as its judge, so other people type it.")
    if len(standing.entries) >= 2:
        return sentence("Two people have typed this sheet already.")
    if any(entry.by_id == actor.account_id for entry in standing.entries):
        return sentence("You typed this sheet; another person types it the second time.")
    return None


def deciding_refusal(standing: Standing, actor: Actor) -> Sentence | None:
    """Why this person cannot take the third look, or None."""
    if standing.stage is not Stage.DIFFERENT:
        return sentence("There is no difference to decide on.")
    if standing.sheet.judge.account_id == actor.account_id:
        return sentence("You marked this sheet as its judge, so somebody else takes the third look.")
    if any(entry.by_id == actor.account_id for entry in standing.entries):
        return sentence("You typed this sheet, so a third person looks at it.")
    return None


def withdrawn_meanwhile() -> Conflict:
    """The refusal for somebody who compared with an entry that is not there any more."""
    return Conflict(
        sentence("The first entry was withdrawn while you compared it."),
        next_step=sentence("Type the sheet from the paper; yours is the first entry now."),
    )


def held_up_by(standing: Standing) -> tuple[Sentence, ...]:
    """Why a sheet that two people read the same does not count yet."""
    if standing.agreed is None:
        sheet = standing.sheet
        if standing.entries and sheet.state in (SheetState.SIGNED, SheetState.CONFIRMED):
            return (sentence("The judge signed this sheet on a tablet after somebody had typed its paper."),)
        return ()
    found = paper_blockers(standing.sheet, standing.agreed.marks)
    if found:
        return found
    count = len(marked_otherwise(standing.sheet, standing.agreed.marks))
    if count:
        return (
            sentence(
                "A tablet gave this sheet %(count)s marks that the paper says otherwise. The chief judge decides what counts.",
                count=count,
            ),
        )
    return ()


# --- finding a sheet --------------------------------------------------------------------------------


def print_by_id(print_id: UUID) -> PrintedSheet | None:
    found: PrintedSheet | None = session.get(PrintedSheet, print_id)
    return found


def sheets_called(event: Event, text: str) -> list[Sheet]:
    """The sheets that a typed code means, perhaps with a seat or a module behind it: “A07”, “a07 j2”."""
    code, *more = as_typed(text).upper().split() or [""]
    query = (
        select(Sheet)
        .where(Sheet.event_id == event.id, func.upper(Sheet.code) == code, ON_PANEL)
        .order_by(Sheet.module, Sheet.seat_label)
    )
    return [
        sheet
        for sheet in session.scalars(query)
        if all(one in (sheet.seat_label.upper(), sheet.module.upper()) for one in more)
    ]


def elsewhere(actor: Actor, event: Event, text: str) -> list[Event]:
    """Other events of this person's in which the code is drawn: the paper may lie on the wrong pile."""
    code = (as_typed(text).upper().split() or [""])[0]
    return [
        other
        for other in events_on_paper(actor)
        if other.id != event.id
        and session.scalar(select(exists().where(Sheet.event_id == other.id, func.upper(Sheet.code) == code)))
    ]


def events_on_paper(actor: Actor) -> list[Event]:
    """The events in marking whose paper this person types, by name."""
    events = session.scalars(
        select(Event)
        .where(Event.state == EventState.SCORING)
        .options(joinedload(Event.competition).joinedload(Competition.host))
        .order_by(Event.name, Event.id)
    )
    return [event for event in events if actor.may(ENTER, scope_of_event(event))]


# --- the whole event --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pile:
    """The papers of one seat in one module: how many sheets, how many of them printed, typed once, twice, different, counted."""

    module: str
    seat: str
    sheets: int
    printed: int
    first: int
    second: int
    different: int
    held_up: int
    counted: int
    signed: int
    void: int

    @property
    def open(self) -> int:
        """Neither signed nor void: what is missing."""
        return self.sheets - self.counted - self.signed - self.void


def all_standings(event: Event) -> list[Standing]:
    """Every sheet of the event's panels with its paper, by module, code and seat."""
    order = {module.id: number for number, module in enumerate(modules_of(rule_set_of(event)))}
    sheets = scoring.sheets_of(event)
    sheets.sort(key=lambda one: (order[one.module], one.start_order, int(one.seat_label[1:])))
    return standings_of(sheets)


def piles_of(standings: Iterable[Standing]) -> list[Pile]:
    """The progress of the paper, seat by seat in the order of modules."""
    groups: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in standings:
        groups[standing.sheet.module, standing.sheet.seat_label].append(standing)
    order = {key: number for number, key in enumerate(dict.fromkeys(module for module, _seat in groups))}
    return [
        _pile(module, seat, groups[module, seat])
        for module, seat in sorted(groups, key=lambda key: (order[key[0]], int(key[1][1:])))
    ]


def _pile(module: str, seat: str, own: Sequence[Standing]) -> Pile:
    def at(*stages: Stage) -> int:
        return sum(standing.stage in stages for standing in own)

    counted = at(Stage.COUNTED)
    return Pile(
        module,
        seat,
        sheets=len(own),
        printed=sum(bool(standing.prints) for standing in own),
        first=counted + sum(bool(standing.entries) for standing in own),
        second=counted + sum(len(standing.entries) >= 2 for standing in own),
        different=at(Stage.DIFFERENT),
        held_up=at(Stage.HELD_UP),
        counted=counted,
        signed=sum(
            standing.sheet.state in (SheetState.SIGNED, SheetState.CONFIRMED) and not standing.signed_on_paper
            for standing in own
        ),
        void=sum(standing.sheet.state == SheetState.VOID for standing in own),
    )


def waiting_for(standings: Iterable[Standing], actor: Actor) -> dict[Stage, list[Standing]]:
    """What this person can do now: second entries of what others typed, and third looks."""
    found: dict[Stage, list[Standing]] = {Stage.HALF: [], Stage.DIFFERENT: []}
    for standing in standings:
        if standing.stage is Stage.HALF and typing_refusal(standing, actor) is None:
            found[Stage.HALF].append(standing)
        elif standing.stage is Stage.DIFFERENT and deciding_refusal(standing, actor) is None:
            found[Stage.DIFFERENT].append(standing)
    return found


# --- photos and what was before ---------------------------------------------------------------------


def photos_of(sheet: Sheet) -> list[PaperPhoto]:
    """The photos of the paper, oldest first; their pictures are read one by one."""
    return list(
        session.scalars(
            select(PaperPhoto)
            .where(PaperPhoto.event_id == sheet.event_id, PaperPhoto.sheet_id == sheet.id)
            .order_by(PaperPhoto.at, PaperPhoto.id)
        )
    )


def picture_for(actor: Actor, event_id: UUID, picture_id: UUID) -> bytes:
    """A photo of a paper of the event, for whoever works with them; else NotFound."""
    event_for(actor, event_id, PRINT)
    photo: PaperPhoto | None = session.get(PaperPhoto, picture_id)
    if photo is None or photo.event_id != event_id:
        raise NotFound()
    return b64decode(vault.unseal(photo.content, place=SEAL))


def ended_rounds(sheet: Sheet) -> list[tuple[PaperOutcome, list[PaperEntry]]]:
    """What became of earlier rounds, with everything that was typed in them."""
    rows = session.scalars(
        select(PaperEntry)
        .where(PaperEntry.event_id == sheet.event_id, PaperEntry.sheet_id == sheet.id)
        .order_by(PaperEntry.round, PaperEntry.ordinal, PaperEntry.at)
    )
    by_round: dict[int, list[PaperEntry]] = defaultdict(list)
    for entry in rows:
        if entry.withdrawn_at is None:
            by_round[entry.round].append(entry)
    return [(one, by_round[one.round]) for one in _outcomes(sheet.event_id, [sheet.id])[sheet.id]]


def was_counted(standing: Standing) -> bool:
    """Whether the present state of the sheet came from its paper."""
    return (
        bool(standing.outcomes)
        and standing.outcomes[-1].kind == OutcomeKind.COUNTED
        and standing.signed_on_paper
    )
