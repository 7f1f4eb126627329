"""Write tablets: register devices and turn them off; make login cards, open them, revoke them."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from competition import tokens, vault
from competition.accounts.models import Account
from competition.accounts.queries import account_for, actor_of
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken, TooMany
from competition.panels.models import Judge
from competition.rules.access import NOBODY, Actor
from competition.rules.numbers import as_typed
from competition.rules.sentences import sentence
from competition.tablets import facts, queries
from competition.tablets.models import Device, DeviceKind, LoginCard


@dataclass(frozen=True)
class Known:
    """What a browser remembers of an earlier registration: the id it had, and the last number it used before its oldest copy."""

    device_id: UUID
    after: int = 0


def register_device(
    event: Event,
    account: Account,
    *,
    label: str,
    by: Actor,
    at: datetime,
    public_key: str | None = None,
    known: Known | None = None,
    build: str = "",
    card_id: UUID | None = None,
    kind: DeviceKind = DeviceKind.TABLET,
) -> Device:
    """Let a browser send operations for one account in one event, under a running sequence of its own.

    Who asks again with the same key, or with the id it had, gets the same device. An id that is not here any more (an older
    backup was restored) is taken over with its running number, so that what the browser still holds can be sent again.
    Raises Refused for the device of another account, for another key than before, and for a revoked device.
    """
    found = queries.device_by_id(event.id, known.device_id) if known else None
    if found is None and public_key is not None:
        found = queries.device_with_key(by, event, public_key)
    if found is not None:
        return _again(found, account, public_key, build)
    device = Device(
        event_id=event.id,
        id=known.device_id if known else tokens.new_id(),
        account_id=account.id,
        kind=kind,
        label=label.strip()[:100] or "–",
        public_key=public_key,
        card_id=card_id,
        build=build,
        last_sequence=known.after if known else 0,
        registered_at=at,
        last_seen_at=at,
    )
    session.add(device)
    session.flush()
    fact = facts.DeviceRegistered(event_id=event.id, subject_id=device.id, label=device.label)
    record(fact, by=by, at=at)
    return device


def desk_for_paper(event: Event, *, by: Actor, at: datetime) -> Device:
    """The one device of an event through which sheets on paper come in; made when the first one does. No browser may send as it."""
    lock(event)
    known = uuid5(event.id, DeviceKind.PAPER)
    found = queries.device_by_id(event.id, known)
    if found is not None:
        return found
    assert by.account_id is not None, "a person counts the first sheet"
    account = account_for(by.account_id)
    return register_device(
        event, account, label="纸质评分表 Paper", known=Known(known), kind=DeviceKind.PAPER, by=by, at=at
    )


def _again(device: Device, account: Account, public_key: str | None, build: str) -> Device:
    if device.account_id != account.id or device.public_key not in (None, public_key):
        raise queries.not_yours()
    if device.revoked_at is not None:
        raise queries.revoked()
    device.public_key = public_key
    device.build = build or device.build
    return device


def note_presence(
    device: Device, *, queue: int, battery: int | None, build: str, by: Actor, at: datetime
) -> None:
    """The device is there: how much waits on it, how full its battery is, which build it runs. No fact: it says it all day."""
    assert by.account_id == device.account_id, "only the own device"
    device.queue_length, device.battery = queue, battery
    device.build = build or device.build
    device.last_seen_at = at


def note_hand_over(
    device: Device, *, supervisor: str, reason: str, left_at: str, by: Actor, at: datetime
) -> None:
    """The judge is back, whom a supervisor had let go while something was not sent: keep who that was, as typed on the tablet.

    Nobody has checked the name. `left_at` is what the tablet's clock said then; told twice, it is kept once.
    """
    fact = facts.HandedOver(device.event_id, device.id, device.label, supervisor, reason, left_at)
    if queries.hand_overs_of(device.event_id).get(device.id) != fact:
        record(fact, by=by, at=at)


def revoke_device(device: Device, *, by: Actor, at: datetime) -> None:
    """Turn a device off: it sends nothing any more. What is on it can only be handed to the chief judge."""
    if device.revoked_at is None:
        device.revoked_at = at
        fact = facts.DeviceRevoked(
            event_id=device.event_id, subject_id=device.id, label=device.label, judge=device.account.name
        )
        record(fact, by=by, at=at)


def allow_device_again(device: Device, *, by: Actor, at: datetime) -> None:
    """Let a device send again that was turned off by mistake."""
    if device.revoked_at is not None:
        device.revoked_at = None
        fact = facts.DeviceAllowedAgain(
            event_id=device.event_id, subject_id=device.id, label=device.label, judge=device.account.name
        )
        record(fact, by=by, at=at)


# --- login cards ------------------------------------------------------------------------------------

TRIES = 5
PAUSE = timedelta(minutes=15)


@dataclass(frozen=True)
class NewCard:
    """A card that was just made, with the secrets that nobody sees again."""

    card: LoginCard
    token: str
    pin: str


def issue_cards(event: Event, judges: Sequence[Judge], *, by: Actor, at: datetime) -> list[NewCard]:
    """A new card for each of these judges; the ones they had open nothing any more, and their sessions end.

    Raises RuleBroken for somebody without a seat in the event.
    """
    seated = {judge.id for judge in queries.judges_of(event)}
    if not judges or any(judge.id not in seated for judge in judges):
        raise RuleBroken(
            sentence("Cards are for judges who have a seat in this event. Give them their seats first.")
        )
    held = queries.cards_of(event)
    made = []
    for judge in judges:
        if judge.id in held:
            held[judge.id].revoked_at = at
            session.flush()
        token, pin = tokens.new_card_token(), tokens.new_pin()
        card = LoginCard(
            id=tokens.new_id(),
            event_id=event.id,
            judge=judge,
            token_hash=queries.token_hash(token),
            issued_at=at,
            issued_by=by.account_id,
            failures=0,
        )
        card.pin_hash = _pin_hash(card.id, pin)
        session.add(card)
        fact = facts.CardIssued(event_id=event.id, subject_id=card.id, judge=judge.account.name)
        record(fact, by=by, at=at)
        made.append(NewCard(card, token, pin))
    return made


def open_card(*, token: str, pin: str, at: datetime) -> LoginCard | None:
    """The card, when token and PIN fit and its judge may mark; else None. A failure is written down: the caller commits either way.

    Raises TooMany while the card is locked.
    """
    card = queries.card_with_token(token)
    if card is None or not _pin_fits(card, pin, at=at):
        return None
    account = card.judge.account
    if not queries.card_reached(account, card):
        return None
    card.last_used_at = at
    record(facts.CardUsed(event_id=card.event_id, subject_id=card.id), by=actor_of(account), at=at)
    return card


def confirm_pin(card: LoginCard, *, pin: str, by: Actor, at: datetime) -> bool:
    """Whether the judge at the tablet knows the card's PIN: asked again before signing. Failures count as in `open_card`."""
    lock(card)
    return card.revoked_at is None and card.judge.account_id == by.account_id and _pin_fits(card, pin, at=at)


def revoke_card(card: LoginCard, *, by: Actor, at: datetime) -> None:
    """The card opens nothing any more, and sessions that it opened end with their next request."""
    if card.revoked_at is None:
        card.revoked_at = at
        fact = facts.CardRevoked(event_id=card.event_id, subject_id=card.id, judge=card.judge.account.name)
        record(fact, by=by, at=at)


def _pin_fits(card: LoginCard, pin: str, *, at: datetime) -> bool:
    if card.locked_until is not None and at < card.locked_until:
        wait = int((card.locked_until - at).total_seconds()) + 1
        raise TooMany(
            sentence(
                "The PIN was wrong too often. Try again in %(minutes)s minutes.", minutes=-(-wait // 60)
            ),
            retry_after=wait,
        )
    if hmac.compare_digest(card.pin_hash, _pin_hash(card.id, pin)):
        card.failures, card.locked_until = 0, None
        return True
    card.failures += 1
    if card.failures >= TRIES:
        card.failures, card.locked_until = 0, at + PAUSE
        minutes = int(PAUSE.total_seconds()) // 60
        fact = facts.CardLocked(
            event_id=card.event_id, subject_id=card.id, judge=card.judge.account.name, minutes=minutes
        )
        record(fact, by=NOBODY, at=at)
    return False


def _pin_hash(card_id: UUID, pin: str) -> bytes:
    """Keyed with the installation's secret: six digits alone are guessed in a moment by who holds a plain fingerprint."""
    return vault.blind_index(f"{card_id}\x00{as_typed(pin)}", place="login_card.pin_hash")
