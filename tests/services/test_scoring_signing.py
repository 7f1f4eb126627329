"""Who stands for a sheet, and how: proofs, the contestant's signature, requests to open a sheet again."""

import pytest

from competition.accounts.queries import actor_of
from competition.competitions.queries import rule_set_of
from competition.errors import Conflict, RuleBroken
from competition.panels import queries as panels_queries
from competition.rules.procedure import ProcessSignature
from competition.scoring import queries, services
from competition.scoring.queries.signing import drawing_problem
from competition.scoring.services import Proof
from competition.transactions import transaction
from tests.builders import competitions, scoring
from tests.builders.scoring import NAME
from tests.conftest import NOON


@pytest.fixture
def event(app):
    with transaction():
        yield scoring.scoring_event(1, rule_set=competitions.rule_set("pairs"), team_size=2)


@pytest.fixture
def process_event(app):
    """An event whose rules let the contestant sign."""
    document = {**competitions.rule_set("pairs"), "process_signature": "contestant"}
    with transaction():
        yield scoring.scoring_event(1, rule_set=document, team_size=2)


def lead_of(event):
    sheet = next(sheet for sheet in queries.sheets_of(event, "A") if sheet.lead)
    scoring.mark_sheet(sheet)
    return sheet


def judge_of(sheet):
    return actor_of(sheet.judge.account)


def chief_of(event):
    return actor_of(panels_queries.chiefs_of(event)[0])


def hash_of(sheet):
    return queries.content_hash(sheet, queries.marks_of_sheet(sheet))


@pytest.mark.parametrize(
    "path", ["", "M1,1L2,2", "M1,1L700,1", "<path>", "M1,1 L9,9", "M0,0" + "L1,1" * 4000]
)
def test_what_is_no_drawn_name_is_refused(path):
    assert drawing_problem(path) is not None


def test_a_drawn_name_is_kept_with_the_signature(event):
    sheet = lead_of(event)
    assert drawing_problem(NAME) is None
    services.sign_sheet(sheet, proof=Proof("drawn", NAME), by=judge_of(sheet), at=NOON)
    (signature,) = queries.signatures_of(sheet)
    assert (signature.way, signature.drawing) == ("drawn", NAME)


def test_a_drawing_of_nothing_signs_nothing(event):
    sheet = lead_of(event)
    with pytest.raises(RuleBroken):
        services.sign_sheet(sheet, proof=Proof("drawn", "M1,1"), by=judge_of(sheet), at=NOON)
    assert sheet.state == "open"


def test_the_judge_asks_for_a_reopening_once_and_with_a_reason(event):
    sheet = lead_of(event)
    scoring.sign(sheet)
    with pytest.raises(RuleBroken):
        services.ask_reopening(sheet, reason="  ", by=judge_of(sheet), at=NOON)
    services.ask_reopening(sheet, reason="抄错行", by=judge_of(sheet), at=NOON)
    ((waiting, asked),) = queries.reopenings_asked(event)
    assert (waiting.id, asked.reason) == (sheet.id, "抄错行")
    with pytest.raises(RuleBroken):
        services.ask_reopening(sheet, reason="再说一次", by=judge_of(sheet), at=NOON)


def test_only_the_own_judge_asks(event):
    sheet = lead_of(event)
    scoring.sign(sheet)
    with pytest.raises(RuleBroken):
        services.ask_reopening(sheet, reason="抄错行", by=chief_of(event), at=NOON)


def test_a_request_ends_when_the_sheet_is_opened_or_the_chief_judge_declines(event):
    sheet = lead_of(event)
    scoring.sign(sheet)
    services.ask_reopening(sheet, reason="抄错行", by=judge_of(sheet), at=NOON)
    services.decline_reopening(sheet, reason="与照片一致", by=chief_of(event), at=NOON)
    assert (sheet.state, queries.reopening_asked(sheet)) == ("signed", None)
    services.ask_reopening(sheet, reason="请再看", by=judge_of(sheet), at=NOON)
    services.reopen_sheet(sheet, reason="同意", by=chief_of(event), at=NOON)
    assert (sheet.state, queries.reopenings_asked(event)) == ("open", [])


def test_without_a_request_nothing_is_declined(event):
    sheet = lead_of(event)
    scoring.sign(sheet)
    with pytest.raises(RuleBroken):
        services.decline_reopening(sheet, reason="无", by=chief_of(event), at=NOON)


def test_what_was_signed_is_remembered_after_a_reopening(event):
    sheet = lead_of(event)
    assert queries.signed_before(sheet) is None
    scoring.sign(sheet)
    assert queries.signed_before(sheet) is None
    services.reopen_sheet(sheet, reason="抄错行", by=chief_of(event), at=NOON)
    before = queries.signed_before(sheet)
    assert before is not None and before.act == "signed"


def test_the_contestant_signs_a_process_sheet_before_its_judge(process_event):
    assert rule_set_of(process_event).procedure.process_signature is ProcessSignature.CONTESTANT
    sheet = lead_of(process_event)
    with pytest.raises(RuleBroken):
        services.sign_sheet(sheet, by=judge_of(sheet), at=NOON)
    services.sign_as_contestant(sheet, drawing=NAME, content_hash=hash_of(sheet), by=judge_of(sheet), at=NOON)
    services.sign_sheet(sheet, by=judge_of(sheet), at=NOON)
    assert [one.act for one in queries.signatures_of(sheet)] == ["contestant_signed", "signed"]


def test_a_mark_changed_after_the_contestant_signed_needs_a_new_signature(process_event):
    sheet = lead_of(process_event)
    seen = hash_of(sheet)
    services.sign_as_contestant(sheet, drawing=NAME, content_hash=seen, by=judge_of(sheet), at=NOON)
    key, mark = next(iter(queries.marks_of_sheet(sheet).items()))
    mark.version += 1
    assert queries.contestant_stands(sheet, hash_of(sheet)) is None, key
    with pytest.raises(Conflict):
        services.sign_as_contestant(sheet, drawing=NAME, content_hash=seen, by=judge_of(sheet), at=NOON)


def test_a_contestant_who_does_not_sign_is_noted_with_the_reason(process_event):
    sheet = lead_of(process_event)
    services.note_contestant_refused(
        sheet, reason="对计时有异议", content_hash=hash_of(sheet), by=judge_of(sheet), at=NOON
    )
    services.sign_sheet(sheet, by=judge_of(sheet), at=NOON)
    assert queries.signatures_of(sheet)[0].reason == "对计时有异议"


def test_other_seats_need_no_contestant(process_event):
    member = next(sheet for sheet in queries.sheets_of(process_event, "A") if not sheet.lead)
    assert not queries.needs_contestant(member)


def test_where_the_rules_say_nothing_no_contestant_signs(event):
    assert not queries.needs_contestant(lead_of(event))
