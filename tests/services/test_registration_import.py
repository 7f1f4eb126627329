"""Lists of entries from Excel: what is read, what is refused with which sentence, and all or nothing."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from sqlalchemy import func, select

from competition.accounts.services import system_actor
from competition.database import session
from competition.errors import RuleBroken
from competition.registration import queries, services
from competition.registration.documents import template_workbook
from competition.registration.models import Entrant, EntrantImport, EntrantState
from competition.registration.queries.eligibility import sentence_of
from competition.registration.services.roster import COLUMNS, roster_of
from competition.rules.grades import Grade
from competition.transactions import transaction
from competition.web.language import say
from competition.workbooks.opening import cells_of
from competition.workers.models import Worker
from competition.workers.queries import worker_by_id_number
from tests.builders import competitions, registration, workers
from tests.builders.registration import HEADINGS, row, workbook
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("app")

BY = {"by": system_actor(), "at": NOON}


def number(of: int) -> str:
    return workers.id_number(of, date(1991, 3, 4))


def read(event, content: bytes, filename: str = "名单.xlsx") -> EntrantImport:
    return services.read_import(event, content=content, filename=filename, **BY)


def errors(uploaded: EntrantImport) -> list[tuple[int, str | None, str]]:
    return [(e["row"], e["column"], str(sentence_of(e["sentence"]))) for e in uploaded.errors]


def refusal(event, content: bytes, filename: str = "list.xlsx") -> str:
    with pytest.raises(RuleBroken) as refused:
        read(event, content, filename)
    return " ".join(str(sentence) for sentence in refused.value.sentences)


@pytest.fixture
def event():
    with transaction():
        return competitions.open_event()


def employer(event) -> str:
    return event.competition.host.name


def test_known_and_new_people_are_entered(event):
    with transaction():
        known = workers.worker("李秀英", employer=event.competition.host)
        rows = [
            row("李秀英", known.id_number, employer(event)),
            row("古丽·买买提", number(2), employer(event), grade="高级工", since=date(2015, 7, 1)),
        ]
        uploaded = read(event, workbook(rows))
        assert errors(uploaded) == []
        assert services.take_over_import(uploaded, **BY) == 2
    made = worker_by_id_number(number(2))
    assert (made.name, made.grade, made.in_occupation_since) == (
        "古丽·买买提",
        Grade.SENIOR,
        date(2015, 7, 1),
    )
    assert [(e.state, e.source) for e in queries.entrants_of(event)] == [("submitted", "imported")] * 2


def test_taking_over_twice_changes_nothing_and_forgets_the_numbers(event):
    with transaction():
        uploaded = read(event, workbook([row("王五", number(3), employer(event))]))
        services.take_over_import(uploaded, **BY)
        assert services.take_over_import(uploaded, **BY) == 1
    assert queries.sealed_document(uploaded)["rows"] == []
    assert session.scalar(select(func.count()).select_from(Entrant)) == 1


def test_every_error_is_told_with_row_column_and_reason(event):
    rows = [
        row(
            "王*", "11010119900101001X", "不存在的厂", phone="123", occupation="x", grade="大师", since="昨天"
        ),
        row("", number(4), employer(event)),
        row("赵六", number(4), employer(event)),
    ]
    with transaction():
        uploaded = read(event, workbook(rows))
    places = [(found_row, column) for found_row, column, _ in errors(uploaded)]
    assert {(2, c) for c in ("employer", "occupation", "grade", "in_occupation_since")} <= set(places)
    assert {(2, "name"), (2, "id_number"), (2, "phone")} <= set(places)
    assert (3, "name") in places and (4, "id_number") in places


@pytest.mark.parametrize("tag", ["zh", "en"])
def test_the_template_is_read_in_both_languages(tag):
    cells = cells_of(template_workbook(lambda words: say(words, tag)), "t.xlsx")
    people = roster_of([*cells, [("text", "王五")] * len(COLUMNS)])
    assert people.ignored == () and [each.number for each in people.rows] == [3]


def test_a_list_with_errors_is_not_taken_over(event):
    with transaction():
        uploaded = read(event, workbook([row("", number(5), employer(event))]))
        with pytest.raises(RuleBroken):
            services.take_over_import(uploaded, **BY)


def test_a_number_that_excel_rounded_asks_for_text(event):
    with transaction():
        uploaded = read(event, workbook([row("王五", 620102199103040012, employer(event))]))
    (place,) = [(r, c) for r, c, words in errors(uploaded) if "Format the column" in words]
    assert place == (2, "id_number")


def test_a_known_number_with_another_name_is_an_error(event):
    with transaction():
        known = workers.worker("李秀英", employer=event.competition.host)
        uploaded = read(event, workbook([row("李秀兰", known.id_number, employer(event))]))
    (error,) = errors(uploaded)
    assert error[1] == "name" and "李秀英" not in error[2]


def test_who_is_entered_already_is_an_error(event):
    with transaction():
        known = registration.entrant(event).members[0].worker
        uploaded = read(event, workbook([row(known.name, known.id_number, employer(event))]))
    assert "already entered" in errors(uploaded)[0][2]


def test_what_happened_since_the_upload_counts(event):
    with transaction():
        known = workers.worker("李秀英", employer=event.competition.host)
        uploaded = read(event, workbook([row(known.name, known.id_number, employer(event))]))
        registration.entrant(event, known)
        with pytest.raises(RuleBroken, match="already entered"):
            services.take_over_import(uploaded, **BY)


def test_who_is_not_eligible_is_an_error():
    with transaction():
        rules = competitions.rule_set(eligibility=[{"kind": "grade", "at_least": "senior"}])
        event = competitions.open_event(rule_set=rules)
        rows = [
            row("王五", number(6), employer(event), grade=4),
            row("赵六", number(7), employer(event), grade=3),
        ]
        uploaded = read(event, workbook(rows))
    assert [(r, c) for r, c, _ in errors(uploaded)] == [(2, None)]


def test_the_people_of_a_team_have_one_number_and_keep_their_order():
    with transaction():
        event = competitions.open_event(team_size=2)
        rows = [
            row(name, number(index), employer(event), team=team)
            for index, (name, team) in enumerate([("甲", 7), ("乙", 8), ("丙", 7), ("丁", 8)])
        ]
        uploaded = read(event, workbook(rows))
        assert errors(uploaded) == []
        services.take_over_import(uploaded, **BY)
    assert {queries.display_name(e) for e in queries.entrants_of(event)} == {"甲、丙", "乙、丁"}


def test_a_team_of_the_wrong_size_is_an_error():
    with transaction():
        event = competitions.open_event(team_size=2)
        rows = [row("甲", number(1), employer(event), team=1), row("乙", number(2), employer(event))]
        uploaded = read(event, workbook(rows))
    assert [(r, c) for r, c, _ in errors(uploaded)] == [(2, "team"), (3, "team")]


def test_headings_may_be_english_in_any_order_below_a_title_with_hints(event):
    with transaction():
        host = employer(event)
        content = workbook(
            [
                ["Employer", "NAME *", "Id Number*", "Remarks"],
                ["(full name)", "(as on the ID)", "(as text)", ""],
                [],
                [host, "张伟", number(8), "=1+1"],
            ],
            headings=["Entries 2026"],
        )
        uploaded = read(event, content)
    assert errors(uploaded) == []
    document = queries.sealed_document(uploaded)
    assert document["ignored"] == ["Remarks"] and document["rows"][0]["number"] == 5


def test_a_missing_heading_is_named(event):
    with transaction():
        assert "“Employer” is missing" in refusal(event, workbook([], headings=HEADINGS[:4]))


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=alert(1)>", "=HYPERLINK(1)", "王\u202e五", "王\u200b五", "名" * 201, "{{7*7}}"],
)
def test_a_hostile_name_is_an_error_of_its_row(event, name):
    with transaction():
        uploaded = read(event, workbook([row(name, number(9), employer(event))]))
    assert {c for _, c, _ in errors(uploaded)} == {"name"}


def test_other_files_are_refused_with_a_sentence(event):
    good = workbook([row("王五", number(1), employer(event))])
    with transaction():
        assert "macros" in refusal(event, good, "list.xlsm")
        assert "not an Excel workbook" in refusal(event, "姓名,证件号码\n".encode(), "list.csv")
        assert "not an Excel workbook" in refusal(event, b"", "list.xlsx")
        assert "old .xls" in refusal(event, bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
        assert "damaged" in refusal(event, good[: len(good) // 2])
        assert "not an Excel workbook" in refusal(event, zipped({"../../etc/passwd": b"x"}))


def test_a_bomb_is_not_unpacked(event):
    bomb = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(60_000_000)}
    with transaction():
        assert "unpacks to far more" in refusal(event, zipped(bomb))
        assert "unpacks to far more" in refusal(event, zipped({f"x{i}": b"" for i in range(300)}))


def test_a_directory_that_lies_about_its_sizes_is_stopped_too(event):
    """The size of a part is cut in the directory: the reader's own limits hold."""
    bomb = bytearray(zipped({**skeleton(), "xl/worksheets/sheet1.xml": b" " * 400_000_000}))
    at = bomb.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert bomb[at : at + 4] == b"PK\x01\x02"
    bomb[at + 24 : at + 28] = (900_000).to_bytes(4, "little")
    with transaction():
        assert refusal(event, bytes(bomb))


def test_links_macros_and_entities_are_refused(event):
    with transaction():
        assert "other files" in refusal(event, zipped({**skeleton(), "xl/externalLinks/e1.xml": b"<x/>"}))
        assert "macros" in refusal(event, zipped({**skeleton(), "xl/vbaProject.bin": b"x"}))
        entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
        assert "damaged" in refusal(event, zipped({**skeleton(), "xl/workbook.xml": entity}))


def test_a_cell_far_out_does_not_take_the_memory(event):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "姓名")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with transaction():
        assert refusal(event, content.getvalue())


def test_too_many_columns_are_refused(event):
    with transaction():
        assert "31 columns" in refusal(event, workbook([list(range(31))]))


def test_a_new_upload_replaces_the_one_not_taken_over(event):
    with transaction():
        read(event, workbook([row("", number(1), employer(event))]))
        second = read(event, workbook([row("王五", number(1), employer(event))]))
    assert list(session.scalars(select(EntrantImport.id))) == [second.id]


def test_a_big_list_is_taken_over_whole(event):
    with transaction():
        rows = [
            row("王五", workers.id_number(n % 1000, date(1970 + n // 1000, 1, 1)), employer(event), grade=3)
            for n in range(5000)
        ]
        uploaded = read(event, workbook(rows))
        assert services.take_over_import(uploaded, **BY) == 5000
        entrants = queries.entrants_of(event)
        services.approve_entrants(entrants, **BY)
    assert queries.counts_of(event)[EntrantState.APPROVED] == 5000
    assert max(e.entry_number for e in entrants) == 5000
    assert session.scalar(select(func.count()).select_from(Worker)) == 5000


def skeleton() -> dict[str, bytes]:
    """The parts of a small workbook."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet().write(0, 0, "姓名")
    book.close()
    with zipfile.ZipFile(content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return content.getvalue()
