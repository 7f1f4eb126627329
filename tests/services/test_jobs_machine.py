"""However claims, expiries, steps and ends fall together: nobody finishes twice, and no step is counted without the lease."""

from datetime import timedelta

import hypothesis.strategies as st
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from competition.accounts.services import system_actor
from competition.database import session
from competition.jobs import services
from competition.jobs.models import Operation, OperationState
from competition.jobs.services import leases
from competition.rules.sentences import sentence
from competition.transactions import transaction
from tests.conftest import NOON

LEASE = timedelta(seconds=30)
ENDED = (OperationState.DONE, OperationState.FAILED)


class Runners(RuleBasedStateMachine):
    """Several runners, one operation, a clock that moves as it likes."""

    number = 0

    def __init__(self) -> None:
        super().__init__()
        Runners.number += 1
        self.now = NOON
        self.claims: list[leases.Claim] = []
        self.holder: leases.Claim | None = None
        self.lease_until = NOON
        self.finishes = 0
        self.steps = 0
        with transaction():
            session.query(Operation).update({"state": OperationState.CANCELLED, "token": None})
            self.operation_id = services.queue_operation(
                "test.work", args={}, idempotency_key=f"machine {self.number}", by=system_actor(), at=NOON
            ).id

    @property
    def operation(self) -> Operation:
        session.expire_all()
        found = session.get(Operation, self.operation_id)
        assert found is not None
        return found

    @rule(seconds=st.integers(1, 45))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def somebody_claims(self) -> None:
        held = self.holder is not None and self.lease_until >= self.now
        with transaction():
            claim = leases.claim(at=self.now, lease=LEASE)
        if claim is None:
            return
        assert not held, "two runners hold one operation"
        self.claims.append(claim)
        self.holder, self.lease_until = claim, self.now + LEASE

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def somebody_takes_a_step(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        if self._tries(lambda: leases.go_on(claim, done=1, at=self.now, lease=LEASE)):
            assert claim is self.holder
            self.steps += 1
            self.lease_until = self.now + LEASE

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), how=st.sampled_from(["finish", "fail", "put back"]))
    def somebody_ends(self, data: st.DataObject, how: str) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        ends = {
            "finish": lambda: leases.finish(claim, result=None, at=self.now),
            "fail": lambda: leases.fail(claim, sentence("Failed"), at=self.now),
            "put back": lambda: leases.put_back(claim, because=sentence("Failed"), at=self.now),
        }
        if self._tries(ends[how]):
            assert claim is self.holder
            self.holder = None
            self.finishes += how == "finish"

    def _tries(self, write) -> bool:
        try:
            with transaction():
                write()
        except leases.LeaseLost:
            return False
        return True

    @invariant()
    def nothing_is_done_twice(self) -> None:
        operation = self.operation
        assert self.finishes <= 1
        assert operation.done == self.steps
        assert operation.attempts <= operation.max_attempts
        assert (operation.token is None) == (operation.state != OperationState.RUNNING)
        assert (operation.finished_at is not None) == (operation.state in ENDED)


def test_nobody_finishes_twice(app: Flask) -> None:
    run_state_machine_as_test(
        Runners,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
