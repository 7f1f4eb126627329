"""The result bundle and the verifier as a visitor downloads them."""

import json
import subprocess
import sys
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from competition.competitions.models import Event
from competition.database import session
from competition.results import queries
from competition.results.bundles import bundle_of, verifier_source
from competition.results.models import ResultRevision
from competition.rules.access import Role
from competition.transactions import transaction
from competition.verification import verify_awards, verify_results
from tests.browser import Browser
from tests.builders import panels
from tests.builders import results as a
from tests.builders.workers import account_of

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


PRIVATE = {"publication": {"breakdown": "total"}}
"""Rules that show the public totals only, as most starters have them."""


def private_event(*kinds: str) -> tuple[UUID, dict[str, str], list[str]]:
    """An event whose marks stay private, with a revision for every kind: who is who there, and where its revisions are."""
    with transaction():
        event = a.scored_event(["80", "95.5", "90", "90"], rules=a.one_mark_rules(**PRIVATE))
        for kind in kinds:
            reason = "抄写错误" if queries.newest_revision(event) else ""
            if reason:
                a.correct(event, a.entrant(event, 1), "99")
            (a.prepared if kind == "prepared" else a.published)(event, reason=reason)
        people = {
            "an organiser": a.organiser(event).username,
            "an arbiter": a.person("宋仲裁", Role.ARBITER, event).username,
            "the chief judge": panels.queries.chiefs_of(event)[0].username,
            "a judge": panels.queries.seats_of(event)[0].judge.account.username,
            "a code keeper": a.person("钱保密", Role.CODE_KEEPER, event).username,
            "a contestant": account_of(a.entrant(event, 1).members[0].worker, "winner").username,
        }
        addresses = [
            f"/events/{event.id}/result-revisions/{each.id}"
            for each in sorted(queries.revisions_of(event), key=lambda each: each.number)
        ]
        return event.id, people, addresses


def signed_in(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(username)
    return browser


@pytest.mark.parametrize("who", ["an organiser", "an arbiter", "the chief judge"])
def test_those_who_see_results_first_check_every_revision_of_an_event_with_private_marks(
    app: Flask, who
) -> None:
    _, people, addresses = private_event("published", "published", "prepared")
    browser = signed_in(app, people[who])
    for number, address in enumerate(addresses, start=1):
        answer = browser.get(f"{address}/bundle.json")
        bundle = json.loads(answer.text)
        assert [*verify_results.check(bundle), *verify_awards.check(bundle)] == []
        assert bundle["revision"]["number"] == number and len(bundle["contest"]["marks"]) == 4
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers.get("ETag") is None
        assert answer.headers["Content-Disposition"].endswith(f"-r{number}.json")


@pytest.mark.parametrize("who", ["a judge", "a code keeper", "a contestant", None])
def test_nobody_else_has_the_bundle_of_private_marks(app: Flask, who) -> None:
    event_id, people, (address,) = private_event("published")
    browser = signed_in(app, people[who]) if who else Browser(app)
    browser.get(f"/events/{event_id}/results/bundle.json", expect=404)
    answer = browser.get(f"{address}/bundle.json", expect=403 if who else 303)
    assert b"marks" not in answer.data


def test_a_bundle_of_private_marks_names_nobody_either(app: Flask) -> None:
    _, people, (address,) = private_event("prepared")
    text = signed_in(app, people["an arbiter"]).get(f"{address}/bundle.json").text
    revision = session.scalars(select(ResultRevision)).one()
    names = [line.display_name for line in queries.lines_of(revision)]
    assert names and not [name for name in (*names, "何组委", "邓监督") if name in text]


def test_the_page_of_a_revision_offers_the_bundle_and_says_how_to_run_the_programs(app: Flask) -> None:
    _, people, (address,) = private_event("prepared")
    text = signed_in(app, people["an arbiter"]).get(address).text
    for target in (f"{address}/bundle.json", *(f"/{program}" for program in PROGRAMS)):
        assert f'href="{target}"' in text
    assert "python3 verify_results.py bundle-" in text and "请勿将核验包交给" in text


def test_the_public_page_of_private_marks_says_why_there_is_no_bundle(app: Flask, browser) -> None:
    event_id, _, _ = private_event("published")
    text = browser.get(f"/events/{event_id}/results").text
    assert "不公开单项评分" in text and "仲裁人员" in text and "bundle.json" not in text


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
