"""Long work: claimed once, fenced, resumed, failed in sight."""

from datetime import timedelta

import pytest
from flask import Flask

from competition import clock
from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.database import session
from competition.errors import RuleBroken
from competition.jobs import queries, registry, runner, services
from competition.jobs.models import Operation, OperationState
from competition.jobs.presenters import view_of
from competition.jobs.run import Run
from competition.jobs.services import leases
from competition.rules.sentences import sentence
from competition.transactions import transaction
from tests.conftest import NOON

BY = system_actor()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def kind():
    """Register a kind of work for one test."""
    made: list[str] = []

    def register(handler, name="test.work", seconds=60):
        registry.operation_kind(name, title=sentence("Work"), seconds=seconds)(handler)
        made.append(name)
        return name

    yield register
    for name in made:
        del registry._kinds[name]


def queued(name: str = "test.work", key: str = "one", **values: object) -> Operation:
    with transaction():
        return services.queue_operation(name, args={}, idempotency_key=key, by=BY, at=NOON, **values)


def claimed(at=NOON) -> leases.Claim | None:
    with transaction():
        return leases.claim(at=at)


def test_the_same_key_gives_the_operation_that_is_already_there(app: Flask) -> None:
    assert queued(key="batch of event 24").id == queued(key="batch of event 24").id


def test_queueing_leaves_a_fact_in_the_same_transaction(app: Flask) -> None:
    operation = queued()
    entry = session.query(AuditEntry).filter_by(subject_id=operation.id).one()
    assert entry.kind == "jobs.operation_queued"


def test_only_one_runner_gets_an_operation(app: Flask) -> None:
    queued()
    assert claimed() is not None
    assert claimed() is None


def test_the_oldest_is_taken_first(app: Flask) -> None:
    first, _second = queued(key="a").id, queued(key="b").id
    claim = claimed()
    assert claim is not None and claim.operation_id == first


def test_work_is_taken_over_once_its_lease_has_run_out(app: Flask) -> None:
    queued()
    first = claimed()
    assert claimed(NOON + leases.LEASE) is None
    second = claimed(NOON + leases.LEASE + MINUTE)
    assert first and second and second.attempts == 2 and second.token != first.token


def test_who_lost_the_lease_cannot_finish(app: Flask) -> None:
    operation = queued()
    first = claimed()
    second = claimed(NOON + MINUTE)
    assert first and second
    with pytest.raises(leases.LeaseLost), transaction():
        leases.finish(first, result={"by": "first"}, at=NOON)
    with transaction():
        leases.finish(second, result={"by": "second"}, at=NOON)
    assert operation.state == OperationState.DONE and operation.result == {"by": "second"}


def test_a_step_without_the_lease_leaves_no_trace(app: Flask) -> None:
    operation = queued()
    first = claimed()
    claimed(NOON + MINUTE)
    assert first
    run = Run(first, until=NOON + timedelta(days=36500))
    with pytest.raises(leases.LeaseLost), run.step():
        pytest.fail("the step began")
    assert operation.done == 0


def test_a_step_extends_the_lease_and_counts(app: Flask) -> None:
    operation = queued(total=3)
    claim = claimed()
    assert claim
    with Run(claim, until=NOON + timedelta(days=36500)).step(2):
        pass
    assert operation.done == 2 and operation.lease_until > NOON + leases.LEASE


def test_work_whose_last_attempt_died_is_failed_in_sight(app: Flask) -> None:
    operation = queued()
    at = NOON
    for _attempt in range(operation.max_attempts):
        assert claimed(at)
        at += MINUTE
    assert claimed(at) is None
    assert operation.state == OperationState.FAILED
    assert "5 times" in str(view_of(operation).reasons[0])


def test_the_runner_does_what_is_due(app: Flask, kind) -> None:
    def three_steps(run: Run) -> None:
        run.expect(3)
        for _ in range(3):
            with run.step():
                pass
        run.finish({"made": 3})

    operation = queued(kind(three_steps))
    assert runner.run_due(app) == 1
    session.expire_all()
    assert (operation.state, operation.done, operation.result) == ("done", 3, {"made": 3})


def test_work_that_comes_too_early_waits_and_says_for_what(app: Flask, kind) -> None:
    def handler(run: Run) -> None:
        run.wait_until(clock.now() + MINUTE, sentence("The notice still runs."))

    operation = queued(kind(handler), not_before=clock.now() - MINUTE)
    assert runner.run_due(app) == 1
    session.refresh(operation)
    assert (operation.state, operation.attempts) == (OperationState.QUEUED, 0)
    assert [str(each) for each in view_of(operation).reasons] == ["The notice still runs."]
    assert runner.run_due(app) == 0


def test_a_failed_attempt_is_tried_again_later_and_says_why(app: Flask, kind) -> None:
    def stumbles(run: Run) -> None:
        raise KeyError("张三")

    operation = queued(kind(stumbles))
    runner.run_due(app)
    session.expire_all()
    assert operation.state == OperationState.QUEUED and operation.run_after > NOON
    words = str(view_of(operation).reasons[0])
    assert "KeyError" in words and "张三" not in words


def test_a_broken_rule_fails_at_once_with_all_its_reasons(app: Flask, kind) -> None:
    def refused(run: Run) -> None:
        raise RuleBroken(sentence("The result is not released."), sentence("The seal is missing."))

    operation = queued(kind(refused))
    runner.run_due(app)
    session.expire_all()
    assert operation.state == OperationState.FAILED and operation.attempts == 1
    assert [str(r) for r in view_of(operation).reasons] == [
        "The result is not released.",
        "The seal is missing.",
    ]


def test_an_attempt_that_takes_too_long_is_failed(app: Flask, kind) -> None:
    def never_ends(run: Run) -> None:
        for _ in range(1000):
            with run.step():
                pass

    operation = queued(kind(never_ends, seconds=0))
    runner.run_due(app)
    session.expire_all()
    assert operation.state == OperationState.FAILED
    assert "0 seconds" in str(view_of(operation).reasons[0])


def test_a_kind_this_release_does_not_know_is_failed(app: Flask) -> None:
    operation = queued("test.unknown")
    runner.run_due(app)
    session.expire_all()
    assert operation.state == OperationState.FAILED


def test_failed_work_goes_on_where_it_stopped(app: Flask, kind) -> None:
    done: list[int] = []

    def work(run: Run) -> None:
        for number in range(4):
            if number in done:
                continue
            if number == 2 and run._claim.attempts == 1 and len(done) == 2 and not retried:
                raise RuleBroken(sentence("The result is not released."))
            with run.step():
                done.append(number)

    retried: list[bool] = []
    operation = queued(kind(work), total=4)
    runner.run_due(app)
    retried.append(True)
    session.expire_all()
    with transaction():
        services.retry_operation(operation, by=BY, at=NOON)
    runner.run_due(app)
    session.expire_all()
    assert (operation.state, operation.done, done) == ("done", 4, [0, 1, 2, 3])


def test_cancelled_work_stops_before_its_next_step(app: Flask) -> None:
    operation = queued()
    claim = claimed()
    with transaction():
        services.cancel_operation(operation, by=BY, at=NOON)
    assert claim
    with pytest.raises(leases.LeaseLost), Run(claim, until=NOON + timedelta(days=36500)).step():
        pytest.fail("the step began")
    assert operation.state == OperationState.CANCELLED


def test_work_that_ended_is_neither_cancelled_nor_retried(app: Flask) -> None:
    operation = queued()
    claim = claimed()
    assert claim
    with transaction():
        leases.finish(claim, result=None, at=NOON)
    for service in (services.cancel_operation, services.retry_operation):
        with pytest.raises(RuleBroken), transaction():
            service(operation, by=BY, at=NOON)


def test_an_idle_runner_only_reads(app: Flask) -> None:
    assert not queries.is_anything_due(NOON)
    assert runner.run_due(app) == 0


def test_a_runner_that_is_told_to_stop_gives_the_work_back(app: Flask, kind) -> None:
    operation = queued()
    claim = claimed()
    assert claim
    with transaction():
        leases.put_back(claim, because=None, at=NOON)
    assert operation.state == OperationState.QUEUED and operation.attempts == 0


def test_the_embedded_runner_hears_the_bell(app: Flask, kind) -> None:
    from threading import Event

    heard = Event()
    name = kind(lambda run: heard.set())
    runner.start(app)
    try:
        queued(name)
        assert heard.wait(120)
    finally:
        runner.stop()
