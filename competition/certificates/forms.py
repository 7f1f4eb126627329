"""Forms of certificates: shape only."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from competition.web.forms import Form, TextField

_NEEDED = InputRequired(_l("Fill in this field."))


class VerifyForm(Form):
    """Number and name, as they stand on the certificate."""

    number = TextField(_l("Certificate number"), [_NEEDED], most=100)
    name = TextField(_l("Name of the holder"), [_NEEDED], most=100)


_KEPT = _l("It is kept with the certificate and in the record. Leave personal data out of it.")


class RevocationForm(Form):
    """Why a certificate is revoked."""

    revocation_reason = TextField(_l("Reason"), [_NEEDED], most=500, description=_KEPT)


class ReplacementForm(Form):
    """Why a certificate is replaced."""

    replacement_reason = TextField(_l("Reason"), [_NEEDED], most=500, description=_KEPT)
