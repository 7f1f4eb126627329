"""The base of every form: shape and format only, no database and no rules.

Text is trimmed, control characters and bidirectional overrides are refused, unknown fields are refused, numbers
may be typed full-width. A rule broken further in comes back to the form through `reporting(form)`, with
everything the person typed still there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest
from wtforms import (
    Field,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import UUID as IsUuid
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from competition.errors import RuleBroken
from competition.rules.numbers import as_typed
from competition.rules.sentences import Sentence
from competition.web.language import say

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_BEYOND_THE_FORM = {"csrf_token", "next"}


class Form(FlaskForm):  # type: ignore[misc]
    """A form of this house."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Nothing at all was sent: then every field is empty, and never what the row says already."""
            wrapped = super().wrap_formdata(form, formdata)
            return ImmutableMultiDict() if wrapped is None and form.is_submitted() else wrapped

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        if self.is_submitted():
            self._refuse_unknown_fields()
        return bool(super().validate_on_submit(extra_validators))

    def refuse(self, *because: Sentence, field: str | None = None) -> None:
        """Put sentences on the form (or beside one field), in the reader's language."""
        target = self[field].errors if field else None
        words = [say(sentence) for sentence in because]
        if target is None:
            self.form_errors.extend(words)
        else:
            self[field].errors = [*target, *words]

    def _refuse_unknown_fields(self) -> None:
        known = {name.split("-")[0] for name in self._fields} | _BEYOND_THE_FORM
        unknown = sorted({name.split("-")[0] for name in (*request.form, *request.files)} - known)
        if unknown:
            raise BadRequest("unknown fields: " + ", ".join(unknown)[:200])


@contextmanager
def reporting(form: Form, field: str | None = None) -> Iterator[None]:
    """Run a service for a form: broken rules become the form's errors, and the page is shown again."""
    try:
        yield
    except RuleBroken as problem:
        form.refuse(*problem.sentences, field=field)
        if problem.next_step:
            form.refuse(problem.next_step, field=field)


def clean_text(value: str | None) -> str | None:
    return value.strip() if isinstance(value, str) else value


def visible_text(_form: Form, field: Field) -> None:
    """Refuse control characters, zero-width characters and bidirectional overrides."""
    text = field.data or ""
    allowed = "\r\n\t" if isinstance(field, TextAreaField) else ""
    if any(unicodedata.category(letter) in _INVISIBLE and letter not in allowed for letter in text):
        raise StopValidation(
            _l("This contains characters that cannot be seen. Type it again instead of pasting it.")
        )


class TextField(StringField):  # type: ignore[misc]
    """One line of visible text, trimmed, at most `most` characters."""

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Any] = (),
        *,
        most: int = 200,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            label,
            [*validators, Length(max=most), visible_text],
            filters=[clean_text],
            **kwargs,
        )


class LongTextField(TextAreaField):  # type: ignore[misc]
    """Several lines of visible text."""

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Any] = (),
        *,
        most: int = 4000,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            label,
            [*validators, Length(max=most), visible_text],
            filters=[clean_text],
            **kwargs,
        )


class NumberField(StringField):  # type: ignore[misc]
    """An exact decimal, typed in any width, within stated bounds; data is a Decimal or None."""

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Any] = (),
        *,
        least: int | None = None,
        most: int | None = None,
        digits: int = 0,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault(
            "render_kw",
            {"inputmode": "decimal" if digits else "numeric", "autocomplete": "off"},
        )
        super().__init__(label, validators, **kwargs)
        self.least, self.most, self.digits = least, most, digits

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_text = valuelist[0] if valuelist else ""
        text = as_typed(self.raw_text)
        self.data = self._number(text) if text else None

    def _number(self, text: str) -> Decimal:
        pattern = r"[+-]?\d{1,12}" + (rf"(\.\d{{1,{self.digits}}})?" if self.digits else "")
        if not re.fullmatch(pattern, text, re.ASCII):
            self.data = None
            raise ValueError(
                self.gettext("Not a valid decimal value.")
                if self.digits
                else self.gettext("Not a valid integer value.")
            )
        try:
            return Decimal(text)
        except InvalidOperation as problem:
            raise ValueError(self.gettext("Not a valid decimal value.")) from problem

    def pre_validate(self, form: Any) -> None:
        low = self.least is not None and self.data is not None and self.data < self.least
        high = self.most is not None and self.data is not None and self.data > self.most
        if low or high:
            raise StopValidation(
                _l(
                    "Use a number from %(least)s to %(most)s.",
                    least=self.least,
                    most=self.most,
                )
                if self.most is not None
                else _l("Use a number of at least %(least)s.", least=self.least)
            )

    def _value(self) -> str:
        if self.data is not None:
            return format(self.data, "f") if isinstance(self.data, Decimal) else str(self.data)
        return getattr(self, "raw_text", "")


class MultiCheckboxField(SelectMultipleField):  # type: ignore[misc]
    """Several of some options, each a check box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class VersionField(HiddenField):  # type: ignore[misc]
    """The version of the row that the person saw; a form sent without it is refused, never taken for the newest."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            raise StopValidation(_l("This form is incomplete. Load the page again and repeat your change."))

    @property
    def number(self) -> int:
        """The version, in a valid form."""
        assert self.data is not None
        return int(self.data)


class EmptyForm(Form):
    """A button: nothing but the token."""


class ReasonForm(Form):
    """A decision with its reason."""

    reason = LongTextField(_l("Reason"), [DataRequired()], most=500)


def own_password(*, is_required: bool = True, **details: Any) -> PasswordField:
    """The own password asked again, for an act that somebody stands for by name."""
    details.setdefault("description", _l("Asked again, because you stand for this decision."))
    needed = [InputRequired()] if is_required else []
    return PasswordField(
        _l("Your password"),
        [*needed, Length(max=200)],
        render_kw={"autocomplete": "current-password"},
        **details,
    )


class AcceptForm(Form):
    """The second person accepts, with the own password, what the first one proposed."""

    proposal = HiddenField(validators=[InputRequired(), IsUuid()])
    password = own_password()


def choices(
    pairs: Iterable[tuple[Any, Sentence | str]], *, group: Sentence | None = None
) -> list[SelectChoice]:
    """Choices of a select field from values and sentences, in the reader's language; under the name of their group."""
    heading = say(group) if group else None
    return [SelectChoice(str(value), say(words), optgroup=heading) for value, words in pairs]
