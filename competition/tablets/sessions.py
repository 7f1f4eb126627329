"""A session that a login card opened: it marks in one event, and ends with the card."""

from competition import clock
from competition.accounts.people import begin_narrow_session, sessions_opened_with
from competition.tablets import queries, services
from competition.tablets.models import LoginCard
from competition.transactions import transaction

CARD = "card"

sessions_opened_with(CARD, queries.opened_by_card)


def begin_card_session(*, token: str, pin: str) -> LoginCard | None:
    """Open a session with a card, or None when token and PIN do not fit. Raises TooMany while the card is locked."""
    at = clock.now()
    with transaction():
        card = services.open_card(token=token, pin=pin, at=at)
    if card is not None:
        begin_narrow_session(card.judge.account, CARD, card.id, at)
    return card
