"""Forms of tablets: shape only."""

from typing import Annotated, Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, ConfigDict, Field
from wtforms import HiddenField, StringField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, Length, Optional

from competition.web.forms import Form

MOST_PIN = 12


class CardForm(Form):
    """What a login card says: its token, out of the QR code, and its PIN. Anybody may send it, so there is no session to tie it to."""

    class Meta(Form.Meta):
        csrf = False

    token = HiddenField(validators=[Length(max=64)])
    pin = StringField(
        _l("PIN"),
        [InputRequired(_l("Fill in this field.")), Length(max=MOST_PIN)],
        description=_l("The six digits under the fold of your card."),
    )


class CardSent(BaseModel):
    """The same from the script of the sheet, when the session has ended while the judge was marking."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    token: Annotated[str, Field(min_length=1, max_length=64)]
    pin: Annotated[str, Field(min_length=1, max_length=MOST_PIN)]


class CardsForm(Form):
    """Print cards: for one judge, or for everybody who has none."""

    judge = StringField(validators=[Optional(), IsUuid()])

    @property
    def judge_id(self) -> UUID | None:
        chosen: Any = self.judge.data
        return UUID(chosen) if chosen else None
