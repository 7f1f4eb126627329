"""Results: prepare a revision, publish it by two people, declare it final, send the winners up."""

from competition.results.services.advancements import advance_winners, settle_tie
from competition.results.services.award_decisions import AS_COMPUTED, compute_with_award, decide_award
from competition.results.services.finals import FINAL, Foreseen, declare_final, declare_final_if_due, foresee
from competition.results.services.publications import Checked, approve_publication, check_revision
from competition.results.services.revisions import (
    Computed,
    compute,
    compute_decided,
    decide_tie,
    prepare_revision,
)

__all__ = [
    "AS_COMPUTED",
    "FINAL",
    "Checked",
    "Computed",
    "Foreseen",
    "advance_winners",
    "approve_publication",
    "check_revision",
    "compute",
    "compute_decided",
    "compute_with_award",
    "decide_award",
    "decide_tie",
    "declare_final",
    "declare_final_if_due",
    "foresee",
    "prepare_revision",
    "settle_tie",
]
