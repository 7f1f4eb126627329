"""Appeals and objections: in time by the server's clock, ruled on by the right people, and never a change of a mark."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.appeals import queries, services
from competition.appeals.uploads import MOST_BYTES, Upload
from competition.audit.queries import entries_for
from competition.competitions.queries import modules_of, rule_set_of
from competition.database import session
from competition.errors import NotFound, RuleBroken
from competition.results.services import declare_final
from competition.rules.access import Role
from competition.rules.appeals import AppealState, Effect, Ground, Rerun, RerunOutcome, Ruling
from competition.scoring import queries as scoring
from competition.scoring.services import close_scoring, reopen_scoring, reopen_sheet, void_sheet
from competition.transactions import transaction
from tests.builders import appeals, rechecks, results
from tests.builders.appeals import RULE, TWO_TIERS, later


@pytest.fixture(autouse=True)
def _writing(app):
    with transaction():
        yield


def refused(service, *args, **kwargs) -> str:
    with pytest.raises(RuleBroken) as problem:
        service(*args, **kwargs)
    return " ".join(str(each) for each in problem.value.sentences)


# --- in time --------------------------------------------------------------------------------------


def test_an_appeal_at_the_very_moment_of_the_deadline_is_in_time():
    event = appeals.published_event(appeals=RULE)
    appeal = appeals.filed(event, minute=120)
    assert (appeal.number, appeal.deadline) == (1, later(120))


def test_a_second_late_is_too_late_and_the_sentence_names_the_deadline():
    event = appeals.published_event(appeals=RULE)
    said = refused(appeals.filed, event, minute=120 + 1 / 60)
    assert "Too late" in said
    assert str(later(120)) in said


def test_before_the_base_there_is_nothing_to_appeal_against():
    rules = results.one_mark_rules(appeals=RULE)
    event = results.scored_event(["70", "90"], rules=rules)
    assert "too early" in refused(appeals.filed, event)


def test_the_window_may_count_from_the_end_of_the_marking():
    rules = results.one_mark_rules(appeals={"base": "scoring_closed", "minutes": 20})
    event = results.scored_event(["70", "90"], rules=rules)
    assert appeals.filed(event, minute=20).deadline == later(20)


def test_rules_without_appeals_take_none():
    event = appeals.published_event()
    assert "know no appeals" in refused(appeals.filed, event)


# --- who and what ---------------------------------------------------------------------------------


def test_only_the_leader_of_the_delegation_appeals_for_it():
    event = appeals.published_event(appeals=RULE)
    stranger = results.person("外人", Role.ORGANISER, event)
    assert "Only the leader" in refused(appeals.filed, event, stranger)


def test_an_appeal_says_on_which_ground_and_what():
    event = appeals.published_event(appeals=RULE)
    said = refused(appeals.filed, event, grounds=[], text="  ")
    assert "at least one ground" in said
    assert "Write down what happened" in said


def test_papers_are_numbered_in_the_event_and_their_receipt_covers_text_and_files():
    event = appeals.published_event(appeals=RULE)
    leader = appeals.leader_of(appeals.delegation_of(event))
    first = appeals.filed(event, leader, evidence=appeals.kept(appeals.PDF))
    second = appeals.filed(event, leader, grounds=[Ground.STAFF])
    assert (first.number, second.number) == (1, 2)
    hashes = [file.sha256 for file in queries.evidence_of(first)]
    assert queries.receipt_hash(first, hashes) == first.text_hash
    assert queries.receipt_hash(first, []) != first.text_hash


def test_one_person_has_few_open_papers():
    event = appeals.published_event(appeals=RULE)
    leader = appeals.leader_of(appeals.delegation_of(event))
    for _ in range(services.MOST_OPEN):
        appeals.filed(event, leader)
    assert "not settled yet" in refused(appeals.filed, event, leader)


def test_what_was_filed_cannot_be_changed():
    appeals.filed(appeals.published_event(appeals=RULE))
    with pytest.raises(DBAPIError, match="kept as it was written"), session.begin_nested():
        session.execute(text("UPDATE appeal SET text = 'x'"))


# --- evidence -------------------------------------------------------------------------------------


def test_a_picture_is_drawn_anew_and_says_no_more_where_it_was_taken():
    event = appeals.published_event(appeals=RULE)
    sent = appeals.picture("JPEG")
    (file,) = queries.evidence_of(appeals.filed(event, evidence=appeals.kept(sent)))
    kept = queries.content_of(file)
    assert b"station 3" in sent.content
    assert b"station 3" not in kept
    assert (file.media_type, file.name) == ("image/jpeg", "evidence-1.jpg")


def test_evidence_is_sealed_where_it_is_stored():
    event = appeals.published_event(appeals=RULE)
    (file,) = queries.evidence_of(appeals.filed(event, evidence=appeals.kept(appeals.PDF)))
    assert b"%PDF-1.4" not in file.content
    assert queries.content_of(file) == appeals.PDF.content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"<svg onload=alert(1)>", "no PDF, JPEG or PNG"),
        (b"\x89PNG\r\n\x1a\n broken", "no PDF, JPEG or PNG"),
        (b"GIF89a\x01\x00\x01\x00", "no PDF, JPEG or PNG"),
        (b"%PDF-1.4 and then nothing", "ends too early"),
        (b"%PDF-" + b" " * MOST_BYTES, "larger than"),
    ],
)
def test_other_files_are_refused_with_their_number(content, words):
    said = refused(appeals.kept, appeals.PDF, Upload("2", content))
    assert "File 2" in said
    assert words in said


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked():
    flood = appeals.picture("PNG", (20_000, 3_000))
    assert len(flood.content) < MOST_BYTES
    assert "million pixels" in refused(appeals.kept, flood)


# --- who may see it -------------------------------------------------------------------------------


def test_parties_and_arbiters_see_an_appeal_and_others_find_nothing():
    event = appeals.published_event(appeals=RULE)
    leader = appeals.leader_of(appeals.delegation_of(event))
    appeal = appeals.filed(event, leader)
    for reader in (leader, appeals.arbiter(event)):
        assert queries.case_for(actor_of(reader), event.id, appeal.id).appeal is appeal
    with pytest.raises(NotFound):
        queries.case_for(actor_of(results.person("评委", Role.JUDGE, event)), event.id, appeal.id)


def test_only_organisers_and_the_author_know_who_objected():
    event = appeals.published_event(publication={"notice_days": 3})
    author = results.person("工人", Role.CODE_KEEPER, event)
    objection = services.file_objection(event, text="名次有误", by=actor_of(author), at=later(10))
    knows = {
        "author": queries.may_see_name(actor_of(author), objection),
        "organiser": queries.may_see_name(actor_of(results.organiser(event)), objection),
        "arbiter": queries.may_see_name(actor_of(appeals.arbiter(event)), objection),
        "supervisor": queries.may_see_name(actor_of(results.supervisor(event)), objection),
    }
    assert knows == {"author": True, "organiser": True, "arbiter": False, "supervisor": False}


def test_the_record_keeps_the_name_of_an_objector_to_itself():
    event = appeals.published_event(publication={"notice_days": 3})
    author = actor_of(results.person("工人", Role.CODE_KEEPER, event))
    objection = services.file_objection(event, text="名次有误", by=author, at=later(10))
    (entry,) = entries_for(subject_id=objection.id)
    assert (entry.by_id, entry.by_name) == (author.account_id, "")


def test_an_objection_after_the_notice_period_is_too_late():
    event = appeals.published_event(publication={"notice_days": 3})
    window = queries.notice_window(event)
    author = actor_of(results.person("工人", Role.CODE_KEEPER, event))
    assert services.file_objection(event, text="有误", by=author, at=window.closes_at).number == 1
    too_late = window.closes_at + (later(1) - later(0))
    assert "Too late" in refused(services.file_objection, event, text="有误", by=author, at=too_late)


# --- to the ruling --------------------------------------------------------------------------------


def test_an_appeal_is_received_heard_and_ruled_on_in_this_order():
    event = appeals.published_event(appeals=RULE)
    appeal, by = appeals.filed(event), actor_of(appeals.arbiter(event))
    assert "not possible" in refused(services.record_hearing, appeal, note="x", by=by, at=later(31))
    services.receive_appeal(appeal, by=by, at=later(31))
    services.record_hearing(appeal, note="听取陈述", by=by, at=later(32))
    services.rule_on(
        appeal, ruling=Ruling.DISMISSED, effect=Effect.NONE, reason="不成立", by=by, at=later(33)
    )
    case = queries.case_of(appeal)
    assert (case.state, case.ruling.ruling, len(case.steps)) == (AppealState.RULED, "dismissed", 3)
    assert "not possible" in refused(services.withdraw_appeal, appeal, reason="x", by=by, at=later(34))


@pytest.mark.parametrize(
    ("ruling", "effect", "codes", "words"),
    [
        (Ruling.DISMISSED, Effect.RERUN, [], "dismissed changes nothing"),
        (Ruling.UPHELD, Effect.NEW_MARKS, [], "Name the codes"),
        (Ruling.UPHELD, Effect.NEW_MARKS, ["ZZZZ"], "no sheet of the code ZZZZ"),
        (Ruling.PARTLY, Effect.RERUN, ["ZZZZ"], "only where sheets"),
    ],
)
def test_a_ruling_that_contradicts_itself_is_refused(ruling, effect, codes, words):
    event = appeals.published_event(appeals=RULE)
    by = appeals.arbiter(event)
    appeal = appeals.heard(event, by)
    assert words in refused(
        services.rule_on, appeal, ruling=ruling, effect=effect, reason="理由", codes=codes, by=actor_of(by), at=later(60),
    )  # fmt: skip


def test_neither_a_party_nor_the_chief_judge_nor_a_judge_rules():
    event = appeals.published_event(appeals=RULE)
    leader = appeals.leader_of(appeals.delegation_of(event))
    case = queries.case_of(appeals.filed(event, leader))
    judge = scoring.sheets_of(event)[0].judge.account
    words = [
        str(queries.arbiter_refusal(event, case, who))
        for who in (actor_of(leader), rechecks.chief(event), actor_of(judge))
    ]
    assert ["party" in words[0], "chief judge" in words[1], "judged in this event" in words[2]] == [True] * 3


def test_the_second_tier_is_another_persons_and_its_ruling_is_the_last():
    event = appeals.published_event(appeals=TWO_TIERS)
    leader, first = appeals.leader_of(appeals.delegation_of(event)), appeals.arbiter(event)
    appeal = appeals.ruled(event, first, appeals.filed(event, leader))
    services.take_further(appeal, reason="未看录像", by=actor_of(leader), at=later(110))
    assert queries.case_of(appeal).tier == 2
    services.receive_appeal(appeal, by=actor_of(first), at=later(111))
    assert "first tier" in refused(
        services.record_hearing, appeal, note="x", by=actor_of(first), at=later(112)
    )
    second = actor_of(appeals.arbiter(event, "第二仲裁"))
    services.record_hearing(appeal, note="重看录像", by=second, at=later(112))
    services.rule_on(
        appeal, ruling=Ruling.DISMISSED, effect=Effect.NONE, reason="维持", by=second, at=later(113)
    )
    assert "know no further tier" in refused(
        services.take_further, appeal, reason="再诉", by=actor_of(leader), at=later(114)
    )


def test_the_way_to_the_second_tier_closes_at_its_second():
    event = appeals.published_event(appeals=TWO_TIERS)
    leader = appeals.leader_of(appeals.delegation_of(event))
    appeal = appeals.ruled(event, appeals.arbiter(event), appeals.filed(event, leader), minute=50)
    assert "Too late" in refused(
        services.take_further, appeal, reason="x", by=actor_of(leader), at=later(110 + 1 / 60)
    )


def test_disturbance_over_a_ruling_forfeits_with_the_reason():
    event = appeals.published_event(appeals=RULE)
    by = appeals.arbiter(event)
    appeal = appeals.ruled(event, by)
    assert "Give the reason" in refused(
        services.forfeit_appeal, appeal, reason=" ", by=actor_of(by), at=later(60)
    )
    services.forfeit_appeal(appeal, reason="在场内起哄", by=actor_of(by), at=later(60))
    assert queries.case_of(appeal).state is AppealState.FORFEITED


def test_the_leader_withdraws_before_the_ruling():
    event = appeals.published_event(appeals=RULE)
    leader = appeals.leader_of(appeals.delegation_of(event))
    appeal = appeals.filed(event, leader)
    services.withdraw_appeal(appeal, reason="已说明", by=actor_of(leader), at=later(31))
    assert queries.case_of(appeal).is_settled(later(31))


# --- what it does to the result -------------------------------------------------------------------


def test_a_result_is_final_only_when_the_window_is_over_and_nothing_is_open():
    event = appeals.published_event(appeals=RULE)
    by = appeals.arbiter(event)
    organiser = actor_of(results.organiser(event))
    appeal = appeals.filed(event)
    said = [str(each) for each in queries.open_matters(event, later(60))]
    assert ["filed until" in said[0], "number 1" in said[1]] == [True, True]
    assert "number 1" in refused(declare_final, event, by=organiser, at=later(121))
    appeals.ruled(event, by, appeal, minute=122)
    assert declare_final(event, by=organiser, at=later(123)).by_name == "何组委"


def test_a_first_ruling_keeps_the_result_open_while_it_may_be_taken_further():
    event = appeals.published_event(appeals=TWO_TIERS)
    appeals.ruled(event, appeals.arbiter(event), minute=119)
    assert "number 1" in str(queries.open_matters(event, later(130))[0])
    assert queries.open_matters(event, later(180)) == ()


def test_a_ruling_for_new_marks_waits_for_sheets_result_and_record():
    event = appeals.published_event(appeals=RULE)
    by, chief = appeals.arbiter(event), rechecks.chief(event)
    sheet = scoring.sheets_of(event)[0]
    appeal = appeals.ruled(event, by, ruling=Ruling.UPHELD, effect=Effect.NEW_MARKS, codes=[sheet.code])
    receiver = actor_of(results.organiser(event))
    said = refused(services.carry_out, appeal, note="x", by=receiver, at=later(51))
    assert "not opened again" in said
    reopen_scoring(event, reason="申诉", by=chief, at=later(52))
    reopen_sheet(sheet, reason="申诉", by=chief, at=later(52))
    rechecks.correct(event, sheet, "99", 53)
    close_scoring(event, by=system_actor(), at=later(54))
    assert refused(services.carry_out, appeal, note="x", by=receiver, at=later(55)) == (
        "The corrected result is not published yet."
    )
    appeals.publish_again(event, 56)
    services.carry_out(appeal, note="已更正并公布", by=receiver, at=later(57))
    assert queries.case_of(appeal).is_settled(later(57))


# --- a part held again ----------------------------------------------------------------------------


def ruled_for_a_rerun(event):
    return appeals.ruled(event, appeals.arbiter(event), ruling=Ruling.UPHELD, effect=Effect.RERUN)


def again(event, minute=55, *codes: str) -> Rerun:
    module = modules_of(rule_set_of(event))[0].id
    outcome = RerunOutcome.MARKED_AGAIN if codes else RerunOutcome.STATEMENT
    return Rerun(module, later(minute), outcome, tuple(codes))


def test_a_result_is_not_final_before_it_is_recorded_what_was_held_again():
    event = appeals.published_event(appeals=RULE)
    appeal = ruled_for_a_rerun(event)
    organiser = actor_of(results.organiser(event))
    assert "number 1" in refused(declare_final, event, by=organiser, at=later(121))
    assert "not recorded yet which module" in refused(
        services.carry_out, appeal, note="已重做", by=organiser, at=later(121)
    )
    services.carry_out(appeal, note="重做后评分相同", rerun=again(event), by=organiser, at=later(122))
    assert declare_final(event, by=organiser, at=later(123)).by_name == "何组委"


def test_what_was_held_again_is_kept_with_module_moment_and_outcome():
    event = appeals.published_event(appeals=RULE)
    appeal, rerun = ruled_for_a_rerun(event), again(event)
    step = services.carry_out(
        appeal, note="重做后评分相同", rerun=rerun, by=actor_of(results.organiser(event)), at=later(60)
    )
    assert step.rerun == {"module": rerun.module, "held_at": later(55).isoformat(), "outcome": "statement"}
    (entry, *_) = entries_for(subject_id=appeal.id)
    assert (entry.kind, entry.payload["module"]) == ("appeals.part_held_again", rerun.module)


def test_sheets_marked_anew_go_the_way_of_every_sheet():
    event = appeals.published_event(appeals=RULE)
    appeal, chief = ruled_for_a_rerun(event), rechecks.chief(event)
    sheet, receiver = scoring.sheets_of(event)[0], actor_of(results.organiser(event))
    rerun = again(event, 51, sheet.code)
    said = refused(services.carry_out, appeal, note="x", rerun=rerun, by=receiver, at=later(51))
    assert "not opened again" in said
    reopen_scoring(event, reason="重赛", by=chief, at=later(52))
    void_sheet(sheet, reason="重赛", by=chief, at=later(52))
    reopen_sheet(sheet, reason="重赛", by=chief, at=later(52))
    rechecks.correct(event, sheet, "99", 53)
    close_scoring(event, by=system_actor(), at=later(54))
    said = refused(services.carry_out, appeal, note="x", rerun=rerun, by=receiver, at=later(55))
    assert said == "The corrected result is not published yet."
    appeals.publish_again(event, 56)
    step = services.carry_out(appeal, note="重赛并公布", rerun=rerun, by=receiver, at=later(57))
    assert step.sheets == [str(sheet.id)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"module": "nowhere"}, "Choose the module"),
        ({"held_at": later(49)}, "after the ruling"),
        ({"held_at": later(61)}, "not later than now"),
        ({"outcome": RerunOutcome.MARKED_AGAIN}, "Name the codes"),
        ({"codes": ("ZZZZ",)}, "only where sheets were marked anew"),
        ({"outcome": RerunOutcome.MARKED_AGAIN, "codes": ("ZZZZ",)}, "no sheet of the code ZZZZ"),
    ],
)
def test_a_repetition_that_cannot_have_been_is_refused(changes, words):
    event = appeals.published_event(appeals=RULE)
    appeal, by = ruled_for_a_rerun(event), actor_of(results.organiser(event))
    rerun = replace(again(event), **changes)
    assert words in refused(services.carry_out, appeal, note="x", rerun=rerun, by=by, at=later(60))


# --- when it is over ------------------------------------------------------------------------------


def test_the_step_of_appeals_is_over_when_no_window_runs_and_nothing_is_open():
    event = appeals.published_event(appeals=RULE)
    appeal = appeals.filed(event)
    assert [queries.is_over(event, later(minute)) for minute in (60, 121)] == [False, False]
    appeals.ruled(event, appeals.arbiter(event), appeal, minute=122)
    assert queries.is_over(event, later(123))


def test_the_step_of_appeals_is_not_over_before_it_began():
    rules = results.one_mark_rules(appeals=RULE)
    event = results.scored_event(["70", "90"], rules=rules)
    assert not queries.is_over(event, later(999))


def test_a_ruling_never_touches_a_mark():
    event = appeals.published_event(appeals=RULE)
    sheets = scoring.sheets_of(event)
    before = [rechecks.hash_of(sheet) for sheet in sheets]
    appeals.ruled(
        event, appeals.arbiter(event), ruling=Ruling.UPHELD, effect=Effect.NEW_MARKS, codes=[sheets[0].code]
    )
    assert [rechecks.hash_of(sheet) for sheet in sheets] == before
    assert {sheet.state for sheet in sheets} == {"confirmed"}
