"""The acceptance list of the judging reference (judging §7), and which tests answer for each item.

The table is the answer to “where is this tested?”; below it stands only what no other test says exactly.
"""

import ast
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from competition.rules.contest import evaluate
from tests.rules.contests import by_judges, contest, judgement, ruleset

TESTS = Path(__file__).resolve().parent.parent

ACCEPTANCE = {
    "1. Import a CIS sheet, compute all sums again, report 16.75 ≠ 17 and the WSOS variation": {
        "services/test_cis_workbooks.py": (
            "test_a_criterion_that_declares_17_while_its_aspects_make_16_75_is_named_at_its_cell",
            "test_the_declared_mark_stays_in_the_rule_set_so_that_its_checker_names_the_difference_too",
            "test_totals_without_a_saved_value_are_computed_from_the_aspects",
            "test_the_variation_is_computed_for_each_section_and_in_all",
            "test_what_is_wrong_with_a_row_is_said_in_a_sentence_at_its_cell",
        ),
        "pages/test_rule_set_pages.py": (
            "test_a_cis_workbook_is_shown_with_its_findings_and_sections_and_nothing_is_stored",
        ),
    },
    "2. A judgement of 2.00 with 3, 2, 2 is 1.56 (14/9); 3, 1, 2 is rejected": {
        "rules/test_marking.py": (
            "test_a_judgement_is_the_maximum_times_the_levels_over_nine",
            "test_levels_more_than_one_apart_block_the_aspect_until_they_are_judged_again",
        ),
        "services/test_scoring_operations.py": (
            "test_levels_too_far_apart_are_discussed_and_keep_the_sheet_from_being_signed",
        ),
    },
    "3. A compatriot cannot be assigned unless the switch is on": {
        "services/test_panels.py": (
            "test_a_judge_of_the_own_delegation_needs_an_alternate_first",
            "test_a_judge_of_the_own_delegation_marks_it_where_the_rule_set_allows_it",
        ),
    },
    "4. What is signed is locked; an edit needs reopening, a reason and leaves an audit entry": {
        "services/test_scoring_operations.py": (
            "test_a_signed_sheet_does_not_change_and_the_late_value_is_listed",
        ),
        "services/test_scoring_sheets.py": (
            "test_the_chief_judge_confirms_and_reopens_with_a_reason",
            "test_nobody_confirms_or_reopens_the_own_signature",
            "test_the_marking_is_reopened_with_a_reason",
        ),
    },
    "5. Ties of medals in a window of 2 points": {
        "rules/test_medals.py": (
            "test_medals_of_the_acceptance_list",
            "test_groups_are_anchored_on_their_best_so_that_a_chain_does_not_grow",
        ),
    },
    "6. The figure-skating archive is replayed through the rule engine: 1,726 of 1,726": {
        "archives/test_figure_skating.py": (
            "test_every_published_total_and_rank_is_reproduced",
            "test_the_three_real_ties_are_told_apart_by_the_stated_part",
            "test_the_absent_judge_counted_as_zero_loses_eight_totals",
            "test_without_the_rounding_after_the_factor_a_third_of_the_totals_is_wrong",
        ),
    },
    "7. α, ICC and W of the published vectors": {
        "rules/test_agreement.py": (
            "test_alpha_of_the_published_table",
            "test_intraclass_correlations_of_the_published_table",
            "test_concordance_of_the_published_table",
        ),
    },
}


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("item", ACCEPTANCE)
def test_every_item_of_the_list_has_its_tests(item: str) -> None:
    named = {(file, test) for file, tests in ACCEPTANCE[item].items() for test in tests}
    assert {(file, test) for file, test in named if test not in functions_of(file)} == set()


def test_levels_3_2_2_of_a_judgement_of_2_are_exactly_fourteen_ninths() -> None:
    line = evaluate(contest(ruleset(judgement("J", "2.00")), by_judges("e", "J", 3, 2, 2), ["e"])).line("e")
    assert (line.values["J"], str(line.shown)) == (Fraction(14, 9), "1.56")


def test_levels_3_1_2_of_a_judgement_of_2_have_no_value() -> None:
    line = evaluate(contest(ruleset(judgement("J", "2.00")), by_judges("e", "J", 3, 1, 2), ["e"])).line("e")
    assert (line.complete, line.total) == (False, None)
