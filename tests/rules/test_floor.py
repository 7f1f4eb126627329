"""The clocks of the floor: what any log means, and what may be written next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import floor
from competition.rules.floor import ClockState, Entry, FloorRule, Kind, batch_clock, station_clock
from competition.rules.ruleset import parse, problems
from tests.builders.competitions import rule_set

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def entry(number: int, kind: Kind, minute: float, code: str = "", **details) -> Entry:
    known = {"batch": None if code else 1, **details}
    return Entry(f"e{number}", number, kind, at(minute), "practice", code=code, **known)


def of_batch(entries, minute: float, minutes: int = 60):
    return batch_clock(entries, "practice", 1, minutes=minutes, now=at(minute))


def of_station(entries, minute: float, code: str = "A7", minutes: int = 60):
    return station_clock(entries, "practice", code, 1, minutes=minutes, now=at(minute))


def told(clock) -> tuple[str, float, float]:
    return clock.state.value, clock.elapsed / timedelta(minutes=1), clock.remaining / timedelta(minutes=1)


PAUSED = [entry(1, Kind.START, 0), entry(2, Kind.PAUSE, 10), entry(3, Kind.RESUME, 25)]


@pytest.mark.parametrize(
    ("log", "minute", "expected"),
    [
        ([], 5, ("waiting", 0, 60)),
        (PAUSED[:1], 5, ("running", 5, 55)),
        (PAUSED[:2], 20, ("paused", 10, 50)),
        (PAUSED, 30, ("running", 15, 45)),
        ([*PAUSED, entry(4, Kind.EXTRA, 26, minutes=8)], 30, ("running", 15, 53)),
        ([*PAUSED, entry(4, Kind.STOP, 40)], 300, ("stopped", 25, 35)),
        (PAUSED[:1], 75, ("running", 75, 0)),
    ],
)
def test_a_batch_clock_reads_what_the_log_says(log, minute, expected):
    assert told(of_batch(log, minute)) == expected


def test_the_last_five_minutes_and_the_overrun_are_told():
    assert not of_batch(PAUSED[:1], 54.9).is_last
    assert of_batch(PAUSED[:1], 55).is_last
    late = of_batch(PAUSED[:1], 62)
    assert late.is_up
    assert not late.is_last
    assert late.overrun == timedelta(minutes=2)


def test_a_station_has_its_own_pauses_and_extra_minutes_beside_those_of_its_batch():
    log = [
        *PAUSED,
        entry(4, Kind.PAUSE, 30, "A7"),
        entry(5, Kind.RESUME, 33, "A7"),
        entry(6, Kind.EXTRA, 34, "A7", minutes=3),
    ]
    assert told(of_station(log, 40)) == ("running", 22, 41)
    assert told(of_station(log, 40, "B2")) == ("running", 25, 35)


def test_a_pause_of_the_batch_holds_a_station_whatever_it_does_itself():
    log = [
        PAUSED[0],
        entry(2, Kind.PAUSE, 5, "A7"),
        entry(3, Kind.PAUSE, 10),
        entry(4, Kind.RESUME, 15, "A7"),
    ]
    assert of_station(log, 20).state is ClockState.PAUSED
    assert str(floor.clock_problem(log, entry(5, Kind.RESUME, 20, "A7"), 1, minutes=60)).startswith(
        "The whole"
    )


def test_the_stop_of_the_batch_leaves_whoever_has_extra_minutes_their_time():
    extra = [PAUSED[0], entry(2, Kind.EXTRA, 20, "A7", minutes=8)]
    in_time = [*extra, entry(3, Kind.STOP, 61)]
    assert told(of_station(in_time, 65)) == ("running", 65, 3)
    assert of_station(in_time, 65, "B2").state is ClockState.STOPPED
    assert of_station([*in_time, entry(4, Kind.STOP, 67, "A7")], 99).state is ClockState.STOPPED
    assert of_station([*extra, entry(3, Kind.STOP, 30)], 65).state is ClockState.STOPPED


def test_who_moves_to_a_later_batch_begins_anew_with_it():
    log = [PAUSED[0], entry(2, Kind.MOVED, 20, "A7", batch=2), entry(3, Kind.START, 90, batch=2)]
    assert floor.batch_of(log, "practice", "A7", 1) == 2
    assert told(of_station(log, 100)) == ("running", 10, 50)
    assert of_station(log, 30).state is ClockState.WAITING


@pytest.mark.parametrize(
    ("log", "kind", "says"),
    [
        ([], Kind.STOP, "has not been started"),
        ([], Kind.PAUSE, "has not been started"),
        (PAUSED, Kind.START, "running already"),
        (PAUSED[:2], Kind.PAUSE, "paused already"),
        (PAUSED, Kind.RESUME, "not paused"),
        ([*PAUSED, entry(4, Kind.STOP, 30)], Kind.STOP, "was stopped"),
        ([*PAUSED, entry(4, Kind.STOP, 30)], Kind.EXTRA, "was stopped"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_would_change_nothing(log, kind, says):
    new = entry(9, kind, 50, minutes=7)
    assert says in str(floor.clock_problem(log, new, 1, minutes=60))
    assert of_batch([*log, new], 55) == of_batch(log, 55)


def test_nothing_is_withdrawn_that_later_entries_build_on():
    homes = {"A7": 1}
    log = [*PAUSED, entry(4, Kind.PAUSE, 30, "A7")]
    assert "builds on this one" in str(floor.withdrawal_problem(log, log[0], homes, minutes=60))
    assert "builds on this one" in str(floor.withdrawal_problem(log, log[1], homes, minutes=60))
    assert floor.withdrawal_problem(log, log[3], homes, minutes=60) is None
    answered = [entry(1, Kind.VIOLATION, 1, "A7"), entry(2, Kind.RULED, 2, "A7", refers_to="e1")]
    assert "answers this one" in str(floor.withdrawal_problem(answered, answered[0], homes, minutes=60))


def test_what_waits_is_open_until_it_is_answered():
    incident = entry(1, Kind.INCIDENT, 10, "A7")
    over = entry(2, Kind.OVER, 15, "A7", refers_to="e1", minutes=5)
    assert floor.open_cases([incident]) == (incident,)
    assert floor.open_cases([incident, over]) == (over,)
    assert floor.open_cases([incident, replace(over, minutes=0)]) == ()
    assert floor.open_cases([incident, over, entry(3, Kind.EXTRA, 16, "A7", refers_to="e2", minutes=5)]) == ()


def test_an_incident_costs_the_time_that_the_clock_ran_meanwhile():
    incident = entry(4, Kind.INCIDENT, 30, "A7")
    log = [*PAUSED, incident, entry(5, Kind.PAUSE, 32, "A7")]
    assert floor.lost_minutes(log, incident, 1, minutes=60, now=at(50)) == 2
    assert floor.lost_minutes(log[:-1], incident, 1, minutes=60, now=at(41.2)) == 12


@pytest.mark.parametrize(
    ("rule", "minutes", "admitted", "back"),
    [
        (FloorRule(15), 15, True, 0),
        (FloorRule(15), 15.01, False, 0),
        (FloorRule(0), 0, True, 0),
        (FloorRule(), 0, False, 0),
        (FloorRule(15, late_time_made_up=True), 7.5, True, 8),
    ],
)
def test_late_arrivals_are_let_in_by_the_cut_off_and_lose_their_time_unless_the_rule_says_otherwise(
    rule, minutes, admitted, back
):
    late_by = timedelta(minutes=minutes)
    assert rule.admits(late_by) is admitted
    assert rule.made_up(late_by) == back


def test_a_rule_set_says_the_cut_off_and_is_told_what_is_wrong_with_it():
    document = {**rule_set("workshop"), "floor_work": {"late_cut_off_minutes": 20}}
    assert parse(document).floor_work == FloorRule(20)
    for wrong in ({"late_cut_off_minutes": 500}, {"late_time_made_up": True}, {"late": 5}):
        assert problems({**document, "floor_work": wrong})[0].path.startswith("/floor_work")


# --- properties -------------------------------------------------------------------------------------

STEPS = st.tuples(
    st.sampled_from([Kind.START, Kind.PAUSE, Kind.RESUME, Kind.EXTRA, Kind.STOP, Kind.ADMITTED, Kind.MOVED]),
    st.sampled_from(["", "", "A7", "B2"]),
    st.integers(-3, 30),
    st.integers(1, 20),
)


@st.composite
def logs(draw):
    """Any log at all: possible or not, and with a server clock that is set back at times."""
    minute, found = 0, []
    for number, (kind, code, wait, extra) in enumerate(draw(st.lists(STEPS, max_size=14)), 1):
        minute += wait
        batch = draw(st.sampled_from([1, 2])) if kind is Kind.MOVED or not code else None
        minutes = extra if kind in (Kind.EXTRA, Kind.ADMITTED) else 0
        found.append(entry(number, kind, minute, code, batch=batch, minutes=minutes))
    return found


def clocks(entries, minute):
    return [of_batch(entries, minute), of_station(entries, minute), of_station(entries, minute, "B2")]


@given(logs())
def test_work_and_pauses_are_all_the_time_there_is(log):
    for clock in clocks(log, 10_000):
        if clock.started_at is None:
            assert clock.elapsed == clock.paused == timedelta(0)
        else:
            end = clock.stopped_at or max([at(10_000), *(one.at for one in log)])
            assert clock.elapsed + clock.paused == end - clock.started_at


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_in_which_the_log_is_handed_in_does_not_matter(log, chance):
    shuffled = list(log)
    chance.shuffle(shuffled)
    assert clocks(shuffled, 10_000) == clocks(log, 10_000)


@given(logs(), st.data())
def test_what_is_withdrawn_is_as_if_it_had_never_been(log, data):
    if not log:
        return
    target = data.draw(st.sampled_from(log))
    withdrawal = Entry("w", len(log) + 1, Kind.WITHDRAWN, at(9_000), "practice", 1, refers_to=target.id)
    without = [one for one in log if one is not target]
    assert clocks([*log, withdrawal], 10_000) == clocks(without, 10_000)


@given(logs(), st.integers(0, 400))
def test_no_clock_is_ever_below_zero_or_says_two_things(log, minute):
    for clock in clocks(log, minute):
        zero = timedelta(0)
        assert min(clock.elapsed, clock.paused, clock.remaining, clock.overrun, clock.extra) >= zero
        assert clock.remaining == zero or clock.overrun == zero
        assert clock.elapsed + clock.remaining - clock.overrun == clock.allowed


@given(logs())
def test_an_entry_that_is_refused_changes_nothing_and_one_that_is_not_can_be_withdrawn_at_once(log):
    for new in log:
        before = [one for one in log if one.number < new.number]
        if floor.clock_problem(before, new, 1, minutes=60) is None:
            assert floor.withdrawal_problem([*before, new], new, {"A7": 1, "B2": 1}, minutes=60) is None
        else:
            assert clocks([*before, new], 10_000) == clocks(before, 10_000)
