"""Frozen data for the pages of paper and for what is printed. Codes and seats only: no contestant, no unit, no judge by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from competition.competitions.models import Event
from competition.competitions.names import name_with_competition
from competition.competitions.queries import modules_of, rule_set_of
from competition.paper import queries
from competition.paper.models import PaperEntry, PaperOutcome, PrintedSheet
from competition.paper.queries import Pile, Stage, Standing
from competition.paper.readings import (
    CONTESTANT,
    ROWS_ON_PAPER,
    Line,
    Reading,
    Typed,
    as_written,
    differences,
    lines_of,
)
from competition.rules.marking import ADJUSTMENT_WORDS, MarkKind
from competition.rules.scheme import Binary
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.models import Mark, Sheet
from competition.scoring.queries import CellKey, Item
from competition.scoring.queries.items import base_kind, is_ruled
from competition.scoring.queries.paper import PaperMark, marked_otherwise
from competition.scoring.queries.signing import needs_contestant
from competition.scoring.wording import extra, headings_of, hint, item_json, number
from competition.web.language import language, say

STAGES: dict[Stage, tuple[Sentence, str]] = {
    Stage.UNTYPED: (sentence("Nothing typed"), "neutral"),
    Stage.HALF: (sentence("Waits for the second person"), "info"),
    Stage.DIFFERENT: (sentence("The two differ"), "danger"),
    Stage.HELD_UP: (sentence("Held up"), "warning"),
    Stage.COUNTED: (sentence("Counted from paper"), "success"),
    Stage.SIGNED: (sentence("Signed on a tablet"), "success"),
    Stage.VOID: (sentence("Void"), "neutral"),
}


def title_of(event: Event, module: str) -> str:
    """The module in the reader's language."""
    return scoring.module_of(rule_set_of(event), module).title.in_language(language())


def titles_of(event: Event) -> dict[str, str]:
    return {module.id: module.title.in_language(language()) for module in modules_of(rule_set_of(event))}


# --- what is printed --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PrintedLine:
    """A line of a printed sheet: its number, what is marked, what is expected, and the mark that is there already."""

    number: str
    title: str
    expected: str
    value: str


@dataclass(frozen=True)
class Paper:
    """One sheet as it is printed."""

    print_id: UUID
    event: str
    module: str
    code: str
    seat: str
    with_marks: bool
    document_hash: str
    sections: tuple[tuple[str, tuple[PrintedLine, ...]], ...]
    signs: tuple[Sentence, ...]


def papers_of(event: Event, prints: Sequence[PrintedSheet], sheets: Mapping[UUID, Sheet]) -> list[Paper]:
    """The sheets to print, in the order of their prints."""
    name, titles, forms = name_with_competition(event), titles_of(event), _Forms(event)
    ids = [one.sheet_id for one in prints if one.with_marks]
    marks = scoring.marks_by_sheet(event.id, ids) if ids else {}
    reasons = scoring.reasons_of(event.id, [mark for own in marks.values() for mark in own.values()])
    found = []
    for one in prints:
        sheet = sheets[one.sheet_id]
        own = marks.get(sheet.id, {})
        found.append(
            Paper(
                one.id,
                name,
                titles[sheet.module],
                sheet.code,
                sheet.seat_label,
                one.with_marks,
                one.document_hash,
                forms.sections(sheet, own, reasons),
                forms.signs(sheet),
            )
        )
    return found


class _Forms:
    """The items of every seat, read once for hundreds of sheets."""

    def __init__(self, event: Event) -> None:
        self.rule_set = rule_set_of(event)
        self.known: dict[tuple[str, str], list[tuple[str, Line, str, str]]] = {}

    def lines(self, module: str, seat: str) -> list[tuple[str, Line, str, str]]:
        """Heading, line, title and what is expected."""
        if (module, seat) not in self.known:
            headings = headings_of(scoring.module_of(self.rule_set, module))
            items = scoring.items_of(self.rule_set, module, seat)
            self.known[module, seat] = [
                (headings[line.item.aspect.id], line, _title(line), _expected(line))
                for line in lines_of(items, ROWS_ON_PAPER)
            ]
        return self.known[module, seat]

    def sections(
        self, sheet: Sheet, marks: Mapping[CellKey, Mark], reasons: Mapping[UUID, str]
    ) -> tuple[tuple[str, tuple[PrintedLine, ...]], ...]:
        found: list[tuple[str, list[PrintedLine]]] = []
        count = 0
        for heading, line, title, expected in self.lines(sheet.module, sheet.seat_label):
            if not found or found[-1][0] != heading:
                found.append((heading, []))
            count += line.is_first
            mark = _given(line, marks)
            why = reasons.get(mark.op_id, "") if mark is not None and line.row else ""
            shown = PrintedLine(
                str(count) if line.is_first else "", title, f"{expected} {why}".strip(), _written(mark)
            )
            found[-1][1].append(shown)
        return tuple((heading, tuple(lines)) for heading, lines in found)

    def signs(self, sheet: Sheet) -> tuple[Sentence, ...]:
        """Who signs: the judge, whoever measured together with the judge, and the contestant where the rules say so."""
        items = scoring.items_of(self.rule_set, sheet.module, sheet.seat_label)
        together = sorted({seat for item in items for seat in item.conferring} - {sheet.seat_label})
        lines = [sentence("Judge %(seat)s", seat=sheet.seat_label)]
        lines += [sentence("Measured together: %(seat)s", seat=seat) for seat in together]
        if needs_contestant(sheet):
            lines.append(sentence("Contestant"))
        return tuple(lines)


def _title(line: Line) -> str:
    title, more = line.item.aspect.title.in_language(language()), extra(line.item)
    if line.row:
        return say(sentence("%(item)s (%(more)s), entry %(row)s", item=title, more=more, row=line.row))
    return f"{title} ({more})" if more else title


def _expected(line: Line) -> str:
    """What is written there, in a few words; beside the entries of a list, room for the reason."""
    return say(sentence("Reason:")) if line.row else say(_wanted(line.item))


def _wanted(item: Item) -> Sentence:
    method = item.aspect.method
    if isinstance(method, Binary) and item.kind is MarkKind.MARK:
        return sentence("1 fulfilled, 0 not fulfilled (%(max)s points)", max=number(method.max))
    return hint(item)


def _given(line: Line, marks: Mapping[CellKey, Mark]) -> Mark | None:
    """The mark that is recorded in a line; what the chief judge ruled is no mark of the paper."""
    item = line.item
    own = [
        mark
        for (aspect, kind), mark in sorted(marks.items())
        if aspect == item.aspect.id and item.holds(kind) and not is_ruled(kind) and scoring.is_given(mark)
    ]
    place = max(line.row - 1, 0)
    return own[place] if place < len(own) else None


def _written(mark: Mark | None) -> str:
    if mark is None:
        return ""
    value = None if mark.value is None else format(mark.value, "f")
    return as_written(PaperMark(mark.aspect, mark.kind, value, mark.state))


# --- typing -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FormLine:
    """A line of the form: where its value goes, what was typed there, and what the first person read, for who confirms."""

    index: int
    heading: str
    title: str
    extra: str
    hint: str
    row: int
    needed: bool
    kinds: tuple[tuple[str, Sentence], ...]
    is_list: bool
    typed: Typed
    error: Sentence | str | None
    first: str
    first_reason: str
    first_kind: str
    checked: bool
    script: Mapping[str, Any]
    cell: CellKey

    @property
    def is_spare(self) -> bool:
        """The second and later lines of a list, which nobody misses when they stay empty."""
        return self.row > 1


@dataclass(frozen=True)
class Sent:
    """What a form held when it was sent, line by line, with what is wrong in them."""

    typed: Mapping[int, Typed] = field(default_factory=dict)
    checked: frozenset[int] = frozenset()
    errors: Mapping[int, Sentence | str] = field(default_factory=dict)


def lines_on(sheet: Sheet) -> list[Line]:
    """The lines of the form of a sheet."""
    rule_set = rule_set_of(scoring.event_of(sheet))
    return lines_of(scoring.items_of(rule_set, sheet.module, sheet.seat_label))


def form_lines(sheet: Sheet, sent: Sent | None = None, first: Reading | None = None) -> list[FormLine]:
    """The form of a sheet; with the first reading for the person who confirms it."""
    rule_set, sent = rule_set_of(scoring.event_of(sheet)), sent or Sent()
    headings = headings_of(scoring.module_of(rule_set, sheet.module))
    found = []
    before = ""
    for index, line in enumerate(lines_on(sheet)):
        heading = headings[line.item.aspect.id]
        read = read_in(first, line) if first else None
        found.append(
            FormLine(
                index=index,
                heading=heading if heading != before else "",
                title=line.item.aspect.title.in_language(language()),
                extra=extra(line.item),
                hint=say(_wanted(line.item)),
                row=line.row,
                needed=line.item.needed,
                kinds=tuple((kind.value, words) for kind, words in ADJUSTMENT_WORDS.items())
                if line.item.kind is MarkKind.PENALTY
                else (),
                is_list=line.item.is_list,
                typed=sent.typed.get(index, Typed()),
                error=sent.errors.get(index),
                first=as_written(read),
                first_reason=read.reason if read else "",
                first_kind=read.kind.partition(":")[0] if read else "",
                checked=index in sent.checked,
                script=item_json(line.item, heading),
                cell=line.item.key,
            )
        )
        before = heading
    return found


def read_in(reading: Reading, line: Line) -> PaperMark | None:
    """What a reading has in a line."""
    if not line.row:
        return reading.cells.get(line.item.key)
    own = [
        mark for mark in reading.marks if mark.aspect == line.item.aspect.id and line.item.holds(mark.kind)
    ]
    return own[line.row - 1] if line.row <= len(own) else None


# --- differences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A cell in which two readings say something else, or paper and tablet."""

    index: int
    cell: CellKey
    title: str
    one: str
    other: str
    hint: str = ""

    @property
    def is_contestant(self) -> bool:
        return self.cell == CONTESTANT


def differences_of(standing: Standing) -> list[Difference]:
    """What the two persons read differently, for the third."""
    first, second = standing.readings[:2]
    titles = _cell_titles(standing.sheet)
    found = []
    for index, cell in enumerate(differences(first, second)):
        if cell == CONTESTANT:
            said = (_contestant(first), _contestant(second))
            found.append(Difference(index, cell, say(sentence("Signature of the contestant")), *said))
            continue
        one, other = first.cells.get(cell), second.cells.get(cell)
        title, expected = titles(cell)
        found.append(Difference(index, cell, title, _said(one), _said(other), expected))
    return found


def against_tablet(standing: Standing) -> list[Difference]:
    """What the paper says otherwise than a tablet."""
    reading = standing.agreed
    if reading is None:
        return []
    titles = _cell_titles(standing.sheet)
    found = []
    for index, mark in enumerate(marked_otherwise(standing.sheet, reading.marks)):
        cell = mark.aspect, mark.kind
        on_tablet = _written(mark)
        found.append(Difference(index, cell, titles(cell)[0], _said(reading.cells.get(cell)), on_tablet))
    return found


def _contestant(reading: Reading) -> str:
    if not reading.contestant_refused:
        return say(sentence("signed"))
    return say(sentence("did not sign: %(reason)s", reason=reading.contestant_refused))


def _said(mark: PaperMark | None) -> str:
    if mark is None:
        return say(sentence("nothing"))
    return f"{as_written(mark)} ({mark.reason})" if mark.reason else as_written(mark)


def _cell_titles(sheet: Sheet) -> Any:
    items = scoring.items_of(rule_set_of(scoring.event_of(sheet)), sheet.module, sheet.seat_label)

    def titled(cell: CellKey) -> tuple[str, str]:
        item = item_at(items, cell)
        words = item.aspect.title.in_language(language())
        if item.is_list:
            base, _colon, number = cell[1].partition(":")
            named = ADJUSTMENT_WORDS.get(base_kind(base)) if item.kind is MarkKind.PENALTY else None
            more = f"{say(named) if named else extra(item)} {number}"
        else:
            more = extra(item)
        return (f"{words} ({more})" if more else words), say(hint(item))

    return titled


def item_at(items: Iterable[Item], cell: CellKey) -> Item:
    """The item to which a cell belongs."""
    return next(item for item in items if item.aspect.id == cell[0] and item.holds(cell[1]))


# --- lists ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A sheet in a list."""

    sheet_id: UUID
    name: str
    label: Sentence
    tone: str
    prints: int
    typed_by: str


def rows_of(event: Event, standings: Iterable[Standing]) -> list[Row]:
    titles = titles_of(event)
    return [
        Row(
            one.sheet.id,
            f"{titles[one.sheet.module]} · {one.sheet.code} · {one.sheet.seat_label}",
            *STAGES[one.stage],
            one.prints,
            "、".join(one.typed_by),
        )
        for one in standings
    ]


@dataclass(frozen=True)
class PileRow:
    """A seat's paper in the table of progress."""

    title: str
    pile: Pile


def pile_rows(event: Event, standings: Iterable[Standing]) -> list[PileRow]:
    titles = titles_of(event)
    return [PileRow(f"{titles[pile.module]} · {pile.seat}", pile) for pile in queries.piles_of(standings)]


@dataclass(frozen=True)
class Ended:
    """How an earlier round ended, and what was typed in it."""

    outcome: PaperOutcome
    entries: tuple[PaperEntry, ...]


def ended_of(sheet: Sheet) -> list[Ended]:
    """The latest first."""
    return [Ended(outcome, tuple(entries)) for outcome, entries in reversed(queries.ended_rounds(sheet))]
