"""What the pages of scoring show: sheets to read, to confirm, to count, and what was set aside."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of
from competition.orm import fingerprint
from competition.panels.models import Judge
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState
from competition.rules.marking import STATE_WORDS, MarkState
from competition.rules.scheme import (
    Aspect,
    Group,
)
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries
from competition.scoring.models import (
    DealtWith,
    Mark,
    MarkOperation,
    Sheet,
    SheetRemark,
    SheetState,
    Signature,
)
from competition.scoring.queries import Item
from competition.scoring.queries.answers import APPLIED
from competition.scoring.queries.bases import basis_of
from competition.scoring.queries.batches import kept_rows
from competition.scoring.queries.levels import BLANK, VALUE
from competition.scoring.services import Imported, Sent
from competition.scoring.services.sheets import name_of
from competition.scoring.wording import extra, hint, shown_value
from competition.tablets.queries import device_by_id, devices_by_id
from competition.web.language import language, say
from competition.web.templating import build_of_pages


@dataclass(frozen=True)
class Cell:
    """An item of a sheet with what is recorded, for reading."""

    aspect: Aspect
    cell: str
    extra: str
    hint: Sentence
    shown: Sentence | str
    is_blank: bool
    reason: str
    round: int
    agreed: tuple[str, ...] | None
    """The seats that stand behind a value the judges measured together; None where one judge measures."""


def cells_of(event: Event, sheet: Sheet) -> list[Cell]:
    """A sheet as it is read before it is signed or confirmed."""
    siblings = queries.siblings_of(sheet)
    marks = queries.marks_by_sheet(event.id, {one.id for one in siblings} | {sheet.id})
    own = marks[sheet.id]
    made = queries.operations_by_id(event.id, {mark.op_id for mark in own.values()})
    items = queries.items_of(rule_set_of(event), sheet.module, sheet.seat_label)
    blanks = {item.key for item in queries.blanks_of(items, sheet, siblings, marks)}
    found = []
    for item in items:
        kinds = sorted(
            (kind for aspect, kind in own if aspect == item.aspect.id and item.holds(kind)),
            key=lambda kind: int(kind.partition(":")[2] or 0),
        )
        given: list[Mark | None] = [
            own[item.aspect.id, kind] for kind in kinds if queries.is_given(own[item.aspect.id, kind])
        ]
        for mark in given or [None]:
            operation = made.get(mark.op_id) if mark else None
            found.append(_cell(item, mark, operation, is_blank=item.key in blanks))
    return found


def _cell(item: Item, mark: Mark | None, operation: MarkOperation | None, *, is_blank: bool) -> Cell:
    sent = operation.body if operation is not None else {}
    confers = (item.aspect.conferring or 1) > 1 and mark is not None and mark.value is not None
    return Cell(
        aspect=item.aspect,
        cell=item.cell,
        extra=extra(item),
        hint=hint(item),
        shown=shown_value(item, mark),
        is_blank=is_blank,
        reason=str(sent.get("reason") or ""),
        round=mark.round if mark else 1,
        agreed=tuple(sent.get("agreed", ())) if confers else None,
    )


@dataclass(frozen=True)
class SetAside:
    """An operation that does not count, for the chief judge's list: what was sent, what counts now, what to do."""

    operation: MarkOperation
    sheet: Sheet | None
    judge: str
    device: str
    sentence: Sentence
    sent: str
    counts: str
    advice: Sentence | None
    dealt_with: DealtWith | None
    is_settled: bool


_ADVICE: dict[str, Sentence] = {
    "changed-elsewhere": sentence("The judge chooses between both values on the tablet."),
    "signed": sentence("If it should count, reopen the sheet with a reason and let the judge mark it."),
    "void": sentence("If it should count, reopen the sheet with a reason and let the judge mark it."),
    "closed": sentence(
        "If it should count, have the marking reopened with a reason and let the judge mark it."
    ),
    "withdrawn": sentence("Nothing more is marked for an entrant who has withdrawn. Note that you saw it."),
    "not-yours": sentence("Ask who has the seat now; only that judge can mark the sheet."),
    "quarantined": sentence("Talk to the judge. What should count is typed in from paper by two people."),
    "op-id-reuse": sentence("Call the technician: a tablet does not make the same number twice."),
    "sequence-used": sentence("Call the technician: a tablet does not make the same number twice."),
}
"""What to do about an operation, by the reason of its answer."""


def set_aside_of(event: Event) -> list[SetAside]:
    """Conflicts and refusals of an event, the latest first; settled ones are those whose cell was marked again since."""
    rule_set = rule_set_of(event)
    operations = queries.set_aside(event)
    sheets = {sheet.id: sheet for sheet in queries.sheets_of(event)}
    devices = devices_by_id(event.id, {one.device_id for one in operations})
    marks = queries.marks_by_sheet(event.id, {one.sheet_id for one in operations})
    noted = queries.dealt_with(event, [one.op_id for one in operations])
    found = []
    for one in operations:
        mark = marks.get(one.sheet_id, {}).get((one.aspect, str(one.body["kind"])))
        found.append(
            SetAside(
                operation=one,
                sheet=sheets.get(one.sheet_id),
                judge=devices[one.device_id].account.name,
                device=devices[one.device_id].label,
                sentence=queries.sentence_of(one, rule_set),
                sent=_sent_value(one.body),
                counts=_value_that_counts(mark),
                advice=_ADVICE.get(one.reason),
                dealt_with=noted.get(one.op_id),
                is_settled=mark is not None and mark.marked_at > one.received_at,
            )
        )
    return found


@dataclass(frozen=True)
class JudgingModule:
    """A module in which a judge has sheets, and how far they are."""

    module: str
    title: str
    sheets: int
    signed: int
    next_sheet: UUID | None


@dataclass(frozen=True)
class JudgingEvent:
    """An event in which a judge has sheets."""

    event: Event
    is_open: bool
    modules: tuple[JudgingModule, ...]


def judging_of(judge: Judge) -> list[JudgingEvent]:
    """A judge's events with their modules: those that can be marked now come first."""
    found = []
    for event in queries.events_for_judge(judge):
        rule_set, sheets = rule_set_of(event), queries.sheets_for_judge(judge, event)
        by_module = [
            (module, [one for one in sheets if one.module == module.id]) for module in modules_of(rule_set)
        ]
        modules = tuple(_judging_module(module, own) for module, own in by_module if own)
        found.append(JudgingEvent(event, event.state == EventState.SCORING, modules))
    return sorted(found, key=lambda one: not one.is_open)


def _judging_module(module: Group, sheets: Sequence[Sheet]) -> JudgingModule:
    waiting = [one for one in sheets if one.state == SheetState.OPEN]
    return JudgingModule(
        module.id,
        module.title.in_language(language()),
        sum(one.state != SheetState.VOID for one in sheets),
        sum(one.state in (SheetState.SIGNED, SheetState.CONFIRMED) for one in sheets),
        waiting[0].id if waiting else None,
    )


def progress_tag(event: Event, person: Actor, theme: str) -> str:
    """Changes with everything that the page of the progress shows to this person, and costs little to find out."""
    remarks = sum(queries.remarks_counted(event).values())
    known = [
        basis_of(event),
        queries.operations_counted(event),
        remarks,
        person.account_id,
        language(),
        theme,
    ]
    return fingerprint([*known, build_of_pages()])[:32]


@dataclass(frozen=True)
class Remark:
    """A note or a photo with the title of what it is about, and whether it came after the judge had signed."""

    remark: SheetRemark
    aspect: str
    is_late: bool


def remarks_of(sheet: Sheet) -> list[Remark]:
    """The notes and photos of a sheet, oldest first."""
    signed = queries.signer_of(sheet)
    titles = {
        aspect.id: f"{aspect.id} {aspect.title.in_language(language())}"
        for aspect in rule_set_of(queries.event_of(sheet)).aspects
    }
    return [
        Remark(one, titles.get(one.aspect, one.aspect), signed is not None and one.received_at > signed.at)
        for one in queries.remarks_of(sheet)
    ]


@dataclass(frozen=True)
class MatrixRow:
    """One code: its sheets by seat, and how far its judges lie apart at most."""

    code: str
    cells: tuple[queries.SheetProgress | None, ...]
    spread: queries.Spread | None


@dataclass(frozen=True)
class MatrixModule:
    """The sheets of a module as a table: a row for each code, a column for each seat."""

    id: str
    title: str
    labels: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    confirmed: int
    signed: int
    total: int
    blanks: int


def module_titles(event: Event) -> dict[str, str]:
    """What the modules are called, by id."""
    return {module.id: module.title.in_language(language()) for module in modules_of(rule_set_of(event))}


def matrix_of(event: Event) -> list[MatrixModule]:
    """Every sheet of the event, module by module."""
    sheets = queries.sheets_of(event)
    marks = queries.marks_by_sheet(event.id, [one.id for one in sheets])
    progress = queries.progress_of(event, sheets, marks)
    return [
        _matrix(event, module, own, marks)
        for module in modules_of(rule_set_of(event))
        if (own := [one for one in progress if one.sheet.module == module.id])
    ]


def _matrix(
    event: Event,
    module: Group,
    sheets: Sequence[queries.SheetProgress],
    marks: Mapping[UUID, Mapping[queries.CellKey, Mark]],
) -> MatrixModule:
    labels = sorted({one.sheet.seat_label for one in sheets}, key=lambda label: int(label[1:]))
    cells = {(one.sheet.code, one.sheet.seat_label): one for one in sheets}
    codes = dict.fromkeys(one.sheet.code for one in sheets)
    items = queries.items_of(rule_set_of(event), module.id, "J1")
    counted = [one for one in sheets if one.sheet.state != SheetState.VOID]
    family: dict[str, list[Sheet]] = defaultdict(list)
    for one in counted:
        family[one.sheet.code].append(one.sheet)
    return MatrixModule(
        module.id,
        module.title.in_language(language()),
        tuple(labels),
        tuple(
            MatrixRow(
                code,
                tuple(cells.get((code, label)) for label in labels),
                next(iter(queries.spreads_of(items, family[code], marks)), None),
            )
            for code in codes
        ),
        sum(one.sheet.state == SheetState.CONFIRMED for one in counted),
        sum(one.sheet.state in (SheetState.SIGNED, SheetState.CONFIRMED) for one in counted),
        len(counted),
        sum(len(one.blanks) for one in counted),
    )


def history_of(sheet: Sheet) -> list[Signature]:
    """Who stood for the sheet, the latest first."""
    return list(reversed(queries.signatures_of(sheet)))


@dataclass(frozen=True)
class Change:
    """One operation that was sent for a sheet, with the mark before it."""

    operation: MarkOperation
    aspect: str
    before: str
    after: str
    device: str
    sentence: Sentence


def changes_of(sheet: Sheet) -> list[Change]:
    """Everything that was sent for a sheet in order, old and new value of every cell."""
    event = queries.event_of(sheet)
    rule_set, operations = rule_set_of(event), queries.operations_of_sheet(sheet)
    titles = {aspect.id: aspect.title.in_language(language()) for aspect in rule_set.aspects}
    devices = devices_by_id(event.id, {one.device_id for one in operations})
    current: dict[tuple[str, str], str] = {}
    found = []
    for one in operations:
        cell = one.aspect, str(one.body["kind"])
        after = _sent_value(one.body)
        found.append(
            Change(
                one,
                titles.get(one.aspect, one.aspect),
                current.get(cell, "–"),
                after,
                devices[one.device_id].label,
                queries.sentence_of(one, rule_set),
            )
        )
        if one.answer == APPLIED:
            current[cell] = after
    return found


def changes_since_signed(sheet: Sheet) -> list[Change]:
    """What was changed on a sheet since it was opened again: the value that was signed stands beside the new one."""
    signed = queries.signed_before(sheet)
    if signed is None:
        return []
    return [
        one
        for one in changes_of(sheet)
        if one.operation.answer == APPLIED and one.operation.received_at > signed.at
    ]


def _value_that_counts(mark: Mark | None) -> str:
    if mark is None or mark.state == BLANK:
        return "–"
    return say(STATE_WORDS[MarkState(mark.state)]) if mark.value is None else format(mark.value, "f")


def _sent_value(body: Mapping[str, Any]) -> str:
    state = str(body["state"])
    if state == BLANK:
        return say(sentence("cleared"))
    return str(body["value"]) if state == VALUE else say(STATE_WORDS[MarkState(state)])


# --- the emergency file -----------------------------------------------------------------------------


@dataclass(frozen=True)
class EmergencyPreview:
    """What an emergency file would bring: before anything is written."""

    device: str
    """Empty for a tablet that the server does not know."""
    judge: str
    is_signed: bool
    count: int
    known: int
    sheets: tuple[tuple[str, int], ...]


def emergency_preview(
    event: Event, file: queries.EmergencyFile, operations: Sequence[Sent]
) -> EmergencyPreview:
    """How many entries there are for which sheets, and how many the server has already."""
    known = kept_rows(event.id, [one.op_id for one in operations])
    by_sheet = Counter(one.sheet for one in operations)
    names = {sheet.id: name_of(sheet) for sheet in queries.sheets_of(event)}
    device = device_by_id(event.id, file.device_id)
    account = device.account if device else queries.judge_of_file(event, by_sheet).account
    sheets = sorted((names.get(sheet, "–"), count) for sheet, count in by_sheet.items())
    return EmergencyPreview(
        device.label if device else "",
        account.name,
        file.is_signed,
        len(operations),
        len(known),
        tuple(sheets),
    )


def imported(found: Imported) -> Sentence:
    """What became of a file, in one sentence."""
    return sentence(
        "%(count)s entries were in the file: %(applied)s recorded, %(known)s known before, %(aside)s set aside.",
        count=found.count,
        applied=found.applied,
        known=found.known,
        aside=found.aside,
    )
