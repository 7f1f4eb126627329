"""The independent verifier: it equals the engine, finds every changed digit, and is what it says it is."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from competition.gate.verifier import bundle_from, differences
from competition.orm import fingerprint
from competition.rules import contest
from competition.verification import verify_awards, verify_results
from tests.rules.contests import DOCUMENTS, aspect, by_judges, document, group, panel, ruleset, value_aspect
from tests.rules.contests import contest as contest_of
from tests.rules.generated_contests import generated_contest, signed_sheets

FOLDER = Path(verify_results.__file__).parent
PROGRAMS = (FOLDER / "verify_results.py", FOLDER / "verify_awards.py")
MOST_LINES, WIDEST = 400, 110


def found_in(bundle, **given):
    return [*verify_results.check(bundle, **given), *verify_awards.check(bundle)]


# --- what it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_a_stranger_can_read_the_whole_program(program):
    lines = program.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= WIDEST


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_it_imports_the_standard_library_only(program):
    tree = ast.parse(program.read_text(encoding="utf-8"), feature_version=(3, 9))
    named = [name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names]
    named += [each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in named} <= {*sys.stdlib_module_names, "verify_awards"}


# --- it equals the engine -------------------------------------------------------------------------


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_verifier_and_engine_agree_on_generated_contests(start):
    found = {seed: differences(generated_contest(seed)) for seed in range(start, start + 50)}
    assert {seed: each for seed, each in found.items() if each} == {}


@pytest.mark.parametrize("start", range(400, 600, 50))
def test_the_sheets_signed_after_discussions_are_what_counts_in_generated_contests(start):
    discussed = 0
    for seed in range(start, start + 50):
        made = generated_contest(seed)
        discussed += any(mark.get("round", 1) > 1 for mark in made["marks"])
        assert (seed, found_in(with_sheets(made))) == (seed, [])
    assert discussed >= 10


def with_sheets(made):
    """The bundle of a contest with the sheets of its judges."""
    plain = bundle_from(made, contest.evaluate(made))
    plain["sheets"] = signed_sheets(plain["contest"])
    counted = {"expected": len(plain["sheets"]), "received": len(plain["sheets"])}
    plain["reconciliation"] |= counted
    plain["revision"]["hash"] = revision_hash(plain)
    return plain


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_verifier_and_engine_agree_on_the_example_documents(path):
    assert differences(document(path)) == []


# --- a changed digit is found ---------------------------------------------------------------------


@pytest.fixture
def bundle():
    """A contest with a sheet for each judge, signed: two tie, one is behind."""
    rules = ruleset(
        panel("piece", 2, "mean"),
        group("theory", value_aspect("paper")),
        awards={"model": "counts", "awards": [{"id": "first", "title": {"zh": "一等奖"}, "count": 2}]},
        honours=[{"id": "expert", "title": {"zh": "技术能手"}, "places": 1}],
        teams={"by": "team", "value": {"combine": "sum"}},
        scales=[{"id": "scale", "title": {"zh": "标尺"}, "kind": "worldskills_style", "node": "total"}],
    )
    values = {"x": (80, 90, 70), "y": (90, 80, 70), "z": (60, 61, 50)}
    marks = []
    for name, (one, two, paper) in values.items():
        marks += [*by_judges(name, "piece", one, two), (name, "paper", None, paper)]
    entrants = [{"id": name, "team": "A" if name == "x" else "B"} for name in values]
    made = contest_of(rules, marks, entrants=entrants, judges="ab")
    plain = bundle_from(made, contest.evaluate(made))
    plain["sheets"] = [signed_sheet(plain["contest"], name, judge) for name in values for judge in "ab"]
    plain["reconciliation"] = {"expected": 6, "received": 6, "void": 0, "missing": 0}
    plain["revision"]["approvals"] = [
        {"by": "P1", "at": "2026-11-22T08:00:00.000000+00:00"},
        {"by": "P2", "at": "2026-11-22T09:00:00.000000+00:00"},
    ]
    plain["revision"]["published_at"] = "2026-11-22T09:00:00.000000+00:00"
    plain["audit"] = {"number": 7, "head": "ab" * 32}
    plain["revision"]["hash"] = revision_hash(plain)
    return plain


def signed_sheet(document, entrant, judge):
    own = [mark for mark in document["marks"] if mark["entrant"] == entrant]
    mine = [mark for mark in own if mark.get("judge", "a") == judge]
    content = {
        "sheet": f"{entrant}{judge}",
        "module": "total",
        "code": f"0{entrant}",
        "cells": [[mark["aspect"], "mark", str(mark["value"]), "value", 1, 1] for mark in mine],
    }
    at = {"signed_at": "2026-11-22T07:00:00.000000+00:00", "confirmed_at": None}
    return {**content, **at, "entrant": entrant, "judge": judge, "hash": fingerprint(content)}


def revision_hash(plain):
    return fingerprint({key: plain[key] for key in ("contest", "lines", "sheets")})


def change(plain, path, value):
    *way, last = path.split("/")
    part = plain
    for key in way:
        part = part[int(key) if key.isdigit() else key]
    part[int(last) if last.isdigit() else last] = value


def test_an_untouched_bundle_passes(bundle):
    assert found_in(bundle, printed=bundle["revision"]["hash"].upper(), head="AB" * 32) == []


@pytest.mark.parametrize(
    ("path", "value", "check", "place"),
    [
        ("contest/marks/0/value", 81, "4.2", "/contest/marks (x, piece, 81)"),
        ("contest/marks/0/value", 81, "5.1", "/outcome/lines/0/values/piece (x)"),
        ("contest/marks/0/value", 81, "2.1", "/revision/hash"),
        ("contest/marks/0/judge", "c", "1.3", "/contest/marks/0 (x, piece)"),
        ("contest/marks/0/entrant", "y", "1.3", "/contest/marks/3 (y, piece)"),
        ("contest/entrants/0/id", "w", "1.1", "/lines (x)"),
        ("lines/0/entrant", "w", "1.1", "/lines (w)"),
        ("outcome/lines/0/values/total", "156", "5.1", "/outcome/lines/0/values/total (x)"),
        ("outcome/lines/0/exact", "156", "5.2", "/outcome/lines/0/exact (x)"),
        ("outcome/lines/0/total", "156", "5.2", "/outcome/lines/0/total (x)"),
        ("outcome/lines/0/complete", False, "5.2", "/outcome/lines/0/complete (x)"),
        ("outcome/lines/0/status", "absent", "5.2", "/outcome/lines/0/status (x)"),
        ("outcome/lines/0/not_passed", ["total"], "5.2", "/outcome/lines/0/not_passed (x)"),
        ("outcome/lines/2/place", 2, "5.3", "/outcome/lines/2/place (z)"),
        ("outcome/lines/0/shared", False, "5.3", "/outcome/lines/0/shared (x)"),
        ("outcome/lines/2/award", "first", "6.2", "/outcome/lines/2/award (z)"),
        ("outcome/lines/2/award_place", 2, "6.2", "/outcome/lines/2/award_place (z)"),
        ("outcome/lines/0/scaled/scale", "718", "6.1", "/outcome/lines/0/scaled/scale (x)"),
        ("outcome/honours/0/place", 2, "6.3", "/outcome/honours/0/place"),
        ("outcome/teams/0/value", "156", "6.4", "/outcome/teams/0/value"),
        ("outcome/teams/1/place", 1, "6.4", "/outcome/teams/1/place"),
        ("lines/2/total", "110.60", "5.2", "/lines/2/total (z)"),
        ("lines/2/place", 2, "5.3", "/lines/2/place (z)"),
        ("lines/2/status", "absent", "5.2", "/lines/2/status (z)"),
        ("lines/2/award", "first", "6.2", "/lines/2/award (z)"),
        ("lines/2/award", "first", "2.1", "/revision/hash"),
        ("revision/hash", "0" * 64, "2.1", "/revision/hash"),
        ("reconciliation/expected", 7, "1.2", "/reconciliation/expected"),
        ("reconciliation/received", 5, "1.2", "/reconciliation/received"),
        ("sheets/0/hash", "0" * 64, "4.1", "/sheets/0/hash (total, 0x, a)"),
        ("sheets/0/code", "0y", "4.1", "/sheets/0/hash (total, 0y, a)"),
        ("sheets/0/cells/0/2", "81", "4.1", "/sheets/0/hash (total, 0x, a)"),
        ("sheets/0/cells/0/2", "81", "4.2", "/contest/marks (x, piece, 81)"),
        ("sheets/0/signed_at", "2026-11-23T07", "3.1", "/sheets/0/signed_at (total, 0x, a)"),
        ("sheets/0/signed_at", "2026-11-21T07", "2.1", "/revision/hash"),
        ("revision/approvals/1/at", "2026-11-20", "3.1", "/revision/approvals/1/at"),
        ("revision/approvals/1/by", "P1", "3.1", "/revision/approvals"),
    ],
)
def test_a_changed_digit_is_found_with_its_check_and_its_place(bundle, path, value, check, place):
    change(bundle, path, value)
    assert (check, place) in {(each.check, each.place) for each in verify_all(bundle)}


def verify_all(bundle):
    """Both programs, as the first runs them: what the second cannot read any more, the first has named."""
    found = verify_results.check(bundle)
    try:
        return [*found, *verify_awards.check(bundle)]
    except (KeyError, TypeError):
        return found


@pytest.mark.parametrize(("option", "check"), [("printed", "2.2"), ("head", "2.3")])
def test_another_hash_than_the_one_on_paper_is_found(bundle, option, check):
    assert [each.check for each in found_in(bundle, **{option: "cd" * 32})] == [check]


def test_a_missing_sheet_is_found(bundle):
    del bundle["sheets"][0]
    bundle["revision"]["hash"] = revision_hash(bundle)
    assert {each.check for each in verify_results.check(bundle)} == {"1.2", "4.2"}


def test_a_rule_that_somebody_changed_is_found(bundle):
    bundle["contest"]["ruleset"]["scheme"]["children"][0]["combine"] = "sum"
    assert {each.check for each in verify_all(bundle)} >= {"2.1", "5.1", "5.2"}


def test_an_unknown_aspect_is_named_among_what_was_found(bundle):
    bundle["contest"]["marks"][0]["aspect"] = "paint"
    found = verify_results.check(bundle)
    assert found[-1].check == "5.1" and "paint" in found[-1].found


# --- the program ----------------------------------------------------------------------------------


def run(tmp_path, text, *options):
    (tmp_path / "bundle.json").write_text(text, encoding="utf-8")
    command = [sys.executable, str(PROGRAMS[0]), str(tmp_path / "bundle.json"), *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_program_says_every_check_and_ends_with_0(bundle, tmp_path):
    done = run(tmp_path, json.dumps(bundle), "--lang", "en")
    said = [line.split()[:2] for line in done.stdout.splitlines()]
    checks = [*verify_results.CHECKS, *verify_awards.CHECKS]
    skipped = {"2.2", "2.3"}
    assert done.returncode == 0
    assert said == [["SKIPPED" if check in skipped else "PASS", check] for check in checks]


def test_the_program_names_the_place_in_chinese_and_ends_with_1(bundle, tmp_path):
    change(bundle, "lines/2/total", "110.60")
    done = run(tmp_path, json.dumps(bundle))
    assert done.returncode == 1
    assert "FAIL    5.2 重算" in done.stdout
    assert "/lines/2/total (z) 公布为 110.6,核验得 110.5" in done.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("null", "format"),
        ('{"format": "skillsladder.bundle/9"}', "format"),
        ("[]", "format"),
        ('{"format": "skillsladder.bundle/1"}', "damaged"),
        ('{"format": "skillsladder.bundle/1", "contest": 1e999999999}', "damaged"),
    ],
    ids=["empty", "cut", "deep", "null", "other", "list", "hollow", "huge"],
)
def test_a_file_that_is_no_bundle_is_refused_in_a_sentence(tmp_path, text, says):
    done = run(tmp_path, text)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, str(PROGRAMS[0]), str(tmp_path / "none.json")], capture_output=True, check=False
    )
    assert done.returncode == 2


def test_without_sheets_what_needs_them_is_skipped(tmp_path):
    made = contest_of(ruleset(value_aspect("v"), aspect("t", "time")), [("e", "v", None, 50)])
    done = run(tmp_path, json.dumps(bundle_from(made, contest.evaluate(made))), "--lang", "en")
    assert done.returncode == 0
    assert "SKIPPED 4.1" in done.stdout


def test_the_first_program_says_what_it_leaves_out_without_the_second(bundle, tmp_path):
    (tmp_path / "alone.py").write_bytes(PROGRAMS[0].read_bytes())
    (tmp_path / "bundle.json").write_text(json.dumps(bundle), encoding="utf-8")
    command = [sys.executable, "alone.py", "bundle.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "SKIPPED 6" in done.stdout
