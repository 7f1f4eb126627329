"""The window before the application: who polls a board without a session is answered from what was answered a moment ago.

Thousands look at one board. What the application answered to one of them is right for all who ask the same with the same
cookies, for as long as the shelf takes the version of that board for the present one (a tenth of a second). Whoever
carries a session, and every other address, goes on to the application. Nothing is kept that sets a cookie.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GOOD_UNTIL = "skillsladder.good_until"
"""Where a view says in the request's environment until when, on the monotonic clock, its answer is that of everybody."""
MOST_ANSWERS = 500
_BOARDS = re.compile(r"/events/[0-9a-f-]{36}/board(/screen|/teams|\.json)?")
_OF_A_PERSON = re.compile(r"(^|[ ;])(__Host-)?(session|remember_token)=")
_QUESTION = ("PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_HOST", "wsgi.url_scheme")
_OF_THE_BODY = {"content-type", "content-length"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: the page, and the word that the visitor has it already."""

    good_until: float
    tag: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def of_the_old(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() not in _OF_THE_BODY]


class Window:
    """WSGI around WSGI. One for each process, shared by its threads: a lost race costs one more answer of the application."""

    def __init__(self, inside: "WSGIApplication", clock: Callable[[], float] = time.monotonic) -> None:
        self._inside = inside
        self._clock = clock
        self._answers: dict[tuple[str, ...], Answer] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not _may_be_shared(environ):
            return self._inside(environ, start_response)
        question = tuple(environ.get(name, "") for name in _QUESTION)
        answer = self._answers.get(question)
        if answer is None or self._clock() >= answer.good_until:
            return self._ask(question, environ, start_response)
        return _given(answer, environ.get("HTTP_IF_NONE_MATCH", ""), start_response)

    def _ask(
        self, question: tuple[str, ...], environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Let the application answer, in full, and keep it where it says that it may be kept."""
        tags = environ.pop("HTTP_IF_NONE_MATCH", "")
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(
            status: str, headers: list[tuple[str, str]], _trouble: object = None
        ) -> Callable[[bytes], object]:
            said.append((status, headers))
            return lambda _more: None

        chunks = self._inside(environ, listen)
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = said[-1]
        names = {name.lower(): value for name, value in headers}
        if GOOD_UNTIL not in environ or status != "200 OK" or "etag" not in names or "set-cookie" in names:
            start_response(status, headers)
            return [body]
        answer = Answer(environ[GOOD_UNTIL], names["etag"], headers, body)
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        self._answers[question] = answer
        return _given(answer, tags, start_response)


def _may_be_shared(environ: "WSGIEnvironment") -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and _BOARDS.fullmatch(environ["PATH_INFO"]) is not None
        and not _OF_A_PERSON.search(environ.get("HTTP_COOKIE", ""))
    )


def _given(answer: Answer, tags: str, start_response: "StartResponse") -> Iterable[bytes]:
    if answer.tag in tags:
        start_response("304 NOT MODIFIED", answer.of_the_old)
        return []
    start_response("200 OK", answer.headers)
    return [answer.body]
