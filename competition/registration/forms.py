"""Forms of registration: shape only."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from competition.organisations.models import Organisation
from competition.web.forms import Form, NumberField, TextField, choices
from competition.workers.models import Worker

MOST_IN_TEAM = 1_000


class CoachForm(Form):
    coach = TextField(_l("Coach"), most=100)


class TeamNameForm(Form):
    """The team for which an entrant counts. Nothing written means: none."""

    team = TextField(_l("Team"), most=40)
    order = NumberField(_l("Order in the team"), [Optional()], least=1, most=MOST_IN_TEAM)


class PresenceForm(Form):
    present = HiddenField(validators=[InputRequired()])


class EnterForm(Form):
    """The worker's own word that the details are right."""

    right = BooleanField(_l("My details above are right."), [DataRequired()])


class ApprovalForm(Form):
    """Entries to approve: those ticked, or all of a list that was shown (`seen` is its fingerprint)."""

    seen = HiddenField()
    entrant = SelectMultipleField(validate_choice=False)

    def ids(self) -> list[UUID]:
        """The ticked entrants; what is no id is passed over."""
        return list(_uuids(self.entrant.data or ()))


class TakeBackForm(Form):
    """A group of approvals made at one moment."""

    at = HiddenField(validators=[InputRequired()])


class UploadForm(Form):
    file = FileField(_l("Excel file (.xlsx)"), [FileRequired(_l("Choose a file."))])


class LeaderForm(Form):
    """An organisation and the account that leads its delegation."""

    organisation = SelectField(_l("Organisation"), [InputRequired()])
    username = TextField(_l("User name of the leader"), most=64)

    def offer(self, organisations: Iterable[Organisation]) -> None:
        self.organisation.choices = choices((one.id, one.name) for one in organisations)


class _TickList(SelectMultipleField):  # type: ignore[misc]
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NominationForm(Form):
    """Single people who are put forward."""

    worker = _TickList(_l("Workers"))

    def offer(self, people: Iterable[Worker]) -> None:
        self.worker.choices = choices((one.id, one.name) for one in people)

    def entries(self) -> list[list[UUID]]:
        """The people of each entry: one by one."""
        return [[each] for each in _uuids(self.worker.data or ())]


def team_form(size: int) -> type[Form]:
    """A form with one choice for each place of a team, in order."""
    places = {
        f"member_{place}": SelectField(
            _l("Person %(place)s", place=place), [InputRequired(_l("Choose a person."))]
        )
        for place in range(1, size + 1)
    }

    class TeamForm(Form):
        def offer(self, people: Iterable[Worker]) -> None:
            listed = choices([("", "–"), *((one.id, f"{one.name} · {one.employer.name}") for one in people)])
            for name in places:
                self[name].choices = listed

        def entries(self) -> list[list[UUID]]:
            """The people of the one team, in order."""
            return [list(_uuids(self[name].data for name in places))]

    for name, field in places.items():
        setattr(TeamForm, name, field)
    return TeamForm


def _uuids(texts: Iterable[str]) -> Iterable[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue
