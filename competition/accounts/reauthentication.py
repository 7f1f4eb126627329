"""The own password asked again, for an act that somebody stands for by name."""

from uuid import UUID

from flask import request

from competition import clock
from competition.accounts.queries import account_for
from competition.accounts.services import confirm_password
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor
from competition.web.forms import Form


def knows_password(form: Form, account_id: UUID | None) -> bool:
    """Whether the form's `password` is that of the account; a wrong one is written down, and said beside the field."""
    fits = False
    if account_id is not None:
        with transaction():
            fits = confirm_password(
                account_for(account_id),
                password=form["password"].data or "",
                address=request.remote_addr or "",
                by=actor(),
                at=clock.now(),
            )
    if not fits:
        form.refuse(sentence("The password is not right. Type it again."), field="password")
    return fits
