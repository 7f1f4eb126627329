"""What the pages of paper send: texts line by line, in whatever width they were typed; what they mean is read from them here."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from competition.paper.presenters import Difference, FormLine, Sent, item_at
from competition.paper.readings import Line, LineRefused, Reading, Typed, numbered, read_line
from competition.rules.sentences import Sentence, sentence
from competition.scoring.queries import CellKey, Item
from competition.scoring.queries.paper import PaperMark
from competition.web.forms import Form, TextField, choices

NOTHING = frozenset({"-", "－", "—", "–", "−"})
"""A lone dash: the first entry has something where nothing stands on the paper."""


class FindForm(Form):
    """A code as it stands on the paper."""

    class Meta(Form.Meta):
        csrf = False

    code = TextField(_l("Code on the paper"), [Optional()], most=300)


class PrintForm(Form):
    """Which sheets to print: of one module, seat or code, or all that are open."""

    module = SelectField(_l("Module"), validate_choice=False)
    seat = SelectField(_l("Seat"), validate_choice=False)
    code = TextField(_l("Blind code"), [Optional()], most=12)
    with_marks = BooleanField(_l("With the marks recorded so far"))

    def __init__(self, *args: Any, modules: Mapping[str, str], seats: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.module.choices = choices([("", sentence("all")), *modules.items()])
        self.seat.choices = choices([("", sentence("all")), *((seat, seat) for seat in seats)])


class PhotoForm(Form):
    """A photo of the paper."""

    photo = FileField(_l("Photo of the paper"), [FileRequired(_l("Choose a photo."))])


class SheetForm(Form):
    """What stands on a sheet, line by line. `confirms` names the first entry for whoever compares with it."""

    values = FieldList(StringField(validators=[Length(max=40)]))
    reasons = FieldList(TextField(most=200))
    kinds = FieldList(StringField(validators=[Length(max=10)]))
    checks = FieldList(StringField(validators=[Length(max=3)]))
    confirms = HiddenField()
    signed = BooleanField(_l("The judge has signed this paper"))
    contestant = BooleanField(_l("The contestant has signed this paper"))
    refused = TextField(_l("If not: why the contestant did not sign"), [Optional()], most=300)

    def sent(self, errors: Mapping[int, Sentence | str] | None = None) -> Sent:
        """What was typed, line by line."""
        values, reasons, kinds = (_by_number(each) for each in (self.values, self.reasons, self.kinds))
        typed = {
            number: Typed(values.get(number, ""), kinds.get(number, ""), reasons.get(number, ""))
            for number in {*values, *reasons}
        }
        found = {**_errors(self.values), **_errors(self.reasons), **(errors or {})}
        return Sent(typed, frozenset(_by_number(self.checks)), found)

    def reading(
        self, lines: Sequence[Line], first: Sequence[FormLine] | None = None, *, asks_contestant: bool
    ) -> tuple[Reading | None, Sent]:
        """What was read from the paper, or None with what is wrong line by line. `first` is what the first person read, for who confirms."""
        sent, errors, marks = self.sent(), {}, []
        for number, line in enumerate(lines):
            typed = sent.typed.get(number, Typed())
            try:
                marks.append(read_line(line, self._confirmed(typed, number, sent, first)))
            except LineRefused as refused:
                errors[number] = refused.sentence
        refused_by = self._contestant(asks_contestant)
        if not self.signed.data:
            self.refuse(
                sentence(
                    "Tick that the judge has signed; a paper without a signature goes back to the judge."
                ),
                field="signed",
            )
        if errors:
            self.refuse(
                sentence("Some lines cannot stand as they are typed. What is wrong stands beside them.")
            )
        if errors or self.errors or self.form_errors:
            return None, self.sent(errors)
        return Reading(numbered([mark for mark in marks if mark is not None]), refused_by), sent

    def _confirmed(self, typed: Typed, number: int, sent: Sent, first: Sequence[FormLine] | None) -> Typed:
        """What counts of a line: what was typed in it, or what the first person read there if that was confirmed."""
        if first is None:
            return typed
        line = first[number]
        if typed.text.strip() in NOTHING:
            return Typed()
        if not typed.is_empty:
            return Typed(typed.text, typed.kind, typed.reason or line.first_reason)
        if number in sent.checked or (line.is_spare and not line.first):
            return Typed(line.first, line.first_kind, line.first_reason)
        raise LineRefused(sentence("Confirm what the first person typed, or type what stands on the paper."))

    def _contestant(self, asked: bool) -> str:
        if not asked or self.contestant.data:
            return ""
        reason = (self.refused.data or "").strip()
        if not reason:
            self.refuse(sentence("Tick that the contestant has signed, or say why not."), field="refused")
        return reason


class DifferencesForm(Form):
    """The third look: for every difference which of the two is right, or what else stands there, and why."""

    choices = FieldList(StringField(validators=[Length(max=10)]))
    values = FieldList(StringField(validators=[Length(max=40)]))
    reasons = FieldList(TextField(most=300))

    def chosen(
        self,
        differences: Sequence[Difference],
        items: Sequence[Item],
        readings: tuple[Reading, Reading],
    ) -> tuple[dict[CellKey, PaperMark | None], dict[CellKey, str], dict[int, Sentence]]:
        """The choice and the reason for every cell, and what is missing, difference by difference."""
        ways, texts, reasons = (_by_number(each) for each in (self.choices, self.values, self.reasons))
        marks: dict[CellKey, PaperMark | None] = {}
        why, errors = {}, {}
        for one in differences:
            try:
                marks[one.cell] = _choice(
                    one, ways.get(one.index, ""), texts.get(one.index, ""), items, readings
                )
            except LineRefused as refused:
                errors[one.index] = refused.sentence
            why[one.cell] = reasons.get(one.index, "").strip()
            if not why[one.cell] and one.index not in errors:
                errors[one.index] = sentence(
                    "Say how you know: what is on the paper, in the photo, or who was asked."
                )
        return marks, why, errors

    def way(self, index: int) -> str:
        """Which of the values was chosen."""
        return _by_number(self.choices).get(index, "")

    def text(self, index: int) -> str:
        return _by_number(self.values).get(index, "")

    def reason(self, index: int) -> str:
        return _by_number(self.reasons).get(index, "")


def _choice(
    one: Difference, way: str, text: str, items: Sequence[Item], readings: tuple[Reading, Reading]
) -> PaperMark | None:
    if way in ("first", "second"):
        return readings[way == "second"].cells.get(one.cell)
    if way != "other" or one.is_contestant:
        raise LineRefused(sentence("Choose which of the two stands on the paper, or type what does."))
    base, _colon, row = one.cell[1].partition(":")
    item = item_at(items, one.cell)
    known = next((found for reading in readings if (found := reading.cells.get(one.cell))), None)
    line = Line(item, int(row) if item.is_list else 0)
    if not text.strip():
        raise LineRefused(sentence("Type what stands on the paper."))
    return read_line(line, Typed(text, base, known.reason if known else ""))


def _by_number(fields: Any) -> dict[int, str]:
    """The texts of a list of fields by their number on the page; lists with gaps keep their numbers."""
    return {int(entry.name.rpartition("-")[2]): entry.data or "" for entry in fields}


def _errors(fields: Any) -> dict[int, Sentence | str]:
    return {int(entry.name.rpartition("-")[2]): str(entry.errors[0]) for entry in fields if entry.errors}
