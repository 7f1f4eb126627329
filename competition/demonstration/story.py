"""The story: 200 welders of four enterprises, from workshop drills to the national final; and pairs of electricians.

Built in one transaction, so that a demonstration is there whole or not at all; certificates and promotions follow
in transactions of their own, and every step looks first at what is already there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from competition.accounts.services import grant_role, open_account, system_actor
from competition.boards.services import switch_board
from competition.competitions.models import Competition, CompetitionClass, Event, Group, Tier
from competition.competitions.queries import competition_by_code, starter
from competition.competitions.services import move_event, open_competition, open_event
from competition.demonstration.cast import PASSWORD, Cast, gather
from competition.demonstration.chance import number, pick, seed_for
from competition.demonstration.contest import Held, hold
from competition.demonstration.marks import ability
from competition.demonstration.people import someone
from competition.demonstration.protocol import IN_NOTICE, RECHECKED, appeal, close_window, dismiss
from competition.demonstration.questions import QUESTIONS
from competition.drills.models import Drill
from competition.drills.services import (
    add_question,
    close_drill,
    open_drill,
    release_drill,
    start_attempt,
    submit_attempt,
)
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.services import open_organisation
from competition.registration.models import EntrantState, EntrySource
from competition.registration.queries import entrants_of
from competition.registration.services import enter, open_delegation
from competition.rules.access import Role, ScopeKind
from competition.rules.appeals import Ground
from competition.rules.identity import IdType, credit_check_character
from competition.rules.lifecycle import Move
from competition.workers.models import Occupation, Worker
from competition.workers.queries import occupation_by_code
from competition.workers.services import give_account, load_starter_occupations, register_worker

FINAL_CODE = "CN-2026"
PRIZES: dict[str, Any] = {
    "model": "counts",
    "ties": "all",
    "awards": [
        {"id": "first", "title": {"zh": "一等奖", "en": "First prize"}, "count": 1},
        {"id": "second", "title": {"zh": "二等奖", "en": "Second prize"}, "count": 2},
        {"id": "third", "title": {"zh": "三等奖", "en": "Third prize"}, "count": 3},
    ],
}
"""Fields as small as these get prizes by number; percentages would leave the first prize empty."""

TEAMS: dict[str, Any] = {
    "teams": {
        "title": {"zh": "代表队团体总分", "en": "Delegation totals"},
        "by": "delegation",
        "value": {"points_by_place": [8, 6, 5, 4, 3, 2]},
        "ranking": [{"by": "value"}, {"by": "places"}],
        "awards": {
            "model": "counts",
            "awards": [
                {"id": "first", "title": {"zh": "团体一等奖", "en": "First team prize"}, "count": 1},
                {"id": "second", "title": {"zh": "团体二等奖", "en": "Second team prize"}, "count": 2},
            ],
        },
    }
}
"""The welders of a delegation earn points for it by their places; the first three delegations are awarded."""

LIVE = {"publication": {"live": "board"}, **TEAMS}
"""The final lets visitors follow the confirmed sheets, by code."""

Say = Callable[[str], None]

CITIES = (
    ("南京市", "Nanjing", "320100", "江海重工集团", "Jianghai Heavy Industry"),
    ("无锡市", "Wuxi", "320200", "太湖船舶制造", "Taihu Shipbuilding"),
    ("徐州市", "Xuzhou", "320300", "云龙工程机械", "Yunlong Machinery"),
    ("苏州市", "Suzhou", "320500", "姑苏压力容器", "Gusu Pressure Vessels"),
)
GUESTS = (("陕西省", "Shaanxi", "610000"), ("湖北省", "Hubei", "420000"), ("辽宁省", "Liaoning", "210000"))


@dataclass
class Places:
    """The tree of the story."""

    nation: Organisation
    province: Organisation
    enterprises: list[Organisation] = field(default_factory=list)
    workshops: dict[str, list[Organisation]] = field(default_factory=dict)
    guests: list[Organisation] = field(default_factory=list)
    association: Organisation | None = None


@dataclass
class Story:
    """What has been told so far."""

    today: date
    cast: Cast
    places: Places
    welder: Occupation
    electrician: Occupation
    workers: dict[str, list[Worker]] = field(default_factory=dict)

    def day(self, days_ago: int, hour: int = 1) -> datetime:
        """A moment on a day before today; 01:00 UTC is 09:00 in Beijing."""
        return datetime(self.today.year, self.today.month, self.today.day, hour, tzinfo=UTC) - timedelta(
            days=days_ago
        )


def is_told() -> bool:
    """Whether the demonstration is already here."""
    return competition_by_code(FINAL_CODE) is not None


def tell(*, today: date, say: Say) -> None:
    """Build the whole story up to the national final; to be called inside one transaction."""
    story = _begin(today)
    final_welding, final_pairs = _national(story)
    province = _provincial(story, final_welding, final_pairs)
    welding, pairs = province.events[1], province.events[0]
    say("200 welders take their workshop drills …")
    contests = [_enterprise(story, enterprise, welding) for enterprise in story.places.enterprises]
    judges = story.cast.judges
    for contest in contests:
        event = contest.events[0]
        say(f"{contest.name_en} …")
        hold(event, cast=story.cast, judges=judges, at=story.day(45), held=Held())
    say(f"{province.name_en} …")
    _nominate_pairs(story, province, pairs)
    hold(welding, cast=story.cast, judges=judges, at=story.day(20), held=Held())
    hold(pairs, cast=story.cast, judges=judges, at=story.day(18), held=Held())
    _appeals(story, welding, pairs)
    say(f"{final_welding.competition.name_en}: scoring in progress …")
    _guests(story, final_welding)
    hold(
        final_welding, cast=story.cast, judges=judges, at=story.day(1), held=Held(marked=0.6, published=False)
    )
    switch_board(final_welding, on=True, by=story.cast.actor("organiser"), at=story.day(1, 2))
    _give_event_roles(story, final_welding)
    _protagonists(story, final_welding)


def _begin(today: date) -> Story:
    at = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=90)
    places = _places(at)
    assert places.association is not None
    cast = gather(places.nation, places.association, at)
    load_starter_occupations(by=system_actor(), at=at)
    welder, electrician = occupation_by_code("6-18-02-04"), occupation_by_code("6-31-01-03")
    assert welder is not None and electrician is not None
    story = Story(today, cast, places, welder, electrician)
    _register(story, at)
    return story


def _places(at: datetime) -> Places:
    by = system_actor()

    def stands(kind: OrganisationKind, name: str, name_en: str, **more: object) -> Organisation:
        return open_organisation(kind=kind, name=name, name_en=name_en, by=by, at=at, **more)  # type: ignore[arg-type]

    nation = stands(
        OrganisationKind.NATION,
        "全国职工职业技能竞赛组委会",
        "National Organising Committee",
        division_code="100000",
    )
    province = stands(OrganisationKind.PROVINCE, "江苏省", "Jiangsu", division_code="320000", parent=nation)
    places = Places(nation, province)
    places.association = stands(
        OrganisationKind.ASSOCIATION, "焊接技术协会", "Welding Association", parent=nation
    )
    for serial, (city, city_en, code, name, name_en) in enumerate(CITIES):
        below = stands(OrganisationKind.CITY, city, city_en, division_code=code, parent=province)
        enterprise = stands(
            OrganisationKind.ENTERPRISE, name, name_en, credit_code=_credit_code(code, serial), parent=below
        )
        places.enterprises.append(enterprise)
        places.workshops[enterprise.name] = [
            stands(OrganisationKind.WORKSHOP, workshop, workshop_en, parent=enterprise)
            for workshop, workshop_en in (
                ("焊接一车间", "Welding shop 1"),
                ("焊接二车间", "Welding shop 2"),
                ("电气车间", "Electrical shop"),
            )
        ]
    for serial, (name, name_en, code) in enumerate(GUESTS, len(CITIES)):
        guest = stands(OrganisationKind.PROVINCE, name, name_en, division_code=code, parent=nation)
        places.guests.append(
            stands(
                OrganisationKind.ENTERPRISE,
                f"{name.rstrip('省')}重型机械",
                f"{name_en} Heavy Machinery",
                credit_code=_credit_code(code, serial),
                parent=guest,
            )
        )
    return places


def _credit_code(division: str, serial: int) -> str:
    first_17 = f"91{division}MA{serial:07}"
    return first_17 + credit_check_character(first_17)


def _register(story: Story, at: datetime) -> None:
    """Register 25 welders in each welding shop, four electricians in each electrical shop, three guests each."""
    serial = 0
    crews = [
        (
            shop,
            story.electrician if shop.name == "电气车间" else story.welder,
            4 if shop.name == "电气车间" else 25,
        )
        for shops in story.places.workshops.values()
        for shop in shops
    ] + [(guest, story.welder, 3) for guest in story.places.guests]
    for employer, occupation, count in crews:
        for _ in range(count):
            person = someone(serial)
            serial += 1
            worker = register_worker(
                name=person.name,
                id_type=IdType.RESIDENT_ID,
                id_number=person.id_number,
                phone=person.phone,
                employer=employer,
                occupation=occupation,
                grade=person.grade,
                grade_since=date(2022, 7, 1),
                in_occupation_since=person.since,
                by=system_actor(),
                at=at,
            )
            story.workers.setdefault(str(employer.id), []).append(worker)


def _national(story: Story) -> tuple[Event, Event]:
    organiser = story.cast.actor("organiser")
    at = story.day(80)
    final = open_competition(
        code=FINAL_CODE,
        name="2026年全国职工职业技能大赛决赛",
        name_en="National Skills Final 2026",
        tier=Tier.NATION,
        competition_class=CompetitionClass.FIRST,
        host=story.places.nation,
        edition=8,
        starts_on=story.today - timedelta(days=1),
        ends_on=story.today + timedelta(days=3),
        by=organiser,
        at=at,
    )
    return _open(story, final, "W", "焊接", "Welding", "welding", LIVE), _open(
        story, final, "E", "电工（双人）", "Electricians (pairs)", "pairs", team_size=2
    )


def _provincial(story: Story, welding: Event, pairs: Event) -> Competition:
    province = open_competition(
        code="JS-2026",
        name="2026年江苏省职工职业技能竞赛",
        name_en="Jiangsu Skills Competition 2026",
        tier=Tier.PROVINCE,
        competition_class=CompetitionClass.FIRST,
        host=story.places.province,
        edition=12,
        starts_on=story.today - timedelta(days=20),
        ends_on=story.today - timedelta(days=18),
        by=story.cast.actor("organiser"),
        at=story.day(78),
    )
    _open(
        story,
        province,
        "W",
        "焊接",
        "Welding",
        "welding",
        {**RECHECKED, **TEAMS},
        parent=welding,
        parent_quota=3,
        parent_reserves=2,
    )
    _open(
        story,
        province,
        "E",
        "电工（双人）",
        "Electricians (pairs)",
        "pairs",
        IN_NOTICE,
        team_size=2,
        parent=pairs,
        parent_quota=2,
        parent_reserves=1,
    )
    return province


def _enterprise(story: Story, enterprise: Organisation, parent: Event) -> Competition:
    """An enterprise's technical contest, filled by the drills of its two welding shops."""
    organiser = story.cast.actor("organiser")
    initials = "".join(word[0] for word in enterprise.name_en.split())
    contest = open_competition(
        code=f"{initials}-2026",
        name=f"{enterprise.name}技术比武",
        name_en=f"{enterprise.name_en} Technical Contest",
        tier=Tier.ENTERPRISE,
        competition_class=CompetitionClass.NONE,
        host=enterprise,
        edition=5,
        starts_on=story.today - timedelta(days=45),
        ends_on=story.today - timedelta(days=45),
        by=organiser,
        at=story.day(75),
    )
    event = _open(
        story, contest, "W", "焊接", "Welding", "workshop", parent=parent, parent_quota=2, parent_reserves=1
    )
    for shop in story.places.workshops[enterprise.name][:2]:
        drill = _drill(story, shop, event, days_ago=70)
        for worker in story.workers[str(shop.id)]:
            _attempt(story, drill, worker)
        close_drill(drill, by=organiser, at=story.day(60))
    return contest


def _open(
    story: Story,
    competition: Competition,
    code: str,
    name: str,
    name_en: str,
    rules: str,
    procedure: Mapping[str, Any] = MappingProxyType({}),
    **more: object,
) -> Event:
    """An event that takes entries; `procedure` is what its rules say of re-check, appeals and publication."""
    organiser = story.cast.actor("organiser")
    event = open_event(
        competition,
        code=code,
        name=name,
        name_en=name_en,
        occupation=story.electrician if code == "E" else story.welder,
        group=Group.WORKER,
        rule_set={**starter(rules), "awards": PRIZES, **procedure},
        by=organiser,
        at=story.day(76),
        **{"team_size": 1, **more},  # type: ignore[arg-type]
    )
    move_event(event, Move.OPEN_REGISTRATION, by=organiser, at=story.day(75))
    return event


def _drill(story: Story, shop: Organisation, event: Event | None, *, days_ago: int) -> Drill:
    organiser = story.cast.actor("organiser")
    assert shop.parent is not None
    drill = open_drill(
        organisation=shop,
        title=f"{shop.parent.name}{shop.name}焊工岗位练兵",
        opens_at=story.day(days_ago),
        closes_at=story.day(days_ago - 9),
        minutes=15,
        attempts_allowed=3,
        event=event,
        feed_quota=3 if event else 0,
        by=organiser,
        at=story.day(days_ago + 2),
    )
    for question in QUESTIONS:
        add_question(
            drill,
            kind=question.kind,
            stem=question.stem,
            options=list(question.options),
            correct=list(question.correct),
            points=Decimal(10),
            explanation=question.explanation,
            by=organiser,
            at=story.day(days_ago + 2),
        )
    release_drill(drill, by=organiser, at=story.day(days_ago + 1))
    return drill


def _attempt(story: Story, drill: Drill, worker: Worker) -> None:
    """A worker takes the drill: the better the worker, the more answers are right."""
    by = system_actor()
    at = story.day(69) + timedelta(minutes=number("start", worker.name, below=600))
    attempt = start_attempt(drill, worker, seed=seed_for("paper", worker.name), by=by, at=at)
    answers: dict[str, Sequence[int]] = {}
    for question in drill.questions:
        right = number("answer", worker.name, question.number, below=100) < ability(worker.name) * 100
        wrong = pick(
            [[i] for i in range(len(question.options)) if [i] != question.correct],
            "wrong",
            worker.name,
            question.number,
        )
        answers[str(question.id)] = list(question.correct) if right else wrong
    taken = timedelta(seconds=180 + number("seconds", worker.name, below=500))
    submit_attempt(attempt, answers=answers, by=by, at=at + taken)


def _nominate_pairs(story: Story, province: Competition, pairs: Event) -> None:
    """The leader of each city's delegation nominates two pairs."""
    for serial, enterprise in enumerate(story.places.enterprises, 1):
        city = enterprise.parent
        assert city is not None
        leader = open_account(
            username="leader" if serial == 1 else f"leader{serial}",
            name=f"{city.name[:1]}领队",
            password=PASSWORD,
            by=system_actor(),
            at=story.day(60),
            must_change=False,
        )
        story.cast.accounts[leader.username] = leader
        delegation = open_delegation(
            province, city, leader=leader, by=story.cast.actor("organiser"), at=story.day(60)
        )
        shop = story.places.workshops[enterprise.name][2]
        crew = story.workers[str(shop.id)]
        for pair in (crew[:2], crew[2:]):
            enter(
                pairs,
                workers=pair,
                source=EntrySource.NOMINATED,
                delegation=delegation,
                by=story.cast.actor(leader.username),
                at=story.day(40),
            )


def _appeals(story: Story, welding: Event, pairs: Event) -> None:
    """One appeal that was dismissed in time, so that the result is final, and one that is still open."""
    settled = appeal(
        welding,
        text="3号工位焊机在第二道焊缝时电流不稳，影响外观评分，请求核查。",
        ground=Ground.EQUIPMENT,
        cast=story.cast,
        at=story.day(20, 11) + timedelta(minutes=40),
    )
    dismiss(
        settled,
        reason="点检记录与监控录像显示设备正常，不影响评分，成绩维持不变。",
        cast=story.cast,
        at=story.day(20, 12),
    )
    close_window(welding, cast=story.cast)
    appeal(
        pairs,
        text="联调环节的计时在我队举手示意后约40秒才停止，请求按录像更正用时。",
        ground=Ground.STAFF,
        cast=story.cast,
        at=story.day(17, 2),
    )


def _guests(story: Story, final: Event) -> None:
    """Three welders each of three other provinces, nominated by the organiser."""
    for guest in story.places.guests:
        for worker in story.workers[str(guest.id)]:
            enter(
                final,
                workers=[worker],
                source=EntrySource.NOMINATED,
                by=story.cast.actor("organiser"),
                at=story.day(10),
            )


def _give_event_roles(story: Story, final: Event) -> None:
    grant_role(
        story.cast.accounts["codes"],
        role=Role.CODE_KEEPER,
        scope_kind=ScopeKind.EVENT,
        scope_id=final.id,
        place=f"{final.competition.name}·{final.name}",
        by=story.cast.actor("admin"),
        at=story.day(1),
    )


def _protagonists(story: Story, final: Event) -> None:
    """Accounts for the welder who climbed highest, and for one who has only drilled so far."""
    climbers = [
        entrant.members[0].worker
        for entrant in entrants_of(final, states=(EntrantState.APPROVED,))
        if entrant.source is EntrySource.ADVANCED
    ]
    best = max(climbers, key=lambda worker: (ability(worker.name), worker.name))
    give_account(
        best, username="worker", password=PASSWORD, by=system_actor(), at=story.day(1), must_change=False
    )
    shop = story.places.workshops[story.places.enterprises[0].name][0]
    beginner = next(w for w in reversed(story.workers[str(shop.id)]) if w.account_id is None)
    give_account(
        beginner,
        username="beginner",
        password=PASSWORD,
        by=system_actor(),
        at=story.day(1),
        must_change=False,
    )
    _drill(story, shop, None, days_ago=2)
