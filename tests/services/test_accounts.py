"""Accounts: signing in without telling who exists, passwords, roles given and taken back."""

from datetime import timedelta

import pytest

from competition.accounts import queries, services
from competition.accounts.passwords import password_problem
from competition.accounts.places import INSTALLATION, Place, places_for
from competition.accounts.services import system_actor
from competition.audit.queries import entries_for, sentence_of
from competition.errors import RuleBroken, TooMany
from competition.orm import canonical_json
from competition.rules.access import Role, ScopeKind
from competition.transactions import transaction
from tests.builders import accounts, organisations
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("app")


def try_to_sign_in(username, password, at=NOON, address="10.0.0.1"):
    with transaction():
        return services.sign_in(username=username, password=password, address=address, at=at)


def refused(act, **fields):
    with pytest.raises(RuleBroken) as problem, transaction():
        act(**fields, by=system_actor(), at=NOON)
    return [str(each) for each in problem.value.sentences]


@pytest.fixture
def zhang():
    with transaction():
        return accounts.account("zhang")


def test_name_and_password_sign_in_and_it_is_recorded(zhang):
    assert try_to_sign_in(" Zhang ", accounts.PASSWORD) is zhang
    assert str(sentence_of(entries_for(subject_id=zhang.id)[0])) == "signed in"


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_look_alike(zhang):
    with transaction():
        services.disable_account(accounts.account("gone"), by=system_actor(), at=NOON)
    assert try_to_sign_in("zhang", "wrong") is None
    assert try_to_sign_in("nobody", "wrong") is None
    assert try_to_sign_in("gone", accounts.PASSWORD) is None


def test_after_five_failures_the_name_waits_longer_each_time(zhang):
    for _ in range(5):
        try_to_sign_in("zhang", "wrong")
    with pytest.raises(TooMany) as problem:
        try_to_sign_in("zhang", accounts.PASSWORD)
    assert problem.value.retry_after == 30
    later = NOON + timedelta(seconds=31)
    try_to_sign_in("zhang", "wrong", at=later)
    with pytest.raises(TooMany) as problem:
        try_to_sign_in("zhang", accounts.PASSWORD, at=later)
    assert problem.value.retry_after == 60


def test_nobody_locks_a_judge_out_from_another_address(zhang):
    for _ in range(5):
        try_to_sign_in("zhang", "wrong", address="10.9.9.9")
    assert try_to_sign_in("zhang", accounts.PASSWORD, address="10.0.0.1") is zhang


def test_success_forgets_the_failures(zhang):
    for _ in range(4):
        try_to_sign_in("zhang", "wrong")
    try_to_sign_in("zhang", accounts.PASSWORD)
    assert try_to_sign_in("zhang", "wrong") is None
    assert try_to_sign_in("zhang", accounts.PASSWORD) is zhang


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaa",
        "password123",
        "zhang lives here",
        "张明的密码很长很长很长",
        "x1" * 150,
        "12345678",
    ],
)
def test_passwords_that_are_tried_first_are_refused(password):
    assert password_problem(password, username="zhang", name="张明") is not None


@pytest.mark.parametrize("password", ["four quiet welders", "焊接车间的四只安静猫咪呀", "mK7-pq2-vv9"])
def test_long_and_uncommon_passwords_pass_without_forced_signs(password):
    assert password_problem(password, username="zhang", name="张明") is None


def test_a_new_password_ends_every_session(zhang):
    before = zhang.epoch
    with transaction():
        services.change_password(
            zhang, old=accounts.PASSWORD, new="four quiet welders", by=system_actor(), at=NOON
        )
    assert zhang.epoch == before + 1 and not zhang.must_change_password


def test_no_password_is_in_the_record(zhang):
    with transaction():
        services.reset_password(zhang, password="a first password", by=system_actor(), at=NOON)
    assert "a first password" not in canonical_json([entry.payload for entry in entries_for()])


def test_names_are_refused_with_every_reason(zhang):
    assert len(refused(services.open_account, username="a b", name="", password="x")) == 2
    assert refused(services.open_account, username="ＺＨＡＮＧ", name="张", password="x") == [
        "The user name zhang is taken. Choose another one."
    ]


@pytest.mark.parametrize("name", ["李\u202e娜", "李\u0000", "李" * 101])
def test_names_nobody_can_read_are_refused(name):
    assert len(refused(services.open_account, username="lina", name=name, password="x")) == 1


def test_a_search_takes_signs_as_they_are(zhang):
    with transaction():
        accounts.account("under_score", "李%娜")
    assert [each.username for each in queries.accounts_matching("_", page=1)[0]] == ["under_score"]
    assert [each.username for each in queries.accounts_matching("%", page=1)[0]] == ["under_score"]


def test_a_role_is_given_once_and_taken_back(zhang):
    with transaction():
        plant = organisations.enterprise()
        place = Place(plant.id, plant.path, plant.name)
        given = [_give(zhang, Role.ORGANISER, ScopeKind.ORGANISATION, place) for _ in range(2)]
    assert given[0] is given[1]
    with transaction():
        services.withdraw_role(given[0], by=system_actor(), at=NOON)
    assert queries.actor_of(zhang).grants == ()
    assert plant.name in str(sentence_of(entries_for(subject_id=zhang.id)[-2]))


def test_a_role_is_given_only_for_its_kinds_of_place(zhang):
    with pytest.raises(RuleBroken, match="cannot be given"), transaction():
        _give(zhang, Role.JUDGE, ScopeKind.INSTALLATION, INSTALLATION)
    assert ScopeKind.INSTALLATION not in places_for(Role.JUDGE)


def test_nobody_gives_a_role_to_oneself(zhang):
    with pytest.raises(RuleBroken, match="your own account"), transaction():
        _give(zhang, Role.AUDITOR, ScopeKind.INSTALLATION, INSTALLATION, by=queries.actor_of(zhang))


def test_somebody_stays_administrator():
    with transaction():
        first = accounts.administrator("one")
    with pytest.raises(RuleBroken, match="last administrator"), transaction():
        services.withdraw_role(first.grants[0], by=system_actor(), at=NOON)
    with transaction():
        accounts.administrator("two")
        services.withdraw_role(first.grants[0], by=system_actor(), at=NOON)


def test_nobody_disables_the_own_account(zhang):
    with pytest.raises(RuleBroken, match="your own account"), transaction():
        services.disable_account(zhang, by=queries.actor_of(zhang), at=NOON)


def test_the_first_administrator_is_made_once():
    first = {"username": "root", "name": "管理员", "password": "a long sentence", "at": NOON}
    with transaction():
        services.open_first_administrator(**first)
    with pytest.raises(RuleBroken, match="already has its administrator"), transaction():
        services.open_first_administrator(**{**first, "username": "second"})


def test_places_of_organisations_show_what_stands_above(zhang):
    with transaction():
        _, _, _, plant, _ = organisations.chain()
    labels = [place.label for place in places_for(Role.DELEGATION_LEADER)[ScopeKind.ORGANISATION]]
    assert f"全国 › 甘肃省 › 兰州市 › {plant.name}" in labels


def _give(account, role, kind, place, by=None):
    return services.give_role(
        account, role=role, scope_kind=kind, place=place, by=by or system_actor(), at=NOON
    )
