"""Forms of calibration: shape only."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from competition.rules.numbers import DECIMAL_PLACES, as_decimal
from competition.rules.scheme import Aspect
from competition.web.forms import Form, NumberField, TextField


class PieceForm(Form):
    title = TextField(_l("What the piece is"), [DataRequired()], most=100)
    module = SelectField(_l("Module"), [InputRequired()])


class MarksForm(Form):
    """One number for each aspect; made for a piece by `marks_form`."""

    def marks(self) -> dict[str, Decimal]:
        return {
            name.removeprefix("mark-"): field.data
            for name, field in self._fields.items()
            if name.startswith("mark-") and field.data is not None
        }


def marks_form(
    aspects: Sequence[Aspect], language: str, given: dict[str, Fraction], *, fresh: bool = False
) -> MarksForm:
    """The form for the aspects of a piece, filled with what was given before."""
    fields = {
        f"mark-{aspect.id}": NumberField(
            aspect.title.in_language(language), [InputRequired()], digits=DECIMAL_PLACES
        )
        for aspect in aspects
    }
    made: type[MarksForm] = type("PieceMarksForm", (MarksForm,), fields)
    sent = {"formdata": None} if fresh else {}
    return made(**sent, data={f"mark-{aspect}": as_decimal(value) for aspect, value in given.items()})
