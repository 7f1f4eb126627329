"""What the pages of re-checks send: shape and format only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from competition.web.forms import Form, LongTextField, TextField, choices


class DrawForm(Form):
    """Draw the scope; the seed may be left empty."""

    seed = TextField(
        _l("Public seed"),
        [Optional()],
        most=128,
        description=_l(
            "Six characters or more, such as numbers thrown with dice before witnesses, or nothing. The system adds a part of"
            " its own at the draw; the record shows both."
        ),
        render_kw={"autocomplete": "off"},
    )


class RightForm(Form):
    """A sheet is right as it was seen."""

    content_hash = HiddenField(validators=[InputRequired()])


class ErrorForm(Form):
    """An error in writing."""

    content_hash = HiddenField(validators=[InputRequired()])
    aspect = SelectField(_l("Place of the error"), validate_choice=False)
    found = TextField(_l("What was found"), [InputRequired()], most=200)
    should_be = TextField(_l("What it should be"), [InputRequired()], most=200)
    note = LongTextField(_l("Why, and what it was compared with"), [Optional()], most=1000)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aspect.choices = choices(items)
