"""Frozen data for the pages of re-checks and for whoever prints them. Codes only: no page here knows a name of a contestant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.rechecks import queries
from competition.rechecks.models import ErrorDecision, Recheck, SheetCheck, Widening
from competition.rechecks.queries import Item, ItemState, Standing, Why
from competition.rules.marking import MarkState, Reckoning
from competition.rules.numbers import as_decimal
from competition.rules.procedure import RecheckRule, RecheckScope
from competition.rules.ruleset import RuleSet
from competition.rules.sampling import FEW_SHEETS, error_bound
from competition.rules.scheme import Binary
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.scoring import queries as scoring
from competition.scoring.models import Mark, Sheet
from competition.scoring.queries.marks import given_of
from competition.web.language import language, say

STATES: dict[ItemState, tuple[Sentence, str]] = {
    ItemState.WAITING: (sentence("To be checked"), "warning"),
    ItemState.RIGHT: (sentence("Right"), "success"),
    ItemState.REPORTED: (sentence("Error reported"), "danger"),
    ItemState.CORRECTING: (sentence("Being corrected"), "info"),
    ItemState.REJECTED: (sentence("Error rejected"), "neutral"),
}
WHYS: dict[Why, Sentence] = {
    Why.TOP: sentence("top group"),
    Why.SAMPLE: sentence("sample"),
    Why.CHANGED: sentence("changed since the draw"),
    Why.EVERYTHING: sentence("everything is checked"),
}


# --- the page of a re-check -----------------------------------------------------------------------


def rule_sentences(rule: RecheckRule) -> tuple[Sentence, ...]:
    """The rule of re-checks in words."""
    if rule.top_count is not None:
        top = sentence("All sheets of the first %(count)s codes are checked again.", count=rule.top_count)
    else:
        top = sentence(
            "All sheets of the first %(percent)s %% of the codes are checked again.",
            percent=_number(rule.top_percent),
        )
    return (
        top,
        sentence(
            "Of the others, %(percent)s %% of the codes are drawn with a stored seed. Numbers are rounded up.",
            percent=_number(rule.sample_percent),
        ),
        sentence(
            "When more than %(percent)s %% of the sheets in this scope are wrong, every sheet is checked again.",
            percent=_number(rule.error_threshold_percent),
        ),
    )


def _number(value: object) -> str:
    return "0" if value is None else format(as_decimal(value), "f")  # type: ignore[arg-type]


def share(part: int, whole: int) -> str:
    """A share in percent with two digits, cut and never rounded up past a threshold; "–" of nothing."""
    return f"{part * 10000 // whole / 100:.2f}" if whole else "–"


@dataclass(frozen=True)
class Row:
    """A sheet in the list of the re-check."""

    sheet_id: UUID
    module: str
    code: str
    seat: str
    why: Sentence
    state: ItemState
    label: Sentence
    tone: str
    may_check: bool


def rows_of(event: Event, items: Sequence[Item]) -> list[Row]:
    """Sheets as the list shows them, in the order given."""
    titles = {module: _title(rule_set_of(event), module) for module in {item.sheet.module for item in items}}
    return [
        Row(
            sheet_id=item.sheet.id,
            module=titles[item.sheet.module],
            code=item.sheet.code,
            seat=item.sheet.seat_label,
            why=WHYS[item.why],
            state=item.state,
            label=STATES[item.state][0],
            tone=STATES[item.state][1],
            may_check=item.state is ItemState.WAITING,
        )
        for item in items
    ]


def _title(rule_set: RuleSet, module: str) -> str:
    return scoring.module_of(rule_set, module).title.in_language(language())


def counts_sentence(standing: Standing) -> Sentence:
    """What was checked, of what, and how much of it was wrong: the denominators in one sentence."""
    return sentence(
        "%(checked)s of %(scope)s sheets in the scope are checked; %(wrong)s of the %(drawn)s sheets of the drawn scope"
        " are wrong (%(share)s %%).",
        checked=standing.checked,
        scope=len(standing.items),
        wrong=standing.wrong_of_drawn,
        drawn=standing.drawn,
        share=share(standing.wrong_of_drawn, standing.drawn),
    )


def widening_sentence(standing: Standing) -> Sentence | None:
    """Why everything is checked; None while it is not."""
    widening = standing.widening
    if widening is None:
        return None
    if widening.why == Widening.DECISION:
        return sentence(
            "Every sheet is checked again, by decision of %(name)s: %(reason)s",
            name=widening.by_name,
            reason=widening.reason,
        )
    return sentence(
        "%(errors)s of %(sheets)s sheets were wrong, %(share)s %%; that is more than %(threshold)s %% and counts as no"
        " accident. Every sheet is checked again.",
        errors=widening.errors,
        sheets=widening.sheets,
        share=share(widening.errors, widening.sheets),
        threshold=_number(standing.rule.error_threshold_percent),
    )


def advice_of(event: Event, standing: Standing | None) -> Sentence | None:
    """What the sample is worth: before the draw that few sheets need none, afterwards what it rules out."""
    if standing is None:
        count = len(queries.countable_sheets(event))
        if count > FEW_SHEETS:
            return None
        return sentence(
            "There are only %(count)s sheets. A sample of so few says little: consider checking all of them.",
            count=count,
        )
    bound = error_bound(standing.clean_sample) if standing.is_complete else None
    if bound is None:
        return None
    return sentence(
        "No error in %(count)s drawn sheets: with 95 %% confidence, fewer than %(bound)s %% of the others are wrong.",
        count=standing.clean_sample,
        bound=bound,
    )


# --- the record of the draw -----------------------------------------------------------------------


@dataclass(frozen=True)
class DrawRecord:
    """One draw of the scope with everything needed to draw it again. `holds` says that doing so gives the same."""

    number: int
    seed: str
    system_seed: str
    effective_seed: str
    drawn_at: datetime
    by_name: str
    scope: RecheckScope
    ranked: tuple[str, ...]
    holds: bool


def draw_record(recheck: Recheck, rule: RecheckRule) -> DrawRecord:
    """A draw, drawn once more for comparison."""
    scope = queries.scope_of(recheck)
    return DrawRecord(
        number=recheck.number,
        seed=recheck.seed,
        system_seed=recheck.system_seed or "",
        effective_seed=recheck.effective_seed,
        drawn_at=recheck.drawn_at,
        by_name=recheck.by_name,
        scope=scope,
        ranked=tuple(recheck.ranked),
        holds=queries.drawn_again(recheck, rule) == scope,
    )


# --- worksheets -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class WorksheetLine:
    """An item of a sheet: what the judge recorded, and what the item counts for the code with all judges together."""

    aspect: str
    title: Title
    entry: str
    recorded: Sentence | str
    counts_as: str
    reason: str


@dataclass(frozen=True)
class Worksheet:
    """One signed sheet as it is checked again: every value, and the module's value to compare the re-added sum with."""

    sheet_id: UUID
    event: str
    module: Title
    code: str
    seat: str
    content_hash: str
    lines: tuple[WorksheetLine, ...]
    module_value: str


def worksheets_of(event: Event, sheets: Sequence[Sheet]) -> list[Worksheet]:
    """The worksheets of these sheets, in their order."""
    if not sheets:
        return []
    rule_set, families = rule_set_of(event), scoring.families_of(event, sheets)
    ids = {one.id for family in families.values() for one in family}
    marks = scoring.marks_by_sheet(event.id, ids)
    reasons = scoring.reasons_of(event.id, [mark for sheet in sheets for mark in marks[sheet.id].values()])
    return [
        _worksheet(event, rule_set, sheet, families[sheet.module, sheet.code], marks, reasons)
        for sheet in sheets
    ]


def _worksheet(
    event: Event,
    rule_set: RuleSet,
    sheet: Sheet,
    family: Sequence[Sheet],
    marks: Mapping[UUID, Mapping[scoring.CellKey, Mark]],
    reasons: Mapping[UUID, str],
) -> Worksheet:
    module = scoring.module_of(rule_set, sheet.module)
    reckoning = Reckoning(sheet.code, given_of(rule_set, family, marks), rule_set.ranked_by)
    reckoning.value(module)
    own = marks.get(sheet.id, {})
    return Worksheet(
        sheet_id=sheet.id,
        event=event.name if language() == "zh" or not event.name_en else event.name_en,
        module=module.title,
        code=sheet.code,
        seat=sheet.seat_label,
        content_hash=scoring.content_hash(sheet, own),
        lines=tuple(
            line
            for item in scoring.items_of(rule_set, sheet.module, sheet.seat_label)
            for line in _lines(item, own, reasons, reckoning)
        ),
        module_value=_value(reckoning, module.id),
    )


def _lines(
    item: scoring.Item,
    own: Mapping[scoring.CellKey, Mark],
    reasons: Mapping[UUID, str],
    reckoning: Reckoning,
) -> list[WorksheetLine]:
    """One line for an item, or one for each entry where an item takes several."""
    given: list[tuple[str, Mark | None]] = [
        (key.partition(":")[2], mark)
        for (aspect, key), mark in sorted(own.items())
        if aspect == item.aspect.id and item.holds(key) and scoring.is_given(mark)
    ]
    return [
        WorksheetLine(
            aspect=item.aspect.id,
            title=item.aspect.title,
            entry=number,
            recorded=_recorded(item, mark),
            counts_as=_value(reckoning, item.aspect.id),
            reason=reasons.get(mark.op_id, "") if mark else "",
        )
        for number, mark in given or [("", None)]
    ]


_NO_VALUE = {
    MarkState.NOT_ATTEMPTED.value: sentence("not attempted"),
    MarkState.DNF.value: sentence("not finished"),
    MarkState.DNS.value: sentence("not started"),
    MarkState.DSQ.value: sentence("disqualified"),
}


def _recorded(item: scoring.Item, mark: Mark | None) -> Sentence | str:
    if mark is None:
        return sentence("nothing recorded")
    if mark.value is None:
        return _NO_VALUE.get(mark.state, sentence("no value"))
    if isinstance(item.aspect.method, Binary):
        return sentence("fulfilled") if mark.value else sentence("not fulfilled")
    return format(mark.value, "f")


def _value(reckoning: Reckoning, node: str) -> str:
    value = reckoning.values.get(node)
    return "–" if value is None else format(as_decimal(value), "f")


def choices_of(worksheet: Worksheet) -> list[tuple[str, str]]:
    """Where an error can be: an item of the sheet, or the sheet as a whole."""
    items = {line.aspect: line.title.in_language(language()) for line in worksheet.lines}
    return [*items.items(), ("", say(sentence("the sheet as a whole: a sum, a code, a signature")))]


# --- errors ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ErrorNotice:
    """An error as the chief judge reads it, with the decision once there is one."""

    check: SheetCheck
    sheet: Sheet
    module: str
    place: str
    decision: ErrorDecision | None

    @property
    def label(self) -> Sentence:
        if self.decision is None:
            return sentence("Waits for the chief judge")
        return sentence("Adopted") if self.decision.is_accepted else sentence("Not adopted")

    @property
    def tone(self) -> str:
        return "warning" if self.decision is None else "success" if self.decision.is_accepted else "neutral"


def error_notices(event: Event) -> list[ErrorNotice]:
    """Every error that was reported in an event, the oldest first."""
    return [_error_notice(event, *reported) for reported in queries.errors_of(event)]


def error_notice(event: Event, check: SheetCheck, decision: ErrorDecision | None) -> ErrorNotice:
    """One error."""
    return _error_notice(event, check, queries.sheet_of(check), decision)


def _error_notice(
    event: Event, check: SheetCheck, sheet: Sheet, decision: ErrorDecision | None
) -> ErrorNotice:
    rule_set = rule_set_of(event)
    items = scoring.items_of(rule_set, sheet.module, sheet.seat_label)
    titles = {item.aspect.id: item.aspect.title.in_language(language()) for item in items}
    place = titles.get(check.aspect) or say(sentence("the sheet as a whole: a sum, a code, a signature"))
    return ErrorNotice(check, sheet, _title(rule_set, sheet.module), place, decision)
