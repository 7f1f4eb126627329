"""Marking: what the marks of an entrant are worth, aspect by aspect and up the tree, with the working shown.

Source: docs/sources.md, judging §1.2 and §1.3 (measurement; judgement: maximum × sum of levels ÷ (3 × judges), spread at most 1),
judging §4 (panels: trimmed mean, declared value, factor; tries; majority), domain §5.2–5.6.
The order at an aspect: the panel's value, its rounding, the declared value, × factor, floor and cap, rounding; at a group:
the parts combined, what voids them or takes a percentage off, points taken off, × factor, floor and cap, rounding. A missing
mark is not zero: it leaves the aspect, and everything above it, without a value and says what is missing.
"""

from competition.rules.marking.given import (
    ADJUSTMENTS,
    Entry,
    Given,
    MarkKind,
    MarkState,
    mark_refusal,
    record,
    state_refusal,
)
from competition.rules.marking.judges import untrimmed
from competition.rules.marking.reckoning import Reckoning
from competition.rules.marking.tries import ranked_try
from competition.rules.marking.words import ADJUSTMENT_WORDS, STATE_WORDS
from competition.rules.marking.working import Input, Step, Working

__all__ = [
    "ADJUSTMENTS",
    "ADJUSTMENT_WORDS",
    "STATE_WORDS",
    "Entry",
    "Given",
    "Input",
    "MarkKind",
    "MarkState",
    "Reckoning",
    "Step",
    "Working",
    "mark_refusal",
    "ranked_try",
    "record",
    "state_refusal",
    "untrimmed",
]
