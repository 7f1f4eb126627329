"""Reading one aspect of a marking scheme: how it is marked, and what its own numbers must fulfil."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from competition.rules.numbers import Rounding, RoundingMode, spelled
from competition.rules.reading import Reader, pointer, title_at
from competition.rules.scheme import (
    LEVELS,
    Attempts,
    Band,
    Better,
    Binary,
    ConvertedTime,
    Count,
    Counts,
    CutOff,
    Declared,
    Deduction,
    Effect,
    Judgement,
    Linear,
    Measurement,
    Method,
    Missing,
    Panel,
    PanelCombine,
    Record,
    Time,
    Tolerance,
    Value,
)
from competition.rules.scheme_schema import MOST_ATTEMPTS, MOST_BANDS, MOST_JUDGES
from competition.rules.sentences import sentence

COMMON = (
    "kind",
    "id",
    "title",
    "weight",
    "factor",
    "max",
    "floor",
    "cap",
    "pass_mark",
    "rounding",
)
_NAMED = ("kind", "id", "title", "type")
_RECORDED = (*_NAMED, "rounding")
_ZERO = Fraction(0)
_HUNDRED = Fraction(100)


class Type(StrEnum):
    MEASUREMENT = "measurement"
    JUDGEMENT = "judgement"
    PANEL = "panel"
    DEDUCTION = "deduction"
    TIME = "time"
    RECORD = "record"
    ATTEMPTS = "attempts"


class _Mode(StrEnum):
    BINARY = "binary"
    VALUE = "value"
    TOLERANCE = "tolerance"
    COUNT = "count"
    LINEAR = "linear"
    TIME = "time"


_MODE_KEYS = {
    _Mode.BINARY: (),
    _Mode.VALUE: ("step",),
    _Mode.TOLERANCE: ("target", "bands"),
    _Mode.COUNT: ("possible",),
    _Mode.LINEAR: ("base", "rate", "low", "high", "step"),
    _Mode.TIME: ("full_within", "none_after"),
}


def read_method(reader: Reader, type_: Type) -> Method | None:
    """How the aspect is marked; None where that cannot be read, and the problems are noted."""
    return _METHODS[type_](reader)


def conferring(reader: Reader, type_: Type) -> int | None:
    """How many judges confer and record one value of a measurement; it changes nothing in the arithmetic."""
    if type_ is not Type.MEASUREMENT:
        return None
    return reader.whole("judges", low=1, high=MOST_JUDGES)


def read_rounding(reader: Reader, key: str) -> Rounding | None:
    """A declared rounding, half-up where no mode is named."""
    inner = reader.inside(key)
    if inner is None:
        return None
    inner.only("digits", "mode")
    digits = inner.whole("digits", low=0, high=8, required=True)
    mode = inner.choice("mode", RoundingMode, RoundingMode.HALF_UP)
    return None if digits is None or mode is None else Rounding(digits, mode)


def read_drop(reader: Reader, most: int) -> tuple[int, int]:
    """How many of the lowest and the highest of `most` are left out of a mean of the middle; one must be left."""
    drop = reader.inside("drop", required=True)
    if drop is None:
        return 0, 0
    drop.only("low", "high")
    low = drop.whole("low", low=0, high=most, required=True) or 0
    high = drop.whole("high", low=0, high=most, required=True) or 0
    return low, high


# Measurements.


def _measurement(reader: Reader) -> Measurement | None:
    mode = reader.choice("mode", _Mode)
    if mode is None:
        return None
    reader.only(*COMMON, "type", "mode", "judges", *_MODE_KEYS[mode])
    if mode is _Mode.TOLERANCE:
        return _tolerance(reader)
    highest = reader.number("max", above=0) if reader.require("max") else None
    match mode:
        case _Mode.BINARY:
            return None if highest is None else Binary(highest)
        case _Mode.COUNT:
            possible = reader.whole("possible", low=1, high=1_000_000, required=True)
            return None if highest is None or possible is None else Count(highest, possible)
        case _Mode.LINEAR:
            return _linear(reader, highest)
        case _Mode.TIME:
            return _converted_time(reader, highest)
        case _Mode.VALUE:
            return _value(reader, highest)


def _value(reader: Reader, highest: Fraction | None) -> Value | None:
    step = reader.number("step", above=0)
    if highest is None:
        return None
    if step is not None and highest % step:
        reader.note("step", sentence("The steps do not arrive at the highest mark."))
    return Value(highest, step)


def _tolerance(reader: Reader) -> Tolerance | None:
    target = reader.number("target", required=True)
    bands = [_band(band) for band in reader.objects("bands", most=MOST_BANDS, least=1, required=True)]
    known = tuple(band for band in bands if band is not None)
    if len(known) == len(bands):
        _check_bands(reader, known)
    highest = reader.number("max", above=0)
    if known and highest is not None and highest != max(band.award for band in known):
        reader.note("max", sentence("The maximum differs from the marks of the best band."))
    return None if target is None or not known else Tolerance(target, known)


def _band(reader: Reader) -> Band | None:
    reader.only("up_to", "award")
    up_to = reader.number("up_to", low=0, required=True)
    award = reader.number("award", low=0, required=True)
    return None if up_to is None or award is None else Band(up_to, award)


def _check_bands(reader: Reader, bands: tuple[Band, ...]) -> None:
    for index, (narrower, wider) in enumerate(pairwise(bands), start=1):
        if wider.up_to <= narrower.up_to:
            said = sentence(
                "No value reaches this band: the band before it already holds deviations up to %(up_to)s.",
                up_to=spelled(narrower.up_to),
            )
        elif wider.award > narrower.award:
            said = sentence("The bands go from the smallest deviation to the largest, with falling marks.")
        elif wider.award == narrower.award:
            said = sentence("This band gives the same marks as the band before it; one of them is enough.")
        else:
            continue
        reader.notebook.note(pointer(reader.at("bands"), str(index)), said)


def _linear(reader: Reader, highest: Fraction | None) -> Linear | None:
    base = reader.number("base") if reader.has("base") else _ZERO
    rate = reader.number("rate", required=True)
    low, high = reader.number("low"), reader.number("high")
    step = reader.number("step", above=0)
    if highest is None or base is None or rate is None:
        return None
    method = Linear(highest, base, rate, low, high, step)
    _check_linear(reader, method)
    return method


def _check_linear(reader: Reader, method: Linear) -> None:
    low, high = method.low, method.high
    if not method.rate:
        reader.note("rate", sentence("With a rate of 0 every value gives the same marks."))
        return
    if low is not None and high is not None and low >= high:
        reader.note(
            "low", sentence("The range is the wrong way round: its low end must be below its high end.")
        )
        return
    best = high if method.rate > 0 else low
    reached = None if best is None else method.base + method.rate * best
    if reached is not None and reached < method.max:
        said = sentence(
            "No value reaches the maximum: the best that can be measured gives %(reached)s.",
            reached=spelled(reached),
        )
        reader.note("max", said)


def _converted_time(reader: Reader, highest: Fraction | None) -> ConvertedTime | None:
    full = reader.number("full_within", low=0, required=True)
    none = reader.number("none_after", low=0, required=True)
    if highest is None or full is None or none is None:
        return None
    if full >= none:
        reader.note(
            "none_after",
            sentence("The time that gives no marks must be longer than the time that gives full marks."),
        )
        return None
    return ConvertedTime(highest, full, none)


# Judges.


def _judgement(reader: Reader) -> Judgement | None:
    reader.only(*COMMON, "type", "judges", "max_spread", "descriptors", "agreed")
    highest = reader.number("max", above=0) if reader.require("max") else None
    judges = reader.whole("judges", low=1, high=MOST_JUDGES, default=3)
    spread = reader.whole("max_spread", low=0, high=LEVELS, default=1)
    descriptors = tuple(
        title_at(raw, path, reader.notebook) for path, raw in reader.items("descriptors", most=4, least=4)
    )
    agreed = reader.yes("agreed")
    if highest is None or judges is None or spread is None:
        return None
    return Judgement(highest, judges, spread, descriptors, agreed)


def _panel(reader: Reader) -> Panel | None:
    reader.only(
        *COMMON,
        "type",
        "range",
        "judges",
        "minimum",
        "combine",
        "of",
        "trim",
        "panel_rounding",
        "declared",
        "agreed",
        "missing",
    )
    scale = _range(reader)
    judges = reader.whole("judges", low=1, high=MOST_JUDGES, required=True)
    minimum = reader.whole("minimum", low=1, high=MOST_JUDGES, default=judges)
    combine = reader.choice("combine", PanelCombine)
    trim = _trim(reader, combine, minimum)
    majority_of = _majority_of(reader, combine)
    rounding = read_rounding(reader, "panel_rounding")
    declared, agreed = _declared(reader), reader.yes("agreed")
    missing = reader.choice("missing", Missing, Missing.LEAVE_OUT) or Missing.LEAVE_OUT
    if scale is None or judges is None or minimum is None or combine is None:
        return None
    _check_seats(reader, judges, minimum, missing)
    low, high, step = scale
    return Panel(
        low,
        high,
        step,
        judges,
        minimum,
        combine,
        trim[0],
        trim[1],
        rounding,
        declared,
        agreed,
        missing,
        majority_of,
    )


def _check_seats(reader: Reader, judges: int, minimum: int, missing: Missing) -> None:
    if minimum > judges:
        reader.note(
            "minimum",
            sentence(
                "The panel has %(judges)s seats; more cannot be required.",
                judges=judges,
            ),
        )
    if minimum == judges and missing is Missing.LOWEST:
        reader.note("missing", sentence("All seats must have marked (“minimum”), so none is ever missing."))


def _majority_of(reader: Reader, combine: PanelCombine | None) -> str | None:
    if combine is PanelCombine.MAJORITY_MEAN:
        return reader.identifier("of")
    if reader.has("of"):
        reader.note("of", sentence("Only a mean of the majority names another panel."))
    return None


def _declared(reader: Reader) -> Declared | None:
    """`true` is the short way to say that the declared value is added."""
    if isinstance(reader.members.get("declared", False), bool):
        return Declared.ADD if reader.yes("declared") else None
    return reader.choice("declared", Declared)


def _range(reader: Reader) -> tuple[Fraction, Fraction, Fraction | None] | None:
    scale = reader.inside("range", required=True)
    if scale is None:
        return None
    scale.only("low", "high", "step")
    low, high = scale.number("low", required=True), scale.number("high", required=True)
    step = scale.number("step", above=0)
    if low is None or high is None:
        return None
    if low >= high:
        scale.note(
            None,
            sentence("The range is the wrong way round: its low end must be below its high end."),
        )
    elif step is not None and (high - low) % step:
        scale.note("step", sentence("The steps do not arrive at the highest mark."))
    return low, high, step


def _trim(reader: Reader, combine: PanelCombine | None, minimum: int | None) -> tuple[int, int]:
    if not reader.has("trim"):
        if combine is PanelCombine.TRIMMED_MEAN:
            reader.note(
                None,
                sentence("A trimmed mean states how many of the lowest and highest marks are left out."),
            )
        return 0, 0
    trim = reader.inside("trim")
    if trim is None:
        return 0, 0
    trim.only("low", "high")
    low = trim.whole("low", low=0, high=MOST_JUDGES, required=True) or 0
    high = trim.whole("high", low=0, high=MOST_JUDGES, required=True) or 0
    if combine not in (PanelCombine.TRIMMED_MEAN, PanelCombine.SUM):
        reader.note("trim", sentence("Marks are left out only of a trimmed mean or a sum."))
    if minimum is not None and low + high >= minimum:
        reader.note(
            "trim",
            sentence(
                "%(trim)s marks are left out where as few as %(minimum)s may be given: none would be left.",
                trim=low + high,
                minimum=minimum,
            ),
        )
    return low, high


# Deductions, times, records.


def _deduction(reader: Reader) -> Deduction:
    effect = reader.choice("effect", Effect, Effect.POINTS) or Effect.POINTS
    amounts = () if effect is Effect.VOID else ("factor", "cap", "rounding", "entry_max", "entry_step")
    reader.only(*_NAMED, "effect", *amounts)
    most = _HUNDRED if effect is Effect.PERCENT else None
    if effect is Effect.VOID:
        return Deduction(None, None, effect)
    return Deduction(
        reader.number("entry_max", above=0, high=most), reader.number("entry_step", above=0), effect
    )


def _time(reader: Reader) -> Time:
    reader.only(*_RECORDED, "max_seconds", "cut_off", "cut_off_effect")
    most, cut_off = reader.number("max_seconds", above=0), reader.number("cut_off", above=0)
    effect = reader.choice("cut_off_effect", CutOff, CutOff.CAP) or CutOff.CAP
    if cut_off is None and reader.has("cut_off_effect"):
        reader.note("cut_off_effect", sentence("Nothing is cut off here: “cut_off” is missing."))
    return Time(most, cut_off, effect)


def _record(reader: Reader) -> Record:
    reader.only(*_RECORDED, "low", "high", "step")
    low = reader.number("low") if reader.has("low") else _ZERO
    high, step = reader.number("high"), reader.number("step", above=0)
    low = _ZERO if low is None else low
    if high is not None and low >= high:
        reader.note(
            "high", sentence("The range is the wrong way round: its low end must be below its high end.")
        )
    return Record(low, high, step)


# Tries.


def _attempts(reader: Reader) -> Attempts | None:
    reader.only(*COMMON, "type", "attempts", "better", "counts", "drop", "range", "failures_allowed")
    count = reader.whole("attempts", low=1, high=MOST_ATTEMPTS, required=True)
    better, counts = reader.choice("better", Better), reader.choice("counts", Counts)
    scale = _range(reader)
    drop = _tries_dropped(reader, counts)
    allowed = reader.whole("failures_allowed", low=0, high=MOST_ATTEMPTS, default=0) or 0
    if count is None or better is None or counts is None or scale is None:
        return None
    low, high, step = scale
    method = Attempts(count, better, counts, drop[0], drop[1], low, high, step, allowed)
    _check_attempts(reader, method)
    return method


def _tries_dropped(reader: Reader, counts: Counts | None) -> tuple[int, int]:
    if counts is Counts.MIDDLE_MEAN:
        return read_drop(reader, MOST_ATTEMPTS)
    if reader.has("drop"):
        reader.note("drop", sentence("Only a mean of the middle leaves the lowest and highest out."))
    return 0, 0


def _check_attempts(reader: Reader, method: Attempts) -> None:
    if method.counts is Counts.MIDDLE_MEAN and method.drop_low + method.drop_high >= method.attempts:
        reader.note(
            "drop",
            sentence(
                "%(drop)s of %(count)s are left out: none would be left.",
                drop=method.drop_low + method.drop_high,
                count=method.attempts,
            ),
        )
    if not method.failures_allowed:
        return
    if method.counts in (Counts.BEST, Counts.LAST):
        said = sentence("One try counts here; how many others may fail has no effect.")
        reader.note("failures_allowed", said)
    elif method.failures_allowed >= method.attempts:
        said = sentence("All tries may fail here; at least one must have a result.")
        reader.note("failures_allowed", said)


_METHODS: Mapping[Type, Callable[[Reader], Method | None]] = {
    Type.MEASUREMENT: _measurement,
    Type.JUDGEMENT: _judgement,
    Type.PANEL: _panel,
    Type.DEDUCTION: _deduction,
    Type.TIME: _time,
    Type.RECORD: _record,
    Type.ATTEMPTS: _attempts,
}
