"""Pages of paper: the desk, printing, typing blind, confirming, the third look. No page and no print knows a name or a unit."""

import io
import re

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from competition.accounts.queries import actor_of
from competition.competitions.models import Event
from competition.database import db
from competition.panels.queries import chiefs_of
from competition.paper import queries
from competition.paper.models import PrintedSheet
from competition.paper.queries import Stage
from competition.registration.queries import entrants_of
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet
from competition.scoring.services import void_sheet
from competition.transactions import transaction
from tests.builders import paper, results
from tests.builders import scoring as marking
from tests.builders.accounts import PASSWORD
from tests.conftest import NOON

GOOD = {"seam": "88.5", "time": "610"}


@pytest.fixture
def event(app):
    with transaction():
        event = results.marking_event(2, rules=results.trade_rules())
        for number in (1, 2, 3):
            paper.clerk(event, f"clerk{number}", f"录分{number}")
        results.organiser(event)
    return event.id


@pytest.fixture
def sheet(event):
    return paper.sheet_of(db.session.get(Event, event)).id


def signs_in(browser, who):
    """And looks at a page, which carries the token of the new session."""
    browser.sign_in(who, PASSWORD)
    browser.get("/")


def page_of(event, sheet, tail=""):
    return f"/events/{event}/paper/sheets/{sheet}{tail}"


def fields(event, sheet, **texts):
    """What the form sends for these texts by aspect."""
    lines = paper.lines(db.session.get(Sheet, (event, sheet)))
    sent = {}
    for number, line in enumerate(lines):
        sent[f"values-{number}"] = (
            texts.get(line.item.aspect.id, "") if line.is_first and not line.item.is_list else ""
        )
        if line.item.is_list:
            sent[f"reasons-{number}"] = ""
    return sent


def types(browser, who, event, sheet, signed="y", **texts):
    signs_in(browser, who)
    return browser.post(
        page_of(event, sheet), {**fields(event, sheet, **texts), **({"signed": signed} if signed else {})}
    )


def stage(event, sheet):
    db.session.expire_all()
    return queries.standing_of(db.session.get(Sheet, (event, sheet))).stage


def test_a_clerk_finds_the_work_from_the_home_page(browser, event):
    signs_in(browser, "clerk1")
    home = browser.get("/").text
    assert f"/events/{event}/paper" in home
    assert "录入" in browser.get("/paper").text


def test_a_typed_code_opens_its_sheet_and_an_unknown_one_says_so(browser, event, sheet):
    code = db.session.get(Sheet, (event, sheet)).code
    signs_in(browser, "clerk1")
    answer = browser.get(f"/events/{event}/paper?code={code.lower()} j1 practice", expect=303)
    assert answer.status_code == 303 and answer.location.endswith(page_of(event, sheet))
    assert "没有这个号的评分表" in browser.get(f"/events/{event}/paper?code=ZZ9").text


def test_two_clerks_type_blind_and_the_sheet_is_counted(browser, event, sheet):
    assert types(browser, "clerk1", event, sheet, **GOOD).status_code == 303
    signs_in(browser, "clerk2")
    assert "88.5" not in browser.get(page_of(event, sheet)).text
    assert types(browser, "clerk2", event, sheet, **GOOD).status_code == 303
    assert stage(event, sheet) is Stage.COUNTED


def test_who_confirms_sees_the_first_entry_only_to_confirm_or_reject(browser, event, sheet):
    types(browser, "clerk1", event, sheet, **GOOD)
    signs_in(browser, "clerk2")
    shown = browser.get(page_of(event, sheet, "?way=confirm")).text
    entry = re.search(r'name="confirms" value="([^"]+)"', shown).group(1)
    assert "88.5" in shown and 'name="checks-0"' in shown and 'value="88.5"' not in shown
    checks = {f"checks-{number}": "yes" for number in range(len(fields(event, sheet)))}
    blank = fields(event, sheet)
    some = browser.post(page_of(event, sheet), {**blank, "confirms": entry, "checks-0": "yes", "signed": "y"})
    assert some.status_code == 422 and stage(event, sheet) is Stage.HALF
    assert (
        browser.post(page_of(event, sheet), {**blank, **checks, "confirms": entry, "signed": "y"}).status_code
        == 303
    )
    assert stage(event, sheet) is Stage.COUNTED


def test_whoever_rejects_an_item_types_another_value(browser, event, sheet):
    types(browser, "clerk1", event, sheet, **GOOD)
    signs_in(browser, "clerk2")
    shown = browser.get(page_of(event, sheet, "?way=confirm")).text
    entry = re.search(r'name="confirms" value="([^"]+)"', shown).group(1)
    checks = {f"checks-{number}": "yes" for number in range(len(fields(event, sheet)))}
    answer = browser.post(
        page_of(event, sheet),
        {**fields(event, sheet, seam="85.5"), **checks, "confirms": entry, "signed": "y"},
    )
    assert answer.status_code == 303 and stage(event, sheet) is Stage.DIFFERENT


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"seam": "101", "time": "610"}, "100"),
        ({"seam": "88.5"}, "是空的"),
        ({"seam": "8.8.5", "time": "1"}, "数字"),
    ],
)
def test_what_cannot_be_taken_is_said_and_everything_typed_is_still_there(browser, event, sheet, texts, said):
    answer = types(browser, "clerk1", event, sheet, **texts)
    assert answer.status_code == 422 and said in answer.text
    assert f'value="{texts["seam"]}"' in answer.text and stage(event, sheet) is Stage.UNTYPED


def test_a_paper_that_the_judge_has_not_signed_is_not_taken(browser, event, sheet):
    answer = types(browser, "clerk1", event, sheet, signed="", **GOOD)
    assert answer.status_code == 422 and "退还裁判员" in answer.text


def test_a_void_sheet_says_so_and_keeps_what_was_typed(browser, event, sheet):
    with transaction():
        chief = actor_of(results.organiser(db.session.get(Event, event)))
        void_sheet(db.session.get(Sheet, (event, sheet)), reason="重复", by=chief, at=NOON)
    answer = types(browser, "clerk1", event, sheet, **GOOD)
    assert answer.status_code == 422 and "已作废" in answer.text and 'value="88.5"' in answer.text


def test_the_third_look_shows_both_values_and_asks_for_a_reason(browser, event, sheet):
    types(browser, "clerk1", event, sheet, **GOOD)
    types(browser, "clerk2", event, sheet, seam="83.5", time="610")
    signs_in(browser, "clerk1")
    browser.get(page_of(event, sheet, "/third-look"), expect=303)
    signs_in(browser, "clerk3")
    shown = browser.get(page_of(event, sheet, "/third-look")).text
    assert "88.5" in shown and "83.5" in shown
    nothing = browser.post(
        page_of(event, sheet, "/third-look"), {"choices-0": "second", "values-0": "", "reasons-0": ""}
    )
    assert nothing.status_code == 422
    chosen = {"choices-0": "other", "values-0": "83", "reasons-0": "纸上写的是83"}
    assert browser.post(page_of(event, sheet, "/third-look"), chosen).status_code == 303
    assert stage(event, sheet) is Stage.COUNTED
    cells = scoring.marks_of_sheet(db.session.get(Sheet, (event, sheet)))
    assert cells["seam", "mark"].value == 83


def test_an_own_entry_is_withdrawn_from_the_page(browser, event, sheet):
    types(browser, "clerk1", event, sheet, **GOOD)
    assert browser.post(page_of(event, sheet, "/withdrawal"), {}).status_code == 303
    assert stage(event, sheet) is Stage.UNTYPED


def test_the_chief_judge_sees_paper_and_tablet_and_decides(browser, event, sheet):
    types(browser, "clerk1", event, sheet, **GOOD)
    with transaction():
        own = db.session.get(Sheet, (event, sheet))
        marking.send(
            marking.device(scoring.event_of(own), own.judge.account), marking.sent(own, "seam", "70")
        )
    types(browser, "clerk2", event, sheet, **GOOD)
    assert stage(event, sheet) is Stage.HELD_UP
    assert browser.post(page_of(event, sheet, "/preference"), {"reason": "平板被误触"}).status_code == 403
    chief = chiefs_of(db.session.get(Event, event))[0].username
    signs_in(browser, chief)
    shown = browser.get(page_of(event, sheet)).text
    assert "70" in shown and "88.5" in shown
    assert browser.post(page_of(event, sheet, "/preference"), {"reason": "平板被误触"}).status_code == 303
    assert stage(event, sheet) is Stage.COUNTED


def test_a_photo_is_attached_and_shown(browser, event, sheet):
    content = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(content, format="JPEG")
    signs_in(browser, "clerk1")
    answer = browser.post(
        page_of(event, sheet, "/photos"), {"photo": (io.BytesIO(content.getvalue()), "paper.jpg")}
    )
    assert answer.status_code == 303
    photo = queries.photos_of(db.session.get(Sheet, (event, sheet)))[0]
    shown = browser.get(f"/events/{event}/paper/photos/{photo.id}")
    assert shown.content_type == "image/jpeg" and "no-store" in shown.headers["Cache-Control"]


# --- prints -----------------------------------------------------------------------------------------


def printed(browser, event, **chosen):
    answer = browser.post(f"/events/{event}/paper/prints", chosen)
    assert answer.content_type == "application/pdf", answer.text
    return answer.data


def test_one_click_prints_every_open_sheet_with_a_code_of_its_own(browser, event):
    signs_in(browser, "clerk1")
    reader = PdfReader(io.BytesIO(printed(browser, event)))
    sheets = scoring.sheets_of(db.session.get(Event, event))
    text = [page.extract_text() for page in reader.pages]
    assert len(text) == len(sheets) and all("第1页，共1页" in one or "1" in one for one in text)
    assert db.session.query(PrintedSheet).count() == len(sheets)


def test_the_code_on_the_paper_opens_the_sheet_and_says_nothing(browser, event, sheet):
    signs_in(browser, "clerk1")
    own = db.session.get(Sheet, (event, sheet))
    file = printed(browser, event, module=own.module, seat=own.seat_label, code=own.code)
    document = pypdfium2.PdfDocument(file)
    picture = document[0].render(scale=150 / 72).to_pil()
    (found,) = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormat.QRCode
    )  # in a row of it another code may seem to stand
    path = "/" + found.text.split("/", 3)[3]
    drawn = str(db.session.query(PrintedSheet).one().id)
    assert path == f"/paper/{drawn}"
    assert own.code not in found.text.replace(drawn, "")
    assert browser.get(path, expect=303).location.endswith(page_of(event, sheet))
    scanned = browser.get(f"/events/{event}/paper", query_string={"code": found.text}, expect=303)
    assert scanned.location.endswith(path)


def test_whoever_scans_signed_out_comes_back_to_the_sheet(browser, event):
    signs_in(browser, "clerk1")
    printed(browser, event)
    one = db.session.query(PrintedSheet).first().id
    browser.post("/sign-out")
    assert f"next=/paper/{one}" in browser.get(f"/paper/{one}", expect=303).location.replace("%2F", "/")


def test_no_print_and_no_page_knows_a_name_or_a_unit(browser, event, sheet):
    held = db.session.get(Event, event)
    secrets = {member.worker.name for entrant in entrants_of(held) for member in entrant.members}
    secrets |= {member.worker.employer.name for entrant in entrants_of(held) for member in entrant.members}
    secrets -= {held.competition.host.name}  # the event's own name may say it
    secrets |= {one.judge.account.name for one in scoring.sheets_of(held)}
    types(browser, "clerk1", event, sheet, **GOOD)
    types(browser, "clerk2", event, sheet, seam="83.5", time="610")
    signs_in(browser, "clerk3")
    pdf = PdfReader(io.BytesIO(printed(browser, event, with_marks="y")))
    seen = "".join(page.extract_text() for page in pdf.pages) + str(pdf.metadata)
    for path in (
        "/paper",
        f"/events/{event}/paper",
        page_of(event, sheet),
        page_of(event, sheet, "/third-look"),
    ):
        seen += browser.get(path).text
    assert not [secret for secret in secrets if secret in seen]


def test_sheets_with_marks_carry_what_is_recorded(browser, event, sheet):
    with transaction():
        own = db.session.get(Sheet, (event, sheet))
        late = marking.sent(own, "safety", "2", 2, kind="entry:1", reason="未戴护目镜")
        device = marking.device(scoring.event_of(own), own.judge.account)
        marking.send(device, marking.sent(own, "seam", "71.25"), late)
        code, seat = own.code, own.seat_label
    signs_in(browser, "clerk1")
    chosen = {"module": "practice", "seat": seat, "code": code}
    blank = PdfReader(io.BytesIO(printed(browser, event, **chosen))).pages[0].extract_text()
    filled = PdfReader(io.BytesIO(printed(browser, event, **chosen, with_marks="y"))).pages[0].extract_text()
    assert "71.25" not in blank and "71.25" in filled and "未戴护目镜" in filled


def test_nothing_is_printed_for_a_code_there_is_none_of(browser, event):
    signs_in(browser, "clerk1")
    answer = browser.post(f"/events/{event}/paper/prints", {"code": "ZZ9"})
    assert answer.status_code == 422 and "没有可打印的评分表" in answer.text


def test_the_desk_reconciles_with_named_lists(browser, event, sheet):
    types(browser, "clerk1", event, sheet, **GOOD)
    types(browser, "clerk2", event, sheet, **GOOD)
    shown = browser.get(f"/events/{event}/paper").text
    found = scoring.reconciliation(db.session.get(Event, event))
    assert (found.received, found.missing) == (1, found.expected - 1)
    missing = scoring.missing_sheets(db.session.get(Event, event))
    assert len(missing) == found.missing and all(page_of(event, one.sheet_id) in shown for one in missing)
