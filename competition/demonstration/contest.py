"""One event from the end of registration to the published result, by the people who do it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.competitions.services import move_event
from competition.demonstration.calibration import calibrate
from competition.demonstration.cast import Cast
from competition.demonstration.chance import SEED, seed_for
from competition.demonstration.evidence import remark_on
from competition.demonstration.floor import work_floor
from competition.demonstration.marks import mark_for
from competition.demonstration.paper import leave_on_the_desk, typed_from_paper
from competition.demonstration.protocol import recheck
from competition.draws.queries import current_draw, places_of
from competition.draws.services import make_draw
from competition.panels.models import Judge, SeatKind
from competition.panels.queries import panel_size
from competition.panels.services import appoint_chief, assign_seat
from competition.rechecks.queries import applies
from competition.registration.models import EntrantState
from competition.registration.queries import display_name, entrants_of
from competition.registration.services import approve_entrants
from competition.results.services import approve_publication, prepare_revision
from competition.rules.access import Actor
from competition.rules.lifecycle import Move
from competition.rules.marking import MarkKind
from competition.scoring.models import Sheet
from competition.scoring.queries import Item, items_of, sheets_of
from competition.scoring.services import (
    Sent,
    apply_operations,
    close_scoring,
    confirm_sheet,
    sign_sheet,
    start_scoring,
)
from competition.tablets.models import Device
from competition.tablets.services import issue_cards, register_device

_NAMESPACE = UUID("7f0e3c52-6a4c-4d6e-9d0c-5b1f0a4be8a1")
MARK_TO_MARK = timedelta(seconds=12)
"""What the tablets' clocks say between two marks."""


@dataclass(frozen=True)
class Held:
    """How far an event goes: the share of its sheets that are marked, and whether its result is published."""

    marked: float = 1.0
    published: bool = True


def hold(event: Event, *, cast: Cast, judges: Sequence[Judge], at: datetime, held: Held) -> None:
    """Approve, draw, seat, start, mark, sign, confirm; and publish when everything is marked."""
    organiser, supervisor = cast.actor("organiser"), cast.actor("supervisor")
    waiting = entrants_of(event, states=(EntrantState.SUBMITTED,))
    approve_entrants(waiting, by=organiser, at=at)
    move_event(event, Move.CLOSE_REGISTRATION, by=organiser, at=at)
    make_draw(
        event,
        seed=seed_for("draw", event.competition.code, event.code),
        by=organiser,
        at=at + timedelta(hours=1),
    )
    seat(event, judges=judges, by=organiser, at=at + timedelta(hours=2))
    appoint_chief(event, cast.accounts["chief"], by=organiser, at=at + timedelta(hours=2))
    calibrate(event, cast=cast, at=at + timedelta(hours=2, minutes=10))
    start_scoring(event, by=cast.actor("chief"), at=at + timedelta(hours=3))
    work_floor(event, cast=cast, at=at + timedelta(hours=3))
    mark(event, share_of_sheets=held.marked, cast=cast, at=at + timedelta(hours=4))
    if not held.published:
        return
    chief = cast.actor("chief")
    close_scoring(event, by=chief, at=at + timedelta(hours=8))
    if applies(event):
        recheck(event, cast=cast, at=at + timedelta(hours=8, minutes=5))
    revision = prepare_revision(event, by=organiser, at=at + timedelta(hours=9))
    approve_publication(revision, by=supervisor, at=at + timedelta(hours=10))


def seat(event: Event, *, judges: Sequence[Judge], by: Actor, at: datetime) -> None:
    """Give every module its lead and its members, and one alternate."""
    for module in modules_of(rule_set_of(event)):
        labels = panel_size(module).labels
        places = [
            (label, SeatKind.MEMBER if number else SeatKind.LEAD) for number, label in enumerate(labels)
        ]
        for (label, kind), judge in zip([*places, ("A1", SeatKind.ALTERNATE)], judges, strict=False):
            assign_seat(event, module=module.id, label=label, kind=kind, judge=judge, by=by, at=at)


def mark(event: Event, *, share_of_sheets: float, cast: Cast, at: datetime) -> None:
    """Let every judge mark, sheet by sheet in the order of start; what is marked is signed and confirmed."""
    drawn = current_draw(event)
    assert drawn is not None
    people = {place.code: display_name(place.entrant) for place in places_of(drawn)}
    sheets = sheets_of(event)
    last = int(len(people) * share_of_sheets)
    devices: dict[UUID, _Tablet] = {}
    marked = [sheet for sheet in sheets if sheet.start_order <= last]
    paper = marked[-1]
    for sheet in marked[:-1]:
        if sheet.judge_id not in devices:
            devices[sheet.judge_id] = _Tablet(event, sheet.judge, cast, at)
        tablet = devices[sheet.judge_id]
        tablet.mark(sheet, people[sheet.code], at)
        if sheet.judge.account_id == cast.accounts["judge"].id:
            remark_on(sheet, by=tablet.actor, at=at + timedelta(minutes=2))
    typed_from_paper(paper, event, people[paper.code], cast=cast, at=at)
    chief = cast.actor("chief")
    for number, sheet in enumerate(marked):
        by = cast.actor(sheet.judge.account.username)
        if sheet is not paper:
            sign_sheet(sheet, by=by, at=at + timedelta(minutes=5 + number))
        confirm_sheet(sheet, by=chief, at=at + timedelta(minutes=6 + number))
    for judge_id, tablet in devices.items():
        if tablet.actor.account_id == cast.accounts["judge"].id:
            first = next(sheet for sheet in sheets if sheet.judge_id == judge_id)
            tablet.change_too_late(first, at + timedelta(hours=1))
            issue_cards(event, [first.judge], by=cast.actor("organiser"), at=at)
    if len(marked) < len(sheets):
        leave_on_the_desk(event, people, cast=cast, at=at + timedelta(hours=1))


class _Tablet:
    """A judge's device, with its running sequence."""

    def __init__(self, event: Event, judge: Judge, cast: Cast, at: datetime) -> None:
        self.event = event
        self.actor = cast.actor(judge.account.username)
        self.device: Device = register_device(event, judge.account, label="10.1″", by=self.actor, at=at)
        self.sequence = 0

    def mark(self, sheet: Sheet, people: str, at: datetime) -> None:
        items = items_of(rule_set_of(self.event), sheet.module, sheet.seat_label)
        operations = [
            self._operation(sheet, item, value, at)
            for item in items
            if (value := mark_for(item.aspect, item.kind, people, sheet.seat_label)) is not None
        ]
        answers = apply_operations(self.device, operations=operations, by=self.actor, at=at)
        refused = [answer for answer in answers if answer.answer != "applied"]
        if refused:
            raise RuntimeError(f"a made-up mark was not taken: {refused[0]}")

    def change_too_late(self, sheet: Sheet, at: datetime) -> None:
        """A mark that arrives when its sheet is signed: it is set aside for the chief judge, and counts nowhere."""
        item = items_of(rule_set_of(self.event), sheet.module, sheet.seat_label)[0]
        late = replace(
            self._operation(sheet, item, "0", at), op_id=uuid5(_NAMESPACE, f"{SEED}|late|{sheet.id}")
        )
        apply_operations(self.device, operations=[late], by=self.actor, at=at)

    def _operation(self, sheet: Sheet, item: Item, value: str, at: datetime) -> Sent:
        self.sequence += 1
        is_entry = item.kind is MarkKind.ENTRY
        return Sent(
            op_id=uuid5(_NAMESPACE, f"{SEED}|{sheet.id}|{item.aspect.id}|{item.cell}"),
            seq=self.sequence,
            sheet=sheet.id,
            aspect=item.aspect.id,
            kind=f"{item.kind}:1" if item.is_list else item.cell,
            base_version=0,
            value=value,
            state="value",
            round=1,
            reason="未戴护目镜" if is_entry else "",
            device_time=(at + MARK_TO_MARK * self.sequence).isoformat(),
            agreed=item.conferring,
        )
