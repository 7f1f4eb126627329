"""CIS marking-scheme workbooks: read, summed again, turned into a rule set (judging §1.5, §7 item 1)."""

from decimal import Decimal
from typing import Any

import pytest

from competition.competitions import queries
from competition.competitions.cis_scheme import knows, rule_set_of
from competition.competitions.cis_tree import CisScheme, Limits, Weight
from competition.competitions.cis_workbook import read_cis_workbook
from competition.errors import RuleBroken
from tests.builders import cis_workbooks as a

D = Decimal


def read(content: bytes, **limits: Decimal) -> CisScheme:
    return read_cis_workbook(content, "scheme.xlsx", limits=Limits(**limits) if limits else None)


def wide(content: bytes) -> CisScheme:
    """Read without a word about aspects of more than two marks."""
    return read(content, aspect_max=D(100))


def said(scheme: CisScheme) -> list[tuple[str, str]]:
    return [(each.cell, str(each.sentence)) for each in scheme.findings]


def document_of(scheme: CisScheme, before: dict[str, Any] | None = None) -> dict[str, Any]:
    rules = queries.starter("measurement_and_judgement")
    return rule_set_of(scheme, rules=rules, before=before or {})


def aspects_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    criteria = document["scheme"]["children"]
    return [aspect for one in criteria for sub in one["children"] for aspect in sub["children"]]


def ids(document: dict[str, Any]) -> dict[str, str]:
    return {each["title"]["zh"]: each["id"] for each in aspects_of(document)}


def seventeen() -> dict[str, Any]:
    """A declares 17 while its aspects make 16.75; B makes up for it, so that the whole is 100."""
    small = [a.aspect("M", f"Point {number}", "1.50") for number in range(11)]
    rest = [a.aspect("M", f"Step {number}", 2) for number in range(41)]
    return {
        "A": (17, [a.sub("A1", "Set-up"), *small, a.aspect("M", "Last", 0.25)]),
        "B": ("83.25", [a.sub("B1", "Work"), *rest, a.aspect("M", "Rest", "1.25")]),
    }


def test_a_criterion_that_declares_17_while_its_aspects_make_16_75_is_named_at_its_cell() -> None:
    scheme = read(a.workbook(seventeen()))
    (found,) = scheme.findings
    assert found.weight is Weight.PROBLEM
    assert said(scheme) == [
        ("K8", "The criterion A declares 17, its aspects make 16.75: a difference of 0.25.")
    ]


def test_the_declared_mark_stays_in_the_rule_set_so_that_its_checker_names_the_difference_too() -> None:
    problems = queries.rule_set_problems(document_of(read(a.workbook(seventeen()))))
    assert [each.path for each in problems] == ["/scheme/children/0/max"]


def test_a_scheme_without_errors_is_a_sound_rule_set() -> None:
    document = document_of(wide(a.workbook(a.whole())))
    assert queries.rule_set_problems(document) == ()
    assert [each["type"] for each in aspects_of(document)] == ["measurement", "judgement", "measurement"]


def test_a_judgement_has_three_judges_and_its_four_descriptors() -> None:
    judgement = aspects_of(document_of(wide(a.workbook(a.whole()))))[1]
    assert (judgement["judges"], judgement["max_spread"], judgement["max"]) == (3, 1, 10)
    assert [each["zh"] for each in judgement["descriptors"]] == ["poor", "fair", "good", "excellent"]


def test_the_day_and_the_requirement_are_said_on_the_sheet() -> None:
    document = document_of(wide(a.workbook(a.whole())))
    assert document["scheme"]["children"][1]["children"][0]["title"]["zh"] == "B1 Seam（第2天）"
    assert aspects_of(document)[2]["title"]["en"] == "Width (requirement: 8.5 mm)"


def test_every_sub_criterion_has_a_sheet_of_its_own() -> None:
    parsed = queries.ruleset.parse(document_of(wide(a.workbook(a.whole()))))
    assert [each.id for each in queries.modules_of(parsed)] == ["A1", "B1"]


@pytest.mark.parametrize("blanks", [0, 3, 40])
def test_landmarks_are_found_by_their_words_wherever_they_stand(blanks: int) -> None:
    scheme = wide(a.workbook(a.whole(), blanks=blanks))
    assert (scheme.title, scheme.total, scheme.findings) == ("10 Welding", 100, ())


def test_totals_without_a_saved_value_are_computed_from_the_aspects() -> None:
    blocks = {letter: (a.UNSAVED, rows) for letter, (_, rows) in a.whole().items()}
    scheme = wide(a.workbook(blocks))
    assert [each.carried for each in scheme.criteria] == [40, 60]
    assert {each.weight for each in scheme.findings} == {Weight.WARNING}
    assert "a formula whose value was not saved. The sum of its aspects, 40, is taken." in said(scheme)[0][1]
    assert queries.rule_set_problems(document_of(scheme)) == ()


def test_the_variation_is_computed_for_each_section_and_in_all() -> None:
    sections = [(1, "Organisation", "45"), ("2", "Welding", 55.0)]
    rows = {"A": (100, [a.sub("A1", "All"), a.aspect("M", "x", 38, "1"), a.aspect("M", "y", 62, 2)])}
    scheme = wide(a.workbook(rows, sections=sections))
    assert [(each.declared, each.carried, each.difference) for each in scheme.sections] == [
        (45, 38, 7),
        (55, 62, 7),
    ]
    assert scheme.variation == 14
    assert [each.weight for each in scheme.findings] == [Weight.WARNING, Weight.WARNING]


def test_how_far_a_section_may_be_off_is_a_setting() -> None:
    sections = [(1, "Organisation", 95), (2, "Welding", 5)]
    content = a.workbook(a.whole(), sections=sections)
    assert [cell for cell, _ in said(wide(content))] == []
    scheme = read(content, aspect_max=D(100), section_deviation=D("4.99"))
    assert [cell for cell, _ in said(scheme)] == ["I4", "I5"]


@pytest.mark.parametrize(
    ("row", "weight", "words"),
    [
        (a.aspect("S", "Taste", 1), Weight.REFUSED, "type S (subjective, 1 to 10) no longer exists"),
        (a.aspect("X", "Taste", 1), Weight.REFUSED, "“X” is no type of aspect"),
        (a.aspect("M", "Nothing", None), Weight.PROBLEM, "must be a number greater than 0"),
        (a.aspect("M", "Minus", -1), Weight.PROBLEM, "must be a number greater than 0"),
        (a.aspect("M", "Big", "2.01"), Weight.WARNING, "carries 2.01 marks; one aspect should carry at most 2.00"),
        (a.aspect("M", "Fine", "0.125"), Weight.WARNING, "0.125 has more than two decimals"),
        (a.aspect("M", "Elsewhere", 1, 9), Weight.WARNING, "The WSOS section 9 is not in the table"),
        (a.aspect("M", "Nowhere", 1, None), Weight.WARNING, "names no WSOS section"),
        (a.aspect("M", "Counted", 1, calculation=1), Weight.WARNING, "CIS calculates this mark"),
        (a.aspect("J", "Bare", 1), Weight.PROBLEM, "missing for these levels: 0, 1, 2, 3"),
        (a.aspect("M", "", 1), Weight.PROBLEM, "description of the aspect is missing"),
        (a.levels("poor")[0], Weight.WARNING, "belongs below an aspect of the type J"),
        ((None, None, None, None, "No type", None, None, None, 1, None, 1), Weight.REFUSED, "no aspect type"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said_in_a_sentence_at_its_cell(row, weight, words) -> None:
    content = a.workbook({"A": (100, [a.sub("A1", "All"), row, a.aspect("M", "Another", 1)])})
    found = next(each for each in read(content).findings if words in str(each.sentence))
    assert found.weight is weight
    assert found.cell[1:] == "13"


def test_the_level_that_has_no_descriptor_is_named_and_shown_as_not_described() -> None:
    rows = [a.sub("A1", "All"), a.aspect("J", "Order", 100), *a.levels("poor", None, "good", "excellent")]
    scheme = wide(a.workbook({"A": (100, rows)}))
    assert said(scheme) == [("D13", "Descriptors are missing for these levels: 1.")]
    assert aspects_of(document_of(scheme))[0]["descriptors"][1]["en"] == "(not described)"


def test_a_total_of_less_than_a_hundred_is_an_error() -> None:
    scheme = wide(a.workbook({"A": (40, a.whole()["A"][1])}, sections=[(1, "All", 40)]))
    assert said(scheme) == [("K8", "All aspects together make 40, not 100.")]


def test_a_criterion_without_a_block_and_a_block_without_a_criterion_are_named() -> None:
    blocks = {**a.whole(), "C": (5, [])}
    scheme = wide(a.workbook(blocks))
    assert ("K10", "The criterion C declares 5, its aspects make 0: a difference of 5.") in said(scheme)


def test_an_aspect_that_cis_calculates_is_recorded_as_its_mark() -> None:
    rows = [a.sub("A1", "All"), a.aspect("M", "Bolts", 100, calculation=2)]
    aspect = aspects_of(document_of(wide(a.workbook({"A": (100, rows)}))))[0]
    assert (aspect["mode"], aspect["step"]) == ("value", "0.01")


def test_a_scheme_with_an_aspect_that_cannot_be_read_is_not_usable() -> None:
    assert not read(a.workbook({"A": (100, [a.sub("A1", "All"), a.aspect("S", "Taste", 1)])})).is_usable


def test_an_inserted_row_does_not_rename_the_aspects_below_it() -> None:
    first = document_of(wide(a.workbook(a.whole())))
    blocks = a.whole()
    blocks["A"][1].insert(1, a.aspect("M", "New first row", 1))
    scheme = wide(a.workbook(blocks))
    assert knows(first["scheme"], scheme)
    again = ids(document_of(scheme, first["scheme"]))
    assert again == {**ids(first), "New first row": "A1.3"}


def test_another_scheme_is_not_taken_for_an_earlier_state() -> None:
    assert not knows(queries.starter("blank")["scheme"], wide(a.workbook(a.whole())))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (a.workbook(a.whole(), sheet="Sheet1"), "no sheet “CIS Marking Scheme Import”. Its sheets: Sheet1."),
        (a.empty_workbook(), "The sheet “CIS Marking Scheme Import” is empty."),
        (a.workbook({}), "No aspects were found."),
        (b"PK\x03\x04 not a workbook", "damaged or incomplete"),
        (b"{}", "not an Excel workbook"),
    ],
)
def test_what_is_no_cis_workbook_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(RuleBroken, match=words.replace("(", r"\(")):
        read(content)
