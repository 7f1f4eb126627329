"""A second way to refuse forged requests, for forms that pages without a session carry.

A token against forgery needs a session, and a page for anybody makes none. Where nothing but a preference is at stake,
the browser's own word about where a request comes from is enough (Sec-Fetch-Site, else Origin).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

from competition.errors import Refused
from competition.rules.sentences import sentence

View = TypeVar("View", bound=Callable[..., Any])


def same_origin(view: View) -> View:
    """Take requests from our own pages only, and ask for no token."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not comes_from_here():
            raise Refused(
                sentence("This request came from another site, so nothing was changed."),
                next_step=sentence("Open the page here and choose again."),
            )
        return view(*args, **kwargs)

    guarded.__same_origin__ = True  # type: ignore[attr-defined]
    return cast(View, guarded)


def comes_from_here() -> bool:
    """Whether the browser says that one of our pages sent this request; silence is a no."""
    if fetched := request.headers.get("Sec-Fetch-Site"):
        return fetched == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def exempt_from_tokens(app: Flask, tokens: CSRFProtect) -> None:
    """Tell the token check which views look at the origin instead; called once all routes are known."""
    for view in app.view_functions.values():
        if getattr(view, "__same_origin__", False):
            tokens.exempt(view)
