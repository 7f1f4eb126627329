"""A contest document (rule set, entrants, marks) and its outcome: totals, places, awards, what is missing, the working.

Format "skillsladder.contest/1". `evaluate` is the one way from marks to places: the results pages, the command line, the
replay of published archives and the recomputation of an old result all go through it. Whoever is incomplete has no total
and no place; whoever is absent, has withdrawn or was disqualified keeps the record and has no place.
"""

from competition.rules.contest.document import (
    FORMAT,
    Contest,
    ContestInvalid,
    Entrant,
    EntrantStatus,
    Judge,
)
from competition.rules.contest.evaluation import evaluate, outcome_of, reckonings_of
from competition.rules.contest.outcome import OUTCOME_FORMAT, Line, Outcome, explain_award, explain_place
from competition.rules.contest.reading import parse, problems
from competition.rules.contest.stages import entered_so_far
from competition.rules.marking import MarkState

NOT_ATTEMPTED = MarkState.NOT_ATTEMPTED.value

__all__ = [
    "FORMAT",
    "NOT_ATTEMPTED",
    "OUTCOME_FORMAT",
    "Contest",
    "ContestInvalid",
    "Entrant",
    "EntrantStatus",
    "Judge",
    "Line",
    "Outcome",
    "entered_so_far",
    "evaluate",
    "explain_award",
    "explain_place",
    "outcome_of",
    "parse",
    "problems",
    "reckonings_of",
]
