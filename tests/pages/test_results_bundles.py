"""The result bundle and the verifier as a visitor downloads them."""

import json
import subprocess
import sys

from flask import Flask
from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.results import queries
from competition.results.bundles import bundle_of, verifier_source
from competition.transactions import transaction
from competition.verification import verify_awards, verify_results
from tests.builders import results as a

PROGRAMS = ("verify_results.py", "verify_awards.py")


def released(values=("80", "95.5", "90", "90")):
    with transaction():
        return a.published_event(list(values)).id


def bundle_at(browser, event_id):
    answer = browser.get(f"/events/{event_id}/results/bundle.json")
    assert answer.status_code == 200, answer.text
    return answer


def test_a_downloaded_bundle_passes_the_downloaded_verifier(app: Flask, browser, tmp_path) -> None:
    event_id = released()
    bundle = bundle_at(browser, event_id)
    (tmp_path / "bundle.json").write_bytes(bundle.data)
    for program in PROGRAMS:
        (tmp_path / program).write_bytes(browser.get(f"/{program}").data)
    printed = json.loads(bundle.data)["revision"]["hash"]
    command = [sys.executable, "verify_results.py", "bundle.json", "--hash", printed, "--lang", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout
    assert "6.2" in done.stdout


def test_a_bundle_names_nobody(app: Flask, browser) -> None:
    text = bundle_at(browser, released()).text
    event = session.scalar(select(Event))
    lines = queries.lines_of(queries.released_revision(event))
    people = [line.display_name for line in lines]
    people += [each.by_name for each in queries.approvals_of(queries.released_revision(event))]
    assert people
    assert not [name for name in people if name in text]


def test_there_is_no_bundle_before_the_release(app: Flask, browser) -> None:
    with transaction():
        event_id = a.prepared(a.scored_event(["80"])).event_id
    browser.get(f"/events/{event_id}/results/bundle.json", expect=404)


def test_a_prepared_revision_is_verified_before_it_is_published(app: Flask) -> None:
    with transaction():
        revision = a.prepared(a.scored_event(["80", "80", "70"]))
        bundle = bundle_of(revision)
    assert bundle["revision"]["published_at"] is None
    assert [*verify_results.check(bundle), *verify_awards.check(bundle)] == []


def test_the_signed_sheets_of_a_bundle_carry_the_hash_the_judges_signed(app: Flask, browser) -> None:
    bundle = json.loads(bundle_at(browser, released(["80", "70"])).text)
    assert len(bundle["sheets"]) == 2
    changed = bundle["sheets"][0]["cells"][0]
    changed[2] = "81"
    assert {each.check for each in verify_results.check(bundle)} >= {"2.1", "4.1", "4.2"}


def test_the_result_page_says_how_to_check_it(app: Flask, browser) -> None:
    event_id = released()
    text = browser.get(f"/events/{event_id}/results").text
    for address in (f"/events/{event_id}/results/bundle.json", *(f"/{program}" for program in PROGRAMS)):
        assert f'href="{address}"' in text


def test_the_verifier_is_served_as_it_is(app: Flask, browser) -> None:
    for program in PROGRAMS:
        answer = browser.get(f"/{program}")
        assert answer.data == verifier_source(program)
        assert answer.mimetype == "text/x-python"
