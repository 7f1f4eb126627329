"""kill -9 in mid-job: another runner goes on, with no gap and no duplicate."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from competition.accounts.services import system_actor
from competition.database import session
from competition.jobs import registry, runner, services
from competition.jobs.models import Operation
from competition.jobs.run import Run
from competition.rules.sentences import sentence
from competition.settings import Settings
from competition.transactions import transaction
from tests.conftest import NOON

LEASE = timedelta(seconds=1)
WORKER = """
import json, sys
from datetime import timedelta
from pathlib import Path
from competition.app import create_app
from competition.jobs import runner
from competition.settings import Mode, Settings
from competition.vault import Keyring
from tests.services.test_jobs_killed_worker import hundred_rows
given = json.loads(sys.stdin.read())
app = create_app(Settings(mode=Mode.TEST, instance=Path(given["instance"]), database_url=given["database"],
                          base_url="http://127.0.0.1", keyring=Keyring.from_json(given["keys"])))
with hundred_rows(rests_at=20):
    runner.run_due(app, lease=timedelta(seconds=1))
"""


class hundred_rows:
    """A kind of work that writes the rows 0 to 99 into a table, one per step, skipping those that are there.

    It may rest at a row, so that whoever wants to kill it in the middle need not be quick.
    """

    def __init__(self, rests_at: int | None = None) -> None:
        self.rests_at = rests_at

    def work(self, run: Run) -> None:
        there = set(session.scalars(text("SELECT number FROM written")))
        run.expect(100, done=len(there))
        for number in sorted(set(range(100)) - there):
            with run.step():
                session.execute(
                    text("INSERT INTO written VALUES (:n, :by)"), {"n": number, "by": os.getpid()}
                )
            if number == self.rests_at:
                time.sleep(600)

    def __enter__(self) -> None:
        registry.operation_kind("test.hundred", title=sentence("Work"), seconds=60)(self.work)

    def __exit__(self, *_: object) -> None:
        del registry._kinds["test.hundred"]


def test_a_killed_worker_is_succeeded_without_gap_or_duplicate(app: Flask, database_url: str) -> None:
    with transaction():
        session.execute(text("CREATE TABLE written (number INTEGER, by INTEGER)"))
        operation = services.queue_operation(
            "test.hundred", args={}, idempotency_key="one", by=system_actor(), at=NOON
        )
        operation_id = operation.id
    settings: Settings = app.config["SETTINGS"]
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    given = {
        "instance": str(settings.instance),
        "database": database_url,
        "keys": settings.keyring.as_json(),
    }
    assert worker.stdin is not None
    worker.stdin.write(json.dumps(given).encode())
    worker.stdin.close()
    _wait_until(lambda: _written() >= 10)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert 10 <= _written() < 100
    with hundred_rows():
        _wait_until(lambda: runner.run_due(app, lease=LEASE) > 0)
    session.rollback()
    numbers = list(session.scalars(text("SELECT number FROM written ORDER BY number")))
    operation = session.get(Operation, operation_id)
    assert numbers == list(range(100))
    assert (operation.state, operation.done, operation.attempts) == ("done", 100, 2)


def _written() -> int:
    session.rollback()
    count = session.scalar(text("SELECT count(*) FROM written"))
    session.rollback()
    return int(count)


def _wait_until(answer) -> None:
    until = time.monotonic() + 180
    while not answer():
        assert time.monotonic() < until, "waited three minutes in vain"
        time.sleep(0.05)
