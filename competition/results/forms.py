"""Forms of results: shape and format only."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired

from competition.web.forms import Form, NumberField, TextField, own_password

_ORDER, _GIVEN = "order_", "award:"
NO_AWARD, BY_THE_RULES = "none", "rules"
Kind = TypeVar("Kind", bound="OrderForm")


_password = partial(own_password, description=_l("Asked again, because you stand for this result."))


class PrepareForm(Form):
    """Prepare a revision, with the own password; `reason` says what it corrects."""

    reason = TextField(
        _l("What this revision corrects"),
        most=500,
        description=_l("For the second and every further revision: people will read it beside the number."),
    )
    password = _password(id="preparer_password")


class ApproveForm(Form):
    """The second person stands for one revision, with the own password; `extra_days` lengthens the public notice."""

    revision = HiddenField(validators=[InputRequired(), IsUuid()])
    extra_days = NumberField(
        _l("Days added to the notice"),
        least=0,
        most=30,
        description=_l("For moved working days or holidays, which the rules do not know. Empty adds none."),
    )
    password = _password()


class OrderForm(Form):
    """The order of people whom nothing tells apart, and how it was found; made by `order_form`."""

    tie_reason = TextField(
        _l("How the order was found"),
        [InputRequired()],
        most=500,
        description=_l("For example: play-off on 12 June, minutes 4; or a draw before the supervisor."),
    )

    def order(self) -> list[UUID]:
        """The ids, first to last; equal or missing numbers stay, and the service refuses them."""
        given: list[tuple[Decimal, UUID]] = [
            (field.data, UUID(name.removeprefix(_ORDER)))
            for name, field in self._fields.items()
            if name.startswith(_ORDER) and field.data is not None
        ]
        return (
            [entrant for _number, entrant in sorted(given)]
            if len({n for n, _ in given}) == len(given)
            else []
        )


class SignedOrderForm(OrderForm):
    """An order that prepares a result: whoever records it stands for that result."""

    password = _password(id="preparer_password")


class AwardDecisionForm(Form):
    """What is decided about the award of one entrant, and why, with the own password."""

    entry_number = NumberField(
        _l("Entry number"),
        [InputRequired()],
        least=1,
        most=10_000_000,
        description=_l("It stands on the list of entrants."),
    )
    award = SelectField(_l("What is decided"), [InputRequired()])
    decision_reason = TextField(
        _l("Why it is decided so"),
        [InputRequired()],
        most=500,
        description=_l(
            "Public, beside the award: for example the minutes of the committee, with their date."
        ),
    )
    password = _password(id="preparer_password")

    def __init__(self, awards: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(**kwargs)
        words = {NO_AWARD: _l("No award"), BY_THE_RULES: _l("As the rules give it: take the decision back")}
        self.award.choices = [(f"{_GIVEN}{award}", title) for award, title in awards.items()]
        self.award.choices += list(words.items())

    @property
    def decided(self) -> str | None:
        """The identifier of the award that is given, None for none; not asked where it is BY_THE_RULES."""
        chosen = str(self.award.data)
        return chosen.removeprefix(_GIVEN) if chosen.startswith(_GIVEN) else None


def order_form(people: Mapping[str, str], kind: type[Kind], *, fresh: bool = False) -> Kind:
    """A form with a number for everybody (id → name or code); fresh: empty, whatever was sent."""
    fields = {
        _ORDER + UUID(entrant).hex: NumberField(name, [InputRequired()], least=1, most=len(people))
        for entrant, name in people.items()
    }
    made: type[Kind] = type("OrderFormOfThese", (kind,), fields)
    return made(formdata=None) if fresh else made()
