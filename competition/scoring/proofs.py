"""How the pages ask a judge to prove who signs: the PIN of the login card, a drawn name, or the typed name and the password."""

from competition import clock
from competition.accounts.reauthentication import knows_password
from competition.errors import TooMany
from competition.rules.sentences import sentence
from competition.scoring.forms import JudgeSignForm
from competition.scoring.models import Sheet
from competition.scoring.queries.signing import DRAWN, PASSWORD, PIN, drawing_problem
from competition.scoring.services import Proof
from competition.tablets.queries import card_of
from competition.tablets.services import confirm_pin
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
    return Proof(PIN) if _knows_pin(form, sheet) else None


def _knows_pin(form: JudgeSignForm, sheet: Sheet) -> bool:
    try:
        with transaction():
            card = card_of(sheet.event_id, sheet.judge_id)
            fits = card is not None and confirm_pin(card, pin=form.pin.data or "", by=actor(), at=clock.now())
    except TooMany as too_often:
        form.refuse(too_often.sentence, field="pin")
        return False
    if not fits:
        form.refuse(sentence("The PIN is not right. Type it again."), field="pin")
    return fits


def _knows_password(form: JudgeSignForm, sheet: Sheet) -> bool:
    account = sheet.judge.account
    if (form.name.data or "").strip() != account.name:
        form.refuse(
            sentence("Type your name exactly as it stands here: %(name)s", name=account.name), field="name"
        )
        return False
    return knows_password(form, account.id)


def has_pin(sheet: Sheet) -> bool:
    """Whether the judge has a login card of this event, whose PIN signs."""
    return card_of(sheet.event_id, sheet.judge_id) is not None
