"""What the pages of appeals send: shape and format only."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, MultipleFileField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from competition.appeals.uploads import Upload
from competition.rules.appeals import (
    EFFECT_TITLES,
    GROUND_TITLES,
    RERUN_TITLES,
    RULING_TITLES,
    Effect,
    Ground,
    Rerun,
    RerunOutcome,
    Ruling,
)
from competition.web.forms import Form, LongTextField, MultiCheckboxField, TextField, choices


class EvidenceField(MultipleFileField):  # type: ignore[misc]
    """Files handed in; `uploads` reads those that were really chosen."""

    def uploads(self) -> list[Upload]:
        return [
            Upload(file.filename or "", file.read()) for file in self.data or () if file and file.filename
        ]


_EVIDENCE = _l(
    "PDF, JPEG or PNG; at most 3 files of 2.5 MB each. Pictures are drawn anew, without the place they were taken at. A"
    " PDF is passed on exactly as it is, and its properties often name who made it: print it to a new PDF or send a"
    " picture of it if that should not be known."
)


class AppealForm(Form):
    """An appeal by the leader of a delegation."""

    delegation = SelectField(_l("Delegation"), validate_choice=False)
    grounds = MultiCheckboxField(_l("Grounds"))
    concerns = TextField(
        _l("Whom or what it concerns"),
        [Optional()],
        most=200,
        description=_l("Entry number, module, station or time, as far as you know."),
    )
    text = LongTextField(
        _l("What happened, and what you ask for"), [InputRequired()], most=4000, render_kw={"rows": 10}
    )
    evidence = EvidenceField(
        _l("Evidence"), description=_EVIDENCE, render_kw={"accept": ".pdf,.jpg,.jpeg,.png"}
    )

    def __init__(self, *args: Any, delegations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delegation.choices = choices(delegations)
        self.grounds.choices = choices(GROUND_TITLES.items())

    def chosen(self) -> list[Ground]:
        """The grounds that were ticked, as far as there are such grounds."""
        return [ground for ground in Ground if ground.value in (self.grounds.data or ())]


class ObjectionForm(Form):
    """An objection by anybody with an account."""

    text = LongTextField(
        _l("What you object to, and why"), [InputRequired()], most=4000, render_kw={"rows": 10}
    )
    evidence = EvidenceField(
        _l("Evidence"), description=_EVIDENCE, render_kw={"accept": ".pdf,.jpg,.jpeg,.png"}
    )


class RulingForm(Form):
    """A ruling with its effect and its reasons."""

    ruling = RadioField(_l("Ruling"), [InputRequired()])
    effect = RadioField(_l("Effect"), [InputRequired()])
    codes = TextField(
        _l("Codes whose sheets are opened again"),
        [Optional()],
        most=400,
        description=_l("Blind codes with spaces between them; the code keeper knows them."),
        render_kw={"autocomplete": "off"},
    )
    module = SelectField(_l("In the module"), validate_choice=False)
    reason = LongTextField(_l("Reasons"), [InputRequired()], most=4000, render_kw={"rows": 6})

    def __init__(self, *args: Any, modules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ruling.choices = choices(RULING_TITLES.items())
        self.effect.choices = choices(EFFECT_TITLES.items())
        self.module.choices = choices(modules)

    def named(self) -> list[str]:
        """The codes that were typed, one by one."""
        return _codes(self.codes.data)

    def said(self) -> tuple[Ruling, Effect]:
        return Ruling(self.ruling.data), Effect(self.effect.data)


class RerunForm(Form):
    """The record of a part that was held again."""

    module = SelectField(_l("Module that was held again"), validate_choice=False)
    held_at = DateTimeLocalField(
        _l("Held again at"), [InputRequired()], description=_l("By the venue's clock (Beijing time).")
    )
    outcome = RadioField(_l("What came of it"), [InputRequired()])
    codes = TextField(
        _l("Codes whose sheets were marked anew"),
        [Optional()],
        most=400,
        description=_l("Blind codes with spaces between them; the code keeper knows them."),
        render_kw={"autocomplete": "off"},
    )
    reason = LongTextField(_l("What was done"), [InputRequired()], most=4000, render_kw={"rows": 6})

    def __init__(self, *args: Any, modules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.module.choices = choices([("", _l("Choose a module")), *modules])
        self.outcome.choices = choices(RERUN_TITLES.items())

    def said(self, zone: ZoneInfo) -> Rerun:
        """What was recorded, with its moment in the time of the house."""
        return Rerun(
            module=self.module.data or "",
            held_at=self.held_at.data.replace(tzinfo=zone).astimezone(UTC),
            outcome=RerunOutcome(self.outcome.data),
            codes=tuple(_codes(self.codes.data)),
        )


def _codes(typed: str | None) -> list[str]:
    text = (typed or "").replace(",", " ").replace("，", " ").replace("、", " ")
    return text.upper().split()


class StepForm(Form):
    """A step with what is said about it."""

    reason = LongTextField(_l("Reason"), [InputRequired()], most=4000)
