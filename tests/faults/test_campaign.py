"""The campaign in its small form (RG1 to RG4); `python -m competition campaign` is the long one."""

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from competition.database import db
from tests.faults.house import ASPECTS, House, built
from tests.faults.invariants import assert_invariants
from tests.faults.kills import killed
from tests.faults.schedules import Table, played
from tests.faults.sweeps import SWEPT, Sweep, ending_backends, failing_statements, failing_writes, some
from tests.faults.tablet import Tablet
from tests.faults.wires import InProcess

KILLS, SCHEDULES = 50, 200


def test_fifty_kills_under_six_tablets_lose_and_double_nothing(house, born_here):
    found = killed(born_here, house, times=KILLS, seed=1, between=(0, 6))
    assert not found.broken and found.kills == KILLS and found.acknowledged > KILLS


@pytest.fixture(scope="module")
def quick_house(first_house: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return first_house.moved(tmp_path_factory.mktemp("schedules"))


@pytest.fixture(scope="module")
def table(quick_house: House) -> Table:
    app = quick_house.app()
    with app.app_context():
        db.engine.dispose()
    return Table(quick_house, app)


def test_two_hundred_schedules_lose_and_double_nothing(table):
    found, broken = played(table, range(1, SCHEDULES + 1))
    assert (
        not broken
        and found.schedules == SCHEDULES
        and found.duplicates
        and found.conflicts
        and found.rejected
    )
    assert_invariants(table.house.database_url)


@pytest.mark.parametrize("full", [False, True], ids=["failing", "full"])
def test_a_write_that_fails_anywhere_leaves_the_old_or_the_new(brittle, full):
    deeds = ("mark", "sign") if full else SWEPT
    found = Sweep(brittle, "write", failing_writes(for_good=full, full=full), _three).run(deeds)
    assert not found.broken and found.refused


def test_a_statement_that_fails_anywhere_leaves_the_old_or_the_new(house):
    found = Sweep(house, "statement", failing_statements, some).run(("mark",))
    assert not found.broken and found.refused


@pytest.fixture
def database_kind() -> str:
    """Of the database that the last sweep takes apart."""
    return "postgresql"


@pytest.mark.parametrize("fault", [failing_statements, ending_backends])
def test_on_postgresql_a_statement_or_a_backend_that_ends_leaves_the_old_or_the_new(
    database_to_break, tmp_path, fault
):
    house = built(tmp_path, database_to_break, entrants=3)
    found = Sweep(house, "postgresql", fault, _three).run(("mark", "sign"))
    assert not found.broken and found.refused


def _three(points: int) -> tuple[int, ...]:
    return 1, points // 2, points - 1


# --- a state machine ----------------------------------------------------------------------------------

_TABLETS = st.integers(0, 2)
_ROOM: list[tuple[House, Flask]] = []


class TwoTabletsOfOneJudge(RuleBasedStateMachine):
    """Two tablets of one judge and one of another, in any order of marking, sending and losing."""

    def __init__(self) -> None:
        super().__init__()
        house, app = _ROOM[0]
        one, two = house.judges[:2]
        self.house = house
        self.tablets = [
            Tablet(house, judge, InProcess(app), name=f"{judge} {number} {id(self)}")
            for number, judge in enumerate((one, one, two))
        ]
        for tablet in self.tablets:
            tablet.ready()
        self.late: list[tuple[Tablet, object]] = []

    @rule(who=_TABLETS, aspect=st.sampled_from(ASPECTS[:2]), value=st.integers(0, 100))
    def mark(self, who: int, aspect: str, value: int) -> None:
        tablet = self.tablets[who]
        tablet.mark(self.house.papers_of(tablet.judge)[0], aspect, str(value))

    @rule(who=_TABLETS)
    def send(self, who: int) -> None:
        self.tablets[who].send()

    @rule(who=_TABLETS)
    def send_and_hear_nothing(self, who: int) -> None:
        ask = self.tablets[who].next_batch()
        if ask is not None:
            self.tablets[who].wire.ask(ask)
            self.late.append((self.tablets[who], ask))

    @rule()
    def an_old_request_arrives_again(self) -> None:
        if self.late:
            tablet, ask = self.late.pop()
            tablet.wire.ask(ask)

    @rule(who=_TABLETS)
    def settle(self, who: int) -> None:
        self.tablets[who].settle()

    def teardown(self) -> None:
        for tablet in self.tablets:
            assert tablet.drain(tries=3)
        assert_invariants(self.house.database_url, *self.tablets)


def test_any_order_of_marking_sending_and_losing_keeps_the_invariants(house, site):
    _ROOM[:] = [(house, site)]
    machine = TwoTabletsOfOneJudge.TestCase
    machine.settings = settings(max_examples=5, stateful_step_count=12, deadline=None)
    machine().runTest()
