"""What is measured or entered once for an aspect: measurements, times, records and deductions."""

from fractions import Fraction

from competition.rules.marking.given import Given, MarkKind
from competition.rules.marking.working import Notes
from competition.rules.numbers import spelled, total_of
from competition.rules.scheme import (
    Aspect,
    Binary,
    ConvertedTime,
    Count,
    CutOff,
    Deduction,
    Effect,
    Linear,
    Method,
    Record,
    Time,
    Tolerance,
    Value,
)
from competition.rules.sentences import Sentence, sentence

_ZERO = Fraction(0)


def measured_value(aspect: Aspect, given: Given, measured: Fraction, notes: Notes | None) -> Fraction | None:
    """The marks for what was measured; a time is None where it is beyond a cut-off that leaves no time."""
    method = aspect.method
    if notes is not None:
        notes.input(MarkKind.MARK, None, measured)
    if isinstance(method, Time):
        return _time(method, given, measured, notes)
    if isinstance(method, Linear):
        return _linear(aspect, method, measured, notes)
    if notes is None and isinstance(method, Value | Record):
        return measured  # the value needs no words; there are millions of these
    value, said = _measured(method, measured)
    if notes is not None:
        notes.step("measurement", value, said)
    return value


def _measured(method: Method, measured: Fraction) -> tuple[Fraction, Sentence]:
    match method:
        case Binary():
            value = method.max if measured else _ZERO
            said = sentence("Fulfilled: full marks.") if measured else sentence("Not fulfilled: no marks.")
        case Count():
            value = method.max * measured / method.possible
            said = sentence(
                "%(max)s × %(done)s completed ÷ %(possible)s possible = %(value)s.",
                max=spelled(method.max),
                done=spelled(measured),
                possible=method.possible,
                value=spelled(value),
            )
        case Tolerance():
            deviation = abs(measured - method.target)
            value = next((band.award for band in method.bands if deviation <= band.up_to), _ZERO)
            said = sentence(
                "%(measured)s deviates by %(deviation)s from %(target)s: %(value)s.",
                measured=spelled(measured),
                deviation=spelled(deviation),
                target=spelled(method.target),
                value=spelled(value),
            )
        case ConvertedTime():
            value, said = _converted(method, measured)
        case Record():
            value = measured
            said = sentence("Recorded for comparisons: %(value)s.", value=spelled(measured))
        case _:
            value = measured
            said = sentence("Mark recorded: %(value)s.", value=spelled(measured))
    return value, said


def _converted(method: ConvertedTime, seconds: Fraction) -> tuple[Fraction, Sentence]:
    words = {
        "seconds": spelled(seconds),
        "full": spelled(method.full_within),
        "none": spelled(method.none_after),
    }
    if seconds <= method.full_within:
        return method.max, sentence("%(seconds)s seconds are within %(full)s: full marks.", **words)
    if seconds >= method.none_after:
        return _ZERO, sentence("%(seconds)s seconds are not below %(none)s: no marks.", **words)
    value = method.max * (method.none_after - seconds) / (method.none_after - method.full_within)
    said = sentence(
        "%(max)s × (%(none)s − %(seconds)s) ÷ (%(none)s − %(full)s) = %(value)s.",
        max=spelled(method.max),
        value=spelled(value),
        **words,
    )
    return value, said


def _linear(aspect: Aspect, method: Linear, measured: Fraction, notes: Notes | None) -> Fraction:
    """The formula, never above its maximum, and not below 0 unless the aspect has a floor of its own."""
    raw = method.base + method.rate * measured
    lowest = _ZERO if aspect.floor is None else raw
    value = min(max(raw, lowest), method.max)
    if notes is None:
        return value
    said = sentence(
        "%(base)s + %(rate)s × %(measured)s = %(value)s.",
        base=spelled(method.base),
        rate=spelled(method.rate),
        measured=spelled(measured),
        value=spelled(raw),
    )
    notes.step("measurement", raw, said)
    if value > raw:
        notes.step("limit", value, sentence("The marks cannot fall below 0."))
    elif value < raw:
        notes.step("limit", value, sentence("The marks cannot rise above %(max)s.", max=spelled(method.max)))
    return value


# Times.


def _time(method: Time, given: Given, measured: Fraction, notes: Notes | None) -> Fraction | None:
    """The time taken − pauses − bonuses + penalties, never below 0; then the cut-off."""
    if notes is not None:
        said = sentence("Time recorded: %(seconds)s seconds.", seconds=spelled(measured))
        notes.step("measurement", measured, said)
    value = measured if given.adjustments is None else _adjusted(given, measured, notes)
    if method.cut_off is None or value <= method.cut_off:
        return value
    is_capped = method.cut_off_effect is CutOff.CAP
    if notes is not None:
        cut_off = spelled(method.cut_off)
        if is_capped:
            said = sentence(
                "Beyond the cut-off of %(cut_off)s seconds, which counts instead.", cut_off=cut_off
            )
        else:
            said = sentence("Beyond the cut-off of %(cut_off)s seconds: no time.", cut_off=cut_off)
        notes.step("cut_off", method.cut_off if is_capped else None, said)
    return method.cut_off if is_capped else None


def _adjusted(given: Given, measured: Fraction, notes: Notes | None) -> Fraction:
    adjustments = given.adjustments or ()
    sums = {
        kind: total_of([entry.value for each, entry in adjustments if each is kind])
        for kind in (MarkKind.PAUSE, MarkKind.BONUS, MarkKind.PENALTY)
    }
    value = measured - sums[MarkKind.PAUSE] - sums[MarkKind.BONUS] + sums[MarkKind.PENALTY]
    value = max(value, _ZERO)
    if notes is not None:
        for kind, entry in adjustments:
            notes.input(kind, entry.judge, entry.value, note=entry.note)
        said = sentence(
            "%(measured)s − pauses of %(pauses)s − bonuses of %(bonuses)s + penalties of %(penalties)s = %(value)s"
            " seconds, never below 0.",
            measured=spelled(measured),
            pauses=spelled(sums[MarkKind.PAUSE]),
            bonuses=spelled(sums[MarkKind.BONUS]),
            penalties=spelled(sums[MarkKind.PENALTY]),
            value=spelled(value),
        )
        notes.step("adjustments", value, said)
    return value


# Deductions.


def deducted(method: Deduction, given: Given, notes: Notes | None) -> Fraction:
    """Minus the sum of the entries; what that takes off is for the group it stands in."""
    total = total_of([entry.value for entry in given.entries])
    if notes is not None:
        for entry in given.entries:
            notes.input(MarkKind.ENTRY, entry.judge, entry.value, note=entry.note)
        notes.step("entries", -total, _said_of_entries(method.effect, len(given.entries), total))
    return -total


def _said_of_entries(effect: Effect, count: int, total: Fraction) -> Sentence:
    if not count:
        return sentence("Nothing to deduct.")
    match effect:
        case Effect.POINTS:
            return sentence("Entries: %(count)s. To deduct: %(sum)s.", count=count, sum=spelled(total))
        case Effect.PERCENT:
            return sentence(
                "Entries: %(count)s. To deduct: %(sum)s percent.", count=count, sum=spelled(total)
            )
        case Effect.VOID:
            return sentence("Violations: %(count)s. They void the marks beside them.", count=count)
