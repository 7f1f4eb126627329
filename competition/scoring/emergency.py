"""What the page for emergency files reads: the text out of a form, the operations out of a file that was opened."""

from pydantic import ValidationError

from competition.errors import RuleBroken
from competition.rules.sentences import sentence
from competition.scoring.forms import EmergencyContent, EmergencyForm
from competition.scoring.queries.emergency import MOST, EmergencyFile
from competition.scoring.services import Sent


def text_of(form: EmergencyForm) -> str:
    """What was uploaded, or else what was typed. Raises RuleBroken for neither, and for a file that is no text."""
    uploaded = form.file.data.read(MOST + 1) if form.file.data else b""
    try:
        text = uploaded.decode("utf-8-sig") if uploaded else (form.text.data or "")
    except UnicodeDecodeError as problem:
        raise RuleBroken(sentence("This file is not text, so it is no emergency file.")) from problem
    if not text.strip():
        raise RuleBroken(sentence("Choose the file, or put the text of the QR codes into the field."))
    return text


def operations_in(file: EmergencyFile) -> list[Sent]:
    """The operations of an opened file, each exactly as agreed. Raises RuleBroken otherwise: nothing of it is used."""
    try:
        content = EmergencyContent.model_validate_json(file.content)
    except ValidationError as problem:
        raise RuleBroken(
            sentence(
                "The file opens, but its entries are not as agreed (%(count)s problems).",
                count=problem.error_count(),
            ),
            next_step=sentence("Call the technician; the tablet still holds the entries."),
        ) from problem
    return [one.as_sent() for one in content.operations]
