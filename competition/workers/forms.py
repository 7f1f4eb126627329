"""Forms of workers: shape only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired, Optional

from competition.organisations.models import Organisation
from competition.rules.eligibility import WorkerStatus
from competition.rules.grades import Grade
from competition.rules.identity import IdType, Sex
from competition.web.forms import Form, NumberField, TextField, VersionField, choices
from competition.web.language import language
from competition.workers.models import Occupation

_NEEDED = InputRequired(_l("Fill in this field."))


class _WorkerForm(Form):
    """What is known of a person. The choices are the employers the reader may manage and the occupations."""

    name = TextField(_l("Full name"), [_NEEDED], most=300, description=_l("Exactly as on the ID document."))
    id_type = SelectField(_l("ID document"), [_NEEDED])
    birth_date = DateField(
        _l("Date of birth"),
        [Optional()],
        description=_l("Only for other documents than the resident ID card, whose number carries it."),
    )
    sex = SelectField(_l("Sex"), description=_l("Only for other documents than the resident ID card."))
    phone = TextField(_l("Telephone"), most=40)
    status = SelectField(_l("Status at work"), [_NEEDED])
    employer = SelectField(_l("Employer"), [_NEEDED])
    occupation = SelectField(_l("Occupation"), [_NEEDED])
    in_occupation_since = DateField(_l("In the occupation since"), [Optional()])

    def __init__(self, employers: list[Organisation], occupations: list[Occupation], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.employers = {str(one.id): one for one in employers}
        self.occupations = {one.code: one for one in occupations}
        self.id_type.choices = choices((kind, kind.label) for kind in IdType)
        self.sex.choices = choices([("", _l("not given")), *((sex, sex.label) for sex in Sex)])
        self.status.choices = choices((status, status.label) for status in WorkerStatus)
        self.employer.choices = choices(
            [("", _l("choose")), *((key, one.name) for key, one in self.employers.items())]
        )
        self.occupation.choices = choices(
            [
                ("", _l("choose")),
                *(
                    (code, f"{code} {one.name if language() == 'zh' else one.name_en}")
                    for code, one in self.occupations.items()
                ),
            ]
        )

    def details(self) -> dict[str, Any]:
        """The fields as the services take them."""
        return {
            "name": self.name.data,
            "id_type": IdType(self.id_type.data),
            "employer": self.employers[self.employer.data],
            "occupation": self.occupations[self.occupation.data],
            "birth_date": self.birth_date.data,
            "sex": Sex(self.sex.data) if self.sex.data else None,
            "status": WorkerStatus(self.status.data),
            "in_occupation_since": self.in_occupation_since.data,
        }


class RegisterForm(_WorkerForm):
    """A person who is not known yet."""

    id_number = TextField(_l("ID number"), [_NEEDED], most=60)
    grade = SelectField(_l("Present grade"))
    grade_since = DateField(_l("Grade held since"), [Optional()])

    def __init__(self, employers: list[Organisation], occupations: list[Occupation], **kwargs: Any) -> None:
        super().__init__(employers, occupations, **kwargs)
        self.grade.choices = choices([("", _l("none")), *((grade, grade.label) for grade in Grade)])

    def details(self) -> dict[str, Any]:
        return {
            **super().details(),
            "id_number": self.id_number.data,
            "phone": self.phone.data or None,
            "grade": Grade(self.grade.data) if self.grade.data else None,
            "grade_since": self.grade_since.data,
        }


class ChangeForm(_WorkerForm):
    """Corrections. Number and phone are never shown in full: an empty field keeps what is on record."""

    id_number = TextField(_l("ID number"), most=60)
    forget_phone = BooleanField(_l("Remove the telephone number from the record"))
    version = VersionField(default=0)


class FindForm(Form):
    """The whole ID number: parts of it are not searched."""

    id_number = TextField(
        _l("ID number"), [_NEEDED], most=60, description=_l("The whole number; parts are not searched.")
    )


class WorkerAccountForm(Form):
    """The user name of a worker's account."""

    username = TextField(
        _l("User name"), [_NEEDED], most=64, description=_l("Letters, digits and . _ - @, without blanks.")
    )


class OccupationForm(Form):
    """An occupation of the catalogue."""

    code = TextField(
        _l("Code"), [_NEEDED], most=20, description=_l("As in the catalogue, for example 6-18-02-04.")
    )
    name = TextField(_l("Chinese name"), [_NEEDED], most=100)
    name_en = TextField(_l("English name"), [_NEEDED], most=100)
    catalogue_year = NumberField(_l("Catalogue of the year"), [_NEEDED], least=1992, most=2100)
    ceiling = SelectField(
        _l("Highest grade"),
        [_NEEDED],
        description=_l("The highest grade that the occupational standard defines."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ceiling.choices = choices((grade, grade.label) for grade in Grade)
