"""What is done to a server before it serves: each function is given the application, in the server's own process."""

import os
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask, has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from competition.database import db
from tests.faults import disk


def _kill() -> None:
    """kill -9 of the own process group: arbiter and worker."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


class _Count:
    """Counts to a number, then kills."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def one(self) -> None:
        self.left -= 1
        if self.left == 0:
            _kill()


def _is_batch() -> bool:
    return has_request_context() and request.path.endswith("/operations")


def die_before_commit(_app: Flask, *, nth: int = 1) -> None:
    """Killed when the Nth batch is about to be committed."""
    count = _Count(nth)

    @event.listens_for(db.engine, "commit")
    def _commit(_connection: object) -> None:
        if _is_batch():
            count.one()


def die_after_commit(_app: Flask, *, nth: int = 1) -> None:
    """Killed when the Nth batch was committed and nothing was answered yet."""
    count = _Count(nth)

    @event.listens_for(Session, "after_commit")
    def _committed(_session: object) -> None:
        if _is_batch():
            count.one()


def die_at_statement(_app: Flask, *, nth: int) -> None:
    """Killed when the Nth statement is about to be sent to the database."""
    count = _Count(nth)

    @event.listens_for(db.engine, "before_cursor_execute")
    def _statement(*_about: object) -> None:
        count.one()


def die_at_write(_app: Flask, *, nth: int) -> None:
    """Killed at the Nth write or sync of the database's files."""
    disk.mounted().watch(die=nth)


def count_statements(_app: Flask, *, into: str) -> None:
    """Write down how many statements there were, when the work is done."""
    state = {"n": 0}

    @event.listens_for(db.engine, "before_cursor_execute")
    def _statement(*_about: object) -> None:
        state["n"] += 1
        Path(into).write_text(str(state["n"]))


def clock_of(app: Flask, *, file: str) -> None:
    """The server's clock is off by as many hours as the file says, and jumps when it says something else."""
    real = datetime.now().astimezone()
    began = time.monotonic()
    now: dict[str, Any] = {"hours": None, "traveller": None}

    @app.before_request
    def _jump() -> None:
        hours = float(Path(file).read_text())
        if hours != now["hours"]:
            if now["traveller"] is not None:
                now["traveller"].stop()
            moment = real + timedelta(hours=hours, seconds=time.monotonic() - began)
            now["hours"], now["traveller"] = hours, time_machine.travel(moment, tick=True)
            now["traveller"].start()


def dawdle(app: Flask, *, file: str) -> None:
    """Batches are answered as many seconds late as the file says, after the work was done."""

    @app.after_request
    def _slow(answer: Any) -> Any:
        if _is_batch():
            time.sleep(float(Path(file).read_text()))
        return answer
