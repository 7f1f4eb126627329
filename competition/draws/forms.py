"""Forms of draws."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from competition.web.forms import Form, TextField


class DrawForm(Form):
    """Ask for a draw; the reason is needed when there is one already."""

    reason = TextField(_l("Reason"), [Optional()], most=500)


class ListForm(Form):
    """Ask for the list to take away."""
