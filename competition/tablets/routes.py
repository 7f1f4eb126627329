"""Pages of tablets: the devices of an event as they stand now, the login cards, and the page that a card opens."""

from uuid import UUID

from flask import Blueprint, Response, current_app, flash
from werkzeug.wrappers import Response as Redirect

from competition import clock
from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.names import name_with_competition
from competition.competitions.queries import event_for, scope_of_event
from competition.errors import RuleBroken, TooMany
from competition.panels.queries import judge_by_id
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.tablets import documents, presenters, queries, services
from competition.tablets.forms import CardForm, CardsForm
from competition.tablets.models import LoginCard
from competition.tablets.sessions import begin_card_session
from competition.transactions import transaction
from competition.web.access import actor, public, requires
from competition.web.errors import constraint_says
from competition.web.language import say
from competition.web.origin import same_origin
from competition.web.templating import page, see_other

blueprint = Blueprint("tablets", __name__)

ISSUE = Permission.TABLETS_CARD_ISSUE
REVOKE = Permission.TABLETS_DEVICE_REVOKE

event_links.offer(
    sentence("Tablets"),
    "tablets.show_tablets",
    REVOKE,
    {EventState.DRAWN, EventState.SCORING, EventState.SCORED},
    step=Step.SCORING,
    order=38,
)
constraint_says(
    "uq_login_card_event_id_judge_id",
    sentence("Somebody else printed a card for this judge a moment ago. Look again."),
)


# --- the judge: a card and a PIN --------------------------------------------------------------------


@blueprint.get("/tablet")
@public
def show_card_form() -> Response:
    """The page behind the code of a login card. The token is in the fragment: only the page's script sees it, and sends it with the PIN."""
    return page("tablets/card.html", form=CardForm())


@blueprint.post("/tablet")
@public
@same_origin
def open_with_card() -> Response | Redirect:
    """A card and its PIN open the sheets of its event, and nothing else."""
    form = CardForm()
    if form.validate_on_submit():
        card = _opened(form)
        if card is not None:
            return see_other("scoring.show_desk", event_id=card.event_id)
    return page("tablets/card.html", form=form)


def _opened(form: CardForm) -> LoginCard | None:
    if not form.token.data:
        form.refuse(sentence("Scan the code on your card again: this page was opened without it."))
        return None
    try:
        card = begin_card_session(token=form.token.data, pin=form.pin.data or "")
    except TooMany as too_often:
        form.refuse(too_often.sentence)
        return None
    if card is None:
        form.refuse(
            sentence(
                "Card and PIN do not fit together, or the card is not valid any more. Check the PIN; for a new card,"
                " ask the organiser."
            )
        )
    return card


# --- the organiser and the chief judge ----------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/tablets")
@requires(REVOKE)
def show_tablets(event_id: UUID) -> Response:
    """Every tablet with its state, and the login cards."""
    event, at = event_for(actor(), event_id, REVOKE), clock.now()
    return page(
        "tablets/tablets.html",
        event=event,
        rows=presenters.tablets_of(event, at),
        cards=presenters.cards_of(event, at),
        may_issue=actor().may(ISSUE, scope_of_event(event)),
    )


@blueprint.post("/events/<uuid:event_id>/tablets/cards")
@requires(ISSUE)
def print_cards(event_id: UUID) -> Response | Redirect:
    """New cards as a file to print; it is made once and kept nowhere."""
    event, form = event_for(actor(), event_id, ISSUE), CardsForm()
    if not form.validate_on_submit():
        return see_other("tablets.show_tablets", event_id=event_id)
    with transaction():
        rows = presenters.cards_of(event, clock.now())
        without = [row.judge for row in rows if row.card is None]
        judges = [judge_by_id(form.judge_id)] if form.judge_id else without
        if rows and not judges:
            raise RuleBroken(sentence("Every judge of this event has a card. Print new ones one by one."))
        made = services.issue_cards(event, judges, by=actor(), at=clock.now())
        base = str(current_app.config["SETTINGS"].base_url)
        file = documents.cards_pdf(name_with_competition(event), made, base_url=base)
    answer = Response(file, mimetype="application/pdf")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = 'attachment; filename="login-cards.pdf"'
    return answer


@blueprint.post("/events/<uuid:event_id>/tablets/cards/<uuid:card_id>/revocation")
@requires(ISSUE)
def revoke_card(event_id: UUID, card_id: UUID) -> Redirect:
    """A card was lost."""
    with transaction():
        card = queries.card_to_revoke(actor(), event_id, card_id)
        services.revoke_card(card, by=actor(), at=clock.now())
        flash(say(sentence("The card opens nothing any more.")), "success")
    return see_other("tablets.show_tablets", event_id=event_id)


@blueprint.post("/events/<uuid:event_id>/tablets/<uuid:device_id>/revocation")
@requires(REVOKE)
def revoke_device(event_id: UUID, device_id: UUID) -> Redirect:
    """Turn a tablet off, in one tap; the way back stands beside it."""
    with transaction():
        device = queries.device_to_revoke(actor(), event_id, device_id)
        services.revoke_device(device, by=actor(), at=clock.now())
        flash(say(sentence("The tablet %(label)s is turned off.", label=device.label)), "success")
    return see_other("tablets.show_tablets", event_id=event_id)


@blueprint.post("/events/<uuid:event_id>/tablets/<uuid:device_id>/permission")
@requires(REVOKE)
def allow_device_again(event_id: UUID, device_id: UUID) -> Redirect:
    """Turn it on again."""
    with transaction():
        device = queries.device_to_revoke(actor(), event_id, device_id)
        services.allow_device_again(device, by=actor(), at=clock.now())
        flash(say(sentence("The tablet %(label)s may send marks again.", label=device.label)), "success")
    return see_other("tablets.show_tablets", event_id=event_id)
