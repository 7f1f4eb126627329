"""A first password on its way to the page that shows it once: sealed in the session, never in an address or a log."""

from base64 import b64decode, b64encode
from uuid import UUID

from flask import session as cookie

from competition import vault

_KEPT = "first_password"
_PLACE = "session.first_password"


def keep_for_next_page(account_id: UUID, password: str) -> None:
    """Carry the password to the next page of this session."""
    cookie[_KEPT] = b64encode(vault.seal(f"{account_id} {password}", place=_PLACE)).decode()


def take(account_id: UUID) -> str | None:
    """The password, once; None when it was shown already or belongs to another account."""
    sealed = cookie.pop(_KEPT, None)
    if sealed is None:
        return None
    kept_for, _, password = vault.unseal(b64decode(sealed), place=_PLACE).partition(" ")
    return password if kept_for == str(account_id) else None
