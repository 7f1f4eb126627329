"""How the pages ask a judge to prove who signs: the PIN of the login card, a drawn name, or the typed name and the password."""

from flask import request

from competition import clock
from competition.accounts.services import confirm_password
from competition.rules.sentences import sentence
from competition.scoring.forms import JudgeSignForm
from competition.scoring.models import Sheet
from competition.scoring.queries.signing import DRAWN, PASSWORD, drawing_problem
from competition.scoring.services import Proof
from competition.transactions import transaction
from competition.web.access import actor


def proof_of(form: JudgeSignForm, sheet: Sheet) -> Proof | None:
    """What a signature is kept with, or None with the reason on the form. A wrong password is written down."""
    if form.way.data == DRAWN:
        if problem := drawing_problem(form.drawing.data or ""):
            form.refuse(problem)
            return None
        return Proof(DRAWN, form.drawing.data)
    if form.way.data == PASSWORD:
        return Proof(PASSWORD) if _knows_password(form, sheet) else None
    return None


def _knows_password(form: JudgeSignForm, sheet: Sheet) -> bool:
    account = sheet.judge.account
    if (form.name.data or "").strip() != account.name:
        form.refuse(
            sentence("Type your name exactly as it stands here: %(name)s", name=account.name), field="name"
        )
        return False
    with transaction():
        fits = confirm_password(
            account,
            password=form.password.data or "",
            address=request.remote_addr or "",
            by=actor(),
            at=clock.now(),
        )
    if not fits:
        form.refuse(sentence("The password is not right. Type it again."), field="password")
    return fits


def has_pin(sheet: Sheet) -> bool:
    """Whether the judge has a login card of this event, whose PIN signs."""
    return False
