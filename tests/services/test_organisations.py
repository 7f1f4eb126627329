"""The tree of organisations: what may stand where, with which codes."""

from uuid import uuid4

import pytest

from competition.accounts.services import system_actor
from competition.audit.queries import entries_for, sentence_of
from competition.database import session
from competition.errors import Conflict, NotFound, RuleBroken
from competition.organisations import queries
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.services import change_organisation, open_organisation
from competition.rules.access import Actor, Grant, Permission, Role, ScopeKind
from competition.transactions import transaction
from tests.builders import organisations as made
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("app")


def reasons(**fields):
    """The sentences with which the service refuses an organisation."""
    with pytest.raises(RuleBroken) as refused, transaction():
        open_organisation(**fields, by=system_actor(), at=NOON)
    return [str(each) for each in refused.value.sentences]


def reader(organisation):
    grant = Grant(Role.DELEGATION_LEADER, ScopeKind.ORGANISATION, organisation.id, organisation.path)
    return Actor(uuid4(), "领队", (grant,))


def test_the_path_of_an_organisation_begins_with_the_path_of_its_parent():
    with transaction():
        top, below, town, plant, shop = made.chain()
    assert shop.path == f"{top.id}/{below.id}/{town.id}/{plant.id}/{shop.id}/"
    assert queries.ancestors_of(shop) == [top, below, town, plant, shop]
    assert queries.subtree_of(town) == [town, plant, shop]


def test_adding_an_organisation_is_recorded_with_its_name():
    with transaction():
        top = made.nation()
        below = made.province(top)
    entry = entries_for(subject_id=below.id)[0]
    assert str(sentence_of(entry)) == "added the organisation 甘肃省 below 全国"


def test_a_kind_stands_only_below_a_higher_kind():
    with transaction():
        plant = made.enterprise()
    [reason] = reasons(kind=OrganisationKind.CITY, name="兰州市", parent=plant, division_code="620100")
    assert "cannot stand below" in reason


def test_levels_may_be_left_out():
    with transaction():
        plant = made.enterprise(made.nation())
    assert plant.kind == OrganisationKind.ENTERPRISE


def test_a_workshop_without_an_enterprise_is_refused():
    assert reasons(kind=OrganisationKind.WORKSHOP, name="焊接车间") == [
        "A workshop belongs to an organisation. Choose the one it stands below."
    ]


def test_every_reason_is_given_at_once():
    found = reasons(kind=OrganisationKind.ENTERPRISE, name="", credit_code="1", division_code="99")
    assert len(found) == 3


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (OrganisationKind.NATION, "620000"),
        (OrganisationKind.PROVINCE, "620100"),
        (OrganisationKind.PROVINCE, "100000"),
        (OrganisationKind.CITY, "620000"),
        (OrganisationKind.CITY, None),
        (OrganisationKind.CITY, "6201"),
    ],
)
def test_the_division_code_fits_the_kind_of_place(kind, code):
    assert len(reasons(kind=kind, name="某地", division_code=code)) == 1


def test_a_division_code_lies_inside_that_of_the_place_above():
    with transaction():
        below = made.province(made.nation())
    [reason] = reasons(kind=OrganisationKind.CITY, name="西安市", parent=below, division_code="610100")
    assert "does not lie inside 620000" in reason


def test_full_width_digits_of_codes_are_read():
    with transaction():
        below = open_organisation(
            kind=OrganisationKind.PROVINCE,
            name="甘肃省",
            division_code="６２００００",
            by=system_actor(),
            at=NOON,
        )
    assert below.division_code == "620000"


def test_an_enterprise_needs_a_credit_code_that_nobody_else_has():
    with transaction():
        plant = made.enterprise()
    assert "needs its unified social credit code" in reasons(kind=OrganisationKind.ENTERPRISE, name="二厂")[0]
    taken = reasons(kind=OrganisationKind.ENTERPRISE, name="二厂", credit_code=plant.credit_code)
    assert "already known" in taken[0]


def test_siblings_have_different_names():
    with transaction():
        plant = made.enterprise()
        made.workshop(plant)
    assert (
        "already an organisation called 焊接车间"
        in reasons(kind=OrganisationKind.WORKSHOP, name="焊接车间", parent=plant)[0]
    )


@pytest.mark.parametrize("name", ["兰州\u202e厂", "一\u200b厂", "厂" * 300])
def test_hidden_characters_and_endless_names_are_refused(name):
    assert len(reasons(kind=OrganisationKind.PROVINCE, name=name, division_code="620000")) == 1


@pytest.mark.parametrize("name", ["<b>厂</b>", "=HYPERLINK(1)", "𬭎𠮷厂", "{{7*7}}"])
def test_strange_but_visible_names_are_kept_as_they_are(name):
    with transaction():
        kept = made.province(name=name).id
    session.expire_all()
    assert session.get(Organisation, kept).name == name


def test_a_change_from_an_old_version_is_a_conflict_that_shows_both():
    with transaction():
        plant = made.enterprise(name="一厂")
        version = plant.version
    with transaction():
        _rename(plant, "一机厂", version)
    with pytest.raises(Conflict) as conflict, transaction():
        _rename(plant, "兰州一厂", version)
    assert "一机厂" in conflict.value.theirs.values() and "兰州一厂" in conflict.value.yours.values()


def test_a_division_code_is_not_changed_away_from_the_places_below():
    with transaction():
        below = made.province(made.nation())
        made.city(below)
    with pytest.raises(RuleBroken, match="outside 610000: 620100"), transaction():
        change_organisation(
            below, name=below.name, name_en="", division_code="610000", credit_code=None,
            version=below.version, by=system_actor(), at=NOON,
        )  # fmt: skip


def test_a_role_reaches_its_organisation_and_everything_below_and_nothing_else():
    with transaction():
        _, _, town, plant, shop = made.chain()
        other = made.enterprise(town)
    leader = reader(plant)
    assert queries.reachable_organisations(leader, Permission.ORGANISATIONS_ORGANISATION_READ) == [
        plant,
        shop,
    ]
    assert queries.organisation_for(leader, shop.id, Permission.ORGANISATIONS_ORGANISATION_READ) is shop
    with pytest.raises(NotFound):
        queries.organisation_for(leader, other.id, Permission.ORGANISATIONS_ORGANISATION_READ)


def test_who_has_no_grant_reaches_nothing():
    with transaction():
        made.nation()
    stranger = Actor(uuid4(), "路人")
    assert queries.reachable_organisations(stranger, Permission.ORGANISATIONS_ORGANISATION_READ) == []


def _rename(organisation, name, version):
    return change_organisation(
        organisation,
        name=name,
        name_en=organisation.name_en,
        division_code=organisation.division_code,
        credit_code=organisation.credit_code,
        version=version,
        by=system_actor(),
        at=NOON,
    )
