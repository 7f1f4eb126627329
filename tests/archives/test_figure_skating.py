"""The figure-skating archive: every published total and rank comes out of the rules.

A small archive of the same shape is always read. The published one is read where it lies beside the project; the gate
says so where it does not.
"""

import copy
import csv
from decimal import Decimal
from pathlib import Path

import pytest

from competition.archives.figure_skating import ArchiveIncomplete, segments
from competition.rules.contest import evaluate, explain_place

ARCHIVE = Path(__file__).resolve().parents[3] / "shared" / "data" / "figure_skating"
ABSENT = ("ISU GP 2016 Progressive Skate America", "PAIRS SHORT PROGRAM", "J6")
COMPONENTS = ("Composition", "Performance", "Skating Skills")


def write(folder, name, columns, rows):
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split())
        writer.writerows(rows)


@pytest.fixture
def small_archive(tmp_path):
    """Two performances of one segment, of two elements and one; the third of three judges was absent once."""
    performed = "performance_id competition program name nation rank starting_number total_segment_score"
    write(
        tmp_path,
        "performances",
        performed + " total_element_score total_component_score total_deductions",
        [
            ("p1", "Cup", "MEN SHORT PROGRAM", "Anna", "CHN", 1, 2, "29.60", "8.60", "22.00", "1.00"),
            ("p2", "Cup", "MEN SHORT PROGRAM", "Bea", "ITA", 2, 1, "25.30", "3.30", "22.00", "0.00"),
        ],
    )
    elements = [
        ("x1", "p1", "elements", 1, "3A", "", "", "5.0", "", "0.5", "", "5.5"),
        ("x2", "p1", "elements", 2, "2A", "", "", "3.0", "", "0.1", "", "3.1"),
        ("x3", "p2", "elements", 1, "2A", "", "", "3.0", "", "0.3", "", "3.3"),
    ]
    components = [
        (f"{who}{name}", who, "components", "", name, "", "", "", "1.0", "", "", "7.00")
        for who in ("p1", "p2")
        for name in COMPONENTS
    ]
    aspects = "aspect_id performance_id section aspect_num aspect_desc info_flag credit_flag base_value factor goe ref"
    write(tmp_path, "judged-aspects", aspects + " scores_of_panel", elements + components)
    marks = [(row[0], judge, "7.0") for row in components for judge in ("J1", "J2", "J3")]
    absent = [(aspect, "J4", "0.0") for aspect, *_ in components]
    write(tmp_path, "judge-scores", "aspect_id judge score", marks + absent)
    write(
        tmp_path, "judge-goe", "aspect_id judge judge_goe", [("x1", f"J{n}", n / 10 + 0.3) for n in (1, 2, 3)]
    )
    write(
        tmp_path,
        "judges",
        "role program competition clean_judge_name",
        [(f"Judge No.{n}", "MEN SHORT PROGRAM", "Cup", f"Judge {n}") for n in (1, 2, 3, 4)],
    )
    write(tmp_path, "judge-country", "clean_judge_name judge_country", [("Judge 1", "CHN")])
    return tmp_path


def test_a_small_archive_becomes_one_contest(small_archive):
    (segment,) = segments(small_archive)
    outcome = evaluate(segment.document)
    assert (segment.competition, segment.program, len(segment.judges)) == ("Cup", "MEN SHORT PROGRAM", 4)
    assert segment.judges[0].country == "CHN"
    assert [(line.entrant, line.shown, line.place) for line in outcome.lines] == [
        ("p1", Decimal("28.60"), 1),
        ("p2", Decimal("24.30"), 2),
    ]


def test_a_component_of_zero_is_a_judge_who_was_not_there(small_archive):
    (segment,) = segments(small_archive)
    judges = {mark["judge"] for mark in segment.document["marks"] if "judge" in mark}
    assert judges == {"J1", "J2", "J3"}


def test_an_element_that_was_not_performed_is_marked_as_such(small_archive):
    (segment,) = segments(small_archive)
    states = [(mark["entrant"], mark["aspect"]) for mark in segment.document["marks"] if "state" in mark]
    assert states == [("p2", "element-2")]


def test_a_folder_without_the_files_is_refused_by_name(tmp_path):
    with pytest.raises(ArchiveIncomplete, match=r"performances\.csv"):
        list(segments(tmp_path))


def agreeing(published_segments):
    """How many performances there are, and how many totals and ranks come out as published."""
    performances = totals = ranks = 0
    for segment in published_segments:
        outcome = evaluate(segment.document)
        for published in segment.published:
            line = outcome.line(published.entrant)
            performances += 1
            totals += line.total == published.total
            ranks += line.place == published.rank
    return performances, totals, ranks


def with_the_absent_judge_as_zero(segment):
    """The mistake: the 0.0 of the absent judge counted as a mark."""
    if (segment.competition, segment.program) != ABSENT[:2]:
        return segment.document
    marks = segment.document["marks"]
    zeros = [
        {"entrant": entrant["id"], "aspect": f"component-{number}", "judge": ABSENT[2], "value": "0"}
        for entrant in segment.document["entrants"]
        for number in range(1, 6)
    ]
    return {**segment.document, "marks": marks + zeros}


def without_rounding_after_the_factor(segment):
    """The mistake: components × factor added unrounded, only the total rounded."""
    document = copy.deepcopy(segment.document)
    scheme = document["ruleset"]["scheme"]
    scheme["rounding"] = {"digits": 2, "mode": "half_up"}
    for component in scheme["children"][1]["children"]:
        del component["rounding"]
    return document


def totals_under(mistake, published_segments):
    agreeing_totals = 0
    for segment in published_segments:
        outcome = evaluate(mistake(segment))
        agreeing_totals += sum(outcome.line(each.entrant).total == each.total for each in segment.published)
    return agreeing_totals


if ARCHIVE.is_dir():

    @pytest.fixture(scope="module")
    def published():
        return list(segments(ARCHIVE))

    def test_every_published_total_and_rank_is_reproduced(published):
        assert len(published) == 152
        assert agreeing(published) == (1726, 1726, 1726)

    def test_the_three_real_ties_are_told_apart_by_the_stated_part(published):
        ties = [
            (segment.competition, line.total)
            for segment in published
            for outcome in [evaluate(segment.document)]
            for line, below in zip(outcome.lines, outcome.lines[1:], strict=False)
            if line.total == below.total
            and "decides" in " ".join(map(str, explain_place(outcome, line.entrant)))
        ]
        assert sorted(total for _, total in ties) == [Decimal("53.15"), Decimal("66.90"), Decimal("80.62")]

    def test_the_absent_judge_counted_as_zero_loses_eight_totals(published):
        assert totals_under(with_the_absent_judge_as_zero, published) == 1718

    def test_without_the_rounding_after_the_factor_a_third_of_the_totals_is_wrong(published):
        assert totals_under(without_rounding_after_the_factor, published) == 1203
