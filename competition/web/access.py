"""The three marks of a view, and the person who asks.

Every view carries exactly one of `@public`, `@signed_in`, `@requires(permission)`; the application refuses to
start otherwise. The mark asks whether the person's roles may *ever* do this; the queries then ask *where*.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from competition.errors import Refused
from competition.rules.access import NOBODY, Actor, Permission
from competition.rules.sentences import sentence

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed in"


def actor() -> Actor:
    """The person who asks; NOBODY when nobody has signed in."""
    person = current_user._get_current_object()
    return cast(Actor, person.actor) if person.is_authenticated else NOBODY


def public(view: View) -> View:
    """Anybody may ask."""
    return _marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anybody with an account may ask."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return sign_in_first()
        if current_user.is_narrow:
            raise Refused(
                sentence("This session was opened with a login card, and a card opens nothing but marking."),
                next_step=sentence("Sign out, then sign in with user name and password."),
            )
        return current_app.ensure_sync(view)(*args, **kwargs)

    return _marked(cast(View, guarded), SIGNED_IN)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people with a role that carries the permission may ask."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = actor()
            if who.account_id is None:
                return sign_in_first()
            if not who.may_ever(permission):
                raise Refused(
                    sentence("Your account has no role that allows this."),
                    next_step=sentence("Ask your administrator, or sign in with another account."),
                )
            return view(*args, **kwargs)

        return _marked(cast(View, guarded), permission)

    return mark


def sign_in_first() -> Response | tuple[dict[str, str], int]:
    """Send a visitor to the sign-in page and back; a program gets 401."""
    if request.path.startswith("/api/"):
        return {"error": "sign-in-needed"}, 401
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted), 303)


def mark_of(app: Flask, endpoint: str) -> str | None:
    """The mark of an endpoint: PUBLIC, SIGNED_IN or a permission; None when it has none."""
    return getattr(app.view_functions[endpoint], "__access__", None)


def refuse_unmarked_routes(app: Flask) -> None:
    """Raise unless every endpoint carries a mark; called last by create_app."""
    unmarked = sorted(endpoint for endpoint in app.view_functions if mark_of(app, endpoint) is None)
    if unmarked:
        raise RuntimeError("These routes have no access mark: " + ", ".join(unmarked))


def _marked(view: View, mark: str) -> View:
    view.__access__ = mark  # type: ignore[attr-defined]
    return view
