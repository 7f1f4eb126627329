"""What the pages of the floor send: shape and format only."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from competition import tokens
from competition.floor.presenters import INCIDENTS, RULINGS
from competition.floor.services import MOST_STATIONS, Penalty, Ticket
from competition.rules.floor import MOST_EXTRA, MOST_MINUTES, Kind, Ruling
from competition.web.forms import Form, NumberField, TextField, choices


class TicketField(HiddenField):  # type: ignore[misc]
    """The number under which an entry is sent; a page that is sent twice sends the same one."""

    def _value(self) -> str:
        return str(self.data or tokens.new_id())

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = UUID(valuelist[0]) if valuelist else tokens.new_id()
        except ValueError:
            self.data = tokens.new_id()


class EntryForm(Form):
    """What every entry has: its number, the device's clock, where to go afterwards, and why."""

    ticket = TicketField()
    device_time = HiddenField(validators=[Length(max=40)])
    back = HiddenField(validators=[Optional(), AnyOf(("floor", "place"))])
    cause = TextField(_l("Cause"), [Optional()], most=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Several of these forms stand on one page, so each has ids of its own."""
        super().__init__(*args, **kwargs)
        prefix = type(self).__name__.removesuffix("Form").lower()
        for field in self:
            field.id = field.label.field_id = f"{prefix}-{field.short_name}"

    def sent(self) -> Ticket:
        return Ticket(self.ticket.data, self.device_time.data or "")

    def why(self) -> str:
        return str(self.cause.data or "")


class PlanForm(Form):
    """How a part is worked."""

    part = SelectField(_l("Part of the event"), validate_choice=False)
    stations = NumberField(_l("Stations that work at once"), [InputRequired()], least=1, most=MOST_STATIONS)
    minutes = NumberField(_l("Working time in minutes"), [InputRequired()], least=1, most=MOST_MINUTES)

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part.choices = choices(parts)


class BatchEntryForm(EntryForm):
    """One tap on the clock of a batch."""

    kind = HiddenField(validators=[AnyOf((Kind.START, Kind.PAUSE, Kind.RESUME, Kind.STOP))])


class StationEntryForm(EntryForm):
    """One tap at a station."""

    kind = HiddenField(
        validators=[
            AnyOf(
                (Kind.START, Kind.PAUSE, Kind.RESUME, Kind.STOP, Kind.LATE, Kind.EXPOSED, Kind.LEFT),
            )
        ]
    )


class ExtraForm(EntryForm):
    """Extra minutes with their cause."""

    minutes = NumberField(_l("Extra minutes"), [InputRequired()], least=1, most=MOST_EXTRA)
    cause = TextField(_l("Cause"), [InputRequired()], most=500)


class MoveForm(EntryForm):
    """Another batch, with the cause."""

    batch = NumberField(_l("Batch"), [InputRequired()], least=1, most=9999)
    cause = TextField(_l("Cause"), [InputRequired()], most=500)


class IncidentForm(EntryForm):
    """What happened."""

    about = SelectField(_l("Incident"))
    cause = TextField(_l("Course of events"), [InputRequired()], most=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about.choices = choices(INCIDENTS.items())


class PenaltyForm(EntryForm):
    """What a violation costs; a deduction names its aspect and how much."""

    ruling = SelectField(_l("Consequence"))
    aspect = SelectField(_l("Deduction of the rules"), validate_choice=False)
    points = NumberField(
        _l("How much is deducted"),
        [Optional()],
        digits=8,
        description=_l(
            "For a deduction: points, or percent where the rules say so; 1 for what voids the marks."
        ),
    )

    def __init__(self, *args: Any, aspects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [each for each in RULINGS.items() if aspects or each[0] is not Ruling.DEDUCTION]
        self.ruling.choices = choices(known)
        self.aspect.choices = choices(aspects)

    def penalty(self) -> Penalty:
        ruling = Ruling(self.ruling.data)
        if ruling is not Ruling.DEDUCTION:
            return Penalty(ruling)
        return Penalty(ruling, self.aspect.data or "", self.points.data)


class ViolationForm(PenaltyForm):
    """A violation, and what is proposed."""

    cause = TextField(_l("Course of events"), [InputRequired()], most=500)


class RulingForm(PenaltyForm):
    """The chief judge's ruling."""

    cause = TextField(
        _l("Reason"),
        [InputRequired()],
        most=500,
        description=_l("A deduction stands in the result with this reason: name nobody in it."),
    )


class LateForm(EntryForm):
    """The chief judge's decision about a late arrival."""

    answer = RadioField(_l("Decision"), [InputRequired()])
    minutes = NumberField(
        _l("Minutes given back"),
        [Optional()],
        least=0,
        most=MOST_EXTRA,
        description=_l("0: the lost time is lost."),
    )
    cause = TextField(_l("Reason"), [InputRequired()], most=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = choices([("yes", _l("Let in")), ("no", _l("Not let in"))])


class TimeForm(EntryForm):
    """The chief judge's decision about the time that an incident cost."""

    answer = RadioField(_l("Decision"), [InputRequired()])
    minutes = NumberField(_l("Extra minutes"), [Optional()], least=1, most=MOST_EXTRA)
    cause = TextField(_l("Reason"), [InputRequired()], most=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = choices([("yes", _l("Give extra time")), ("no", _l("No extra time"))])


class ExposureForm(EntryForm):
    """What the chief judge does about an exposed identity."""

    sheet = SelectField(_l("Sheet to give to another judge"), validate_choice=False)
    judge = SelectField(_l("New judge"), validate_choice=False)
    cause = TextField(_l("Measures taken"), [InputRequired()], most=500)

    def __init__(
        self, *args: Any, sheets: list[tuple[str, str]], judges: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        nobody = [("", _l("None: only note it"))]
        self.sheet.choices = choices([*nobody, *sheets])
        self.judge.choices = choices([*nobody, *judges])
