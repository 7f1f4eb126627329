"""What devices send and read: operations in, receipts out. JSON only, never cached. The contract: docs/tablets.md."""

import gzip
import json
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from competition import clock, vault
from competition.accounts.queries import account_for, actor_of
from competition.competitions.queries import event_for
from competition.errors import NotFound
from competition.orm import fingerprint
from competition.panels.queries import judge_of
from competition.rules.access import Permission
from competition.scoring import queries, services
from competition.scoring.forms import (
    MOST_BYTES,
    BatchSent,
    DeviceSent,
    LackingSent,
    PresenceSent,
    RemarkFields,
)
from competition.scoring.models import RemarkKind
from competition.scoring.presenters.tablet import (
    answers_json,
    beside_json,
    desk_json,
    receipt_parts,
    sheets_json,
)
from competition.scoring.queries.batches import known_device, sender_of_batch
from competition.tablets import services as tablets
from competition.tablets.queries import own_device, refuse_forged, refuse_unbound
from competition.tablets.services import Known
from competition.tablets.signatures import KeyUnreadable, canonical_key
from competition.transactions import transaction
from competition.web.access import actor, public, requires
from competition.web.origin import same_origin

Body = TypeVar("Body", bound=BaseModel)

blueprint = Blueprint("scoring_api", __name__, url_prefix="/api/scoring/events/<uuid:event_id>")


@blueprint.get("/desk")
@requires(Permission.SCORING_SHEET_MARK)
def show_desk(event_id: UUID) -> Response:
    """All sheets of the judge in the event, as the server has them."""
    event, judge = event_for(actor(), event_id, Permission.SCORING_SHEET_MARK), judge_of(actor())
    sheets = queries.sheets_for_judge(judge, event) if judge else []
    if judge is None or not sheets:
        raise NotFound()
    plain = desk_json(event, judge, sheets)
    token = generate_csrf()
    tag = fingerprint([plain, cookie.get("csrf_token")])[:32]
    answer = _fresh(**plain, csrf_token=token, server_time=clock.now().isoformat())
    answer.set_etag(tag)
    answer.make_conditional(request)
    return _packed(answer)


@blueprint.post("/devices")
@requires(Permission.SCORING_SHEET_MARK)
def register_device(event_id: UUID) -> Response:
    """A browser asks for the id under which it will send marks; asked again, it learns how far the server has come."""
    body, at = _read(DeviceSent), clock.now()
    key = _key(body.public_key)
    with transaction():
        event = event_for(actor(), event_id, Permission.SCORING_SHEET_MARK)
        device = tablets.register_device(
            event,
            account_for(_account_id()),
            label=body.label,
            public_key=key,
            known=Known(body.device, body.after) if body.device else None,
            build=body.build,
            by=actor(),
            at=at,
        )
        if body.left:
            tablets.note_hand_over(device, **vars(body.left), by=actor(), at=at)
        known = {
            "device": str(device.id),
            "last_sequence": device.last_sequence,
            "bound": device.public_key is not None,
            "receipts": queries.operations_received(event, device.account_id),
            "is_new": device.registered_at == at,
            "beside": beside_json(device, at),
        }
    return _fresh(**known, server_time=at.isoformat())


@blueprint.post("/devices/<uuid:device_id>/presence")
@requires(Permission.SCORING_SHEET_MARK)
def note_presence(event_id: UUID, device_id: UUID) -> Response:
    """A device says how much waits on it, and learns how far the server has come."""
    body, at = _read(PresenceSent), clock.now()
    with transaction():
        event = event_for(actor(), event_id, Permission.SCORING_SHEET_MARK)
        device = own_device(actor(), event, device_id)
        tablets.note_presence(
            device, queue=body.queue, battery=body.battery, build=body.build, by=actor(), at=at
        )
        known = {"last_sequence": device.last_sequence, "beside": beside_json(device, at)}
    return _fresh(**known, server_time=at.isoformat())


@blueprint.post("/devices/<uuid:device_id>/lacking")
@requires(Permission.SCORING_SHEET_MARK)
def note_lacking(event_id: UUID, device_id: UUID) -> Response:
    """A device says which marks it was told are recorded and the server does not have: an older state was put back."""
    body, at = _read(LackingSent), clock.now()
    with transaction():
        event = event_for(actor(), event_id, Permission.SCORING_SHEET_MARK)
        device = own_device(actor(), event, device_id)
        refuse_forged(device.public_key, request.headers.get("X-Device-Signature", ""), request.get_data())
        noted = services.note_lacking(
            event,
            device,
            marks=[one.as_told() for one in body.marks],
            acknowledged=body.acknowledged,
            again=body.again,
            by=actor(),
            at=at,
        )
    return _fresh(noted=noted, server_time=at.isoformat())


@blueprint.post("/operations")
@requires(Permission.SCORING_SHEET_MARK)
def take_operations(event_id: UUID) -> Response:
    """A batch of marks: every operation is answered, and the answers are signed."""
    batch, at, judge = _read(BatchSent), clock.now(), actor()
    with transaction():
        event, device = sender_of_batch(judge, event_id, batch.device)
        refuse_forged(device.public_key, request.headers.get("X-Device-Signature", ""), request.get_data())
        taken = services.take_batch(
            event,
            device,
            operations=[one.as_sent() for one in batch.operations],
            by=judge,
            at=at,
        )
    return _receipt(batch.device, taken, at)


@blueprint.post("/quarantine")
@public
@same_origin
def quarantine_operations(event_id: UUID) -> Response:
    """What a device hands over that may not send any more: believed by the signature of its key alone, and counted nowhere."""
    batch, at = _read(BatchSent), clock.now()
    with transaction():
        device = known_device(event_id, batch.device)
        refuse_unbound(device.public_key)
        refuse_forged(device.public_key, request.headers.get("X-Device-Signature", ""), request.get_data())
        taken = services.quarantine_operations(
            device,
            operations=[one.as_sent() for one in batch.operations],
            by=actor_of(account_for(device.account_id)),
            at=at,
        )
    return _receipt(batch.device, taken, at)


@blueprint.get("/sheets/<uuid:sheet_id>")
@requires(Permission.SCORING_SHEET_MARK)
def show_sheet(event_id: UUID, sheet_id: UUID) -> Response:
    """A sheet as the server has it, for its judge."""
    sheet = queries.sheet_for(actor(), event_id, sheet_id)
    (plain,) = sheets_json(queries.event_of(sheet), [sheet])
    return _fresh(sheet=plain, server_time=clock.now().isoformat(), csrf_token=generate_csrf())


@blueprint.post("/sheets/<uuid:sheet_id>/remarks")
@requires(Permission.SCORING_SHEET_MARK)
def take_remark(event_id: UUID, sheet_id: UUID) -> Response:
    """A note or a photo beside a mark; sent again, the answer is the same."""
    try:
        fields = RemarkFields.model_validate(request.form.to_dict())
    except ValidationError as problem:
        raise BadRequest(str(problem.error_count())) from problem
    photo = request.files.get("photo")
    with transaction():
        sheet = queries.sheet_for(actor(), event_id, sheet_id)
        sent = services.RemarkSent(
            id=fields.id,
            aspect=fields.aspect,
            kind=RemarkKind(fields.kind),
            text=fields.text,
            photo=photo.read() if photo else b"",
            device_time=fields.device_time,
        )
        remark = services.take_remark(sheet, sent, by=actor(), at=clock.now())
        known = {"id": str(remark.id), "at": remark.received_at.isoformat()}
    return _fresh(**known)


def _packed(answer: Response) -> Response:
    """A desk of two hundred sheets is 400 kB of JSON, and 20 kB when packed: a minute or a second in a full hall."""
    answer.headers["Vary"] = "Accept-Encoding"
    if answer.status_code == 200 and request.accept_encodings["gzip"] > 0:
        answer.set_data(gzip.compress(answer.get_data(), 5, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _receipt(device_id: UUID, taken: services.Taken, at: datetime) -> Response:
    """Every operation with its answer, signed by the server: only on this a device lets go of what it sent."""
    parts = receipt_parts(device_id, taken.answers, at)
    return _fresh(
        device=str(device_id),
        answers=answers_json(taken.answers),
        next_sequence=taken.next_sequence,
        server_time=parts[-1],
        receipt=vault.receipt(*parts),
    )


def _account_id() -> UUID:
    account_id = actor().account_id
    assert account_id is not None, "the route asks for a role"
    return account_id


def _key(document: dict[str, Any] | None) -> str | None:
    if document is None:
        return None
    try:
        return canonical_key(json.dumps(document))
    except KeyUnreadable as problem:
        raise BadRequest(str(problem)) from problem


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
