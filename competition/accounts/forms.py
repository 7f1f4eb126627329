"""Forms of accounts: shape only. Passwords are taken as they are typed, never trimmed."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from competition.accounts.passwords import LONGEST
from competition.accounts.places import KIND_LABELS, Place
from competition.rules.access import Role, ScopeKind
from competition.web.forms import Form, TextField, choices

_NEEDED = InputRequired(_l("Fill in this field."))


def _password(label: Any, **kwargs: Any) -> PasswordField:
    return PasswordField(label, [_NEEDED, Length(max=LONGEST)], **kwargs)


class SignInForm(Form):
    """User name and password."""

    username = TextField(_l("User name"), [_NEEDED], most=100)
    password = _password(_l("Password"))


class SetUpForm(Form):
    """The first administrator of a new installation."""

    name = TextField(_l("Your name"), [_NEEDED], most=100)
    username = TextField(_l("User name"), [_NEEDED], most=64)
    password = _password(
        _l("Password"),
        description=_l("At least 10 characters. A few words in a row are easy to keep and hard to guess."),
    )
    again = _password(_l("The password once more"))


class PasswordForm(Form):
    """A new password for the own account."""

    old = _password(_l("Present password"))
    new = _password(
        _l("New password"),
        description=_l("At least 10 characters. A few words in a row are easy to keep and hard to guess."),
    )
    again = _password(_l("The new password once more"))


class AccountForm(Form):
    """A new account; its first password is made by the system."""

    name = TextField(
        _l("Full name"), [_NEEDED], most=100, description=_l("The person who will use the account.")
    )
    username = TextField(
        _l("User name"), [_NEEDED], most=64, description=_l("Letters, digits and . _ - @, without blanks.")
    )


class PlaceForm(Form):
    """For which place the role is given; values are "kind:id"."""

    place = SelectField(_l("Where"), [_NEEDED])

    def __init__(self, places: dict[ScopeKind, list[Place]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places = {
            place_value(kind, each): (kind, each) for kind, listed in places.items() for each in listed
        }
        self.place.choices = [
            choice
            for kind, listed in places.items()
            for choice in choices(
                ((place_value(kind, each), each.label) for each in listed), group=KIND_LABELS[kind]
            )
        ]

    @property
    def chosen(self) -> tuple[ScopeKind, Place]:
        return self.places[self.place.data]


def place_value(kind: ScopeKind, place: Place) -> str:
    return f"{kind}:{place.id or ''}"


def role_named(text: str) -> Role | None:
    """The role of an address, or None."""
    return Role(text) if text in set(Role) else None
