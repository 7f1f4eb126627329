"""Forms of promotions: shape and format only."""

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from competition.orm import read_json
from competition.promotions.models import STATE_LABELS, CaseState
from competition.rules.sentences import sentence
from competition.web.forms import Form, LongTextField, TextField, choices

_REQUIRED = InputRequired(_l("Fill this in."))


class ListForm(Form):
    """What the list of cases is narrowed to; sent in the address."""

    class Meta:
        csrf = False

    q = TextField(_l("Name, certificate or document"), [Optional()], most=100)
    state = SelectField(_l("State"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = choices([("", sentence("All")), *STATE_LABELS.items()])

    @property
    def chosen_state(self) -> CaseState | None:
        return CaseState(self.state.data) if self.state.data in set(CaseState) else None


class TableForm(Form):
    """A rule table to publish."""

    authority = SelectField(
        _l("Authority"),
        description=_l("The table counts for its contests and for those of everything below it."),
    )
    document = LongTextField(
        _l("Rule table (JSON, skillsladder.promotion/1)"),
        [_REQUIRED],
        most=100_000,
        description=_l("Start from one of the examples and confirm every row with your authority."),
        render_kw={"rows": 24, "spellcheck": "false", "class": "mono"},
    )

    def read(self) -> Any:
        """The document, or None (with the place of the mistake said) when it is not JSON."""
        try:
            return read_json(self.document.data)
        except json.JSONDecodeError as problem:
            self.refuse(
                sentence(
                    "This is not JSON: line %(line)s, column %(column)s cannot be read.",
                    line=problem.lineno,
                    column=problem.colno,
                ),
                field="document",
            )
            return None


class ApprovalForm(Form):
    """Approve an application."""

    document_number = TextField(
        _l("Number of the approval document"),
        [_REQUIRED],
        most=100,
        description=_l("The number under which the authority filed its decision."),
    )
