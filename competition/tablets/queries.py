"""Read devices and login cards."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.errors import Refused
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.tablets.models import Device
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
