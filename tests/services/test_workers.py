"""Workers: registered once, found again by name or number, with a grade history that is only ever added to."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from competition.accounts.services import system_actor
from competition.audit.queries import entries_for
from competition.database import session
from competition.errors import Conflict, NotFound, RuleBroken
from competition.orm import canonical_json
from competition.rules.access import Actor, Grant, Permission, Role, ScopeKind
from competition.rules.grades import Grade
from competition.rules.identity import IdType, Sex
from competition.transactions import transaction
from competition.workers import queries, services
from competition.workers.sorting import pinyin_of
from tests.builders import organisations, workers
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("app")


def reasons(**details):
    with pytest.raises(RuleBroken) as refused, transaction():
        workers.worker(**details)
    return [str(each) for each in refused.value.sentences]


def leader_of(organisation):
    grant = Grant(Role.DELEGATION_LEADER, ScopeKind.ORGANISATION, organisation.id, organisation.path)
    return Actor(uuid4(), "领队", (grant,))


def change(worker, **changes):
    details = {
        name: getattr(worker, name)
        for name in [
            "name",
            "id_type",
            "id_number",
            "employer",
            "occupation",
            "phone",
            "status",
            "in_occupation_since",
            "version",
        ]
    }
    return services.change_worker(worker, **{**details, **changes}, by=system_actor(), at=NOON)


def test_birth_date_and_sex_come_from_the_resident_id_number():
    with transaction():
        person = workers.worker(id_number="11010519491231002X")
    assert (person.birth_date, person.sex) == (date(1949, 12, 31), Sex.FEMALE)


def test_a_typed_birth_date_that_contradicts_the_number_is_refused():
    assert "date of birth differs" in reasons(id_number="11010519491231002X", birth_date=date(1950, 1, 1))[0]


def test_full_width_digits_and_blanks_of_an_id_number_are_read():
    with transaction():
        person = workers.worker(id_number="１１０１０５ 19491231 ００２ｘ")
    assert person.id_number == "11010519491231002X"
    assert queries.worker_by_id_number("11010519491231002x") is person


def test_a_person_is_registered_once():
    with transaction():
        person = workers.worker()
    assert "already registered" in reasons(id_number=person.id_number)[0]


def test_every_reason_is_given_at_once():
    found = reasons(name="张3", id_number="123", phone="12", in_occupation_since=date(2030, 1, 1))
    assert len(found) == 4


@pytest.mark.parametrize(
    "name", ["<img src=x>", "=1+1", "王\u202e明", "王\u200b明", "王" * 300, "{{7*7}}", ""]
)
def test_what_is_no_name_is_refused(name):
    assert len(reasons(name=name)) == 1


@pytest.mark.parametrize("name", ["𬀩𠮷", "阿卜杜热西提·买买提", "王" * 50, "Müller", "㐂明"])
def test_real_names_are_kept_letter_by_letter(name):
    with transaction():
        kept = workers.worker(name).id
    session.expire_all()
    assert queries.worker_by_id(kept).name == name


def test_number_and_phone_are_sealed_in_the_database():
    with transaction():
        person = workers.worker(phone="13893112233")
    row = session.execute(text("SELECT * FROM worker")).one()
    assert person.phone == "13893112233"
    stored = " ".join(
        bytes(each).hex() if isinstance(each, bytes | memoryview) else str(each) for each in row
    )
    for number in (person.id_number, "13893112233"):
        assert number not in stored and number.encode().hex() not in stored


def test_neither_name_nor_number_is_in_the_record():
    with transaction():
        person = workers.worker("欧阳建国", phone="13893112233")
        workers.account_of(person, "ouyang")
        change(person, phone="13893112244")
    written = canonical_json([entry.payload for entry in entries_for(subject_id=person.id)])
    assert "欧阳**" in written
    assert all(
        secret not in written for secret in ("欧阳建国", person.id_number, "13893112233", "13893112244")
    )


def test_a_declared_grade_begins_the_history():
    with transaction():
        person = workers.worker(grade=Grade.SENIOR, grade_since=date(2020, 3, 1))
    [line] = queries.grade_history(person)
    assert (line.grade, line.effective_on, line.source) == (Grade.SENIOR, date(2020, 3, 1), "declared")
    assert person.grade == Grade.SENIOR


def test_a_higher_grade_becomes_the_present_one_and_a_lower_one_only_history():
    with transaction():
        person = workers.worker(grade=Grade.SENIOR)
        for grade in (Grade.TECHNICIAN, Grade.JUNIOR):
            _record(person, grade)
    assert person.grade == Grade.TECHNICIAN
    assert len(queries.grade_history(person)) == 3


def test_no_grade_above_the_ceiling_of_the_occupation():
    with transaction():
        person = workers.worker(occupation=workers.welder(ceiling=Grade.TECHNICIAN))
    with pytest.raises(RuleBroken, match="ends at"), transaction():
        _record(person, Grade.SENIOR_TECHNICIAN)


def test_the_grade_history_cannot_be_rewritten():
    with transaction():
        workers.worker(grade=Grade.SENIOR)
    with pytest.raises(DBAPIError, match="kept as it was written"), transaction():
        session.execute(text("UPDATE grade_record SET grade = 'technician'"))


def test_changing_the_occupation_looks_up_the_grade_held_in_it():
    with transaction():
        person = workers.worker(grade=Grade.SENIOR)
        change(person, occupation=workers.occupation())
        assert person.grade is None
        change(person, occupation=workers.welder())
    assert person.grade == Grade.SENIOR


def test_a_change_from_an_old_version_is_a_conflict_without_the_number():
    with transaction():
        person = workers.worker("王建国")
        version = person.version
    with transaction():
        change(person, name="王建军")
    with pytest.raises(Conflict) as conflict, transaction():
        change(person, name="王建民", version=version)
    assert "王建军" in conflict.value.theirs.values() and "王建民" in conflict.value.yours.values()
    assert person.id_number not in conflict.value.theirs.values()


def test_an_account_is_given_once_and_carries_the_role_of_a_worker():
    with transaction():
        person = workers.worker()
        account = workers.account_of(person, "wang")
    assert [grant.role for grant in account.grants] == [Role.WORKER]
    assert queries.worker_of(Actor(account.id, account.name)) is person
    with pytest.raises(RuleBroken, match="already has an account"), transaction():
        workers.account_of(person, "wang2")


def test_a_leader_sees_the_workers_of_the_own_subtree_only():
    with transaction():
        plant, other = organisations.enterprise(), organisations.enterprise()
        own = workers.worker("李一", employer=organisations.workshop(plant))
        foreign = workers.worker("李二", employer=other)
    assert queries.workers_page(leader_of(plant), "李", 1, 10) == ([own], 1)
    with pytest.raises(NotFound):
        queries.worker_for(leader_of(plant), foreign.id, Permission.WORKERS_WORKER_READ)


def test_people_are_sorted_by_the_reading_of_their_surname():
    with transaction():
        plant = organisations.enterprise()
        for name in ("曾国藩", "张三", "单雄信", "区寄", "仇英", "解缙"):
            workers.worker(name, employer=plant)
    found, _ = queries.workers_page(leader_of(plant), "", 1, 10)
    assert [person.name for person in found] == ["区寄", "仇英", "单雄信", "解缙", "曾国藩", "张三"]


def test_a_surname_is_read_as_a_surname_only_at_the_beginning():
    assert pinyin_of("曾解放") == "zeng1 jie3 fang4"
    assert pinyin_of("尉迟恭") == "yu4 chi2 gong1"
    assert pinyin_of("Anna") == "Anna"


def test_the_starter_occupations_are_loaded_once():
    with transaction():
        first = services.load_starter_occupations(by=system_actor(), at=NOON)
        again = services.load_starter_occupations(by=system_actor(), at=NOON)
    assert len(first) >= 5 and again == []
    assert queries.occupation_by_code("6-18-02-04").name == "焊工"


def test_other_documents_need_their_own_shape():
    assert "does not look like" in reasons(id_type=IdType.PASSPORT, id_number="?")[0]
    with transaction():
        person = workers.worker("John Smith", id_type=IdType.PASSPORT, id_number="e1234567", sex=Sex.MALE)
    assert (person.id_number, person.sex, person.birth_date) == ("E1234567", Sex.MALE, None)


def _record(person, grade):
    return services.record_grade(
        person,
        occupation_code=person.occupation_code,
        grade=grade,
        effective_on=NOON.date(),
        source="declared",
        by=system_actor(),
        at=NOON,
    )
