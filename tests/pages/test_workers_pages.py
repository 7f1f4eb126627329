"""Workers on pages: found, registered, corrected, masked everywhere."""

import re
from datetime import date

import pytest

from competition.organisations.queries import organisation_by_id
from competition.rules.access import Role
from competition.rules.grades import Grade
from competition.transactions import transaction
from competition.workers import queries
from tests.builders import accounts, organisations, workers

NUMBER = "11010519491231002X"


@pytest.fixture
def plant(app):
    with transaction():
        workers.welder()
        return organisations.enterprise(name="一厂").id


@pytest.fixture
def leader(browser, plant):
    """The leader of the enterprise, reading English."""
    with transaction():
        accounts.holder_at(Role.DELEGATION_LEADER, organisation_by_id(plant), "leader")
    browser.client.set_cookie("language", "en")
    browser.sign_in("leader")
    return browser


@pytest.fixture
def organiser(leader, plant):
    """An organiser of the enterprise in the leader's browser."""
    with transaction():
        accounts.holder_at(Role.ORGANISER, organisation_by_id(plant), "organiser")
    leader.post("/sign-out")
    leader.sign_in("organiser")
    return leader


def employ(name="王建国", plant=None, **details):
    with transaction():
        return workers.worker(name, employer=organisation_by_id(plant) if plant else None, **details).id


def fields_for(plant, **changes):
    return {
        "name": "王建国",
        "id_type": "resident_id",
        "id_number": NUMBER,
        "status": "worker",
        "employer": str(plant),
        "occupation": "6-18-02-04",
        **changes,
    }


def text_of(response):
    return response.get_data(as_text=True)


def test_a_worker_is_registered_and_shown_masked(leader, plant):
    leader.get(f"/workers/new?employer={plant}")
    fields = fields_for(plant, phone="138 9311 2233", grade="senior", grade_since="2020-03-01")
    made = leader.post("/workers/new", fields, expect=303)
    page = text_of(leader.get(made.location))
    assert "110***********002X" in page and "138****2233" in page and "Senior worker (level 3)" in page
    assert NUMBER not in page and "13893112233" not in page and NUMBER not in made.location


def test_full_width_digits_are_read(leader, plant):
    leader.get("/workers/new")
    leader.post(
        "/workers/new", fields_for(plant, id_number="１１０１０５１９４９１２３１００２ｘ"), expect=303
    )
    assert queries.worker_by_id_number(NUMBER) is not None


def test_the_same_form_sent_twice_registers_one(leader, plant):
    for expected in (303, 422):
        leader.get("/workers/new")
        answer = leader.post("/workers/new", fields_for(plant), expect=expected)
    assert "already registered" in text_of(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "<img src=x onerror=alert(1)>"),
        ("name", "=HYPERLINK(1)"),
        ("name", "王\u202e明"),
        ("name", "王\u200b明"),
        ("name", "王" * 300),
        ("name", "王" * 301),
        ("id_number", "110105194912310021"),
        ("id_number", "11010519491331002X"),
        ("id_number", "NaN"),
        ("id_type", "moon"),
        ("phone", "12"),
        ("employer", "x"),
        ("occupation", "9-99-99-99"),
        ("grade", "king"),
        ("grade_since", "2020-03-01"),
        ("grade_since", "yesterday"),
        ("in_occupation_since", "2999-01-01"),
        ("in_occupation_since", "1900-01-01"),
    ],
)
def test_bad_input_registers_nobody_and_says_why(leader, plant, field, value):
    leader.get("/workers/new")
    page = text_of(leader.post("/workers/new", fields_for(plant, **{field: value}), expect=422))
    assert "error-summary" in page
    assert queries.worker_by_id_number(NUMBER) is None


@pytest.mark.parametrize("name", ["𬀩𠮷", "阿卜杜热西提·买买提", "王" * 50])
def test_real_names_come_back_letter_by_letter(leader, plant, name):
    leader.get("/workers/new")
    made = leader.post("/workers/new", fields_for(plant, name=name), expect=303)
    assert f"<h1>{name}</h1>" in text_of(leader.get(made.location))


def test_an_employer_out_of_reach_cannot_be_chosen(leader, plant):
    with transaction():
        other = organisations.enterprise().id
    leader.get("/workers/new")
    leader.post("/workers/new", fields_for(other), expect=422)


def test_a_list_is_searched_by_name_and_never_by_number(leader, plant):
    for name in ("王建国", "曾国藩"):
        employ(name, plant)
    page = text_of(leader.get("/workers?q=国藩"))
    assert "曾国藩" in page and "王建国" not in page
    number = queries.worker_by_id(employ("单雄信", plant)).id_number
    assert "单雄信" not in text_of(leader.get(f"/workers?q={number}"))


def test_a_worker_is_found_by_the_whole_number_sent_in_the_body(leader, plant):
    known = employ(plant=plant, id_number=NUMBER)
    leader.get("/workers/find")
    found = leader.post("/workers/find", {"id_number": " １１０１０５19491231002x"}, expect=303)
    assert found.location == f"/workers/{known}"
    leader.get("/workers/find")
    leader.post("/workers/find", {"id_number": NUMBER[:10]}, expect=422)


def test_a_worker_of_somebody_else_does_not_exist(leader, plant):
    foreign = employ(id_number=NUMBER)
    for path in ("", "/edit", "/account", "/first-password"):
        leader.get(f"/workers/{foreign}{path}", expect=404)
    leader.get("/workers/find")
    page = text_of(leader.post("/workers/find", {"id_number": NUMBER}, expect=422))
    assert "No worker within your reach" in page


def test_an_empty_number_and_phone_keep_what_is_on_record(leader, plant):
    known = employ(plant=plant, id_number=NUMBER, phone="13893112233")
    page = text_of(leader.get(f"/workers/{known}/edit"))
    assert NUMBER not in page and "13893112233" not in page
    fields = fields_for(plant, id_number="", phone="", name="王建军", version="1")
    leader.post(f"/workers/{known}/edit", fields, expect=303)
    changed = queries.worker_by_id(known)
    assert (changed.name, changed.id_number, changed.phone) == ("王建军", NUMBER, "13893112233")


def test_a_phone_is_removed_only_when_asked(leader, plant):
    known = employ(plant=plant, id_number=NUMBER, phone="13893112233")
    leader.get(f"/workers/{known}/edit")
    fields = fields_for(plant, id_number="", forget_phone="y", version="1")
    leader.post(f"/workers/{known}/edit", fields, expect=303)
    assert queries.worker_by_id(known).phone is None


def test_a_correction_from_an_old_page_shows_both_values_masked(leader, plant):
    known = employ(plant=plant, id_number=NUMBER)
    for name, expected in (("王建军", 303), ("王建民", 409)):
        leader.get(f"/workers/{known}/edit")
        fields = fields_for(plant, name=name, version="1")
        answer = leader.post(f"/workers/{known}/edit", fields, expect=expected)
    page = text_of(answer)
    assert "王建军" in page and "王建民" in page and NUMBER not in page


def test_a_worker_gets_an_account_and_reads_the_own_record(leader, plant):
    known = employ(plant=plant, grade=Grade.SENIOR, grade_since=date(2020, 3, 1))
    leader.get(f"/workers/{known}/account")
    made = leader.post(f"/workers/{known}/account", {"username": "wang"}, expect=303)
    shown = text_of(leader.get(made.location))
    password = re.search(r'id="first-password">([^<]+)<', shown).group(1)
    assert password not in text_of(leader.get(made.location))
    leader.post("/sign-out")
    leader.sign_in("wang", password)
    leader.get("/password")
    new = {"old": password, "new": "four quiet welders", "again": "four quiet welders"}
    leader.post("/password", new, expect=303)
    own = text_of(leader.get("/my-record"))
    assert "1 March 2020" in own and queries.worker_by_id(known).id_number not in own
    leader.get("/workers", expect=403)


def test_an_account_that_is_no_worker_has_no_record(browser, plant):
    with transaction():
        accounts.holder(Role.WORKER, "nobody")
    browser.sign_in("nobody")
    browser.get("/my-record")


def test_occupations_are_added_once(organiser, plant):
    fields = {"code": "６-31-01-03", "name": "电工", "name_en": "Electrician", "catalogue_year": "２０２２"}
    for expected in (303, 422):
        organiser.get("/occupations/new")
        organiser.post("/occupations/new", {**fields, "ceiling": "senior_technician"}, expect=expected)
    assert "6-31-01-03" in text_of(organiser.get("/occupations"))


@pytest.mark.parametrize(
    ("field", "value"), [("code", "6180204"), ("catalogue_year", "NaN"), ("ceiling", "x")]
)
def test_an_occupation_that_cannot_be_is_refused(organiser, plant, field, value):
    fields = {"code": "6-31-01-03", "name": "电工", "name_en": "Electrician", "catalogue_year": "2022"}
    organiser.get("/occupations/new")
    organiser.post("/occupations/new", {**fields, "ceiling": "senior", field: value}, expect=422)
    assert queries.occupation_by_code("6-31-01-03") is None


def test_the_common_occupations_are_added_with_one_button(organiser, plant):
    organiser.get("/occupations")
    organiser.post("/occupations/starters", expect=303)
    assert "Bench fitter" in text_of(organiser.get("/occupations"))


def test_a_leader_reads_the_occupations_and_adds_none(leader, plant):
    assert "/occupations/new" not in text_of(leader.get("/occupations"))
    leader.get("/occupations/new", expect=403)
