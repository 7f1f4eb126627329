"""Read what the marks say about the judges, and what calibration showed."""

from competition.judge_statistics.queries.calibrations import (
    Calibrated,
    calibrated,
    judged_aspects,
    own_marks,
    piece_for,
    piece_for_judge,
    pieces_for_judge,
    pieces_of,
)
from competition.judge_statistics.queries.statistics import Marked, marked, moved_by, outcome, range_of

__all__ = [
    "Calibrated",
    "Marked",
    "calibrated",
    "judged_aspects",
    "marked",
    "moved_by",
    "outcome",
    "own_marks",
    "piece_for",
    "piece_for_judge",
    "pieces_for_judge",
    "pieces_of",
    "range_of",
]
