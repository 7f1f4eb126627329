"""One page design for everything that can go wrong; programs (paths under /api/) get the same words as JSON."""

from typing import Any

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from competition import disk
from competition.errors import Conflict, Problem, RuleBroken, TooMany
from competition.rules.sentences import Sentence, sentence
from competition.transactions import abandon, note_trouble
from competition.web.language import say

log = structlog.get_logger()

TITLES: dict[int, Sentence] = {
    400: sentence("The request cannot be read"),
    403: sentence("Not allowed"),
    404: sentence("Nothing here"),
    405: sentence("Not done this way"),
    409: sentence("Somebody else was faster"),
    413: sentence("Too large"),
    422: sentence("Not possible like this"),
    429: sentence("Too often"),
    500: sentence("Our mistake"),
    503: sentence("Busy for a moment"),
    507: sentence("No room left"),
}
WORDS: dict[int, tuple[Sentence, Sentence]] = {
    400: (
        sentence("The request was damaged or incomplete, so nothing was changed."),
        sentence("Go back, reload the page and try again."),
    ),
    403: (
        sentence("Your account may not do this."),
        sentence("Ask your administrator, or sign in with another account."),
    ),
    404: (
        sentence("There is nothing at this address."),
        sentence("Check the address, or start from the home page."),
    ),
    405: (
        sentence("This address cannot be used in this way."),
        sentence("Start from the home page."),
    ),
    409: (
        sentence("What you saw has changed since. Nothing of yours was kept, nothing of theirs was lost."),
        sentence("Go back, reload the page and look at the new state before you try again."),
    ),
    413: (
        sentence("What you sent is larger than %(limit)s MB, so it was not read."),
        sentence("Send a smaller file, or split it."),
    ),
    422: (
        sentence("The rules or the present state do not allow this."),
        sentence("Go back and look at the reasons."),
    ),
    429: (
        sentence("There were too many tries in a short time."),
        sentence("Wait a moment and try again."),
    ),
    503: (
        sentence("Another large piece of work is being written down, so nothing of yours was changed."),
        sentence("Try again in half a minute."),
    ),
    507: disk.SENTENCES[disk.Trouble.FULL],
    500: (
        sentence("Something went wrong here. What was not confirmed was not kept."),
        sentence(
            "Try again; if it happens again, tell the technician the time and this number: %(reference)s"
        ),
    ),
}

CONSTRAINTS: dict[str, Sentence] = {}
"""Sentences for unique constraints by name; the rooms add theirs with `constraint_says`."""
_WAITED = {"55P03", "57014", "40P01"}
"""PostgreSQL: a row was not free in time, a statement took too long, two waited for each other."""


def constraint_says(name: str, words: Sentence) -> None:
    """Tell what it means to a person when a unique constraint refuses a row."""
    CONSTRAINTS[name] = words


def init_errors(app: Flask) -> None:
    limit = (app.config["MAX_CONTENT_LENGTH"] or 0) // (1024 * 1024)

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        abandon()
        others = error.sentences[1:] if isinstance(error, RuleBroken) else ()
        answer = error_page(error.status, error.sentence, error.next_step, others=others, conflict=error)
        if isinstance(error, TooMany):
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Response:
        return error_page(
            400,
            sentence("This form is too old or was opened in another session, so nothing was changed."),
            sentence("Go back, reload the page and send it again."),
        )

    @app.errorhandler(IntegrityError)
    def constraint(error: IntegrityError) -> Response:
        abandon()
        for name, words in CONSTRAINTS.items():
            if _speaks_of(error, name):
                return error_page(409, words, None)
        log.error("constraint", statement=type(error.orig).__name__)
        return error_page(409, None, None)

    @app.errorhandler(DBAPIError)
    def busy(error: DBAPIError) -> Response:
        """SQLite has one writer, PostgreSQL locks rows; who waited longer than the time-out is told when to come back. So is who met a
        disk that is full or failing, or a database that is away."""
        abandon()
        trouble = disk.trouble_of(error)
        if trouble is not None:
            log.error("database", trouble=trouble.value, error=str(error.orig))
            note_trouble(error)
            answer = error_page(507 if trouble is disk.Trouble.FULL else 503, *disk.SENTENCES[trouble])
        elif "database is locked" in str(error.orig) or getattr(error.orig, "sqlstate", None) in _WAITED:
            answer = error_page(503, None, None)
        else:
            return unexpected(error)
        answer.headers["Retry-After"] = "30"
        return answer

    @app.errorhandler(StaleDataError)
    def stale_row(_error: StaleDataError) -> Response:
        abandon()
        return error_page(409, None, None)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = error.code or 500
        if code < 400:
            return make_response(error.get_response())
        words = sentence(
            "What you sent is larger than %(limit)s MB, so it was not read.",
            limit=limit,
        )
        answer = error_page(code, words if code == 413 else None, None)
        if error.get_response().headers.get("Allow"):
            answer.headers["Allow"] = error.get_response().headers["Allow"]
        return answer

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        abandon()
        reference = request.headers.get("X-Request-Id") or f"{id(error):x}"
        log.exception("unexpected", reference=reference, endpoint=request.endpoint)
        if app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        next_step = sentence(
            "Try again; if it happens again, tell the technician the time and this number: %(reference)s",
            reference=reference,
        )
        return error_page(500, None, next_step)


def error_page(
    status: int,
    because: Sentence | None,
    next_step: Sentence | None,
    *,
    others: tuple[Sentence, ...] = (),
    conflict: Exception | None = None,
) -> Response:
    """The one page, or its JSON, for a status."""
    known = status if status in TITLES else (400 if status < 500 else 500)
    because = because or WORDS[known][0]
    next_step = next_step or WORDS[known][1]
    if request.path.startswith("/api/"):
        body: dict[str, Any] = {
            "error": say(because),
            "next": say(next_step),
            "status": status,
        }
        if isinstance(conflict, Problem) and conflict.code:
            body["code"] = conflict.code
        return make_response(body, status)
    theirs, yours = (conflict.theirs, conflict.yours) if isinstance(conflict, Conflict) else (None, None)
    page = render_template(
        "errors/error.html",
        status=status,
        title=TITLES[known],
        sentence=because,
        others=others,
        next_step=next_step,
        theirs=theirs,
        yours=yours,
    )
    return make_response(page, status)


def _speaks_of(error: IntegrityError, constraint: str) -> bool:
    """PostgreSQL names the constraint; SQLite names its columns, which our naming convention turns into the name."""
    text = str(error.orig)
    if constraint in text:
        return True
    columns = text.rpartition("UNIQUE constraint failed: ")[2].split(", ")
    table = columns[0].partition(".")[0]
    return "uq_" + "_".join([table, *(column.partition(".")[2] for column in columns)]) == constraint
