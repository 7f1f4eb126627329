"""One attempt at long work, as its handler sees it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from competition import clock
from competition.jobs.services import leases
from competition.rules.sentences import Sentence
from competition.transactions import transaction


class Interrupted(Exception):
    """This process is stopping; the work goes back into the queue."""


class TookTooLong(Exception):
    """The attempt has used up the time its kind allows."""


class Run:
    """What a handler is given: the arguments, and `step`, the only way in which it writes.

    for worker in those_without_a_certificate(run.event_id):
        with run.step():
            issue_certificate(…)
    """

    def __init__(
        self,
        claim: leases.Claim,
        *,
        until: datetime,
        lease: timedelta = leases.LEASE,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._claim, self._until, self._lease = claim, until, lease
        self._is_stopping = is_stopping
        self.is_settled = False
        """Whether the handler said how this attempt ended; otherwise the work is done when it returns."""

    @property
    def args(self) -> dict[str, Any]:
        return self._claim.args

    @property
    def operation_id(self) -> UUID:
        return self._claim.operation_id

    @property
    def event_id(self) -> UUID | None:
        return self._claim.event_id

    @property
    def queued_by(self) -> UUID | None:
        """The account that asked for the work."""
        return self._claim.queued_by

    def expect(self, total: int, *, done: int = 0) -> None:
        """Say how much there is to do in all, and how much of it an earlier attempt has done."""
        with transaction():
            leases.expect(self._claim, total=total, done=done)

    @contextmanager
    def step(self, done: int = 1) -> Iterator[datetime]:
        """A transaction that also counts `done` units and extends the lease; gives the moment to write with.

        Raises LeaseLost (before anything is written) when another runner has taken over or a person cancelled.
        """
        at = clock.now()
        if self._is_stopping():
            raise Interrupted
        if at > self._until:
            raise TookTooLong
        with transaction():
            leases.go_on(self._claim, done=done, at=at, lease=self._lease)
            yield at

    def finish(self, result: dict[str, Any] | None = None) -> None:
        """The work is done; `result` is plain JSON without personal data."""
        with transaction():
            leases.finish(self._claim, result=result, at=clock.now())
        self.is_settled = True

    def wait_until(self, moment: datetime, *because: Sentence) -> None:
        """It is too early for this work: it comes back at `moment`; the reasons are shown meanwhile."""
        with transaction():
            leases.postpone(self._claim, *because, until=moment)
        self.is_settled = True
