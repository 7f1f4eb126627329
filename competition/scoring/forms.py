"""What scoring pages and devices send: shape and format only."""

from typing import Annotated, Any, Literal
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from pydantic import BaseModel, ConfigDict, Field, model_validator
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from competition.scoring.services import Sent
from competition.web.forms import Form, LongTextField, TextField, own_password

MOST_OPERATIONS = 50
MOST_BYTES = 64 * 1024
_KIND = r"^(mark(:[1-9][0-9]?)?|declared|agreed|entry(:[1-9][0-9]{0,2})?|(pause|penalty|bonus):[1-9][0-9]?)$"


class _Strict(BaseModel):
    """No field that is not named, no value of another type, no number where text is expected."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OperationSent(_Strict):
    """One operation of the contract (reliability §5.1). Values are texts, so that no number is ever rounded."""

    op_id: UUID
    seq: Annotated[int, Field(ge=1, le=2**53)]
    sheet: UUID
    aspect: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Annotated[str, Field(pattern=_KIND)]
    base_version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    value: Annotated[str, Field(max_length=40)] | None
    state: Literal["value", "not_attempted", "dnf", "dns", "dsq", "blank"]
    round: Annotated[int, Field(ge=1, le=99)]
    reason: Annotated[str, Field(max_length=500)]
    device_time: Annotated[str, Field(max_length=40)]
    agreed: Annotated[tuple[Annotated[str, Field(pattern=r"^J[1-9][0-9]?$")], ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _value_or_state(self) -> "OperationSent":
        if (self.value is None) == (self.state == "value"):
            raise ValueError("a value goes with the state “value”, and only with it")
        return self

    def as_sent(self) -> Sent:
        return Sent(**vars(self))


class BatchSent(_Strict):
    """What a device sends at once. `schema` names the contract: 1 (which had no number) is taken for two more releases."""

    schema_number: Annotated[Literal[1, 2], Field(alias="schema")] = 1
    device: UUID
    operations: Annotated[list[OperationSent], Field(min_length=1, max_length=MOST_OPERATIONS)]


class LeaveSent(_Strict):
    """Who let the judge leave the tablet although something was not sent: typed there, checked by nobody."""

    supervisor: Annotated[str, Field(min_length=1, max_length=60)]
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    left_at: Annotated[str, Field(max_length=40)]


class DeviceSent(_Strict):
    """A browser that wants to send marks: its public key where it has one, and the id it had before."""

    label: Annotated[str, Field(max_length=100)]
    public_key: dict[str, Any] | None = None
    device: UUID | None = None
    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    build: Annotated[str, Field(max_length=64)] = ""
    left: LeaveSent | None = None


class PresenceSent(_Strict):
    """A device says that it is there: operations that wait, percent of its battery, the build of its script."""

    queue: Annotated[int, Field(ge=0, le=10**6)]
    battery: Annotated[int, Field(ge=0, le=100)] | None = None
    build: Annotated[str, Field(max_length=64)] = ""


class RemarkFields(BaseModel):
    """A note or a photo that a device sends as a form, the photo itself beside it."""

    id: UUID
    aspect: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Literal["note", "photo", "exposed"]
    text: Annotated[str, Field(max_length=1000)] = ""
    device_time: Annotated[str, Field(max_length=40)]


class SignForm(Form):
    """Sign or confirm what was seen."""

    content_hash = HiddenField(validators=[InputRequired()])


class JudgeSignForm(SignForm):
    """Sign the own sheet: by the PIN of the login card, by a drawn name, or by typed name and password."""

    way = HiddenField(validators=[AnyOf(("pin", "drawn", "password"))])
    drawing = HiddenField(validators=[Length(max=12_000)])
    name = TextField(_l("Your name, as it stands on this page"), [Length(max=200)])
    password = PasswordField(_l("Your password"), render_kw={"autocomplete": "current-password"})
    pin = StringField(
        _l("PIN of your login card"),
        [Length(max=12)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class ContestantForm(SignForm):
    """The contestant signs by drawing, or the judge notes why not."""

    drawing = HiddenField(validators=[Length(max=12_000)])
    reason = TextField(_l("Why the contestant does not sign"), [Length(max=500)])


class EmergencyContent(_Strict):
    """What is in an emergency file: any number of operations of the contract."""

    operations: Annotated[list[OperationSent], Field(min_length=1, max_length=10_000)]


class EmergencyForm(Form):
    """The emergency file of a tablet as a file, or the text of its QR codes; looked at first, then imported."""

    file = FileField(_l("The file"))
    text = LongTextField(
        _l("Or the text of the QR codes, one below the other"),
        most=2_000_000,
        description=_l("In any order. Each begins with its number, such as 1/7."),
    )
    reason = LongTextField(
        _l("Why this file is believed"),
        most=500,
        description=_l("Who brought it, and how you know. It stays on the record."),
    )
    confirmed = HiddenField()


class ProposeMissingForm(Form):
    """The first person goes ahead without the sheets of the list that was `seen` (its hash)."""

    seen = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    reason = LongTextField(
        _l("Why these sheets are missing"),
        [DataRequired()],
        most=500,
        description=_l("Everybody reads it beside the result."),
    )
    password = own_password()
