"""What the pages of panels ask: shape and format only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import InputRequired

from competition.web.forms import Form, TextField


class JudgeForm(Form):
    """Register a judge: an account that exists, or a new one with its first password."""

    username = TextField(
        _l("User name"),
        [InputRequired()],
        most=64,
        description=_l("Of an account that exists, or of one that is opened now."),
    )
    name = TextField(_l("Name"), most=100, description=_l("For a new account."))
    password = PasswordField(
        _l("First password"), description=_l("For a new account; the judge changes it at the first sign-in.")
    )
    organisation = SelectField(
        _l("Organisation"),
        description=_l("Whose delegation the judge belongs to: its entrants are marked by an alternate."),
    )
    level = TextField(_l("Level of the judge's certificate"), most=40)


class ChangeJudgeForm(Form):
    """Correct a judge's organisation or level."""

    organisation = SelectField(_l("Organisation"))
    level = TextField(_l("Level of the judge's certificate"), most=40)


class SeatForm(Form):
    """Give a seat to a judge."""

    judge = SelectField(_l("Judge"), [InputRequired()])
    consequence_seen = BooleanField(_l("An alternate marks these entrants instead. I have seen this."))


class ChiefForm(Form):
    """Appoint a chief judge."""

    username = TextField(_l("User name"), [InputRequired()], most=64)
