"""Signing in with a login card from the script of the sheet, without leaving it."""

from flask import Blueprint, Response, jsonify, request, url_for
from flask_wtf.csrf import generate_csrf
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from competition.errors import Refused
from competition.rules.sentences import sentence
from competition.tablets.forms import CardSent
from competition.tablets.sessions import begin_card_session
from competition.web.access import public
from competition.web.origin import same_origin

blueprint = Blueprint("tablets_api", __name__, url_prefix="/api/tablets")


@blueprint.post("/sessions")
@public
@same_origin
def begin_session() -> Response:
    """A card and its PIN open a session that marks in one event."""
    try:
        sent = CardSent.model_validate_json(request.get_data(cache=True))
    except ValidationError as problem:
        raise BadRequest(str(problem.error_count())) from problem
    card = begin_card_session(token=sent.token, pin=sent.pin)
    if card is None:
        raise Refused(
            sentence("Card and PIN do not fit together, or the card is not valid any more."),
            next_step=sentence("Check the PIN; for a new card, ask the organiser."),
            code="card-refused",
        )
    answer = jsonify(
        account=str(card.judge.account_id),
        event=str(card.event_id),
        desk=url_for("scoring.show_desk", event_id=card.event_id),
        csrf_token=generate_csrf(),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
