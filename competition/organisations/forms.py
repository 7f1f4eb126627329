"""Forms of organisations: shape only."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from competition.organisations.models import Organisation, OrganisationKind
from competition.web.forms import Form, TextField, VersionField, choices

_NEEDED = InputRequired(_l("Fill in this field."))


class DetailsForm(Form):
    """What can be corrected later too."""

    name = TextField(_l("Name of the organisation"), [_NEEDED], most=200)
    name_en = TextField(_l("English name"), most=200, description=_l("For English pages and certificates."))
    division_code = TextField(
        _l("Division code"),
        most=20,
        description=_l("Six digits (GB/T 2260). Needed for a nation, a province or a city."),
    )
    credit_code = TextField(
        _l("Unified social credit code"),
        most=40,
        description=_l("18 characters, as on the business licence. Needed for an enterprise."),
    )


class OrganisationForm(DetailsForm):
    """A new organisation; the parents are those the person may change."""

    kind = SelectField(_l("Kind of organisation"), [_NEEDED])
    parent = SelectField(_l("Stands below"))

    def __init__(self, parents: list[Organisation], *, may_open_roots: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parents = {str(parent.id): parent for parent in parents}
        self.kind.choices = choices((kind, kind.label) for kind in OrganisationKind)
        none = [("", _l("nothing: it is the top of a tree"))] if may_open_roots else []
        self.parent.choices = choices([*none, *((key, parent.name) for key, parent in self.parents.items())])

    @property
    def chosen_kind(self) -> OrganisationKind:
        return OrganisationKind(self.kind.data)

    @property
    def chosen_parent(self) -> UUID | None:
        return UUID(self.parent.data) if self.parent.data else None


class ChangeForm(DetailsForm):
    """Corrections, with the version that was on the screen."""

    version = VersionField(default=0)
