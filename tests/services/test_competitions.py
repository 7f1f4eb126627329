"""Competitions and events: state, refusal, fact; on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.competitions import blockers, queries, services
from competition.competitions.models import CompetitionClass, Event, Group, RuleSetVersion, Tier
from competition.database import session
from competition.errors import Conflict, NotFound, RuleBroken
from competition.orm import fingerprint
from competition.rules import ruleset
from competition.rules.access import NOBODY, Actor, Grant, Permission, Role, ScopeKind
from competition.rules.lifecycle import EventState, Move
from competition.rules.sentences import sentence
from competition.transactions import transaction
from tests.builders import competitions as a
from tests.builders import organisations
from tests.conftest import NOON

BY = system_actor()


def kinds() -> list[str]:
    return list(session.scalars(select(AuditEntry.kind)))


def move(event: Event, name: Move, reason: str = "") -> None:
    services.move_event(event, name, by=BY, at=NOON, reason=reason)


def test_a_competition_is_opened_with_its_fact(app: Flask) -> None:
    with transaction():
        made = a.competition(code="QS-9")
    assert queries.competition_by_code("QS-9") is made
    assert "competitions.competition_opened" in kinds()


def test_all_reasons_against_a_competition_come_at_once(app: Flask) -> None:
    with transaction():
        a.competition(code="QS-1")
    with transaction(), pytest.raises(RuleBroken) as refused:
        a.competition(
            code="QS-1",
            competition_class=CompetitionClass.FIRST,
            starts_on=date(2026, 6, 2),
            ends_on=date(2026, 6, 1),
        )
    assert len(refused.value.sentences) == 3


def test_only_an_enterprise_competition_has_no_class(app: Flask) -> None:
    with transaction(), pytest.raises(RuleBroken, match="no class"):
        a.competition(organisations.city(), tier=Tier.CITY, competition_class=CompetitionClass.NONE)


def test_an_old_version_of_a_competition_meets_both_values(app: Flask) -> None:
    with transaction():
        made = a.competition()
    same = {
        "name_en": made.name_en,
        "tier": made.tier,
        "competition_class": made.competition_class,
        "edition": 1,
        "starts_on": made.starts_on,
        "ends_on": made.ends_on,
        "version": made.version,
        "by": BY,
        "at": NOON,
    }
    with transaction():
        services.change_competition(made, name="新名", **same)
    with transaction(), pytest.raises(Conflict) as met:
        services.change_competition(made, name="别名", **same)
    assert list(met.value.theirs.values()) == ["新名"]
    assert list(met.value.yours.values()) == ["别名"]


def test_an_event_begins_as_a_draft_that_only_its_people_see(app: Flask) -> None:
    with transaction():
        event = a.event()
    assert event.state == EventState.DRAFT
    with pytest.raises(NotFound):
        queries.visible_event(NOBODY, event.id)
    with pytest.raises(NotFound):
        queries.public_event(event.id)
    organiser = Actor(None, "李组织", (Grant(Role.ORGANISER, ScopeKind.COMPETITION, event.competition_id),))
    assert queries.visible_event(organiser, event.id) is event


def test_an_event_code_is_unique_in_its_competition(app: Flask) -> None:
    with transaction():
        of = a.competition()
        a.event(of, code="A1")
        a.event(a.competition(), code="A1")
        with pytest.raises(RuleBroken, match="is taken in this competition"):
            a.event(of, code="A1")


def test_a_rule_set_with_problems_is_refused_with_every_place(app: Flask) -> None:
    broken = a.rule_set(scheme={"kind": "group"}, eligibility=[{"kind": "shoe_size"}])
    with transaction(), pytest.raises(RuleBroken) as refused:
        a.event(rule_set=broken)
    words = [str(each) for each in refused.value.sentences]
    assert any("/scheme" in each for each in words)
    assert any("/eligibility/0/kind" in each for each in words)


def test_opening_registration_freezes_the_rule_set_by_its_hash(app: Flask) -> None:
    with transaction():
        event = a.event(rule_set=a.rule_set("welding"))
        move(event, Move.OPEN_REGISTRATION)
    assert event.state == EventState.REGISTRATION
    assert event.frozen is not None
    assert (event.frozen.number, event.frozen.hash) == (1, fingerprint(event.rule_set))
    assert queries.rule_set_of(event).scheme.id == "total"
    assert {"competitions.rule_set_frozen", "competitions.event_moved"} <= set(kinds())


def test_a_frozen_rule_set_cannot_change(app: Flask) -> None:
    with transaction():
        event = a.open_event()
        with pytest.raises(RuleBroken, match="frozen"):
            services.change_rule_set(
                event, document=a.rule_set("pairs"), version=event.version, by=BY, at=NOON
            )
    assert session.scalars(select(RuleSetVersion)).one().document == a.rule_set()


def test_a_draft_rule_set_is_replaced_unless_somebody_was_faster(app: Flask) -> None:
    with transaction():
        event = a.event()
    seen = event.version
    with transaction():
        services.change_rule_set(event, document=a.rule_set("welding"), version=seen, by=BY, at=NOON)
    assert queries.rule_set_of(event).blind_layers == 1
    with transaction(), pytest.raises(Conflict):
        services.change_rule_set(event, document=a.rule_set(), version=seen, by=BY, at=NOON)


def test_a_move_out_of_turn_is_refused_with_the_state(app: Flask) -> None:
    with transaction():
        event = a.event()
        with pytest.raises(RuleBroken, match=r"Close registration.*Draft"):
            move(event, Move.CLOSE_REGISTRATION)


def test_a_move_meets_every_registered_blocker_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = (sentence("The hall is locked."), sentence("The lamp is broken."))
    monkeypatch.setitem(blockers._registered, Move.CLOSE_REGISTRATION, [lambda _event: reasons])
    with transaction():
        event = a.open_event()
        with pytest.raises(RuleBroken) as refused:
            move(event, Move.CLOSE_REGISTRATION)
    assert refused.value.sentences == reasons


def test_cancelling_needs_a_reason_and_keeps_it(app: Flask) -> None:
    with transaction():
        event = a.open_event()
        with pytest.raises(RuleBroken, match="Say why"):
            move(event, Move.CANCEL)
        move(event, Move.CANCEL, "停电")
    assert [made.reason for made in queries.moves_of(event)] == ["", "停电"]


def test_winners_climb_only_to_a_fitting_event_above(app: Flask) -> None:
    with transaction():
        _, _, town, plant, _ = organisations.chain()
        below = a.event(a.competition(plant))
        above = a.event(
            a.competition(town, tier=Tier.CITY),
            group=Group.STUDENT,
            team_size=2,
            rule_set=a.rule_set("pairs"),
        )
        with pytest.raises(RuleBroken) as refused:
            services.link_parent(below, parent=above, quota=0, reserves=0, by=BY, at=NOON)
        assert len(refused.value.sentences) == 3
        with pytest.raises(RuleBroken, match="not of a higher tier"):
            services.link_parent(above, parent=below, quota=1, reserves=0, by=BY, at=NOON)


def test_a_link_carries_quota_and_reserves_and_can_be_undone(app: Flask) -> None:
    with transaction():
        _, _, town, plant, _ = organisations.chain()
        above = a.event(a.competition(town, tier=Tier.CITY))
        below = a.event(a.competition(plant), parent=above, parent_quota=2, parent_reserves=1)
        assert (below.parent, below.parent_quota, below.parent_reserves) == (above, 2, 1)
        assert queries.feeders_of(above) == [below]
        assert queries.ladder_of(below) == [below, above]
        services.link_parent(below, parent=None, quota=0, reserves=0, by=BY, at=NOON)
    assert below.parent_id is None
    assert below.parent_quota == 0


def test_inside_an_enterprise_a_workshop_leads_to_the_company_and_never_back(app: Flask) -> None:
    with transaction():
        *_, plant, shop = organisations.chain()
        company, floor = a.event(a.competition(plant)), a.event(a.competition(shop))
        services.link_parent(floor, parent=company, quota=3, reserves=0, by=BY, at=NOON)
        with pytest.raises(RuleBroken, match="not of a higher tier"):
            services.link_parent(company, parent=floor, quota=3, reserves=0, by=BY, at=NOON)


def test_what_people_entered_for_cannot_change(app: Flask) -> None:
    with transaction():
        event = a.open_event()
        with pytest.raises(RuleBroken, match="only the names can change"):
            services.change_event(
                event,
                name=event.name,
                name_en="",
                occupation=event.occupation,
                group=Group.STUDENT,
                team_size=1,
                version=event.version,
                by=BY,
                at=NOON,
            )


def test_lists_show_visitors_what_is_public_and_people_what_they_work_on(app: Flask) -> None:
    with transaction():
        hidden = a.competition(name="未公开竞赛")
        a.event(hidden)
        shown = a.competition(name="公开竞赛")
        a.open_event(shown)
    organiser = Actor(
        None, "王", (Grant(Role.ORGANISER, ScopeKind.ORGANISATION, hidden.host_id, hidden.host.path),)
    )
    assert queries.public_competitions() == ([shown], 1)
    assert queries.competitions_page(organiser) == ([hidden], 1)
    assert queries.competitions_page(NOBODY) == ([], 0)


def test_lists_are_narrowed_by_words_tier_edition_and_state(app: Flask) -> None:
    with transaction():
        city = a.competition(organisations.city(), tier=Tier.CITY, name="兰州100%竞赛", edition=7)
        a.open_event(city)
        a.open_event()
    for wanted in (
        queries.Wanted(text="100%"),
        queries.Wanted(tier=Tier.CITY),
        queries.Wanted(edition=7),
        queries.Wanted(text=city.code.lower(), state=EventState.REGISTRATION),
    ):
        assert queries.public_competitions(wanted) == ([city], 1)
    assert queries.public_competitions(queries.Wanted(state=EventState.SCORING)) == ([], 0)


def test_an_event_role_reaches_its_competition_in_the_list_and_no_other_event(app: Flask) -> None:
    with transaction():
        of = a.competition()
        mine, other = a.event(of, code="A"), a.event(of, code="B")
    chief = Actor(None, "赵", (Grant(Role.CHIEF_JUDGE, ScopeKind.EVENT, mine.id),))
    assert queries.competitions_page(chief)[0] == [of]
    assert queries.visible_events(chief, of) == [mine]
    with pytest.raises(NotFound):
        queries.event_for(chief, other.id, Permission.COMPETITIONS_COMPETITION_READ)


@pytest.mark.parametrize("starter", queries.starters(), ids=lambda each: each.name)
def test_every_starter_is_sound_and_has_both_titles(starter: queries.Starter) -> None:
    assert queries.rule_set_problems(starter.document) == ()
    assert starter.title.zh != starter.title.en


def test_the_starters_show_every_way_of_marking() -> None:
    rule_sets = [ruleset.parse(each.document) for each in queries.starters()]
    methods = {type(aspect.method).__name__ for each in rule_sets for aspect in each.aspects}
    every = {"Binary", "Value", "Tolerance", "Count", "Judgement", "Panel", "Deduction", "Time"}
    assert methods == every


def test_sheets_are_made_per_module_and_for_the_stage_beside_them() -> None:
    welding = ruleset.parse(queries.starter("welding"))
    modules = queries.modules_of(welding)
    assert [module.id for module in modules] == ["theory", "A", "B", "C", "S"]
    assert [aspect.id for module in modules for aspect in queries.aspects_of(module)] == [
        aspect.id for aspect in welding.aspects
    ]
    plain = replace(welding.scheme.children[0], role=None)
    assert queries.modules_of(replace(welding, scheme=plain)) == (plain,)


def test_an_aspect_beside_modules_is_on_no_sheet_and_is_refused() -> None:
    document = a.rule_set()
    stray = {
        "kind": "aspect",
        "id": "stray",
        "title": {"zh": "散"},
        "type": "deduction",
    }
    scheme = {**document["scheme"], "children": [*document["scheme"]["children"], stray]}
    problems = queries.rule_set_problems({**document, "scheme": scheme})
    assert [str(problem.sentence) for problem in problems] == [
        "“stray” stands beside modules and would be on no sheet. Put it into a module."
    ]
