"""Works the rows: in a thread beside the web server (`start`), or here and now (`run_due`)."""

import atexit
import os
import threading
from datetime import timedelta

import structlog
from flask import Flask

from competition import clock
from competition.errors import Problem, RuleBroken
from competition.jobs import bell, queries
from competition.jobs.registry import Kind, kind_of
from competition.jobs.run import Interrupted, Run, TookTooLong
from competition.jobs.services import leases
from competition.rules.sentences import Sentence, sentence
from competition.transactions import abandon, transaction

log = structlog.get_logger()

LOOK_EVERY = 1.0
"""Seconds between two looks for work that another process queued, or whose lease ran out."""

UNEXPECTED = sentence(
    "Something went wrong inside the program (%(what)s). The technician finds it in the log."
)
TOO_LONG = sentence("The work took longer than the %(seconds)s seconds it may take.")
UNKNOWN = sentence("This release of the program does not know this kind of work.")

_stopping = threading.Event()
_thread: threading.Thread | None = None
_process: int | None = None


def start(app: Flask) -> None:
    """Start the embedded runner of this process. Call it after the server has forked: threads do not survive a fork."""
    global _thread, _process
    if _thread is not None and _thread.is_alive() and _process == os.getpid():
        return
    _stopping.clear()
    _thread = threading.Thread(target=_look_and_work, args=(app,), name="operations", daemon=True)
    _process = os.getpid()
    _thread.start()
    atexit.register(stop)


def stop() -> None:
    """Stop the embedded runner: the step under way is finished, the rest goes back into the queue."""
    _stopping.set()
    bell.ring()
    if _thread is not None and _process == os.getpid():
        _thread.join(timeout=10)


def run_due(app: Flask, *, lease: timedelta = leases.LEASE) -> int:
    """Do everything that is due now, in this thread; how many operations were worked."""
    worked = 0
    while not _is_stopping_here() and _work_one(app, lease):
        worked += 1
    return worked


def _look_and_work(app: Flask) -> None:
    while not _stopping.is_set():
        try:
            run_due(app)
        except Exception:
            log.exception("runner")  # the database is away, say; look again
        bell.wait(LOOK_EVERY)


def _is_stopping_here() -> bool:
    return threading.current_thread() is _thread and _stopping.is_set()


def _work_one(app: Flask, lease: timedelta) -> bool:
    with app.app_context():
        if not queries.is_anything_due(clock.now()):
            return False
        with transaction():
            claim = leases.claim(at=clock.now(), lease=lease)
        if claim is None:
            return False
        try:
            _attempt(claim, lease)
        except leases.LeaseLost:
            abandon()
            log.warning("lease lost", operation=str(claim.operation_id), kind=claim.kind)
        return True


def _attempt(claim: leases.Claim, lease: timedelta) -> None:
    kind = kind_of(claim.kind)
    if kind is None:
        _fail(claim, UNKNOWN)
        return
    until = clock.now() + timedelta(seconds=kind.seconds)
    run = Run(claim, until=until, lease=lease, is_stopping=_is_stopping_here)
    try:
        kind.handler(run)
        if not run.is_settled:
            run.finish()
    except leases.LeaseLost:
        raise
    except Interrupted:
        abandon()
        with transaction():
            leases.put_back(claim, because=None, at=clock.now())
    except TookTooLong:
        _fail(claim, Sentence(TOO_LONG.text, {"seconds": kind.seconds}))
    except Problem as problem:
        # A rule that says no today says no a minute later: no further attempts, people decide.
        reasons = problem.sentences if isinstance(problem, RuleBroken) else (problem.sentence,)
        _fail(claim, *reasons, *filter(None, [problem.next_step]))
    except Exception as problem:
        _unexpected(claim, kind, problem)


def _unexpected(claim: leases.Claim, kind: Kind, problem: Exception) -> None:
    log.exception("operation", operation=str(claim.operation_id), kind=kind.name, attempt=claim.attempts)
    because = Sentence(UNEXPECTED.text, {"what": type(problem).__name__})
    if claim.attempts >= claim.max_attempts:
        _fail(claim, because)
        return
    abandon()
    with transaction():
        leases.put_back(claim, because=because, at=clock.now())


def _fail(claim: leases.Claim, *because: Sentence) -> None:
    abandon()
    with transaction():
        leases.fail(claim, *because, at=clock.now())
