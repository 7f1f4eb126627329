"""Sheets on paper: two people type what stands there, neither of them the judge; equal is counted, different is decided by a third."""

import io
from decimal import Decimal
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from competition.accounts.queries import actor_of
from competition.audit.models import AuditEntry
from competition.database import db, session
from competition.errors import Conflict, NotFound, Refused, RuleBroken
from competition.paper import queries, services
from competition.paper.models import OutcomeKind, PaperEntry, PaperPhoto
from competition.paper.queries import Stage
from competition.paper.readings import LineRefused, Typed, differences, numbered, read_line
from competition.rules.access import Role, ScopeKind
from competition.scoring import queries as scoring
from competition.scoring.models import Mark, MarkOperation, SheetState
from competition.scoring.queries.signing import PAPER
from competition.scoring.services import close_scoring, confirm_sheet, reopen_sheet, void_sheet
from competition.scoring.services.rulings import rule_deduction
from competition.tablets.models import Device, DeviceKind
from competition.transactions import transaction
from tests.builders import accounts, paper, results
from tests.builders import scoring as marking
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def _writing(app):
    with transaction():
        yield


@pytest.fixture
def event(app):
    return results.marking_event(2, rules=results.trade_rules())


@pytest.fixture
def clerks(event):
    return [paper.clerk(event, f"clerk{number}", f"录分{number}") for number in (1, 2, 3)]


@pytest.fixture
def sheet(event):
    return paper.sheet_of(event)


def stage(sheet):
    return queries.standing_of(sheet).stage


def values(sheet):
    return {cell: mark.value for cell, mark in scoring.marks_of_sheet(sheet).items()}


def refused(service, *args, **kwargs):
    with pytest.raises((RuleBroken, Conflict)) as problem:
        service(*args, **kwargs)
    return " ".join(str(each) for each in getattr(problem.value, "sentences", [problem.value.sentence]))


def test_two_equal_entries_are_counted_and_signed_as_on_paper(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="88.5", time="610", safety=("2", "未戴护目镜"))
    assert stage(sheet) is Stage.HALF and values(sheet) == {}
    paper.typed(sheet, clerks[1], seam="８８．５", time="610.0", safety=("2", "护目镜"))
    assert stage(sheet) is Stage.COUNTED and sheet.state == SheetState.SIGNED
    assert values(sheet)["seam", "mark"] == Decimal("88.5") and values(sheet)["safety", "entry:1"] == 2
    signature = scoring.signer_of(sheet)
    assert (signature.way, signature.by_id) == (PAPER, sheet.judge.account_id)
    assert "录分1" in signature.reason and "录分2" in signature.reason


def test_marks_from_paper_are_operations_of_one_desk(event, clerks):
    for number in (0, 1):
        sheet = paper.sheet_of(event, number=number)
        for clerk in clerks[:2]:
            paper.typed(sheet, clerk, seam="80", time="600")
    desks = list(
        session.scalars(select(Device).where(Device.event_id == event.id, Device.kind == DeviceKind.PAPER))
    )
    sent = list(session.scalars(select(MarkOperation).where(MarkOperation.device_id == desks[0].id)))
    assert len(desks) == 1 and sorted(one.sequence for one in sent) == [1, 2, 3, 4]
    assert {one.answer for one in sent} == {"applied"} and {one.by_id for one in sent} == {clerks[1].id}


def test_no_browser_sends_as_the_desk(sheet, clerks):
    for clerk in clerks[:2]:
        paper.typed(sheet, clerk, seam="80", time="600")
    desk = session.scalars(select(Device).where(Device.kind == DeviceKind.PAPER)).one()
    with pytest.raises(Refused):
        marking.send(desk, marking.sent(sheet, "seam", "1", seq=3))


def test_nobody_is_both_persons(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="80", time="600")
    assert "another person" in refused(paper.typed, sheet, clerks[0], seam="80", time="600")


def test_the_judge_of_a_sheet_types_nothing_of_it(sheet):
    assert "as its judge" in refused(paper.typed, sheet, sheet.judge.account, seam="80", time="600")


def test_different_entries_count_for_nothing_and_stay_as_they_are(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="81", time="600")
    paper.typed(sheet, clerks[1], seam="87", time="600")
    standing = queries.standing_of(sheet)
    assert standing.stage is Stage.DIFFERENT and values(sheet) == {}
    assert differences(*standing.readings) == [("seam", "mark")]
    assert "Two people" in refused(paper.typed, sheet, clerks[2], seam="87", time="600")


def test_a_third_person_decides_with_a_reason_and_it_counts(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="81", time="600")
    paper.typed(sheet, clerks[1], seam="87", time="600")
    cell, choice = ("seam", "mark"), paper.reading(sheet, seam="87").marks[0]
    decide = {"choices": {cell: choice}, "at": NOON}
    why = {cell: "照片上是7"}
    assert "third person" in refused(
        services.decide_differences, sheet, reasons=why, by=actor_of(clerks[0]), **decide
    )
    assert "reason" in refused(
        services.decide_differences, sheet, reasons={}, by=actor_of(clerks[2]), **decide
    )
    services.decide_differences(sheet, reasons=why, by=actor_of(clerks[2]), **decide)
    assert stage(sheet) is Stage.COUNTED and values(sheet)["seam", "mark"] == 87
    first, second = (entry.reading["marks"][0][2] for entry in session.scalars(
        select(PaperEntry).where(PaperEntry.ordinal < 3).order_by(PaperEntry.ordinal)))  # fmt: skip
    assert (first, second) == ("81", "87")


def test_who_types_at_the_same_time_as_the_first_is_the_second(sheet, clerks):
    """Neither has seen the other's: both forms were opened before anything was sent."""
    one, other = (paper.reading(sheet, seam="80", time="600") for _ in range(2))
    services.take_reading(sheet, one, by=actor_of(clerks[0]), at=NOON)
    entry = services.take_reading(sheet, other, by=actor_of(clerks[1]), at=NOON)
    assert entry.ordinal == 2 and stage(sheet) is Stage.COUNTED


def test_who_confirms_an_entry_that_was_withdrawn_is_told(sheet, clerks):
    first = paper.typed(sheet, clerks[0], seam="80", time="600")
    services.withdraw_entry(sheet, by=actor_of(clerks[0]), at=NOON)
    confirm = {"confirms": first, "by": actor_of(clerks[1]), "at": NOON}
    assert "withdrawn" in refused(
        services.take_reading, sheet, paper.reading(sheet, seam="80", time="600"), **confirm
    )


def test_an_own_first_entry_is_withdrawn_until_somebody_typed_the_second(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="80", time="600")
    services.withdraw_entry(sheet, by=actor_of(clerks[0]), at=NOON)
    assert stage(sheet) is Stage.UNTYPED
    paper.typed(sheet, clerks[0], seam="81", time="600")
    paper.typed(sheet, clerks[1], seam="82", time="600")
    assert "second time" in refused(services.withdraw_entry, sheet, by=actor_of(clerks[0]), at=NOON)


def test_a_half_typed_sheet_names_its_blanks(sheet, clerks):
    said = refused(paper.typed, sheet, clerks[0], seam="80")
    assert "Time is blank" in said or "用时" in said
    assert stage(sheet) is Stage.UNTYPED


def test_what_was_not_attempted_is_a_stroke(sheet, clerks):
    for clerk in clerks[:2]:
        paper.typed(sheet, clerk, seam="/", time="DNF")
    mark = scoring.marks_of_sheet(sheet)
    assert (mark["seam", "mark"].state, mark["time", "mark"].state) == ("not_attempted", "dnf")


@pytest.mark.parametrize(
    ("aspect", "typed", "said"),
    [
        ("seam", "101", "100"),
        ("seam", "8..5", "number"),
        ("seam", "DNF", "type the number"),
        ("safety", "-1", "greater than 0"),
        ("time", "NaN", "number"),
    ],
)
def test_what_cannot_stand_in_a_line_is_said_beside_it(sheet, aspect, typed, said):
    line = next(one for one in paper.lines(sheet) if one.item.aspect.id == aspect)
    with pytest.raises(LineRefused, match=said):
        read_line(line, Typed(typed, reason="缘由" if line.item.is_list else ""))


def test_an_empty_line_between_two_entries_is_no_difference(sheet):
    rows = [one for one in paper.lines(sheet) if one.item.aspect.id == "safety"]
    one = numbered([read_line(rows[0], Typed("1", reason="一")), read_line(rows[1], Typed("2", reason="二"))])
    other = numbered(
        [read_line(rows[0], Typed("1", reason="一")), read_line(rows[4], Typed("2", reason="二"))]
    )
    assert [mark.kind for mark in one] == [mark.kind for mark in other] == ["entry:1", "entry:2"]


def test_a_tablet_that_says_otherwise_holds_the_paper_up(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="80", time="600")
    marking.send(
        marking.device(scoring.event_of(sheet), sheet.judge.account), marking.sent(sheet, "seam", "70")
    )
    paper.typed(sheet, clerks[1], seam="80", time="600")
    standing = queries.standing_of(sheet)
    assert standing.stage is Stage.HELD_UP and "tablet" in str(queries.held_up_by(standing)[0])
    assert values(sheet) == {("seam", "mark"): 70} and sheet.state == SheetState.OPEN
    assert "tablet" in refused(services.count_sheet, sheet, by=actor_of(clerks[1]), at=NOON)


def test_the_chief_judge_prefers_the_paper_and_the_tablet_stays_on_the_record(sheet, clerks):
    test_a_tablet_that_says_otherwise_holds_the_paper_up(sheet, clerks)
    services.prefer_paper(sheet, reason="平板被误触", by=actor_of(clerks[2]), at=NOON)
    assert values(sheet)["seam", "mark"] == 80 and stage(sheet) is Stage.COUNTED
    sent = [one for one in scoring.operations_of_sheet(sheet) if one.aspect == "seam"]
    assert [(one.body["value"], one.answer) for one in sent] == [("70", "applied"), ("80", "applied")]


def test_the_chief_judge_sets_the_paper_aside_and_the_sheet_may_be_typed_anew(sheet, clerks):
    test_a_tablet_that_says_otherwise_holds_the_paper_up(sheet, clerks)
    services.set_aside(sheet, reason="以平板为准", by=actor_of(clerks[2]), at=NOON)
    standing = queries.standing_of(sheet)
    assert (standing.stage, standing.round) == (Stage.UNTYPED, 2)
    assert standing.outcomes[0].kind == OutcomeKind.SET_ASIDE and values(sheet) == {("seam", "mark"): 70}


def test_a_tablet_that_says_the_same_is_no_conflict(sheet, clerks):
    marking.send(
        marking.device(scoring.event_of(sheet), sheet.judge.account), marking.sent(sheet, "seam", "80")
    )
    for clerk in clerks[:2]:
        paper.typed(sheet, clerk, seam="80", time="600")
    sent = scoring.operations_of_sheet(sheet)
    assert stage(sheet) is Stage.COUNTED and [one.aspect for one in sent] == ["seam", "time"]


def test_a_sheet_signed_on_the_tablet_never_counts_twice(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="80", time="600")
    own = marking.device(scoring.event_of(sheet), sheet.judge.account)
    marking.send(own, marking.sent(sheet, "seam", "80"), marking.sent(sheet, "time", "600", 2))
    marking.sign(sheet)
    paper.typed(sheet, clerks[1], seam="80", time="600")
    assert stage(sheet) is Stage.HELD_UP
    assert "signed already" in refused(
        services.prefer_paper, sheet, reason="纸", by=actor_of(clerks[2]), at=NOON
    )
    assert len(list(session.scalars(select(Mark).where(Mark.sheet_id == sheet.id)))) == 2
    assert [one.act for one in scoring.signatures_of(sheet)] == ["signed"]


def test_what_a_tablet_sends_after_the_paper_was_counted_counts_for_nothing(sheet, clerks):
    for clerk in clerks[:2]:
        paper.typed(sheet, clerk, seam="80", time="600")
    (answer,) = marking.send(
        marking.device(scoring.event_of(sheet), sheet.judge.account), marking.sent(sheet, "seam", "95")
    )
    assert (answer.answer, answer.reason) == ("rejected", "signed") and values(sheet)["seam", "mark"] == 80


def test_a_deduction_that_the_chief_judge_ruled_stays_beside_what_the_paper_says(event, sheet, clerks):
    ruled = {"op_id": uuid4(), "aspect": "safety", "points": Decimal(3), "reason": "未戴护目镜"}
    rule_deduction(sheet, **ruled, by=actor_of(clerks[2]), at=NOON)
    for clerk in clerks[:2]:
        paper.typed(sheet, clerk, seam="80", time="600", safety=("2", "工具乱放"))
    entries = sorted(value for (aspect, _kind), value in values(sheet).items() if aspect == "safety")
    assert entries == [2, 3] and stage(sheet) is Stage.COUNTED


def test_a_sheet_opened_again_is_typed_anew_and_the_first_round_stays(event, sheet, clerks):
    for clerk in clerks[:2]:
        paper.typed(sheet, clerk, seam="80", time="600")
    reopen_sheet(sheet, reason="漏看一页", by=actor_of(clerks[2]), at=NOON)
    for clerk in clerks[:2]:
        paper.typed(sheet, clerk, seam="82", time="600")
    assert values(sheet)["seam", "mark"] == 82 and stage(sheet) is Stage.COUNTED
    assert [len(entries) for _end, entries in queries.ended_rounds(sheet)] == [2, 2]


def test_a_void_sheet_takes_nothing_from_paper(sheet, clerks):
    void_sheet(sheet, reason="重复", by=actor_of(clerks[2]), at=NOON)
    assert "void" in refused(paper.typed, sheet, clerks[0], seam="80", time="600")


def test_a_closed_marking_takes_nothing_from_paper(clerks):
    event = marking.scored_event(1)
    sheet = scoring.sheets_of(event)[0]
    assert "not open" in refused(
        services.take_reading, sheet, paper.Reading(()), by=actor_of(clerks[0]), at=NOON
    )


def test_an_event_marked_on_paper_alone_is_closed_like_any_other(event, clerks):
    for sheet in scoring.sheets_of(event):
        texts = {"paper": "60", "seam": "70", "time": "600"}
        for clerk in clerks[:2]:
            paper.typed(sheet, clerk, **texts)
        confirm_sheet(sheet, by=actor_of(clerks[2]), at=NOON)
    found = scoring.reconciliation(event)
    assert (found.expected, found.missing) == (found.received, 0)
    close_scoring(event, by=actor_of(clerks[2]), at=NOON)


def test_every_act_is_on_the_record(sheet, clerks):
    test_a_third_person_decides_with_a_reason_and_it_counts(sheet, clerks)
    said = [
        entry.kind for entry in session.scalars(select(AuditEntry).where(AuditEntry.subject_id == sheet.id))
    ]
    assert said.count("paper.sheet_typed") == 2
    assert {"paper.differences_decided", "scoring.marks_received", "scoring.sheet_signed_on_paper"} <= set(
        said
    )


def test_a_photo_is_drawn_anew_and_sealed(sheet, clerks):
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    Image.new("RGB", (3000, 100), "white").save(content, format="JPEG", exif=exif)
    photo = services.attach_photo(sheet, content.getvalue(), by=actor_of(clerks[0]), at=NOON)
    kept = queries.picture_for(actor_of(clerks[0]), sheet.event_id, photo.id)
    assert b"SECRET" not in kept and Image.open(io.BytesIO(kept)).width == 2000
    raw = session.connection().execute(select(PaperPhoto.__table__.c.content)).scalar_one()
    assert kept[:20] not in raw
    assert "no photo" in refused(services.attach_photo, sheet, b"%PDF-", by=actor_of(clerks[0]), at=NOON)


def test_nothing_typed_is_ever_changed(sheet, clerks):
    paper.typed(sheet, clerks[0], seam="80", time="600")
    session.commit()
    for statement in ("UPDATE paper_entry SET reading = '{}'", "DELETE FROM paper_entry"):
        with pytest.raises(DatabaseError, match="kept"), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_each_print_has_an_id_of_its_own(event, sheet, clerks):
    one, other = (
        services.print_sheets(event, [sheet], with_marks=False, by=actor_of(clerks[0]), at=NOON)[0]
        for _ in range(2)
    )
    assert one.id != other.id and one.document_hash != other.document_hash
    assert queries.standing_of(sheet).prints == 2


def test_piles_say_how_far_every_seat_is(event, sheet, clerks):
    services.print_sheets(event, [sheet], with_marks=False, by=actor_of(clerks[0]), at=NOON)
    paper.typed(sheet, clerks[0], seam="80", time="600")
    pile = next(
        one
        for one in queries.piles_of(queries.all_standings(event))
        if (one.module, one.seat) == ("practice", "J1")
    )
    assert (pile.sheets, pile.printed, pile.first, pile.second, pile.counted, pile.open) == (2, 1, 1, 0, 0, 2)


def test_a_typed_code_finds_its_sheets_and_other_events_that_have_it(event, sheet, clerks):
    other = results.marking_event(2)
    found = queries.sheets_called(event, f" {sheet.code.lower()} j1 practice ")
    assert [one.id for one in found] == [sheet.id]
    assert queries.sheets_called(event, "ZZZ") == []
    assert queries.elsewhere(actor_of(clerks[0]), other, sheet.code) == [event]


def test_a_clerk_of_another_event_finds_nothing(sheet):
    other = results.marking_event(1)
    stranger = actor_of(accounts.holder_in(Role.CLERK, ScopeKind.EVENT, other.id, "elsewhere", "外人"))
    with pytest.raises(NotFound):
        queries.sheet_to_type(stranger, sheet.event_id, sheet.id)
