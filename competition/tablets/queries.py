"""Read devices and login cards."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.audit.models import AuditEntry
from competition.competitions.models import Competition, Event
from competition.competitions.queries import event_for
from competition.database import connection, session
from competition.errors import NotFound, Refused
from competition.organisations.models import Organisation
from competition.panels.models import Judge, Seat
from competition.rules.access import Actor, Grant, Permission, Role, Scope, ScopeKind
from competition.rules.sentences import sentence
from competition.tablets.facts import HandedOver
from competition.tablets.models import Device, DeviceKind, LoginCard
from competition.tablets.signatures import signature_holds


def device_by_id(event_id: UUID, device_id: UUID) -> Device | None:
    """A device of the event, whosever it is and whether or not it may still send."""
    found: Device | None = session.get(Device, (event_id, device_id))
    return found


def devices_by_id(event_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Device]:
    """Devices of the event by their ids."""
    rows = session.scalars(select(Device).where(Device.event_id == event_id, Device.id.in_(list(ids))))
    return {device.id: device for device in rows}


def own_device(actor: Actor, event: Event, device_id: UUID) -> Device:
    """The person's own device that may send. Raises Refused for anybody else's, for none, and for a revoked one."""
    device = device_by_id(event.id, device_id)
    if device is None or device.account_id != actor.account_id:
        raise not_yours()
    if device.revoked_at is not None:
        raise revoked()
    return device


def refuse_forged(public_key: str | None, signature: str, body: bytes) -> None:
    """Raise Refused unless these bytes were signed with a device's key; a device without a key signs nothing."""
    if public_key is not None and not signature_holds(public_key, signature, body):
        raise Refused(
            sentence("These marks do not carry the signature of this device, so none of them was used."),
            next_step=sentence("Call the technician; the marks stay on the device."),
            code="signature-invalid",
        )


def refuse_unbound(public_key: str | None) -> None:
    """Raise Refused for a device without a key: nothing says that it is the one it claims to be."""
    if public_key is None:
        raise Refused(
            sentence("This device has no key of its own, so nobody can tell whose marks these are."),
            next_step=sentence("Sign in again, or make the emergency file."),
            code="not-bound",
        )


def not_yours() -> Refused:
    """The refusal for a device that is not the sender's."""
    return Refused(
        sentence("This device does not belong to your account in this event."), code="not-your-device"
    )


def revoked() -> Refused:
    """The refusal for a device that was turned off."""
    return Refused(
        sentence("This device was turned off, so it sends no marks any more."),
        next_step=sentence("Ask the chief judge; what is on the device is kept for them."),
        code="device-revoked",
    )


def device_with_key(actor: Actor, event: Event, public_key: str) -> Device | None:
    """The person's own device that holds this key, so that a registration whose answer was lost makes no second one."""
    found: Device | None = session.scalar(
        select(Device)
        .where(
            Device.event_id == event.id,
            Device.account_id == actor.account_id,
            Device.public_key == public_key,
        )
        .order_by(Device.registered_at, Device.id)
        .limit(1)
    )
    return found


def device_to_revoke(actor: Actor, event_id: UUID, device_id: UUID) -> Device:
    """Any tablet of the event, for who may turn it off; else NotFound."""
    event_for(actor, event_id, Permission.TABLETS_DEVICE_REVOKE)
    device = device_by_id(event_id, device_id)
    if device is None:
        raise NotFound()
    return device


def hand_overs_of(event_id: UUID) -> dict[UUID, HandedOver]:
    """The last time each device of the event was left with unsent entries, as the record has it."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.chain == str(event_id), AuditEntry.kind == HandedOver.kind)
        .order_by(AuditEntry.number)
    )
    found = (HandedOver(event_id, entry.subject_id, **entry.payload) for entry in entries)
    return {fact.subject_id: fact for fact in found if fact.subject_id is not None}


def tablets_of(event: Event) -> list[Device]:
    """The tablets of an event, the latest seen first; the desks for paper sheets are none."""
    query = (
        select(Device)
        .where(Device.event_id == event.id, Device.kind == DeviceKind.TABLET)
        .options(joinedload(Device.account))
        .order_by(Device.last_seen_at.desc(), Device.id)
    )
    return list(session.scalars(query))


PRESENT = timedelta(seconds=90)
"""A tablet says every half minute that it is there."""


def also_open(device: Device, at: datetime) -> list[Device]:
    """The other tablets on which the same account has the sheets of the event open now."""
    query = (
        select(Device)
        .where(
            Device.event_id == device.event_id,
            Device.account_id == device.account_id,
            Device.id != device.id,
            Device.kind == DeviceKind.TABLET,
            Device.revoked_at.is_(None),
            Device.last_seen_at > at - PRESENT,
        )
        .order_by(Device.label, Device.id)
    )
    return list(session.scalars(query))


# --- login cards ------------------------------------------------------------------------------------


def token_hash(token: str) -> bytes:
    """The fingerprint under which a card's token is kept: it is random, so that a plain one is enough."""
    return sha256(token.encode()).digest()


def card_with_token(token: str) -> LoginCard | None:
    """The card in force that carries this token, locked until the transaction ends; None for any other."""
    found: LoginCard | None = session.scalar(
        select(LoginCard)
        .where(LoginCard.token_hash == token_hash(token), LoginCard.revoked_at.is_(None))
        .with_for_update(of=LoginCard)
        .execution_options(populate_existing=True)
    )
    return found


def card_of(event_id: UUID, judge_id: UUID) -> LoginCard | None:
    """The judge's card in force for the event."""
    found: LoginCard | None = session.scalar(
        select(LoginCard).where(
            LoginCard.event_id == event_id, LoginCard.judge_id == judge_id, LoginCard.revoked_at.is_(None)
        )
    )
    return found


def cards_of(event: Event) -> dict[UUID, LoginCard]:
    """The cards in force of an event by their judges."""
    rows = session.scalars(
        select(LoginCard).where(LoginCard.event_id == event.id, LoginCard.revoked_at.is_(None))
    )
    return {card.judge_id: card for card in rows}


def card_to_revoke(actor: Actor, event_id: UUID, card_id: UUID) -> LoginCard:
    """A card of the event, for who issues them; else NotFound."""
    event_for(actor, event_id, Permission.TABLETS_CARD_ISSUE)
    card: LoginCard | None = session.get(LoginCard, card_id)
    if card is None or card.event_id != event_id:
        raise NotFound()
    return card


def judges_of(event: Event) -> list[Judge]:
    """Who has a seat in the event now, by name: each of them gets one card, however many seats."""
    holding = select(Seat.judge_id).where(Seat.event_id == event.id, Seat.released_at.is_(None))
    query = (
        select(Judge)
        .join(Judge.account)
        .where(Judge.id.in_(holding))
        .options(joinedload(Judge.account))
        .order_by(Account.name, Judge.id)
    )
    return list(session.scalars(query))


_CARD = (
    select(LoginCard.event_id, Judge.account_id, Event.competition_id, Organisation.path)
    .join(Judge, Judge.id == LoginCard.judge_id)
    .join(Event, Event.id == LoginCard.event_id)
    .join(Competition, Competition.id == Event.competition_id)
    .join(Organisation, Organisation.id == Competition.host_id)
    .where(LoginCard.id == bindparam("card_id"), LoginCard.revoked_at.is_(None))
)


def opened_by_card(person: Actor, card_id: UUID) -> Actor | None:
    """The person as far as the card reaches: a judge of its event, if the person may mark there by any role. None ends it."""
    card = connection().execute(_CARD, {"card_id": card_id}).one_or_none()
    if card is None or card.account_id != person.account_id:
        return None
    scope = Scope(organisation_path=card.path, competition_id=card.competition_id, event_id=card.event_id)
    if not person.may(Permission.SCORING_SHEET_MARK, scope):
        return None
    return Actor(person.account_id, person.name, (Grant(Role.JUDGE, ScopeKind.EVENT, card.event_id),))


def card_reached(account: Account, card: LoginCard) -> bool:
    """Whether the card opens anything for its judge now."""
    return account.disabled_at is None and opened_by_card(actor_of(account), card.id) is not None
