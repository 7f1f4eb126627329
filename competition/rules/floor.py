"""The floor of an event: from the list of what was written down there to the clocks of batches and stations.

Source: docs/sources.md, domain §5.6 (start, pauses with their cause, end and extra minutes are kept), §2.6.3 (the cut-off for late
arrivals: 5, 15, 20 or 30 minutes after the start, by the rule set), §2.6.8 (equipment failure that is not the contestant's fault:
extra time or a later batch, decided by the chief judge), §5.5.4 (a deduction is an entry of its own).

The log only grows. An entry that is withdrawn stays in it, and everything here is computed as if it had never been. The moments are
the server's; where its clock was set back, time stands still until it has caught up. An entry that cannot be (a stop before any
start) has no effect; `clock_problem` and `withdrawal_problem` say so before it is written.

A station's clock is its batch's clock with what was written for the station alone: an own start comes first, a pause of either stops
it, extra minutes add up. A stop of the batch before its time is up ends everybody; after that it ends those whose time is up, and
who has time of their own left works on until their own stop. Extra minutes are whole minutes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from competition.rules.reading import Reader
from competition.rules.schema import YES, Schema, obj, whole
from competition.rules.sentences import Sentence, sentence

MOST_CUT_OFF = 240
MOST_EXTRA = 240
MOST_MINUTES = 24 * 60
"""The longest a batch may work, in minutes."""
LAST = timedelta(minutes=5)
"""The last minutes are announced."""

NONE = timedelta(0)


class Kind(StrEnum):
    """What is written on the floor log."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTRA = "extra"
    STOP = "stop"
    MOVED = "moved"
    LATE = "late"
    ADMITTED = "admitted"
    REFUSED = "refused"
    INCIDENT = "incident"
    OVER = "over"
    DECLINED = "declined"
    VIOLATION = "violation"
    RULED = "ruled"
    EXPOSED = "exposed"
    HANDLED = "handled"
    LEFT = "left"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


CLOCK_KINDS = frozenset(
    {Kind.START, Kind.PAUSE, Kind.RESUME, Kind.EXTRA, Kind.STOP, Kind.MOVED, Kind.ADMITTED}
)
"""What moves a clock."""

ANSWERS: dict[Kind, frozenset[Kind]] = {
    Kind.LATE: frozenset({Kind.ADMITTED, Kind.REFUSED}),
    Kind.INCIDENT: frozenset({Kind.OVER}),
    Kind.OVER: frozenset({Kind.EXTRA, Kind.DECLINED}),
    Kind.VIOLATION: frozenset({Kind.RULED}),
    Kind.EXPOSED: frozenset({Kind.HANDLED}),
    Kind.LEFT: frozenset({Kind.RETURNED}),
}
"""What waits for an answer, and what answers it. A ruling may be ruled on anew; the latest counts."""

WANTS_CAUSE = frozenset(
    {
        *(Kind.PAUSE, Kind.EXTRA, Kind.MOVED, Kind.REFUSED, Kind.INCIDENT, Kind.DECLINED),
        *(Kind.VIOLATION, Kind.RULED, Kind.HANDLED),
    }
)
"""What is never written without saying why."""

BY_CHIEF = frozenset(
    {Kind.EXTRA, Kind.MOVED, Kind.ADMITTED, Kind.REFUSED, Kind.DECLINED, Kind.RULED, Kind.HANDLED}
)
"""What only the chief judge decides. A late arrival within the cut-off is admitted by the rule, without a decision."""


class Incident(StrEnum):
    """What an incident is about."""

    EQUIPMENT = "equipment"
    MEDICAL = "medical"
    POWER = "power"
    OTHER = "other"


class Ruling(StrEnum):
    """What the chief judge makes of a violation, and what is proposed on the floor."""

    DEDUCTION = "deduction"
    DISQUALIFICATION = "disqualification"
    WARNING = "warning"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the floor log: of a station where `code` is given, else of the whole `batch`.

    Of what was moved, `batch` is the batch it goes to. `minutes` are extra minutes, granted or proposed.
    """

    id: str
    number: int
    kind: Kind
    at: datetime
    part: str
    batch: int | None = None
    code: str = ""
    minutes: int = 0
    refers_to: str | None = None


class ClockState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock at one moment. From the start to that moment (or the stop), `elapsed` and `paused` together are all there is."""

    state: ClockState
    started_at: datetime | None
    stopped_at: datetime | None
    elapsed: timedelta
    paused: timedelta
    given: timedelta
    extra: timedelta

    @property
    def allowed(self) -> timedelta:
        """The working time with its extra minutes."""
        return self.given + self.extra

    @property
    def remaining(self) -> timedelta:
        return max(NONE, self.allowed - self.elapsed)

    @property
    def overrun(self) -> timedelta:
        """How long was worked beyond what was allowed."""
        return max(NONE, self.elapsed - self.allowed)

    @property
    def is_up(self) -> bool:
        """Whether the time is up, stopped or not."""
        return self.started_at is not None and self.elapsed >= self.allowed

    @property
    def is_last(self) -> bool:
        """Whether the last minutes run."""
        return (
            self.state in (ClockState.RUNNING, ClockState.PAUSED)
            and not self.is_up
            and self.remaining <= LAST
        )


@dataclass(frozen=True, slots=True)
class FloorRule:
    """What a rule set says about the floor. Without a cut-off every late arrival waits for the chief judge."""

    late_cut_off_minutes: int | None = None
    late_time_made_up: bool = False

    def admits(self, late_by: timedelta) -> bool:
        """Whether who comes so long after the start is let in by the rule; at the very minute of the cut-off they are."""
        return self.late_cut_off_minutes is not None and late_by <= timedelta(
            minutes=self.late_cut_off_minutes
        )

    def made_up(self, late_by: timedelta) -> int:
        """The minutes that are given back to who was let in: none unless the rule says so, else begun minutes as whole ones."""
        return whole_minutes(late_by) if self.late_time_made_up else 0


def is_for_itself(entry: Entry) -> bool:
    """Whether an entry of a station gives it a clock that is not just its batch's."""
    return entry.kind in CLOCK_KINDS and not (entry.kind is Kind.ADMITTED and entry.minutes == 0)


def whole_minutes(span: timedelta) -> int:
    """A span in minutes; a begun minute is a whole one, in favour of the contestant."""
    return -(-max(NONE, span) // timedelta(minutes=1))


# --- the log ----------------------------------------------------------------------------------------


def standing(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that count, in the order in which the server took them: no withdrawn ones, no withdrawals."""
    ordered = sorted(entries, key=lambda one: one.number)
    gone = {one.refers_to for one in ordered if one.kind is Kind.WITHDRAWN}
    return tuple(one for one in ordered if one.kind is not Kind.WITHDRAWN and one.id not in gone)


def answer_to(entries: Iterable[Entry], case: Entry) -> Entry | None:
    """The latest entry that answers a case, or None while it waits."""
    wanted = ANSWERS.get(case.kind, frozenset())
    found = [one for one in standing(entries) if one.refers_to == case.id and one.kind in wanted]
    return found[-1] if found else None


def open_cases(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """What waits for an answer, the oldest first. Of an incident that cost no time nothing waits once it is over."""
    counted = standing(entries)
    return tuple(
        one
        for one in counted
        if one.kind in ANSWERS
        and not (one.kind is Kind.OVER and one.minutes == 0)
        and answer_to(counted, one) is None
    )


def batch_of(entries: Iterable[Entry], part: str, code: str, home: int) -> int:
    """The batch in which a code works: that of the draw, or the one it was moved to last."""
    moved = [one for one in standing(entries) if _is_own(one, part, code) and one.kind is Kind.MOVED]
    return moved[-1].batch or home if moved else home


def _is_own(entry: Entry, part: str, code: str) -> bool:
    return entry.part == part and entry.code == code


# --- clocks -----------------------------------------------------------------------------------------


def batch_clock(entries: Iterable[Entry], part: str, batch: int, *, minutes: int, now: datetime) -> Clock:
    """The clock of a whole batch at this moment."""
    watch = _Watch(minutes)
    for entry in standing(entries):
        if entry.part == part and not entry.code and entry.batch == batch and entry.at <= now:
            watch.take(entry, _OWN)
    return watch.read(now)


def station_clock(
    entries: Iterable[Entry], part: str, code: str, home: int, *, minutes: int, now: datetime
) -> Clock:
    """The clock of one station at this moment. `home` is the batch of the draw."""
    return _station_watch(standing(entries), part, code, home, minutes, until=now).read(now)


def lost_minutes(entries: Iterable[Entry], incident: Entry, home: int, *, minutes: int, now: datetime) -> int:
    """What an incident cost: how long the clock ran from its beginning until now, in begun minutes.

    Where the clock was paused nothing is lost. Of a whole batch it is the batch's clock.
    """

    def at(moment: datetime) -> timedelta:
        if incident.code:
            found = station_clock(entries, incident.part, incident.code, home, minutes=minutes, now=moment)
        else:
            found = batch_clock(entries, incident.part, home, minutes=minutes, now=moment)
        return found.elapsed

    return min(MOST_EXTRA, whole_minutes(at(now) - at(incident.at)))


_OWN, _BATCH = "own", "batch"


def _station_watch(
    counted: Sequence[Entry], part: str, code: str, home: int, minutes: int, *, until: datetime | None = None
) -> "_Watch":
    """Everything that concerns a station; what was before a move to another batch does not count any more."""
    batch, since = home, 0
    for entry in counted:
        if _is_own(entry, part, code) and entry.kind is Kind.MOVED:
            batch, since = entry.batch or home, entry.number
    watch, general = _Watch(minutes), _Watch(minutes)
    for entry in counted:
        if entry.part != part or (until is not None and entry.at > until):
            continue
        if entry.code == code and entry.number > since:
            watch.take(entry, _OWN)
        elif not entry.code and entry.batch == batch:
            is_taken = general.take(entry, _OWN)
            works_on = entry.kind is Kind.STOP and general.is_up and watch.has_time(entry.at)
            if is_taken and not works_on:
                watch.take(entry, _BATCH)
    return watch


class _Watch:
    """A clock while the log is gone through."""

    def __init__(self, minutes: int) -> None:
        self.given = timedelta(minutes=minutes)
        self.extra = self.elapsed = self.paused = NONE
        self.started_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.pauses: set[str] = set()
        self._moment: datetime | None = None

    @property
    def state(self) -> ClockState:
        if self.stopped_at is not None:
            return ClockState.STOPPED
        if self.started_at is None:
            return ClockState.WAITING
        return ClockState.PAUSED if self.pauses else ClockState.RUNNING

    @property
    def is_up(self) -> bool:
        return self.elapsed >= self.given + self.extra

    def has_time(self, at: datetime) -> bool:
        """Whether work goes on at this moment and time is left."""
        self._advance(at)
        return self.state in (ClockState.RUNNING, ClockState.PAUSED) and not self.is_up

    def take(self, entry: Entry, level: str) -> bool:
        """Go on with an entry; whether it had an effect."""
        if entry.kind not in CLOCK_KINDS:
            return False
        moment = self._advance(entry.at)
        if self.refusal(entry.kind, level) is not None:
            return False
        match entry.kind:
            case Kind.START:
                self.started_at = moment
            case Kind.PAUSE:
                self.pauses.add(level)
            case Kind.RESUME:
                self.pauses.discard(level)
            case Kind.STOP:
                self.stopped_at = moment
            case Kind.EXTRA | Kind.ADMITTED:
                self.extra += timedelta(minutes=max(0, entry.minutes))
            case _:
                pass
        return True

    def refusal(self, kind: Kind, level: str) -> Sentence | None:
        """Why an entry of this kind cannot be written now, or None."""
        state = self.state
        if kind is Kind.START:
            return None if state is ClockState.WAITING else _STARTED[state]
        if kind is Kind.MOVED:
            return None
        if state is ClockState.STOPPED:
            return sentence("This clock was stopped. If that was a mistake, withdraw the stop first.")
        if kind in (Kind.EXTRA, Kind.ADMITTED):
            return None
        if state is ClockState.WAITING:
            return sentence("This clock has not been started. Start it first.")
        if kind is Kind.PAUSE and level in self.pauses:
            return sentence("This clock is paused already. Resume it first.")
        if kind is Kind.RESUME and level not in self.pauses:
            if self.pauses:
                return sentence("The whole batch is paused. Resume the batch, not the station.")
            return sentence("This clock is not paused; it is running.")
        return None

    def read(self, now: datetime) -> Clock:
        self._advance(now)
        return Clock(
            self.state,
            self.started_at,
            self.stopped_at,
            self.elapsed,
            self.paused,
            self.given,
            self.extra,
        )

    def _advance(self, at: datetime) -> datetime:
        before = self._moment
        moment = at if before is None else max(before, at)
        if before is not None:
            if self.state is ClockState.RUNNING:
                self.elapsed += moment - before
            elif self.state is ClockState.PAUSED:
                self.paused += moment - before
        self._moment = moment
        return moment


_STARTED: dict[ClockState, Sentence] = {
    ClockState.RUNNING: sentence("This clock is running already."),
    ClockState.PAUSED: sentence("This clock was started already and is paused. Resume it."),
    ClockState.STOPPED: sentence("This clock was stopped. If that was a mistake, withdraw the stop first."),
}


# --- what may be written ------------------------------------------------------------------------------


def clock_problem(entries: Iterable[Entry], new: Entry, home: int, *, minutes: int) -> Sentence | None:
    """Why an entry that moves a clock cannot be written after these, or None. `home` is the station's batch of the draw."""
    before = tuple(one for one in standing(entries) if one.number < new.number)
    if new.code:
        return _station_watch(before, new.part, new.code, home, minutes).refusal(new.kind, _OWN)
    watch = _Watch(minutes)
    for entry in before:
        if entry.part == new.part and not entry.code and entry.batch == new.batch:
            watch.take(entry, _OWN)
    return watch.refusal(new.kind, _OWN)


def withdrawal_problem(
    entries: Iterable[Entry], target: Entry, homes: dict[str, int], *, minutes: int
) -> Sentence | None:
    """Why an entry cannot be withdrawn, or None: nothing that stands may hang on it.

    `homes` are the batches of the draw by code; a code that is not there has none.
    """
    counted = standing(entries)
    if target.kind is Kind.WITHDRAWN:
        return sentence("A withdrawal stays. Write the entry again.")
    if target.id not in {one.id for one in counted}:
        return sentence("This entry was withdrawn already.")
    if any(one.refers_to == target.id for one in counted):
        return sentence("A later entry answers this one. Withdraw that entry first.")
    without = tuple(one for one in counted if one.id != target.id)
    for later in counted:
        if later.number <= target.number or later.kind not in CLOCK_KINDS or later.part != target.part:
            continue
        home = homes.get(later.code, later.batch or 0)
        was = clock_problem(counted, later, home, minutes=minutes)
        if was is None and clock_problem(without, later, home, minutes=minutes) is not None:
            return sentence(
                "A later entry builds on this one. Withdraw the later entries first, the latest first."
            )
    return None


# --- the rule set -------------------------------------------------------------------------------------

KEYS = ("floor_work",)
"""The member of a rule set that `read` reads."""


def read(reader: Reader) -> FloorRule:
    """What a rule set says about the floor; problems go to the reader's notebook."""
    rule = reader.inside("floor_work")
    if rule is None:
        return FloorRule()
    rule.only("late_cut_off_minutes", "late_time_made_up")
    made_up = rule.yes("late_time_made_up")
    cut_off = rule.whole("late_cut_off_minutes", low=0, high=MOST_CUT_OFF)
    if made_up and not rule.has("late_cut_off_minutes"):
        rule.note(
            "late_time_made_up",
            sentence(
                "Without a cut-off nobody is let in by the rule, so there is no time that it could make up."
            ),
        )
    return FloorRule(cut_off, made_up)


PROPERTIES: Schema = {
    "floor_work": obj([], {"late_cut_off_minutes": whole(0, MOST_CUT_OFF), "late_time_made_up": YES}),
}
"""The fragment of the published JSON Schema for this member."""
