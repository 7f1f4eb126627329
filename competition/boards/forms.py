"""Forms of boards."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import AnyOf, InputRequired

from competition.boards.models import Announced, RevealOrder
from competition.boards.words import ORDERS
from competition.web.forms import Form, TextField, choices


class SwitchForm(Form):
    """Switch live standings on or off."""

    on = HiddenField(validators=[InputRequired()])


class CeremonyForm(Form):
    """Open a ceremony."""

    order = RadioField(_l("What is announced"), validators=[InputRequired()])

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.order.choices = choices(ORDERS.items())
        if not self.is_submitted():
            self.order.data = RevealOrder.AWARDS.value


class NextForm(Form):
    """Reveal the next line: the step that is meant, and whose line it is."""

    number = IntegerField(validators=[InputRequired()])
    of = HiddenField(validators=[AnyOf(tuple(Announced))], default=Announced.ENTRANT.value)


class TakeBackForm(Form):
    """Take the latest line back."""

    note = TextField(
        _l("Why is it taken back?"),
        [InputRequired(_l("People have seen this line. Write down why it is taken back."))],
        most=500,
    )
