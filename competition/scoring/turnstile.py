"""The turnstile before the marks: of the batches that arrive together, one at a time is taken.

Python computes on one core and SQLite has one writer, so batches that are taken side by side only take turns at every
statement, and each turn costs more than the statement. Bodies are read before: a tablet on a slow line holds up nobody.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 1024 * 1024
"""Larger bodies are refused inside; they are not read here."""
PATIENCE = 5.0
"""Seconds. Whoever has waited so long goes in beside the one who is held up."""
_BATCHES = re.compile(r"/api/scoring/events/[0-9a-f-]{36}/operations")


class Turnstile:
    """WSGI around WSGI, one for each process."""

    def __init__(self, inside: "WSGIApplication") -> None:
        self._inside = inside
        self._turn = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH", "")
        if not _BATCHES.fullmatch(environ["PATH_INFO"]) or not length.isdigit() or int(length) > MOST_BYTES:
            return self._inside(environ, start_response)
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        has_turn = self._turn.acquire(timeout=PATIENCE)
        try:
            return self._inside(environ, start_response)
        finally:
            if has_turn:
                self._turn.release()
