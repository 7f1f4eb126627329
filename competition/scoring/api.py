"""What devices send and read: operations in, receipts out. JSON only, never cached."""

from typing import TypeVar
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from competition import clock, vault
from competition.accounts.queries import account_for
from competition.competitions.queries import event_for
from competition.errors import Refused
from competition.rules.access import Permission
from competition.rules.sentences import sentence
from competition.scoring import queries, services
from competition.scoring.forms import MOST_BYTES, BatchSent, DeviceSent
from competition.scoring.presenters.tablet import answer_json, receipt_parts, sheets_json
from competition.transactions import transaction
from competition.web.access import actor, requires

Body = TypeVar("Body", bound=BaseModel)

blueprint = Blueprint("scoring_api", __name__, url_prefix="/api/scoring/events/<uuid:event_id>")


@blueprint.post("/devices")
@requires(Permission.SCORING_SHEET_MARK)
def register_device(event_id: UUID) -> Response:
    """A browser asks for the id under which it will send marks."""
    body = _read(DeviceSent)
    with transaction():
        event = event_for(actor(), event_id, Permission.SCORING_SHEET_MARK)
        account = account_for(_account_id())
        device = services.register_device(event, account, label=body.label, by=actor(), at=clock.now())
        return _fresh(device=str(device.id), last_sequence=device.last_sequence)


@blueprint.post("/operations")
@requires(Permission.SCORING_SHEET_MARK)
def take_operations(event_id: UUID) -> Response:
    """A batch of marks: every operation is answered, and the answers are signed."""
    batch, at = _read(BatchSent), clock.now()
    with transaction():
        event = event_for(actor(), event_id, Permission.SCORING_SHEET_MARK)
        device = queries.device_for(actor(), event, batch.device)
        if device is None:
            raise Refused(sentence("This device does not belong to your account in this event."))
        answers = services.apply_operations(
            device, operations=[one.as_sent() for one in batch.operations], by=actor(), at=at
        )
        parts = receipt_parts(device.id, answers, at)
        expected, said = device.last_sequence + 1, [answer_json(one) for one in answers]
    return _fresh(
        device=str(batch.device),
        answers=said,
        next_sequence=expected,
        server_time=parts[-1],
        receipt=vault.receipt(*parts),
    )


@blueprint.get("/sheets/<uuid:sheet_id>")
@requires(Permission.SCORING_SHEET_MARK)
def show_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """A sheet as the server has it, for its judge."""
    sheet = queries.sheet_for(actor(), event_id, sheet_id)
    (plain,) = sheets_json(queries.event_of(sheet), [sheet])
    return _fresh(sheet=plain, server_time=clock.now().isoformat(), csrf_token=generate_csrf())


def _account_id() -> UUID:
    account_id = actor().account_id
    assert account_id is not None, "the route asks for a role"
    return account_id


def _read(kind: type[Body]) -> Body:
    """The body of the request. Anything that is not exactly as agreed is refused whole, and nothing of it is used."""
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge()
    raw = request.get_data(cache=True)
    if len(raw) > MOST_BYTES:
        raise RequestEntityTooLarge()
    try:
        return kind.model_validate_json(raw)
    except ValidationError as problem:
        raise BadRequest(str(problem.error_count())) from problem


def _fresh(**values: object) -> Response:
    answer = jsonify(values)
    answer.headers["Cache-Control"] = "no-store"
    return answer
