"""The correction of frozen rules on pages: written, looked at, proposed, accepted by another one, read by everybody."""

import json

import pytest

from competition.competitions import queries
from competition.transactions import transaction
from tests.builders import results
from tests.pages.test_scoring_pages import Again

PASSWORD, REASON = results.PASSWORD, "标题与系数有误"


@pytest.fixture
def event(app):
    """Two entrants with a mark each; the marking is closed."""
    with transaction():
        rules = results.one_mark_rules(publication={"notice_days": 7})
        return Again(results.scored_event(["80", "70"], rules=rules))


@pytest.fixture
def organiser(event):
    with transaction():
        return Again(results.organiser(event.row))


@pytest.fixture
def supervisor(event):
    with transaction():
        return Again(results.supervisor(event.row))


def rules_page(event):
    return f"/events/{event.id}/rule-set"


def page(event):
    return f"{rules_page(event)}/correction"


def text_of(browser, address):
    return browser.get(address).get_data(as_text=True)


def corrected(event, **members):
    """The rules with members of their one aspect changed, as text."""
    document = json.loads(json.dumps(event.rule_set, default=str))
    document["scheme"]["children"][0] |= members or {"factor": "0.5"}
    return json.dumps(document, ensure_ascii=False)


def send(browser, event, expect, **fields):
    browser.get(f"{page(event)}/proposal")
    sent = {"seen": queries.rule_hash(event.row), "text": corrected(event), **fields}
    return browser.post(f"{page(event)}/proposal", sent, expect=expect).get_data(as_text=True)


def propose(browser, event, expect=303, **fields):
    """Both steps: look at what changes, then propose exactly that."""
    shown = send(browser, event, 200, **{"text": fields["text"]} if "text" in fields else {})
    known = shown.partition('name="shown" value="')[2][:64]
    return send(browser, event, expect, **{"shown": known, "reason": REASON, "password": PASSWORD, **fields})


def accept(browser, event, expect=303, **fields):
    browser.get(page(event))
    proposal = queries.standing_correction(event.row)
    sent = {"proposal": str(proposal.id), "password": PASSWORD, **fields}
    return browser.post(f"{page(event)}/acceptance", sent, expect=expect).get_data(as_text=True)


def test_the_rules_lead_whoever_may_to_the_proposal_and_nobody_else(browser, event, organiser, supervisor):
    assert "correction" not in text_of(browser, rules_page(event))
    browser.sign_in(organiser.row)
    assert f"{page(event)}/proposal" in text_of(browser, rules_page(event))
    assert "没有等待认可的更正" in text_of(browser, page(event))
    browser.sign_in(supervisor.row)
    assert f"{page(event)}/proposal" not in text_of(browser, rules_page(event))


def test_what_changes_is_shown_before_anything_is_proposed(browser, event, organiser):
    browser.sign_in(organiser.row)
    shown = send(browser, event, 200)
    assert "改动内容" in shown and "0.5" in shown and 'name="password"' in shown
    assert queries.standing_correction(event.row) is None


def test_a_text_that_was_changed_after_it_was_shown_is_shown_again(browser, event, organiser):
    browser.sign_in(organiser.row)
    known = send(browser, event, 200).partition('name="shown" value="')[2][:64]
    again = send(
        browser,
        event,
        200,
        text=corrected(event, factor="0.25"),
        shown=known,
        reason=REASON,
        password=PASSWORD,
    )
    assert "0.25" in again and queries.standing_correction(event.row) is None


def test_what_is_in_the_way_is_said_and_nothing_can_be_proposed(browser, event, organiser):
    browser.sign_in(organiser.row)
    refused = send(browser, event, 422, text=corrected(event, max=50))
    assert "最高分不得更改" in refused and 'name="password"' not in refused
    assert "JSON" in send(browser, event, 422, text="{")
    assert "内容相同" in send(browser, event, 422, text=json.dumps(event.rule_set, default=str))


def test_two_people_with_their_passwords_make_the_next_version(browser, event, organiser, supervisor):
    browser.sign_in(organiser.row)
    propose(browser, event)
    waiting = text_of(browser, page(event))
    assert "须由另一人认可" in waiting and REASON in waiting and "0.5" in waiting
    browser.sign_in(supervisor.row)
    assert "等待第二人认可" in text_of(browser, f"/events/{event.id}")
    accept(browser, event)
    assert event.frozen.number == 2


def test_everybody_reads_why_and_by_whom_the_rules_were_corrected(browser, event, organiser, supervisor):
    browser.sign_in(organiser.row)
    propose(browser, event)
    browser.sign_in(supervisor.row)
    accept(browser, event)
    browser.client.delete_cookie("session")
    shown = text_of(browser, rules_page(event))
    for words in ("现行第 2 版", REASON, "何组委", "邓监督", "old=1&amp;new=2"):
        assert words in shown
    assert "0.5" in text_of(browser, f"{rules_page(event)}/difference?old=1&new=2")


def test_nobody_from_outside_learns_of_a_proposal(browser, event, organiser):
    browser.sign_in(organiser.row)
    propose(browser, event)
    browser.client.delete_cookie("session")
    assert REASON not in text_of(browser, rules_page(event))


def test_neither_acts_without_the_own_password(browser, event, organiser, supervisor):
    browser.sign_in(organiser.row)
    refused = propose(browser, event, expect=422, password="something else")
    assert "密码不正确" in refused and REASON in refused and "0.5" in refused
    propose(browser, event)
    browser.sign_in(supervisor.row)
    assert "密码不正确" in accept(browser, event, expect=422, password="something else")
    assert event.frozen.number == 1


def test_whoever_proposed_is_refused_as_the_second_person(browser, event, organiser):
    browser.sign_in(organiser.row)
    propose(browser, event)
    assert "须由另一人认可" in accept(browser, event, expect=422)


def test_a_correction_that_was_faster_is_a_conflict_and_nothing_written_is_lost(
    browser, event, organiser, supervisor
):
    browser.sign_in(organiser.row)
    before = queries.rule_hash(event.row)
    propose(browser, event)
    browser.sign_in(supervisor.row)
    accept(browser, event)
    browser.sign_in(organiser.row)
    text = corrected(event, factor="0.75")
    known = send(browser, event, 200, text=text).partition('name="shown" value="')[2][:64]
    told = send(
        browser,
        event,
        409,
        text=text,
        shown=known,
        seen=before,
        reason=REASON,
        password=PASSWORD,
    )
    assert "规则已被更正" in told and "0.75" in told and REASON in told


def test_what_is_not_accepted_is_withdrawn_and_stays_on_the_page(browser, event, organiser, supervisor):
    browser.sign_in(organiser.row)
    propose(browser, event)
    browser.sign_in(supervisor.row)
    assert "不予认可" in text_of(browser, page(event))
    browser.post(f"{page(event)}/withdrawal", {}, expect=303)
    shown = text_of(browser, page(event))
    assert "此前的决定" in shown and REASON in shown and event.frozen.number == 1


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "现在不能更正规则"), ("en", "Reopen the marking first")]
)
def test_a_state_without_corrections_says_what_to_do_instead(browser, event, organiser, language, words):
    with transaction():
        results.published(event.row)
    browser.sign_in(organiser.row)
    browser.client.set_cookie("language", language)
    assert words in text_of(browser, f"{page(event)}/proposal")
